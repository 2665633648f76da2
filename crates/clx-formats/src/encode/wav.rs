//! RIFF WAVE, and RF64 when the file passes 4 GiB.

use std::io::{Seek, SeekFrom, Write};

use super::pcm::Quantiser;
use super::{EncodeError, Metadata, SampleFormat, Stream};

/// Bytes of the chunk that becomes `ds64` when the file turns out to be longer than 4 GiB.
const DS64_BYTES: u32 = 28;
const PCM: u16 = 1;
const FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xFFFE;
/// The part of a sub-format GUID behind its first two bytes (Microsoft, KSDATAFORMAT_SUBTYPE_*).
const GUID_TAIL: [u8; 14] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

#[derive(Debug)]
pub(super) struct WavWriter<W> {
    sink: W,
    samples: SampleFormat,
    frame_bytes: usize,
    quantiser: Quantiser,
    integers: Vec<Vec<i32>>,
    bytes: Vec<u8>,
    header_bytes: u64,
    data_bytes: u64,
}

impl<W: Write + Seek> WavWriter<W> {
    pub(super) fn new(mut sink: W, stream: &Stream) -> Result<Self, EncodeError> {
        let header = header(stream);
        sink.write_all(&header)?;
        Ok(Self {
            sink,
            samples: stream.samples,
            frame_bytes: sample_bytes(stream.samples) * stream.n_channels,
            quantiser: Quantiser::new(stream.samples, stream.metadata.seed),
            integers: vec![Vec::new(); stream.n_channels],
            bytes: Vec::new(),
            header_bytes: header.len() as u64,
            data_bytes: 0,
        })
    }

    pub(super) fn write(&mut self, block: &[&[f32]]) -> Result<(), EncodeError> {
        let n = block[0].len();
        self.bytes.clear();
        self.bytes.reserve(n * self.frame_bytes);
        if self.samples == SampleFormat::Float32 {
            for i in 0..n {
                for channel in block {
                    self.bytes.extend_from_slice(&channel[i].to_le_bytes());
                }
            }
        } else {
            self.quantiser.quantise(block, &mut self.integers);
            let width = sample_bytes(self.samples);
            for i in 0..n {
                for channel in &self.integers {
                    self.bytes.extend_from_slice(&channel[i].to_le_bytes()[..width]);
                }
            }
        }
        self.data_bytes += self.bytes.len() as u64;
        Ok(self.sink.write_all(&self.bytes)?)
    }

    pub(super) fn finish(mut self) -> Result<W, EncodeError> {
        if self.data_bytes % 2 == 1 {
            self.sink.write_all(&[0])?;
        }
        let riff_bytes = self.header_bytes - 8 + self.data_bytes.next_multiple_of(2);
        let n_frames = self.data_bytes / self.frame_bytes as u64;
        let (patches, tag) = lengths(riff_bytes, self.data_bytes, n_frames);
        let start =
            self.sink.stream_position()? - self.data_bytes.next_multiple_of(2) - self.header_bytes;
        let end = self.sink.stream_position()?;
        self.sink.seek(SeekFrom::Start(start))?;
        self.sink.write_all(tag)?;
        self.sink.write_all(&patches.riff.to_le_bytes())?;
        if let Some(ds64) = patches.ds64 {
            self.sink.seek(SeekFrom::Start(start + 12))?;
            self.sink.write_all(&ds64)?;
        }
        self.sink.seek(SeekFrom::Start(start + self.header_bytes - 4))?;
        self.sink.write_all(&patches.data.to_le_bytes())?;
        self.sink.seek(SeekFrom::Start(end))?;
        self.sink.flush()?;
        Ok(self.sink)
    }
}

struct Lengths {
    riff: u32,
    data: u32,
    ds64: Option<Vec<u8>>,
}

/// Length fields of a finished file: plain RIFF, or RF64 of EBU Tech 3306 from 4 GiB on.
fn lengths(riff_bytes: u64, data_bytes: u64, n_frames: u64) -> (Lengths, &'static [u8; 4]) {
    if let (Ok(riff), Ok(data)) = (u32::try_from(riff_bytes), u32::try_from(data_bytes)) {
        return (Lengths { riff, data, ds64: None }, b"RIFF");
    }
    let mut ds64 = Vec::from(*b"ds64");
    ds64.extend_from_slice(&DS64_BYTES.to_le_bytes());
    for value in [riff_bytes, data_bytes, n_frames] {
        ds64.extend_from_slice(&value.to_le_bytes());
    }
    ds64.extend_from_slice(&0_u32.to_le_bytes());
    (Lengths { riff: u32::MAX, data: u32::MAX, ds64: Some(ds64) }, b"RF64")
}

