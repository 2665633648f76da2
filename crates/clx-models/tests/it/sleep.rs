//! YASA's boosters, and a small one of the same make, against LightGBM.

use clx_models::{ModelError, STAGES, SleepStager};
use serde::Deserialize;
use std::collections::HashMap;

use crate::model_bytes;

#[derive(Deserialize)]
struct Case {
    features: Vec<Vec<Option<f32>>>,
    probabilities: Vec<[f64; 5]>,
    classes: Vec<String>,
}

/// The largest difference from LightGBM's probabilities.
fn check(name: &str, bytes: &[u8]) -> f64 {
    let cases: HashMap<String, Case> =
        serde_json::from_str(include_str!("../fixtures/sleep.json")).unwrap();
    let case = &cases[name];
    assert_eq!(case.classes, STAGES);
    let stager = SleepStager::load(bytes).unwrap();
    let mut worst: f64 = 0.0;
    for (row, expected) in case.features.iter().zip(&case.probabilities) {
        let row: Vec<f32> = row.iter().map(|v| v.unwrap_or(f32::NAN)).collect();
        let got = stager.predict(&row).unwrap();
        for (got, expected) in got.iter().zip(expected) {
            worst = worst.max((got - expected).abs());
        }
    }
    assert!(worst < 1e-12, "{name} {worst:e}");
    worst
}

#[test]
fn a_small_booster_answers_as_lightgbm_does() {
    let worst = check("small", include_bytes!("../fixtures/small.joblib"));
    println!("largest difference {worst:e}");
}

#[test]
fn the_boosters_of_yasa_answer_as_lightgbm_does() {
    for name in ["sleep_eeg", "sleep_eeg_eog_emg_demo"] {
        let Some(bytes) = model_bytes(name) else { return };
        println!("{name}: largest difference {:e}", check(name, &bytes));
    }
}

#[test]
fn features_of_yasa_are_named() {
    let Some(bytes) = model_bytes("sleep_eeg_eog_emg_demo") else { return };
    let stager = SleepStager::load(&bytes).unwrap();
    assert_eq!(stager.feature_names().len(), 151);
    assert_eq!(stager.feature_names()[0], "eeg_abspow");
    let wrong = stager.predict(&[0.0; 150]);
    assert!(matches!(wrong, Err(ModelError::Size { expected: 151, got: 150, .. })));
}

#[test]
fn cut_and_changed_files_are_errors_and_no_panic() {
    let bytes = include_bytes!("../fixtures/small.joblib");
    for len in 0..bytes.len() - 8 {
        assert!(SleepStager::load(&bytes[..len]).is_err() || len > bytes.len() / 2);
    }
    for at in 0..bytes.len() {
        let mut changed = bytes.to_vec();
        changed[at] ^= 0x10;
        drop(SleepStager::load(&changed));
    }
    assert!(SleepStager::load(b"").is_err());
}
