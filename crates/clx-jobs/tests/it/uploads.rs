use std::time::Duration;

use clx_jobs::{JobsError, NewUpload, Outcome, RecordingState, Upload, Workers};
use clx_store::UploadId;
use sha2::{Digest, Sha256};

use clx_testkit::{DAY_MS, on_both_databases};

use crate::bench::{Bench, body, broken_body, edf, wav};

on_both_databases![
    Bench;
    parts_make_one_recording,
    a_part_at_the_wrong_place_is_told_the_right_one,
    what_arrived_before_a_broken_connection_is_kept,
    bytes_behind_the_durable_offset_are_overwritten,
    more_than_announced_is_refused,
    limits_are_said_at_creation,
    an_upload_that_is_no_signal_is_refused_and_gone,
    an_upload_expires,
    a_complete_upload_is_sealed_after_a_crash,
    deleting_an_upload_removes_its_file,
    a_client_that_leaves_during_creation_leaves_no_upload_without_its_file,
];

async fn create(bench: &Bench, length: usize) -> Upload {
    let new = NewUpload {
        filename: "tone.wav".into(),
        length_bytes: length as u64,
        keep_identity: false,
    };
    let made = bench.library.uploads.create(&bench.caller, new, None).await.unwrap();
    assert!(matches!(made, Outcome::Created(_)));
    made.into_inner()
}

async fn append(bench: &Bench, id: &UploadId, at: usize, part: &[u8]) -> Result<Upload, JobsError> {
    bench.library.uploads.append(&bench.caller, id, at as u64, body(part.to_vec())).await
}

fn staged(bench: &Bench) -> usize {
    std::fs::read_dir(bench.folder().join("staging")).unwrap().count()
}

async fn parts_make_one_recording(bench: Bench) {
    let content = wav(4000, 7);
    let upload = create(&bench, content.len()).await;
    assert_eq!(
        bench.library.uploads.list(&bench.caller).await.unwrap(),
        std::slice::from_ref(&upload)
    );
    let mut at = 0;
    for part in content.chunks(3000) {
        let now = append(&bench, &upload.id, at, part).await.unwrap();
        at += part.len();
        assert_eq!((now.offset_bytes, now.recording.is_some()), (at as u64, at == content.len()));
    }
    let done = bench.library.uploads.view(&bench.caller, &upload.id).await.unwrap();
    let id = done.recording.unwrap();
    let recording = bench.library.recordings.view(&bench.caller, &id).await.unwrap();
    assert_eq!(recording.state, RecordingState::Processing);
    assert_eq!(recording.sha256, hex::encode(Sha256::digest(&content)));
    assert!(bench.library.uploads.list(&bench.caller).await.unwrap().is_empty());
    assert_eq!(staged(&bench), 0);
}

async fn a_part_at_the_wrong_place_is_told_the_right_one(bench: Bench) {
    let content = wav(1000, 0);
    let upload = create(&bench, content.len()).await;
    append(&bench, &upload.id, 0, &content[..500]).await.unwrap();
    for wrong in [0, 499, 501] {
        let refused = append(&bench, &upload.id, wrong, &content[500..]).await;
        assert!(matches!(refused, Err(JobsError::Offset { expected: 500, .. })), "{refused:?}");
    }
}

async fn what_arrived_before_a_broken_connection_is_kept(bench: Bench) {
    let content = wav(4000, 1);
    let upload = create(&bench, content.len()).await;
    let part = broken_body(content[..2500].to_vec());
    let broken = bench.library.uploads.append(&bench.caller, &upload.id, 0, part).await;
    assert!(matches!(broken, Err(JobsError::Body(_))), "{broken:?}");
    let now = bench.library.uploads.view(&bench.caller, &upload.id).await.unwrap();
    assert_eq!(now.offset_bytes, 2500);
    let done = append(&bench, &upload.id, 2500, &content[2500..]).await.unwrap();
    let recording = bench.library.recordings.view(&bench.caller, &done.recording.unwrap()).await;
    assert_eq!(recording.unwrap().sha256, hex::encode(Sha256::digest(&content)));
}

/// A crash can leave bytes in the file that no row vouches for.
async fn bytes_behind_the_durable_offset_are_overwritten(bench: Bench) {
    let content = wav(1000, 2);
    let upload = create(&bench, content.len()).await;
    append(&bench, &upload.id, 0, &content[..600]).await.unwrap();
    let path = bench.folder().join("staging").join(upload.id.as_str());
    let mut torn = std::fs::read(&path).unwrap();
    torn.extend([0xAA; 300]);
    std::fs::write(&path, torn).unwrap();
    let done = append(&bench, &upload.id, 600, &content[600..]).await.unwrap();
    let recording = bench.library.recordings.view(&bench.caller, &done.recording.unwrap()).await;
    assert_eq!(recording.unwrap().sha256, hex::encode(Sha256::digest(&content)));
}

