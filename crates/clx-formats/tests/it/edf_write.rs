//! What is written is read back; equal input gives equal bytes.

use clx_formats::edf::{EdfWriter, WriteOptions, write_recording};
use clx_formats::{Format, FormatError};
use clx_signal::{Annotation, Channel, ChannelInfo, ChannelKind, Recording, SampleRate, Unit};
use clx_testkit::{Tolerance, assert_close};
use proptest::prelude::*;

use crate::bytes::{annotation, codes, digital, recording, spec, write};

const PLUS: [Format; 4] = [Format::EdfPlusC, Format::EdfPlusD, Format::BdfPlusC, Format::BdfPlusD];

#[test]
fn converter_values_annotations_and_start_survive_exactly() {
    for format in PLUS {
        let spec = spec(format);
        let bytes = write(&spec);
        assert_eq!(bytes, write(&spec), "equal input gives equal bytes");
        let mut reader = recording(bytes);
        assert_eq!(reader.format(), format);
        assert_eq!(codes(&reader), [""; 0]);
        assert_eq!(reader.header().start, spec.start);
        for channel in 0..2 {
            let expected = digital(&spec, channel);
            assert_eq!(reader.read_digital(channel, 0, expected.len()).unwrap(), expected);
        }
        for (got, want) in reader.annotations().unwrap().iter().zip(&spec.annotations) {
            assert_close(got.onset_s, want.onset_s, Tolerance::Absolute(1e-9));
            assert_eq!((&got.text, got.duration_s), (&want.text, want.duration_s));
        }
    }
}

#[test]
fn specifications_the_format_cannot_express_are_refused() {
    let refused = |change: &dyn Fn(&mut clx_formats::edf::EdfSpec)| {
        let mut spec = spec(Format::EdfPlusC);
        change(&mut spec);
        let result = EdfWriter::new(Vec::new(), spec);
        assert!(matches!(result, Err(FormatError::Request { .. })));
    };
    refused(&|s| s.format = Format::Edf);
    refused(&|s| s.start = Some("1984-01-01T00:00:00".to_owned()));
    refused(&|s| s.signals[0].digital_max = 40_000);
    refused(&|s| s.signals[0].physical_max = s.signals[0].physical_min);
    refused(&|s| s.signals[0].physical_max = 1.0 / 3.0);
    refused(&|s| s.gaps.push(clx_signal::Gap { at_s: 1.0, duration_s: 1.0 }));
    refused(&|s| s.annotations[0].onset_s = f64::NAN);
    let mut writer = EdfWriter::new(Vec::new(), spec(Format::EdfPlusC)).unwrap();
    assert!(writer.write_record(&[&[0; 8]]).is_err());
    assert!(writer.write_record(&[&[0; 8], &[40_000; 4]]).is_err());
    writer.write_record(&[&[0; 8], &[0; 4]]).unwrap();
    assert!(writer.finish().is_err(), "four records are missing");
}

fn channel(name: &str, hz: f64, unit: Unit, samples: Vec<f32>) -> Channel {
    let info = ChannelInfo {
        name: name.to_owned(),
        label: format!("EEG {name}"),
        kind: ChannelKind::Eeg,
        unit,
        rate: SampleRate::from_hz(hz).unwrap(),
        n_samples: samples.len() as u64,
    };
    Channel { info, samples }
}

