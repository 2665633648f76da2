//! Recordings as text, against Python's csv and numpy (`fixtures/tables.py`) and by construction.

use std::io::Write;

use clx_formats::{Format, FormatError, RecordingReader, sniff};
use clx_signal::{ChannelKind, Unit};
use clx_testkit::{Tolerance, assert_close, shared_data};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::bytes::{codes, fixture_json, recording, sha256_f32, try_recording};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn text(text: &str) -> RecordingReader {
    recording(text.as_bytes().to_vec())
}

/// A table of `n` rows at 250 Hz: seconds and two channels of microvolts by formula.
fn table(n: usize) -> String {
    let row = |i: usize| format!("{:.3},{},{}\n", i as f64 * 0.004, value(i, 0), value(i, 1));
    "time,Fp1 (uV),EEG T3-Ref (mV)\n".to_owned() + &(0..n).map(row).collect::<String>()
}

fn value(i: usize, channel: usize) -> f64 {
    ((i * 7_919 + channel * 131) % 2_003) as f64 * 0.05 - 50.0
}

#[test]
fn real_files_of_openbci_and_muse_equal_python() {
    for (name, expected) in fixture_json("tables.json").as_object().unwrap() {
        let Some(path) = shared_data(name) else { continue };
        let bytes = std::fs::read(path).unwrap();
        let mut reader = recording(bytes);
        let n = expected["n_rows"].as_u64().unwrap();
        for channel in expected["channels"].as_array().unwrap() {
            let label = channel["label"].as_str().unwrap();
            let channels = &reader.header().channels;
            let index = channels.iter().position(|c| c.label == label).unwrap();
            assert_eq!(
                (channels[index].n_samples, &channels[index].unit),
                (n, &Unit::Volt),
                "{label}"
            );
            let block = reader.read_block(&[index], 0.0, f64::INFINITY).unwrap();
            assert_eq!(sha256_f32(&block.samples[0]), channel["sha256"], "{name} {label}");
        }
        let rate_hz = reader.header().channels[0].rate.hz();
        let markers = expected["markers"].as_array().cloned().unwrap_or_default();
        let annotations = reader.annotations().unwrap();
        assert_eq!(annotations.len(), markers.len(), "{name}");
        for (got, want) in annotations.iter().zip(&markers) {
            let onset_s = want[0].as_f64().unwrap() / rate_hz;
            assert_close(got.onset_s, onset_s, Tolerance::Absolute(1e-6));
            assert_eq!(got.text, want[1].as_str().unwrap());
        }
    }
}

#[test]
fn each_program_is_told_with_its_rate_kinds_and_start() {
    let cases = [
        ("eeg/openbci/OpenBCI_GUI-v6-blinks-jawClench-alpha.txt.gz", Format::OpenBci, 250.0, 8),
        ("eeg/muse/SSAEP_subject1_session1_2017-09-27-14.42.41.csv.gz", Format::MuseCsv, 256.0, 4),
        ("eeg/eeglab/testmusemonitor.csv", Format::MindMonitor, 1.0, 4),
    ];
    for (name, format, rate_hz, n_eeg) in cases {
        let Some(path) = shared_data(name) else { continue };
        let reader = recording(std::fs::read(path).unwrap());
        assert_eq!(reader.format(), format);
        let header = reader.header();
        let eeg: Vec<_> = header.channels.iter().filter(|c| c.kind == ChannelKind::Eeg).collect();
        assert_eq!(eeg.len(), n_eeg, "{name}");
        if rate_hz > 1.0 {
            assert!(header.channels.iter().all(|c| c.rate.hz() == rate_hz), "{name}");
        }
        assert!(header.gaps.is_empty(), "{name} {:?}", header.gaps);
        match format {
            // 1557936053329 ms since 1970 (date -u -d @1557936053.329).
            Format::OpenBci => assert_eq!(header.start.as_deref(), Some("2019-05-15T16:00:53.329")),
            Format::MindMonitor => {
                assert_eq!(header.start.as_deref(), Some("2017-11-02T12:33:05.09"));
                assert_eq!((eeg[0].label.as_str(), eeg[0].name.as_str()), ("RAW_TP9", "TP9"));
            }
            _ => assert_eq!(header.start, None),
        }
    }
}

