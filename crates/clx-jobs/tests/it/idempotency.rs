use clx_jobs::{IdempotencyKey, JobsError, NewRecording, NewUpload, Outcome};

use clx_testkit::{DAY_MS, on_both_databases};

use crate::bench::{Bench, body, wav};

on_both_databases![
    Bench;
    the_same_request_is_answered_with_what_it_made,
    another_request_under_the_key_is_refused,
    a_key_is_free_again_after_a_day,
    two_at_once_make_one,
    keys_of_two_organisations_do_not_meet,
    a_key_must_be_printable,
];

fn key(key: &str, params_hash: &str) -> Option<IdempotencyKey> {
    Some(IdempotencyKey {
        key: key.into(),
        route: "POST /v1/uploads".into(),
        params_hash: params_hash.into(),
    })
}

fn upload() -> NewUpload {
    NewUpload { filename: "a.wav".into(), length_bytes: 10, keep_identity: false }
}

async fn the_same_request_is_answered_with_what_it_made(bench: Bench) {
    let uploads = &bench.library.uploads;
    let first = uploads.create(&bench.caller, upload(), key("k", "h")).await.unwrap();
    let second = uploads.create(&bench.caller, upload(), key("k", "h")).await.unwrap();
    assert!(matches!(&second, Outcome::Replayed(u) if u == first.get()), "{second:?}");
    assert_eq!(uploads.list(&bench.caller).await.unwrap().len(), 1);

    let new = || NewRecording { filename: "a.wav".into(), ..NewRecording::default() };
    let r = &bench.library.recordings;
    let put = |content| r.put(&bench.caller, new(), body(content), key("r", "h"));
    let first = put(wav(100, 1)).await.unwrap();
    let second = put(Vec::new()).await.unwrap();
    assert!(matches!(&second, Outcome::Replayed(found) if found.id == first.get().id));
}

async fn another_request_under_the_key_is_refused(bench: Bench) {
    let uploads = &bench.library.uploads;
    uploads.create(&bench.caller, upload(), key("k", "h")).await.unwrap();
    let other = uploads.create(&bench.caller, upload(), key("k", "other")).await;
    assert!(matches!(other, Err(JobsError::IdempotencyMismatch)), "{other:?}");
    let other_route = key("k", "h").map(|key| IdempotencyKey { route: "POST /x".into(), ..key });
    let other = uploads.create(&bench.caller, upload(), other_route).await;
    assert!(matches!(other, Err(JobsError::IdempotencyMismatch)), "{other:?}");
}

async fn a_key_is_free_again_after_a_day(bench: Bench) {
    let uploads = &bench.library.uploads;
    let first = uploads.create(&bench.caller, upload(), key("k", "h")).await.unwrap();
    bench.clock.advance_ms(DAY_MS);
    let second = uploads.create(&bench.caller, upload(), key("k", "other")).await.unwrap();
    assert!(matches!(&second, Outcome::Created(u) if u.id != first.get().id), "{second:?}");
}

async fn two_at_once_make_one(bench: Bench) {
    let uploads = &bench.library.uploads;
    let tries = (0..6).map(|_| uploads.create(&bench.caller, upload(), key("k", "h")));
    let answers = futures::future::join_all(tries).await;
    let created = answers.iter().filter(|a| matches!(a, Ok(Outcome::Created(_)))).count();
    assert_eq!(created, 1, "{answers:?}");
    for answer in answers {
        let fine = matches!(
            answer,
            Ok(Outcome::Created(_) | Outcome::Replayed(_)) | Err(JobsError::IdempotencyBusy)
        );
        assert!(fine, "{answer:?}");
    }
    assert_eq!(uploads.list(&bench.caller).await.unwrap().len(), 1);
}

async fn keys_of_two_organisations_do_not_meet(bench: Bench) {
    let them = bench.stranger().await;
    let uploads = &bench.library.uploads;
    uploads.create(&bench.caller, upload(), key("k", "h")).await.unwrap();
    let theirs = uploads.create(&them, upload(), key("k", "other")).await.unwrap();
    assert!(matches!(theirs, Outcome::Created(_)));
}

async fn a_key_must_be_printable(bench: Bench) {
    let uploads = &bench.library.uploads;
    for wrong in ["", "a\0b", &"x".repeat(256)] {
        let refused = uploads.create(&bench.caller, upload(), key(wrong, "h")).await;
        assert!(matches!(refused, Err(JobsError::Invalid { field: "idempotency_key", .. })));
    }
}
