use std::io::SeekFrom;

use super::{Deidentified, Editable, write_at};
use crate::FormatError;
use crate::xdf::personal_places;

/// Bytes written at a time.
const STEP: u64 = 1 << 16;

/// Spaces between the tags of elements about a person leave the XML valid.
pub(super) fn blank(mut file: &mut dyn Editable) -> Result<Deidentified, FormatError> {
    file.seek(SeekFrom::Start(0))?;
    for place in personal_places(Box::new(&mut file))? {
        for at in (place.start..place.end).step_by(STEP as usize) {
            write_at(file, at, &vec![b' '; STEP.min(place.end - at) as usize])?;
        }
    }
    Ok(Deidentified::Blank)
}
