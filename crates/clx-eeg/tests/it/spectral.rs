//! IRASA and event-related power against YASA 0.8.1 and MNE 1.13.2;
//! see `fixtures/spectral.py`.

use clx_eeg::ersp::{BaselineMode, ErspParams, ersp};
use clx_eeg::irasa::{IrasaParams, irasa};
use clx_signal::rng::SplitMix64;
use clx_signal::{Epochs, SampleRate, synth};
use serde_json::Value;

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn noise(n: usize, seed: u64) -> Vec<f32> {
    let mut rng = SplitMix64::new(seed);
    (0..n).map(|_| (rng.next_f64() - 0.5) as f32).collect()
}

#[track_caller]
fn assert_agree(got: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let relative = |(a, b): (&f64, &f64)| (a - b).abs() / b.abs().max(1e-3);
    let worst = got.iter().zip(expected).map(relative).fold(0.0, f64::max);
    assert!(worst <= tolerance, "{what}: differs by {worst}");
}

#[test]
fn irasa_equals_yasa() {
    let case: Value = serde_json::from_str(include_str!("../fixtures/irasa.json")).unwrap();
    let x: Vec<f32> = numbers(&case["samples"]).iter().map(|v| *v as f32).collect();
    let rate = SampleRate::from_hz(case["rate_hz"].as_f64().unwrap()).unwrap();
    let got = irasa(&x, rate, IrasaParams::default()).unwrap().unwrap();
    assert_agree(&got.freqs_hz, &numbers(&case["freqs"]), 1e-12, "frequencies");
    assert_agree(&got.aperiodic_v2_per_hz, &numbers(&case["aperiodic"]), 1e-5, "aperiodic");
    let oscillatory = numbers(&case["oscillatory"]);
    let largest = oscillatory.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    for (a, b) in got.oscillatory_v2_per_hz.iter().zip(&oscillatory) {
        assert!((a - b).abs() < 1e-5 * largest, "{a} {b}");
    }
}

#[test]
fn irasa_recovers_the_exponent_beneath_a_rhythm() {
    let rate = SampleRate::from_hz(250.0).unwrap();
    let mut x = synth::pink(rate, 1e-11, 1.3, 120.0, 2);
    x.iter_mut().zip(synth::sine(rate, 10.0, 10e-6, 120.0)).for_each(|(a, b)| *a += b);
    let got = irasa(&x, rate, IrasaParams::default()).unwrap().unwrap();
    assert!((got.exponent - 1.3).abs() < 0.08, "{}", got.exponent);
    let top = (0..got.freqs_hz.len())
        .max_by(|&a, &b| got.oscillatory_v2_per_hz[a].total_cmp(&got.oscillatory_v2_per_hz[b]))
        .unwrap();
    assert_eq!(got.freqs_hz[top], 10.0);
    assert_eq!(irasa(&[0.0; 5000], rate, IrasaParams::default()).unwrap(), None);
    assert!(irasa(&x[..1000], rate, IrasaParams::default()).is_err());
    x[5] = f32::NAN;
    assert!(irasa(&x, rate, IrasaParams::default()).is_err());
}

fn ersp_case() -> (Value, Epochs, ErspParams) {
    let case: Value = serde_json::from_str(include_str!("../fixtures/ersp.json")).unwrap();
    let count = |name: &str| case[name].as_u64().unwrap() as usize;
    let rate = SampleRate::from_hz(case["rate_hz"].as_f64().unwrap()).unwrap();
    let (n, n_epochs, tmin_s) = (count("n"), count("n_epochs"), case["tmin_s"].as_f64().unwrap());
    let epochs = Epochs::from_samples(rate, tmin_s, 1, n, noise(n * n_epochs, 4)).unwrap();
    let params = ErspParams {
        freqs_hz: numbers(&case["freqs"]),
        cycles: numbers(&case["cycles"]),
        decimation: count("step"),
        ..ErspParams::default()
    };
    (case, epochs, params)
}

#[test]
fn event_related_power_equals_mne() {
    let (case, epochs, params) = ersp_case();
    for (mode, name) in [
        (BaselineMode::None, "power"),
        (BaselineMode::LogRatio, "logratio"),
        (BaselineMode::Percent, "percent"),
        (BaselineMode::ZScore, "zscore"),
    ] {
        let got = ersp(&epochs, 0, &ErspParams { mode, ..params.clone() }).unwrap().unwrap();
        assert_agree(&got.power, &numbers(&case[name]), 1e-9, name);
        assert_agree(&got.coherence, &numbers(&case["coherence"]), 1e-9, "coherence");
        assert_eq!(got.times_s.len() * got.freqs_hz.len(), got.power.len());
    }
    let decibel = ersp(&epochs, 0, &params).unwrap().unwrap();
    let tenfold: Vec<f64> = numbers(&case["logratio"]).iter().map(|v| 10.0 * v).collect();
    assert_agree(&decibel.power, &tenfold, 1e-9, "decibel");
}

#[test]
fn silent_baseline_gives_none_and_a_missing_one_an_error() {
    let (_, mut epochs, params) = ersp_case();
    let away = ErspParams { baseline_tmin_s: -9.0, baseline_tmax_s: -8.0, ..params.clone() };
    assert!(ersp(&epochs, 0, &away).is_err());
    assert!(ersp(&epochs, 1, &params).is_err());
    assert!(ersp(&epochs, 0, &ErspParams { decimation: 0, ..params.clone() }).is_err());
    (0..epochs.len()).for_each(|e| epochs.channel_mut(e, 0).fill(0.0));
    assert_eq!(ersp(&epochs, 0, &params).unwrap(), None);
    epochs.channel_mut(0, 0)[3] = f32::NAN;
    assert!(ersp(&epochs, 0, &params).is_err());
}

#[test]
fn tapers_see_a_power_that_doubles_as_three_decibels() {
    let (rate, n) = (SampleRate::from_hz(200.0).unwrap(), 800);
    // 20 Hz; from the event, in the middle, the amplitude is √2 times that before.
    let sample = |i: usize| {
        let amplitude = if i < n / 2 { 1.0 } else { std::f64::consts::SQRT_2 };
        (amplitude * (std::f64::consts::TAU * 20.0 * i as f64 / 200.0).sin()) as f32
    };
    let epochs =
        Epochs::from_samples(rate, -2.0, 1, n, (0..2 * n).map(|i| sample(i % n)).collect());
    let params = ErspParams {
        freqs_hz: vec![20.0],
        cycles: vec![8.0],
        time_bandwidth: Some(4.0),
        baseline_tmin_s: -1.5,
        baseline_tmax_s: -0.5,
        ..ErspParams::default()
    };
    let got = ersp(&epochs.unwrap(), 0, &params).unwrap().unwrap();
    let at = |s: f64| got.power[rate.samples(s + 2.0)];
    // 2 s are 40 whole cycles: what leaks in from -20 Hz, a thousandth, is the same at both times.
    assert!((at(1.0) - at(-1.0) - 3.0103).abs() < 1e-4, "{} {}", at(1.0), at(-1.0));
    assert!(at(-1.0).abs() < 0.01);
    assert!((got.coherence[500] - 1.0).abs() < 1e-9);
    assert_eq!(got.edge_samples, [40]);
}
