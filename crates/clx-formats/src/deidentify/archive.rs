use std::io::{self, BufReader, Cursor, ErrorKind, Read, Seek, SeekFrom, Write};

use flate2::Crc;
use zip::CompressionMethod;
use zip::read::ZipArchive;

use super::{Deidentified, Editable, write_at};
use crate::zip::{MAX_MEMBERS, damaged, unreadable};
use crate::{Format, FormatError, SNIFF_BYTES, sniff};

/// Most of a compressed member that is inflated to look into it.
const MAX_COPY_BYTES: u64 = 16 << 20;

/// Where a member and what its checksum stands in lie.
struct Member {
    index: usize,
    format: Format,
    start: u64,
    len: u64,
    is_stored: bool,
    local_header: u64,
    central_header: u64,
}

pub(super) fn blank(file: &mut dyn Editable) -> Result<Deidentified, FormatError> {
    let mut outcome = Deidentified::Blank;
    for member in members(file)? {
        if !member.is_stored {
            if !is_blank(file, &member)? {
                outcome = Deidentified::Left(
                    "the ZIP archive holds a compressed file that points to a person, in which nothing can be blanked; zip the files without compression (zip -0)",
                );
            }
            continue;
        }
        let mut part = Part { file: &mut *file, start: member.start, len: member.len, at: 0 };
        if let left @ Deidentified::Left(_) = super::blank(member.format, &mut part)? {
            outcome = left;
        }
        let crc = crc(&mut part)?.to_le_bytes();
        write_at(file, member.central_header + 16, &crc)?;
        write_at(file, member.local_header + 14, &crc)?;
    }
    Ok(outcome)
}

/// Whether a compressed member has nothing to blank: a copy of it would stay as it is.
///
/// Formats that have it all over the file count as if they had when longer than [`MAX_COPY_BYTES`].
fn is_blank(file: &mut dyn Editable, member: &Member) -> Result<bool, FormatError> {
    let is_whole = matches!(member.format, Format::Fif | Format::Eeglab | Format::Xdf);
    if is_whole && member.len > MAX_COPY_BYTES {
        return Ok(false);
    }
    let mut archive =
        ZipArchive::new(BufReader::new(file)).map_err(|e| unreadable(e, "its directory"))?;
    let packed = archive.by_index(member.index).map_err(|e| unreadable(e, "a member"))?;
    let mut before = Vec::new();
    packed.take(MAX_COPY_BYTES).read_to_end(&mut before).map_err(damaged)?;
    let mut copy = Cursor::new(before.clone());
    let outcome = super::blank(member.format, &mut copy)?;
    Ok(outcome == Deidentified::Blank && copy.into_inner() == before)
}

/// Members that begin like a recording.
fn members(file: &mut dyn Editable) -> Result<Vec<Member>, FormatError> {
    let mut archive =
        ZipArchive::new(BufReader::new(file)).map_err(|e| unreadable(e, "its directory"))?;
    let mut members = Vec::new();
    for index in 0..archive.len().min(MAX_MEMBERS) {
        let mut head = Vec::new();
        let Ok(member) = archive.by_index(index) else { continue };
        let (is_stored, len) = (member.compression() == CompressionMethod::Stored, member.size());
        let places = (member.data_start(), member.header_start(), member.central_header_start());
        if member.take(SNIFF_BYTES as u64).read_to_end(&mut head).is_err() {
            continue;
        }
        let format = sniff(&head).filter(|f| !f.is_audio() && *f != Format::Zip);
        if let (Some(format), (Some(start), local_header, central_header)) = (format, places) {
            members.push(Member {
                index,
                format,
                start,
                len,
                is_stored,
                local_header,
                central_header,
            });
        }
    }
    Ok(members)
}

fn crc(part: &mut Part<'_>) -> Result<u32, FormatError> {
    let mut crc = Crc::new();
    let mut buffer = vec![0; 1 << 16];
    part.at = 0;
    loop {
        let n = part.read(&mut buffer)?;
        if n == 0 {
            return Ok(crc.sum());
        }
        crc.update(&buffer[..n]);
    }
}

/// The bytes of one member, none beyond which is touched.
struct Part<'a> {
    file: &'a mut dyn Editable,
    start: u64,
    len: u64,
    at: u64,
}

impl Part<'_> {
    /// How much of `n` bytes from here lies in the member; the file stands here afterwards.
    fn place(&mut self, n: usize) -> io::Result<usize> {
        self.file.seek(SeekFrom::Start(self.start + self.at))?;
        Ok(n.min(usize::try_from(self.len.saturating_sub(self.at)).unwrap_or(usize::MAX)))
    }
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.place(buffer.len())?;
        let n = self.file.read(&mut buffer[..n])?;
        self.at += n as u64;
        Ok(n)
    }
}

impl Write for Part<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.place(bytes.len())?;
        let n = self.file.write(&bytes[..n])?;
        self.at += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Part<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
        };
        self.at = at.ok_or(ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
