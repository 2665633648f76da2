//! Against the real liblsl, both ways. Needs a Python with pylsl, `python3` or what `CLX_PYTHON` names.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use clx_live::lsl::{
    ChannelFormat, Discovery, Inlet, InletParams, Outlet, OutletParams, Query, StreamInfo, Values,
    describe, resolve,
};
use clx_live::{Dejitter, LiveError};
use clx_signal::SampleRate;
use clx_signal::rng::SplitMix64;
use serde_json::Value;

use crate::recorded::values;

const RATE_HZ: f64 = 100.0;
const N_CHANNELS: usize = 3;
const N_SINGLE: usize = 20;
const N_CHUNK: usize = 30;

/// A process with liblsl in it; it is told to end, and waited for, when it is dropped.
struct Liblsl {
    process: Child,
    output: BufReader<ChildStdout>,
    _config: tempfile::TempDir,
}

impl Drop for Liblsl {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // It may have ended by itself.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Liblsl {
    /// `None`, said aloud, without pylsl.
    fn start(what: &str, tag: &str) -> Option<Self> {
        let python = std::env::var("CLX_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let config = tempfile::tempdir().unwrap();
        let path = config.path().join("lsl_api.cfg");
        // Only this machine, asked directly, since tests must not depend on a network.
        let text = "[ports]\nIPv6 = disable\n[multicast]\nResolveScope = machine\n\
                    [lab]\nKnownPeers = {127.0.0.1}\n[log]\nlevel = -2\n";
        std::fs::write(&path, text).unwrap();
        let mut command = Command::new(&python);
        command.env("LSLAPICFG", &path).stdin(Stdio::piped()).stdout(Stdio::piped());
        let import =
            Command::new(&python).env("LSLAPICFG", &path).args(["-c", "import pylsl"]).output();
        if !import.is_ok_and(|output| output.status.success()) {
            clx_testkit::absent(
                "pylsl is absent, so LSL was not tested against liblsl; pip install pylsl and name \
                 its Python in CLX_PYTHON",
            );
            return None;
        }
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/liblsl.py");
        let mut process = command.args([script, what, tag]).spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        Some(Self { process, output, _config: config })
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    fn tell(&mut self) {
        self.process.stdin.as_mut().unwrap().write_all(b"go\n").unwrap();
    }
}

fn tag(test: &str) -> String {
    format!("clx {test} {}", std::process::id())
}

/// The same as `value` in `liblsl.py`.
fn value(format: ChannelFormat, i: usize, c: usize) -> Value {
    match format {
        ChannelFormat::Text => {
            format!("s{i}c{c}\u{e4}").repeat(if i.is_multiple_of(7) { 61 } else { 1 }).into()
        }
        ChannelFormat::Float32 | ChannelFormat::Double64 => {
            (i as f64 * 0.5 - c as f64 * 100.0 + 0.25).into()
        }
        _ => ((i * 3 + c * 11) as i64 % 100 - 50).into(),
    }
}

fn rows(format: ChannelFormat, range: std::ops::Range<usize>) -> Vec<Vec<Value>> {
    range.map(|i| (0..N_CHANNELS).map(|c| value(format, i, c)).collect()).collect()
}

fn numbers(texts: &Value) -> Vec<f64> {
    texts.as_array().unwrap().iter().map(|s| s.as_str().unwrap().parse().unwrap()).collect()
}

/// Those of the single samples, and of the chunk as they follow from its first.
fn stamps() -> Vec<f64> {
    let mut stamps: Vec<f64> = (0..N_SINGLE).map(|i| 1000.0 + i as f64 * 0.0137).collect();
    let mut stamp = 2000.0 - (N_CHUNK - 1) as f64 / RATE_HZ;
    for _ in 0..N_CHUNK {
        stamps.push(stamp);
        stamp += 1.0 / RATE_HZ;
    }
    stamps
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_of_liblsl_arrives_value_by_value() {
    let tag = tag("in");
    let Some(mut liblsl) = Liblsl::start("outlet", &tag) else { return };
    assert_eq!(liblsl.line(), "ready");
    let mut inlets = Vec::new();
    for format in ChannelFormat::ALL {
        let query = Query::property("name", &format!("{tag} {}", format.as_str())).unwrap();
        let found = resolve(&query, &Discovery::this_machine(), 1, 30.0).await.unwrap();
        let full = describe(&found[0], InletParams::default()).await.unwrap();
        assert_eq!(full.channels()[2].label, "E2 & <2>");
        let other = StreamInfo { uid: "another".to_owned(), ..found[0].clone() };
        let refused = Inlet::connect(&other, InletParams::default()).await;
        assert!(
            matches!(&refused, Err(LiveError::Refused(why)) if why == "404 Not found"),
            "{refused:?}"
        );
        inlets.push(Inlet::connect(&found[0], InletParams::default()).await.unwrap());
    }
    // Both clocks are the machine's, so the measured offset is as good as the way is short.
    let offset = inlets[0].wait_for_clock(30.0).await.unwrap();
    assert!(offset.correction_s.abs() <= offset.round_trip_s / 2.0 + 1e-6, "{offset:?}");
    eprintln!("clock of liblsl: {offset:?}");
    liblsl.tell();
    for inlet in &mut inlets {
        let format = inlet.info().format;
        let all = N_SINGLE + N_CHUNK;
        let mut got_stamps: Vec<f64> = Vec::new();
        let expected = rows(format, 0..all);
        while got_stamps.len() < all {
            let pulled = tokio::time::timeout(Duration::from_secs(30), inlet.pull()).await;
            let chunk = pulled.expect("samples come").unwrap();
            let from = got_stamps.len();
            got_stamps.extend(&chunk.sent_s);
            let expected = values(format, &expected[from..got_stamps.len()]);
            assert_eq!(chunk.values, expected, "{format:?} from sample {from}");
        }
        assert_eq!(got_stamps, stamps(), "{format:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_stream_arrives_at_liblsl_value_by_value() {
    let tag = tag("out");
    let mut outlets = Vec::new();
    for format in ChannelFormat::ALL {
        let name = format!("{tag} {}", format.as_str());
        let mut info = StreamInfo::new(&name, "EEG", N_CHANNELS, RATE_HZ, format, &name).unwrap();
        info.describe_channels(&[("E0 & <0>", "microvolts")]);
        outlets.push(Outlet::serve(info, &OutletParams::default()).await.unwrap());
    }
    let Some(mut liblsl) = Liblsl::start("inlet", &tag) else { return };
    let reader = tokio::task::spawn_blocking(move || (liblsl.line(), liblsl));
    let (ready, mut liblsl) = reader.await.unwrap();
    assert_eq!(ready, "ready");
    for outlet in &outlets {
        let format = outlet.info().format;
        outlet.wait_for_inlet(30.0).await.unwrap();
        for (i, stamp) in stamps().iter().take(N_SINGLE).enumerate() {
            outlet.push(values(format, &rows(format, i..i + 1)), Some(*stamp)).unwrap();
        }
        let chunk = rows(format, N_SINGLE..N_SINGLE + N_CHUNK);
        outlet.push(values(format, &chunk), Some(2000.0)).unwrap();
    }
    let answer = tokio::task::spawn_blocking(move || liblsl.line()).await.unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    for format in ChannelFormat::ALL {
        let got = &answer[format.as_str()];
        assert_eq!(got["label"], "E0 & <0>");
        let got_rows: Vec<Vec<Value>> = serde_json::from_value(got["rows"].clone()).unwrap();
        let expected = rows(format, 0..N_SINGLE + N_CHUNK);
        assert_eq!(values(format, &got_rows), values(format, &expected), "{format:?}");
        assert_eq!(numbers(&got["stamps"]), stamps(), "{format:?}");
    }
    // liblsl measured our clock, which is the machine's as its own is. Its probes are of a millisecond
    // at the very worst on one machine; a wrong clock would be seconds off.
    let correction_s = answer["correction_s"].as_f64().unwrap();
    eprintln!("our clock for liblsl: {correction_s} s off");
    assert!(correction_s.abs() < 0.1, "{correction_s}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dejittering_agrees_with_liblsl() {
    let tag = tag("jitter");
    let name = format!("{tag} jitter");
    let info = StreamInfo::new(&name, "EEG", 1, RATE_HZ, ChannelFormat::Int32, &name).unwrap();
    let outlet = Outlet::serve(info, &OutletParams::default()).await.unwrap();
    let Some(mut liblsl) = Liblsl::start("dejitter", &tag) else { return };
    let reader = tokio::task::spawn_blocking(move || (liblsl.line(), liblsl));
    let (ready, mut liblsl) = reader.await.unwrap();
    assert_eq!(ready, "ready");
    outlet.wait_for_inlet(30.0).await.unwrap();
    let mut rng = SplitMix64::new(11);
    let jittered: Vec<f64> =
        (0..500).map(|i| 500.0 + f64::from(i) / 99.0 + 0.002 * rng.next_normal()).collect();
    for (i, stamp) in jittered.iter().enumerate() {
        outlet.push(Values::Int32(vec![i as i32]), Some(*stamp)).unwrap();
    }
    let answer = tokio::task::spawn_blocking(move || liblsl.line()).await.unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let got = numbers(&answer["stamps"]);
    let mut fit = Dejitter::new(jittered[0], SampleRate::from_hz(RATE_HZ).unwrap(), 90.0);
    let ours: Vec<f64> = jittered.iter().map(|s| fit.apply(*s)).collect();
    let worst = ours.iter().zip(&got).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    eprintln!("dejittered stamps differ from liblsl's by {worst:e} s at most");
    // Both round sums of up to a thousand in another order.
    assert!(worst < 1e-9, "{worst}");
}
