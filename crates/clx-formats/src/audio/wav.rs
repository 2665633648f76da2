//! WAV: RIFF, RF64 and BW64 with linear PCM, float, A-law or µ-law samples.
//!
//! Written here because the decoder library reads no RF64, and because the length of a WAV file is
//! known exactly: positions are arithmetic.

use std::io::{Read, Seek, SeekFrom};

use clx_signal::{Finding, Severity};

use super::{AudioInfo, check_layout};
use crate::{ByteSource, Format, FormatError};

/// Frames handed out at a time, fewer for many channels.
const BLOCK_SAMPLES: usize = 16_384;
/// Chunks looked at before the samples; real files have fewer than 30.
const MAX_CHUNKS: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Encoding {
    U8,
    I16,
    I24,
    I32,
    F32,
    F64,
    ALaw,
    MuLaw,
}

impl Encoding {
    fn size_bytes(self) -> usize {
        match self {
            Self::U8 | Self::ALaw | Self::MuLaw => 1,
            Self::I16 => 2,
            Self::I24 => 3,
            Self::I32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    fn codec(self) -> &'static str {
        match self {
            Self::U8 | Self::I16 | Self::I24 | Self::I32 => "pcm",
            Self::F32 | Self::F64 => "float",
            Self::ALaw => "a-law",
            Self::MuLaw => "mu-law",
        }
    }

    fn decode(self, b: &[u8]) -> f32 {
        match self {
            Self::U8 => (f32::from(b[0]) - 128.0) / 128.0,
            Self::I16 => f32::from(i16::from_le_bytes([b[0], b[1]])) / 32_768.0,
            Self::I24 => (i32::from_le_bytes([0, b[0], b[1], b[2]]) >> 8) as f32 / 8_388_608.0,
            Self::I32 => i32::from_le_bytes([b[0], b[1], b[2], b[3]]) as f32 / 2_147_483_648.0,
            Self::F32 => f32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            Self::F64 => {
                f64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]) as f32
            }
            Self::ALaw => a_law(b[0]),
            Self::MuLaw => mu_law(b[0]),
        }
    }
}

/// ITU-T G.711, table 1.
fn a_law(code: u8) -> f32 {
    let code = code ^ 0x55;
    let (exponent, mantissa) = (code >> 4 & 7, i32::from(code & 15));
    let magnitude = match exponent {
        0 => mantissa << 4 | 8,
        e => (mantissa << 4 | 0x108) << (e - 1),
    };
    let sign = if code & 0x80 != 0 { 1.0 } else { -1.0 };
    sign * magnitude as f32 / 32_768.0
}

/// ITU-T G.711, table 2.
fn mu_law(code: u8) -> f32 {
    let code = !code;
    let magnitude = ((i32::from(code & 15) << 3 | 0x84) << (code >> 4 & 7)) - 0x84;
    let sign = if code & 0x80 != 0 { -1.0 } else { 1.0 };
    sign * magnitude as f32 / 32_768.0
}

/// Samples of an open WAV file.
pub(super) struct WavStream {
    source: Box<dyn ByteSource>,
    encoding: Encoding,
    n_channels: usize,
    data_start: u64,
    n_frames: u64,
    position: u64,
    bytes: Vec<u8>,
}

impl std::fmt::Debug for WavStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WavStream")
            .field("encoding", &self.encoding)
            .field("n_frames", &self.n_frames)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

