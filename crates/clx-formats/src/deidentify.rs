//! Blanking of what points to a person, in the file itself.

mod archive;
mod fif;
mod mat;
mod text;
mod xdf;

use std::io::{Read, Seek, SeekFrom, Write};

use crate::{Format, FormatError, deidentify};

/// A file that is changed in place.
pub(crate) trait Editable: Read + Write + Seek + Send + Sync {}

impl<T: Read + Write + Seek + Send + Sync> Editable for T {}

/// What became of the fields that point to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deidentified {
    /// They are blank, or there were none.
    Blank,
    /// Some cannot be blanked in place; the text says why, and what to do.
    Left(&'static str),
}

/// Blanks the fields of a file that point to a person, wherever in the file they are.
///
/// EDF, BDF and GDF: the fields of the header, see [`deidentify`](crate::deidentify()). FIF: subject
/// and experimenter. EEGLAB: the subject, and comments that name a person. BrainVision: lines of the
/// comment that name a person. WFDB: all comments. XDF: elements about a subject or an operator.
/// Tables: comments that name a person. ZIP: the same in each member. Lengths and samples stay as
/// they are. What an operator wrote elsewhere, as a name in a marker or a column, is not looked for.
///
/// # Errors
/// [`FormatError`] when the file cannot be read as what it claims to be, or not be written.
pub fn deidentify_file<F: Read + Write + Seek + Send + Sync>(
    format: Format,
    file: &mut F,
) -> Result<Deidentified, FormatError> {
    blank(format, file)
}

fn blank(format: Format, file: &mut dyn Editable) -> Result<Deidentified, FormatError> {
    match format {
        Format::Fif => fif::blank(file),
        Format::Eeglab => mat::blank(file),
        Format::BrainVision => text::blank_brainvision(file),
        Format::Wfdb => text::blank_wfdb(file),
        Format::OpenBci | Format::MuseCsv | Format::MindMonitor | Format::Csv => {
            text::blank_table(file)
        }
        Format::Xdf => xdf::blank(file),
        Format::Zip => archive::blank(file),
        _ => header(format, file),
    }
}

/// Formats whose fields are in the first bytes, and those that have none.
fn header(format: Format, file: &mut dyn Editable) -> Result<Deidentified, FormatError> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(256).read_to_end(&mut head)?;
    deidentify(format, &mut head);
    write_at(file, 0, &head)?;
    Ok(Deidentified::Blank)
}

fn write_at(file: &mut dyn Editable, at: u64, bytes: &[u8]) -> Result<(), FormatError> {
    file.seek(SeekFrom::Start(at))?;
    file.write_all(bytes)?;
    Ok(())
}
