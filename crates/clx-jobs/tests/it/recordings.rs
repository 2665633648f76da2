use std::io;

use clx_jobs::{
    JobsError, NewRecording, Outcome, Page, RecordingFilter, RecordingKind, RecordingState,
    SignalQuery, SpectrogramQuery, Workers,
};
use clx_testkit::{DAY_MS, Tolerance, assert_close, on_both_databases};
use futures::StreamExt;

use crate::bench::{Bench, body, edf, wav};

on_both_databases![
    Bench;
    the_same_content_is_the_same_recording,
    identity_is_blanked_before_the_content_gets_its_address,
    identity_is_kept_when_asked_for,
    a_read_recording_shows_its_channels,
    a_sound_shows_its_channels,
    content_that_breaks_its_format_fails_with_a_reason,
    the_signal_comes_from_samples_and_from_the_pyramid_alike,
    a_sine_is_bright_at_its_frequency,
    a_title_changes_only_from_the_version_that_was_read,
    lists_are_paged_and_searched,
    delete_hides_and_restore_undoes,
    restoring_while_the_reading_is_being_cancelled_reads_on,
    content_handed_over_again_blocks_restore,
    a_purge_removes_the_content_too,
    any_range_of_the_content_can_be_read,
];

async fn the_same_content_is_the_same_recording(bench: Bench) {
    let first = bench.put("a.wav", wav(100, 1)).await;
    assert!(matches!(first, Outcome::Created(_)));
    let second = bench.put("b.wav", wav(100, 1)).await;
    assert!(matches!(second, Outcome::Existing(_)));
    assert_eq!(second.get().id, first.get().id);
    assert_ne!(bench.put("c.wav", wav(100, 2)).await.get().id, first.get().id);
}

async fn identity_is_blanked_before_the_content_gets_its_address(bench: Bench) {
    let recording = bench.put("rec.edf", edf(1)).await.into_inner();
    let stored = read(&bench, &recording.id).await;
    // EDF+ 2.1.3: the anonymous patient field.
    assert!(stored[8..].starts_with(b"X X X X "));
    let has = |name: &[u8]| stored.windows(name.len()).any(|w| w == name);
    assert!(!has(b"Haagse_Harry") && !has(b"Dr_Who") && !has(b"MCH-0234567"));
    use sha2::Digest;
    assert_eq!(recording.sha256, hex::encode(sha2::Sha256::digest(&stored)));
    assert_eq!(stored[256..], edf(1)[256..], "nothing but the identity changed");
}

async fn identity_is_kept_when_asked_for(bench: Bench) {
    let new =
        NewRecording { filename: "rec.edf".into(), keep_identity: true, ..NewRecording::default() };
    let put = bench.library.recordings.put(&bench.caller, new, body(edf(1)), None).await;
    assert_eq!(read(&bench, &put.unwrap().get().id).await, edf(1));
}

async fn read(bench: &Bench, id: &clx_store::RecordingId) -> Vec<u8> {
    let content = bench.library.recordings.content(&bench.caller, id).await.unwrap();
    let parts = content.read(0..content.size_bytes).await.unwrap();
    let parts: Vec<io::Result<bytes::Bytes>> = parts.collect().await;
    parts.into_iter().flat_map(|part| part.unwrap().to_vec()).collect()
}

async fn a_read_recording_shows_its_channels(bench: Bench) {
    let recording = bench.put_and_read("night.edf", edf(4)).await;
    assert_eq!(recording.state, RecordingState::Ready, "{recording:?}");
    assert_eq!(recording.kind, Some(RecordingKind::Eeg));
    assert_eq!((recording.title.as_str(), recording.format.as_deref()), ("night", Some("edf")));
    assert_eq!(recording.duration_s, Some(4.0));
    assert_eq!(recording.start.as_deref(), Some("2002-03-02T11:22:33"));
    let channel = &recording.channels[0];
    assert_eq!((channel.name.as_str(), channel.label.as_str()), ("Cz", "EEG Cz"));
    assert_eq!((channel.rate_hz, channel.n_samples), (100.0, 400));
    // Cz is the vertex: the centre of the head.
    assert_eq!(channel.position, Some([0.0, 0.0]));
    let annotations = bench.library.recordings.annotations(&bench.caller, &recording.id).await;
    assert!(annotations.unwrap().is_empty());
}

async fn a_sound_shows_its_channels(bench: Bench) {
    let recording = bench.put_and_read("tone.wav", wav(16_000, 0)).await;
    assert_eq!(recording.state, RecordingState::Ready, "{recording:?}");
    assert_eq!((recording.kind, recording.duration_s), (Some(RecordingKind::Audio), Some(2.0)));
    assert_eq!((recording.channels[0].name.as_str(), recording.channels.len()), ("mono", 1));
}

