//! The first reading of a recording: header, findings, annotations and the pyramid.

use std::io::BufWriter;

use clx_formats::{AudioReader, FormatError, RecordingReader, Source};
use clx_signal::pyramid::{PyramidChannel, PyramidWriter};
use clx_signal::{ChannelInfo, ChannelKind, Finding, Unit};
use clx_store::BlobRef;
use clx_store::rows::recording::{self, Contents};
use serde::Serialize;

use super::analyze::{open, recording_of};
use super::made::{Fault, Made};
use super::order::Order;
use crate::Channel;

/// Seconds of every channel that are in memory at a time.
const BLOCK_S: f64 = 10.0;
const PYRAMID_BUFFER: usize = 1 << 16;

pub(crate) fn ingest(order: &Order) -> Result<Made, Fault> {
    let row = recording_of(order)?;
    order.signals.report(0.0, "reading");
    match open(order, row)? {
        Source::Recording(reader) => ingest_recording(order, row, reader),
        Source::Audio(reader) => ingest_audio(order, row, reader),
    }
}

fn ingest_recording(
    order: &Order,
    row: &recording::Model,
    mut reader: RecordingReader,
) -> Result<Made, Fault> {
    let annotations = reader.annotations().map_err(unreadable)?;
    let pyramid = recording_pyramid(order, &mut reader)?;
    let annotations = match annotations.is_empty() {
        true => None,
        false => {
            let bytes = serde_json::to_vec(&annotations).map_err(Fault::passing)?;
            Some(order.blobs.put(&order.org, &bytes).map_err(Fault::passing)?)
        }
    };
    let format = reader.format();
    let header = reader.header();
    let contents = Contents {
        kind: "eeg".to_owned(),
        format: format.name().to_lowercase(),
        // That of the file itself, which may be an archive of the recording.
        media_type: row.media_type.clone(),
        duration_s: Some(header.duration_s),
        channels: to_json(&header.channels.iter().map(channel_of).collect::<Vec<_>>())?,
        start_text: header.start.clone(),
        findings: to_json(&reader.findings())?,
        annotations_sha256: annotations.as_ref().map(|blob| blob.sha256.clone()),
        pyramid_sha256: Some(pyramid.sha256.clone()),
    };
    let blobs = annotations.into_iter().chain([pyramid]).collect();
    Ok(Made { contents: Some((contents, blobs)), next: Some("eeg.overview"), ..Made::default() })
}

fn recording_pyramid(order: &Order, reader: &mut RecordingReader) -> Result<BlobRef, Fault> {
    let channels: Vec<PyramidChannel> = reader
        .header()
        .channels
        .iter()
        .map(|channel| PyramidChannel { rate: channel.rate, n_samples: channel.n_samples })
        .collect();
    let duration_s = reader.header().duration_s;
    let picks: Vec<usize> = (0..channels.len()).collect();
    let staged = order.blobs.stage().map_err(Fault::passing)?;
    let file = BufWriter::with_capacity(PYRAMID_BUFFER, staged.open().map_err(Fault::passing)?);
    let mut pyramid = PyramidWriter::new(file, &channels).map_err(Fault::passing)?;
    for block in reader.blocks(&picks, BLOCK_S) {
        stop_if_told(order)?;
        let block = block.map_err(unreadable)?;
        for (channel, samples) in block.samples.iter().enumerate() {
            pyramid.push(channel, samples).map_err(Fault::passing)?;
        }
        order.signals.report((block.tmin_s / duration_s) as f32, "reading");
    }
    drop(pyramid.finish().map_err(Fault::passing)?);
    order.blobs.seal(&order.org, &staged).map_err(Fault::passing)
}

