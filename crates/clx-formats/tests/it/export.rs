//! What is written in another format reads back as it was.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::rc::Rc;

use clx_formats::edf::{WriteOptions, write_recording};
use clx_formats::export::{
    BidsOptions, EdfOptions, sheets, write_bids, write_csv, write_edf, write_events, write_parquet,
};
use clx_formats::{Format, RecordingReader};
use clx_signal::{Channel, ChannelInfo, ChannelKind, Recording, SampleRate, Unit};
use clx_testkit::{Tolerance, assert_close};

use crate::bytes::{annotation, recording, spec, write};

fn wave(n: usize, peak: f64, offset: f64) -> Vec<f32> {
    (0..n).map(|i| (offset + peak * (i as f64 * 0.37).sin()) as f32).collect()
}

fn channel(name: &str, hz: f64, unit: Unit, kind: ChannelKind, samples: Vec<f32>) -> Channel {
    let prefix = if kind == ChannelKind::Eeg { "EEG " } else { "" };
    let info = ChannelInfo {
        name: name.to_owned(),
        label: format!("{prefix}{name}"),
        kind,
        unit,
        rate: SampleRate::from_hz(hz).unwrap(),
        n_samples: samples.len() as u64,
    };
    Channel { info, samples }
}

/// 12 s at two rates, with offsets of millivolts, as BDF+ (24 bits over a narrow range).
fn source() -> RecordingReader {
    let degrees = Unit::Other("degC".to_owned());
    let source = Recording {
        channels: vec![
            channel("Fp1", 250.0, Unit::Volt, ChannelKind::Eeg, wave(3_000, 80e-6, 0.01)),
            channel("Cz", 250.0, Unit::Volt, ChannelKind::Eeg, wave(3_000, 20e-6, 0.0)),
            channel("Temp", 1.0, degrees, ChannelKind::Misc, wave(12, 0.5, 37.0)),
        ],
        annotations: vec![
            annotation(0.0, None, "start, with a comma"),
            annotation(1.000_001, Some(0.25), "Apn\u{e9}e"),
        ],
        gaps: vec![],
    };
    let options = WriteOptions {
        format: Format::BdfPlusC,
        start: Some("2020-02-29T10:11:12.5".to_owned()),
        ..WriteOptions::default()
    };
    recording(write_recording(Vec::new(), &source, &options).unwrap())
}

fn still(_done: f64) {}

#[test]
fn edf_and_bdf_keep_samples_to_half_a_step_of_their_own_range() {
    let whole = source().load().unwrap();
    for (bdf, levels) in [(false, 65_535.0), (true, 16_777_215.0)] {
        let mut out = Vec::new();
        let options = EdfOptions { bdf, ..EdfOptions::default() };
        write_edf(&mut source(), &mut out, &options, &still).unwrap();
        let mut back = recording(out);
        assert_eq!(back.header().start.as_deref(), Some("2020-02-29T10:11:12.5"));
        assert!(back.identity().is_anonymous());
        let again = back.load().unwrap();
        assert_eq!(again.annotations, whole.annotations);
        for (a, b) in whole.channels.iter().zip(&again.channels) {
            assert_eq!(a.info, b.info);
            let range = |c: &Channel| {
                let most = c.samples.iter().fold(f32::MIN, |m, &x| m.max(x));
                f64::from(most - c.samples.iter().fold(f32::MAX, |m, &x| m.min(x)))
            };
            // Half a step, the rounding of the limits to seven characters, and of f32.
            let slack = if a.info.unit == Unit::Volt { 1e-9 } else { 1e-5 };
            let allowed = 0.51 * range(a) / levels + slack;
            for (x, y) in a.samples.iter().zip(&b.samples) {
                assert_close(f64::from(*y), f64::from(*x), Tolerance::Absolute(allowed));
            }
        }
    }
}

#[test]
fn an_odd_rate_and_gaps_anywhere_are_written_with_a_finding() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/xdf");
    let mut odd = recording(std::fs::read(folder.join("damaged.xdf")).unwrap());
    let n = odd.header().channels[0].n_samples;
    let mut out = Vec::new();
    let findings = write_edf(&mut odd, &mut out, &EdfOptions::default(), &still).unwrap();
    assert_eq!(findings[0].code, "header.rate");
    let back = recording(out);
    let hz = odd.header().channels[0].rate.hz();
    assert_close(back.header().channels[0].rate.hz(), hz, Tolerance::Relative(1e-5));
    assert!(back.header().channels[0].n_samples >= n);
    // Gaps between records stay gaps.
    let mut gapped = recording(write(&spec(Format::EdfPlusD)));
    let mut out = Vec::new();
    assert!(write_edf(&mut gapped, &mut out, &EdfOptions::default(), &still).unwrap().is_empty());
    assert_eq!(recording(out).header().gaps, gapped.header().gaps);
}

