//! The chunks of a file: `[bytes of length][length][tag][content]`, found without decoding them.

use crate::FormatError;
use crate::pages::Pages;

/// Marks the content of a boundary chunk; looked for after damage (XDF 1.0 specification).
const BOUNDARY: [u8; 16] = [
    0x43, 0xa5, 0x46, 0xdc, 0xcb, 0xf5, 0x41, 0x0f, 0xb3, 0x0e, 0xd5, 0x46, 0x73, 0x83, 0xcb, 0xe4,
];

pub(super) const FILE_HEADER: u16 = 1;
pub(super) const STREAM_HEADER: u16 = 2;
pub(super) const SAMPLES: u16 = 3;
pub(super) const CLOCK_OFFSET: u16 = 4;
pub(super) const STREAM_FOOTER: u16 = 6;

/// One chunk; `content` starts behind tag and stream number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Chunk {
    pub(super) tag: u16,
    /// 0 for chunks of no stream.
    pub(super) stream: u32,
    pub(super) content: u64,
    pub(super) end: u64,
}

/// Goes from chunk to chunk, over damage to the next boundary.
#[derive(Debug)]
pub(super) struct Chunks {
    at: u64,
    /// Stretches that could not be read.
    pub(super) n_damaged: u64,
    /// The last chunk says it is longer than the file.
    pub(super) truncated: bool,
}

impl Chunks {
    /// Behind the four bytes `XDF:`.
    pub(super) fn new() -> Self {
        Self { at: 4, n_damaged: 0, truncated: false }
    }

    pub(super) fn next(&mut self, pages: &mut Pages) -> Result<Option<Chunk>, FormatError> {
        while self.at < pages.len() {
            let start = self.at;
            match header(pages, start)? {
                Some(chunk) if chunk.end <= pages.len() => {
                    self.at = chunk.end;
                    return Ok(Some(chunk));
                }
                // The file may be cut, or the length wrong: a boundary further on decides.
                found => {
                    let resumed = behind_boundary(pages, start + 1)?;
                    if let (Some(mut chunk), None) = (found, resumed) {
                        self.at = pages.len();
                        self.truncated = true;
                        chunk.end = pages.len();
                        return Ok((chunk.tag == SAMPLES).then_some(chunk));
                    }
                    self.n_damaged += 1;
                    self.at = resumed.unwrap_or(pages.len());
                }
            }
        }
        Ok(None)
    }
}

/// A number whose width of 1, 4 or 8 bytes stands before it, and where it ends.
pub(super) fn number(bytes: &[u8]) -> Option<(u64, usize)> {
    let (&width, rest) = bytes.split_first()?;
    let value = match width {
        1 => u64::from(*rest.first()?),
        4 => u64::from(u32::from_le_bytes(*rest.first_chunk()?)),
        8 => u64::from_le_bytes(*rest.first_chunk()?),
        _ => return None,
    };
    Some((value, 1 + usize::from(width)))
}

/// The chunk that starts at `start`, if what stands there can be one.
fn header(pages: &mut Pages, start: u64) -> Result<Option<Chunk>, FormatError> {
    // 1 + 8 bytes of length, 2 of tag, 4 of stream number.
    let bytes = pages.at_least(start, 15)?;
    let parsed = number(bytes).and_then(|(len, at)| {
        let tag = u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
        let of_stream = matches!(tag, STREAM_HEADER | SAMPLES | CLOCK_OFFSET | STREAM_FOOTER);
        let stream = match of_stream {
            true => u32::from_le_bytes(*bytes.get(at + 2..)?.first_chunk()?),
            false => 0,
        };
        let skip = if of_stream { 6 } else { 2 };
        let end = (start + at as u64).checked_add(len)?;
        let valid = (1..=6).contains(&tag) && len >= skip;
        let content = start + at as u64 + skip;
        valid.then_some(Chunk { tag, stream, content, end })
    });
    Ok(parsed)
}

/// Where the first boundary at or behind `from` ends.
fn behind_boundary(pages: &mut Pages, mut from: u64) -> Result<Option<u64>, FormatError> {
    loop {
        let bytes = pages.at_least(from, 64 << 10)?;
        if let Some(found) = bytes.windows(16).position(|w| w == BOUNDARY) {
            return Ok(Some(from + found as u64 + 16));
        }
        if bytes.len() < 64 << 10 {
            return Ok(None);
        }
        from += (bytes.len() - 15) as u64;
    }
}
