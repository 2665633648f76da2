//! The oddities of EDF files in the wild, each made on purpose.

use clx_formats::{Format, FormatError, deidentify};
use clx_signal::{Gap, Unit};
use clx_testkit::{Tolerance, assert_close};

use crate::bytes::{annotation, codes, digital, patch, recording, spec, try_recording, write};

/// Offset of a per-signal field in a file of three signals (two and the annotations).
fn field(start: usize, width: usize, signal: usize) -> usize {
    256 + 3 * start + signal * width
}

#[test]
fn an_unknown_record_count_is_taken_from_the_size() {
    let mut bytes = write(&spec(Format::EdfPlusC));
    patch(&mut bytes, 236, 8, b"-1");
    let reader = recording(bytes);
    assert_eq!(reader.header().duration_s, 5.0);
    assert_eq!(codes(&reader), ["file.record_count"]);
}

#[test]
fn a_cut_file_keeps_its_complete_records_and_says_so() {
    let spec = spec(Format::BdfPlusC);
    let mut bytes = write(&spec);
    bytes.truncate(bytes.len() - 10);
    let mut reader = recording(bytes);
    assert_eq!(reader.header().duration_s, 4.0);
    assert_eq!(codes(&reader), ["file.truncated"]);
    assert_eq!(reader.read_digital(0, 0, 32).unwrap(), digital(&spec, 0)[..32]);
    assert!(matches!(reader.read_digital(0, 0, 33), Err(FormatError::Request { .. })));
}

#[test]
fn a_file_that_ends_in_its_header_is_refused_with_the_size_it_needs() {
    let bytes = write(&spec(Format::EdfPlusC));
    for len in [200, 256, 700] {
        let error = try_recording(bytes[..len].to_vec()).unwrap_err();
        assert!(matches!(error, FormatError::Truncated { .. }), "{len}: {error}");
    }
}

#[test]
fn ranges_that_scale_nothing_leave_converter_values() {
    for (start, text) in [(120, "32767"), (112, "-3276.8"), (104, "?"), (128, "")] {
        let spec = spec(Format::EdfPlusC);
        let mut bytes = write(&spec);
        patch(&mut bytes, field(start, 8, 0), 8, text.as_bytes());
        let mut reader = recording(bytes);
        assert_eq!(codes(&reader), ["channel.uncalibrated"], "{start}");
        assert_eq!(reader.header().channels[0].unit, Unit::Other("digital".to_owned()));
        let block = reader.read_block(&[0], 0.0, 1.0).unwrap();
        let expected: Vec<f32> = digital(&spec, 0)[..8].iter().map(|&x| x as f32).collect();
        assert_eq!(block.samples[0], expected);
    }
}

#[test]
fn an_inverted_physical_range_inverts_the_signal() {
    let mut bytes = write(&spec(Format::EdfPlusC));
    patch(&mut bytes, field(104, 8, 0), 8, b"100");
    patch(&mut bytes, field(112, 8, 0), 8, b"-100");
    let mut reader = recording(bytes);
    // The fixture starts with the lowest and the highest converter value.
    let samples = &reader.read_block(&[0], 0.0, 1.0).unwrap().samples[0];
    assert_close(f64::from(samples[0]), 100e-6, Tolerance::Relative(1e-7));
    assert_close(f64::from(samples[1]), -100e-6, Tolerance::Relative(1e-7));
}

#[test]
fn labels_and_units_in_latin1_are_read() {
    let mut bytes = write(&spec(Format::EdfPlusC));
    patch(&mut bytes, field(0, 16, 0), 16, b"EEG Cz..");
    patch(&mut bytes, field(96, 8, 0), 8, b"\xb5V");
    patch(&mut bytes, field(96, 8, 1), 8, b"\xb0C");
    let reader = recording(bytes);
    let channels = &reader.header().channels;
    assert_eq!((channels[0].name.as_str(), &channels[0].unit), ("Cz", &Unit::Volt));
    assert_eq!(channels[0].label, "EEG Cz..");
    assert_eq!(channels[1].unit, Unit::Other("\u{b0}C".to_owned()));
}

