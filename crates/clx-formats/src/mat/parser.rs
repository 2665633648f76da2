use std::io::{BufReader, Read, SeekFrom};

use super::MAX_DEPTH;
use super::TextPlace;
use super::element::{Element, INT8, INT32, MATRIX, UINT32, encoding, space, text};
use super::value::{Stored, Struct, Value};
use crate::{ByteSource, Format, FormatError};

const MAX_DIMS: u64 = 32;
const MAX_NAME_BYTES: u64 = 4_096;
/// All names of the fields of a structure.
const MAX_NAMES_BYTES: u64 = 1 << 16;
/// Text that is longer is not read.
const MAX_TEXT_BYTES: u64 = 1 << 20;

/// Reads elements one after the other.
pub(super) struct Parser<'a> {
    bytes: BufReader<&'a mut dyn ByteSource>,
    at: u64,
    big_endian: bool,
    /// Which variables, and fields of variables, are read.
    keep: &'a dyn Fn(&str) -> bool,
    /// The variable, or the field of one, that is being read.
    field: String,
    /// Where every text lies, if that is asked for.
    pub(super) texts: Option<Vec<TextPlace>>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(
        source: &'a mut dyn ByteSource,
        at: u64,
        len: u64,
        big_endian: bool,
        keep: &'a dyn Fn(&str) -> bool,
    ) -> Result<Self, FormatError> {
        // Reading element by element, a large buffer would be filled for nothing.
        let capacity = usize::try_from(len - at).unwrap_or(usize::MAX).min(1 << 14);
        source.seek(SeekFrom::Start(at))?;
        let bytes = BufReader::with_capacity(capacity, source);
        Ok(Self { bytes, at, big_endian, keep, field: String::new(), texts: None })
    }

    /// The tag that begins here, of an element that ends before `end`.
    pub(super) fn element(&mut self, end: u64) -> Result<Element, FormatError> {
        let begin = self.at;
        if end.saturating_sub(begin) < 8 {
            return Err(self.invalid(
                "a tag",
                "eight bytes",
                format!("{} bytes", end.saturating_sub(begin)),
            ));
        }
        let first = self.word()?;
        let small = first >> 16;
        if small != 0 {
            if small > 4 {
                return Err(self.invalid("the size in a tag", "up to 4 bytes", small.to_string()));
            }
            let at = begin + 4;
            return Ok(Element {
                kind: first & 0xffff,
                at,
                len: u64::from(small),
                next: begin + 8,
            });
        }
        let len = u64::from(self.word()?);
        let at = begin + 8;
        if len > end - at {
            let got = format!("{len} bytes, {} are left", end - at);
            return Err(self.invalid("the size of an element", "within what holds it", got));
        }
        let padded = if first == super::COMPRESSED { len } else { len.next_multiple_of(8) };
        Ok(Element { kind: first, at, len, next: (at + padded).min(end) })
    }

    /// An array with its name; afterwards the next element begins.
    pub(super) fn matrix(
        &mut self,
        element: &Element,
        depth: usize,
    ) -> Result<(String, Value), FormatError> {
        let end = element.at + element.len;
        if element.len == 0 {
            self.go_to(element.next)?;
            return Ok((String::new(), Value::Empty));
        }
        if depth > MAX_DEPTH {
            return Err(self.invalid("nesting", "at most 16 levels deep", depth.to_string()));
        }
        let flags = self.flags(end)?;
        let class = flags & 0xff;
        let read = match class {
            // Opaque objects have neither dimensions nor a usual name.
            17 => Ok((String::new(), Value::Empty)),
            _ => self.named(class, end, depth),
        }?;
        self.go_to(element.next)?;
        Ok(read)
    }

    fn named(
        &mut self,
        class: u32,
        end: u64,
        depth: usize,
    ) -> Result<(String, Value), FormatError> {
        let dims = self.dims(end)?;
        let name = self.element(end)?;
        let name = crate::text::text(&self.take(&name, MAX_NAME_BYTES)?);
        if depth == 0 && !(self.keep)(&name) {
            return Ok((name, Value::Empty));
        }
        if depth == 0 {
            self.field.clone_from(&name);
        }
        let n = dims.iter().try_fold(1_u64, |n, &d| n.checked_mul(d));
        let Some(n) = n else {
            return Err(self.invalid(
                "the dimensions",
                "a product below 2^64",
                format!("{dims:?}"),
            ));
        };
        let value = match class {
            _ if n == 0 => Value::Empty,
            1 => self.cell(n, end, depth)?,
            2 => self.structure(n, end, depth)?,
            4 => self.text(&dims, end)?,
            6..=15 => self.numbers(dims, n, end)?,
            _ => Value::Empty,
        };
        Ok((name, value))
    }

    fn flags(&mut self, end: u64) -> Result<u32, FormatError> {
        let element = self.element(end)?;
        let bytes = self.take(&element, 8)?;
        match bytes.first_chunk::<4>() {
            Some(bytes) if element.kind == UINT32 => Ok(self.u32(*bytes)),
            _ => Err(self.invalid("the flags of an array", "8 bytes", format!("{element:?}"))),
        }
    }

    fn dims(&mut self, end: u64) -> Result<Vec<u64>, FormatError> {
        let element = self.element(end)?;
        let bytes = self.take(&element, 4 * MAX_DIMS)?;
        let dims: Vec<i32> = bytes.as_chunks::<4>().0.iter().map(|&b| self.u32(b) as i32).collect();
        let valid: Option<Vec<u64>> = dims.iter().map(|&d| u64::try_from(d).ok()).collect();
        match valid {
            Some(valid) if element.kind == INT32 && valid.len() >= 2 => Ok(valid),
            _ => {
                Err(self.invalid("the dimensions of an array", "two or more", format!("{dims:?}")))
            }
        }
    }

    fn cell(&mut self, n: u64, end: u64, depth: usize) -> Result<Value, FormatError> {
        let n = self.count(n, end)?;
        let mut values = Vec::with_capacity(n);
        for _ in 0..n {
            values.push(self.child(end, depth)?);
        }
        Ok(Value::Cell(values.into()))
    }

    fn structure(&mut self, n: u64, end: u64, depth: usize) -> Result<Value, FormatError> {
        let fields = self.field_names(end)?;
        let n = self.count(n.saturating_mul(fields.len() as u64), end)?;
        let mut values = Vec::with_capacity(n);
        for i in 0..n {
            // The fields of a dataset are many, and most are not needed.
            if depth == 0 && !(self.keep)(&fields[i % fields.len()]) {
                let element = self.element(end)?;
                self.go_to(element.next)?;
                values.push(Value::Empty);
            } else {
                if depth == 0 {
                    self.field.clone_from(&fields[i % fields.len()]);
                }
                values.push(self.child(end, depth)?);
            }
        }
        Ok(Value::Struct(Box::new(Struct { fields, values: values.into() })))
    }

    fn field_names(&mut self, end: u64) -> Result<Vec<String>, FormatError> {
        let element = self.element(end)?;
        let bytes = self.take(&element, 8)?;
        let width = bytes.first_chunk::<4>().map(|&b| self.u32(b) as usize);
        let Some(width) = width.filter(|w| (1..=256).contains(w)) else {
            return Err(self.invalid(
                "the length of field names",
                "1 to 256",
                format!("{bytes:?}"),
            ));
        };
        let element = self.element(end)?;
        if element.kind != INT8 {
            return Err(self.invalid("field names", "of type 1", element.kind.to_string()));
        }
        let names = self.take(&element, MAX_NAMES_BYTES)?;
        Ok(names.chunks_exact(width).map(crate::text::text).collect())
    }

    /// Elements that follow, each of at least eight bytes.
    fn count(&self, n: u64, end: u64) -> Result<usize, FormatError> {
        if n > end.saturating_sub(self.at) / 8 {
            return Err(self.invalid(
                "the number of elements",
                "what the bytes can hold",
                n.to_string(),
            ));
        }
        Ok(n as usize)
    }

    fn child(&mut self, end: u64, depth: usize) -> Result<Value, FormatError> {
        let element = self.element(end)?;
        if element.kind != MATRIX {
            let got = element.kind.to_string();
            return Err(self.invalid("the type of a nested element", "14 (an array)", got));
        }
        self.matrix(&element, depth + 1).map(|(_, value)| value)
    }

    fn text(&mut self, dims: &[u64], end: u64) -> Result<Value, FormatError> {
        let element = self.element(end)?;
        if element.len > MAX_TEXT_BYTES {
            return Ok(Value::Empty);
        }
        let bytes = self.take(&element, MAX_TEXT_BYTES)?;
        let Some(text) = text(element.kind, &bytes, self.big_endian) else {
            return Ok(Value::Empty);
        };
        if let Some(texts) = &mut self.texts {
            texts.push(TextPlace {
                field: self.field.clone(),
                text: text.clone(),
                at: Some(element.at),
                len: element.len as usize,
                space: space(element.kind, self.big_endian),
            });
        }
        let n_rows = dims[0] as usize;
        if n_rows <= 1 {
            return Ok(Value::Text(text.into()));
        }
        // Stored column by column.
        let columns: Vec<char> = text.chars().collect();
        let row = |i: usize| columns.iter().skip(i).step_by(n_rows).collect::<String>();
        let rows: Vec<String> =
            (0..n_rows.min(columns.len())).map(|i| row(i).trim_end().to_owned()).collect();
        Ok(Value::Text(rows.join("\n").into()))
    }

    fn numbers(&mut self, dims: Vec<u64>, n: u64, end: u64) -> Result<Value, FormatError> {
        let element = self.element(end)?;
        // Whole numbers are stored in the smallest type that holds them, whatever their class.
        let Some(encoding) = encoding(element.kind, self.big_endian) else {
            let got = element.kind.to_string();
            return Err(self.invalid("the type of numbers", "a numeric type", got));
        };
        if n.checked_mul(encoding.width() as u64).is_none_or(|bytes| bytes > element.len) {
            let got = format!("{n} in {} bytes", element.len);
            return Err(self.invalid("the number of values", "what the bytes can hold", got));
        }
        if n > 1 {
            return Ok(Value::Stored(Box::new(Stored { dims, encoding, at: element.at })));
        }
        let bytes = self.take(&element, 8)?;
        let mut value = Vec::with_capacity(1);
        let stride = encoding.width();
        encoding.floats(crate::samples::Run { bytes: &bytes[..stride], stride }, &mut value);
        Ok(Value::Number(value[0]))
    }

    /// The data of `element`, at most `limit` bytes; afterwards the next element begins.
    fn take(&mut self, element: &Element, limit: u64) -> Result<Vec<u8>, FormatError> {
        if element.len > limit {
            let got = format!("{} bytes", element.len);
            return Err(self.invalid("the size of an element", "below its limit", got));
        }
        self.go_to(element.at)?;
        let mut bytes = vec![0; element.len as usize];
        self.bytes.read_exact(&mut bytes)?;
        self.at += element.len;
        self.go_to(element.next)?;
        Ok(bytes)
    }

    fn go_to(&mut self, at: u64) -> Result<(), FormatError> {
        self.bytes.seek_relative(at as i64 - self.at as i64)?;
        self.at = at;
        Ok(())
    }

    fn word(&mut self) -> Result<u32, FormatError> {
        let mut bytes = [0; 4];
        self.bytes.read_exact(&mut bytes)?;
        self.at += 4;
        Ok(self.u32(bytes))
    }

    fn u32(&self, bytes: [u8; 4]) -> u32 {
        if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    }

    fn invalid(&self, what: &str, expected: &'static str, got: String) -> FormatError {
        FormatError::Invalid {
            format: Format::Eeglab,
            what: what.to_owned(),
            offset: self.at,
            expected,
            got,
        }
    }
}
