//! `heart.hrv` on beats of known intervals and on MIT-BIH record 100.

use clx_analysis::{AnalysisError, Context, Inputs, NoModels, Theme, Words, find};
use clx_signal::Unit;
use clx_testkit::{Tolerance, assert_close, shared_data};
use serde_json::{Value, json};

use crate::bytes;
use crate::folder::Folder;

pub(crate) fn run(id: &str, file: Vec<u8>, params: &Value) -> Result<Value, AnalysisError> {
    let folder = Folder::default();
    let cx =
        Context { progress: &|_| {}, cancelled: &|| false, artifacts: &folder, models: &NoModels };
    find(id).unwrap().run(Inputs::of(bytes::open(file).unwrap()), params, &cx)
}

/// Draws the pictures called `names` and no other.
#[track_caller]
pub(crate) fn assert_drawn(id: &str, output: &Value, names: &[&str]) {
    let analysis = find(id).unwrap();
    let drawable: Vec<&str> = analysis.plots(output).unwrap().iter().map(|p| p.name).collect();
    assert_eq!(drawable, names);
    for name in names {
        for theme in [Theme::Light, Theme::Dark] {
            let svg = analysis.plot(output, name, theme, &Words::default()).unwrap().unwrap();
            assert!(svg.starts_with("<svg") && !svg.contains("NaN"), "{name}");
        }
    }
}

