//! Data elements: a tag of type and size, then the data, padded to eight bytes.

use crate::samples::{Encoding, SampleKind};

pub(super) const INT8: u32 = 1;
pub(super) const INT32: u32 = 5;
pub(super) const UINT32: u32 = 6;
pub(super) const MATRIX: u32 = 14;
pub(super) const COMPRESSED: u32 = 15;

/// Where the data of one element lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element {
    pub(super) kind: u32,
    pub(super) at: u64,
    pub(super) len: u64,
    /// Where the next element begins.
    pub(super) next: u64,
}

/// How numbers of a data type are stored.
pub(super) fn encoding(kind: u32, big_endian: bool) -> Option<Encoding> {
    let kind = match kind {
        1 => SampleKind::I8,
        2 => SampleKind::U8,
        3 => SampleKind::I16,
        4 => SampleKind::U16,
        5 => SampleKind::I32,
        6 => SampleKind::U32,
        7 => SampleKind::F32,
        9 => SampleKind::F64,
        12 => SampleKind::I64,
        13 => SampleKind::U64,
        _ => return None,
    };
    Some(Encoding { kind, big_endian })
}

/// A space in text of a data type.
pub(super) fn space(kind: u32, big_endian: bool) -> &'static [u8] {
    match (kind, big_endian) {
        (4 | 17, false) => &[b' ', 0],
        (4 | 17, true) => &[0, b' '],
        (18, false) => &[b' ', 0, 0, 0],
        (18, true) => &[0, 0, 0, b' '],
        _ => b" ",
    }
}

/// Text of a data type; `bytes` in the byte order of the file.
pub(super) fn text(kind: u32, bytes: &[u8], big_endian: bool) -> Option<String> {
    let units = |bytes: &[u8]| -> Vec<u16> {
        let unit = |b: &[u8; 2]| {
            if big_endian { u16::from_be_bytes(*b) } else { u16::from_le_bytes(*b) }
        };
        bytes.as_chunks::<2>().0.iter().map(unit).collect()
    };
    match kind {
        1 | 2 | 16 => Some(crate::text::decode(bytes)),
        4 | 17 => Some(String::from_utf16_lossy(&units(bytes))),
        18 => {
            let point = |b: &[u8; 4]| {
                if big_endian { u32::from_be_bytes(*b) } else { u32::from_le_bytes(*b) }
            };
            let points = bytes.as_chunks::<4>().0.iter().map(point);
            Some(points.map(|p| char::from_u32(p).unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
        }
        _ => None,
    }
}
