//! Walks the catalogue: what holds for every entry.

use std::path::Path;

use clx_analysis::{AnalysisError, Context, InputKind, Inputs, NoModels, catalogue};
use serde_json::{Value, json};

use crate::bytes;
use crate::folder::Folder;

#[test]
fn ids_are_unique_and_sorted() {
    let ids: Vec<&str> = catalogue().iter().map(|a| a.id).collect();
    assert!(ids.windows(2).all(|w| w[0] < w[1]), "{ids:?}");
    assert!(!ids.is_empty());
}

#[test]
fn every_entry_has_a_page_that_explains_its_method() {
    let science = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/science");
    for analysis in catalogue() {
        let page = science.join(format!("{}.md", analysis.id));
        let text = std::fs::read_to_string(&page).unwrap_or_default();
        assert!(text.starts_with(&format!("# {}", analysis.id)), "{} is missing", page.display());
        assert!(text.contains("## Where it fails"), "{} hides its limits", analysis.id);
    }
}

#[test]
fn example_parameters_are_accepted_and_unknown_ones_refused() {
    for analysis in catalogue() {
        let example = analysis.example_params();
        assert!(example.is_object(), "{}", analysis.id);
        let mut wrong = example.clone();
        wrong["surely_unknown"] = json!(1);
        let refused = analysis.check_params(&wrong).unwrap_err();
        assert!(matches!(refused, AnalysisError::Params(_)), "{refused}");
        assert!(refused.to_string().contains("surely_unknown"), "{refused}");
    }
}

#[test]
fn schemas_are_as_they_were_published() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/schemas");
    for analysis in catalogue() {
        let path = folder.join(format!("{}.json", analysis.id));
        let now = json!({"params": analysis.params_schema(), "output": analysis.output_schema()});
        if std::env::var_os("CLX_UPDATE_SCHEMAS").is_some() {
            std::fs::write(&path, format!("{now:#}\n")).unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let published: Value = serde_json::from_str(&text).unwrap_or_default();
        assert_eq!(
            now, published,
            "clients rely on the schema of {}; if the change is meant, run with CLX_UPDATE_SCHEMAS=1",
            analysis.id
        );
    }
}

#[test]
fn a_cancelled_run_stops_and_says_so() {
    for analysis in catalogue() {
        let folder = Folder::default();
        let cx = Context {
            progress: &|_| {},
            cancelled: &|| true,
            artifacts: &folder,
            models: &NoModels,
        };
        let inputs = match analysis.input {
            InputKind::Recording => noise_recording(),
            InputKind::Audio => noise_audio(),
            InputKind::Results => Inputs::default(),
        };
        let stopped = analysis.run(inputs, &analysis.example_params(), &cx);
        assert!(matches!(stopped, Err(AnalysisError::Cancelled)), "{} went on", analysis.id);
    }
}

#[test]
fn progress_never_goes_back_and_stays_within_the_whole() {
    for analysis in catalogue().iter().filter(|a| a.input != InputKind::Results) {
        let folder = Folder::default();
        let seen = std::cell::RefCell::new(Vec::new());
        let progress = |p: clx_analysis::Progress<'_>| seen.borrow_mut().push(p.fraction);
        let cx = Context {
            progress: &progress,
            cancelled: &|| false,
            artifacts: &folder,
            models: &NoModels,
        };
        let inputs = match analysis.input {
            InputKind::Recording => noise_recording(),
            _ => noise_audio(),
        };
        // Four channels of EEG do not suit every analysis; what it did until then counts.
        match analysis.run(inputs, &json!({}), &cx) {
            Ok(_) | Err(AnalysisError::Input(_)) => {}
            Err(error) => panic!("{}: {error}", analysis.id),
        }
        let seen = seen.borrow();
        assert!(seen.windows(2).all(|w| w[0] <= w[1]), "{}: {seen:?}", analysis.id);
        assert!(seen.iter().all(|f| (0.0..=1.0).contains(f)));
    }
}

fn noise_recording() -> Inputs {
    let (recording, _) = clx_signal::synth::eeg_sample(3);
    let channels: Vec<(&str, Vec<f32>)> = recording
        .channels
        .iter()
        .take(4)
        .map(|c| (c.info.name.as_str(), c.samples.clone()))
        .collect();
    Inputs::of(bytes::open(bytes::edf(&channels)).unwrap())
}

fn noise_audio() -> Inputs {
    let rate = clx_signal::SampleRate::from_hz(44_100.0).unwrap();
    Inputs::of(bytes::open(bytes::wav(&clx_signal::synth::white(rate, 0.1, 12.0, 3))).unwrap())
}
