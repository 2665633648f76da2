//! The channels of EEGLAB's sample recording, as `fixtures/ica.py` prepares them.

use clx_signal::SampleRate;
use clx_signal::fir::{Edge, OverlapSave, design_bandpass};
use clx_testkit::shared_data;

const N_CHANNELS: usize = 32;
/// EOG1 and EOG2.
const EYES: [usize; 2] = [1, 5];

pub(crate) fn eeglab_rate() -> SampleRate {
    SampleRate::from_hz(128.0).unwrap()
}

/// The 30 EEG channels in volts, high-passed at 1 Hz and average-referenced; `None` where the
/// recording is absent.
pub(crate) fn eeglab_channels() -> Option<Vec<Vec<f32>>> {
    let bytes = std::fs::read(shared_data("eeg/eeglab/eeglab_data.fdt")?).unwrap();
    let value = |b: &[u8]| f32::from_le_bytes(b.try_into().unwrap()) * 1e-6;
    let all: Vec<f32> = bytes.chunks_exact(4).map(value).collect();
    let fir = design_bandpass(eeglab_rate(), Some(1.0), None).unwrap();
    let mut filter = OverlapSave::new(&fir, N_CHANNELS, Edge::Reflect);
    let mut channels = Vec::new();
    for i in (0..N_CHANNELS).filter(|i| !EYES.contains(i)) {
        let channel: Vec<f32> = all.iter().skip(i).step_by(N_CHANNELS).copied().collect();
        let mut filtered = Vec::new();
        filter.push(i, &channel, &mut filtered);
        filter.finish(i, &mut filtered);
        channels.push(filtered);
    }
    let n = channels.len() as f64;
    for t in 0..channels[0].len() {
        let mean = channels.iter().map(|c| f64::from(c[t])).sum::<f64>() / n;
        channels.iter_mut().for_each(|c| c[t] = (f64::from(c[t]) - mean) as f32);
    }
    Some(channels)
}
