//! A ZIP archive that holds one recording: its header and the files that the header names.
//!
//! Members without compression are read where they lie. Deflated ones are inflated into memory, up
//! to [`MAX_INFLATED_BYTES`] each. Other methods and encryption are refused.

use std::fmt;
use std::io::{self, BufReader, Cursor, ErrorKind, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use zip::CompressionMethod;
use zip::read::{ZipArchive, ZipFile};
use zip::result::ZipError;

use crate::{
    ByteSource, Companions, Format, FormatError, RecordingReader, SNIFF_BYTES, bare_name, sniff,
};

const MAX_INFLATED_BYTES: u64 = 256 << 20;
/// Each is looked into for a recording's header.
pub(crate) const MAX_MEMBERS: usize = 1_000;

const RESAVE: &str = "zip the files without compression (zip -0) and without a password";

/// Opens the one recording in the archive.
pub(crate) fn open(source: Box<dyn ByteSource>) -> Result<RecordingReader, FormatError> {
    let shared = Shared { placed: Arc::new(Mutex::new(Placed { source, at: None })), at: 0 };
    let archive = ZipArchive::new(BufReader::new(shared.clone()))
        .map_err(|e| unreadable(e, "its directory"))?;
    let mut members = Members::list(shared, archive)?;
    let (header, format) = members.header()?;
    members.header = header;
    let source = members.open_member(header)?;
    RecordingReader::open(source, format, &members)
}

#[derive(Clone)]
struct Member {
    name: String,
    start: u64,
    len: u64,
    is_stored: bool,
}

impl Member {
    /// `None` for what is no file, or cannot be read.
    fn of(file: &ZipFile<'_, BufReader<Shared>>) -> Option<Self> {
        let is_stored = match file.compression() {
            CompressionMethod::Stored => true,
            CompressionMethod::Deflated => false,
            _ => return None,
        };
        let name = file.name().ok()?.into_owned();
        if !file.is_file() || file.encrypted() || is_bookkeeping(&name) {
            return None;
        }
        Some(Self { name, start: file.data_start()?, len: file.size(), is_stored })
    }

    fn end(&self) -> Option<u64> {
        self.start.checked_add(self.len)
    }
}

struct Members {
    shared: Shared,
    archive: Mutex<ZipArchive<BufReader<Shared>>>,
    /// In the order of the archive; `None` for folders and what cannot be read.
    list: Vec<Option<Member>>,
    /// The member that the recording is opened from.
    header: usize,
}

impl Members {
    fn list(
        shared: Shared,
        mut archive: ZipArchive<BufReader<Shared>>,
    ) -> Result<Self, FormatError> {
        if archive.len() > MAX_MEMBERS {
            return Err(FormatError::Limit {
                what: "the number of files in the ZIP archive",
                got: archive.len() as u64,
                limit: MAX_MEMBERS as u64,
            });
        }
        let source_len = shared.clone().seek(SeekFrom::End(0))?;
        let mut list = Vec::with_capacity(archive.len());
        for index in 0..archive.len() {
            let file = archive.by_index_raw(index).map_err(|e| unreadable(e, "an entry"))?;
            list.push(Member::of(&file).filter(|m| !m.is_stored || m.end() <= Some(source_len)));
        }
        Ok(Self { shared, archive: Mutex::new(archive), list, header: 0 })
    }

    /// The only member that starts like a recording.
    fn header(&self) -> Result<(usize, Format), FormatError> {
        let mut found = Vec::new();
        for index in 0..self.list.len() {
            let is_recording = |format: &Format| !format.is_audio() && *format != Format::Zip;
            if let Some(format) = sniff(&self.head(index)?).filter(is_recording) {
                found.push((index, format));
            }
        }
        // Tables of events or electrodes lie beside many recordings.
        if found.iter().any(|(_, format)| *format != Format::Csv) {
            found.retain(|(_, format)| *format != Format::Csv);
        }
        if let [only] = found[..] {
            return Ok(only);
        }
        let names = found.iter().take(3).filter_map(|(index, _)| self.list[*index].as_ref());
        let names: Vec<&str> = names.map(|member| member.name.as_str()).collect();
        let got = match found.len() {
            0 if self.list.iter().any(Option::is_none) => {
                "0 among the members that are neither encrypted nor packed by a rare method"
                    .to_owned()
            }
            0 => "0".to_owned(),
            n => format!("{n}: {}", names.join(", ")),
        };
        Err(FormatError::Invalid {
            format: Format::Zip,
            what: "the number of recordings in the archive".to_owned(),
            offset: 0,
            expected: "1",
            got,
        })
    }

    fn head(&self, index: usize) -> Result<Vec<u8>, FormatError> {
        let Some(member) = &self.list[index] else { return Ok(Vec::new()) };
        let mut head = Vec::new();
        if member.is_stored {
            self.window(member).take(SNIFF_BYTES as u64).read_to_end(&mut head)?;
            return Ok(head);
        }
        let mut archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
        let file = archive.by_index(index).map_err(|e| unreadable(e, "a member"))?;
        file.take(SNIFF_BYTES as u64).read_to_end(&mut head).map_err(damaged)?;
        Ok(head)
    }

    fn window(&self, member: &Member) -> Window {
        let shared = Shared { placed: Arc::clone(&self.shared.placed), at: member.start };
        Window { shared, start: member.start, len: member.len }
    }

    fn open_member(&self, index: usize) -> Result<Box<dyn ByteSource>, FormatError> {
        let member = self.list[index].as_ref().expect("only members that exist are opened");
        if member.is_stored {
            return Ok(Box::new(self.window(member)));
        }
        let too_large = || FormatError::Unsupported {
            format: Format::Zip,
            feature: format!("compressed members above {} MiB", MAX_INFLATED_BYTES >> 20),
            advice: RESAVE,
        };
        if member.len > MAX_INFLATED_BYTES {
            return Err(too_large());
        }
        let mut archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
        let file = archive.by_index(index).map_err(|e| unreadable(e, "a member"))?;
        let mut bytes = Vec::new();
        file.take(MAX_INFLATED_BYTES + 1).read_to_end(&mut bytes).map_err(damaged)?;
        if bytes.len() as u64 > MAX_INFLATED_BYTES {
            return Err(too_large());
        }
        Ok(Box::new(Cursor::new(bytes)))
    }
}

impl Companions for Members {
    /// In the folder of the header; case counts only where two names differ by nothing else.
    fn open(&self, name: &str) -> Option<Box<dyn ByteSource>> {
        let header = self.list[self.header].as_ref()?;
        let folder = &header.name[..header.name.len() - bare_name(&header.name).len()];
        let wanted = format!("{folder}{name}");
        let position = |same: &dyn Fn(&str) -> bool| {
            self.list.iter().position(|m| m.as_ref().is_some_and(|m| same(&m.name)))
        };
        let index = position(&|n| n == wanted)
            .or_else(|| position(&|n| n.to_lowercase() == wanted.to_lowercase()))?;
        self.open_member(index).ok()
    }

    fn stem(&self) -> Option<String> {
        let name = bare_name(&self.list[self.header].as_ref()?.name);
        Some(name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned())
    }
}

/// What macOS and desktops add to folders and archives.
fn is_bookkeeping(name: &str) -> bool {
    name.split('/').any(|part| part == "__MACOSX" || part.starts_with('.'))
}

pub(crate) fn unreadable(error: ZipError, what: &str) -> FormatError {
    match error {
        ZipError::Io(error) => damaged(error),
        ZipError::UnsupportedArchive(feature) => FormatError::Unsupported {
            format: Format::Zip,
            feature: feature.to_owned(),
            advice: RESAVE,
        },
        other => invalid(what, other.to_string()),
    }
}

/// A source that ends or contradicts itself is a damaged archive, not a failing disk.
pub(crate) fn damaged(error: io::Error) -> FormatError {
    match error.kind() {
        ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput => {
            invalid("the data of a member", error.to_string())
        }
        _ => FormatError::Io(error),
    }
}

fn invalid(what: &str, got: String) -> FormatError {
    FormatError::Invalid {
        format: Format::Zip,
        what: what.to_owned(),
        offset: 0,
        expected: "whole and undamaged",
        got,
    }
}

/// One source read from several positions.
#[derive(Clone)]
struct Shared {
    placed: Arc<Mutex<Placed>>,
    at: u64,
}

struct Placed {
    source: Box<dyn ByteSource>,
    /// Where the source stands; a seek, even to there, would empty its read buffer.
    at: Option<u64>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("at", &self.at).finish_non_exhaustive()
    }
}

