//! One file out of a ZIP archive (a Python wheel is one).

use std::io::Read;

use flate2::read::DeflateDecoder;

use crate::ModelError;

/// Signatures of the records, APPNOTE 6.3.10 sections 4.3.7, 4.3.12 and 4.3.16.
const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const END_LEN: usize = 22;
const CENTRAL_LEN: usize = 46;
const LOCAL_LEN: usize = 30;
const STORED: usize = 0;
const DEFLATED: usize = 8;

/// The file `path` of the ZIP archive `bytes`, stored or deflated. At most `max_bytes` are unpacked.
///
/// Archives above 4 GiB and encrypted files are not read. Checksums of the archive are not looked at:
/// the caller compares a SHA-256.
///
/// # Errors
/// [`ModelError::NotInArchive`]; [`ModelError::Malformed`] for anything else than such an archive, and
/// for a file that is longer than it may be.
pub fn extract(bytes: &[u8], path: &str, max_bytes: u64) -> Result<Vec<u8>, ModelError> {
    let end = (0..=bytes.len().saturating_sub(END_LEN))
        .rev()
        .take(END_LEN + usize::from(u16::MAX))
        .find(|&at| bytes[at..].starts_with(&END))
        .ok_or_else(|| broken("no directory at its end"))?;
    let mut at = number(bytes, end + 16, 4)?;
    for _ in 0..number(bytes, end + 10, 2)? {
        let entry = record(bytes, at, CENTRAL)?;
        let name_len = number(bytes, at + 28, 2)?;
        let name = slice(bytes, at + CENTRAL_LEN, name_len)?;
        if name == path.as_bytes() {
            return unpack(bytes, entry, max_bytes);
        }
        at += CENTRAL_LEN + name_len + number(bytes, at + 30, 2)? + number(bytes, at + 32, 2)?;
    }
    Err(ModelError::NotInArchive(path.to_owned()))
}

fn unpack(bytes: &[u8], entry: usize, max_bytes: u64) -> Result<Vec<u8>, ModelError> {
    let method = number(bytes, entry + 10, 2)?;
    let packed_len = number(bytes, entry + 20, 4)?;
    let local = record(bytes, number(bytes, entry + 42, 4)?, LOCAL)?;
    let extra = number(bytes, local + 26, 2)? + number(bytes, local + 28, 2)?;
    let packed = slice(bytes, local + LOCAL_LEN + extra, packed_len)?;
    let mut out = Vec::new();
    let mut limited: Box<dyn Read> = match method {
        STORED => Box::new(packed.take(max_bytes + 1)),
        DEFLATED => Box::new(DeflateDecoder::new(packed).take(max_bytes + 1)),
        other => return Err(broken(format!("compression method {other}"))),
    };
    limited.read_to_end(&mut out).map_err(|error| broken(error.to_string()))?;
    if out.len() as u64 > max_bytes {
        return Err(broken(format!("a file above {max_bytes} bytes")));
    }
    Ok(out)
}

/// `at`, if a record with this signature begins there.
fn record(bytes: &[u8], at: usize, signature: [u8; 4]) -> Result<usize, ModelError> {
    if slice(bytes, at, 4)? == signature { Ok(at) } else { Err(broken("a record is missing")) }
}

fn slice(bytes: &[u8], at: usize, len: usize) -> Result<&[u8], ModelError> {
    let end = at.checked_add(len).filter(|&end| end <= bytes.len());
    end.map(|end| &bytes[at..end]).ok_or_else(|| broken("it ends early"))
}

/// A little-endian number of up to four bytes.
fn number(bytes: &[u8], at: usize, len: usize) -> Result<usize, ModelError> {
    Ok(slice(bytes, at, len)?.iter().rev().fold(0, |sum, b| (sum << 8) | usize::from(*b)))
}

fn broken(reason: impl Into<String>) -> ModelError {
    ModelError::malformed("ZIP archive", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by Python's zipfile: `a.txt` stored ("stored text"), `b/c.txt` deflated (1000 times "x").
    const ARCHIVE: &[u8] = include_bytes!("../tests/fixtures/two.zip");

    #[test]
    fn stored_and_deflated_files_come_out() {
        assert_eq!(extract(ARCHIVE, "a.txt", 100).unwrap(), b"stored text");
        assert_eq!(extract(ARCHIVE, "b/c.txt", 1000).unwrap(), vec![b'x'; 1000]);
    }

    #[test]
    fn a_file_may_not_be_longer_than_allowed() {
        assert!(extract(ARCHIVE, "b/c.txt", 999).is_err());
        assert!(extract(ARCHIVE, "a.txt", 10).is_err());
    }

    #[test]
    fn missing_files_and_broken_archives_are_errors() {
        let missing = extract(ARCHIVE, "c.txt", 10);
        assert_eq!(missing, Err(ModelError::NotInArchive("c.txt".to_owned())));
        for len in 0..ARCHIVE.len() {
            assert!(extract(&ARCHIVE[..len], "b/c.txt", 1000).is_err(), "{len}");
        }
        for at in 0..ARCHIVE.len() {
            let mut changed = ARCHIVE.to_vec();
            changed[at] ^= 0xff;
            // Any answer but a panic: not every byte matters.
            drop(extract(&changed, "b/c.txt", 1000));
        }
    }
}