#[test]
fn a_recording_in_volts_comes_back_within_half_a_step() {
    let wave = |n: usize, peak: f32| -> Vec<f32> {
        (0..n).map(|i| peak * (i as f32 * 0.37).sin()).collect()
    };
    let source = Recording {
        channels: vec![
            channel("Fp1", 250.0, Unit::Volt, wave(2_500, 83.7e-6)),
            channel("Cz", 12.5, Unit::Volt, wave(125, 0.4)),
            channel("Flat", 1.0, Unit::Other("degC".to_owned()), vec![0.0; 10]),
        ],
        annotations: vec![Annotation {
            channel: Some("Cz".to_owned()),
            ..annotation(3.25, Some(1.5), "blink")
        }],
        gaps: vec![],
    };
    for (format, steps) in [(Format::EdfPlusC, 65_534.0), (Format::BdfPlusC, 16_777_214.0)] {
        let options = WriteOptions { format, ..WriteOptions::default() };
        let bytes = write_recording(Vec::new(), &source, &options).unwrap();
        let mut reader = recording(bytes);
        assert!(reader.identity().is_anonymous());
        let back = reader.load().unwrap();
        assert_eq!(back.annotations, source.annotations);
        for (got, want) in back.channels.iter().zip(&source.channels) {
            assert_eq!((&got.info.name, &got.info.unit), (&want.info.name, &want.info.unit));
            let peak = want.samples.iter().fold(0.0_f64, |p, x| p.max(f64::from(x.abs())));
            // Half a step of a range at most 2 % wider than the signal, and f32 rounding.
            let allowed = 1.02 * peak / steps + peak * 2e-7;
            for (&a, &b) in got.samples.iter().zip(&want.samples) {
                assert_close(f64::from(a), f64::from(b), Tolerance::Absolute(allowed));
            }
        }
    }
}

#[test]
fn samples_that_are_not_finite_are_refused() {
    let source = Recording {
        channels: vec![channel("Cz", 1.0, Unit::Volt, vec![0.0, f32::NAN])],
        ..Recording::default()
    };
    let error = write_recording(Vec::new(), &source, &WriteOptions::default()).unwrap_err();
    assert!(error.to_string().contains("Cz"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_specification_round_trips(
        format in 0..4_usize,
        sizes in prop::collection::vec(1..40_usize, 1..6),
        n_records in 1..6_u64,
        record in 1..5_u32,
        onsets in prop::collection::vec((0.0..20.0_f64, "[a-zA-Z éµ]{1,12}"), 0..8),
        micros in 0..1_000_000_u32,
    ) {
        let mut spec = spec(PLUS[format]);
        spec.gaps.clear();
        spec.record_s = f64::from(record) / 4.0;
        spec.n_records = n_records;
        spec.start = Some(format!("2030-02-03T04:05:06.{micros:06}"));
        let template = spec.signals[0].clone();
        let sized = |&n_per_record| clx_formats::edf::SignalSpec { n_per_record, ..template.clone() };
        spec.signals = sizes.iter().map(sized).collect();
        let mut onsets = onsets;
        onsets.sort_by(|a, b| a.0.total_cmp(&b.0));
        spec.annotations = onsets.iter().map(|(t, text)| annotation(*t, None, text)).collect();

        let mut reader = recording(write(&spec));
        prop_assert_eq!(reader.header().channels.len(), sizes.len());
        for i in 0..sizes.len() {
            let expected = digital(&spec, i);
            prop_assert_eq!(reader.read_digital(i, 0, expected.len()).unwrap(), expected);
        }
        let found = reader.annotations().unwrap();
        prop_assert_eq!(found.len(), spec.annotations.len());
        for (got, want) in found.iter().zip(&spec.annotations) {
            prop_assert!((got.onset_s - want.onset_s).abs() < 2e-9);
            prop_assert_eq!(&got.text, &want.text);
        }
    }

    #[test]
    fn any_bytes_after_a_valid_version_are_an_error_or_a_recording(
        tail in prop::collection::vec(prop_oneof![Just(b' '), b'0'..=b'9', any::<u8>()], 0..1_200),
        bdf in any::<bool>(),
    ) {
        let mut bytes = if bdf { b"\xffBIOSEMI".to_vec() } else { b"0       ".to_vec() };
        bytes.extend(tail);
        // One signal of two samples per record, so that some inputs get past the counts.
        if bytes.len() > 520 {
            bytes[184..192].copy_from_slice(b"512     ");
            bytes[244..256].copy_from_slice(b"1       1   ");
            bytes[472..480].copy_from_slice(b"2       ");
        }
        if let Ok(mut reader) = crate::bytes::try_recording(bytes) {
            reader.load().unwrap();
        }
    }
}