fn ingest_audio(
    order: &Order,
    row: &recording::Model,
    mut reader: AudioReader,
) -> Result<Made, Fault> {
    let n_frames = match reader.info().n_frames {
        Some(n) => n,
        None => {
            let mut counting = reader;
            let n = count_frames(order, &mut counting)?;
            let Source::Audio(again) = open(order, row)? else {
                return Err(Fault::passing("the content changed while it was read"));
            };
            reader = again;
            n
        }
    };
    let pyramid = audio_pyramid(order, &mut reader, n_frames)?;
    let info = reader.info();
    let format = reader.format();
    let rate = info.rate;
    let channels: Vec<Channel> = (0..info.n_channels)
        .map(|i| audio_channel(i, info.n_channels, rate.hz(), n_frames))
        .collect();
    let contents = Contents {
        kind: "audio".to_owned(),
        format: format.name().to_lowercase(),
        media_type: format.media_type().to_owned(),
        duration_s: Some(n_frames as f64 / rate.hz()),
        channels: to_json(&channels)?,
        start_text: None,
        findings: to_json::<[Finding]>(reader.findings())?,
        annotations_sha256: None,
        pyramid_sha256: Some(pyramid.sha256.clone()),
    };
    let contents = Some((contents, vec![pyramid]));
    Ok(Made { contents, next: Some("audio.overview"), ..Made::default() })
}

fn count_frames(order: &Order, reader: &mut AudioReader) -> Result<u64, Fault> {
    let mut block = Vec::new();
    let mut n_frames = 0;
    loop {
        stop_if_told(order)?;
        match reader.next_block(&mut block).map_err(unreadable)? {
            0 => return Ok(n_frames),
            n => n_frames += n as u64,
        }
    }
}

fn audio_pyramid(order: &Order, reader: &mut AudioReader, n_frames: u64) -> Result<BlobRef, Fault> {
    let channel = PyramidChannel { rate: reader.info().rate, n_samples: n_frames };
    let channels = vec![channel; reader.info().n_channels];
    let staged = order.blobs.stage().map_err(Fault::passing)?;
    let file = BufWriter::with_capacity(PYRAMID_BUFFER, staged.open().map_err(Fault::passing)?);
    let mut pyramid = PyramidWriter::new(file, &channels).map_err(Fault::passing)?;
    let mut block = Vec::new();
    let mut done = 0;
    loop {
        stop_if_told(order)?;
        let n = reader.next_block(&mut block).map_err(unreadable)?;
        if n == 0 {
            break;
        }
        for (channel, samples) in block.iter().enumerate().take(channels.len()) {
            pyramid.push(channel, &samples[..n]).map_err(Fault::passing)?;
        }
        done += n as u64;
        order.signals.report((done as f64 / n_frames.max(1) as f64) as f32, "reading");
    }
    drop(pyramid.finish().map_err(Fault::passing)?);
    order.blobs.seal(&order.org, &staged).map_err(Fault::passing)
}

fn channel_of(info: &ChannelInfo) -> Channel {
    let kind = match info.kind {
        ChannelKind::Eeg => "eeg",
        ChannelKind::Eog => "eog",
        ChannelKind::Ecg => "ecg",
        ChannelKind::Emg => "emg",
        ChannelKind::Resp => "resp",
        ChannelKind::Stim => "stim",
        ChannelKind::Misc => "misc",
    };
    let unit = match &info.unit {
        Unit::Volt => "V".to_owned(),
        Unit::Other(unit) => unit.clone(),
    };
    Channel {
        name: info.name.clone(),
        label: info.label.clone(),
        kind: kind.to_owned(),
        unit,
        rate_hz: info.rate.hz(),
        n_samples: info.n_samples,
        position: clx_eeg::position(&info.name),
    }
}

fn audio_channel(index: usize, n_channels: usize, rate_hz: f64, n_samples: u64) -> Channel {
    let name = match (n_channels, index) {
        (1, _) => "mono".to_owned(),
        (2, 0) => "left".to_owned(),
        (2, _) => "right".to_owned(),
        _ => format!("channel {}", index + 1),
    };
    Channel {
        label: name.clone(),
        name,
        kind: "audio".to_owned(),
        unit: String::new(),
        rate_hz,
        n_samples,
        position: None,
    }
}

fn stop_if_told(order: &Order) -> Result<(), Fault> {
    if order.signals.is_stopped() { Err(Fault::Stopped) } else { Ok(()) }
}

fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(Fault::passing)
}

fn unreadable(error: FormatError) -> Fault {
    match error {
        FormatError::Io(error) => Fault::passing(error),
        other => Fault::Final { code: "unreadable_input", message: other.to_string() },
    }
}
