use clx_signal::{Annotation, Block, Finding, Recording, RecordingHeader};

use crate::edf::EdfReader;
use crate::{ByteSource, Format, FormatError, Identity};

/// Reads a recording of biosignals: header first, then any stretch of any channels.
#[derive(Debug)]
pub struct RecordingReader {
    edf: EdfReader,
}

impl RecordingReader {
    pub(crate) fn open(source: Box<dyn ByteSource>, format: Format) -> Result<Self, FormatError> {
        Ok(Self { edf: EdfReader::open(source, format)? })
    }

    pub fn format(&self) -> Format {
        self.edf.format()
    }

    pub fn header(&self) -> &RecordingHeader {
        self.edf.header()
    }

    /// Fields that point to a person; callers drop them unless the user asked to keep them.
    pub fn identity(&self) -> &Identity {
        self.edf.identity()
    }

    /// What is odd about the file: truncated, corrected record count, odd header fields.
    pub fn findings(&self) -> &[Finding] {
        self.edf.findings()
    }

    /// All annotations in order of onset, in seconds from the first sample.
    ///
    /// # Errors
    /// [`FormatError::Io`] when the source fails.
    pub fn annotations(&mut self) -> Result<Vec<Annotation>, FormatError> {
        self.edf.annotations()
    }

    /// Samples of the channels `picks` from `tmin_s` for `duration_s`, both in seconds of sample
    /// time (gaps removed), cut at the end of the recording.
    ///
    /// # Errors
    /// [`FormatError::Request`] for a channel or time that does not exist.
    pub fn read_block(
        &mut self,
        picks: &[usize],
        tmin_s: f64,
        duration_s: f64,
    ) -> Result<Block, FormatError> {
        self.edf.read_block(picks, tmin_s, duration_s)
    }

    /// Consecutive blocks of `block_s` seconds (the last one shorter) of the channels `picks`.
    pub fn blocks<'a>(
        &'a mut self,
        picks: &'a [usize],
        block_s: f64,
    ) -> impl Iterator<Item = Result<Block, FormatError>> + 'a {
        self.edf.blocks(picks, block_s)
    }

    /// `n` values of the converter from sample `start`, exactly as stored.
    ///
    /// # Errors
    /// [`FormatError::Request`] unless the range lies in the channel.
    pub fn read_digital(
        &mut self,
        channel: usize,
        start: u64,
        n: usize,
    ) -> Result<Vec<i32>, FormatError> {
        self.edf.read_digital(channel, start, n)
    }

    /// The whole recording in memory.
    ///
    /// # Errors
    /// [`FormatError::Io`] when the source fails.
    pub fn load(&mut self) -> Result<Recording, FormatError> {
        self.edf.load()
    }
}
