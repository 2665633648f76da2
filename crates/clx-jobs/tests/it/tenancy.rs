//! Whatever belongs to another organisation does not exist.

use std::fmt::Debug;
use std::time::Duration;

use clx_accounts::Role;
use clx_jobs::{
    JobFilter, JobsError, NewRecording, NewReport, NewUpload, RecordingFilter, ReportFormat,
    SignalQuery, SpectrogramQuery, SubmitJob,
};
use clx_store::ArtifactId;
use serde_json::Value;

use clx_testkit::on_both_databases;

use crate::bench::{Bench, body, wav};

on_both_databases![
    Bench;
    nothing_of_another_organisation_is_found,
    the_same_content_is_two_recordings_in_two_organisations,
    viewers_change_nothing,
];

#[track_caller]
fn not_found<T: Debug>(result: Result<T, JobsError>) {
    assert!(matches!(result, Err(JobsError::NotFound(_))), "{result:?}");
}

async fn nothing_of_another_organisation_is_found(bench: Bench) {
    let them = bench.stranger().await;
    let id = bench.put_and_read("a.wav", wav(800, 1)).await.id;
    let r = &bench.library.recordings;
    not_found(r.view(&them, &id).await);
    not_found(r.rename(&them, &id, "mine", None).await);
    not_found(r.delete(&them, &id).await);
    not_found(r.restore(&them, &id).await);
    not_found(r.content(&them, &id).await);
    not_found(r.annotations(&them, &id).await);
    let query = SignalQuery { tmin_s: 0.0, tmax_s: 0.1, columns: 5, channels: None };
    not_found(r.signal_window(&them, &id, query).await);
    let query = SpectrogramQuery { channel: 0, tmin_s: 0.0, tmax_s: 0.1, columns: 5, rows: 5 };
    not_found(r.spectrogram_window(&them, &id, query).await);
    assert!(r.list(&them, RecordingFilter::default()).await.unwrap().data.is_empty());

    let u = &bench.library.uploads;
    let new = NewUpload { filename: "b.wav".into(), length_bytes: 10, keep_identity: false };
    let upload = u.create(&bench.caller, new, None).await.unwrap().into_inner().id;
    not_found(u.view(&them, &upload).await);
    not_found(u.append(&them, &upload, 0, body(vec![0; 5])).await);
    not_found(u.delete(&them, &upload).await);
    assert!(u.list(&them).await.unwrap().is_empty());

    let j = &bench.library.jobs;
    let job = j.list(&bench.caller, JobFilter::default()).await.unwrap().data[0].id.clone();
    not_found(j.view(&them, &job).await);
    not_found(j.wait(&them, &job, Duration::ZERO).await);
    not_found(j.cancel(&them, &job).await);
    not_found(j.retry(&them, &job).await);
    not_found(j.result(&them, &job).await);
    assert!(j.list(&them, JobFilter::default()).await.unwrap().data.is_empty());
    let report = |recording, jobs| NewReport {
        recording,
        jobs,
        format: ReportFormat::Pdf,
        lang: "en".into(),
        title: None,
    };
    not_found(j.create_report(&them, report(Some(id.clone()), Vec::new()), None).await);
    not_found(j.create_report(&them, report(None, vec![job.clone()]), None).await);
    let submit = SubmitJob {
        analysis: "brainsync.compose".into(),
        recording: Some(id),
        results: Vec::new(),
        params: Value::Null,
    };
    not_found_or_bad_params(j.submit(&them, submit, None).await);

    not_found(bench.library.artifacts.view(&them, &ArtifactId::new()).await);
    not_found(bench.library.artifacts.content(&them, &ArtifactId::new()).await);
    assert_eq!(bench.library.events.latest(&them).await.unwrap(), 0);
    assert!(bench.library.events.list(&them, 0, 100).await.unwrap().is_empty());
}

/// Parameters are looked at first, and this analysis may have required ones.
#[track_caller]
fn not_found_or_bad_params<T: Debug>(result: Result<T, JobsError>) {
    let refused =
        matches!(result, Err(JobsError::NotFound(_) | JobsError::Invalid { field: "params", .. }));
    assert!(refused, "{result:?}");
}

async fn the_same_content_is_two_recordings_in_two_organisations(bench: Bench) {
    let them = bench.stranger().await;
    let ours = bench.put("a.wav", wav(800, 1)).await.into_inner();
    let new = NewRecording { filename: "a.wav".into(), ..NewRecording::default() };
    let theirs = bench.library.recordings.put(&them, new, body(wav(800, 1)), None).await.unwrap();
    assert!(matches!(&theirs, clx_jobs::Outcome::Created(r) if r.id != ours.id));
    bench.library.recordings.delete(&bench.caller, &ours.id).await.unwrap();
    bench.library.recordings.view(&them, &theirs.get().id).await.unwrap();
}

async fn viewers_change_nothing(bench: Bench) {
    let id = bench.put("a.wav", wav(800, 1)).await.into_inner().id;
    let mut viewer = bench.caller.clone();
    viewer.role = Role::Viewer;
    let r = &bench.library.recordings;
    r.view(&viewer, &id).await.unwrap();
    let forbidden = |result: Result<(), JobsError>| {
        assert!(matches!(result, Err(JobsError::Forbidden { needed: Role::Member })), "{result:?}");
    };
    forbidden(r.rename(&viewer, &id, "x", None).await.map(drop));
    forbidden(r.delete(&viewer, &id).await);
    forbidden(r.restore(&viewer, &id).await.map(drop));
    let new = NewUpload { filename: "b.wav".into(), length_bytes: 10, keep_identity: false };
    forbidden(bench.library.uploads.create(&viewer, new, None).await.map(drop));
    let job =
        bench.library.jobs.list(&viewer, JobFilter::default()).await.unwrap().data[0].id.clone();
    forbidden(bench.library.jobs.cancel(&viewer, &job).await.map(drop));
    forbidden(bench.library.jobs.retry(&viewer, &job).await.map(drop));
}
