//! Decoding of sound: one reader over all containers, block by block.
//!
//! Frame 0 is the first frame of the *source*, not of the encoder: delay and padding that an
//! encoder added are cut wherever the container says how much there is. Damaged packets become
//! silence of the same length, so that everything after them keeps its time, and a finding.

mod mp4_edit;
mod opus;
mod packets;
mod tracked;
mod wav;

use clx_signal::{Finding, SampleRate, Severity, Waveform};

use self::packets::PacketStream;
use self::wav::WavStream;
use crate::{ByteSource, Format, FormatError};

/// More channels than any recording in use (22.2 has 24, ambisonics of order 7 has 64).
const MAX_CHANNELS: usize = 64;
/// DXD and eight-fold CD rates stay below this.
const MAX_RATE_HZ: u32 = 1_536_000;
/// What [`AudioReader::load`] is willing to hold: about 50 minutes of 44.1 kHz stereo.
const MAX_LOAD_BYTES: u64 = 1 << 30;

/// What is known of a sound before it is decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct AudioInfo {
    pub rate: SampleRate,
    pub n_channels: usize,
    /// Exact after the encoder's delay and padding are trimmed; `None` when only decoding tells.
    pub n_frames: Option<u64>,
    pub codec: String,
    /// Bits of a stored sample, for formats that have such a thing.
    pub bits: Option<u32>,
}

/// Decodes an audio file block by block.
#[derive(Debug)]
pub struct AudioReader {
    format: Format,
    info: AudioInfo,
    findings: Vec<Finding>,
    stream: Stream,
    /// The next frame [`next_block`](Self::next_block) will hand out.
    position: u64,
    not_finite: u64,
    ended: bool,
}

#[derive(Debug)]
enum Stream {
    Wav(WavStream),
    Packets(Box<PacketStream>),
}

impl AudioReader {
    pub(crate) fn open(source: Box<dyn ByteSource>, format: Format) -> Result<Self, FormatError> {
        let mut findings = Vec::new();
        let (info, stream) = match format {
            Format::Wav => {
                let (info, stream) = WavStream::open(source, &mut findings)?;
                (info, Stream::Wav(stream))
            }
            _ => {
                let (info, stream) = PacketStream::open(source, format, &mut findings)?;
                (info, Stream::Packets(Box::new(stream)))
            }
        };
        Ok(Self { format, info, findings, stream, position: 0, not_finite: 0, ended: false })
    }

    pub fn format(&self) -> Format {
        self.format
    }

    pub fn info(&self) -> &AudioInfo {
        &self.info
    }

    /// What was noticed so far; complete once [`next_block`](Self::next_block) has returned 0.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Replaces `out` with the next block, one vector per channel; returns its frames, 0 at the end.
    ///
    /// Full scale is ±1. Samples that are not finite numbers (possible in float WAV) become 0 and
    /// are counted in a finding.
    ///
    /// # Errors
    /// [`FormatError`] when the stream cannot be decoded.
    pub fn next_block(&mut self, out: &mut Vec<Vec<f32>>) -> Result<usize, FormatError> {
        out.resize_with(self.info.n_channels, Vec::new);
        out.truncate(self.info.n_channels);
        out.iter_mut().for_each(Vec::clear);
        if self.ended {
            return Ok(0);
        }
        let n = match &mut self.stream {
            Stream::Wav(stream) => stream.next_block(out)?,
            Stream::Packets(stream) => stream.next_block(out)?,
        };
        if n == 0 {
            self.ended = true;
            self.note_end();
        }
        self.not_finite += out.iter_mut().map(|c| zero_non_finite(c)).sum::<u64>();
        self.position += n as u64;
        Ok(n)
    }

    /// Continues at `frame`; at or behind the end, the next block is empty.
    ///
    /// Exact to the frame for every container. The samples are those of the straight decode, except
    /// that Opus' decoder state only fades (0.25 s are decoded ahead) and that AAC draws the noise
    /// of its noise substitution anew.
    ///
    /// # Errors
    /// [`FormatError`] when the stream cannot be positioned.
    pub fn seek(&mut self, frame: u64) -> Result<(), FormatError> {
        self.ended = self.info.n_frames.is_some_and(|n| frame >= n);
        if !self.ended {
            match &mut self.stream {
                Stream::Wav(stream) => stream.seek(frame)?,
                Stream::Packets(stream) => stream.seek(frame)?,
            }
        }
        self.position = frame;
        Ok(())
    }

    /// Decodes everything from the first frame on.
    ///
    /// # Errors
    /// [`FormatError`] when the stream cannot be decoded, [`FormatError::Limit`] above 1 GiB of
    /// samples: longer sounds are read with [`next_block`](Self::next_block).
    pub fn load(&mut self) -> Result<Waveform, FormatError> {
        if self.position != 0 {
            self.seek(0)?;
        }
        let mut channels = vec![Vec::new(); self.info.n_channels];
        let mut block = Vec::new();
        while self.next_block(&mut block)? > 0 {
            for (channel, samples) in channels.iter_mut().zip(&block) {
                channel.extend_from_slice(samples);
            }
            let bytes = self.position * self.info.n_channels as u64 * 4;
            if bytes > MAX_LOAD_BYTES {
                return Err(FormatError::Limit {
                    what: "decoded audio, bytes",
                    got: bytes,
                    limit: MAX_LOAD_BYTES,
                });
            }
        }
        Waveform::new(self.info.rate, channels).map_err(|e| FormatError::Request {
            what: "audio",
            expected: "channels of equal length".to_owned(),
            got: e.to_string(),
        })
    }

    /// Findings that only the end of the stream can tell.
    fn note_end(&mut self) {
        if let Stream::Packets(stream) = &self.stream {
            self.findings.extend(stream.damage());
        }
        if self.not_finite > 0 {
            self.findings.push(Finding::new(
                "audio.not_finite",
                Severity::Problem,
                format!("{} samples are not finite numbers and were read as 0", self.not_finite),
            ));
        }
        if let Some(expected) = self.info.n_frames.filter(|&n| self.position < n) {
            let (got_s, expected_s) = (self.seconds(self.position), self.seconds(expected));
            self.findings.push(
                Finding::new(
                    "file.truncated",
                    Severity::Warning,
                    format!("the sound ends after {got_s:.3} s, its header says {expected_s:.3} s"),
                )
                .between(got_s, expected_s),
            );
        }
    }

    fn seconds(&self, frames: u64) -> f64 {
        frames as f64 / self.info.rate.hz()
    }
}

fn zero_non_finite(samples: &mut [f32]) -> u64 {
    let mut n = 0;
    for x in samples.iter_mut().filter(|x| !x.is_finite()) {
        *x = 0.0;
        n += 1;
    }
    n
}

/// Refuses rates and channel counts no sound has, before anything is sized by them.
fn check_layout(
    format: Format,
    rate_hz: u32,
    n_channels: usize,
    offset: u64,
) -> Result<SampleRate, FormatError> {
    let invalid = |what: &str, expected, got: String| FormatError::Invalid {
        format,
        what: what.to_owned(),
        offset,
        expected,
        got,
    };
    if n_channels == 0 || n_channels > MAX_CHANNELS {
        return Err(invalid("the number of channels", "1 to 64", n_channels.to_string()));
    }
    if rate_hz == 0 || rate_hz > MAX_RATE_HZ {
        return Err(invalid("the sample rate", "1 to 1536000 Hz", rate_hz.to_string()));
    }
    SampleRate::from_hz(f64::from(rate_hz))
        .map_err(|e| invalid("the sample rate", "above 0", e.to_string()))
}
