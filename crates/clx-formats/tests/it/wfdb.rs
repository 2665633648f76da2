//! WFDB records against the package `wfdb` (`fixtures/wfdb_records.py`).

use std::fs::File;
use std::path::{Path, PathBuf};

use clx_formats::{
    ByteSource, Companions, Format, FormatError, RecordingReader, Source, open_with,
};
use clx_signal::ChannelKind;
use clx_testkit::{Tolerance, assert_close, shared_data};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::bytes::{codes, fixture_json, hex, sha256_f32};

/// A folder and the name of a header in it.
struct Folder(PathBuf);

impl Companions for Folder {
    fn open(&self, name: &str) -> Option<Box<dyn ByteSource>> {
        let file = File::open(self.0.with_file_name(name)).ok()?;
        Some(Box::new(file))
    }

    fn stem(&self) -> Option<String> {
        Some(self.0.file_stem()?.to_string_lossy().into_owned())
    }
}

fn try_open(header: &Path) -> Result<RecordingReader, FormatError> {
    let folder = Folder(header.to_owned());
    match open_with(Box::new(File::open(header).unwrap()), &folder)? {
        Source::Recording(reader) => Ok(reader),
        Source::Audio(_) => panic!("a record was taken for sound"),
    }
}

fn fixture(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/wfdb");
    folder.join(format!("{name}.hea"))
}

fn check_channels(reader: &mut RecordingReader, expected: &Value, name: &str) {
    let channels = expected["channels"].as_array().unwrap();
    let infos = reader.header().channels.clone();
    assert_eq!(infos.len(), channels.len(), "{name}");
    for (index, (info, want)) in infos.iter().zip(channels).enumerate() {
        assert_eq!(info.label, want["label"].as_str().unwrap(), "{name}");
        assert_eq!(info.rate.hz(), want["rate_hz"].as_f64().unwrap(), "{name}");
        assert_eq!(info.n_samples, want["n_samples"].as_u64().unwrap(), "{name}");
        let digital = reader.read_digital(index, 0, info.n_samples as usize).unwrap();
        let bytes: Vec<u8> = digital.iter().flat_map(|x| x.to_le_bytes()).collect();
        assert_eq!(hex(&Sha256::digest(&bytes)), want["digital_sha256"], "{name} {}", info.label);
        let block = reader.read_block(&[index], 0.0, f64::INFINITY).unwrap();
        let same = sha256_f32(&block.samples[0]) == want["physical_sha256"].as_str().unwrap();
        assert!(same, "{name} {}", info.label);
    }
}

fn text(want: &Value) -> String {
    let (symbol, aux) = (want["symbol"].as_str().unwrap(), want["aux"].as_str().unwrap());
    match (symbol, aux) {
        (symbol, "") => symbol.to_owned(),
        ("\"", aux) => aux.to_owned(),
        (symbol, aux) => format!("{symbol} {aux}"),
    }
}

#[test]
fn samples_of_every_format_and_annotations_equal_wfdb() {
    let reference = fixture_json("wfdb_records.json");
    for (name, expected) in reference.as_object().unwrap() {
        let path = match name.strip_prefix("eeg/") {
            Some(_) => shared_data(&format!("{name}.hea")),
            None => Some(fixture(name)),
        };
        let Some(path) = path else { continue };
        let mut reader = try_open(&path).unwrap();
        assert_eq!(reader.format(), Format::Wfdb);
        check_channels(&mut reader, expected, name);
        let annotations = reader.annotations().unwrap();
        let wanted = expected["annotations"].as_array().cloned().unwrap_or_default();
        let total = expected["n_annotations"].as_u64().unwrap_or(wanted.len() as u64);
        assert_eq!(annotations.len() as u64, total, "{name}");
        let mut got = annotations.clone();
        if annotations.len() > wanted.len() {
            // The fixture keeps the first 20 and the last 5.
            got.drain(20..annotations.len() - 5);
        }
        for (got, want) in got.iter().zip(&wanted) {
            assert_close(got.onset_s, want["onset_s"].as_f64().unwrap(), Tolerance::Absolute(1e-6));
            assert_eq!(got.text, text(want), "{name}");
        }
    }
}

#[test]
fn mit_bih_100_has_its_leads_and_beats() {
    let Some(path) = shared_data("eeg/wfdb/100.hea") else { return };
    let mut reader = try_open(&path).unwrap();
    let header = reader.header().clone();
    assert_eq!(header.duration_s, 650_000.0 / 360.0);
    assert!(header.channels.iter().all(|c| c.kind == ChannelKind::Ecg));
    // Age, sex and medication of the patient are in the comments.
    assert!(!reader.identity().is_anonymous());
    // 2,273 beats and one rhythm mark (the record's page at PhysioNet).
    let annotations = reader.annotations().unwrap();
    assert_eq!(annotations.iter().filter(|a| a.text.len() == 1).count(), 2_273);
    // Windows anywhere equal the whole.
    let whole = reader.read_block(&[0, 1], 0.0, f64::INFINITY).unwrap().samples;
    for (tmin_s, n) in [(0.0, 1), (100.0, 361), (1_000.0, 72_000), (1_805.0, 200)] {
        let part = reader.read_block(&[1], tmin_s, f64::from(n) / 360.0).unwrap().samples;
        let first = (tmin_s * 360.0) as usize;
        assert_eq!(part[0], whole[1][first..first + n as usize], "{tmin_s}");
    }
}

#[test]
fn several_samples_per_frame_and_files_are_put_together() {
    let mut reader = try_open(&fixture("f61")).unwrap();
    let header = reader.header().clone();
    assert_eq!(header.start.as_deref(), Some("1999-12-24T09:10:11.5"));
    assert_eq!(reader.identity().patient, "44 F");
    assert_eq!(header.channels[0].kind, ChannelKind::Eeg);
    assert_eq!(header.channels[1].kind, ChannelKind::Resp);
    let whole = reader.read_digital(0, 0, 120).unwrap();
    assert_eq!(reader.read_digital(0, 37, 20).unwrap(), whole[37..57]);
}

#[test]
fn a_missing_or_short_file_of_samples_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let header = folder.path().join("f16.hea");
    std::fs::copy(fixture("f16"), &header).unwrap();
    let error = try_open(&header).unwrap_err();
    assert!(matches!(&error, FormatError::Companion { name, .. } if name == "f16.dat"), "{error}");
    let data = std::fs::read(fixture("f16").with_extension("dat")).unwrap();
    std::fs::write(folder.path().join("f16.dat"), &data[..300]).unwrap();
    let reader = try_open(&header).unwrap();
    assert_eq!(reader.header().channels[0].n_samples, 50);
    assert_eq!(codes(&reader), ["file.truncated"]);
}
