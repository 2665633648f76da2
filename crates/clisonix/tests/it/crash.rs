//! `kill -9` at random moments of uploads, analyses and composition loses and doubles nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::client::{Attempt, Client};
use crate::server::Server;

/// `CLX_CRASHES` sets how often the server is killed; CI keeps it short.
fn crashes() -> usize {
    std::env::var("CLX_CRASHES").ok().and_then(|n| n.parse().ok()).unwrap_or(12)
}

/// What the server accepted and so must finish.
#[derive(Default)]
struct Accepted {
    uploads: BTreeMap<String, Upload>,
    /// Recording id → hash of its content.
    recordings: BTreeMap<String, String>,
    jobs: BTreeSet<String>,
    next: u64,
}

#[derive(Clone)]
struct Upload {
    content: Arc<Vec<u8>>,
}

#[test]
fn nothing_is_lost_or_doubled_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    survives(folder.path(), None);
}

#[test]
fn nothing_is_lost_or_doubled_on_postgresql() {
    let Some(server) = clx_testkit::postgres() else { return };
    let folder = tempfile::tempdir().unwrap();
    survives(folder.path(), Some(&server.database("crash")));
}

fn survives(data_dir: &Path, database_url: Option<&str>) {
    let mut random = Random(0x5eed);
    let accepted = Arc::new(Mutex::new(Accepted::default()));
    let server = Server::start(data_dir, database_url);
    let link = server.started.sign_in.clone().expect("the first start prints a sign-in link");
    let key = Client::new(&server.started.api, None).key_from_link(&link).unwrap();
    server.kill();

    for _ in 0..crashes() {
        let server = Server::start(data_dir, database_url);
        let client = Client::new(&server.started.api, Some(key.clone()));
        let stop = Arc::new(AtomicBool::new(false));
        let worker = {
            let (accepted, stop) = (accepted.clone(), stop.clone());
            thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    if work(&client, &accepted).is_err() {
                        return;
                    }
                }
            })
        };
        thread::sleep(Duration::from_millis(random.below(1200)));
        server.kill();
        stop.store(true, Ordering::Relaxed);
        worker.join().unwrap();
    }

    let server = Server::start(data_dir, database_url);
    let client = Client::new(&server.started.api, Some(key));
    finish_uploads(&client, &accepted);
    let accepted = accepted.lock().unwrap();
    assert!(!accepted.jobs.is_empty(), "the test got no job accepted between crashes");
    check_recordings(&client, &accepted);
    check_jobs(&client, &accepted);
    server.kill();
}

/// One round of a client's life: carry on an upload or start one, then ask for a track.
fn work(client: &Client, accepted: &Mutex<Accepted>) -> Attempt<()> {
    let open = accepted.lock().unwrap().uploads.iter().next().map(|(k, v)| (k.clone(), v.clone()));
    let (path, upload) = match open {
        Some(open) => open,
        None => {
            let number = {
                let mut accepted = accepted.lock().unwrap();
                accepted.next += 1;
                accepted.next
            };
            let content = Arc::new(wav(number));
            let path = client.create_upload(&format!("{number}.wav"), content.len())?;
            let upload = Upload { content };
            accepted.lock().unwrap().uploads.insert(path.clone(), upload.clone());
            (path, upload)
        }
    };
    carry_on(client, accepted, &path, &upload)?;

    let number = {
        let mut accepted = accepted.lock().unwrap();
        accepted.next += 1;
        accepted.next
    };
    let body = json!({
        "analysis": "brainsync.compose",
        "params": {"mode": "relax", "duration_s": 10.0, "seed": number, "formats": ["flac"]},
    });
    let job = client.submit(&body, &format!("track-{number}"))?;
    accepted.lock().unwrap().jobs.insert(id(&job));
    Ok(())
}

