use clx_signal::{Finding, SampleRate, Waveform};

use crate::{ByteSource, Format, FormatError};

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
}

impl AudioReader {
    pub(crate) fn open(_source: Box<dyn ByteSource>, format: Format) -> Result<Self, FormatError> {
        Err(unsupported(format))
    }

    pub fn format(&self) -> Format {
        self.format
    }

    pub fn info(&self) -> &AudioInfo {
        &self.info
    }

    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Replaces `out` with the next block, one vector per channel; returns its frames, 0 at the end.
    ///
    /// # Errors
    /// [`FormatError`] when the stream cannot be decoded.
    pub fn next_block(&mut self, _out: &mut Vec<Vec<f32>>) -> Result<usize, FormatError> {
        Err(unsupported(self.format))
    }

    /// Continues at `frame`.
    ///
    /// # Errors
    /// [`FormatError`] when the stream cannot be positioned.
    pub fn seek(&mut self, _frame: u64) -> Result<(), FormatError> {
        Err(unsupported(self.format))
    }

    /// Decodes everything.
    ///
    /// # Errors
    /// [`FormatError`] when the stream cannot be decoded.
    pub fn load(&mut self) -> Result<Waveform, FormatError> {
        Err(unsupported(self.format))
    }
}

fn unsupported(format: Format) -> FormatError {
    FormatError::Unsupported {
        format,
        feature: "its audio codec".to_owned(),
        advice: "this build cannot decode it",
    }
}
