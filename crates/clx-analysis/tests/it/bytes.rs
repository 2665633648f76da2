//! Files made in memory.

use std::io::Cursor;

use clx_formats::edf::{WriteOptions, write_recording};
use clx_formats::encode::{AudioFormat, Encoder, Metadata, SampleFormat};
use clx_formats::{Format, FormatError, Source};
use clx_signal::{Annotation, Channel, ChannelInfo, ChannelKind, Recording, SampleRate, Unit};

pub(crate) fn open(bytes: Vec<u8>) -> Result<Source, FormatError> {
    clx_formats::open(Box::new(Cursor::new(bytes)))
}

/// A mono WAV of 32-bit floats at 44.1 kHz.
pub(crate) fn wav(samples: &[f32]) -> Vec<u8> {
    let rate = SampleRate::from_hz(44_100.0).unwrap();
    let sink = Cursor::new(Vec::new());
    let (format, samples_as) = (AudioFormat::Wav, SampleFormat::Float32);
    let mut encoder =
        Encoder::with_samples(sink, format, samples_as, rate, 1, None, Metadata::default())
            .unwrap();
    encoder.write(&[samples]).unwrap();
    encoder.finish().unwrap().into_inner()
}

/// An EDF+ of channels at 250 Hz.
pub(crate) fn edf(channels: &[(&str, Vec<f32>)]) -> Vec<u8> {
    write(channels, SampleRate::from_hz(250.0).unwrap(), Vec::new())
}

fn write(channels: &[(&str, Vec<f32>)], rate: SampleRate, annotations: Vec<Annotation>) -> Vec<u8> {
    let channel = |(name, samples): &(&str, Vec<f32>)| Channel {
        info: ChannelInfo {
            name: (*name).to_owned(),
            label: (*name).to_owned(),
            kind: ChannelKind::Eeg,
            unit: Unit::Volt,
            rate,
            n_samples: samples.len() as u64,
        },
        samples: samples.clone(),
    };
    let channels = channels.iter().map(channel).collect();
    let recording = Recording { channels, annotations, ..Recording::default() };
    write_recording(Vec::new(), &recording, &WriteOptions::default()).unwrap()
}

/// A channel of a recording of the body: name, unit, rate in hertz and samples.
pub(crate) type BodyChannel<'a> = (&'a str, Unit, f64, Vec<f32>);

/// A BDF+, whose 24 bits lose little, of channels of any unit and rate.
pub(crate) fn bdf(channels: &[BodyChannel<'_>], annotations: Vec<Annotation>) -> Vec<u8> {
    let channel = |(name, unit, hz, samples): &BodyChannel<'_>| Channel {
        info: ChannelInfo {
            name: (*name).to_owned(),
            label: (*name).to_owned(),
            kind: ChannelKind::Misc,
            unit: unit.clone(),
            rate: SampleRate::from_hz(*hz).unwrap(),
            n_samples: samples.len() as u64,
        },
        samples: samples.clone(),
    };
    let channels = channels.iter().map(channel).collect();
    let recording = Recording { channels, annotations, ..Recording::default() };
    let options = WriteOptions { format: Format::BdfPlusC, ..WriteOptions::default() };
    write_recording(Vec::new(), &recording, &options).unwrap()
}

pub(crate) fn note(onset_s: f64, duration_s: f64, text: &str) -> Annotation {
    Annotation { onset_s, duration_s: Some(duration_s), text: text.to_owned(), channel: None }
}

/// An EDF+ of channels at 250 Hz with events: when, and which.
pub(crate) fn edf_with_events(channels: &[(&str, Vec<f32>)], events: &[(f64, &str)]) -> Vec<u8> {
    let rate = SampleRate::from_hz(250.0).unwrap();
    let at = |&(onset_s, text): &(f64, &str)| Annotation {
        onset_s,
        duration_s: None,
        text: text.to_owned(),
        channel: None,
    };
    write(channels, rate, events.iter().map(at).collect())
}
