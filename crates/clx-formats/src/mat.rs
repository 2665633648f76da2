//! MATLAB files of level 5: versions 5 and 6, and 7 with its compressed variables.
//!
//! A reader for what a dataset of EEGLAB consists of: numbers, text, cells and structures, nested
//! up to [`MAX_DEPTH`]. Large arrays stay where they are and are read on request. Sparse arrays,
//! objects and function handles are skipped. Source: MAT-File Format, The MathWorks, R2023a.

mod element;
mod parser;
mod value;

use std::io::{Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;

use flate2::read::ZlibDecoder;

use self::element::{COMPRESSED, Element, MATRIX};
use self::parser::Parser;
pub(crate) use self::value::{Stored, Struct, Value};
use crate::samples::Run;
use crate::{ByteSource, Format, FormatError};

/// One compressed variable is held in memory up to this size.
const MAX_INFLATED_BYTES: u64 = 512 << 20;
const MAX_DEPTH: usize = 16;
const HEADER_BYTES: u64 = 128;

/// Whether a file begins like a MAT file of level 5.
pub(crate) fn is_level_5(head: &[u8]) -> bool {
    head.starts_with(b"MATLAB 5.0 MAT-file") && matches!(head.get(126..128), Some(b"IM" | b"MI"))
}

/// Whether a file begins like one of version 7.3, which is HDF5 inside.
pub(crate) fn is_hdf5(head: &[u8]) -> bool {
    head.starts_with(b"MATLAB 7.3 MAT-file")
}

pub(crate) struct Mat {
    file: Box<dyn ByteSource>,
    pub(crate) variables: Vec<Variable>,
}

pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: Value,
    /// The inflated variable, if it is compressed; the places in `value` are counted in it.
    inflated: Option<Arc<[u8]>>,
}

impl Mat {
    /// Reads the variables, and their fields, whose names `keep` accepts.
    pub(crate) fn read(
        mut file: Box<dyn ByteSource>,
        keep: &dyn Fn(&str) -> bool,
    ) -> Result<Self, FormatError> {
        let (len, big_endian) = header(&mut *file)?;
        let mut variables = Vec::new();
        let mut at = HEADER_BYTES;
        while at < len {
            let mut parser = Parser::new(&mut *file, at, len, big_endian, keep)?;
            let element = parser.element(len)?;
            at = element.next;
            match element.kind {
                MATRIX => {
                    let (name, value) = parser.matrix(&element, 0)?;
                    variables.push(Variable { name, value, inflated: None });
                }
                COMPRESSED => {
                    drop(parser);
                    let inflated = inflate(&mut *file, &element)?;
                    variables.extend(compressed(inflated, big_endian, keep)?);
                }
                _ => {}
            }
            variables.retain(|v: &Variable| keep(&v.name));
        }
        Ok(Self { file, variables })
    }

    /// Numbers of `value`, which belongs to `variable`, in column-major order.
    pub(crate) fn numbers(
        &mut self,
        variable: usize,
        value: &Value,
    ) -> Result<Vec<f64>, FormatError> {
        let stored = match value {
            Value::Number(x) => return Ok(vec![*x]),
            Value::Stored(stored) => stored,
            _ => return Ok(Vec::new()),
        };
        let n_bytes = stored.n() as usize * stored.encoding.width();
        let mut bytes = Vec::new();
        match &self.variables[variable].inflated {
            Some(inflated) => {
                let from = stored.at as usize;
                bytes.extend_from_slice(inflated.get(from..from + n_bytes).unwrap_or_default());
            }
            None => {
                self.file.seek(SeekFrom::Start(stored.at))?;
                self.file.by_ref().take(n_bytes as u64).read_to_end(&mut bytes)?;
            }
        }
        let mut out = Vec::new();
        stored.encoding.floats(Run { bytes: &bytes, stride: stored.encoding.width() }, &mut out);
        Ok(out)
    }

    /// The bytes in which the places of `variable` are counted; ends the reading of the file.
    pub(crate) fn into_source(self, variable: usize) -> Box<dyn ByteSource> {
        match self.variables.into_iter().nth(variable).and_then(|v| v.inflated) {
            Some(inflated) => Box::new(Cursor::new(inflated)),
            None => self.file,
        }
    }
}