impl Read for Shared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut placed = self.placed.lock().unwrap_or_else(PoisonError::into_inner);
        if placed.at.take() != Some(self.at) {
            placed.source.seek(SeekFrom::Start(self.at))?;
        }
        let n = placed.source.read(buffer)?;
        self.at += n as u64;
        placed.at = Some(self.at);
        Ok(n)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::Current(by) => offset(self.at, by)?,
            SeekFrom::End(by) => {
                let mut placed = self.placed.lock().unwrap_or_else(PoisonError::into_inner);
                placed.at = None;
                offset(placed.source.seek(SeekFrom::End(0))?, by)?
            }
        };
        Ok(self.at)
    }
}

/// The bytes of one member without compression.
#[derive(Debug)]
struct Window {
    shared: Shared,
    start: u64,
    len: u64,
}

impl Read for Window {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = (self.start + self.len).saturating_sub(self.shared.at);
        let n = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        self.shared.read(&mut buffer[..n])
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::Current(by) => offset(self.shared.at - self.start, by)?,
            SeekFrom::End(by) => offset(self.len, by)?,
        };
        self.shared.at = self.start.saturating_add(at);
        Ok(at)
    }
}

fn offset(from: u64, by: i64) -> io::Result<u64> {
    from.checked_add_signed(by).ok_or_else(|| ErrorKind::InvalidInput.into())
}
