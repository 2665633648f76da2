//! The contract of the queue, on the state machine itself with a clock moved by hand.

use std::collections::HashSet;

use clx_store::JobId;
use clx_store::rows::job::{self, End, Heartbeat, Model, NewJob, Refund};
use clx_testkit::{START_MS, on_both_databases};

use crate::bench::Bench;

on_both_databases![
    Bench;
    many_workers_never_get_the_same_job,
    a_worker_that_lost_its_lease_can_do_nothing,
    a_crash_costs_an_attempt_and_a_poison_job_ends,
    jobs_run_by_priority_then_age,
    a_queued_job_is_cancelled_at_once_and_a_running_one_is_told,
    a_silent_worker_of_a_cancelled_job_ends_it,
    only_ended_jobs_are_retried_and_get_all_attempts_back,
    one_active_job_per_unique_key,
    asking_again_for_a_job_that_is_being_cancelled_keeps_it,
    enqueue_is_part_of_the_callers_transaction,
    a_released_job_keeps_or_refunds_its_attempt,
    of_each_analysis_of_a_recording_the_latest_result_counts,
];

const LEASE_MS: i64 = 15_000;

fn new_job(bench: &Bench, max_attempts: i32) -> NewJob {
    NewJob {
        id: JobId::new(),
        org: bench.caller.org.clone(),
        user: bench.caller.user.to_string(),
        analysis: "test".into(),
        recording: None,
        params: "{}".into(),
        inputs: "[]".into(),
        priority: 10,
        run_at: START_MS,
        max_attempts,
        unique_key: None,
    }
}

async fn enqueue(bench: &Bench, new: NewJob) -> JobId {
    let tx = bench.store.begin().await.unwrap();
    let id = job::enqueue(&tx, new, START_MS).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn claim(bench: &Bench, now: i64) -> Option<Model> {
    let tx = bench.store.begin().await.unwrap();
    let row = job::claim(&tx, now, now + LEASE_MS).await.unwrap();
    tx.commit().await.unwrap();
    row
}

async fn finish(bench: &Bench, row: &Model, end: End, now: i64) -> bool {
    let tx = bench.store.begin().await.unwrap();
    let held = job::finish(&tx, &row.id, token(row), end, now).await.unwrap();
    tx.commit().await.unwrap();
    held
}

async fn beat(bench: &Bench, row: &Model, lease_until: i64) -> Option<bool> {
    let tx = bench.store.begin().await.unwrap();
    let beat = Heartbeat { lease_until, progress: 0.5, stage: "half".into() };
    let held = job::heartbeat(&tx, &row.id, token(row), beat).await.unwrap();
    tx.commit().await.unwrap();
    held
}

async fn recover(bench: &Bench, now: i64) -> Vec<&'static str> {
    let tx = bench.store.begin().await.unwrap();
    let recovered = job::recover(&tx, now, 100).await.unwrap();
    tx.commit().await.unwrap();
    recovered.into_iter().map(|job| job.state).collect()
}

async fn cancel(bench: &Bench, id: &JobId) -> Option<&'static str> {
    let tx = bench.store.begin().await.unwrap();
    let became = job::cancel(&tx, id, START_MS).await.unwrap();
    tx.commit().await.unwrap();
    became
}

async fn retry(bench: &Bench, id: &JobId) -> bool {
    let tx = bench.store.begin().await.unwrap();
    let was_ended = job::retry(&tx, id, START_MS).await.unwrap();
    tx.commit().await.unwrap();
    was_ended
}

async fn find(bench: &Bench, id: &JobId) -> Model {
    job::find(bench.store.read(), &bench.caller.org, id).await.unwrap().unwrap()
}

fn token(row: &Model) -> &str {
    row.lease_token.as_deref().unwrap()
}

const DONE: End = End::Succeeded { result_sha256: None };

async fn many_workers_never_get_the_same_job(bench: Bench) {
    for _ in 0..20 {
        enqueue(&bench, new_job(&bench, 3)).await;
    }
    let worker = |_| async {
        let mut mine = Vec::new();
        while let Some(row) = claim(&bench, START_MS).await {
            mine.push(row);
        }
        mine
    };
    let claimed: Vec<Model> =
        futures::future::join_all((0..4).map(worker)).await.into_iter().flatten().collect();
    let ids: HashSet<&str> = claimed.iter().map(|row| row.id.as_str()).collect();
    let tokens: HashSet<&str> = claimed.iter().map(token).collect();
    assert_eq!((claimed.len(), ids.len(), tokens.len()), (20, 20, 20));
}

