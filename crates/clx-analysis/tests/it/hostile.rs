//! Silence, noise, one sample, NaN, nothing: an error or findings, never a panic or a NaN.

use clx_analysis::{Analysis, Context, InputKind, Inputs, NoModels, catalogue};
use serde_json::{Value, json};

use crate::bytes;
use crate::folder::Folder;

fn run(analysis: &Analysis, bytes: Vec<u8>) -> Result<Value, String> {
    let folder = Folder::default();
    let cx =
        Context { progress: &|_| {}, cancelled: &|| false, artifacts: &folder, models: &NoModels };
    let source = bytes::open(bytes).map_err(|e| e.to_string())?;
    analysis.run(Inputs::of(source), &json!({}), &cx).map_err(|e| e.to_string())
}

fn of(kind: InputKind) -> impl Iterator<Item = &'static Analysis> {
    catalogue().iter().filter(move |a| a.input == kind)
}

/// What a client would see in place of NaN.
fn has_unexpected_null(output: &Value, path: &str) -> Option<String> {
    match output {
        Value::Array(items) => {
            // A list of figures never has holes, except where silence has no loudness.
            let holes = items.iter().any(Value::is_null) && items.iter().any(Value::is_number);
            if holes && !path.ends_with("short_term_lufs") {
                return Some(path.to_owned());
            }
            items
                .iter()
                .enumerate()
                .find_map(|(i, v)| has_unexpected_null(v, &format!("{path}/{i}")))
        }
        Value::Object(fields) => {
            fields.iter().find_map(|(name, v)| has_unexpected_null(v, &format!("{path}/{name}")))
        }
        _ => None,
    }
}

#[test]
fn silence_has_no_key_no_tempo_and_no_loudness() {
    for analysis in of(InputKind::Audio) {
        let output = run(analysis, bytes::wav(&vec![0.0; 441_000])).unwrap();
        assert_eq!(output["key"], Value::Null);
        assert_eq!(output["tempo"], Value::Null);
        assert_eq!(output["loudness"]["integrated_lufs"], Value::Null);
        assert_eq!(has_unexpected_null(&output, ""), None);
    }
}

#[test]
fn a_flat_recording_has_no_good_channel_and_no_alpha_peak() {
    for analysis in of(InputKind::Recording) {
        let flat = [("Fz", vec![0.0; 15_000]), ("Oz", vec![1e-6; 15_000])];
        // A refusal with a reason is as honest as a result without good channels.
        if let Ok(output) = run(analysis, bytes::edf(&flat)) {
            assert_eq!(output["alpha_peak"], Value::Null, "{output}");
            let channels = output["channels"].as_array().into_iter().flatten();
            assert!(channels.clone().all(|c| c["quality"]["good"] != true), "{}", analysis.id);
            assert_eq!(has_unexpected_null(&output, ""), None);
        }
    }
}

#[test]
fn white_noise_has_no_alpha_peak() {
    let rate = clx_signal::SampleRate::from_hz(250.0).unwrap();
    for analysis in of(InputKind::Recording) {
        let names = ["Fz", "Cz", "Pz", "Oz"];
        let noise: Vec<(&str, Vec<f32>)> = names
            .iter()
            .enumerate()
            .map(|(i, name)| (*name, clx_signal::synth::white(rate, 10e-6, 60.0, i as u64)))
            .collect();
        // Some analyses need events or another kind of channel, and say so.
        let Ok(output) = run(analysis, bytes::edf(&noise)) else { continue };
        assert_eq!(output["alpha_peak"], Value::Null, "{}", output["alpha_peak"]);
        assert_eq!(has_unexpected_null(&output, ""), None, "{}", analysis.id);
    }
}

#[test]
fn one_sample_is_refused_or_measured_without_invention() {
    for analysis in of(InputKind::Audio) {
        if let Ok(output) = run(analysis, bytes::wav(&[0.5])) {
            assert_eq!(output["tempo"], Value::Null);
        }
    }
    for analysis in of(InputKind::Recording) {
        if let Ok(output) = run(analysis, bytes::edf(&[("Cz", vec![1e-6])])) {
            assert_eq!(output["alpha_peak"], Value::Null);
        }
    }
}

#[test]
fn samples_that_are_no_numbers_never_reach_the_result() {
    for analysis in of(InputKind::Audio) {
        let mut samples = vec![0.1; 88_200];
        samples[1000] = f32::NAN;
        samples[2000] = f32::INFINITY;
        if let Ok(output) = run(analysis, bytes::wav(&samples)) {
            assert_eq!(has_unexpected_null(&output, ""), None);
        }
    }
}

#[test]
fn a_truncated_recording_still_gives_what_it_holds() {
    let (recording, _) = clx_signal::synth::eeg_sample(5);
    let channels: Vec<(&str, Vec<f32>)> =
        recording.channels.iter().map(|c| (c.info.name.as_str(), c.samples.clone())).collect();
    let whole = bytes::edf(&channels);
    for analysis in of(InputKind::Recording) {
        let Ok(output) = run(analysis, whole[..whole.len() * 2 / 3].to_vec()) else { continue };
        let own = output["duration_s"].as_f64();
        let duration_s = own.or(output["preparation"]["duration_s"].as_f64()).unwrap();
        assert!((35.0..=40.0).contains(&duration_s), "{}: {duration_s}", analysis.id);
        let findings = output["findings"].as_array().unwrap();
        assert!(
            findings.iter().any(|f| f["code"].as_str().unwrap().starts_with("file.")),
            "{findings:?}"
        );
    }
}

#[test]
fn the_wrong_kind_of_input_is_refused_with_advice() {
    for analysis in of(InputKind::Recording) {
        let refused = run(analysis, bytes::wav(&vec![0.1; 44_100])).unwrap_err();
        assert!(refused.contains("audio.overview"), "{refused}");
    }
    for analysis in of(InputKind::Audio) {
        let refused = run(analysis, bytes::edf(&[("Cz", vec![1e-6; 2500])])).unwrap_err();
        assert!(refused.contains("eeg.overview"), "{refused}");
    }
}