pub(crate) fn codes(output: &Value) -> Vec<&str> {
    output["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect()
}

/// A QRS of 1 mV at each of `beats_s`, and a T wave after it.
pub(crate) fn ecg(beats_s: &[f64], hz: f64, duration_s: f64) -> Vec<f32> {
    let mut ecg = vec![0.0_f32; (duration_s * hz) as usize];
    let mut add = |at_s: f64, width_s: f64, volts: f64| {
        let reach = (4.0 * width_s * hz) as isize;
        let middle = (at_s * hz).round() as isize;
        for i in middle - reach..=middle + reach {
            let t = (i as f64 / hz - at_s) / width_s;
            if let Some(v) = usize::try_from(i).ok().and_then(|i| ecg.get_mut(i)) {
                *v += (volts * (-t * t / 2.0).exp()) as f32;
            }
        }
    };
    for &beat in beats_s {
        add(beat, 0.010, 1e-3);
        add(beat - 0.030, 0.010, -0.15e-3);
        add(beat + 0.030, 0.010, -0.2e-3);
        add(beat + 0.300, 0.040, 0.25e-3);
    }
    ecg
}

/// Beats whose intervals of 0.8 s swing by 40 ms at 0.25 Hz.
fn breathing_heart(duration_s: f64) -> Vec<f64> {
    let (mut t, mut beats) = (0.5, Vec::new());
    while t < duration_s - 0.5 {
        beats.push(t);
        t += 0.8 + 0.04 * (std::f64::consts::TAU * 0.25 * t).sin();
    }
    beats
}

fn recorded(name: &str, ecg: Vec<f32>, hz: f64) -> Vec<u8> {
    bytes::bdf(&[(name, Unit::Volt, hz, ecg)], Vec::new())
}

#[test]
fn a_heart_that_follows_the_breath_has_its_power_where_the_breath_is() {
    let beats = breathing_heart(360.0);
    let file = recorded("ECG", ecg(&beats, 500.0, 360.0), 500.0);
    let output = run("heart.hrv", file, &json!({})).unwrap();
    assert_eq!(output["n_beats"].as_u64(), Some(beats.len() as u64));
    // The method calls a few turning points of such a regular swing ectopic.
    assert!(output["artefact_share"].as_f64().unwrap() < 0.05, "{}", output["artefact_share"]);
    let figure = |pointer: &str| output.pointer(pointer).unwrap().as_f64().unwrap();
    assert_close(figure("/time/mean_rate_bpm"), 75.0, Tolerance::Absolute(0.2));
    // A sine of 40 ms: deviation 40 / sqrt 2, power 800 ms².
    assert_close(figure("/time/sdnn_ms"), 28.3, Tolerance::Absolute(0.5));
    assert_close(figure("/frequency/hf_ms2"), 800.0, Tolerance::Relative(0.1));
    assert_close(figure("/frequency/hf_peak_hz"), 0.25, Tolerance::Absolute(0.01));
    assert!(output["absent"].as_array().unwrap().iter().any(|a| a["name"] == "ulf_ms2"));
    assert_eq!(output["windows"].as_array().unwrap().len(), 6);
    assert_drawn("heart.hrv", &output, &["rr", "spectrum"]);
}

#[test]
fn a_missed_beat_is_counted_listed_and_put_in() {
    let mut beats = breathing_heart(180.0);
    let missed_s = beats.remove(100);
    let after_s = beats[100];
    let file = || recorded("ECG", ecg(&beats, 250.0, 180.0), 250.0);
    let output = run("heart.hrv", file(), &json!({})).unwrap();
    assert_eq!((&output["n_missed"], &output["corrected"]), (&json!(1), &json!(true)));
    assert_eq!(output["n_beats"].as_u64(), Some(beats.len() as u64 + 1));
    let listed = &output["artefacts"][0];
    assert_eq!(listed["kind"], "missed");
    assert_close(listed["at_s"].as_f64().unwrap(), after_s, Tolerance::Absolute(0.01));
    let put_in = output["beats_s"].as_array().unwrap().iter().filter_map(Value::as_f64);
    assert!(put_in.into_iter().any(|t| (t - missed_s).abs() < 0.06));
    let raw = run("heart.hrv", file(), &json!({"correct": false})).unwrap();
    let sdnn = |o: &Value| o["time"]["sdnn_ms"].as_f64().unwrap();
    assert!(sdnn(&raw) > 1.5 * sdnn(&output), "{} {}", sdnn(&raw), sdnn(&output));
}

#[test]
fn an_inverted_lead_is_turned_and_said_so() {
    let beats = breathing_heart(60.0);
    let turned = ecg(&beats, 250.0, 60.0).iter().map(|v| -v).collect();
    let output = run("heart.hrv", recorded("ECG", turned, 250.0), &json!({})).unwrap();
    assert_eq!(output["n_beats"].as_u64(), Some(beats.len() as u64));
    assert!(codes(&output).contains(&"ecg.turned"), "{:?}", codes(&output));
}

#[test]
fn a_pulse_has_a_rate_too() {
    let hz = 100.0;
    // 66 pulses a minute.
    let pulse = |i: usize| {
        let phase = (i as f64 / hz * 1.1).fract();
        ((-((phase - 0.2) / 0.08).powi(2)).exp() + 0.3 * (-((phase - 0.5) / 0.1).powi(2)).exp())
            as f32
    };
    let channel = ("Pleth", Unit::Other(String::new()), hz, (0..12_000).map(pulse).collect());
    let file = bytes::bdf(&[channel], Vec::new());
    let output = run("heart.hrv", file, &json!({"source": "ppg"})).unwrap();
    let rate = output["time"]["mean_rate_bpm"].as_f64().unwrap();
    assert_close(rate, 66.0, Tolerance::Absolute(0.2));
}

#[test]
fn without_a_heart_there_is_advice_or_a_finding_and_no_figure() {
    let noise =
        clx_signal::synth::white(clx_signal::SampleRate::from_hz(250.0).unwrap(), 1e-6, 30.0, 3);
    let refused = run("heart.hrv", bytes::edf(&[("Cz", noise)]), &json!({})).unwrap_err();
    assert!(refused.to_string().contains("name one in `channel`"), "{refused}");
    let flat = || recorded("ECG", vec![1e-4; 7500], 250.0);
    let output = run("heart.hrv", flat(), &json!({})).unwrap();
    assert_eq!((&output["n_beats"], &output["time"]), (&json!(0), &Value::Null));
    assert!(codes(&output).contains(&"heart.no_beats"));
    assert_drawn("heart.hrv", &output, &[]);
    for params in [json!({"window_s": 1.0}), json!({"line_hz": 0.0}), json!({"tmin_s": 99.0})] {
        assert!(run("heart.hrv", flat(), &params).is_err(), "{params}");
    }
}

#[test]
fn record_100_has_the_figures_of_neurokit() {
    let Some(path) = shared_data("eeg/wfdb/100.dat") else { return };
    // Format 212, the first of two leads, 200 units per millivolt around 1024.
    let raw = |b: &[u8]| u16::from(b[0]) | (u16::from(b[1]) & 0x0f) << 8;
    let volts = |b: &[u8]| (f64::from((raw(b) as i16) << 4 >> 4) - 1024.0) / 200.0 * 1e-3;
    let lead = std::fs::read(path).unwrap().chunks_exact(3).map(|b| volts(b) as f32).collect();
    let file = recorded("MLII", lead, 360.0);
    // The last record of the file is filled up beyond the 650 000 samples.
    let params = json!({"correct": false, "tmax_s": 650_000.0 / 360.0});
    let output = run("heart.hrv", file, &params).unwrap();
    let fixture: Value =
        serde_json::from_str(include_str!("../../../clx-eeg/tests/fixtures/heart.json")).unwrap();
    assert_eq!(output["n_beats"], 2270);
    for (pointer, name, relative) in [
        ("/time/sdnn_ms", "HRV_SDNN", 1e-9),
        ("/time/rmssd_ms", "HRV_RMSSD", 1e-9),
        ("/frequency/lf_hf", "HRV_LFHF", 1e-3),
        ("/nonlinear/sample_entropy", "HRV_SampEn", 1e-6),
    ] {
        let got = output.pointer(pointer).unwrap().as_f64().unwrap();
        let expected = fixture["hrv"][name].as_f64().unwrap();
        assert_close(got, expected, Tolerance::Relative(relative));
    }
    // The record has 33 atrial premature beats and one ventricular one among its annotations.
    let ectopic = output["n_ectopic"].as_u64().unwrap();
    assert!((25..=60).contains(&ectopic), "{ectopic}");
    assert_drawn("heart.hrv", &output, &["rr", "spectrum"]);
}
