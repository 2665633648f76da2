//! Writing sound: WAV, FLAC and Opus in Ogg.
//!
//! [`Encoder`] streams: it holds one block, whatever the length of the track. The same samples and
//! the same [`Metadata`] give the same bytes, on every run and for every block size. It needs to
//! seek, because lengths and checksums in a header are known only at the end.

mod flac;
mod opus;
mod pcm;
mod wav;

use std::io::{self, Seek, Write};

use clx_signal::SampleRate;

use flac::FlacWriter;
use opus::OpusWriter;
use wav::WavWriter;

/// Which file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AudioFormat {
    /// RIFF, or RF64 (EBU Tech 3306) from 4 GiB on.
    Wav,
    Flac,
    /// Opus in Ogg (RFC 7845), 160 kbit/s for two channels.
    Opus,
}

impl AudioFormat {
    pub const ALL: [Self; 3] = [Self::Wav, Self::Flac, Self::Opus];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Wav => "WAV",
            Self::Flac => "FLAC",
            Self::Opus => "Opus",
        }
    }

    /// Ending of a file name, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Flac => "flac",
            Self::Opus => "opus",
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Wav => "audio/wav",
            Self::Flac => "audio/flac",
            Self::Opus => "audio/ogg; codecs=opus",
        }
    }
}

/// How one sample is stored. Opus ignores it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SampleFormat {
    /// 16 bit with triangular dither of ±1 step, drawn from [`Metadata::seed`].
    #[default]
    Int16,
    /// 24 bit, rounded to nearest.
    Int24,
    /// 32 bit floating point; WAV only.
    Float32,
}

/// Words that travel with the sound. Empty ones are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    pub title: String,
    pub artist: String,
    pub comment: String,
    /// Name and version of the program.
    pub software: String,
    /// Seed of the composition; also seeds the dither and the Ogg serial number.
    pub seed: u64,
}

impl Metadata {
    /// Vorbis comment fields, in a fixed order.
    fn vorbis_comments(&self) -> Vec<String> {
        let seed = self.seed.to_string();
        [
            ("TITLE", &self.title),
            ("ARTIST", &self.artist),
            ("COMMENT", &self.comment),
            ("ENCODER", &self.software),
            ("SEED", &seed),
        ]
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect()
    }

    /// The comment block shared by FLAC and Opus: vendor string, count, fields; little-endian.
    fn vorbis_comment_block(&self) -> Vec<u8> {
        let mut block = Vec::new();
        let mut put = |text: &str| {
            block.extend_from_slice(&(text.len() as u32).to_le_bytes());
            block.extend_from_slice(text.as_bytes());
        };
        put(&self.software);
        let fields = self.vorbis_comments();
        block.extend_from_slice(&(fields.len() as u32).to_le_bytes());
        for field in fields {
            block.extend_from_slice(&(field.len() as u32).to_le_bytes());
            block.extend_from_slice(field.as_bytes());
        }
        block
    }
}

/// Why sound could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    #[error("{format} takes {takes}, got {got}")]
    Unsupported { format: &'static str, takes: &'static str, got: String },
    #[error("a block must hold {expected} channels of equal length, got lengths {got:?}")]
    Block { expected: usize, got: Vec<usize> },
    #[error("announced {announced} frames, got {written}")]
    Length { announced: u64, written: u64 },
    #[error("the Opus encoder refused: {0}")]
    Opus(String),
    #[error("writing the encoded sound failed: {0}")]
    Io(#[from] io::Error),
}

/// Streaming writer of one sound file.
///
/// Samples are planar `f32` with full scale at ±1; what exceeds it is clipped, NaN becomes silence.
///
/// ```
/// use clx_formats::encode::{AudioFormat, Encoder, Metadata};
/// use clx_signal::SampleRate;
///
/// let rate = SampleRate::from_hz(44_100.0)?;
/// let sink = std::io::Cursor::new(Vec::new());
/// let mut encoder = Encoder::new(sink, AudioFormat::Flac, rate, 1, None, Metadata::default())?;
/// encoder.write(&[&[0.0, 0.25, -0.25]])?;
/// let bytes = encoder.finish()?.into_inner();
/// assert_eq!(&bytes[..4], b"fLaC");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Encoder<W: Write + Seek> {
    writer: Writer<W>,
    n_channels: usize,
    announced: Option<u64>,
    written: u64,
}

