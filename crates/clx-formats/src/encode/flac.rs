//! Native FLAC (RFC 9639): fixed predictors, partitioned Rice residuals, stereo decorrelation.
//!
//! Own writer, because the bytes must not depend on a search strategy that changes with a library
//! version, and because it must stream. It spends speed rather than size: against a linear
//! predictive search the files are a few per cent longer.

mod bits;
mod frame;

use std::io::{Seek, SeekFrom, Write};

use md5::{Digest, Md5};

use super::pcm::Quantiser;
use super::{EncodeError, SampleFormat, Stream};
use bits::BitWriter;
use frame::FrameCoder;

/// Frames per block; the usual choice at 44.1 and 48 kHz, and within the streamable subset.
const BLOCK: usize = 4096;
/// Where STREAMINFO's body starts: after `fLaC` and a block header.
const STREAMINFO_AT: u64 = 8;
const STREAMINFO_BYTES: usize = 34;
const VORBIS_COMMENT: u8 = 4;
const LAST_BLOCK: u8 = 0x80;

#[derive(Debug)]
pub(super) struct FlacWriter<W> {
    sink: W,
    start: u64,
    format: Format,
    quantiser: Quantiser,
    scratch: Vec<Vec<i32>>,
    pending: Vec<Vec<i32>>,
    coder: FrameCoder,
    md5: Md5,
    md5_bytes: Vec<u8>,
    n_blocks: u64,
    n_frames: u64,
    shortest: usize,
    longest: usize,
}

#[derive(Clone, Copy, Debug)]
struct Format {
    rate_hz: u32,
    n_channels: usize,
    bits: u32,
}

impl<W: Write + Seek> FlacWriter<W> {
    pub(super) fn new(mut sink: W, stream: &Stream) -> Result<Self, EncodeError> {
        let bits = match stream.samples {
            SampleFormat::Int16 => 16,
            SampleFormat::Int24 => 24,
            SampleFormat::Float32 => {
                return Err(EncodeError::Unsupported {
                    format: "FLAC",
                    takes: "16 or 24 bit integers",
                    got: "32 bit floating point".into(),
                });
            }
        };
        let format = Format { rate_hz: stream.rate_hz, n_channels: stream.n_channels, bits };
        let start = sink.stream_position()?;
        let comments = stream.metadata.vorbis_comment_block();
        sink.write_all(b"fLaC")?;
        sink.write_all(&[0, 0, 0, STREAMINFO_BYTES as u8])?;
        sink.write_all(&[0; STREAMINFO_BYTES])?;
        sink.write_all(&[VORBIS_COMMENT | LAST_BLOCK])?;
        sink.write_all(&(comments.len() as u32).to_be_bytes()[1..])?;
        sink.write_all(&comments)?;
        Ok(Self {
            sink,
            start,
            format,
            quantiser: Quantiser::new(stream.samples, stream.metadata.seed),
            scratch: vec![Vec::new(); stream.n_channels],
            pending: vec![Vec::with_capacity(2 * BLOCK); stream.n_channels],
            coder: FrameCoder::default(),
            md5: Md5::new(),
            md5_bytes: Vec::new(),
            n_blocks: 0,
            n_frames: 0,
            shortest: usize::MAX,
            longest: 0,
        })
    }

    pub(super) fn write(&mut self, block: &[&[f32]]) -> Result<(), EncodeError> {
        // Long blocks are taken in pieces, so that memory does not grow with the caller's block.
        let n = block[0].len();
        for from in (0..n).step_by(BLOCK) {
            let to = (from + BLOCK).min(n);
            let piece: Vec<&[f32]> = block.iter().map(|c| &c[from..to]).collect();
            self.quantiser.quantise(&piece, &mut self.scratch);
            self.digest();
            for (pending, channel) in self.pending.iter_mut().zip(&self.scratch) {
                pending.extend_from_slice(channel);
            }
            while self.pending[0].len() >= BLOCK {
                self.write_block(BLOCK)?;
            }
        }
        Ok(())
    }

    /// MD5 runs over interleaved little-endian samples.
    fn digest(&mut self) {
        let width = self.format.bits as usize / 8;
        self.md5_bytes.clear();
        if let ([left, right], 2) = (self.scratch.as_slice(), width) {
            self.md5_bytes.resize(left.len() * 4, 0);
            for ((out, &l), &r) in self.md5_bytes.chunks_exact_mut(4).zip(left).zip(right) {
                let word = (l as u16 as u32) | ((r as u32) << 16);
                out.copy_from_slice(&word.to_le_bytes());
            }
        } else {
            for i in 0..self.scratch[0].len() {
                for channel in &self.scratch {
                    self.md5_bytes.extend_from_slice(&channel[i].to_le_bytes()[..width]);
                }
            }
        }
        self.md5.update(&self.md5_bytes);
    }

    fn write_block(&mut self, n: usize) -> Result<(), EncodeError> {
        let block: Vec<&[i32]> = self.pending.iter().map(|c| &c[..n]).collect();
        let bytes = self.coder.encode(self.format, self.n_blocks, &block);
        self.shortest = self.shortest.min(bytes.len());
        self.longest = self.longest.max(bytes.len());
        self.sink.write_all(bytes)?;
        self.n_blocks += 1;
        self.n_frames += n as u64;
        for channel in &mut self.pending {
            channel.drain(..n);
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<W, EncodeError> {
        let rest = self.pending[0].len();
        if rest > 0 {
            self.write_block(rest)?;
        }
        let info = self.stream_info();
        let end = self.sink.stream_position()?;
        self.sink.seek(SeekFrom::Start(self.start + STREAMINFO_AT))?;
        self.sink.write_all(&info)?;
        self.sink.seek(SeekFrom::Start(end))?;
        self.sink.flush()?;
        Ok(self.sink)
    }

    /// RFC 9639 section 8.2.
    fn stream_info(&self) -> Vec<u8> {
        let mut bits = BitWriter::default();
        bits.put(BLOCK as u32, 16);
        bits.put(BLOCK as u32, 16);
        bits.put(if self.n_blocks == 0 { 0 } else { self.shortest as u32 }, 24);
        bits.put(self.longest as u32, 24);
        bits.put(self.format.rate_hz, 20);
        bits.put(self.format.n_channels as u32 - 1, 3);
        bits.put(self.format.bits - 1, 5);
        // 36 bits hold 432 hours at 44.1 kHz; zero means unknown, for anything longer.
        let n_frames = if self.n_frames >> 36 == 0 { self.n_frames } else { 0 };
        bits.put((n_frames >> 32) as u32, 4);
        bits.put(n_frames as u32, 32);
        let mut info = bits.bytes().to_vec();
        info.extend_from_slice(&self.md5.clone().finalize());
        info
    }
}
