//! Recordings of several formats against what MNE-Python reads (`fixtures/recordings.py`).

use std::fs::File;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use clx_formats::{
    ByteSource, Companions, Format, FormatError, RecordingReader, Source, deidentify, open_with,
};
use clx_signal::{Annotation, ChannelKind, Gap, Unit};
use clx_testkit::{Tolerance, assert_close, shared_data};
use jiff::civil::DateTime;
use serde_json::Value;
use sha2::{Digest, Sha256};
use zip::CompressionMethod;

use crate::archive::archive;
use crate::bytes::{codes, try_recording};
use crate::hostile::survive;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/recordings")
}

fn reference() -> serde_json::Map<String, Value> {
    let path = fixtures().with_file_name("recordings_reference.json");
    match serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() {
        Value::Object(map) => map,
        _ => panic!("the reference is one object"),
    }
}

/// The folder of a header.
struct Beside(PathBuf);

impl Companions for Beside {
    fn open(&self, name: &str) -> Option<Box<dyn ByteSource>> {
        Some(Box::new(File::open(self.0.with_file_name(name)).ok()?))
    }

    fn stem(&self) -> Option<String> {
        Some(self.0.file_stem()?.to_str()?.to_owned())
    }
}

pub(crate) fn try_reader(path: &Path) -> Result<RecordingReader, FormatError> {
    match open_with(Box::new(File::open(path).unwrap()), &Beside(path.to_owned()))? {
        Source::Recording(reader) => Ok(reader),
        Source::Audio(_) => panic!("{} was taken for sound", path.display()),
    }
}

fn reader(name: &str) -> RecordingReader {
    try_reader(&fixtures().join(name)).unwrap()
}

/// The files of a set, zipped in the order of their names.
pub(crate) fn zipped(stem: &str, method: CompressionMethod) -> Vec<u8> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_stem().is_some_and(|s| s == stem))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), &b[..])).collect();
    archive(&files, method)
}

fn kind(name: &str) -> Option<ChannelKind> {
    Some(match name {
        "eeg" => ChannelKind::Eeg,
        "eog" => ChannelKind::Eog,
        "ecg" => ChannelKind::Ecg,
        "emg" => ChannelKind::Emg,
        "resp" => ChannelKind::Resp,
        "stim" => ChannelKind::Stim,
        "misc" => ChannelKind::Misc,
        _ => return None,
    })
}

fn check_channel(reader: &mut RecordingReader, index: usize, expected: &Value, name: &str) {
    let info = reader.header().channels[index].clone();
    let at = format!("{name}, {}", info.label);
    assert_eq!(info.label, expected["label"].as_str().unwrap(), "{at}");
    assert_eq!(info.n_samples, expected["n_samples"].as_u64().unwrap(), "{at}");
    // MNE takes any channel in volts for EEG, and one in nanovolts for something else; the label
    // often says more.
    let theirs = kind(expected["kind"].as_str().unwrap()).unwrap();
    let by_unit = theirs == ChannelKind::Misc && info.unit == Unit::Volt;
    if theirs != ChannelKind::Eeg && !by_unit {
        assert_eq!(info.kind, theirs, "{at}");
    }
    if let Some(digest) = expected["digital_sha256"].as_str() {
        let digital = reader.read_digital(index, 0, info.n_samples as usize).unwrap();
        let bytes: Vec<u8> = digital.iter().flat_map(|x| x.to_le_bytes()).collect();
        let ours: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(ours, digest, "{at}");
    }
    let block = reader.read_block(&[index], 0.0, f64::INFINITY).unwrap();
    assert_eq!(block.samples[0].len() as u64, info.n_samples, "{at}");
    let step = expected["step"].as_u64().unwrap() as usize;
    let ours = block.samples[0].iter().step_by(step);
    for (&got, want) in ours.zip(expected["samples"].as_array().unwrap()) {
        let want = want.as_f64().unwrap() as f32;
        let apart = (i64::from(got.to_bits()) - i64::from(want.to_bits())).abs();
        assert!(got == want || apart <= 1, "{at}: got {got}, MNE has {want}");
    }
}

