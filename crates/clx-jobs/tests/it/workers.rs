//! Workers from end to end: claim, run, commit, cancel, stop.

use std::time::Duration;

use clx_jobs::{JobState, JobsError, Outcome, RecordingState, SubmitJob, Workers};
use clx_testkit::{on_both_databases, shared_data};
use futures::StreamExt;
use serde_json::{Value, json};

use crate::bench::{Bench, edf, wav};

on_both_databases![
    Bench;
    a_composition_is_made_and_its_files_can_be_fetched,
    a_running_job_stops_soon_after_it_is_cancelled,
    a_stop_hands_running_jobs_back_without_costing_an_attempt,
    unknown_analyses_and_wrong_inputs_are_refused,
    the_default_analysis_follows_the_reading,
    real_recordings_are_read,
];

fn compose(duration_s: f64) -> SubmitJob {
    let analysis = clx_analysis::find("brainsync.compose").unwrap();
    let mut params = analysis.example_params();
    params["duration_s"] = json!(duration_s);
    SubmitJob { analysis: analysis.id.into(), recording: None, results: Vec::new(), params }
}

async fn submit(bench: &Bench, new: SubmitJob) -> clx_store::JobId {
    let made = bench.library.jobs.submit(&bench.caller, new, None).await.unwrap();
    assert!(matches!(made, Outcome::Created(_)));
    made.into_inner().id
}

async fn until_running(bench: &Bench, id: &clx_store::JobId) {
    for _ in 0..1000 {
        let job = bench.library.jobs.view(&bench.caller, id).await.unwrap();
        assert!(!job.state.is_finished(), "{job:?}");
        if job.state == JobState::Running {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{id} did not start within 10 s");
}

async fn a_composition_is_made_and_its_files_can_be_fetched(bench: Bench) {
    let workers = Workers::start(&bench.library);
    let id = submit(&bench, compose(10.0)).await;
    let job = bench.wait(&id).await;
    workers.stop().await;
    assert_eq!(job.state, JobState::Succeeded, "{job:?}");
    assert_eq!((job.progress.fraction, job.attempt), (1.0, 1));
    let envelope = bench.library.jobs.result(&bench.caller, &id).await.unwrap();
    assert_eq!(envelope["analysis"], "brainsync.compose");
    assert_eq!(envelope["params"], job.params);
    assert!(!job.artifacts.is_empty());
    for artifact in &job.artifacts {
        let content = bench.library.artifacts.content(&bench.caller, &artifact.id).await.unwrap();
        let parts: Vec<_> = content.read(0..content.size_bytes).await.unwrap().collect().await;
        let bytes: Vec<u8> = parts.into_iter().flat_map(|part| part.unwrap().to_vec()).collect();
        assert_eq!(bytes.len() as u64, artifact.size_bytes);
        use sha2::Digest;
        assert_eq!(hex::encode(sha2::Sha256::digest(&bytes)), artifact.sha256);
    }
}

async fn a_running_job_stops_soon_after_it_is_cancelled(bench: Bench) {
    let workers = Workers::start(&bench.library);
    let id = submit(&bench, compose(7200.0)).await;
    until_running(&bench, &id).await;
    bench.library.jobs.cancel(&bench.caller, &id).await.unwrap();
    let job = bench.wait(&id).await;
    workers.stop().await;
    assert_eq!((job.state, job.artifacts.len()), (JobState::Cancelled, 0));
    // Cancelling twice is fine, and nothing is left in the staging area.
    bench.library.jobs.cancel(&bench.caller, &id).await.unwrap();
    assert_eq!(std::fs::read_dir(bench.folder().join("staging")).unwrap().count(), 0);
    let result = bench.library.jobs.result(&bench.caller, &id).await;
    assert!(matches!(result, Err(JobsError::Conflict(_))));
    let again = bench.library.jobs.retry(&bench.caller, &id).await.unwrap();
    assert_eq!((again.state, again.attempt), (JobState::Queued, 0));
}

async fn a_stop_hands_running_jobs_back_without_costing_an_attempt(bench: Bench) {
    let workers = Workers::start(&bench.library);
    let id = submit(&bench, compose(7200.0)).await;
    until_running(&bench, &id).await;
    workers.stop().await;
    let job = bench.library.jobs.view(&bench.caller, &id).await.unwrap();
    assert_eq!((job.state, job.attempt), (JobState::Queued, 0), "{job:?}");
}

async fn unknown_analyses_and_wrong_inputs_are_refused(bench: Bench) {
    let refuse = async |new: SubmitJob, expected: &str| {
        let refused = bench.library.jobs.submit(&bench.caller, new, None).await;
        assert!(
            matches!(refused, Err(JobsError::Invalid { field, .. }) if field == expected),
            "{refused:?}"
        );
    };
    refuse(SubmitJob { analysis: "eeg.magic".into(), ..compose(10.0) }, "analysis").await;
    refuse(SubmitJob { analysis: "recording.ingest".into(), ..compose(10.0) }, "analysis").await;
    let params = json!({ "no_such_parameter": 1 });
    refuse(SubmitJob { params, ..compose(10.0) }, "params").await;
    let eeg = clx_analysis::find("eeg.overview").unwrap();
    let of_eeg = |recording| SubmitJob {
        analysis: eeg.id.into(),
        recording,
        results: Vec::new(),
        params: Value::Null,
    };
    refuse(of_eeg(None), "recording_id").await;
    let sound = bench.put_and_read("a.wav", wav(8000, 0)).await.id;
    refuse(of_eeg(Some(sound)), "recording_id").await;
}

async fn the_default_analysis_follows_the_reading(bench: Bench) {
    let recording = bench.put_and_read("rec.edf", edf(60)).await;
    assert_eq!(recording.state, RecordingState::Ready);
    let jobs = bench.library.jobs.list(&bench.caller, Default::default()).await.unwrap().data;
    let ids: Vec<&str> = jobs.iter().map(|job| job.analysis.as_str()).collect();
    assert_eq!(ids, ["eeg.overview", "recording.ingest"]);
}

async fn real_recordings_are_read(bench: Bench) {
    for name in ["eeg/edfio/test_subsecond.edf", "audio/vibe_ace.ogg"] {
        let Some(path) = shared_data(name) else { continue };
        let content = std::fs::read(path).unwrap();
        let recording = bench.put_and_read(name, content).await;
        assert_eq!(recording.state, RecordingState::Ready, "{name}: {:?}", recording.error);
    }
}
