//! Skin conductance and breathing against NeuroKit2 0.2.13; see `fixtures/body.py`.

use clx_eeg::{
    EdaDivision, clean_breathing, clean_eda, divide_eda, find_breaths, find_skin_responses,
    sinus_arrhythmia,
};
use clx_signal::SampleRate;
use serde_json::Value;

fn fixture(part: &str) -> (Value, Vec<f32>, SampleRate) {
    let all: Value = serde_json::from_str(include_str!("../fixtures/body.json")).unwrap();
    let part = all[part].clone();
    let signal = part["signal"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap() as f32);
    let rate = SampleRate::from_hz(part["rate_hz"].as_f64().unwrap()).unwrap();
    (part.clone(), signal.collect(), rate)
}

/// Each given value is within `absolute` of the one expected, and absent where that is null.
#[track_caller]
fn assert_all(got: &[Option<f64>], expected: &Value, absolute: f64) {
    let expected = expected.as_array().unwrap();
    assert_eq!(got.len(), expected.len());
    for (i, (g, e)) in got.iter().zip(expected).enumerate() {
        match (g, e.as_f64()) {
            (Some(g), Some(e)) => assert!((g - e).abs() <= absolute, "{i}: {g} {e}"),
            (g, e) => assert_eq!(*g, e, "{i}"),
        }
    }
}

fn every_40th(x: &[f64]) -> Vec<Option<f64>> {
    x.iter().step_by(40).map(|&v| Some(v)).collect()
}

#[test]
fn skin_conductance_equals_neurokit() {
    let (expected, signal, rate) = fixture("eda");
    let clean = clean_eda(&signal, rate).unwrap();
    assert_all(&every_40th(&clean), &expected["clean"], 1e-8);
    let parts = divide_eda(&clean, rate, EdaDivision::Highpass).unwrap();
    assert_all(&every_40th(&parts.tonic), &expected["tonic"], 1e-7);
    assert_all(&every_40th(&parts.phasic), &expected["phasic"], 1e-7);
    let level = divide_eda(&clean, rate, EdaDivision::Median).unwrap().tonic;
    assert_all(&every_40th(&level), &expected["median"], 1e-8);
    let responses = find_skin_responses(&parts.phasic, rate, 0.1).unwrap();
    let column = |of: &dyn Fn(&clx_eeg::SkinResponse) -> Option<f64>| -> Vec<Option<f64>> {
        responses.iter().map(of).collect()
    };
    let samples = |s: f64| (s * rate.hz()).round();
    assert_all(&column(&|r| Some(samples(r.peak_s))), &expected["SCR_Peaks"], 0.0);
    assert_all(&column(&|r| r.onset_s.map(samples)), &expected["SCR_Onsets"], 0.0);
    assert_all(&column(&|r| Some(r.height)), &expected["SCR_Height"], 1e-7);
    assert_all(&column(&|r| r.amplitude), &expected["SCR_Amplitude"], 1e-7);
    assert_all(&column(&|r| r.rise_time_s), &expected["SCR_RiseTime"], 1e-9);
    assert_all(&column(&|r| r.half_recovery_s), &expected["SCR_RecoveryTime"], 1e-9);
}

#[test]
fn breaths_equal_neurokit() {
    let (expected, signal, rate) = fixture("breathing");
    let clean = clean_breathing(&signal, rate).unwrap();
    assert_all(&every_40th(&clean), &expected["clean"], 1e-8);
    let breathing = find_breaths(&clean, rate);
    let samples = |of: &dyn Fn(&clx_eeg::Breath) -> f64| -> Vec<Option<f64>> {
        breathing.breaths.iter().map(|b| Some((of(b) * rate.hz()).round())).collect()
    };
    assert_all(&samples(&|b| b.peak_s), &expected["peaks"], 0.0);
    assert_all(&samples(&|b| b.trough_s), &expected["troughs"], 0.0);
    // Simulated at 14 breaths a minute.
    assert!((breathing.mean_rate_per_min.unwrap() - 14.0).abs() < 0.5, "{breathing:?}");
}

#[test]
fn a_heart_that_follows_the_breath_shows_by_how_much() {
    let rate = SampleRate::from_hz(100.0).unwrap();
    // A breath of 5 s; intervals swing by 50 ms, shortest while inhaling.
    let breath = |t: f64| (std::f64::consts::TAU * t / 5.0).sin();
    let signal: Vec<f64> = (0..12_000).map(|i| breath(f64::from(i) / 100.0)).collect();
    let mut time_s = 0.0_f64;
    let mut beats = Vec::new();
    while time_s < 119.0 {
        beats.push((time_s * 100.0).round() as usize);
        let rising = (std::f64::consts::TAU * time_s / 5.0).cos();
        time_s += 0.8 - 0.05 * rising;
    }
    let breathing = find_breaths(&signal, rate);
    assert!((breathing.mean_rate_per_min.unwrap() - 12.0).abs() < 0.01);
    let rsa = sinus_arrhythmia(&breathing, &beats, rate).unwrap();
    // At most the whole swing, and the sampling of the swing by beats loses little of it.
    assert!((70.0..=115.0).contains(&rsa.mean_ms), "{rsa:?}");
    assert_eq!(sinus_arrhythmia(&breathing, &[], rate), None);
}

#[test]
fn silence_and_nonsense_have_no_breaths_and_no_responses() {
    let rate = SampleRate::from_hz(50.0).unwrap();
    assert!(find_breaths(&[0.0; 600], rate).breaths.is_empty());
    assert!(find_breaths(&[], rate).breaths.is_empty());
    assert!(clean_breathing(&[0.0; 10], rate).is_err());
    assert!(clean_eda(&[f32::INFINITY; 600], rate).is_err());
    assert!(divide_eda(&[1.0; 5], rate, EdaDivision::Median).is_err());
    assert!(find_skin_responses(&[1.0; 600], rate, 0.1).unwrap().is_empty());
    assert!(find_skin_responses(&[f64::NAN; 600], rate, 0.1).is_err());
}