fn check_annotations(reader: &mut RecordingReader, expected: &[Value], name: &str) {
    let found = reader.annotations().unwrap();
    // MNE drops the segment that the recording begins with.
    let first = |a: &Annotation| a.text == "New Segment" && a.onset_s == 0.0;
    let found: Vec<&Annotation> = found.iter().filter(|a| !first(a)).collect();
    assert_eq!(found.len(), expected.len(), "{name}");
    for (got, want) in found.iter().zip(expected) {
        assert_close(got.onset_s, want["onset_s"].as_f64().unwrap(), Tolerance::Absolute(1e-6));
        assert_eq!(got.text, want["text"].as_str().unwrap().trim_end_matches('/'), "{name}");
        // That of a boundary is the time that is missing, and no span of samples. Where a file
        // gives none, MNE has one sample.
        if let Some(duration_s) = got.duration_s {
            let want = want["duration_s"].as_f64().unwrap();
            assert_close(duration_s, want, Tolerance::Absolute(1e-6));
        }
    }
}

fn check(reader: &mut RecordingReader, expected: &Value, name: &str) {
    let header = reader.header().clone();
    let rate_hz = expected["rate_hz"].as_f64().unwrap();
    let channels = expected["channels"].as_array().unwrap();
    assert_eq!(header.channels.len(), channels.len(), "{name}");
    for (index, channel) in channels.iter().enumerate() {
        let rate_hz = channel["rate_hz"].as_f64().unwrap_or(rate_hz);
        assert_close(header.channels[index].rate.hz(), rate_hz, Tolerance::Relative(1e-12));
        check_channel(reader, index, channel, name);
    }
    if let Some(start) = expected["start"].as_str() {
        // `2024-02-29 23:59:59.990000+00:00`, while all our readers drop the zeros at the end.
        let time = |text: &str| text.trim_end_matches("+00:00").parse::<DateTime>().unwrap();
        assert_eq!(header.start.as_deref().map(time), Some(time(start)), "{name}");
    }
    let annotations = expected["annotations"].as_array().unwrap();
    if !name.contains("epochs") {
        check_annotations(reader, annotations, name);
    }
}

#[test]
fn every_file_equals_what_mne_reads() {
    let reference = reference();
    for (name, expected) in &reference {
        let path = match name.starts_with("eeg/") {
            true => shared_data(name),
            false => Some(fixtures().join(name)),
        };
        let Some(path) = path else { continue };
        check(&mut try_reader(&path).unwrap(), expected, name);
    }
}

#[test]
fn a_set_in_an_archive_reads_like_its_files() {
    for stem in ["bv_int16_multiplexed_latin1", "set_fdt", "set_inline_v7"] {
        let ending = if stem.starts_with("bv") { "vhdr" } else { "set" };
        let expected = reader(&format!("{stem}.{ending}")).load().unwrap();
        for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
            let mut reader = try_recording(zipped(stem, method)).unwrap();
            assert_eq!(reader.load().unwrap(), expected, "{stem} {method}");
        }
    }
}

#[test]
fn a_missing_companion_is_named() {
    for (name, missing) in [
        ("bv_float32_multiplexed.vhdr", "bv_float32_multiplexed.eeg"),
        ("set_fdt.set", "set_fdt.fdt"),
    ] {
        let bytes = std::fs::read(fixtures().join(name)).unwrap();
        let error = try_recording(bytes).unwrap_err();
        assert!(matches!(error, FormatError::Companion { .. }), "{error}");
        let error = error.to_string();
        assert!(error.contains(missing) && error.contains("ZIP"), "{error}");
    }
}

