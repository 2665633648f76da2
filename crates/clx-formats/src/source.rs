use std::io::{Read, SeekFrom};

use crate::{
    AudioReader, ByteSource, Companions, Format, FormatError, RecordingReader, SNIFF_BYTES, sniff,
    zip,
};

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
/// A recording that consists of several files is opened from a ZIP archive of them, or by
/// [`open_with`].
///
/// # Errors
/// [`FormatError::Unrecognised`] when no known format matches, [`FormatError::Companion`] when
/// another file is needed, or what the header says is wrong.
pub fn open(source: Box<dyn ByteSource>) -> Result<Source, FormatError> {
    open_with(source, &())
}

/// Like [`open`]; the other files of a recording come from `companions`.
///
/// # Errors
/// See [`open`].
pub fn open_with(
    mut source: Box<dyn ByteSource>,
    companions: &dyn Companions,
) -> Result<Source, FormatError> {
    let head = head(&mut *source)?;
    let Some(format) = sniff(&head) else {
        return Err(FormatError::Unrecognised { head: describe(&head) });
    };
    if format == Format::Zip {
        zip::open(source).map(Source::Recording)
    } else if format.is_audio() {
        AudioReader::open(source, format).map(Source::Audio)
    } else {
        RecordingReader::open(source, format, companions).map(Source::Recording)
    }
}

/// What [`sniff`] wants to see; the source is at its beginning afterwards.
pub(crate) fn head(source: &mut dyn ByteSource) -> Result<Vec<u8>, FormatError> {
    source.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    source.take(SNIFF_BYTES as u64).read_to_end(&mut head)?;
    source.seek(SeekFrom::Start(0))?;
    Ok(head)
}

/// The first bytes for an error message: hexadecimal, so that no text of the file gets out.
fn describe(head: &[u8]) -> String {
    if head.is_empty() {
        return "nothing (it is empty)".to_owned();
    }
    let hex: Vec<String> = head.iter().take(8).map(|b| format!("{b:02x}")).collect();
    hex.join(" ")
}
