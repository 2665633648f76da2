//! EEGLAB's tutorial recording with its events, as `fixtures/events.py` feeds it to the oracles.

use clx_signal::{Annotation, ChannelInfo, ChannelKind, SampleRate, Unit};
use serde_json::Value;

pub(crate) struct Tutorial {
    pub(crate) channels: Vec<ChannelInfo>,
    /// 32 channels, volts.
    pub(crate) samples: Vec<Vec<f32>>,
    pub(crate) annotations: Vec<Annotation>,
}

pub(crate) fn oracle() -> Value {
    serde_json::from_str(include_str!("../fixtures/events.json")).unwrap()
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

#[track_caller]
pub(crate) fn all_close(got: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (i, (a, b)) in got.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= tolerance, "{what} {i}: got {a}, expected {b}");
    }
}

/// `None` where the shared data are absent. The samples are float32 microvolts, channel by channel in
/// each sample.
pub(crate) fn tutorial() -> Option<Tutorial> {
    let path = clx_testkit::shared_data("eeg/eeglab/eeglab_data.fdt")?;
    let bytes = std::fs::read(path).unwrap();
    let oracle = oracle();
    let names: Vec<&str> =
        oracle["channels"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
    let mut samples = vec![Vec::new(); names.len()];
    for (i, word) in bytes.chunks_exact(4).enumerate() {
        let microvolts = f32::from_le_bytes(word.try_into().unwrap());
        samples[i % names.len()].push((f64::from(microvolts) * 1e-6) as f32);
    }
    let info = |name: &&str| ChannelInfo {
        name: (*name).to_owned(),
        label: (*name).to_owned(),
        kind: if name.starts_with("EOG") { ChannelKind::Eog } else { ChannelKind::Eeg },
        unit: Unit::Volt,
        rate: SampleRate::from_hz(128.0).unwrap(),
        n_samples: samples[0].len() as u64,
    };
    let note = |note: &Value| Annotation {
        onset_s: note[0].as_f64().unwrap(),
        duration_s: None,
        text: note[1].as_str().unwrap().to_owned(),
        channel: None,
    };
    let annotations = oracle["annotations"].as_array().unwrap().iter().map(note).collect();
    Some(Tutorial { channels: names.iter().map(info).collect(), samples, annotations })
}
