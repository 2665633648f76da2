use std::io;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use clx_accounts::{Caller, Role, Via};
use clx_jobs::{
    Job, JobsConfig, Library, NewRecording, Outcome, Recording, RecordingState, Workers,
};
use clx_store::{Clock, JobId, RecordingId, Store};
use clx_testkit::{START_MS, TestStore};
use futures::Stream;

pub(crate) struct Bench {
    pub(crate) store: Store,
    pub(crate) library: Library,
    pub(crate) clock: Clock,
    pub(crate) caller: Caller,
    place: TestStore,
}

impl Bench {
    pub(crate) async fn on(place: TestStore) -> Self {
        let (store, clock) = (place.store.clone(), Clock::manual(START_MS));
        let config = JobsConfig { poll_ms: 20, max_upload_bytes: 4 << 20, ..JobsConfig::default() };
        let library = Library::new(store.clone(), config, clock.clone());
        let caller = member(&place).await;
        Self { store, library, clock, caller, place }
    }

    /// The folder of the content files and the staging area.
    pub(crate) fn folder(&self) -> &Path {
        self.place.folder()
    }

    /// A member of another organisation.
    pub(crate) async fn stranger(&self) -> Caller {
        member(&self.place).await
    }

    pub(crate) async fn put(&self, name: &str, content: Vec<u8>) -> Outcome<Recording> {
        let new = NewRecording { filename: name.into(), ..NewRecording::default() };
        self.library.recordings.put(&self.caller, new, body(content), None).await.unwrap()
    }

    /// Hands a file over and waits until it has been read.
    pub(crate) async fn put_and_read(&self, name: &str, content: Vec<u8>) -> Recording {
        let workers = Workers::start(&self.library);
        let id = self.put(name, content).await.into_inner().id;
        let recording = self.wait_until_read(&id).await;
        workers.stop().await;
        recording
    }

    pub(crate) async fn wait_until_read(&self, id: &RecordingId) -> Recording {
        for _ in 0..1500 {
            let recording = self.library.recordings.view(&self.caller, id).await.unwrap();
            if recording.state != RecordingState::Processing {
                return recording;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{id} was not read within 30 s");
    }

    pub(crate) async fn wait(&self, id: &JobId) -> Job {
        let job = self.library.jobs.wait(&self.caller, id, Duration::from_secs(60)).await.unwrap();
        assert!(job.state.is_finished(), "{job:?}");
        job
    }
}

async fn member(place: &TestStore) -> Caller {
    let (org, user) = place.tenant(Role::Member.as_str()).await;
    Caller { org, user, role: Role::Member, via: Via::Session }
}

/// A request body that arrives in parts of 1000 bytes.
pub(crate) fn body(content: Vec<u8>) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let parts: Vec<_> = content.chunks(1000).map(|c| Ok(Bytes::copy_from_slice(c))).collect();
    futures::stream::iter(parts)
}

/// A body whose connection breaks after `content`.
pub(crate) fn broken_body(content: Vec<u8>) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let mut parts: Vec<_> = content.chunks(1000).map(|c| Ok(Bytes::copy_from_slice(c))).collect();
    parts.push(Err(io::Error::from(io::ErrorKind::ConnectionReset)));
    futures::stream::iter(parts)
}

/// Mono 16-bit PCM at 8 kHz: a ramp that starts at `seed`, so that contents differ.
pub(crate) fn wav(n_frames: u32, seed: i16) -> Vec<u8> {
    clx_testkit::wav(8000, (0..n_frames).map(|i| seed.wrapping_add(i as i16)))
}

/// EDF of one channel `EEG Cz`, 100 Hz, `seconds` records of 1 s, digital = physical in uV, the
/// sample at index i being `i mod 200 - 100`; the header names a patient.
pub(crate) fn edf(seconds: usize) -> Vec<u8> {
    let mut header = String::new();
    let mut field = |text: &str, width: usize| header.push_str(&format!("{text:<width$}"));
    field("0", 8);
    field("MCH-0234567 F 02-MAY-1951 Haagse_Harry", 80);
    field("Startdate 02-MAR-2002 PSG-1234 Dr_Who", 80);
    field("02.03.02", 8);
    field("11.22.33", 8);
    field("512", 8);
    field("", 44);
    field(&seconds.to_string(), 8);
    field("1", 8);
    field("1", 4);
    field("EEG Cz", 16);
    field("AgAgCl", 80);
    field("uV", 8);
    field("-1000", 8);
    field("1000", 8);
    field("-1000", 8);
    field("1000", 8);
    field("", 80);
    field("100", 8);
    field("", 32);
    let mut bytes = header.into_bytes();
    assert_eq!(bytes.len(), 512);
    for i in 0..seconds * 100 {
        bytes.extend(((i % 200) as i16 - 100).to_le_bytes());
    }
    bytes
}
