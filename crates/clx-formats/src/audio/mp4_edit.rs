//! What an MP4 file says about its encoder's delay: the edit list, or iTunes' `iTunSMPB` comment.
//!
//! The demuxer ignores both, which leaves AAC one packet (1,024 frames) late.

use std::io::{Read, SeekFrom};

use crate::ByteSource;

/// Boxes looked at before giving up; a hostile file could nest or repeat them without end.
const MAX_BOXES: usize = 4_096;
/// Longest box read into memory: `udta` may hold pictures.
const MAX_BODY_BYTES: u64 = 1 << 20;

/// Which part of the decoded frames is sound.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Mp4Edit {
    /// Start of the sound, in ticks of `media_scale`.
    pub(super) start: u64,
    /// Ticks per second of the track.
    pub(super) media_scale: u32,
    /// Length of the sound in ticks of `movie_scale`, 0 when not given.
    pub(super) duration: u64,
    /// Ticks per second of the movie.
    pub(super) movie_scale: u32,
    /// Frames of delay and of sound, exact.
    pub(super) itunes: Option<(u64, u64)>,
    /// Whether an edit list was found.
    pub(super) listed: bool,
}

/// Reads the edit of the first sound track; zeros where the file says nothing.
pub(super) fn read(source: &mut dyn ByteSource) -> std::io::Result<Mp4Edit> {
    let len = source.seek(SeekFrom::End(0))?;
    let mut walk = Walk { source, left: MAX_BOXES, edit: Mp4Edit::default(), found: None };
    walk.boxes(0, len, 0)?;
    let mut edit = walk.found.unwrap_or(walk.edit);
    edit.itunes = walk.edit.itunes;
    edit.movie_scale = walk.edit.movie_scale;
    Ok(edit)
}

struct Walk<'a> {
    source: &'a mut dyn ByteSource,
    left: usize,
    /// The track being read; movie-wide values stay in it.
    edit: Mp4Edit,
    found: Option<Mp4Edit>,
}

impl Walk<'_> {
    fn boxes(&mut self, mut at: u64, end: u64, depth: u8) -> std::io::Result<()> {
        while at + 8 <= end && self.left > 0 {
            self.left -= 1;
            let head = self.bytes(at, 8)?;
            let mut header = 8;
            let mut size = u64::from(be32(&head, 0));
            if size == 1 && at + 16 <= end {
                size = be64(&self.bytes(at + 8, 8)?, 0);
                header = 16;
            } else if size == 0 {
                size = end - at;
            }
            let next = match at.checked_add(size) {
                Some(next) if size >= header && next <= end => next,
                _ => return Ok(()),
            };
            self.enter(&head[4..8], at + header, next, depth)?;
            at = next;
        }
        Ok(())
    }

    fn enter(&mut self, kind: &[u8], at: u64, end: u64, depth: u8) -> std::io::Result<()> {
        match kind {
            b"moov" | b"mdia" | b"edts" if depth < 6 => self.boxes(at, end, depth + 1)?,
            b"trak" if depth < 6 => {
                (self.edit.start, self.edit.duration, self.edit.listed) = (0, 0, false);
                self.boxes(at, end, depth + 1)?;
            }
            b"mvhd" => self.edit.movie_scale = scale(&self.body(at, end)?),
            b"mdhd" => self.edit.media_scale = scale(&self.body(at, end)?),
            b"elst" => {
                let body = self.body(at, end)?;
                self.edit_list(&body);
            }
            // The handler says what the track is; it follows `edts` and `mdhd`.
            b"hdlr" if self.found.is_none() => self.handler(at, end)?,
            b"udta" => {
                let body = self.body(at, end)?;
                self.edit.itunes = itunes(&body);
            }
            _ => {}
        }
        Ok(())
    }

    fn handler(&mut self, at: u64, end: u64) -> std::io::Result<()> {
        if self.body(at, end)?.get(8..12) == Some(b"soun") {
            self.found = Some(self.edit);
        }
        Ok(())
    }

    /// The first entry that is not an empty edit.
    fn edit_list(&mut self, body: &[u8]) {
        let wide = body.first() == Some(&1);
        let size = if wide { 20 } else { 12 };
        for entry in body.get(8..).unwrap_or_default().chunks_exact(size) {
            let (duration, start) = if wide {
                (be64(entry, 0), be64(entry, 8) as i64)
            } else {
                (u64::from(be32(entry, 0)), i64::from(be32(entry, 4) as i32))
            };
            if let Ok(start) = u64::try_from(start) {
                (self.edit.start, self.edit.duration, self.edit.listed) = (start, duration, true);
                return;
            }
        }
    }

    fn body(&mut self, at: u64, end: u64) -> std::io::Result<Vec<u8>> {
        self.bytes(at, (end - at).min(MAX_BODY_BYTES))
    }

    fn bytes(&mut self, at: u64, n: u64) -> std::io::Result<Vec<u8>> {
        self.source.seek(SeekFrom::Start(at))?;
        let mut bytes = Vec::new();
        Read::take(&mut *self.source, n).read_to_end(&mut bytes)?;
        // A source that shrank meanwhile reads as zeros.
        bytes.resize(n as usize, 0);
        Ok(bytes)
    }
}

/// Time scale of `mvhd` and `mdhd`, which begin alike.
fn scale(body: &[u8]) -> u32 {
    be32(body, if body.first() == Some(&1) { 20 } else { 12 })
}

/// ` 00000000 00000840 000001CA 00000000003F31F6 …`: unused, delay, padding, frames of sound.
fn itunes(udta: &[u8]) -> Option<(u64, u64)> {
    let at = udta.windows(8).position(|w| w == b"iTunSMPB")?;
    let data = udta[at..].windows(4).position(|w| w == b"data")? + at;
    // `data`, type and locale, then the text.
    let text = udta.get(data + 12..(data + 12 + 60).min(udta.len()))?;
    let text = std::str::from_utf8(text).ok()?;
    let mut fields = text.split_whitespace().map(|f| u64::from_str_radix(f, 16).ok());
    let delay = fields.nth(1)??;
    let n_frames = fields.nth(1)??;
    Some((delay, n_frames))
}

fn be32(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes)
}

fn be64(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn itunes_comment_gives_delay_and_length() {
        let mut udta = b"----\0\0\0\x1cmeancom.apple.iTunes\0\0\0\x14name\0\0\0\0iTunSMPB".to_vec();
        udta.extend(b"\0\0\0\x84data\0\0\0\x01\0\0\0\0");
        udta.extend(b" 00000000 00000840 000001CA 00000000003F31F6 00000000 00000000 00000000");
        assert_eq!(itunes(&udta), Some((0x840, 0x3f_31f6)));
        assert_eq!(itunes(b"iTunSMPB data"), None);
    }
}