#[test]
fn a_renamed_set_is_found_by_its_own_name() {
    let folder = std::env::temp_dir().join(format!("clx-renamed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for ending in ["vhdr", "eeg", "vmrk"] {
        let from = fixtures().join(format!("bv_int32_multiplexed.{ending}"));
        std::fs::copy(from, folder.join(format!("other.{ending}"))).unwrap();
    }
    let mut reader = try_reader(&folder.join("other.vhdr")).unwrap();
    assert_eq!(codes(&reader), ["file.renamed", "file.renamed"]);
    assert_eq!(reader.load().unwrap().channels[0].samples.len(), 50);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn brainvision_names_units_and_gaps_are_clean() {
    let reader = reader("bv_int16_multiplexed_latin1.vhdr");
    assert_eq!(reader.format(), Format::BrainVision);
    let header = reader.header();
    let names: Vec<&str> = header.channels.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["Fp1", "Cz", "A,B", "VEOG"]);
    assert!(header.channels.iter().all(|c| c.unit == Unit::Volt));
    assert_eq!(header.channels[3].kind, ChannelKind::Eog);
    // The second segment begins 2.16 s after the first by its date, and 40 samples after it.
    assert_eq!(header.gaps.len(), 1);
    assert_close(header.gaps[0].at_s, 0.16, Tolerance::Absolute(1e-9));
    assert_close(header.gaps[0].duration_s, 2.0, Tolerance::Absolute(1e-9));
    assert_eq!(reader.identity().patient, "Patient: J\u{f6}rg Beispiel");
    assert!(!reader.identity().is_anonymous());
}

#[test]
fn brainvision_angles_point_where_the_electrodes_sit() {
    let positions = reader("bv_int16_multiplexed_latin1.vhdr").positions();
    // Theta -92 and phi -72 is Brain Products' Fp1: left of the nose, a little below the equator.
    let fp1 = positions[0].unwrap();
    assert!(fp1.x < -0.3 && fp1.y > 0.9 && (-0.1..0.0).contains(&fp1.z), "{fp1:?}");
    assert_eq!(positions[1].unwrap().direction(), Some([0.0, 0.0, 1.0]));
    assert_eq!(positions[2], None);
    let right = positions[3].unwrap();
    assert!((right.x - 1.0).abs() < 1e-12 && right.y.abs() < 1e-12 && right.z.abs() < 1e-12);
}

#[test]
fn markers_of_one_channel_name_it() {
    let annotations = reader("bv_int16_multiplexed_latin1.vhdr").annotations().unwrap();
    let response = annotations.iter().find(|a| a.text == "Response/R  2").unwrap();
    assert_eq!(response.channel.as_deref(), Some("Cz"));
}

#[test]
fn other_orders_of_bytes_and_samples_give_the_same_recording() {
    // Frames of big-endian int16, written by hand from the little-endian fixture.
    let stem = fixtures().join("bv_int16_multiplexed_latin1");
    let header = std::fs::read(stem.with_extension("vhdr")).unwrap();
    let mut swapped = b"Brain Vision Data Exchange Header File Version 1.0\r\n[Binary Infos]\r\nUseBigEndianOrder=YES\r\n".to_vec();
    swapped.extend(header);
    let mut data = std::fs::read(stem.with_extension("eeg")).unwrap();
    data.as_chunks_mut::<2>().0.iter_mut().for_each(|b| b.reverse());
    let markers = std::fs::read(stem.with_extension("vmrk")).unwrap();
    let name = "bv_int16_multiplexed_latin1";
    let files = [
        (format!("{name}.vhdr"), swapped),
        (format!("{name}.eeg"), data),
        (format!("{name}.vmrk"), markers),
    ];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), &b[..])).collect();
    let zip = archive(&files, CompressionMethod::Stored);
    let expected = reader(&format!("{name}.vhdr")).load().unwrap();
    assert_eq!(try_recording(zip).unwrap().load().unwrap(), expected);
}

#[test]
fn headers_that_contradict_themselves_say_what_is_wrong() {
    let header = std::fs::read(fixtures().join("bv_float32_multiplexed.vhdr")).unwrap();
    let header = String::from_utf8(header).unwrap();
    for (from, to, message) in [
        ("IEEE_FLOAT_32", "FLOAT_128", "BinaryFormat"),
        ("MULTIPLEXED", "SIDEWAYS", "DataOrientation"),
        ("NumberOfChannels=4", "NumberOfChannels=5", "NumberOfChannels"),
        ("SamplingInterval=4000", "SamplingInterval=0", "SamplingInterval"),
        ("DataFormat=BINARY", "DataFormat=ASCII", "binary data"),
        ("Ch2=", "Ch1=", "Ch1"),
    ] {
        assert!(header.contains(from), "{from}");
        let error = try_recording(header.replace(from, to).into_bytes()).unwrap_err().to_string();
        assert!(error.contains(message), "{to}: {error}");
    }
}

