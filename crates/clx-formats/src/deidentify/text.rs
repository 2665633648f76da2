//! Headers and tables of text.

use std::io::{Read, SeekFrom};

use super::{Deidentified, Editable, write_at};
use crate::identity::names_a_person;
use crate::text::decode;
use crate::{FormatError, SNIFF_BYTES, table};

/// Larger files are no headers.
const MAX_HEADER_BYTES: u64 = 16 << 20;

/// BrainVision: what follows the colon in lines of the free text that name a person.
pub(super) fn blank_brainvision(file: &mut dyn Editable) -> Result<Deidentified, FormatError> {
    let mut is_free = false;
    each_line(file, MAX_HEADER_BYTES, |line| {
        let text = decode(line);
        if let Some(section) = text.trim().strip_prefix('[') {
            let section = section.trim_end_matches(']').trim();
            is_free = ["Comment", "User Infos"].iter().any(|s| s.eq_ignore_ascii_case(section));
        } else if is_free && names_a_person(&text) {
            blank_value(line);
        }
    })
}

/// WFDB: every comment, since age, sex, diagnoses and medication stand there in free words.
pub(super) fn blank_wfdb(file: &mut dyn Editable) -> Result<Deidentified, FormatError> {
    each_line(file, MAX_HEADER_BYTES, |line| {
        let first = line.iter().position(|b| !b.is_ascii_whitespace());
        if let Some(at) = first.filter(|&at| line[at] == b'#') {
            line[at + 1..].fill(b' ');
        }
    })
}

/// Tables: what follows the colon in comments that name a person. Rows are left alone.
pub(super) fn blank_table(file: &mut dyn Editable) -> Result<Deidentified, FormatError> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(SNIFF_BYTES as u64).read_to_end(&mut head)?;
    if table::hides_a_person(&head) {
        return Ok(Deidentified::Left(
            "the compressed table names a person in its comments; remove these lines, or upload it without compression",
        ));
    }
    each_line(file, SNIFF_BYTES as u64, |line| {
        if line.starts_with(b"#") || line.starts_with(b"%") {
            let sign = line.iter().position(|b| !b"#%".contains(b)).unwrap_or(line.len());
            if names_a_person(&decode(&line[sign..])) {
                blank_value(line);
            }
        }
    })
}

/// Calls `change` for each line of the first `max` bytes, without its end, and writes what changed.
fn each_line(
    file: &mut dyn Editable,
    max: u64,
    mut change: impl FnMut(&mut [u8]),
) -> Result<Deidentified, FormatError> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(max).read_to_end(&mut bytes)?;
    let before = bytes.clone();
    for line in bytes.split_mut(|&b| b == b'\n') {
        let end = line.len() - usize::from(line.ends_with(b"\r"));
        change(&mut line[..end]);
    }
    if bytes != before {
        write_at(file, 0, &bytes)?;
    }
    Ok(Deidentified::Blank)
}

/// Blanks what follows the first colon or equals sign.
fn blank_value(line: &mut [u8]) {
    let from = line.iter().position(|b| matches!(b, b':' | b'=')).map_or(0, |at| at + 1);
    line[from..].fill(b' ');
}