#[derive(Debug)]
enum Writer<W: Write + Seek> {
    Wav(WavWriter<W>),
    Flac(Box<FlacWriter<W>>),
    Opus(Box<OpusWriter<W>>),
}

/// What the writers need to know of the stream.
#[derive(Clone, Debug)]
struct Stream {
    rate_hz: u32,
    n_channels: usize,
    samples: SampleFormat,
    metadata: Metadata,
}

impl<W: Write + Seek> Encoder<W> {
    /// Starts a file with 16-bit samples; [`Encoder::with_samples`] chooses others.
    ///
    /// `n_frames` announces the length when it is known; [`Encoder::finish`] holds the caller to it.
    ///
    /// # Errors
    /// [`EncodeError::Unsupported`] for a rate or a channel count the format cannot hold (Opus takes
    /// 8, 12, 16, 24 and 48 kHz and one or two channels); [`EncodeError::Io`] from the sink.
    pub fn new(
        sink: W,
        format: AudioFormat,
        rate: SampleRate,
        n_channels: usize,
        n_frames: Option<u64>,
        metadata: Metadata,
    ) -> Result<Self, EncodeError> {
        Self::with_samples(
            sink,
            format,
            SampleFormat::default(),
            rate,
            n_channels,
            n_frames,
            metadata,
        )
    }

    /// As [`Encoder::new`] with a choice of the stored sample.
    ///
    /// # Errors
    /// As [`Encoder::new`]; FLAC refuses [`SampleFormat::Float32`].
    pub fn with_samples(
        sink: W,
        format: AudioFormat,
        samples: SampleFormat,
        rate: SampleRate,
        n_channels: usize,
        n_frames: Option<u64>,
        metadata: Metadata,
    ) -> Result<Self, EncodeError> {
        let rate_hz = rate.hz();
        if rate_hz.fract() != 0.0 || !(1.0..=655_350.0).contains(&rate_hz) {
            return Err(EncodeError::Unsupported {
                format: format.name(),
                takes: "whole sample rates from 1 to 655350 Hz",
                got: format!("{rate_hz} Hz"),
            });
        }
        if !(1..=8).contains(&n_channels) {
            return Err(EncodeError::Unsupported {
                format: format.name(),
                takes: "1 to 8 channels",
                got: n_channels.to_string(),
            });
        }
        let stream = Stream { rate_hz: rate_hz as u32, n_channels, samples, metadata };
        let writer = match format {
            AudioFormat::Wav => Writer::Wav(WavWriter::new(sink, &stream)?),
            AudioFormat::Flac => Writer::Flac(Box::new(FlacWriter::new(sink, &stream)?)),
            AudioFormat::Opus => Writer::Opus(Box::new(OpusWriter::new(sink, &stream)?)),
        };
        Ok(Self { writer, n_channels, announced: n_frames, written: 0 })
    }

    /// Appends a block: one slice per channel, equal lengths.
    ///
    /// # Errors
    /// [`EncodeError::Block`] if the shape is wrong; [`EncodeError::Io`] from the sink.
    pub fn write(&mut self, block: &[&[f32]]) -> Result<(), EncodeError> {
        if block.len() != self.n_channels || block.iter().any(|c| c.len() != block[0].len()) {
            return Err(EncodeError::Block {
                expected: self.n_channels,
                got: block.iter().map(|c| c.len()).collect(),
            });
        }
        self.written += block[0].len() as u64;
        match &mut self.writer {
            Writer::Wav(writer) => writer.write(block),
            Writer::Flac(writer) => writer.write(block),
            Writer::Opus(writer) => writer.write(block),
        }
    }

