//! The rows of a table, one after the other, from any offset.

use std::io::Read;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::bytes::TextBytes;
use super::dialect::MAX_COLUMNS;
use crate::FormatError;

/// Longest row: 4,096 columns of 64 characters.
const MAX_ROW_BYTES: usize = 256 << 10;

const INPUT_BYTES: usize = 64 << 10;

pub(super) struct Rows {
    bytes: TextBytes,
    delimiter: u8,
    parser: Reader,
    input: Vec<u8>,
    used: usize,
    /// Offset in the text of the first unused byte of `input`.
    at: u64,
    ended: bool,
    output: Vec<u8>,
    ends: Vec<usize>,
    n_fields: usize,
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("at", &self.at).finish_non_exhaustive()
    }
}

impl Rows {
    pub(super) fn new(bytes: TextBytes, delimiter: u8) -> Self {
        Self {
            bytes,
            delimiter,
            parser: parser(delimiter),
            input: Vec::new(),
            used: 0,
            at: 0,
            ended: false,
            output: vec![0; 4 << 10],
            ends: vec![0; 64],
            n_fields: 0,
        }
    }

    /// Where the next row begins.
    pub(super) fn offset(&self) -> u64 {
        self.at
    }

    pub(super) fn go_to(&mut self, offset: u64) -> Result<(), FormatError> {
        self.bytes.go_to(offset)?;
        self.parser = parser(self.delimiter);
        self.input.clear();
        self.used = 0;
        self.at = offset;
        self.ended = false;
        Ok(())
    }

    /// Reads the next row that is not empty; `false` at the end.
    pub(super) fn next(&mut self) -> Result<bool, FormatError> {
        let (mut n_out, mut n_ends) = (0, 0);
        loop {
            if self.used == self.input.len() && !self.ended {
                self.refill()?;
            }
            let (result, n_in, n, n_end) = self.parser.read_record(
                &self.input[self.used..],
                &mut self.output[n_out..],
                &mut self.ends[n_ends..],
            );
            self.used += n_in;
            self.at += n_in as u64;
            n_out += n;
            n_ends += n_end;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => grow(&mut self.output, MAX_ROW_BYTES)?,
                ReadRecordResult::OutputEndsFull => grow(&mut self.ends, 4 * MAX_COLUMNS)?,
                ReadRecordResult::Record => {
                    self.n_fields = n_ends;
                    return Ok(true);
                }
                ReadRecordResult::End => return Ok(false),
            }
        }
    }

    fn refill(&mut self) -> Result<(), FormatError> {
        self.input.clear();
        self.used = 0;
        (&mut self.bytes).take(INPUT_BYTES as u64).read_to_end(&mut self.input)?;
        self.ended = self.input.is_empty();
        Ok(())
    }

    /// The fields of the row that was read.
    pub(super) fn fields(&self) -> Fields<'_> {
        let mut fields = Vec::with_capacity(self.n_fields);
        let mut start = 0;
        for &end in &self.ends[..self.n_fields] {
            let field = self.output.get(start..end).unwrap_or_default().trim_ascii();
            // A delimiter that may be repeated makes empty fields.
            if self.delimiter != b' ' || !field.is_empty() {
                fields.push(field);
            }
            start = end;
        }
        Fields(fields)
    }
}

/// The fields of one row, without the spaces around them.
#[derive(Debug, Default)]
pub(super) struct Fields<'a>(Vec<&'a [u8]>);

impl<'a> Fields<'a> {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Empty where the row is too short.
    pub(super) fn get(&self, column: usize) -> &'a [u8] {
        self.0.get(column).copied().unwrap_or_default()
    }

    pub(super) fn is_comment(&self) -> bool {
        self.get(0).first().is_some_and(|b| matches!(b, b'%' | b'#'))
    }
}

fn parser(delimiter: u8) -> Reader {
    ReaderBuilder::new().delimiter(delimiter).build()
}

fn grow<T: Clone + Default>(buffer: &mut Vec<T>, limit: usize) -> Result<(), FormatError> {
    if buffer.len() >= limit {
        let (got, limit) = (buffer.len() as u64 + 1, limit as u64);
        return Err(FormatError::Limit { what: "the length of a row", got, limit });
    }
    buffer.resize((buffer.len() * 2).min(limit), T::default());
    Ok(())
}
