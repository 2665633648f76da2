//! Analyses that start from a prepared recording, on signals whose answer is known.

use clx_analysis::{AnalysisError, Context, Inputs, NoModels, Theme, Words, find};
use clx_formats::edf::{WriteOptions, write_recording};
use clx_signal::{
    Annotation, Channel, ChannelInfo, ChannelKind, Recording, SampleRate, Unit, synth,
};
use serde_json::{Value, json};

use crate::bytes;
use crate::folder::Folder;

const NAMES: [&str; 8] = ["Fp1", "Fp2", "F3", "F4", "C3", "C4", "O1", "O2"];

fn run(id: &str, recording: &Recording, params: &Value) -> (Result<Value, AnalysisError>, Folder) {
    let folder = Folder::default();
    let bytes = write_recording(Vec::new(), recording, &WriteOptions::default()).unwrap();
    let inputs = Inputs::of(bytes::open(bytes).unwrap());
    let cx =
        Context { progress: &|_| {}, cancelled: &|| false, artifacts: &folder, models: &NoModels };
    let output = find(id).unwrap().run(inputs, params, &cx);
    (output, folder)
}

/// Eight channels of white noise, most of it shared as between neighbours on a head, 60 s at 250 Hz.
fn noise(sd_v: f64) -> Recording {
    let rate = SampleRate::from_hz(250.0).unwrap();
    let shared = synth::white(rate, 3.0 * sd_v, 60.0, 99);
    let channel = |(i, name): (usize, &&str)| {
        let mut samples = synth::white(rate, sd_v, 60.0, 100 + i as u64);
        samples.iter_mut().zip(&shared).for_each(|(v, s)| *v += s);
        let info = ChannelInfo {
            name: (*name).to_owned(),
            label: (*name).to_owned(),
            kind: ChannelKind::Eeg,
            unit: Unit::Volt,
            rate,
            n_samples: samples.len() as u64,
        };
        Channel { info, samples }
    };
    let channels = NAMES.iter().enumerate().map(channel).collect();
    Recording { channels, ..Recording::default() }
}

fn at(onset_s: f64, text: &str) -> Annotation {
    Annotation { onset_s, duration_s: None, text: text.to_owned(), channel: None }
}

/// A bump of 10 µV and 100 ms, 300 ms after every `tone` at O1; nothing after `pause`.
fn with_responses() -> Recording {
    let mut recording = noise(1e-6);
    for i in 0..25 {
        let tone_s = 1.0 + 2.0 * f64::from(i);
        recording.annotations.push(at(tone_s, "tone"));
        recording.annotations.push(at(tone_s + 1.0, "pause"));
        for (t, v) in recording.channels[6].samples.iter_mut().enumerate() {
            let off_s = t as f64 / 250.0 - tone_s - 0.3;
            *v += (10e-6 * (-(off_s / 0.05).powi(2)).exp()) as f32;
        }
    }
    recording
}

#[test]
fn a_response_is_found_where_and_when_it_was_put() {
    let params = json!({"conditions": ["tone", "pause"], "prepare": {"bads": "named"}});
    let (output, _) = run("eeg.erp", &with_responses(), &params);
    let output = output.unwrap();
    let tone = &output["conditions"][0];
    assert_eq!((&tone["n_events"], &tone["n_epochs"]), (&json!(25), &json!(25)));
    let peak = &output["peaks"][0];
    assert_eq!((&peak["channel"], &peak["polarity"]), (&json!("O1"), &json!("positive")));
    assert!((peak["latency_s"].as_f64().unwrap() - 0.3).abs() <= 0.012, "{peak}");
    // The low-pass of 30 Hz leaves a bump of this width nearly whole.
    assert!((peak["amplitude_uv"].as_f64().unwrap() - 10.0).abs() < 1.0, "{peak}");
    let cluster = &output["contrast"]["clusters"][0];
    assert_eq!(cluster["channels"][0], "O1");
    assert!(cluster["p_value"].as_f64().unwrap() < 0.01, "{cluster}");
    assert!(cluster["tmin_s"].as_f64().unwrap() > 0.15, "{cluster}");
    assert!(cluster["tmax_s"].as_f64().unwrap() < 0.45, "{cluster}");
    for plot in find("eeg.erp").unwrap().plots(&output).unwrap() {
        let svg = find("eeg.erp").unwrap();
        let svg = svg.plot(&output, plot.name, Theme::Light, &Words::default()).unwrap().unwrap();
        assert!(svg.starts_with("<svg"), "{}", plot.name);
    }
}

#[test]
fn two_kinds_of_events_after_which_nothing_happens_do_not_differ() {
    let mut recording = noise(5e-6);
    for i in 0..50 {
        recording.annotations.push(at(1.0 + f64::from(i), if i % 2 == 0 { "a" } else { "b" }));
    }
    let (output, _) = run("eeg.erp", &recording, &json!({"prepare": {"bads": "named"}}));
    let output = output.unwrap();
    let clusters = output["contrast"]["clusters"].as_array().unwrap();
    // Seeded; at the 5 % level one draw in twenty would differ.
    assert!(clusters.iter().all(|c| c["p_value"].as_f64().unwrap() > 0.05), "{clusters:?}");
}

#[test]
fn a_group_of_which_one_parameter_is_given_keeps_the_defaults_of_the_analysis() {
    let params = json!({"prepare": {"line_hz": 50.0}});
    let filled = find("eeg.erp").unwrap().check_params(&params).unwrap();
    assert_eq!(filled["prepare"]["highpass_hz"], 0.1);
    assert_eq!(filled["prepare"]["line_hz"], 50.0);
}