/// A text of the file, and where to overwrite it.
pub(crate) struct TextPlace {
    /// The variable, or the field of one, that the text is or lies in.
    pub(crate) field: String,
    pub(crate) text: String,
    /// `None` in a compressed variable.
    pub(crate) at: Option<u64>,
    len: usize,
    space: &'static [u8],
}

impl TextPlace {
    /// As many bytes of spaces.
    pub(crate) fn blank(&self) -> Vec<u8> {
        self.space.iter().copied().cycle().take(self.len).collect()
    }
}

/// Texts in the variables and fields that `keep` accepts.
pub(crate) fn texts(
    file: &mut dyn ByteSource,
    keep: &dyn Fn(&str) -> bool,
) -> Result<Vec<TextPlace>, FormatError> {
    let (len, big_endian) = header(file)?;
    let mut found = Vec::new();
    let mut at = HEADER_BYTES;
    while at < len {
        let mut parser = Parser::new(&mut *file, at, len, big_endian, keep)?;
        parser.texts = Some(Vec::new());
        let element = parser.element(len)?;
        at = element.next;
        if element.kind == MATRIX {
            parser.matrix(&element, 0)?;
            found.extend(parser.texts.unwrap_or_default());
        } else if element.kind == COMPRESSED {
            drop(parser);
            let mut inflated = Cursor::new(inflate(&mut *file, &element)?);
            let len = inflated.get_ref().len() as u64;
            let mut parser = Parser::new(&mut inflated, 0, len, big_endian, keep)?;
            parser.texts = Some(Vec::new());
            let element = parser.element(len)?;
            if element.kind == MATRIX {
                parser.matrix(&element, 0)?;
            }
            let texts = parser.texts.unwrap_or_default();
            found.extend(texts.into_iter().map(|place| TextPlace { at: None, ..place }));
        }
    }
    Ok(found)
}

/// Length of the file, and whether its numbers are stored with the high byte first.
fn header(file: &mut dyn ByteSource) -> Result<(u64, bool), FormatError> {
    let len = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(0))?;
    let mut header = Vec::new();
    file.take(HEADER_BYTES).read_to_end(&mut header)?;
    if (header.len() as u64) < HEADER_BYTES {
        return Err(FormatError::Truncated {
            format: Format::Eeglab,
            what: "the header of the MAT file",
            len,
            needed: HEADER_BYTES,
        });
    }
    Ok((len, header.ends_with(b"MI")))
}

fn inflate(file: &mut dyn ByteSource, element: &Element) -> Result<Arc<[u8]>, FormatError> {
    file.seek(SeekFrom::Start(element.at))?;
    let mut bytes = Vec::new();
    let decoder = ZlibDecoder::new(file.take(element.len));
    let result = decoder.take(MAX_INFLATED_BYTES + 1).read_to_end(&mut bytes);
    if bytes.len() as u64 > MAX_INFLATED_BYTES {
        return Err(FormatError::Unsupported {
            format: Format::Eeglab,
            feature: format!("a compressed variable above {} MiB", MAX_INFLATED_BYTES >> 20),
            advice: "save it with the samples in a second file: pop_saveset(EEG, 'savemode', 'twofiles')",
        });
    }
    // A checksum that is wrong at the end still leaves the bytes, but they cannot be trusted.
    result.map_err(|error| FormatError::Invalid {
        format: Format::Eeglab,
        what: "a compressed variable".to_owned(),
        offset: element.at,
        expected: "whole and undamaged",
        got: error.to_string(),
    })?;
    Ok(bytes.into())
}

fn compressed(
    inflated: Arc<[u8]>,
    big_endian: bool,
    keep: &dyn Fn(&str) -> bool,
) -> Result<Option<Variable>, FormatError> {
    let len = inflated.len() as u64;
    let mut source: Box<dyn ByteSource> = Box::new(Cursor::new(Arc::clone(&inflated)));
    let mut parser = Parser::new(&mut *source, 0, len, big_endian, keep)?;
    let element = parser.element(len)?;
    if element.kind != MATRIX {
        return Ok(None);
    }
    let (name, value) = parser.matrix(&element, 0)?;
    Ok(Some(Variable { name, value, inflated: Some(inflated) }))
}