async fn a_worker_that_lost_its_lease_can_do_nothing(bench: Bench) {
    let id = enqueue(&bench, new_job(&bench, 3)).await;
    let first = claim(&bench, START_MS).await.unwrap();
    let late = START_MS + LEASE_MS + 1;
    assert_eq!(recover(&bench, late).await, ["queued"]);
    let second = claim(&bench, late).await.unwrap();
    assert_eq!((second.id.as_str(), second.attempt), (id.as_str(), 2));
    assert_eq!(beat(&bench, &first, late + LEASE_MS).await, None);
    assert!(!finish(&bench, &first, DONE, late).await);
    assert_eq!(find(&bench, &id).await.state, "running");
    assert_eq!(beat(&bench, &second, late + LEASE_MS).await, Some(false));
    assert!(finish(&bench, &second, DONE, late).await);
    assert!(!finish(&bench, &second, DONE, late).await, "a job ends once");
    assert_eq!(find(&bench, &id).await.state, "succeeded");
}

async fn a_crash_costs_an_attempt_and_a_poison_job_ends(bench: Bench) {
    let id = enqueue(&bench, new_job(&bench, 2)).await;
    let mut now = START_MS;
    for expected in ["queued", "failed"] {
        claim(&bench, now).await.unwrap();
        now += LEASE_MS + 1;
        assert_eq!(recover(&bench, now).await, [expected]);
    }
    assert!(claim(&bench, now).await.is_none(), "a dead job is never claimed");
    let dead = find(&bench, &id).await;
    assert_eq!((dead.attempt, dead.error_code.as_deref()), (2, Some("worker_lost")));
    assert_eq!(dead.finished_at, Some(now));
}

async fn jobs_run_by_priority_then_age(bench: Bench) {
    let later = NewJob { run_at: START_MS + 1, ..new_job(&bench, 1) };
    let sooner = new_job(&bench, 1);
    let urgent = NewJob { priority: 0, run_at: START_MS + 1, ..new_job(&bench, 1) };
    let not_yet = NewJob { priority: 0, run_at: START_MS + 10, ..new_job(&bench, 1) };
    let mut order = Vec::new();
    for new in [later, sooner, urgent, not_yet] {
        order.push(enqueue(&bench, new).await.into_string());
    }
    let mut claimed = Vec::new();
    while let Some(row) = claim(&bench, START_MS + 1).await {
        claimed.push(row.id);
    }
    assert_eq!(claimed, [order[2].clone(), order[1].clone(), order[0].clone()]);
}

async fn a_queued_job_is_cancelled_at_once_and_a_running_one_is_told(bench: Bench) {
    let queued = enqueue(&bench, new_job(&bench, 3)).await;
    assert_eq!(cancel(&bench, &queued).await, Some("cancelled"));
    assert!(claim(&bench, START_MS).await.is_none());
    assert_eq!(cancel(&bench, &queued).await, None);

    let running = enqueue(&bench, new_job(&bench, 3)).await;
    let row = claim(&bench, START_MS).await.unwrap();
    assert_eq!(cancel(&bench, &running).await, Some("running"));
    assert_eq!(beat(&bench, &row, START_MS + LEASE_MS).await, Some(true));
    assert!(finish(&bench, &row, End::Cancelled, START_MS).await);
    assert_eq!(find(&bench, &running).await.state, "cancelled");
}

async fn a_silent_worker_of_a_cancelled_job_ends_it(bench: Bench) {
    let id = enqueue(&bench, new_job(&bench, 3)).await;
    claim(&bench, START_MS).await.unwrap();
    cancel(&bench, &id).await;
    assert_eq!(recover(&bench, START_MS + LEASE_MS + 1).await, ["cancelled"]);
}

async fn only_ended_jobs_are_retried_and_get_all_attempts_back(bench: Bench) {
    let id = enqueue(&bench, new_job(&bench, 1)).await;
    assert!(!retry(&bench, &id).await, "queued");
    let row = claim(&bench, START_MS).await.unwrap();
    assert!(!retry(&bench, &id).await, "running");
    let failed = End::Failed { code: "failed".into(), message: "no".into() };
    assert!(finish(&bench, &row, failed, START_MS).await);
    assert!(retry(&bench, &id).await);
    let again = claim(&bench, START_MS).await.unwrap();
    assert_eq!((again.attempt, again.error_code), (1, None));
    assert!(finish(&bench, &find(&bench, &id).await, DONE, START_MS).await);
    assert!(!retry(&bench, &id).await, "succeeded");
}

async fn one_active_job_per_unique_key(bench: Bench) {
    let keyed = || NewJob { unique_key: Some("tick".into()), ..new_job(&bench, 1) };
    let first = enqueue(&bench, keyed()).await;
    assert_eq!(enqueue(&bench, keyed()).await, first);
    let row = claim(&bench, START_MS).await.unwrap();
    assert_eq!(enqueue(&bench, keyed()).await, first, "running counts too");
    finish(&bench, &row, DONE, START_MS).await;
    assert_ne!(enqueue(&bench, keyed()).await, first, "a finished job frees the key");
}