async fn more_than_announced_is_refused(bench: Bench) {
    let content = wav(1000, 3);
    let upload = create(&bench, content.len() - 1).await;
    let refused = append(&bench, &upload.id, 0, &content).await;
    assert!(matches!(refused, Err(JobsError::TooLarge { .. })), "{refused:?}");
    let now = bench.library.uploads.view(&bench.caller, &upload.id).await.unwrap();
    assert!(now.recording.is_none() && now.offset_bytes < now.length_bytes);
}

async fn limits_are_said_at_creation(bench: Bench) {
    let new =
        |length_bytes| NewUpload { filename: "x.edf".into(), length_bytes, keep_identity: false };
    let most = bench.library.uploads.max_bytes();
    let refused = bench.library.uploads.create(&bench.caller, new(most + 1), None).await;
    assert!(matches!(refused, Err(JobsError::TooLarge { limit_bytes }) if limit_bytes == most));
    let refused = bench.library.uploads.create(&bench.caller, new(0), None).await;
    assert!(matches!(refused, Err(JobsError::Invalid { field: "length", .. })));
    assert_eq!(staged(&bench), 0);
}

async fn an_upload_that_is_no_signal_is_refused_and_gone(bench: Bench) {
    let upload = create(&bench, 5000).await;
    let refused = append(&bench, &upload.id, 0, &[b'?'; 5000]).await;
    assert!(matches!(refused, Err(JobsError::Unsupported(_))), "{refused:?}");
    let gone = bench.library.uploads.view(&bench.caller, &upload.id).await;
    assert!(matches!(gone, Err(JobsError::NotFound("upload"))));
    assert_eq!(staged(&bench), 0);
}

async fn an_upload_expires(bench: Bench) {
    let upload = create(&bench, 5000).await;
    bench.clock.advance_ms(2 * DAY_MS - 1);
    append(&bench, &upload.id, 0, &[b'R'; 10]).await.unwrap();
    bench.clock.advance_ms(2 * DAY_MS - 1);
    bench.library.uploads.view(&bench.caller, &upload.id).await.unwrap();
    bench.clock.advance_ms(2);
    assert!(bench.library.uploads.view(&bench.caller, &upload.id).await.is_err());
    bench.library.recover().await.unwrap();
    assert_eq!(staged(&bench), 0);
}

async fn a_complete_upload_is_sealed_after_a_crash(bench: Bench) {
    let content = edf(2);
    let upload = create(&bench, content.len()).await;
    append(&bench, &upload.id, 0, &content[..content.len() - 1]).await.unwrap();
    // The last byte is on disk and in the row, and then the process dies.
    std::fs::write(bench.folder().join("staging").join(upload.id.as_str()), &content).unwrap();
    let tx = bench.store.begin().await.unwrap();
    let (from, to) = (content.len() as i64 - 1, content.len() as i64);
    let id = upload.id.as_str();
    let moved = clx_store::rows::upload::advance(&tx, id, from, to, upload.expires_at_ms).await;
    assert!(moved.unwrap());
    tx.commit().await.unwrap();
    bench.library.recover().await.unwrap();
    let done = bench.library.uploads.view(&bench.caller, &upload.id).await.unwrap();
    let workers = Workers::start(&bench.library);
    let recording = bench.wait_until_read(&done.recording.unwrap()).await;
    workers.stop().await;
    assert_eq!(recording.state, RecordingState::Ready);
}

async fn deleting_an_upload_removes_its_file(bench: Bench) {
    let upload = create(&bench, 5000).await;
    bench.library.uploads.delete(&bench.caller, &upload.id).await.unwrap();
    assert_eq!(staged(&bench), 0);
    let again = bench.library.uploads.delete(&bench.caller, &upload.id).await;
    assert!(matches!(again, Err(JobsError::NotFound("upload"))));
}

/// The request is dropped after each of its steps in turn, also between the commit and its answer.
async fn a_client_that_leaves_during_creation_leaves_no_upload_without_its_file(bench: Bench) {
    for steps in 1..60 {
        let new = NewUpload { filename: "a.wav".into(), length_bytes: 9, keep_identity: false };
        let mut creating = Box::pin(bench.library.uploads.create(&bench.caller, new, None));
        let mut done = false;
        for _ in 0..steps {
            done = done || futures::poll!(&mut creating).is_ready();
            // Lets the database answer, and the step after that be the next one.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        drop(creating);
        if done {
            break;
        }
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    for upload in bench.library.uploads.list(&bench.caller).await.unwrap() {
        let path = bench.folder().join("staging").join(upload.id.as_str());
        assert!(path.is_file(), "{upload:?}");
    }
}
