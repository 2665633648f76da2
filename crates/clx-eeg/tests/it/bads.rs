//! Bad channels against pyprep on a recording with three spoiled channels (`fixtures/bads.py`).

use clx_eeg::bads::{BadChannelParams, BadReason, RansacParams, find_bad_channels};
use clx_signal::rng::SplitMix64;
use clx_signal::{SampleRate, synth};
use clx_testkit::shared_data;
use serde_json::Value;

fn noise(n: usize, seed: u64) -> Vec<f32> {
    let mut rng = SplitMix64::new(seed);
    (0..n).map(|_| (rng.next_f64() - 0.5) as f32).collect()
}

/// EEGLAB's sample, 32 channels of microvolts, one amplified, one with fast noise, one in the wrong
/// place.
fn spoiled() -> Option<Vec<Vec<f32>>> {
    let bytes = std::fs::read(shared_data("eeg/eeglab/eeglab_data.fdt")?).unwrap();
    let values: Vec<f32> =
        bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b) * 1e-6).collect();
    let mut data: Vec<Vec<f32>> =
        (0..32).map(|c| values.iter().skip(c).step_by(32).copied().collect()).collect();
    let n = data[0].len();
    data[4].iter_mut().for_each(|v| *v *= 12.0);
    for (t, (v, e)) in data[12].iter_mut().zip(noise(n, 2)).enumerate() {
        *v += 4e-4 * e * if t % 2 == 0 { 1.0 } else { -1.0 };
    }
    data[21] = data[0].iter().zip(noise(n, 3)).map(|(v, e)| v + 1e-6 * e).collect();
    Some(data)
}

#[test]
fn verdicts_equal_pyprep() {
    let case: Value = serde_json::from_str(include_str!("../fixtures/bads.json")).unwrap();
    let Some(data) = spoiled() else { return };
    let positions: Vec<[f64; 3]> = serde_json::from_value(case["positions"].clone()).unwrap();
    let rate = SampleRate::from_hz(128.0).unwrap();
    let params = BadChannelParams::default();
    let found = find_bad_channels(&data, rate, Some(&positions), &params).unwrap();
    let names: Vec<String> = serde_json::from_value(case["names"].clone()).unwrap();
    for (reason, key) in [
        (BadReason::NotFinite, "not_finite"),
        (BadReason::Flat, "flat"),
        (BadReason::Deviation, "deviation"),
        (BadReason::HighFrequencyNoise, "high_frequency_noise"),
        (BadReason::LowCorrelation, "low_correlation"),
        (BadReason::Dropout, "dropout"),
        (BadReason::Ransac, "ransac"),
    ] {
        let ours: Vec<&str> = (0..32)
            .filter(|&i| found.channels[i].reasons.contains(&reason))
            .map(|i| names[i].as_str())
            .collect();
        let theirs: Vec<&str> =
            case["bad_by"][key].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
        assert_eq!(ours, theirs, "{key}");
    }
    assert_eq!(found.bads(), [4, 12, 21]);
    assert!(found.findings.is_empty());
    for (i, verdict) in found.channels.iter().enumerate() {
        let close = |ours: Option<f64>, key: &str, allowed: f64| {
            let (ours, theirs) = (ours.unwrap(), case[key][i].as_f64().unwrap());
            assert!((ours - theirs).abs() <= allowed, "{key} {i}: {ours} {theirs}");
        };
        close(verdict.deviation_z, "deviation_z", 1e-6);
        close(verdict.noise_z, "noise_z", 1e-6);
        close(verdict.low_correlation_share, "low_correlation_share", 1e-12);
        close(verdict.dropout_share, "dropout_share", 1e-12);
        if verdict.ransac_share.is_some() {
            // Other random subsets than pyprep's.
            close(verdict.ransac_share, "ransac_share", 0.15);
        }
    }
}

#[test]
fn same_seed_gives_the_same_verdicts() {
    let rate = SampleRate::from_hz(128.0).unwrap();
    let names = [
        "Fp1", "Fp2", "F3", "F4", "C3", "C4", "P3", "P4", "O1", "O2", "F7", "F8", "T7", "T8", "P7",
        "P8",
    ];
    let positions = names.map(|n| clx_eeg::site::direction(n).unwrap());
    let common = synth::pink(rate, 1e-11, 1.0, 30.0, 9);
    let data: Vec<Vec<f32>> = (0..16)
        .map(|i| {
            let own = synth::pink(rate, 4e-13, 1.0, 30.0, 100 + i);
            common.iter().zip(own).map(|(a, b)| a + b).collect()
        })
        .collect();
    let params = BadChannelParams {
        ransac: Some(RansacParams { seed: 5, ..RansacParams::default() }),
        ..BadChannelParams::default()
    };
    let found = || find_bad_channels(&data, rate, Some(&positions), &params).unwrap();
    assert_eq!(found(), found());
    assert!(found().channels.iter().all(|c| c.ransac_share.is_some()));
}

#[test]
fn silence_nan_and_short_data_are_named_not_measured() {
    let rate = SampleRate::from_hz(250.0).unwrap();
    let mut data: Vec<Vec<f32>> = (0..6).map(|i| synth::pink(rate, 1e-11, 1.0, 10.0, i)).collect();
    data[1].fill(0.0);
    data[2].fill(4e-3);
    data[3][7] = f32::NAN;
    // Flat for two seconds of ten.
    data[4][500..1000].fill(1e-5);
    let params = BadChannelParams { highpass_hz: None, ..BadChannelParams::default() };
    let found = find_bad_channels(&data, rate, None, &params).unwrap();
    assert_eq!(found.channels[1].reasons, [BadReason::Flat]);
    assert_eq!(found.channels[2].reasons, [BadReason::Flat]);
    assert_eq!(found.channels[3].reasons, [BadReason::NotFinite]);
    assert!(found.channels[4].dropout_share.unwrap() > 0.05);
    assert!(found.channels[1].deviation_z.is_none());
    assert_eq!(found.findings[0].code, "bads.ransac_skipped");
    let json = serde_json::to_string(&found).unwrap();
    assert!(!json.contains("NaN"));
    let all_flat = vec![vec![0.0; 2500]; 4];
    let found = find_bad_channels(&all_flat, rate, None, &params).unwrap();
    assert_eq!(found.bads(), [0, 1, 2, 3]);
    assert!(find_bad_channels(&[vec![0.0]], rate, None, &params).is_err());
    assert!(find_bad_channels(&[vec![0.0; 900], vec![0.0]], rate, None, &params).is_err());
    let wrong = BadChannelParams { bad_window_share: 2.0, ..params };
    assert!(find_bad_channels(&data, rate, None, &wrong).is_err());
}
