use super::field;
use crate::Format;

/// Blanks the fields of an EDF or BDF header that point to a person, in place.
///
/// `header` is the beginning of the file, 168 bytes or more. The patient field becomes `X X X X`,
/// the anonymous form of EDF+. The recording field, which may name a hospital's file, a technician
/// or a device, becomes `Startdate <date> X X X`; the date stays because the start fields repeat
/// it. Nothing else is touched, so samples and annotations keep their bytes. In GDF the same fields
/// are blanked, and birthday, habits, place and equipment are set to zero. Headers of other formats,
/// and fields that are cut off, are left alone.
///
/// Source: EDF+ specification 2.1.3, items 3 and 4.
///
/// ```
/// # use clx_formats::{Format, deidentify};
/// let mut header = b"0       MCH-0234567 F 02-MAY-1951 Haagse_Harry".to_vec();
/// header.resize(168, b' ');
/// deidentify(Format::EdfPlusC, &mut header);
/// assert!(header[8..88].starts_with(b"X X X X  "));
/// ```
pub fn deidentify(format: Format, header: &mut [u8]) {
    if format == Format::Gdf {
        return crate::gdf::deidentify(header);
    }
    if !format.is_edf() {
        return;
    }
    if let Some(patient) = header.get_mut(8..88) {
        fill(patient, "X X X X");
    }
    if let Some(recording) = header.get_mut(88..168) {
        let replacement = match field::long_date(&field::text(recording)) {
            Some(date) => format!("Startdate {} X X X", field::encode_long_date(date)),
            None => "Startdate X X X X".to_owned(),
        };
        fill(recording, &replacement);
    }
}

/// Writes `text` and pads with spaces.
fn fill(field: &mut [u8], text: &str) {
    field.fill(b' ');
    field[..text.len()].copy_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(patient: &str, recording: &str) -> Vec<u8> {
        let mut bytes = vec![b'#'; 256];
        fill(&mut bytes[8..88], patient);
        fill(&mut bytes[88..168], recording);
        bytes
    }

    #[test]
    fn only_the_two_identity_fields_change() {
        let mut bytes = header(
            "MCH-0234567 F 02-MAY-1951 Haagse_Harry",
            "Startdate 02-mar-2002 EMG561 BK/JOP Sony. MNC R Median Nerve.",
        );
        deidentify(Format::EdfPlusC, &mut bytes);
        assert_eq!(bytes, header("X X X X", "Startdate 02-MAR-2002 X X X"));
        let mut bytes = header("J. B. (1066 28)", "Alerting sequence (RHYTHM, av)");
        deidentify(Format::Bdf, &mut bytes);
        assert_eq!(bytes, header("X X X X", "Startdate X X X X"));
    }

    #[test]
    fn audio_and_short_headers_are_left_alone() {
        let mut bytes = header("name", "recording");
        deidentify(Format::Wav, &mut bytes);
        assert_eq!(bytes, header("name", "recording"));
        let mut short = vec![b'#'; 50];
        deidentify(Format::Edf, &mut short);
        assert_eq!(short, vec![b'#'; 50]);
    }
}