async fn asking_again_for_a_job_that_is_being_cancelled_keeps_it(bench: Bench) {
    let keyed = || NewJob { unique_key: Some("tick".into()), ..new_job(&bench, 2) };
    let id = enqueue(&bench, keyed()).await;
    let row = claim(&bench, START_MS).await.unwrap();
    assert_eq!(cancel(&bench, &id).await, Some("running"));
    assert_eq!(enqueue(&bench, keyed()).await, id);
    assert!(!find(&bench, &id).await.cancel_requested);
    assert!(!finish(&bench, &row, End::Cancelled, START_MS).await, "nobody wants that any more");
    assert_eq!(recover(&bench, START_MS + LEASE_MS + 1).await, ["queued"]);
}

async fn enqueue_is_part_of_the_callers_transaction(bench: Bench) {
    let tx = bench.store.begin().await.unwrap();
    let id = job::enqueue(&tx, new_job(&bench, 1), START_MS).await.unwrap();
    drop(tx);
    assert!(job::find(bench.store.read(), &bench.caller.org, &id).await.unwrap().is_none());
    assert!(claim(&bench, START_MS).await.is_none());
}

async fn a_released_job_keeps_or_refunds_its_attempt(bench: Bench) {
    enqueue(&bench, new_job(&bench, 3)).await;
    for (refund, next_attempt) in [(Refund::Nothing, 2), (Refund::Attempt, 2)] {
        let row = claim(&bench, START_MS).await.unwrap();
        let tx = bench.store.begin().await.unwrap();
        assert!(job::release(&tx, &row.id, token(&row), START_MS, refund).await.unwrap());
        tx.commit().await.unwrap();
        let again = claim(&bench, START_MS).await.unwrap();
        assert_eq!(again.attempt, next_attempt, "{refund:?}");
        let tx = bench.store.begin().await.unwrap();
        job::release(&tx, &again.id, token(&again), START_MS, Refund::Attempt).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn of_each_analysis_of_a_recording_the_latest_result_counts(bench: Bench) {
    let blob = bench.store.blobs().put(&bench.caller.org, b"{}").unwrap();
    let tx = bench.store.begin().await.unwrap();
    clx_store::rows::blob::note(&tx, &bench.caller.org, &blob, START_MS).await.unwrap();
    tx.commit().await.unwrap();
    let (first, second) =
        (insert_recording(&bench, &blob).await, insert_recording(&bench, &blob).await);
    let mut ended = Vec::new();
    // The job that was made first finishes last.
    for (recording, analysis, finished_after_ms) in
        [(&first, "a", 30), (&first, "a", 20), (&first, "b", 10), (&second, "a", 10)]
    {
        let recording = Some(recording.clone());
        let id =
            enqueue(&bench, NewJob { recording, analysis: analysis.into(), ..new_job(&bench, 1) });
        let id = id.await;
        let row = claim(&bench, START_MS).await.unwrap();
        assert_eq!(row.id, id.as_str());
        let end = End::Succeeded { result_sha256: Some(blob.sha256.clone()) };
        assert!(finish(&bench, &row, end, START_MS + finished_after_ms).await);
        ended.push((row.recording_id.unwrap(), row.analysis, row.id));
    }
    // One without a result and one that failed do not count.
    for end in [DONE, End::Failed { code: "failed".into(), message: "no".into() }] {
        let recording = Some(first.clone());
        enqueue(&bench, NewJob { recording, analysis: "a".into(), ..new_job(&bench, 1) }).await;
        let row = claim(&bench, START_MS).await.unwrap();
        assert!(finish(&bench, &row, end, START_MS + 40).await);
    }
    ended.remove(1);
    ended.sort();
    let of = async |recordings: &[&String]| {
        let recordings = recordings.iter().map(|id| (*id).clone()).collect();
        let found = job::list_latest(bench.store.read(), recordings).await.unwrap();
        let mut found: Vec<_> =
            found.into_iter().map(|job| (job.recording_id, job.analysis, job.id)).collect();
        found.sort();
        found
    };
    assert_eq!(of(&[&first, &second]).await, ended);
    ended.retain(|(recording, ..)| *recording == second);
    assert_eq!(of(&[&second]).await, ended);
    assert!(of(&[]).await.is_empty());
}

/// A recording that is deleted, so that several may have the same content.
async fn insert_recording(bench: &Bench, blob: &clx_store::BlobRef) -> String {
    let row = clx_store::rows::recording::Model {
        id: clx_store::RecordingId::new().into_string(),
        org_id: bench.caller.org.to_string(),
        sha256: blob.sha256.clone(),
        size_bytes: 2,
        title: "a".into(),
        filename: "a.wav".into(),
        kind: None,
        format: None,
        media_type: "audio/wav".into(),
        duration_s: None,
        state: "ready".into(),
        error: None,
        synthetic: false,
        channels: "[]".into(),
        start_text: None,
        findings: "[]".into(),
        annotations_sha256: None,
        pyramid_sha256: None,
        version: 1,
        created_at: START_MS,
        deleted_at: Some(START_MS),
    };
    let tx = bench.store.begin().await.unwrap();
    clx_store::rows::recording::insert(&*tx, row.clone()).await.unwrap();
    tx.commit().await.unwrap();
    row.id
}
