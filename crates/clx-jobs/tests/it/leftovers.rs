//! What a crash leaves between the bytes and the row.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use clx_jobs::NewUpload;
use clx_store::UploadId;

use clx_testkit::on_both_databases;

use crate::bench::{Bench, wav};

on_both_databases![
    Bench;
    old_content_without_a_row_is_collected,
    young_content_without_a_row_is_left_alone,
    content_with_a_row_stays_however_old,
    old_temporary_files_are_swept_and_uploads_are_not,
    old_files_of_uploads_that_are_gone_are_removed,
];

fn age(path: &std::path::Path, by: Duration) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - by).unwrap();
}

const OLD: Duration = Duration::from_secs(7200);
const YOUNG: Duration = Duration::from_secs(60);

async fn old_content_without_a_row_is_collected(bench: Bench) {
    let blobs = bench.store.blobs();
    let blob = blobs.put(&bench.caller.org, b"nobody names this").unwrap();
    let path = bench.folder().join("blobs").join(bench.caller.org.as_str()).join(&blob.sha256);
    age(&path, OLD);
    bench.library.recover().await.unwrap();
    assert!(!blobs.exists(&bench.caller.org, &blob.sha256));
}

/// It may belong to a transaction that commits a moment later.
async fn young_content_without_a_row_is_left_alone(bench: Bench) {
    let blobs = bench.store.blobs();
    let blob = blobs.put(&bench.caller.org, b"a row will name this").unwrap();
    let path = bench.folder().join("blobs").join(bench.caller.org.as_str()).join(&blob.sha256);
    age(&path, YOUNG);
    bench.library.recover().await.unwrap();
    assert!(blobs.exists(&bench.caller.org, &blob.sha256));
}

async fn content_with_a_row_stays_however_old(bench: Bench) {
    let recording = bench.put("a.wav", wav(100, 1)).await.into_inner();
    let folder = bench.folder().join("blobs").join(bench.caller.org.as_str());
    age(&folder.join(&recording.sha256), OLD);
    bench.clock.advance_ms(i64::try_from(OLD.as_millis()).unwrap());
    bench.library.recover().await.unwrap();
    assert!(bench.store.blobs().exists(&bench.caller.org, &recording.sha256));
}

async fn old_temporary_files_are_swept_and_uploads_are_not(bench: Bench) {
    let upload = create_upload(&bench).await;
    let staging = bench.folder().join("staging");
    for (name, by) in [("tmp-old", OLD), ("tmp-young", YOUNG), (upload.as_str(), OLD)] {
        fs::write(staging.join(name), b"x").unwrap();
        age(&staging.join(name), by);
    }
    bench.library.recover().await.unwrap();
    assert_eq!(names(&staging), ["tmp-young", upload.as_str()]);
}

/// A crash came between the end of the row and that of its file.
async fn old_files_of_uploads_that_are_gone_are_removed(bench: Bench) {
    let staging = bench.folder().join("staging");
    let (old, young) = (UploadId::new(), UploadId::new());
    for (name, by) in [(old.as_str(), OLD), (young.as_str(), YOUNG), ("README", OLD)] {
        fs::write(staging.join(name), b"x").unwrap();
        age(&staging.join(name), by);
    }
    bench.library.recover().await.unwrap();
    assert_eq!(names(&staging), ["README", young.as_str()]);
}

async fn create_upload(bench: &Bench) -> UploadId {
    let new = NewUpload { filename: "a.wav".into(), length_bytes: 100, keep_identity: false };
    bench.library.uploads.create(&bench.caller, new, None).await.unwrap().into_inner().id
}

fn names(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
