//! `sleep.stages` and `sleep.events` against YASA, and on nights without a model.

use clx_analysis::{AnalysisError, Context, Inputs, ModelSource, find};
use clx_models::Model;
use clx_signal::{Annotation, Unit};
use clx_testkit::{Tolerance, assert_close, model_file, shared_data};
use serde_json::{Value, json};

use crate::folder::Folder;
use crate::heart::{assert_drawn, codes, run};
use crate::{bytes, night};

/// A place that holds one model.
struct Only(&'static str, Vec<u8>);

impl ModelSource for Only {
    fn read(&self, model: &Model) -> std::io::Result<Option<Vec<u8>>> {
        Ok((model.name == self.0).then(|| self.1.clone()))
    }
}

/// The synthetic night of clx-eeg's tests with the stages it was made of.
fn recorded_night(annotations: Vec<Annotation>) -> Vec<u8> {
    let hz = night::rate().hz();
    let channels = [
        ("C4", Unit::Volt, hz, night::eeg()),
        ("EOG", Unit::Volt, hz, night::eog()),
        ("EMG chin", Unit::Volt, hz, night::emg()),
    ];
    bytes::bdf(&channels, annotations)
}

fn scored(stages: &[u8]) -> Vec<Annotation> {
    let name = |stage: &u8| match stage {
        0 => "Sleep stage W".to_owned(),
        4 => "Sleep stage R".to_owned(),
        n => format!("Sleep stage {n}"),
    };
    let note = |(i, stage): (usize, &u8)| bytes::note(30.0 * i as f64, 30.0, &name(stage));
    stages.iter().enumerate().map(note).collect()
}

fn stages_of_the_night() -> Vec<u8> {
    night::hypnogram().stages.iter().map(|s| s.number() as u8).collect()
}

#[test]
fn an_annotated_night_has_the_statistics_of_yasa() {
    let Some(path) = shared_data("eeg/yasa/full_6hrs_100Hz_hypno_30s.txt") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let numbers = text.lines().filter(|l| !l.starts_with('#')).map(|l| l.trim().parse().unwrap());
    let stages: Vec<u8> = numbers.collect();
    let n_samples = stages.len() * 30;
    let slow = ("C4", Unit::Volt, 1.0, vec![1e-6; n_samples]);
    let file = bytes::bdf(&[slow], scored(&stages));
    let output = run("sleep.stages", file, &json!({})).unwrap();
    assert_eq!((&output["source"], &output["model"]), (&json!("annotations"), &Value::Null));
    let fixture: Value =
        serde_json::from_str(include_str!("../../../clx-eeg/tests/fixtures/sleep.json")).unwrap();
    for (field, name) in [
        ("total_sleep_min", "TST"),
        ("efficiency_percent", "SE"),
        ("onset_latency_min", "SOL"),
        ("wake_after_onset_min", "WASO"),
        ("rem_latency_min", "Lat_REM"),
        ("n3_percent", "%N3"),
    ] {
        let got = output["statistics"][field].as_f64().unwrap();
        let expected = fixture["statistics"][name].as_f64().unwrap();
        assert_close(got, expected, Tolerance::Absolute(1e-9));
    }
    assert_eq!(output["epochs"].as_array().unwrap().len(), stages.len());
    let next = &output["transitions"][0]["next"]["wake_share"];
    assert_close(
        next.as_f64().unwrap(),
        fixture["shares"][0][0].as_f64().unwrap(),
        Tolerance::Absolute(1e-12),
    );
    assert_drawn("sleep.stages", &output, &["hypnogram"]);
}

#[test]
fn a_hypnogram_without_signals_is_enough() {
    let Some(path) = shared_data("eeg/edfio/SC4001EC-Hypnogram.edf") else { return };
    let file = || std::fs::read(&path).unwrap();
    let output = run("sleep.stages", file(), &json!({})).unwrap();
    // The file marks 8.5 h of wake by day, then sleep from 30 630 s on.
    let latency_min = output["statistics"]["onset_latency_min"].as_f64().unwrap();
    assert_eq!(latency_min, 30_630.0 / 60.0);
    let lights = json!({"tmin_s": 30_000.0, "tmax_s": 60_000.0});
    let output = run("sleep.stages", file(), &lights).unwrap();
    assert_eq!(output["statistics"]["onset_latency_min"], 630.0 / 60.0);
    assert_eq!(output["epochs"].as_array().unwrap().len(), 1000);
    assert_eq!(output["epochs"][0]["tmin_s"], 30_000.0);
}

#[test]
fn without_annotations_and_model_there_are_no_stages_but_advice() {
    let refused = run("sleep.stages", recorded_night(Vec::new()), &json!({})).unwrap_err();
    let said = refused.to_string();
    assert!(said.contains("clisonix models pull sleep_eeg_eog_emg"), "{said}");
    let alone = json!({"age": 40});
    let refused = run("sleep.stages", recorded_night(Vec::new()), &alone).unwrap_err();
    assert!(matches!(refused, AnalysisError::Params(_)), "{refused}");
}

#[test]
fn stages_of_the_model_are_those_of_yasa() {
    const MODEL: &str = "sleep_eeg_eog_emg";
    let file_name = clx_models::model(MODEL).unwrap().file_name();
    let Some(bytes) = model_file(&file_name) else { return };
    let (models, folder) = (Only(MODEL, bytes), Folder::default());
    let cx =
        Context { progress: &|_| {}, cancelled: &|| false, artifacts: &folder, models: &models };
    let inputs = Inputs::of(bytes::open(recorded_night(Vec::new())).unwrap());
    let output = find("sleep.stages").unwrap().run(inputs, &json!({}), &cx).unwrap();
    assert_eq!(output["model"], "sleep_eeg_eog_emg");
    assert_eq!(output["channels"], json!(["C4", "EOG", "EMG chin"]));
    let fixture: Value = serde_json::from_str(include_str!("../fixtures/stages.json")).unwrap();
    let epochs = output["epochs"].as_array().unwrap();
    let expected = fixture["stages"].as_array().unwrap();
    assert_eq!(epochs.len(), expected.len());
    for (i, (epoch, stage)) in epochs.iter().zip(expected).enumerate() {
        assert_eq!(
            epoch["stage"].as_str().unwrap(),
            stage.as_str().unwrap().to_lowercase(),
            "epoch {i}"
        );
        let names = ["wake_share", "n1_share", "n2_share", "n3_share", "rem_share"];
        for (k, name) in names.into_iter().enumerate() {
            let got = epoch["probability"][name].as_f64().unwrap();
            let wanted = fixture["probabilities"][i][k].as_f64().unwrap();
            // Trees jump where a feature crosses a threshold by its last digit.
            assert_close(got, wanted, Tolerance::Absolute(0.02));
        }
    }
    assert!(codes(&output).contains(&"sleep.nap"));
    assert_drawn("sleep.stages", &output, &["hypnogram"]);
}

#[test]
fn silence_is_not_staged() {
    let model = clx_models::model("sleep_eeg").unwrap();
    let Some(bytes) = model_file(&model.file_name()) else { return };
    let folder = Folder::default();
    let models = Only("sleep_eeg", bytes);
    let cx =
        Context { progress: &|_| {}, cancelled: &|| false, artifacts: &folder, models: &models };
    let silent = ("C4", Unit::Volt, 100.0, vec![0.0; 60_000]);
    let inputs = Inputs::of(bytes::open(bytes::bdf(&[silent], Vec::new())).unwrap());
    let refused = find("sleep.stages").unwrap().run(inputs, &json!({}), &cx).unwrap_err();
    assert!(matches!(&refused, AnalysisError::Input(text) if text.contains("C4")), "{refused}");
}

#[test]
fn annotated_stages_count_unless_the_model_is_asked_for() {
    let file = || recorded_night(scored(&stages_of_the_night()));
    let output = run("sleep.stages", file(), &json!({})).unwrap();
    assert_eq!(output["source"], "annotations");
    let refused = run("sleep.stages", file(), &json!({"use_annotations": false})).unwrap_err();
    assert!(refused.to_string().contains("models pull"), "{refused}");
}

#[test]
fn events_of_a_staged_night_equal_yasa() {
    let file = recorded_night(scored(&stages_of_the_night()));
    let output = run("sleep.events", file, &json!({})).unwrap();
    let fixture: Value =
        serde_json::from_str(include_str!("../../../clx-eeg/tests/fixtures/sleep.json")).unwrap();
    let n = |name: &str| fixture[name].as_array().unwrap().len() as u64;
    assert_eq!(output["spindles"]["n_events"].as_u64(), Some(n("spindles_night")));
    assert_eq!(output["slow_waves"]["n_events"].as_u64(), Some(n("waves")));
    // N1, N2 and N3 last 13 min.
    assert_eq!(output["spindles"]["searched_min"], 13.0);
    assert_eq!(output["slow_waves"]["searched_min"], 11.0);
    assert_eq!(
        output["spindles"]["density_per_min"].as_f64(),
        Some(n("spindles_night") as f64 / 13.0)
    );
    let length = output["coupling"]["mean_vector_length"].as_f64().unwrap();
    let expected = fixture["coupling"]["length"].as_f64().unwrap();
    assert_close(length, expected, Tolerance::Absolute(1e-3));
    assert_eq!((&output["staged"], &output["rems"]), (&json!(true), &Value::Null));
    assert!(codes(&output).contains(&"sleep.eyes"));
    let wake = &output["stages"][0];
    assert_eq!((&wake["stage"], &wake["spindles_per_min"]), (&json!("wake"), &json!(0.0)));
    assert_drawn("sleep.events", &output, &["night"]);
}

#[test]
fn two_eyes_that_move_apart_have_eye_movements() {
    // Ten movements of 0.6 s, 150 µV, one every 10 s; a little noise, which eyes never lack.
    let rate = clx_signal::SampleRate::from_hz(100.0).unwrap();
    let noise = |seed| clx_signal::synth::white(rate, 2e-6, 120.0, seed);
    let eye = |sign: f32, seed: u64| -> Vec<f32> {
        let movement = |i: usize| {
            let t = (i as f32 / 100.0 - 5.0) % 10.0;
            let shape = (-(t - 5.0).powi(2) / (2.0 * 0.15_f32.powi(2))).exp();
            if (500..10_500).contains(&i) { sign * 150e-6 * shape } else { 0.0 }
        };
        noise(seed).iter().enumerate().map(|(i, v)| v + movement(i)).collect()
    };
    let channels = [
        ("C4-M1", Unit::Volt, 100.0, noise(9).iter().map(|v| v * 5.0).collect()),
        ("LOC", Unit::Volt, 100.0, eye(1.0, 1)),
        ("ROC", Unit::Volt, 100.0, eye(-1.0, 2)),
    ];
    let output = run("sleep.events", bytes::bdf(&channels, Vec::new()), &json!({})).unwrap();
    assert_eq!(output["eye_channels"], json!(["LOC", "ROC"]));
    assert_eq!(output["rems"]["n_events"], 10);
    assert_eq!(output["rems"]["density_per_min"], 5.0);
    assert!(codes(&output).contains(&"sleep.unstaged"));
    for params in [json!({"spindle_fmin_hz": 15.0}), json!({"rem_least_uv": -1.0})] {
        let refused = run("sleep.events", bytes::bdf(&channels, Vec::new()), &params).unwrap_err();
        assert!(matches!(refused, AnalysisError::Params(_)), "{refused}");
    }
}