impl WavStream {
    pub(super) fn open(
        mut source: Box<dyn ByteSource>,
        findings: &mut Vec<Finding>,
    ) -> Result<(AudioInfo, Self), FormatError> {
        let len = source.seek(SeekFrom::End(0))?;
        let chunks = find_chunks(source.as_mut(), len)?;
        let layout = chunks.layout;
        let rate = check_layout(Format::Wav, layout.rate_hz, layout.n_channels, chunks.fmt_at)?;
        let frame_bytes = (layout.encoding.size_bytes() * layout.n_channels) as u64;
        let present = len.saturating_sub(chunks.data_at);
        let n_bytes = match chunks.data_bytes {
            // Writers that could not seek back leave the size at its maximum or at zero.
            None => present,
            Some(0) if present >= frame_bytes => {
                findings.push(Finding::new(
                    "wav.no_size",
                    Severity::Info,
                    "the header gives no length; everything up to the end was read as samples",
                ));
                present
            }
            Some(n) => {
                if n > present {
                    findings.push(truncated(n, present, frame_bytes, layout.rate_hz));
                }
                n.min(present)
            }
        };
        let n_frames = n_bytes / frame_bytes;
        let info = AudioInfo {
            rate,
            n_channels: layout.n_channels,
            n_frames: Some(n_frames),
            codec: layout.encoding.codec().to_owned(),
            bits: Some(layout.bits),
        };
        source.seek(SeekFrom::Start(chunks.data_at))?;
        let stream = Self {
            source,
            encoding: layout.encoding,
            n_channels: layout.n_channels,
            data_start: chunks.data_at,
            n_frames,
            position: 0,
            bytes: Vec::new(),
        };
        Ok((info, stream))
    }

    pub(super) fn seek(&mut self, frame: u64) -> Result<(), FormatError> {
        let frame = frame.min(self.n_frames);
        let frame_bytes = (self.encoding.size_bytes() * self.n_channels) as u64;
        self.source.seek(SeekFrom::Start(self.data_start + frame * frame_bytes))?;
        self.position = frame;
        Ok(())
    }

    pub(super) fn next_block(&mut self, out: &mut [Vec<f32>]) -> Result<usize, FormatError> {
        let left = self.n_frames - self.position;
        let n = (BLOCK_SAMPLES / self.n_channels).max(1).min(left as usize);
        let size = self.encoding.size_bytes();
        self.bytes.resize(n * size * self.n_channels, 0);
        self.source.read_exact(&mut self.bytes)?;
        for (c, channel) in out.iter_mut().enumerate() {
            let samples = self.bytes.chunks_exact(size).skip(c).step_by(self.n_channels);
            match self.encoding {
                // The common case, spelled out so that the compiler sees the constant size.
                Encoding::I16 => channel.extend(samples.map(|b| Encoding::I16.decode(b))),
                encoding => channel.extend(samples.map(|b| encoding.decode(b))),
            }
        }
        self.position += n as u64;
        Ok(n)
    }
}

fn truncated(stated: u64, present: u64, frame_bytes: u64, rate_hz: u32) -> Finding {
    let seconds = |bytes: u64| (bytes / frame_bytes) as f64 / f64::from(rate_hz);
    let (got_s, stated_s) = (seconds(present), seconds(stated));
    Finding::new(
        "file.truncated",
        Severity::Warning,
        format!("the sound ends after {got_s:.3} s, its header says {stated_s:.3} s"),
    )
    .between(got_s, stated_s)
}

#[derive(Clone, Copy)]
struct Layout {
    encoding: Encoding,
    n_channels: usize,
    rate_hz: u32,
    bits: u32,
}

struct Chunks {
    layout: Layout,
    fmt_at: u64,
    data_at: u64,
    /// `None` when the header leaves it open.
    data_bytes: Option<u64>,
}

fn find_chunks(source: &mut dyn ByteSource, len: u64) -> Result<Chunks, FormatError> {
    const OPEN: u32 = u32::MAX;
    let (mut layout, mut fmt_at, mut long_data) = (None, 0, None);
    let mut at = 12_u64;
    for _ in 0..MAX_CHUNKS {
        let Some(head) = read_at::<8>(source, at, len)? else { break };
        let size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        let body = at + 8;
        match &head[..4] {
            b"ds64" => {
                // EBU Tech 3306: RIFF size, data size, sample count.
                long_data = read_at::<16>(source, body, len)?.map(|b| {
                    u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]])
                });
            }
            b"fmt " => {
                layout = Some(read_layout(source, body, size, len)?);
                fmt_at = body;
            }
            b"data" => {
                let Some(layout) = layout else {
                    return Err(invalid("the fmt chunk", at, "before the data chunk", "none"));
                };
                let data_bytes = match (size, long_data) {
                    (OPEN, long) => long.filter(|&n| n < u64::MAX / 2),
                    (size, _) => Some(u64::from(size)),
                };
                return Ok(Chunks { layout, fmt_at, data_at: body, data_bytes });
            }
            _ => {}
        }
        at = body + u64::from(size) + u64::from(size & 1);
    }
    Err(FormatError::Truncated { format: Format::Wav, what: "the data chunk", len, needed: at + 8 })
}