async fn content_that_breaks_its_format_fails_with_a_reason(bench: Bench) {
    let mut broken = edf(2);
    broken[252..256].copy_from_slice(b"zero");
    let recording = bench.put_and_read("broken.edf", broken).await;
    assert_eq!(recording.state, RecordingState::Failed);
    assert!(recording.error.is_some_and(|error| !error.is_empty()));
    let query = SignalQuery { tmin_s: 0.0, tmax_s: 1.0, columns: 10, channels: None };
    let window = bench.library.recordings.signal_window(&bench.caller, &recording.id, query).await;
    assert!(matches!(window, Err(JobsError::Conflict(_))));
}

/// The recording rises from -100 uV to 99 uV in two seconds, again and again.
async fn the_signal_comes_from_samples_and_from_the_pyramid_alike(bench: Bench) {
    let id = bench.put_and_read("ramp.edf", edf(400)).await.id;
    let window = |tmin_s, tmax_s, columns| {
        let query = SignalQuery { tmin_s, tmax_s, columns, channels: Some(vec![0]) };
        bench.library.recordings.signal_window(&bench.caller, &id, query)
    };
    // Two samples per column: 1.00 s is the 100th sample, 0 uV.
    let close = window(1.0, 1.1, 5).await.unwrap();
    for (i, [min, max]) in close.channels[0].iter().enumerate() {
        assert_close(f64::from(*min), 2.0 * i as f64 * 1e-6, Tolerance::Absolute(1e-9));
        assert_close(f64::from(*max), (2.0 * i as f64 + 1.0) * 1e-6, Tolerance::Absolute(1e-9));
    }
    // 400 samples per column: every column holds whole ramps.
    let wide = window(0.0, 400.0, 100).await.unwrap();
    assert_eq!(wide.channels[0].len(), 100);
    for [min, max] in &wide.channels[0] {
        assert_close(f64::from(*min), -100e-6, Tolerance::Absolute(1e-9));
        assert_close(f64::from(*max), 99e-6, Tolerance::Absolute(1e-9));
    }
    // Beyond the end there is nothing.
    let beyond = window(400.0, 500.0, 4).await.unwrap();
    assert!(beyond.channels[0].iter().flatten().all(|x| x.is_nan()));
    for wrong in
        [window(1.0, 1.0, 5).await, window(0.0, 1.0, 0).await, window(0.0, 1.0, 9000).await]
    {
        assert!(matches!(wrong, Err(JobsError::Invalid { .. })));
    }
}

async fn a_sine_is_bright_at_its_frequency(bench: Bench) {
    // 1 kHz at 8 kHz rate: eight samples a period.
    let mut content = wav(16_000, 0);
    for (i, sample) in content[44..].chunks_exact_mut(2).enumerate() {
        let x = 10_000.0 * (std::f64::consts::TAU * i as f64 / 8.0).sin();
        sample.copy_from_slice(&(x.round() as i16).to_le_bytes());
    }
    let id = bench.put_and_read("sine.wav", content).await.id;
    let query = SpectrogramQuery { channel: 0, tmin_s: 0.2, tmax_s: 1.8, columns: 8, rows: 40 };
    let drawn =
        bench.library.recordings.spectrogram_window(&bench.caller, &id, query).await.unwrap();
    assert_eq!((drawn.fmax_hz, drawn.values.len()), (4000.0, 320));
    for column in drawn.values.chunks(40) {
        let brightest = (0..40).max_by_key(|&row| column[row]).unwrap();
        // Rows are 100 Hz high, 1000 Hz is the edge between the rows 9 and 10.
        assert!(brightest == 9 || brightest == 10, "{column:?}");
    }
}

async fn a_title_changes_only_from_the_version_that_was_read(bench: Bench) {
    let recordings = &bench.library.recordings;
    let before = bench.put("a.wav", wav(100, 1)).await.into_inner();
    let tag = Some(before.etag.as_str());
    let after = recordings.rename(&bench.caller, &before.id, " Night 1 ", tag).await.unwrap();
    assert_eq!(after.title, "Night 1");
    assert_ne!(after.etag, before.etag);
    let stale = recordings.rename(&bench.caller, &before.id, "Night 2", tag).await;
    assert!(matches!(stale, Err(JobsError::PreconditionFailed { etag }) if etag == after.etag));
    let empty = recordings.rename(&bench.caller, &before.id, " ", None).await;
    assert!(matches!(empty, Err(JobsError::Invalid { field: "title", .. })));
}