#[test]
fn what_is_asked_of_the_preparation_is_done_and_said() {
    let mut recording = noise(10e-6);
    recording.channels[2].samples.iter_mut().for_each(|v| *v *= 40.0);
    recording.annotations = with_responses().annotations;
    let params = json!({"prepare": {
        "bads": "interpolate", "rate_hz": 100.0, "line_hz": 20.0, "reference": "average",
        "tmin_s": 10.0, "tmax_s": 50.0,
    }, "permutations": 0});
    let output = run("eeg.erp", &recording, &params).0.unwrap();
    let done = &output["preparation"];
    assert_eq!(done["interpolated"][0]["channel"], "F3");
    assert_eq!((&done["rate_hz"], &done["duration_s"]), (&json!(100.0), &json!(40.0)));
    assert_eq!((&done["tmin_s"], &done["notch_hz"]), (&json!(10.0), &json!([20.0])));
    assert_eq!(output["contrast"], Value::Null);
    // 20 tones lie within; the average reference makes the channels add up to nothing.
    assert_eq!(output["conditions"][1]["n_events"], 20);
    let sum: f64 = output["conditions"][1]["erp"]["channels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["mean_uv"][50].as_f64().unwrap())
        .sum();
    assert!(sum.abs() < 1e-3, "{sum}");
}

#[test]
fn wrong_parameters_are_refused_with_what_would_work() {
    let recording = with_responses();
    let refused = |params: Value| run("eeg.erp", &recording, &params).0.unwrap_err().to_string();
    assert!(refused(json!({"prepare": {"channels": ["Xz"]}})).contains("Fp1, Fp2"));
    assert!(refused(json!({"prepare": {"tmin_s": 90.0}})).contains("recording of 60 s"));
    assert!(refused(json!({"prepare": {"reference": "mastoids"}})).contains("M1 and M2"));
    assert!(refused(json!({"prepare": {"bad_channels": ["Xz"]}})).contains("Xz"));
}

/// A blink pulse every 3 s, strongest at the forehead.
fn with_blinks() -> Recording {
    let mut recording = noise(2e-6);
    let strength = [150e-6, 150e-6, 60e-6, 60e-6, 15e-6, 15e-6, 3e-6, 3e-6];
    for (channel, strength) in recording.channels.iter_mut().zip(strength) {
        for (t, v) in channel.samples.iter_mut().enumerate() {
            let off_s = (t as f64 / 250.0) % 3.0 - 1.0;
            *v += (strength * (-(off_s / 0.08_f64).powi(2)).exp()) as f32;
        }
    }
    recording
}

#[test]
fn a_named_component_is_taken_out_of_the_written_recording() {
    let recording = with_blinks();
    let params = json!({
        "prepare": {"bads": "named", "reference": "as_recorded"},
        "ica": {"exclude_components": [0]}, "write_cleaned": true,
    });
    let (output, folder) = run("eeg.ica", &recording, &params);
    let output = output.unwrap();
    assert_eq!((&output["n_components"], &output["rank"]), (&json!(8), &json!(8)));
    let first = &output["components"][0];
    assert_eq!((&first["excluded"], &first["label"]), (&json!(true), &Value::Null));
    // The blink is by far the largest source, and its map that of the mixture.
    let map: Vec<f64> =
        first["map_uv"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    assert!((map[2] / map[0] - 0.4).abs() < 0.02, "{map:?}");
    assert!(output["findings"].as_array().unwrap().iter().any(|f| f["code"] == "iclabel.absent"));
    let files = folder.files();
    let (_, bytes) = files.iter().find(|(name, _)| name.ends_with("cleaned.bdf")).unwrap();
    let clx_formats::Source::Recording(mut reader) = bytes::open(bytes.clone()).unwrap() else {
        panic!("the cleaned file is a recording");
    };
    let cleaned = reader.load().unwrap();
    let peak = |x: &[f32]| x[250..15_000].iter().fold(0.0_f32, |m, v| m.max(v.abs()));
    // What is left at the forehead is the noise: 6 µV white, of which 1-100 Hz pass.
    assert!(peak(&cleaned.channels[0].samples) < 30e-6, "{}", peak(&cleaned.channels[0].samples));
}

#[test]
fn cleaning_says_what_it_took_from_which_channel() {
    let mut recording = with_blinks();
    recording.channels[5].samples[5000..5100].iter_mut().for_each(|v| *v += 2e-3);
    let params = json!({"prepare": {"bads": "named", "reference": "as_recorded"},
        "ica": {"exclude_components": [0]}});
    let (output, folder) = run("eeg.clean", &recording, &params);
    let output = output.unwrap();
    assert_eq!(output["components"]["n_excluded"], 1);
    assert!(output["bursts"]["n_stretches"].as_u64().unwrap() >= 1, "{}", output["bursts"]);
    let removed = |i: usize| output["channels"][i]["removed_share"].as_f64().unwrap();
    assert!(removed(0) > 0.9 && removed(7) < 0.5, "{} {}", removed(0), removed(7));
    assert_eq!(folder.files().len(), 1);
    let plots = find("eeg.clean").unwrap().plots(&output).unwrap();
    assert_eq!(plots.iter().map(|p| p.name).collect::<Vec<_>>(), ["amplitude"]);
}