#[test]
fn eeglab_boundaries_become_gaps() {
    let mut reader = reader("set_inline_v6.set");
    // The boundary lies between samples 19 and 20; 125 samples of 250 Hz are missing.
    assert_eq!(reader.header().gaps, [Gap { at_s: 20.0 / 250.0, duration_s: 0.5 }]);
    let boundary = reader.annotations().unwrap().into_iter().find(|a| a.text == "boundary");
    assert_eq!(boundary.unwrap().duration_s, None);
    assert_eq!(reader.identity().patient, "S-007 Erika");
    assert_eq!(reader.identity().recording, "Name: Erika Beispiel");
}

#[test]
fn epochs_are_joined_with_a_gap_between_them() {
    let mut reader = reader("set_epochs.set");
    let header = reader.header();
    let at: Vec<f64> = header.gaps.iter().map(|gap| gap.at_s).collect();
    // Five epochs of ten samples.
    for (got, want) in at.iter().zip([0.04, 0.08, 0.12, 0.16]) {
        assert_close(*got, want, Tolerance::Absolute(1e-12));
    }
    assert_eq!(at.len(), 4);
    assert_eq!(codes(&reader), ["recording.epochs"]);
    let annotations = reader.annotations().unwrap();
    let events: Vec<f64> =
        annotations.iter().filter(|a| a.text == "2").map(|a| a.onset_s * 250.0).collect();
    assert_eq!(events.len(), 3);
    for (got, want) in events.iter().zip([0.0, 4.0, 25.0]) {
        assert_close(*got, want, Tolerance::Absolute(1e-9));
    }
    assert_eq!(annotations.iter().filter(|a| a.text == "boundary").count(), 4);
}

#[test]
fn eeglab_positions_point_where_the_electrodes_sit() {
    let reader = reader("set_inline_v7.set");
    let positions = reader.positions();
    // X 80.8, Y 26.1, Z -4.0 of EEGLAB: to the nose, and to the left.
    let fp1 = positions[0].unwrap();
    assert_eq!([fp1.x, fp1.y, fp1.z], [-26.1, 80.8, -4.0]);
    assert_eq!(positions[1].unwrap().direction(), Some([0.0, 0.0, 1.0]));
    assert_eq!(positions[3], None);
}

#[test]
fn eeglab_components_come_with_the_channels_they_were_made_of() {
    for name in ["set_inline_v6.set", "set_inline_v7.set"] {
        let reader = reader(name);
        let ica = reader.ica().unwrap();
        assert_eq!(ica.channels, [0, 2, 1]);
        assert_eq!((ica.weights.len(), ica.sphere.len(), ica.mixing.len()), (2, 3, 3));
        // The script made the mixing the pseudo-inverse of weights times sphere: their product with
        // it is the identity.
        for i in 0..2 {
            for j in 0..2 {
                let unmixed = |i: usize, channel: usize| -> f64 {
                    (0..3).map(|k| ica.weights[i][k] * ica.sphere[k][channel]).sum()
                };
                let product: f64 = (0..3).map(|c| unmixed(i, c) * ica.mixing[c][j]).sum();
                let want = if i == j { 1.0 } else { 0.0 };
                assert_close(product, want, Tolerance::Absolute(1e-12));
            }
        }
    }
    assert!(reader("set_epochs.set").ica().is_none());
}

#[test]
fn what_an_acquisition_left_out_is_a_gap_in_fif() {
    let reader = reader("fif_skip_raw.fif");
    // The third buffer is missing. A skip does not say how many samples its buffers had: as MNE, it is
    // taken to have as many as the next one, here the last, of 5.
    assert_eq!(reader.header().gaps, [Gap { at_s: 30.0 / 250.0, duration_s: 5.0 / 250.0 }]);
    let whole = self::reader("fif_single_raw.fif");
    assert!(whole.header().gaps.is_empty());
    assert_eq!(whole.identity().patient, "S-007 Beispiel Erika");
    assert_eq!(whole.identity().recording, "Dr. Muster");
    let cz = whole.positions()[1].unwrap();
    assert!(cz.x == 0.0 && (cz.y - 0.01).abs() < 1e-6 && (cz.z - 0.09).abs() < 1e-6, "{cz:?}");
    assert_eq!(whole.header().channels[0].name, "001");
    assert_eq!(whole.header().channels[4].unit, Unit::Other(String::new()));
}