/// Sends what is missing of an upload, in parts.
fn carry_on(
    client: &Client,
    accepted: &Mutex<Accepted>,
    path: &str,
    upload: &Upload,
) -> Attempt<()> {
    const PART: usize = 128 << 10;
    loop {
        let Some(offset) = client.offset(path)? else {
            // The last part arrived, but its answer was lost with the server.
            accepted.lock().unwrap().uploads.remove(path);
            return Ok(());
        };
        let end = (offset + PART).min(upload.content.len());
        let done = client.append(path, offset, &upload.content[offset..end])?;
        if let Some(recording) = done {
            let mut accepted = accepted.lock().unwrap();
            accepted.uploads.remove(path);
            accepted.recordings.insert(recording, hash(&upload.content));
            return Ok(());
        }
        if offset == upload.content.len() {
            return Err("the upload is complete but gives no recording".to_owned());
        }
    }
}

fn finish_uploads(client: &Client, accepted: &Mutex<Accepted>) {
    let open = accepted.lock().unwrap().uploads.clone();
    for (path, upload) in open {
        carry_on(client, accepted, &path, &upload).unwrap();
    }
}

/// Every recording is ready, holds the bytes that were sent and was analysed once by itself.
fn check_recordings(client: &Client, accepted: &Accepted) {
    for (recording, sha256) in &accepted.recordings {
        let path = format!("/recordings/{recording}");
        let state = wait_until(client, &path, |v| v["state"] != "processing");
        assert_eq!(state["state"], "ready", "{state}");
        assert_eq!(hash(&client.bytes(&format!("{path}/content")).unwrap()), *sha256);
        let jobs = client.get(&format!("/jobs?recording_id={recording}&limit=100")).unwrap();
        let overviews: Vec<&Value> = jobs["data"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|job| job["analysis"] == "audio.overview")
            .collect();
        assert_eq!(overviews.len(), 1, "{jobs}");
        let path = format!("/jobs/{}", id(overviews[0]));
        assert_eq!(wait_until(client, &path, finished)["state"], "succeeded");
    }
}

/// Every accepted job succeeded, with one artefact of each kind whose bytes are there.
fn check_jobs(client: &Client, accepted: &Accepted) {
    for job in &accepted.jobs {
        let job = wait_until(client, &format!("/jobs/{job}"), finished);
        assert_eq!(job["state"], "succeeded", "{job}");
        let artifacts = job["artifacts"].as_array().unwrap();
        let names: BTreeSet<&str> = artifacts.iter().filter_map(|a| a["name"].as_str()).collect();
        assert_eq!(names.len(), artifacts.len(), "an artefact was stored twice: {job}");
        assert!(!artifacts.is_empty(), "{job}");
        for artifact in artifacts {
            let bytes = client.bytes(&format!("/artifacts/{}/content", id(artifact))).unwrap();
            assert_eq!(json!(hash(&bytes)), artifact["sha256"]);
        }
    }
}

fn finished(job: &Value) -> bool {
    !matches!(job["state"].as_str(), Some("queued" | "running"))
}

fn wait_until(client: &Client, path: &str, done: fn(&Value) -> bool) -> Value {
    let started = Instant::now();
    loop {
        let value = client.get(path).unwrap();
        if done(&value) {
            return value;
        }
        assert!(started.elapsed() < Duration::from_secs(240), "still waiting: {value}");
        thread::sleep(Duration::from_millis(100));
    }
}

fn id(value: &Value) -> String {
    value["id"].as_str().expect("every resource has an id").to_owned()
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// Three seconds of a tone whose pitch depends on `number`, 16-bit mono at 44.1 kHz.
fn wav(number: u64) -> Vec<u8> {
    const RATE_HZ: u32 = 44_100;
    let step = std::f64::consts::TAU * (220.0 + number as f64) / f64::from(RATE_HZ);
    clx_testkit::wav(
        RATE_HZ,
        (0..3 * RATE_HZ).map(|i| ((step * f64::from(i)).sin() * 8000.0) as i16),
    )
}

/// SplitMix64 (Steele, Lea, Flood 2014): the moments of the crashes repeat from run to run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}
