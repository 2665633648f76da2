//! The tags that a file is a sequence of: kind, type of data, size, place of the next one.

use std::io::{BufReader, Read, SeekFrom};

use crate::samples::{Encoding, Run, SampleKind};
use crate::{ByteSource, Format, FormatError};

const TAG_BYTES: u64 = 16;

pub(super) struct Tags<'a> {
    bytes: BufReader<&'a mut dyn ByteSource>,
    at: u64,
    len: u64,
    /// Of the tag that comes next; `None` after the last one.
    next: Option<u64>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag {
    pub(super) kind: i32,
    pub(crate) data_type: u32,
    pub(crate) at: u64,
    pub(crate) len: u64,
}

impl<'a> Tags<'a> {
    pub(super) fn new(source: &'a mut dyn ByteSource) -> Result<Self, FormatError> {
        let len = source.seek(SeekFrom::End(0))?;
        source.seek(SeekFrom::Start(0))?;
        let bytes = BufReader::with_capacity(1 << 14, source);
        Ok(Self { bytes, at: 0, len, next: Some(0) })
    }

    /// The next tag.
    ///
    /// # Errors
    /// [`FormatError::Invalid`] when the file ends within its data.
    pub(super) fn next(&mut self) -> Result<Option<Tag>, FormatError> {
        let Some(at) = self.next.filter(|at| at + TAG_BYTES <= self.len) else { return Ok(None) };
        let head = self.read(at, TAG_BYTES as usize)?;
        let word = |i: usize| i32::from_be_bytes([head[i], head[i + 1], head[i + 2], head[i + 3]]);
        let (kind, data_type, size, next) = (word(0), word(4), word(8), word(12));
        let at = at + TAG_BYTES;
        let Some(size) = u64::try_from(size).ok().filter(|size| *size <= self.len - at) else {
            self.next = None;
            return Err(FormatError::Invalid {
                format: Format::Fif,
                what: "the size of a tag".to_owned(),
                offset: at - 8,
                expected: "within the file",
                got: size.to_string(),
            });
        };
        self.next = match next {
            0 => Some(at + size),
            // A place before the end of this tag would lead round in circles.
            next if next > 0 => Some(u64::from(next.unsigned_abs())).filter(|n| *n >= at + size),
            _ => None,
        };
        Ok(Some(Tag { kind, data_type: data_type as u32, at, len: size }))
    }

    /// The data of `tag`, unless they are larger than `limit`.
    pub(super) fn data(&mut self, tag: &Tag, limit: u64) -> Result<Vec<u8>, FormatError> {
        if tag.len > limit {
            return Ok(Vec::new());
        }
        self.read(tag.at, tag.len as usize)
    }

    pub(super) fn int(&mut self, tag: &Tag) -> Result<Option<i32>, FormatError> {
        Ok(self.data(tag, 8)?.first_chunk::<4>().map(|&b| i32::from_be_bytes(b)))
    }

    pub(super) fn text(&mut self, tag: &Tag, limit: u64) -> Result<String, FormatError> {
        Ok(crate::text::text(&self.data(tag, limit)?))
    }

    /// Numbers of any type.
    pub(super) fn numbers(&mut self, tag: &Tag, limit: u64) -> Result<Vec<f64>, FormatError> {
        let bytes = self.data(tag, limit)?;
        let mut out = Vec::new();
        if let Some(encoding) = encoding(tag.data_type) {
            encoding.floats(Run { bytes: &bytes, stride: encoding.width() }, &mut out);
        }
        Ok(out)
    }

    fn read(&mut self, at: u64, n: usize) -> Result<Vec<u8>, FormatError> {
        self.bytes.seek_relative(at as i64 - self.at as i64)?;
        let mut bytes = vec![0; n];
        self.bytes.read_exact(&mut bytes)?;
        self.at = at + n as u64;
        Ok(bytes)
    }
}

/// How numbers of a data type are stored.
pub(super) fn encoding(data_type: u32) -> Option<Encoding> {
    Some(
        match data_type {
            1 => SampleKind::U8,
            2 | 16 => SampleKind::I16,
            3 => SampleKind::I32,
            4 => SampleKind::F32,
            5 => SampleKind::F64,
            7 => SampleKind::U16,
            8 => SampleKind::U32,
            11 => SampleKind::I64,
            _ => return None,
        }
        .big_endian(),
    )
}
