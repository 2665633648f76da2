use std::io::{Read, SeekFrom};

use crate::{AudioReader, ByteSource, Format, FormatError, RecordingReader, SNIFF_BYTES, sniff};

/// An opened file.
#[derive(Debug)]
pub enum Source {
    Recording(RecordingReader),
    Audio(AudioReader),
}

impl Source {
    pub fn format(&self) -> Format {
        match self {
            Self::Recording(reader) => reader.format(),
            Self::Audio(reader) => reader.format(),
        }
    }
}

/// Tells the format of `source` from its content and reads its header.
///
/// # Errors
/// [`FormatError::Unrecognised`] when no known format matches, or what the header says is wrong.
pub fn open(mut source: Box<dyn ByteSource>) -> Result<Source, FormatError> {
    source.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    source.by_ref().take(SNIFF_BYTES as u64).read_to_end(&mut head)?;
    let Some(format) = sniff(&head) else {
        return Err(FormatError::Unrecognised { head: describe(&head) });
    };
    source.seek(SeekFrom::Start(0))?;
    if format.is_audio() {
        AudioReader::open(source, format).map(Source::Audio)
    } else {
        RecordingReader::open(source, format).map(Source::Recording)
    }
}

/// The first bytes for an error message: hexadecimal, so that no text of the file gets out.
fn describe(head: &[u8]) -> String {
    if head.is_empty() {
        return "nothing (it is empty)".to_owned();
    }
    let hex: Vec<String> = head.iter().take(8).map(|b| format!("{b:02x}")).collect();
    hex.join(" ")
}
