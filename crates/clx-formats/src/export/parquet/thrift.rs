//! Thrift's compact protocol, as far as Parquet's metadata needs it.

const I32: u8 = 5;
const I64: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// Builds one structure. Fields come in the order of their numbers.
#[derive(Debug, Default)]
pub(super) struct Compact {
    bytes: Vec<u8>,
    /// Number of the last field of the structure at hand, and of those around it.
    last: u8,
    outer: Vec<u8>,
}

impl Compact {
    pub(super) fn i32(&mut self, field: u8, value: i64) {
        self.field(field, I32);
        self.zigzag(value);
    }

    pub(super) fn i64(&mut self, field: u8, value: i64) {
        self.field(field, I64);
        self.zigzag(value);
    }

    pub(super) fn text(&mut self, field: u8, text: &str) {
        self.field(field, BINARY);
        self.put_text(text);
    }

    pub(super) fn i32s(&mut self, field: u8, values: &[i64]) {
        self.field(field, LIST);
        self.list_head(values.len(), I32);
        values.iter().for_each(|&v| self.zigzag(v));
    }

    pub(super) fn texts(&mut self, field: u8, texts: &[&String]) {
        self.field(field, LIST);
        self.list_head(texts.len(), BINARY);
        texts.iter().for_each(|t| self.put_text(t));
    }

    /// Begins a list of `n` structures, each between `element` and `close`.
    pub(super) fn list(&mut self, field: u8, n: usize) {
        self.field(field, LIST);
        self.list_head(n, STRUCT);
    }

    pub(super) fn element(&mut self) {
        self.outer.push(self.last);
        self.last = 0;
    }

    /// Begins a structure that is a field.
    pub(super) fn open(&mut self, field: u8) {
        self.field(field, STRUCT);
        self.element();
    }

    pub(super) fn close(&mut self) {
        self.bytes.push(0);
        self.last = self.outer.pop().unwrap_or(0);
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }

    /// Field numbers rise by less than 16, so the short form always fits.
    fn field(&mut self, field: u8, kind: u8) {
        self.bytes.push((field - self.last) << 4 | kind);
        self.last = field;
    }

    fn list_head(&mut self, n: usize, kind: u8) {
        if n < 15 {
            self.bytes.push((n as u8) << 4 | kind);
        } else {
            self.bytes.push(0xf0 | kind);
            self.varint(n as u64);
        }
    }

    fn put_text(&mut self, text: &str) {
        self.varint(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn zigzag(&mut self, value: i64) {
        self.varint((value << 1 ^ value >> 63) as u64);
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }
}
