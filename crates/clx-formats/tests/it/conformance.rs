//! Every EDF and BDF of the real recordings against edfio and MNE (`fixtures/edf_reference.py`).

use std::fs::File;
use std::path::Path;

use clx_formats::{RecordingReader, Source, open};
use clx_signal::{ChannelKind, Unit};
use clx_testkit::{Tolerance, assert_close, shared_data};
use serde_json::Value;
use sha2::{Digest, Sha256};

fn reference() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/edf_reference.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn reader(path: &Path) -> RecordingReader {
    match open(Box::new(File::open(path).unwrap())).unwrap() {
        Source::Recording(reader) => reader,
        Source::Audio(_) => panic!("{} was taken for sound", path.display()),
    }
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

/// The factor from the file's unit to the unit of our samples.
fn to_si(unit: &Unit, file_unit: &str) -> f64 {
    match (unit, file_unit) {
        (Unit::Volt, "uV") => 1e-6,
        (Unit::Volt, "V") | (Unit::Other(_), _) => 1.0,
        (Unit::Volt, other) => panic!("no factor for {other}"),
    }
}

fn check_channel(reader: &mut RecordingReader, index: usize, expected: &Value, name: &str) {
    let info = reader.header().channels[index].clone();
    let at = format!("{name}, {}", info.label);
    assert_eq!(info.label, expected["label"].as_str().unwrap(), "{at}");
    assert_eq!(info.n_samples, expected["n_samples"].as_u64().unwrap(), "{at}");
    assert_close(info.rate.hz(), expected["rate_hz"].as_f64().unwrap(), Tolerance::Relative(1e-12));

    let n = info.n_samples as usize;
    let digital = reader.read_digital(index, 0, n).unwrap();
    let bytes: Vec<u8> = digital.iter().flat_map(|x| x.to_le_bytes()).collect();
    let digest: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    let first: Vec<f64> = digital[..5].iter().map(|&x| f64::from(x)).collect();
    let last: Vec<f64> = digital[n - 5..].iter().map(|&x| f64::from(x)).collect();
    assert_eq!(first, floats(&expected["digital_first"]), "{at}");
    assert_eq!(last, floats(&expected["digital_last"]), "{at}");
    assert_eq!(digest, expected["digital_sha256"].as_str().unwrap(), "{at}");

    let si = to_si(&info.unit, expected["unit"].as_str().unwrap());
    let block = reader.read_block(&[index], 0.0, f64::INFINITY).unwrap();
    let samples = &block.samples[0];
    assert_eq!(samples.len(), n, "{at}");
    for (part, key) in [(&samples[..5], "physical_first"), (&samples[n - 5..], "physical_last")] {
        for (&got, want) in part.iter().zip(floats(&expected[key])) {
            // Half a unit in the last place of f32, and edfio's own rounding near zero.
            let allowed = (want * si).abs() * 6e-8 + 1e-12 * si;
            assert_close(f64::from(got), want * si, Tolerance::Absolute(allowed));
        }
    }
}

fn check_annotations(reader: &mut RecordingReader, expected: &[Value], name: &str) {
    let found = reader.annotations().unwrap();
    assert_eq!(found.len(), expected.len(), "{name}");
    for (got, want) in found.iter().zip(expected) {
        assert_close(got.onset_s, want["onset_s"].as_f64().unwrap(), Tolerance::Absolute(1e-6));
        assert_eq!(got.duration_s, want["duration_s"].as_f64(), "{name}");
        assert_eq!(got.text, want["text"].as_str().unwrap(), "{name}");
    }
}

#[test]
fn every_real_edf_and_bdf_equals_edfio_and_mne() {
    let reference = reference();
    let files = reference.as_object().unwrap();
    assert_eq!(files.len(), 9);
    for (name, expected) in files {
        let Some(path) = shared_data(name) else { continue };
        let mut reader = reader(&path);
        let header = reader.header().clone();
        assert_eq!(header.start.as_deref(), expected["start"].as_str(), "{name}");
        assert_eq!(reader.identity().patient, expected["patient"].as_str().unwrap(), "{name}");
        assert_eq!(reader.identity().recording, expected["recording"].as_str().unwrap(), "{name}");
        let duration_s =
            expected["record_s"].as_f64().unwrap() * expected["n_records"].as_f64().unwrap();
        assert_close(header.duration_s, duration_s, Tolerance::Relative(1e-12));
        let channels = expected["channels"].as_array().unwrap();
        assert_eq!(header.channels.len(), channels.len(), "{name}");
        for (index, channel) in channels.iter().enumerate() {
            check_channel(&mut reader, index, channel, name);
        }
        check_annotations(&mut reader, expected["annotations"].as_array().unwrap(), name);
    }
}

#[test]
fn names_and_kinds_of_real_recordings_are_told_from_their_labels() {
    use ChannelKind::{Ecg, Eeg, Emg, Eog, Misc, Resp, Stim};
    let cases: [(&str, &[(&str, ChannelKind)]); 4] = [
        (
            "eeg/edfio/short_psg.edf",
            &[
                ("Fpz-Cz", Eeg),
                ("Pz-Oz", Eeg),
                ("EOG horizontal", Eog),
                ("Resp oro-nasal", Resp),
                ("EMG submental", Emg),
                ("Temp rectal", Misc),
                ("Event marker", Stim),
            ],
        ),
        ("eeg/mne/duplicate_channel_labels.edf", &[("F1", Eeg), ("F2", Eeg), ("F1-1", Eeg)]),
        ("eeg/eeglab/test.bdf", &[("A1", Eeg), ("Status", Stim)]),
        (
            "eeg/mne/test_edf_stim_channel.edf",
            &[("Fp1", Eeg), ("ECG ECG2", Ecg), ("DIG DTRIG", Stim)],
        ),
    ];
    for (name, expected) in cases {
        let Some(path) = shared_data(name) else { continue };
        let reader = reader(&path);
        for (channel, kind) in expected {
            let found = reader.header().channels.iter().find(|c| c.name == *channel);
            assert_eq!(found.map(|c| c.kind), Some(*kind), "{name} {channel}");
        }
    }
}

#[test]
fn blocks_of_any_length_join_to_the_whole() {
    for name in ["eeg/edfio/short_psg.edf", "eeg/mne/test_uneven_samp.edf", "eeg/eeglab/test.bdf"] {
        let Some(path) = shared_data(name) else { continue };
        let mut reader = reader(&path);
        let whole = reader.load().unwrap();
        let picks: Vec<usize> = (0..whole.channels.len()).collect();
        for block_s in [0.37, 1.0, 7.0, 1e9] {
            let mut joined: Vec<Vec<f32>> = vec![Vec::new(); picks.len()];
            for block in reader.blocks(&picks, block_s) {
                for (all, part) in joined.iter_mut().zip(block.unwrap().samples) {
                    all.extend(part);
                }
            }
            for (channel, samples) in whole.channels.iter().zip(&joined) {
                assert_eq!(&channel.samples, samples, "{name} {} {block_s} s", channel.info.name);
            }
        }
    }
}
