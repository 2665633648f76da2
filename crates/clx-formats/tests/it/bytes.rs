//! Small files made for the tests, and the one way all of them open bytes.

use std::io::Cursor;

use clx_formats::edf::{EdfSpec, EdfWriter, SignalSpec};
use clx_formats::{Format, FormatError, Identity, RecordingReader, Source, open};
use clx_signal::{Annotation, Gap};
use sha2::{Digest, Sha256};

pub(crate) fn try_recording(bytes: Vec<u8>) -> Result<RecordingReader, FormatError> {
    match open(Box::new(Cursor::new(bytes)))? {
        Source::Recording(reader) => Ok(reader),
        Source::Audio(_) => panic!("a recording was taken for sound"),
    }
}

pub(crate) fn recording(bytes: Vec<u8>) -> RecordingReader {
    try_recording(bytes).unwrap()
}

pub(crate) fn annotation(onset_s: f64, duration_s: Option<f64>, text: &str) -> Annotation {
    Annotation { onset_s, duration_s, text: text.to_owned(), channel: None }
}

/// Two signals of 8 and 4 samples per second, 5 records of 1 s, three annotations.
pub(crate) fn spec(format: Format) -> EdfSpec {
    let (low, high) = if format.is_bdf() { (-8_388_608, 8_388_607) } else { (-32_768, 32_767) };
    let signal = |label: &str, unit: &str, n_per_record| SignalSpec {
        label: label.to_owned(),
        unit: unit.to_owned(),
        physical_min: -3276.8,
        physical_max: 3276.7,
        digital_min: low,
        digital_max: high,
        prefilter: "HP:0.1Hz LP:75Hz".to_owned(),
        n_per_record,
    };
    let gaps = match format {
        Format::EdfPlusD | Format::BdfPlusD => vec![Gap { at_s: 2.0, duration_s: 7.5 }],
        _ => vec![],
    };
    EdfSpec {
        format,
        start: Some("2009-12-10T12:44:02.123456".to_owned()),
        identity: Identity::default(),
        record_s: 1.0,
        n_records: 5,
        signals: vec![signal("EEG Fp1-Ref", "uV", 8), signal("Temp rectal", "degC", 4)],
        annotations: vec![
            annotation(0.0, None, "start"),
            annotation(1.000_001, Some(0.5), "Apnée"),
            annotation(2.5, Some(0.0), "after the gap"),
        ],
        gaps,
    }
}

/// Converter values that differ from sample to sample and reach both ends of the range.
pub(crate) fn digital(spec: &EdfSpec, signal: usize) -> Vec<i32> {
    let s = &spec.signals[signal];
    let n = s.n_per_record as u64 * spec.n_records;
    let span = (s.digital_max - s.digital_min) as u64 + 1;
    let value = |i: u64| s.digital_min + ((i * 7_919 + signal as u64 * 31) * 4_099 % span) as i32;
    let mut values: Vec<i32> = (0..n).map(value).collect();
    if let [first, second, ..] = &mut values[..] {
        (*first, *second) = (s.digital_min, s.digital_max);
    }
    values
}

pub(crate) fn write(spec: &EdfSpec) -> Vec<u8> {
    let mut writer = EdfWriter::new(Vec::new(), spec.clone()).unwrap();
    let signals: Vec<Vec<i32>> = (0..spec.signals.len()).map(|i| digital(spec, i)).collect();
    for record in 0..spec.n_records as usize {
        let rows: Vec<&[i32]> = signals
            .iter()
            .zip(&spec.signals)
            .map(|(values, s)| &values[record * s.n_per_record..][..s.n_per_record])
            .collect();
        writer.write_record(&rows).unwrap();
    }
    writer.finish().unwrap()
}

/// Overwrites a header field, padded with spaces.
pub(crate) fn patch(bytes: &mut [u8], at: usize, len: usize, text: &[u8]) {
    bytes[at..at + len].fill(b' ');
    bytes[at..at + text.len()].copy_from_slice(text);
}

pub(crate) fn codes(reader: &RecordingReader) -> Vec<&str> {
    reader.findings().iter().map(|f| f.code.as_str()).collect()
}

/// A reference that a script under `fixtures/` made.
pub(crate) fn fixture_json(name: &str) -> serde_json::Value {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

pub(crate) fn sha256_f32(samples: &[f32]) -> String {
    let bytes: Vec<u8> = samples.iter().flat_map(|x| x.to_le_bytes()).collect();
    hex(&Sha256::digest(&bytes))
}

pub(crate) fn hex(digest: &[u8]) -> String {
    digest.iter().map(|b| format!("{b:02x}")).collect()
}
