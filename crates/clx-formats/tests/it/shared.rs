//! Every file of the real recordings, as edfio, MNE, pyxdf, wfdb and Python's csv have it
//! (`fixtures/shared.py`); the tests of the formats compare every sample.

use std::path::{Path, PathBuf};

use clx_formats::{RecordingReader, companion_of};
use clx_signal::{ChannelInfo, Unit};
use clx_testkit::{Tolerance, assert_close, shared_data};
use serde_json::{Map, Value};

use crate::bytes::recording;
use crate::reference::try_reader;

/// Files without a recording in them, or without a rate.
const OTHERS: [&str; 5] = [
    "SOURCES.md",
    "eeglab/eeglab_chan32.locs",
    "yasa/EOGs_REM_256Hz.npz",
    "yasa/N2_spindles_15sec_200Hz.txt",
    "yasa/full_6hrs_100Hz_hypno_30s.txt",
];

fn oracle() -> Map<String, Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/shared.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// All files under `folder`, by their path in it.
fn files(folder: &Path, within: &str, out: &mut Vec<(String, PathBuf)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{within}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            files(&path, &format!("{name}/"), out);
        } else {
            out.push((name, path));
        }
    }
}

fn check_channel(reader: &mut RecordingReader, index: usize, expected: &Value, name: &str) {
    let info: ChannelInfo = reader.header().channels[index].clone();
    let at = format!("{name}, {}", info.label);
    // A rate that is measured from dates carries the rounding of seconds since 1970.
    assert_close(info.rate.hz(), expected[1].as_f64().unwrap(), Tolerance::Relative(1e-7));
    assert_eq!(info.n_samples, expected[2].as_u64().unwrap(), "{at}");
    let factor = match (expected[3].as_str().unwrap(), &info.unit) {
        ("V", Unit::Volt) => 1.0,
        ("mV", Unit::Volt) => 1e-3,
        ("uV", Unit::Volt) => 1e-6,
        (stated, Unit::Other(unit)) => {
            assert_eq!(unit.replace('\u{b5}', "u"), stated, "{at}");
            1.0
        }
        (stated, unit) => panic!("{at}: {stated} was read as {unit:?}"),
    };
    let middle_s = (info.n_samples / 2) as f64 / info.rate.hz();
    let block = reader.read_block(&[index], middle_s, 1.5 / info.rate.hz()).unwrap();
    let want = expected[4].as_f64().unwrap() * factor;
    // A 32-bit float, and rounding near zero in the oracle's own scaling.
    let allowed = want.abs() * 1e-7 + factor * 1e-9;
    assert_close(f64::from(block.samples[0][0]), want, Tolerance::Absolute(allowed));
}

fn check(reader: &mut RecordingReader, expected: &Value, name: &str) {
    let labels: Vec<String> =
        reader.header().channels.iter().map(|channel| channel.label.clone()).collect();
    let channels = expected["channels"].as_array().unwrap();
    // Tables have columns besides: counters, acceleration.
    if !(name.ends_with(".csv") || name.ends_with(".gz")) {
        assert_eq!(labels.len(), channels.len(), "{name}");
    }
    let mut from = 0;
    for channel in channels {
        let label = channel[0].as_str().unwrap();
        let at = labels[from..].iter().position(|l| l == label);
        let index = from + at.unwrap_or_else(|| panic!("{name} lacks {label}: {labels:?}"));
        check_channel(reader, index, channel, name);
        from = index + 1;
    }
    let events = reader.annotations().unwrap();
    assert_eq!(events.len() as u64, expected["n_events"].as_u64().unwrap(), "{name}");
    let ends = expected["ends"].as_array().unwrap();
    for (got, want) in events.first().into_iter().chain(events.last()).zip(ends) {
        assert_eq!(got.text, want[1].as_str().unwrap(), "{name}");
        if let Some(onset_s) = want[0].as_f64() {
            assert_close(got.onset_s, onset_s, Tolerance::Absolute(1e-6));
        }
    }
}

#[test]
fn every_shared_file_opens_with_its_channels_rates_units_and_events_or_says_why_not() {
    let Some(folder) = shared_data("eeg") else { return };
    let oracle = oracle();
    let mut found = Vec::new();
    files(&folder, "", &mut found);
    let mut n_read = 0;
    for (name, path) in &found {
        if let Some(expected) = oracle.get(name) {
            check(&mut try_reader(path).unwrap(), expected, name);
            n_read += 1;
        } else if OTHERS.contains(&name.as_str()) {
            assert!(try_reader(path).is_err(), "{name}");
        } else {
            // The files beside a header are read with it.
            assert!(companion_of(name).is_some(), "{name} is in no list");
        }
    }
    assert_eq!((n_read, oracle.len()), (18, 18));
}

#[test]
fn a_column_of_numbers_is_read_once_its_rate_is_stated() {
    let Some(path) = shared_data("eeg/yasa/N2_spindles_15sec_200Hz.txt") else { return };
    let numbers = std::fs::read_to_string(path).unwrap();
    let mut reader = recording(format!("# sample rate: 200 Hz\n{numbers}").into_bytes());
    // 15 s by the name of the file; the first line of it is -28.05 microvolts.
    assert_eq!(reader.header().duration_s, 15.0);
    let samples = reader.load().unwrap().channels.swap_remove(0).samples;
    assert_close(f64::from(samples[0]), -28.05092048645019e-6, Tolerance::Relative(1e-7));
}