    /// Writes what is left, completes the header and hands the sink back.
    ///
    /// # Errors
    /// [`EncodeError::Length`] if a length was announced and another one was written;
    /// [`EncodeError::Io`] from the sink.
    pub fn finish(self) -> Result<W, EncodeError> {
        if let Some(announced) = self.announced.filter(|&n| n != self.written) {
            return Err(EncodeError::Length { announced, written: self.written });
        }
        match self.writer {
            Writer::Wav(writer) => writer.finish(),
            Writer::Flac(writer) => writer.finish(),
            Writer::Opus(writer) => writer.finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::{Source, open};

    const N_FRAMES: usize = 10_001;

    /// Two tones and a little noise, different in both channels.
    fn channels() -> [Vec<f32>; 2] {
        let mut state = 1_u32;
        [0.031, 0.047].map(|step: f32| {
            (0..N_FRAMES)
                .map(|i| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let noise = (state >> 8) as f32 / 16_777_216.0 - 0.5;
                    0.5 * (i as f32 * step).sin() + 0.01 * noise
                })
                .collect()
        })
    }

    fn encode(format: AudioFormat, samples: SampleFormat, block: usize) -> Vec<u8> {
        let rate = SampleRate::from_hz(48_000.0).unwrap();
        let metadata = Metadata { title: "Test".into(), seed: 3, ..Metadata::default() };
        let n_frames = Some(N_FRAMES as u64);
        let sink = Cursor::new(Vec::new());
        let mut encoder =
            Encoder::with_samples(sink, format, samples, rate, 2, n_frames, metadata).unwrap();
        let [left, right] = channels();
        for (l, r) in left.chunks(block).zip(right.chunks(block)) {
            encoder.write(&[l, r]).unwrap();
        }
        encoder.finish().unwrap().into_inner()
    }

    fn decode(bytes: Vec<u8>) -> Vec<Vec<f32>> {
        match open(Box::new(Cursor::new(bytes))).unwrap() {
            Source::Audio(mut reader) => reader.load().unwrap().channels().to_vec(),
            Source::Recording(_) => panic!("sound was taken for a recording"),
        }
    }

    #[test]
    fn block_size_does_not_change_the_bytes() {
        for format in AudioFormat::ALL {
            let whole = encode(format, SampleFormat::Int16, N_FRAMES);
            assert_eq!(whole, encode(format, SampleFormat::Int16, 997), "{format:?}");
        }
    }

    #[test]
    fn flac_and_wav_hold_the_same_samples() {
        for samples in [SampleFormat::Int16, SampleFormat::Int24] {
            let flac = decode(encode(AudioFormat::Flac, samples, 4_000));
            assert_eq!(flac[0].len(), N_FRAMES);
            assert_eq!(flac, decode(encode(AudioFormat::Wav, samples, 4_000)), "{samples:?}");
        }
    }

    #[test]
    fn float_wav_is_exact_and_24_bit_is_half_a_step_off_at_most() {
        let exact = decode(encode(AudioFormat::Wav, SampleFormat::Float32, 512));
        assert_eq!(exact, channels());
        let rounded = decode(encode(AudioFormat::Wav, SampleFormat::Int24, 512));
        for (a, b) in rounded.iter().flatten().zip(channels().iter().flatten()) {
            assert!((a - b).abs() <= 0.5 / 8_388_608.0 + f32::EPSILON / 2.0, "{a} {b}");
        }
    }

    #[test]
    fn opus_keeps_length_and_time() {
        let decoded = decode(encode(AudioFormat::Opus, SampleFormat::Int16, 960));
        assert_eq!(decoded[0].len(), N_FRAMES);
        let [left, _] = channels();
        let middle = 3_000..6_000;
        let error: f32 = middle.clone().map(|i| (decoded[0][i] - left[i]).powi(2)).sum();
        let power: f32 = middle.map(|i| left[i].powi(2)).sum();
        // 20 dB; a shift by one frame of these tones alone would cost more than that.
        assert!(error < 0.01 * power, "{}", error / power);
    }

    #[test]
    fn wrong_shapes_lengths_and_rates_are_refused() {
        let rate = SampleRate::from_hz(44_100.0).unwrap();
        let start = |format, n_frames| {
            Encoder::new(Cursor::new(Vec::new()), format, rate, 2, n_frames, Metadata::default())
        };
        assert!(matches!(
            start(AudioFormat::Opus, None),
            Err(EncodeError::Unsupported { format: "Opus", .. })
        ));
        let mut encoder = start(AudioFormat::Wav, Some(2)).unwrap();
        assert!(matches!(encoder.write(&[&[0.0]]), Err(EncodeError::Block { expected: 2, .. })));
        encoder.write(&[&[0.0], &[0.0]]).unwrap();
        assert!(matches!(encoder.finish(), Err(EncodeError::Length { announced: 2, written: 1 })));
    }
}
