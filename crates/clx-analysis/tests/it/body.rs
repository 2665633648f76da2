//! `skin.eda` and `breath.respiration` against NeuroKit2 and on signals of known make.

use clx_signal::Unit;
use clx_testkit::{Tolerance, assert_close};
use serde_json::{Value, json};

use crate::bytes;
use crate::heart::{assert_drawn, codes, ecg, run};

/// Signal, rate and what NeuroKit2 found in it.
fn fixture(part: &str) -> (Vec<f32>, f64, Value) {
    let all: Value =
        serde_json::from_str(include_str!("../../../clx-eeg/tests/fixtures/body.json")).unwrap();
    let part = all[part].clone();
    let signal = part["signal"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap() as f32);
    (signal.collect(), part["rate_hz"].as_f64().unwrap(), part)
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().filter_map(Value::as_f64).collect()
}

fn in_unit(unit: &str, hz: f64, samples: Vec<f32>) -> Vec<u8> {
    bytes::bdf(&[("EDA", Unit::Other(unit.to_owned()), hz, samples)], Vec::new())
}

#[test]
fn skin_responses_are_those_of_neurokit() {
    let (signal, hz, expected) = fixture("eda");
    let output = run("skin.eda", in_unit("uS", hz, signal), &json!({})).unwrap();
    let peaks = numbers(&expected["SCR_Peaks"]);
    let rows = output["responses"].as_array().unwrap();
    assert_eq!(rows.len(), peaks.len());
    for (i, row) in rows.iter().enumerate() {
        let figure = |name: &str| row[name].as_f64().unwrap();
        assert_close(figure("peak_s"), peaks[i] / hz, Tolerance::Absolute(1e-9));
        let amplitude = expected["SCR_Amplitude"][i].as_f64().unwrap();
        assert_close(figure("amplitude_us"), amplitude, Tolerance::Absolute(1e-4));
        let rise = expected["SCR_RiseTime"][i].as_f64().unwrap();
        assert_close(figure("rise_s"), rise, Tolerance::Absolute(1.5 / hz));
    }
    // Eight in 80 s.
    assert_close(output["responses_per_min"].as_f64().unwrap(), 6.0, Tolerance::Absolute(1e-9));
    assert_drawn("skin.eda", &output, &["conductance"]);
}

#[test]
fn conductance_is_the_same_in_every_unit_and_unknown_units_are_asked_about() {
    let (signal, hz, _) = fixture("eda");
    let level = |file: Vec<u8>, params: Value| {
        let output = run("skin.eda", file, &params).unwrap();
        (output["tonic_level_us"].as_f64().unwrap(), output["n_responses"].as_u64().unwrap())
    };
    let (expected, n) = level(in_unit("uS", hz, signal.clone()), json!({}));
    let resistance: Vec<f32> = signal.iter().map(|us| 1000.0 / us).collect();
    let (of_resistance, n_of_resistance) = level(in_unit("kOhm", hz, resistance), json!({}));
    assert_close(of_resistance, expected, Tolerance::Relative(1e-3));
    assert_eq!(n_of_resistance, n);
    let refused = run("skin.eda", in_unit("", hz, signal.clone()), &json!({})).unwrap_err();
    assert!(refused.to_string().contains("us_per_unit"), "{refused}");
    let (doubled, _) = level(in_unit("", hz, signal), json!({"us_per_unit": 2.0}));
    assert_close(doubled, 2.0 * expected, Tolerance::Relative(1e-5));
}

#[test]
fn flat_skin_has_no_response() {
    let output = run("skin.eda", in_unit("uS", 50.0, vec![2.0; 6000]), &json!({})).unwrap();
    assert_eq!((&output["n_responses"], &output["mean_rise_s"]), (&json!(0), &Value::Null));
    assert_close(output["tonic_level_us"].as_f64().unwrap(), 2.0, Tolerance::Absolute(1e-5));
    for params in [
        json!({"min_prominence_share": 2.0}),
        json!({"min_amplitude_us": -1.0}),
        json!({"us_per_unit": 0.0}),
    ] {
        let refused = run("skin.eda", in_unit("uS", 50.0, vec![2.0; 6000]), &params);
        assert!(refused.is_err(), "{params}");
    }
}

#[test]
fn breaths_are_those_of_neurokit() {
    let (signal, hz, expected) = fixture("breathing");
    let channel = ("Resp chest", Unit::Other(String::new()), hz, signal);
    let output = run("breath.respiration", bytes::bdf(&[channel], Vec::new()), &json!({})).unwrap();
    let rows = output["breaths"].as_array().unwrap();
    let (peaks, troughs) = (numbers(&expected["peaks"]), numbers(&expected["troughs"]));
    assert_eq!(rows.len(), peaks.len());
    for (i, row) in rows.iter().enumerate() {
        let at = |name: &str| row[name].as_f64().unwrap() * hz;
        assert_close(at("peak_s"), peaks[i], Tolerance::Absolute(1e-6));
        assert_close(at("onset_s"), troughs[i], Tolerance::Absolute(1e-6));
    }
    // Simulated at 14 a minute.
    let rate = output["mean_rate_per_min"].as_f64().unwrap();
    assert_close(rate, 14.0, Tolerance::Absolute(0.5));
    assert_eq!((&output["sinus_arrhythmia"], &output["ecg_channel"]), (&Value::Null, &Value::Null));
    assert_drawn("breath.respiration", &output, &["rate", "signal"]);
}

#[test]
fn a_heart_that_follows_the_breath_shows_by_how_much() {
    let breath = |t: f64| (std::f64::consts::TAU * t / 5.0).sin();
    let belt: Vec<f32> = (0..12_000).map(|i| breath(f64::from(i) / 100.0) as f32).collect();
    // Intervals swing by 50 ms either way, shortest while inhaling.
    let (mut t, mut beats) = (0.5, Vec::new());
    while t < 119.5 {
        beats.push(t);
        t += 0.8 - 0.05 * (std::f64::consts::TAU * t / 5.0).cos();
    }
    let file = |turned: f32| {
        let belt = belt.iter().map(|v| turned * v).collect();
        let channels = [
            ("Thorax", Unit::Other(String::new()), 100.0, belt),
            ("ECG", Unit::Volt, 500.0, ecg(&beats, 500.0, 120.0)),
        ];
        bytes::bdf(&channels, Vec::new())
    };
    let output = run("breath.respiration", file(1.0), &json!({})).unwrap();
    assert_close(output["mean_rate_per_min"].as_f64().unwrap(), 12.0, Tolerance::Absolute(0.05));
    let swing = output["sinus_arrhythmia"]["mean_ms"].as_f64().unwrap();
    assert!((70.0..=115.0).contains(&swing), "{swing}");
    assert_eq!(output["ecg_channel"], "ECG");
    let turned = run("breath.respiration", file(-1.0), &json!({"inverted": true})).unwrap();
    assert_eq!(turned["breaths"], output["breaths"]);
    let without = run("breath.respiration", file(1.0), &json!({"use_ecg": false})).unwrap();
    assert_eq!(without["sinus_arrhythmia"], Value::Null);
}

#[test]
fn a_still_belt_has_no_breath_and_a_finding() {
    let channel = ("Resp", Unit::Other(String::new()), 25.0, vec![0.0; 1500]);
    let file = bytes::bdf(&[channel], Vec::new());
    let output = run("breath.respiration", file, &json!({})).unwrap();
    assert_eq!((&output["n_breaths"], &output["mean_rate_per_min"]), (&json!(0), &Value::Null));
    assert!(codes(&output).contains(&"breath.none"));
    assert_drawn("breath.respiration", &output, &[]);
}