#[test]
fn gaps_of_a_discontinuous_file_are_found_and_annotations_follow_the_samples() {
    for format in [Format::EdfPlusD, Format::BdfPlusD] {
        let mut reader = recording(write(&spec(format)));
        assert_eq!(reader.format(), format);
        assert_eq!(reader.header().gaps, [Gap { at_s: 2.0, duration_s: 7.5 }]);
        assert_eq!(reader.header().duration_s, 5.0);
        let onsets: Vec<f64> = reader.annotations().unwrap().iter().map(|a| a.onset_s).collect();
        for (got, want) in onsets.iter().zip([0.0, 1.000_001, 2.5]) {
            assert_close(*got, want, Tolerance::Absolute(1e-9));
        }
    }
}

#[test]
fn a_discontinuous_file_marked_continuous_is_read_without_gaps() {
    let mut bytes = write(&spec(Format::EdfPlusD));
    patch(&mut bytes, 192, 44, b"EDF+C");
    assert!(recording(bytes).header().gaps.is_empty());
}

#[test]
fn several_annotation_signals_are_merged_in_order_of_onset() {
    // The second signal becomes a second list of annotations, 8 bytes per record.
    let mut bytes = write(&spec(Format::EdfPlusC));
    let record_bytes = (bytes.len() - 1024) / 5;
    patch(&mut bytes, field(0, 16, 1), 16, b"EDF Annotations");
    for record in 0..5 {
        bytes[1024 + record * record_bytes + 16..][..8].fill(0);
    }
    bytes[1024 + 16..][..8].copy_from_slice(b"+1\x14two\x14\0");
    let mut reader = recording(bytes);
    assert_eq!(reader.header().channels.len(), 1);
    let found = reader.annotations().unwrap();
    let texts: Vec<&str> = found.iter().map(|a| a.text.as_str()).collect();
    // The second list's signal is first in the file, so its first entry keeps the time.
    assert_eq!(texts.len(), 4);
    assert!(texts.contains(&"two"));
}

#[test]
fn an_annotation_can_belong_to_a_channel() {
    let mut spec = spec(Format::EdfPlusC);
    spec.annotations = vec![
        annotation(1.0, None, "spike@@EEG Fp1-Ref"),
        annotation(2.0, None, "mail@@example"),
        annotation(3.0, None, "hot@@Temp rectal"),
    ];
    let mut reader = recording(write(&spec));
    let found = reader.annotations().unwrap();
    assert_eq!((found[0].text.as_str(), found[0].channel.as_deref()), ("spike", Some("Fp1")));
    assert_eq!((found[1].text.as_str(), found[1].channel.as_deref()), ("mail@@example", None));
    assert_eq!((found[2].text.as_str(), found[2].channel.as_deref()), ("hot", Some("Temp rectal")));
}

#[test]
fn deidentified_files_read_as_anonymous_and_keep_everything_else() {
    let mut named = spec(Format::EdfPlusC);
    named.identity.patient = "MCH-0234567 F 02-MAY-1951 Haagse_Harry".to_owned();
    named.identity.recording = "Startdate 10-DEC-2009 EMG561 BK/JOP Sony".to_owned();
    let mut bytes = write(&named);
    assert!(!recording(bytes.clone()).identity().is_anonymous());
    deidentify(Format::EdfPlusC, &mut bytes[..256]);
    let mut reader = recording(bytes.clone());
    assert!(reader.identity().is_anonymous());
    assert_eq!(reader.header().start.as_deref(), Some("2009-12-10T12:44:02.123456"));
    assert_eq!(reader.annotations().unwrap().len(), 3);
    assert_eq!(bytes, write(&spec(Format::EdfPlusC)));
}

#[test]
fn requests_outside_the_recording_are_errors_or_empty() {
    let mut reader = recording(write(&spec(Format::EdfPlusC)));
    assert!(reader.read_block(&[2], 0.0, 1.0).is_err());
    assert!(reader.read_block(&[0], -1.0, 1.0).is_err());
    assert!(reader.read_block(&[0], f64::NAN, 1.0).is_err());
    assert!(reader.read_digital(0, u64::MAX, 2).is_err());
    assert!(reader.read_block(&[0, 1], 5.0, 1.0).unwrap().samples.iter().all(Vec::is_empty));
    assert_eq!(reader.read_block(&[1], 4.5, 10.0).unwrap().samples[0].len(), 2);
    assert!(reader.blocks(&[0], 0.0).next().unwrap().is_err());
}
