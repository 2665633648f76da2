use super::{Deidentified, Editable, write_at};
use crate::FormatError;
use crate::fif::personal_tags;

const TEXT: u32 = 10;

pub(super) fn blank(mut file: &mut dyn Editable) -> Result<Deidentified, FormatError> {
    for tag in personal_tags(&mut file)? {
        let mut blank = vec![if tag.data_type == TEXT { b' ' } else { 0 }; tag.len as usize];
        if let (TEXT, Some(first)) = (tag.data_type, blank.first_mut()) {
            *first = b'X';
        }
        write_at(file, tag.at, &blank)?;
    }
    Ok(Deidentified::Blank)
}
