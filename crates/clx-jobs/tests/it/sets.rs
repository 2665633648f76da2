//! Recordings that consist of several files.

use std::io::{Cursor, Write};

use clx_jobs::{JobsError, NewRecording, RecordingState};
use clx_testkit::on_both_databases;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::bench::{Bench, body};

on_both_databases![
    Bench;
    a_zipped_set_is_read_and_names_nobody,
    a_part_of_a_set_is_refused_with_what_works,
    a_compressed_archive_that_names_a_person_is_refused_unless_that_is_kept,
];

const HEADER: &str = "Brain Vision Data Exchange Header File Version 1.0\r\n\
    [Common Infos]\r\nDataFile=rec.eeg\r\nDataFormat=BINARY\r\nDataOrientation=MULTIPLEXED\r\n\
    NumberOfChannels=1\r\nSamplingInterval=10000\r\n[Binary Infos]\r\nBinaryFormat=INT_16\r\n\
    [Channel Infos]\r\nCh1=Cz,,0.5,uV\r\n[Comment]\r\nPatient: Erika Beispiel\r\n";

/// The header above and 400 samples of 100 Hz.
fn set(method: CompressionMethod) -> Vec<u8> {
    let samples: Vec<u8> = (0..400_i16).flat_map(|i| (i % 50).to_le_bytes()).collect();
    let options = SimpleFileOptions::default().compression_method(method);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [("rec.vhdr", HEADER.as_bytes()), ("rec.eeg", &samples)] {
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

async fn refused(bench: &Bench, name: &str, content: Vec<u8>) -> String {
    let new = NewRecording { filename: name.into(), ..NewRecording::default() };
    match bench.library.recordings.put(&bench.caller, new, body(content), None).await {
        Err(JobsError::Unsupported(reason)) => reason,
        other => panic!("{name}: {other:?}"),
    }
}

async fn a_zipped_set_is_read_and_names_nobody(bench: Bench) {
    let recording = bench.put_and_read("rec.zip", set(CompressionMethod::Stored)).await;
    assert_eq!(recording.state, RecordingState::Ready, "{recording:?}");
    assert_eq!((recording.duration_s, recording.channels[0].rate_hz), (Some(4.0), 100.0));
    assert_eq!(recording.format.as_deref(), Some("brainvision"));
    let content = bench.library.recordings.content(&bench.caller, &recording.id).await.unwrap();
    assert_eq!(content.media_type, "application/zip");
    let parts = content.read(0..content.size_bytes).await.unwrap();
    let parts: Vec<_> = futures::StreamExt::collect(parts).await;
    let stored: Vec<u8> = parts.into_iter().flat_map(|part| part.unwrap().to_vec()).collect();
    assert!(!stored.windows(5).any(|w| w == b"Erika"));
}

async fn a_part_of_a_set_is_refused_with_what_works(bench: Bench) {
    let reason = refused(&bench, "rec.vhdr", HEADER.into()).await;
    assert!(reason.contains("rec.eeg") && reason.contains("ZIP"), "{reason}");
    let reason = refused(&bench, "rec.eeg", vec![7; 800]).await;
    assert!(reason.contains(".vhdr") && reason.contains("ZIP"), "{reason}");
    // What belongs to no set is refused as before.
    let reason = refused(&bench, "rec.xyz", vec![7; 800]).await;
    assert!(reason.contains("no format"), "{reason}");
}

async fn a_compressed_archive_that_names_a_person_is_refused_unless_that_is_kept(bench: Bench) {
    let zip = set(CompressionMethod::Deflated);
    let reason = refused(&bench, "rec.zip", zip.clone()).await;
    assert!(reason.contains("zip -0") && reason.contains("identity kept"), "{reason}");
    let new =
        NewRecording { filename: "rec.zip".into(), keep_identity: true, ..NewRecording::default() };
    let put = bench.library.recordings.put(&bench.caller, new, body(zip), None).await;
    assert!(put.is_ok(), "{put:?}");
}
