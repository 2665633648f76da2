//! The overviews find what is known to be in our synthetic signals.

use clx_analysis::{Context, Inputs, NoModels, ResultEnvelope, find};
use serde_json::{Value, json};

use crate::bytes;
use crate::folder::Folder;

fn run(id: &str, inputs: Inputs, params: &Value, folder: &Folder) -> Value {
    let cx =
        Context { progress: &|_| {}, cancelled: &|| false, artifacts: folder, models: &NoModels };
    find(id).unwrap().run(inputs, params, &cx).unwrap()
}

fn sample_overview() -> Value {
    let (recording, _) = clx_signal::synth::eeg_sample(1);
    let channels: Vec<(&str, Vec<f32>)> =
        recording.channels.iter().map(|c| (c.info.name.as_str(), c.samples.clone())).collect();
    let inputs = Inputs::of(bytes::open(bytes::edf(&channels)).unwrap());
    run("eeg.overview", inputs, &json!({}), &Folder::default())
}

#[test]
fn the_synthetic_eeg_shows_its_alpha_peak_and_its_bad_channel() {
    let (_, truth) = clx_signal::synth::eeg_sample(1);
    let output = sample_overview();
    let peak_hz = output["alpha_peak"]["peak_hz"].as_f64().unwrap();
    assert!((peak_hz - truth.alpha_peak_hz).abs() <= 0.1, "{peak_hz}");
    let bads: Vec<&str> = output["preparation"]["bads"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(bads, [truth.noisy_channel]);
}

#[test]
fn every_picture_of_an_overview_is_drawn() {
    let output = sample_overview();
    let analysis = find("eeg.overview").unwrap();
    let names: Vec<&str> = analysis.plots(&output).unwrap().iter().map(|p| p.name).collect();
    assert_eq!(names, ["psd", "topomap", "bands", "quality"]);
    for name in names {
        let words = clx_analysis::Words::default();
        let svg = analysis.plot(&output, name, clx_analysis::Theme::Dark, &words).unwrap().unwrap();
        assert!(svg.starts_with("<svg"), "{name}");
    }
}

#[test]
fn a_track_follows_the_measured_alpha_peak_and_gives_the_same_bytes_twice() {
    let envelope =
        || ResultEnvelope::new(find("eeg.overview").unwrap(), json!({}), None, sample_overview());
    let params = json!({"mode": "relax", "duration_s": 12.0, "formats": ["flac"]});
    let compose = || {
        let folder = Folder::default();
        let inputs = Inputs { source: None, results: vec![envelope()] };
        (run("brainsync.compose", inputs, &params, &folder), folder.files())
    };
    let (output, files) = compose();
    let start_hz = output["brief"]["schedule"][0]["rate_hz"].as_f64().unwrap();
    assert_eq!(Some(start_hz), envelope().output["alpha_peak"]["peak_hz"].as_f64());
    assert_eq!(output["brief"]["origin"]["rate"], "measured");
    assert_eq!(output["brief"]["origin"]["key"], "not_measured");
    assert_eq!(files.len(), 1);
    assert!(files == compose().1, "two renders of one brief differ");
}