async fn lists_are_paged_and_searched(bench: Bench) {
    for (i, name) in ["Alpha_1.wav", "beta 50%.wav", "alphabet.wav"].into_iter().enumerate() {
        bench.put(name, wav(100, i as i16)).await;
    }
    let recordings = &bench.library.recordings;
    let titles = async |q: Option<&str>, cursor: Option<String>, limit| {
        let filter = RecordingFilter { q: q.map(str::to_owned), page: Page { cursor, limit } };
        let listing = recordings.list(&bench.caller, filter).await.unwrap();
        let titles: Vec<String> = listing.data.into_iter().map(|r| r.title).collect();
        (titles, listing.next_cursor)
    };
    let (first, next) = titles(None, None, 2).await;
    assert_eq!(first, ["alphabet", "beta 50%"]);
    let (second, none) = titles(None, next, 2).await;
    assert_eq!((second, none), (vec!["Alpha_1".to_owned()], None));
    assert_eq!(titles(Some("ALPHA"), None, 10).await.0, ["alphabet", "Alpha_1"]);
    // Wildcards mean themselves.
    assert_eq!(titles(Some("50%"), None, 10).await.0, ["beta 50%"]);
    assert_eq!(titles(Some("a_1"), None, 10).await.0, ["Alpha_1"]);
    assert_eq!(titles(Some("%"), None, 10).await.0, ["beta 50%"]);
    let filter = RecordingFilter {
        page: Page { cursor: Some("rec_nonsense".into()), limit: 10 },
        ..RecordingFilter::default()
    };
    let wrong = recordings.list(&bench.caller, filter).await;
    assert!(matches!(wrong, Err(JobsError::Invalid { field: "cursor", .. })));
}

async fn delete_hides_and_restore_undoes(bench: Bench) {
    let recordings = &bench.library.recordings;
    let id = bench.put("a.wav", wav(100, 1)).await.into_inner().id;
    recordings.delete(&bench.caller, &id).await.unwrap();
    assert!(matches!(recordings.view(&bench.caller, &id).await, Err(JobsError::NotFound(_))));
    assert!(
        recordings.list(&bench.caller, RecordingFilter::default()).await.unwrap().data.is_empty()
    );
    assert!(matches!(recordings.delete(&bench.caller, &id).await, Err(JobsError::NotFound(_))));
    bench.clock.advance_ms(29 * DAY_MS);
    bench.library.recover().await.unwrap();
    assert_eq!(recordings.restore(&bench.caller, &id).await.unwrap().id, id);
    recordings.restore(&bench.caller, &id).await.unwrap();
}

/// Deleted and restored before the worker, here one that went silent, noticed.
async fn restoring_while_the_reading_is_being_cancelled_reads_on(bench: Bench) {
    let recordings = &bench.library.recordings;
    let id = bench.put("a.wav", wav(8000, 1)).await.into_inner().id;
    let (now, lease_ms) = (bench.clock.now_ms(), 15_000);
    let tx = bench.store.begin().await.unwrap();
    let reading = clx_store::rows::job::claim(&tx, now, now + lease_ms).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(reading.unwrap().recording_id.as_deref(), Some(id.as_str()));
    recordings.delete(&bench.caller, &id).await.unwrap();
    recordings.restore(&bench.caller, &id).await.unwrap();
    bench.clock.advance_ms(lease_ms + 1);
    let workers = Workers::start(&bench.library);
    let recording = bench.wait_until_read(&id).await;
    workers.stop().await;
    assert_eq!(recording.state, RecordingState::Ready);
}

async fn content_handed_over_again_blocks_restore(bench: Bench) {
    let recordings = &bench.library.recordings;
    let id = bench.put("a.wav", wav(100, 1)).await.into_inner().id;
    recordings.delete(&bench.caller, &id).await.unwrap();
    let again = bench.put("a.wav", wav(100, 1)).await;
    assert!(matches!(&again, Outcome::Created(r) if r.id != id));
    let refused = recordings.restore(&bench.caller, &id).await;
    assert!(matches!(refused, Err(JobsError::Conflict(_))));
}

async fn a_purge_removes_the_content_too(bench: Bench) {
    let recordings = &bench.library.recordings;
    let recording = bench.put_and_read("a.wav", wav(100, 1)).await;
    recordings.delete(&bench.caller, &recording.id).await.unwrap();
    bench.clock.advance_ms(30 * DAY_MS + 1);
    let gone = recordings.restore(&bench.caller, &recording.id).await;
    assert!(matches!(gone, Err(JobsError::NotFound(_))));
    // Objects are collected by the age of the file, which this test cannot wait for.
    let blobs = bench.folder().join("blobs").join(bench.caller.org.as_str());
    for entry in std::fs::read_dir(&blobs).unwrap() {
        let file = std::fs::File::options().write(true).open(entry.unwrap().path()).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    }
    bench.library.recover().await.unwrap();
    assert_eq!(std::fs::read_dir(&blobs).unwrap().count(), 0);
}

async fn any_range_of_the_content_can_be_read(bench: Bench) {
    let whole = wav(5000, 9);
    let id = bench.put("a.wav", whole.clone()).await.into_inner().id;
    let content = bench.library.recordings.content(&bench.caller, &id).await.unwrap();
    let n = whole.len() as u64;
    for range in [0..n, 0..1, n - 1..n, 17..4711, 5..5] {
        let parts: Vec<_> = content.read(range.clone()).await.unwrap().collect().await;
        let got: Vec<u8> = parts.into_iter().flat_map(|part| part.unwrap().to_vec()).collect();
        assert_eq!(got, whole[range.start as usize..range.end as usize], "{range:?}");
    }
    assert!(content.read(0..n + 1).await.is_err());
}