#[test]
fn offsets_of_millivolts_keep_microvolts() {
    let Some(path) = shared_data("eeg/openbci/OpenBCI_GUI-v6-blinks-jawClench-alpha.txt.gz") else {
        return;
    };
    let mut reader = recording(std::fs::read(path).unwrap());
    let block = reader.read_block(&[0], 0.0, 0.01).unwrap();
    // 61379.36 µV in the first row; f32 keeps 61 mV to 4 nV.
    assert_close(f64::from(block.samples[0][0]), 61_379.36e-6, Tolerance::Absolute(4e-9));
}

#[test]
fn compressed_and_plain_text_read_the_same_in_any_window() {
    let plain = table(10_000);
    let mut a = text(&plain);
    let mut b = recording(gzip(plain.as_bytes()));
    let whole = a.read_block(&[0, 1], 0.0, f64::INFINITY).unwrap().samples;
    let expected: Vec<f32> = (0..10_000).map(|i| (value(i, 0) * 1e-6) as f32).collect();
    assert_eq!(whole[0], expected);
    let expected: Vec<f32> = (0..10_000).map(|i| (value(i, 1) * 1e-3) as f32).collect();
    assert_eq!(whole[1], expected);
    for (first, n) in
        [(0, 10), (9_990, 10), (4_095, 3), (4_096, 1), (50, 9_000), (0, 1), (8_192, 5)]
    {
        let (tmin_s, duration_s) = (f64::from(first) * 0.004, f64::from(n) * 0.004);
        for reader in [&mut a, &mut b] {
            let part = reader.read_block(&[1], tmin_s, duration_s).unwrap().samples;
            let range = first as usize..(first + n) as usize;
            assert_eq!(part[0], whole[1][range], "{first} {n}");
        }
    }
    let channels = &a.header().channels;
    assert_eq!((channels[1].name.as_str(), channels[0].rate.hz()), ("T3", 250.0));
}

#[test]
fn decimal_commas_dates_and_milliseconds_are_understood() {
    let rows = |f: fn(usize) -> String| (0..50).map(f).collect::<String>();
    let semicolon = "Zeit;Fp1\n".to_owned() + &rows(|i| format!("{};{},5\n", i, i));
    let with_time =
        "time;Fp1_mV\n".to_owned() + &rows(|i| format!("0,{:03};0,0{}\n", i * 4, i % 7));
    let millis = "t_ms\tFp1_V\n".to_owned() + &rows(|i| format!("{}\t{}e-6\n", i * 4, i));
    let date = "Timestamp,Fp1 [nV]\n".to_owned()
        + &rows(|i| format!("2024-02-29T23:59:59.{:03},{}\n", i * 4, i * 100));
    let stated = "# Sampling rate: 250 Hz\n".to_owned() + &rows(|i| format!("{} {}.5\n", i % 5, i));
    for (name, table) in
        [("time", &with_time), ("ms", &millis), ("date", &date), ("stated", &stated)]
    {
        let reader = text(table);
        assert_eq!(reader.header().channels[0].rate.hz(), 250.0, "{name}");
        assert_eq!(reader.header().channels[0].n_samples, 50, "{name}");
    }
    assert_eq!(text(&date).header().start.as_deref(), Some("2024-02-29T23:59:59"));
    let block = text(&with_time).read_block(&[0], 0.012, 0.004).unwrap();
    assert_eq!(block.samples[0], [0.03e-3_f32]);
    // Neither time nor rate: refused with advice.
    let error = try_recording(semicolon.into_bytes()).unwrap_err();
    assert!(error.to_string().contains("sample rate: 250 Hz"), "{error}");
}

#[test]
fn units_that_are_missing_are_assumed_from_the_amplitude_and_said() {
    for (scale, factor) in [(1e-6, Some(1.0)), (1e-3, Some(1e-3)), (1.0, Some(1e-6)), (1e5, None)] {
        let row = |i: usize| format!("{:.3},{}\n", i as f64 * 0.004, value(i, 0) * 0.3 * scale);
        let table = "time,Cz\n".to_owned() + &(0..3_000).map(row).collect::<String>();
        let mut reader = text(&table);
        let unit = reader.header().channels[0].unit.clone();
        assert_eq!(unit == Unit::Volt, factor.is_some(), "{scale} {unit:?}");
        assert!(codes(&reader).contains(&"channel.unit_assumed"));
        let got = reader.read_block(&[0], 0.0, 0.004).unwrap().samples[0][0];
        let expected = value(0, 0) * 0.3 * scale * factor.unwrap_or(1.0);
        assert_close(f64::from(got), expected, Tolerance::Relative(1e-6));
    }
}