#[test]
fn a_fif_file_that_was_cut_keeps_its_complete_buffers() {
    let bytes = std::fs::read(fixtures().join("fif_single_raw.fif")).unwrap();
    // Kind 300, type 4: the third buffer of samples.
    let buffers: Vec<usize> =
        (0..bytes.len() - 8).filter(|&at| bytes[at..at + 8] == [0, 0, 1, 44, 0, 0, 0, 4]).collect();
    let mut reader = try_recording(bytes[..buffers[2] + 100].to_vec()).unwrap();
    assert_eq!(codes(&reader), ["file.truncated"]);
    assert_eq!(reader.load().unwrap().channels[0].samples.len(), 30);
}

#[test]
fn gdf_says_whom_it_is_about_until_that_is_blanked() {
    for (name, patient, recording) in [
        ("gdf_1_int16.gdf", "S-007 Erika", "visit 3"),
        ("gdf_2_mixed.gdf", "S-007 Erika 1971-04-17", "visit 3"),
    ] {
        let mut bytes = std::fs::read(fixtures().join(name)).unwrap();
        let mut named = try_recording(bytes.clone()).unwrap();
        assert_eq!(named.identity().patient, patient);
        assert_eq!(named.identity().recording, recording);
        deidentify(Format::Gdf, &mut bytes[..256]);
        let mut blank = try_recording(bytes).unwrap();
        assert!(blank.identity().is_anonymous());
        assert_eq!(blank.header(), named.header());
        assert_eq!(blank.load().unwrap(), named.load().unwrap());
    }
}

#[test]
fn other_mat_files_are_refused_with_the_names_in_them() {
    let mut bytes = std::fs::read(fixtures().join("set_fields_v6.set")).unwrap();
    let at = bytes.windows(6).position(|w| w == b"nbchan").unwrap();
    bytes[at] = b'x';
    let error = try_recording(bytes).unwrap_err().to_string();
    assert!(error.contains("EEGLAB dataset") && error.contains("srate"), "{error}");
    let mut hdf5 = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".to_vec();
    hdf5.resize(1_024, b' ');
    let error = try_recording(hdf5).unwrap_err().to_string();
    assert!(error.contains("7.3") && error.contains("save it again"), "{error}");
}

#[test]
fn blocks_of_any_length_join_to_the_whole() {
    for name in reference().keys().filter(|name| !name.starts_with("eeg/")) {
        let mut reader = reader(name);
        let whole = reader.load().unwrap();
        let picks: Vec<usize> = (0..whole.channels.len()).rev().collect();
        for block_s in [0.004, 0.037, 0.1, 1e9] {
            let mut joined: Vec<Vec<f32>> = vec![Vec::new(); picks.len()];
            for block in reader.blocks(&picks, block_s) {
                for (all, part) in joined.iter_mut().zip(block.unwrap().samples) {
                    all.extend(part);
                }
            }
            for (&pick, samples) in picks.iter().zip(&joined) {
                assert_eq!(&whole.channels[pick].samples, samples, "{name} {block_s} s");
            }
        }
    }
}

#[test]
fn damaged_sets_are_survived() {
    let mut stems: Vec<String> = reference()
        .keys()
        .filter(|name| !name.starts_with("eeg/"))
        .map(|name| name.rsplit_once('.').unwrap().0.to_owned())
        .collect();
    stems.dedup();
    for stem in stems {
        survive(&stem, &zipped(&stem, CompressionMethod::Stored), 1 << 20);
    }
}

#[test]
fn damaged_single_files_are_survived() {
    for name in reference().keys().filter(|name| !name.starts_with("eeg/")) {
        let bytes = std::fs::read(fixtures().join(name)).unwrap();
        survive(name, &bytes, 1 << 20);
    }
    let Some(real) = shared_data("eeg/eeglab/eeglab_data.set") else { return };
    let bytes = std::fs::read(real).unwrap();
    // Without its samples only the structure is read.
    assert!(matches!(
        open_with(Box::new(Cursor::new(bytes)), &()),
        Err(FormatError::Companion { .. })
    ));
}
