//! Opus in Ogg (RFC 7845), by the pure-Rust port of the reference encoder.

use std::fmt;
use std::io::{Seek, Write};

use ogg::{PacketWriteEndInfo, PacketWriter};
use ropus::{Application, Bitrate, Channels};

use super::{EncodeError, Stream};

/// Bits per second and channel: transparent for music of this kind in the usual listening tests.
const BITS_PER_CHANNEL: u32 = 80_000;
const COMPLEXITY: u8 = 7;
/// Packets of 20 ms; 50 of them make a page of one second.
const PACKETS_PER_SECOND: usize = 50;
/// Room for the largest packet of one frame (RFC 6716 section 3.2.1: 1275 bytes).
const MAX_PACKET_BYTES: usize = 1276;
/// Granule positions count at this rate whatever the input rate is.
const GRANULE_HZ: u64 = 48_000;

pub(super) struct OpusWriter<W: Write + Seek> {
    pages: PacketWriter<'static, W>,
    encoder: ropus::Encoder,
    serial: u32,
    n_channels: usize,
    packet_frames: usize,
    /// 48 kHz samples per input frame.
    granules_per_frame: u64,
    pre_skip: u64,
    pending: Vec<f32>,
    /// The last packet must carry the end mark, so each one waits for its successor.
    held: Option<Vec<u8>>,
    n_packets: u64,
    n_frames: u64,
}

impl<W: Write + Seek> fmt::Debug for OpusWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpusWriter").field("n_frames", &self.n_frames).finish_non_exhaustive()
    }
}

impl<W: Write + Seek> OpusWriter<W> {
    pub(super) fn new(sink: W, stream: &Stream) -> Result<Self, EncodeError> {
        let channels = match stream.n_channels {
            1 => Channels::Mono,
            2 => Channels::Stereo,
            n => return Err(unsupported("one or two channels", format!("{n} channels"))),
        };
        if ![8_000, 12_000, 16_000, 24_000, 48_000].contains(&stream.rate_hz) {
            let got = format!("{} Hz", stream.rate_hz);
            return Err(unsupported("8, 12, 16, 24 or 48 kHz", got));
        }
        let bitrate = Bitrate::try_bits(BITS_PER_CHANNEL * stream.n_channels as u32)
            .map_err(|e| EncodeError::Opus(format!("{e:?}")))?;
        let encoder = ropus::Encoder::builder(stream.rate_hz, channels, Application::Audio)
            .bitrate(bitrate)
            .vbr(true)
            .complexity(COMPLEXITY)
            .build()
            .map_err(|e| EncodeError::Opus(e.to_string()))?;
        let granules_per_frame = GRANULE_HZ / u64::from(stream.rate_hz);
        let pre_skip = u64::from(encoder.lookahead()) * granules_per_frame;
        let mut writer = Self {
            pages: PacketWriter::new(sink),
            encoder,
            serial: (stream.metadata.seed ^ (stream.metadata.seed >> 32)) as u32,
            n_channels: stream.n_channels,
            packet_frames: stream.rate_hz as usize / PACKETS_PER_SECOND,
            granules_per_frame,
            pre_skip,
            pending: Vec::new(),
            held: None,
            n_packets: 0,
            n_frames: 0,
        };
        writer.write_headers(stream)?;
        Ok(writer)
    }

    fn write_headers(&mut self, stream: &Stream) -> Result<(), EncodeError> {
        let mut head = Vec::from(*b"OpusHead");
        head.extend_from_slice(&[1, stream.n_channels as u8]);
        head.extend_from_slice(&(self.pre_skip as u16).to_le_bytes());
        head.extend_from_slice(&stream.rate_hz.to_le_bytes());
        // Output gain 0 dB, channel mapping family 0.
        head.extend_from_slice(&[0, 0, 0]);
        self.pages.write_packet(head, self.serial, PacketWriteEndInfo::EndPage, 0)?;
        let mut tags = Vec::from(*b"OpusTags");
        tags.extend_from_slice(&stream.metadata.vorbis_comment_block());
        self.pages.write_packet(tags, self.serial, PacketWriteEndInfo::EndPage, 0)?;
        Ok(())
    }

    pub(super) fn write(&mut self, block: &[&[f32]]) -> Result<(), EncodeError> {
        let packet_samples = self.packet_frames * self.n_channels;
        for i in 0..block[0].len() {
            for channel in block {
                let sample = channel[i];
                self.pending.push(if sample.is_nan() { 0.0 } else { sample.clamp(-1.0, 1.0) });
            }
            if self.pending.len() == packet_samples {
                self.encode_packet()?;
            }
        }
        self.n_frames += block[0].len() as u64;
        Ok(())
    }

    fn encode_packet(&mut self) -> Result<(), EncodeError> {
        let mut packet = vec![0; MAX_PACKET_BYTES];
        let n_bytes = self
            .encoder
            .encode_float(&self.pending, &mut packet)
            .map_err(|e| EncodeError::Opus(e.to_string()))?;
        packet.truncate(n_bytes);
        self.pending.clear();
        if let Some(before) = self.held.replace(packet) {
            self.n_packets += 1;
            let page_ends = self.n_packets.is_multiple_of(PACKETS_PER_SECOND as u64);
            let end = if page_ends {
                PacketWriteEndInfo::EndPage
            } else {
                PacketWriteEndInfo::NormalPacket
            };
            self.pages.write_packet(before, self.serial, end, self.granules_encoded())?;
        }
        Ok(())
    }

    /// Position after the packets handed to the pages so far.
    fn granules_encoded(&self) -> u64 {
        self.n_packets * self.packet_frames as u64 * self.granules_per_frame
    }

    pub(super) fn finish(mut self) -> Result<W, EncodeError> {
        // The decoder drops `pre_skip`, so as much silence must follow the last sample.
        let last = self.pre_skip + self.n_frames * self.granules_per_frame;
        let packet_samples = self.packet_frames * self.n_channels;
        loop {
            let n_held = u64::from(self.held.is_some());
            let packet_granules = self.packet_frames as u64 * self.granules_per_frame;
            if self.pending.is_empty()
                && n_held == 1
                && self.granules_encoded() + packet_granules >= last
            {
                break;
            }
            self.pending.resize(packet_samples, 0.0);
            self.encode_packet()?;
        }
        if let Some(packet) = self.held.take() {
            self.pages.write_packet(packet, self.serial, PacketWriteEndInfo::EndStream, last)?;
        }
        let mut sink = self.pages.into_inner();
        sink.flush()?;
        Ok(sink)
    }
}

fn unsupported(takes: &'static str, got: String) -> EncodeError {
    EncodeError::Unsupported { format: "Opus", takes, got }
}
