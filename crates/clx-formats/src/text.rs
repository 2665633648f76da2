//! Text in bytes of unknown encoding.

/// UTF-8 if it is that, Latin-1 otherwise; cut at the first NUL, trimmed, no control characters.
pub(crate) fn text(field: &[u8]) -> String {
    let end = field.iter().position(|&b| b == 0).unwrap_or(field.len());
    decode(&field[..end])
        .chars()
        .filter(|c| *c as u32 >= 0x20)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// UTF-8 if it is that, Latin-1 otherwise.
pub(crate) fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&b| char::from(b)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_not_utf8_is_read_as_latin1() {
        assert_eq!(text(b"\xb5V\0 junk"), "\u{b5}V");
        assert_eq!(text("µV   ".as_bytes()), "µV");
    }
}
