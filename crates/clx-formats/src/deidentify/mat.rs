use std::io::{Read, SeekFrom};

use super::{Deidentified, Editable, write_at};
use crate::FormatError;
use crate::identity::lines_naming_a_person;
use crate::mat::{is_hdf5, texts};

pub(super) fn blank(mut file: &mut dyn Editable) -> Result<Deidentified, FormatError> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    (&mut file).take(128).read_to_end(&mut head)?;
    if is_hdf5(&head) {
        return Ok(Deidentified::Left(
            "an EEGLAB dataset of MAT version 7.3 cannot be read; save it as version 6",
        ));
    }
    let mut outcome = Deidentified::Blank;
    for place in texts(&mut file, &|name| matches!(name, "EEG" | "subject" | "comments"))? {
        let names_person = match place.field.as_str() {
            "subject" => !place.text.trim().is_empty(),
            _ => !lines_naming_a_person(place.text.lines()).is_empty(),
        };
        match place.at.filter(|_| names_person) {
            Some(at) => write_at(file, at, &place.blank())?,
            None if names_person => {
                outcome = Deidentified::Left(
                    "the EEGLAB dataset names its subject in a compressed variable; empty EEG.subject and EEG.comments, or save it as version 6",
                );
            }
            None => {}
        }
    }
    Ok(outcome)
}
