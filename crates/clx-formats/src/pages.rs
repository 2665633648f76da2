//! A file as one long slice of bytes of which a page is in memory.

use std::io::{Read, Seek, SeekFrom};

use crate::{ByteSource, FormatError};

/// Bytes read at once.
const PAGE_BYTES: usize = 128 << 10;

/// Gives out bytes from any position; reading onwards does not seek.
pub(crate) struct Pages<'a> {
    source: Box<dyn ByteSource + 'a>,
    len: u64,
    /// Where the source itself stands.
    source_at: u64,
    start: u64,
    page: Vec<u8>,
}

impl std::fmt::Debug for Pages<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pages").field("len", &self.len).finish_non_exhaustive()
    }
}

impl<'a> Pages<'a> {
    pub(crate) fn new(mut source: Box<dyn ByteSource + 'a>) -> Result<Self, FormatError> {
        let len = source.seek(SeekFrom::End(0))?;
        Ok(Self { source, len, source_at: len, start: 0, page: Vec::new() })
    }

    /// Bytes of the whole file.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Everything in memory from `at` on: at least `needed` bytes, fewer only at the end.
    pub(crate) fn at_least(&mut self, at: u64, needed: usize) -> Result<&[u8], FormatError> {
        let end = self.start + self.page.len() as u64;
        let present = at >= self.start && at.saturating_add(needed as u64) <= end;
        if !present {
            self.turn(at, needed)?;
        }
        let from = at.saturating_sub(self.start).min(self.page.len() as u64) as usize;
        Ok(&self.page[from..])
    }

    /// Exactly `N` bytes from `at`, or `None` at the end of the file.
    pub(crate) fn array<const N: usize>(
        &mut self,
        at: u64,
    ) -> Result<Option<[u8; N]>, FormatError> {
        let bytes = self.at_least(at, N)?;
        Ok(bytes.first_chunk::<N>().copied())
    }

    fn turn(&mut self, at: u64, needed: usize) -> Result<(), FormatError> {
        // What is there already of the wanted stretch moves to the front.
        let end = self.start + self.page.len() as u64;
        if at >= self.start && at < end {
            self.page.drain(..(at - self.start) as usize);
        } else {
            self.page.clear();
        }
        self.start = at;
        let from = at + self.page.len() as u64;
        let left = self.len.saturating_sub(from);
        if left == 0 {
            return Ok(());
        }
        if self.source_at != from {
            self.source.seek(SeekFrom::Start(from))?;
        }
        let wanted = (needed.max(PAGE_BYTES) - self.page.len()) as u64;
        let n = self.source.by_ref().take(wanted.min(left)).read_to_end(&mut self.page)?;
        self.source_at = from + n as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_from_any_position_and_end_with_the_file() {
        let bytes: Vec<u8> = (0..400_000_u32).map(|i| (i % 251) as u8).collect();
        let mut pages = Pages::new(Box::new(std::io::Cursor::new(bytes.clone()))).unwrap();
        for (at, n) in [(0, 10), (131_070, 8), (5, 200_000), (399_990, 5), (131_072, 1), (7, 7)] {
            let got = pages.at_least(at, n).unwrap();
            assert!(got.len() >= n, "{at}");
            assert_eq!(got[..n], bytes[at as usize..at as usize + n], "{at}");
        }
        assert_eq!(pages.at_least(399_998, 5).unwrap(), &bytes[399_998..]);
        assert!(pages.at_least(400_000, 1).unwrap().is_empty());
        assert!(pages.at_least(900_000, 1).unwrap().is_empty());
        assert_eq!(pages.array::<4>(399_998).unwrap(), None);
    }
}