fn read_layout(
    source: &mut dyn ByteSource,
    at: u64,
    size: u32,
    len: u64,
) -> Result<Layout, FormatError> {
    let truncated = || FormatError::Truncated {
        format: Format::Wav,
        what: "the fmt chunk",
        len,
        needed: at + 16,
    };
    let b = read_at::<16>(source, at, len)?.ok_or_else(truncated)?;
    let mut tag = u16::from_le_bytes([b[0], b[1]]);
    if tag == 0xfffe && size >= 26 {
        // WAVE_FORMAT_EXTENSIBLE: the tag opens the sub-format's GUID.
        let ext = read_at::<2>(source, at + 24, len)?.ok_or_else(truncated)?;
        tag = u16::from_le_bytes(ext);
    }
    let n_channels = usize::from(u16::from_le_bytes([b[2], b[3]]));
    let block_align = usize::from(u16::from_le_bytes([b[12], b[13]]));
    let bits = u32::from(u16::from_le_bytes([b[14], b[15]]));
    let rate_hz = u32::from_le_bytes([b[4], b[5], b[6], b[7]]);
    check_layout(Format::Wav, rate_hz, n_channels, at)?;
    let container = block_align / n_channels;
    let encoding = match (tag, container) {
        (1, 1) => Encoding::U8,
        (1, 2) => Encoding::I16,
        (1, 3) => Encoding::I24,
        (1, 4) => Encoding::I32,
        (3, 4) => Encoding::F32,
        (3, 8) => Encoding::F64,
        (6, 1) => Encoding::ALaw,
        (7, 1) => Encoding::MuLaw,
        (1 | 3 | 6 | 7, _) => {
            return Err(invalid(
                "the size of a sample",
                at + 12,
                "8, 16, 24 or 32 bits, or 32 or 64 for float",
                &format!("{} bits", container * 8),
            ));
        }
        _ => {
            return Err(FormatError::Unsupported {
                format: Format::Wav,
                feature: format!("sample format {tag:#06x}"),
                advice: "convert it to linear PCM or float",
            });
        }
    };
    Ok(Layout { encoding, n_channels, rate_hz, bits })
}

fn read_at<const N: usize>(
    source: &mut dyn ByteSource,
    at: u64,
    len: u64,
) -> Result<Option<[u8; N]>, FormatError> {
    if at.checked_add(N as u64).is_none_or(|end| end > len) {
        return Ok(None);
    }
    source.seek(SeekFrom::Start(at))?;
    let mut bytes = [0; N];
    source.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

fn invalid(what: &str, offset: u64, expected: &'static str, got: &str) -> FormatError {
    FormatError::Invalid {
        format: Format::Wav,
        what: what.to_owned(),
        offset,
        expected,
        got: got.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g711_codes_decode_to_the_recommendation_s_values() {
        // ITU-T G.711 tables 1a and 2a: extreme and zero codes, 13- and 14-bit magnitudes scaled.
        assert_eq!(a_law(0xaa), 32_256.0 / 32_768.0);
        assert_eq!(a_law(0xd5), 8.0 / 32_768.0);
        assert_eq!(a_law(0x55), -8.0 / 32_768.0);
        assert_eq!(mu_law(0x80), 32_124.0 / 32_768.0);
        assert_eq!(mu_law(0xff), 0.0);
        assert_eq!(mu_law(0x00), -32_124.0 / 32_768.0);
    }

    #[test]
    fn integers_scale_to_minus_one() {
        assert_eq!(Encoding::U8.decode(&[0]), -1.0);
        assert_eq!(Encoding::I16.decode(&[0, 0x80]), -1.0);
        assert_eq!(Encoding::I24.decode(&[0, 0, 0x80]), -1.0);
        assert_eq!(Encoding::I32.decode(&[0, 0, 0, 0x80]), -1.0);
        assert_eq!(Encoding::I24.decode(&[1, 0, 0]), 1.0 / 8_388_608.0);
    }
}