#[test]
fn lost_samples_are_found_from_a_counter_of_a_byte_and_the_times() {
    let mut file = "%OpenBCI Raw EXG Data\n%Number of channels = 1\n%Sample Rate = 250 Hz\n\
        Sample Index, EXG Channel 0, Timestamp\n"
        .to_owned();
    // Rows 0..1000 without 300..310 (ten lost) and without 600..1112, two whole rounds of 256.
    for i in (0..300).chain(310..600).chain(1_112..1_500) {
        // Packets of ten rows share their time.
        let ms = 1_600_000_000_000_u64 + (i as u64 / 10 * 10) * 4;
        file += &format!("{}, {}.5, {ms}\n", i % 256, i);
    }
    let reader = text(&file);
    let gaps = &reader.header().gaps;
    assert_eq!(gaps.len(), 2, "{gaps:?}");
    assert_close(gaps[0].at_s, 300.0 / 250.0, Tolerance::Absolute(1e-9));
    assert_close(gaps[0].duration_s, 10.0 / 250.0, Tolerance::Absolute(1e-9));
    assert_close(gaps[1].at_s, 590.0 / 250.0, Tolerance::Absolute(1e-9));
    assert_close(gaps[1].duration_s, 512.0 / 250.0, Tolerance::Absolute(1e-9));
}

#[test]
fn rows_of_elements_become_annotations_and_no_samples() {
    let file = "TimeStamp,RAW_TP9,RAW_AF7,Battery,Elements\n\
        2024-01-01 10:00:00.000,,,,/muse/event/connected\n\
        2024-01-01 10:00:00.004,800.5,810.5,90,\n\
        2024-01-01 10:00:00.008,801.5,811.5,90,\n\
        2024-01-01 10:00:00.010,,,,/muse/elements/blink\n\
        2024-01-01 10:00:00.012,802.5,812.5,90,\n\
        2024-01-01 10:00:00.016,803.5,,90,\n\
        2024-01-01 10:00:00.020,804.5,814.5,90,\n";
    let mut reader = text(file);
    assert_eq!(reader.format(), Format::MindMonitor);
    let names: Vec<&str> = reader.header().channels.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["TP9", "AF7", "Battery"]);
    let block = reader.read_block(&[0, 1], 0.0, 1.0).unwrap();
    let volts = |x: &[f64]| x.iter().map(|v| (v * 1e-6) as f32).collect::<Vec<f32>>();
    assert_eq!(block.samples[0], volts(&[800.5, 801.5, 802.5, 803.5, 804.5]));
    // The missing value repeats the one before.
    assert_eq!(block.samples[1], volts(&[810.5, 811.5, 812.5, 812.5, 814.5]));
    assert!(codes(&reader).contains(&"signal.missing"));
    let annotations = reader.annotations().unwrap();
    let texts: Vec<&str> = annotations.iter().map(|a| a.text.as_str()).collect();
    assert_eq!(texts, ["/muse/event/connected", "/muse/elements/blink"]);
    // Half-way between the second and the third sample.
    assert_close(annotations[1].onset_s, 1.5 / 250.0, Tolerance::Absolute(1e-6));
}

#[test]
fn a_cut_last_row_is_left_out() {
    let mut file = table(100);
    file.truncate(file.rfind(',').unwrap());
    let reader = text(&file);
    assert_eq!(reader.header().channels[0].n_samples, 99);
    assert!(codes(&reader).contains(&"file.truncated"));
}

#[test]
fn text_that_inflates_without_end_is_refused() {
    let mut bomb = table(2_000);
    bomb += &"0".repeat(64 << 20);
    let error = try_recording(gzip(bomb.as_bytes())).unwrap_err();
    assert!(matches!(error, FormatError::Limit { .. } | FormatError::Io(_)), "{error}");
}

#[test]
fn other_text_is_not_taken_for_a_recording() {
    for text in [
        "name,age\nAnna,31\nBen,42\nCem,23\n",
        "Dear all,\nplease find 3 files,\n4 notes and 5 tables.\n",
        "{\"a\": 1}\n{\"a\": 2}\n{\"a\": 3}\n",
        "1\n2\n0\n1\n2\n",
    ] {
        assert_eq!(sniff(text.as_bytes()), None, "{text}");
    }
    assert_eq!(sniff(&gzip(b"hello")), None);
}