#[test]
fn a_table_gives_every_sample_back_bit_by_bit() {
    let mut reader = source();
    let sheets = sheets(reader.header());
    assert_eq!(sheets.len(), 2);
    assert_eq!(sheets[0].picks, [0, 1]);
    for delimiter in [',', '\t', ';'] {
        let mut out = Vec::new();
        write_csv(&mut reader, &sheets[0], delimiter, &mut out, &still).unwrap();
        let mut back = recording(out);
        assert_eq!(back.format(), Format::Csv);
        let expected = reader.read_block(&[0, 1], 0.0, 1e9).unwrap();
        assert_eq!(back.read_block(&[0, 1], 0.0, 1e9).unwrap(), expected);
        let info = &back.header().channels[0];
        assert_eq!((info.name.as_str(), info.rate.hz()), ("Fp1", 250.0));
    }
    let mut out = Vec::new();
    let annotations = reader.annotations().unwrap();
    write_events(&annotations, &[], ',', &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(
        text,
        "onset (s),duration (s),text,channel\n0,,\"start, with a comma\",\n1.000001,0.25,Apn\u{e9}e,\n"
    );
}

#[test]
fn gaps_survive_a_table_by_their_times() {
    let mut reader = recording(write(&spec(Format::EdfPlusD)));
    let sheet = sheets(reader.header()).remove(0);
    let mut out = Vec::new();
    write_csv(&mut reader, &sheet, ',', &mut out, &still).unwrap();
    let back = recording(out);
    let (got, want) = (&back.header().gaps, &reader.header().gaps);
    assert_eq!(got.len(), want.len());
    assert_close(got[0].at_s, want[0].at_s, Tolerance::Absolute(1e-6));
    assert_close(got[0].duration_s, want[0].duration_s, Tolerance::Absolute(1e-6));
}

#[test]
fn parquet_holds_plain_pages_that_its_footer_finds() {
    let mut reader = source();
    let sheet = sheets(reader.header()).remove(0);
    let mut out = Vec::new();
    write_parquet(&mut reader, &sheet, &mut out, &still).unwrap();
    assert!(out.starts_with(b"PAR1") && out.ends_with(b"PAR1"));
    // `fixtures/parquet_check.py` reads the whole with pyarrow; here the bytes of one column.
    let samples = reader.read_block(&[1], 0.0, 1e9).unwrap().samples.remove(0);
    let bytes: Vec<u8> = samples.iter().flat_map(|x| x.to_le_bytes()).collect();
    assert!(out.windows(bytes.len()).any(|w| w == bytes));
    if let Some(path) = std::env::var_os("CLX_KEEP_PARQUET") {
        std::fs::write(path, out).unwrap();
    }
}

type Files = Rc<RefCell<BTreeMap<String, Vec<u8>>>>;

/// A file in memory of a folder in memory.
struct Kept {
    files: Files,
    name: String,
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.files.borrow_mut().entry(self.name.clone()).or_default().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_data_set_has_the_files_and_columns_of_bids() {
    let files = Files::default();
    let options = BidsOptions {
        name: "Test".to_owned(),
        subject: "01".to_owned(),
        task: "rest".to_owned(),
        line_hz: Some(50.0),
        bdf: false,
        positions: vec![("Cz".to_owned(), [0.0, 0.0, 1.0])],
    };
    let mut create = |name: &str| -> io::Result<Box<dyn Write>> {
        Ok(Box::new(Kept { files: Rc::clone(&files), name: name.to_owned() }))
    };
    write_bids(&mut source(), &mut create, &options, &still).unwrap();
    let files = files.borrow();
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "README",
            "dataset_description.json",
            "participants.tsv",
            "sub-01/eeg/sub-01_coordsystem.json",
            "sub-01/eeg/sub-01_electrodes.tsv",
            "sub-01/eeg/sub-01_task-rest_channels.tsv",
            "sub-01/eeg/sub-01_task-rest_eeg.edf",
            "sub-01/eeg/sub-01_task-rest_eeg.json",
            "sub-01/eeg/sub-01_task-rest_events.json",
            "sub-01/eeg/sub-01_task-rest_events.tsv",
        ]
    );
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    assert_eq!(
        text("sub-01/eeg/sub-01_task-rest_channels.tsv"),
        "name\ttype\tunits\tsampling_frequency\n\
         EEG Fp1\tEEG\tuV\t250\nEEG Cz\tEEG\tuV\t250\nTemp\tMISC\tdegC\t1\n"
    );
    assert_eq!(
        text("sub-01/eeg/sub-01_task-rest_events.tsv"),
        "onset\tduration\ttrial_type\n0\tn/a\tstart, with a comma\n1.000001\t0.25\tApn\u{e9}e\n"
    );
    let refused = BidsOptions { subject: "a b".to_owned(), ..options.clone() };
    assert!(write_bids(&mut source(), &mut create, &refused, &still).is_err());
}
