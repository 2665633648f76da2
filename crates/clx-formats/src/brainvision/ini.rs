//! The text of headers and marker files: sections of `key=value` lines.

use crate::text::decode;

/// Text of a header or marker file, as it is.
#[derive(Debug)]
pub(super) struct Ini {
    text: String,
}

impl Ini {
    /// UTF-8 if it is that, Latin-1 otherwise; the `Codepage` key only says what this finds anyway.
    pub(super) fn decode(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Self { text: decode(bytes) }
    }

    /// Lines of one section, trimmed, without empty ones.
    pub(super) fn lines<'a>(&'a self, section: &'a str) -> impl Iterator<Item = &'a str> {
        let mut inside = false;
        self.text.lines().map(str::trim).filter(move |line| {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                inside = name.trim().eq_ignore_ascii_case(section);
                return false;
            }
            inside && !line.is_empty()
        })
    }

    /// `key=value` lines of one section.
    pub(super) fn entries<'a>(
        &'a self,
        section: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.lines(section)
            .filter(|line| !line.starts_with(';'))
            .filter_map(|line| line.split_once('='))
            .map(|(key, value)| (key.trim(), value.trim()))
    }

    /// The value of `key`, unless it is missing or empty.
    pub(super) fn get<'a>(&'a self, section: &'a str, key: &str) -> Option<&'a str> {
        self.entries(section)
            .find(|(k, _)| k.eq_ignore_ascii_case(key))
            .map(|(_, value)| value)
            .filter(|value| !value.is_empty())
    }

    /// Where `value`, a part of this text, begins in it.
    pub(super) fn offset_of(&self, value: &str) -> u64 {
        (value.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize) as u64
    }
}

/// The number at the end of a key such as `Ch12`.
pub(super) fn numbered(key: &str, prefix: &str) -> Option<usize> {
    let (start, digits) = key.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| digits.trim().parse().ok())?
}

/// The fields of a value: separated by commas, commas inside of them written `\1`.
pub(super) fn fields(value: &str) -> impl Iterator<Item = String> {
    value.split(',').map(|field| field.trim().replace("\\1", ","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_hold_their_own_keys_only() {
        let text = b"First line\n[Common Infos]\r\n; a = comment\n DataFile = a=b.eeg \n\
            [channel infos]\nCh1=A\\1B,,0.5,\xb5V\nCh2=\n[Comment]\nDataFile=no\n; kept\n";
        let ini = Ini::decode(text);
        assert_eq!(ini.get("Common Infos", "datafile"), Some("a=b.eeg"));
        assert_eq!(ini.get("Channel Infos", "Ch2"), None);
        assert_eq!(ini.get("Common Infos", "Ch1"), None);
        assert_eq!(ini.lines("Comment").collect::<Vec<_>>(), ["DataFile=no", "; kept"]);
        let channel: Vec<String> = fields(ini.get("Channel Infos", "Ch1").unwrap()).collect();
        assert_eq!(channel, ["A,B", "", "0.5", "µV"]);
        assert_eq!(numbered("ch12", "Ch"), Some(12));
        assert_eq!(numbered("Chx", "Ch"), None);
        assert_eq!(numbered("µ", "Ch"), None);
    }
}
