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
    let staging = bench.folder.path().join("staging");
    for name in ["tmp-old", "tmp-young", "upl_open"] {
        fs::write(staging.join(name), b"x").unwrap();
        age(&staging.join(name), if name == "tmp-young" { YOUNG } else { OLD });
    }
    bench.library.recover().await.unwrap();
    let mut left: Vec<String> = fs::read_dir(&staging)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