fn sample_bytes(samples: SampleFormat) -> usize {
    match samples {
        SampleFormat::Int16 => 2,
        SampleFormat::Int24 => 3,
        SampleFormat::Float32 => 4,
    }
}

/// Everything before the samples, ending with the length field of the `data` chunk.
fn header(stream: &Stream) -> Vec<u8> {
    let mut out = Vec::from(*b"RIFF\0\0\0\0WAVE");
    chunk(&mut out, b"JUNK", &[0; DS64_BYTES as usize]);
    chunk(&mut out, b"fmt ", &format_chunk(stream));
    let info = info_list(&stream.metadata);
    if info.len() > 4 {
        chunk(&mut out, b"LIST", &info);
    }
    out.extend_from_slice(b"data\0\0\0\0");
    out
}

fn chunk(out: &mut Vec<u8>, id: &[u8; 4], body: &[u8]) {
    out.extend_from_slice(id);
    out.extend_from_slice(&(body.len() as u32).to_le_bytes());
    out.extend_from_slice(body);
    if body.len() % 2 == 1 {
        out.push(0);
    }
}

fn format_chunk(stream: &Stream) -> Vec<u8> {
    let width = sample_bytes(stream.samples) as u16;
    let n_channels = stream.n_channels as u16;
    let tag = if stream.samples == SampleFormat::Float32 { FLOAT } else { PCM };
    // The plain tag is defined for 16 bit and two channels; beyond that the extended one is due.
    let extended = width > 2 || n_channels > 2;
    let mut body = Vec::new();
    body.extend_from_slice(&(if extended { EXTENSIBLE } else { tag }).to_le_bytes());
    body.extend_from_slice(&n_channels.to_le_bytes());
    body.extend_from_slice(&stream.rate_hz.to_le_bytes());
    let frame = width * n_channels;
    body.extend_from_slice(&(stream.rate_hz * u32::from(frame)).to_le_bytes());
    body.extend_from_slice(&frame.to_le_bytes());
    body.extend_from_slice(&(width * 8).to_le_bytes());
    if extended {
        body.extend_from_slice(&22_u16.to_le_bytes());
        body.extend_from_slice(&(width * 8).to_le_bytes());
        let speakers = if n_channels <= 2 { (1_u32 << n_channels) - 1 } else { 0 };
        let speakers = if n_channels == 1 { 4 } else { speakers };
        body.extend_from_slice(&speakers.to_le_bytes());
        body.extend_from_slice(&tag.to_le_bytes());
        body.extend_from_slice(&GUID_TAIL);
    }
    body
}

fn info_list(metadata: &Metadata) -> Vec<u8> {
    let mut list = Vec::from(*b"INFO");
    let comment = format!("{} [seed {}]", metadata.comment, metadata.seed);
    for (id, text) in [
        (b"INAM", &metadata.title),
        (b"IART", &metadata.artist),
        (b"ICMT", &comment),
        (b"ISFT", &metadata.software),
    ] {
        if !text.is_empty() {
            let mut body = text.trim().as_bytes().to_vec();
            body.push(0);
            chunk(&mut list, id, &body);
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_gib_turns_riff_into_rf64_with_64_bit_lengths() {
        let (plain, tag) = lengths(0xFFFF_FFFF, 0xFFFF_FF00, 1);
        assert_eq!((tag, plain.riff, plain.ds64.is_none()), (b"RIFF", 0xFFFF_FFFF, true));

        let (long, tag) = lengths(0x1_0000_0010, 0x0_FFFF_FFF0, 0x3FFF_FFFC);
        assert_eq!((tag, long.riff, long.data), (b"RF64", u32::MAX, u32::MAX));
        let ds64 = long.ds64.unwrap();
        assert_eq!(ds64.len(), 8 + DS64_BYTES as usize);
        assert_eq!(ds64[8..16], 0x1_0000_0010_u64.to_le_bytes());
        assert_eq!(ds64[24..32], 0x3FFF_FFFC_u64.to_le_bytes());
    }
}
