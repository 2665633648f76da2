//! Staging features against YASA 0.8.1 (`fixtures/staging.py`), and what becomes of them.

use clx_eeg::EegError;
use clx_eeg::sleep::{SleepMetadata, SleepSignals, Stage, stage_features, stage_night};
use clx_signal::{SampleRate, SignalError};
use serde_json::Value;

use crate::night;

fn fixture() -> Value {
    serde_json::from_str(include_str!("../fixtures/staging.json")).unwrap()
}

#[test]
fn features_equal_yasa() {
    let (eeg, eog, emg) = (night::eeg(), night::eog(), night::emg());
    let signals = SleepSignals { rate: night::rate(), eeg: &eeg, eog: Some(&eog), emg: Some(&emg) };
    let metadata = SleepMetadata { age_years: 41, male: true };
    let (table, findings) = stage_features(&signals, Some(metadata)).unwrap();
    let fixture = fixture();
    assert!(findings.is_empty());
    assert_eq!(serde_json::to_value(&table.names).unwrap(), fixture["names"]);
    let rows = fixture["values"].as_array().unwrap();
    assert_eq!(table.n_epochs, rows.len());
    let mut worst = (0.0, String::new());
    let mut crossings: f64 = 0.0;
    for (epoch, row) in rows.iter().enumerate() {
        for ((name, &got), expected) in
            table.names.iter().zip(table.epoch(epoch)).zip(row.as_array().unwrap())
        {
            let expected = expected.as_f64().unwrap();
            // Scaled features pass through zero, so 1 (their spread over the night) is the least scale.
            // Skewness and excess kurtosis of noise pass through zero too: their scale is their
            // standard error over the 3000 samples of an epoch, sqrt(6/n) and sqrt(24/n).
            let least = match name {
                _ if name.ends_with("_norm") => 1.0,
                _ if name.contains("_kurt") => 0.089,
                _ if name.contains("_skew") => 0.045,
                _ => 0.0,
            };
            let scale = expected.abs().max(least);
            let error = (f64::from(got) - expected).abs() / scale.max(1e-3);
            if name.contains("_nzc") {
                crossings = crossings.max(error * scale);
                continue;
            }
            if error > worst.0 {
                worst = (error, format!("{name} of epoch {epoch}: {got} and {expected}"));
            }
        }
    }
    println!("largest relative difference {:.1e}, {}", worst.0, worst.1);
    assert!(worst.0 < 1e-4, "{worst:?}");
    // The reflection at either end makes the first and last filtered sample zero up to rounding,
    // so whether there is a crossing beside them is a matter of chance, in YASA too.
    assert!(crossings <= 1.0, "{crossings}");
}

#[test]
fn an_eeg_alone_has_the_columns_of_the_smallest_model() {
    let eeg = night::eeg();
    let signals = SleepSignals { rate: night::rate(), eeg: &eeg, eog: None, emg: None };
    let (table, _) = stage_features(&signals, None).unwrap();
    assert_eq!(serde_json::to_value(&table.names).unwrap(), fixture()["names_eeg"]);
}

#[test]
fn another_rate_gives_nearly_the_same_features() {
    let eeg = night::eeg();
    let up = clx_signal::resample::resample_poly(&eeg, 5, 2).unwrap();
    let features = |eeg: &[f32], hz: f64| {
        let rate = SampleRate::from_hz(hz).unwrap();
        stage_features(&SleepSignals { rate, eeg, eog: None, emg: None }, None).unwrap().0
    };
    let (at_100, at_250) = (features(&eeg, 100.0), features(&up, 250.0));
    for name in ["eeg_std", "eeg_fdelta", "eeg_sigma", "eeg_hmob"] {
        let (a, b) = (at_100.column(name).unwrap(), at_250.column(name).unwrap());
        assert!(a.iter().zip(b).all(|(a, b)| (a / b - 1.0).abs() < 0.02), "{name}");
    }
}

#[test]
fn a_model_decides_where_there_is_one() {
    let eeg = night::eeg();
    let signals = SleepSignals { rate: night::rate(), eeg: &eeg, eog: None, emg: None };
    let (table, _) = stage_features(&signals, None).unwrap();
    // Three features, last to first: a model has an order of its own.
    let names: Vec<String> = table.names.iter().rev().take(3).cloned().collect();
    let column = |i: usize| table.column(&names[i]).unwrap();
    let (last, third_last) = (column(0), column(2));
    let mut epoch = 0;
    let mut model = |row: &[f32]| -> Result<[f64; 5], EegError> {
        assert_eq!((row.len(), row[0], row[2]), (3, last[epoch], third_last[epoch]));
        epoch += 1;
        Ok([0.1, 0.6, 0.1, 0.1, 0.1])
    };
    let staging = stage_night(&signals, None, &names, &mut model).unwrap();
    let unknown = stage_night(&signals, None, &["eog_std".to_owned()], &mut |_| Ok([0.2; 5]));
    assert!(matches!(unknown, Err(EegError::Signal(SignalError::Parameter { .. }))));
    assert!(staging.epochs.iter().all(|e| e.stage == Stage::N2 && e.confidence == 0.6));
    assert_eq!(staging.epochs[0].probabilities, [0.1, 0.1, 0.6, 0.1, 0.1]);
    let codes: Vec<&str> = staging.findings.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(codes, ["sleep.nap", "sleep.channels", "sleep.channels"]);
}

#[test]
fn flat_channels_are_flagged_and_bad_input_is_refused() {
    let rate = night::rate();
    let flat = vec![0.0; 9000];
    let of =
        |eeg: &[f32], rate| stage_features(&SleepSignals { rate, eeg, eog: None, emg: None }, None);
    let (table, findings) = of(&flat, rate).unwrap();
    assert!(table.values.iter().all(|v| v.is_finite()));
    assert_eq!(findings[0].code, "sleep.flat");
    assert!(matches!(of(&flat[..2999], rate), Err(EegError::Signal(SignalError::TooShort { .. }))));
    assert!(of(&[f32::NAN; 3000], rate).is_err());
    assert!(of(&flat, SampleRate::from_hz(64.0).unwrap()).is_err());
    let signals = SleepSignals { rate, eeg: &flat, eog: Some(&flat[1..]), emg: None };
    assert!(stage_features(&signals, None).is_err());
}
