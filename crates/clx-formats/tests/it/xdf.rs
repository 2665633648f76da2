//! XDF files against pyxdf (`fixtures/xdf.py`), and damage that pyxdf gives up on.

use std::path::{Path, PathBuf};

use clx_formats::{Format, RecordingReader};
use clx_signal::{ChannelKind, Unit};
use clx_testkit::{Tolerance, assert_close, shared_data};
use serde_json::Value;

use crate::bytes::{codes, fixture_json, recording, sha256_f32};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/xdf").join(name)
}

fn open(path: &Path) -> RecordingReader {
    recording(std::fs::read(path).unwrap())
}

#[track_caller]
fn check(reader: &mut RecordingReader, expected: &Value, name: &str) {
    assert_eq!(reader.format(), Format::Xdf);
    let header = reader.header().clone();
    let channels = expected["channels"].as_array().unwrap();
    assert_eq!(header.channels.len(), channels.len(), "{name}");
    for (index, (info, want)) in header.channels.iter().zip(channels).enumerate() {
        assert_eq!(info.label, want["label"].as_str().unwrap(), "{name}");
        assert_eq!(info.n_samples, want["n_samples"].as_u64().unwrap(), "{name} {}", info.label);
        assert_close(info.rate.hz(), want["rate_hz"].as_f64().unwrap(), Tolerance::Relative(1e-9));
        let block = reader.read_block(&[index], 0.0, f64::INFINITY).unwrap();
        assert_eq!(sha256_f32(&block.samples[0]), want["sha256"], "{name} {}", info.label);
    }
    let gaps = expected["gaps"].as_array().unwrap();
    assert_eq!(header.gaps.len(), gaps.len(), "{name}");
    for (got, want) in header.gaps.iter().zip(gaps) {
        assert_close(got.at_s, want["at_s"].as_f64().unwrap(), Tolerance::Absolute(1e-6));
        let duration_s = want["duration_s"].as_f64().unwrap();
        assert_close(got.duration_s, duration_s, Tolerance::Absolute(1e-6));
    }
    let annotations = reader.annotations().unwrap();
    let wanted = expected["annotations"].as_array().unwrap();
    assert_eq!(annotations.len(), wanted.len(), "{name}");
    for (got, want) in annotations.iter().zip(wanted) {
        assert_eq!(got.text, want["text"].as_str().unwrap(), "{name}");
        let onset_s = want["onset_s"].as_f64().unwrap();
        assert_close(got.onset_s, onset_s, Tolerance::Absolute(1e-6));
    }
}

#[test]
fn samples_times_and_markers_equal_pyxdf() {
    for (name, expected) in fixture_json("xdf.json").as_object().unwrap() {
        let path = match name.starts_with("eeg/") {
            true => shared_data(name),
            false => Some(fixture(name)),
        };
        let Some(path) = path else { continue };
        check(&mut open(&path), expected, name);
    }
}

#[test]
fn units_kinds_and_the_start_come_from_the_description() {
    let reader = open(&fixture("types.xdf"));
    let header = reader.header();
    assert_eq!(header.start.as_deref(), Some("2023-05-17T14:03:22"));
    let names: Vec<&str> = header.channels.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names[..3], ["Fp1", "Cz", "VEOG"]);
    assert!(header.channels[..3].iter().all(|c| c.unit == Unit::Volt));
    let kinds: Vec<ChannelKind> = header.channels.iter().map(|c| c.kind).collect();
    assert_eq!(kinds[..3], [ChannelKind::Eeg, ChannelKind::Eeg, ChannelKind::Eog]);
    assert!(kinds[3..].iter().all(|k| *k == ChannelKind::Misc));
}

#[test]
fn integer_streams_give_their_own_numbers() {
    let mut reader = open(&fixture("clocks.xdf"));
    let digital = reader.read_digital(0, 0, 3_000).unwrap();
    let block = reader.read_block(&[0], 0.0, f64::INFINITY).unwrap();
    let scaled: Vec<f32> = digital.iter().map(|&x| (f64::from(x) * 1e-6) as f32).collect();
    assert_eq!(scaled, block.samples[0]);
    let mut floats = open(&fixture("types.xdf"));
    assert!(floats.read_digital(0, 0, 10).is_err());
}

#[test]
fn windows_join_to_the_whole_for_every_stream() {
    for name in ["types.xdf", "clocks.xdf"] {
        let mut reader = open(&fixture(name));
        let picks: Vec<usize> = (0..reader.header().channels.len()).collect();
        let whole = reader.read_block(&picks, 0.0, f64::INFINITY).unwrap().samples;
        for block_s in [0.13, 1.0, 5.0] {
            let mut joined = vec![Vec::new(); picks.len()];
            for block in reader.blocks(&picks, block_s) {
                for (all, part) in joined.iter_mut().zip(block.unwrap().samples) {
                    all.extend(part);
                }
            }
            assert_eq!(joined, whole, "{name} {block_s}");
        }
    }
}

#[test]
fn reading_goes_on_behind_damage_and_to_the_last_whole_sample() {
    // Blocks of 40 samples that count up; the third is garbage, the last is cut by 35 bytes: three
    // samples of 11 bytes and part of a fourth.
    let mut reader = open(&fixture("damaged.xdf"));
    let got = reader.read_digital(0, 0, 156).unwrap();
    let expected: Vec<i32> = (0..80).chain(120..196).collect();
    assert_eq!(got, expected);
    assert_eq!(reader.header().channels[0].n_samples, 156);
    let codes = codes(&reader);
    for code in ["file.damaged", "file.truncated"] {
        assert!(codes.contains(&code), "{codes:?}");
    }
}

#[test]
fn a_file_without_streams_is_refused() {
    for bytes in [&b"XDF:"[..], b"XDF:\x01\x02\x01\x00", b"XDF:\xff\xff\xff\xff\xff\xff\xff\xff"] {
        assert!(crate::bytes::try_recording(bytes.to_vec()).is_err());
    }
}
