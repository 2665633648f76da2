//! Annotations in MIT format (annot(5) of the WFDB Applications Guide).

/// Most bytes of an annotation file that are read.
pub(super) const MAX_BYTES: u64 = 64 << 20;

const SKIP: u16 = 59;
const NUM: u16 = 60;
const SUB: u16 = 61;
const CHN: u16 = 62;
const AUX: u16 = 63;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    /// Number of the frame, or of a tick where the file has its own resolution.
    pub(super) at: i64,
    pub(super) code: u8,
    pub(super) channel: Option<u8>,
    pub(super) aux: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Marks {
    pub(super) marks: Vec<Mark>,
    /// Ticks per second, where the file says so.
    pub(super) ticks_hz: Option<f64>,
    /// The file ends within an annotation, or without its end mark.
    pub(super) truncated: bool,
}

/// Mnemonics of the annotation codes; codes without one are undefined.
const MNEMONICS: [&str; 42] = [
    "", "N", "L", "R", "a", "V", "F", "J", "A", "S", "E", "j", "/", "Q", "~", "", "|", "", "s",
    "T", "*", "D", "\"", "=", "p", "B", "^", "t", "+", "u", "?", "!", "[", "]", "e", "n", "@", "x",
    "f", "(", ")", "r",
];

impl Mark {
    /// Mnemonic and text: `N`, `+ (AFIB`; a note is its text alone.
    pub(super) fn text(&self) -> String {
        let mnemonic = match MNEMONICS.get(usize::from(self.code)) {
            Some(m) if !m.is_empty() => (*m).to_owned(),
            _ => format!("[{}]", self.code),
        };
        match (self.aux.is_empty(), self.code) {
            (true, _) => mnemonic,
            (false, 22) => self.aux.clone(),
            (false, _) => format!("{mnemonic} {}", self.aux),
        }
    }
}

/// Reads all annotations of `bytes`.
pub(super) fn parse(bytes: &[u8]) -> Marks {
    let mut out = Marks::default();
    let mut words = Words { bytes, at: 0 };
    let mut at = 0_i64;
    // CHN holds until it is given anew.
    let mut channel = None;
    loop {
        let Some(word) = words.next() else {
            out.truncated = true;
            break;
        };
        let (code, value) = (word >> 10, word & 0x3ff);
        match code {
            0 if value == 0 => break,
            SKIP => {
                let (Some(high), Some(low)) = (words.next(), words.next()) else {
                    out.truncated = true;
                    break;
                };
                let interval = (u32::from(high) << 16 | u32::from(low)) as i32;
                at = at.saturating_add(i64::from(interval));
            }
            NUM | SUB => {}
            CHN => {
                channel = Some(value as u8);
                if let Some(mark) = out.marks.last_mut() {
                    mark.channel = channel;
                }
            }
            AUX => {
                let text = words.text(usize::from(value));
                if let Some(mark) = out.marks.last_mut() {
                    mark.aux = text;
                }
            }
            code => {
                at = at.saturating_add(i64::from(value));
                // Code 0 with a time is no annotation; writers move on with it.
                if code != 0 {
                    out.marks.push(Mark { at, code: code as u8, channel, aux: String::new() });
                }
            }
        }
    }
    out.ticks_hz = out.marks.first().and_then(|m| {
        let hz: f64 = m.aux.strip_prefix("## time resolution:")?.trim().parse().ok()?;
        (m.at == 0 && hz.is_finite() && hz > 0.0).then_some(hz)
    });
    // Such notes describe the file, not the signal.
    out.marks.retain(|m| !(m.code == 22 && m.at == 0 && m.aux.starts_with("##")));
    out
}

struct Words<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Words<'_> {
    fn next(&mut self) -> Option<u16> {
        let word = self.bytes.get(self.at..)?.first_chunk().copied().map(u16::from_le_bytes);
        self.at += 2;
        word
    }

    /// `n` bytes of text and the byte that makes their number even.
    fn text(&mut self, n: usize) -> String {
        let end = (self.at + n).min(self.bytes.len());
        let bytes = self.bytes.get(self.at..end).unwrap_or_default();
        self.at += n + n % 2;
        let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
        String::from_utf8_lossy(&bytes[..end]).trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skips_texts_and_channels_are_followed() {
        let word = |code: u16, value: u16| (code << 10 | value).to_le_bytes();
        let mut bytes = Vec::new();
        bytes.extend(word(28, 18));
        bytes.extend(word(AUX, 3));
        bytes.extend(b"(N\0\0");
        bytes.extend(word(SKIP, 0));
        bytes.extend([0x01, 0x00, 0x70, 0x11]);
        bytes.extend(word(5, 1));
        bytes.extend(word(CHN, 1));
        bytes.extend(word(0, 0));
        let marks = parse(&bytes);
        assert!(!marks.truncated);
        let got: Vec<(i64, String)> = marks.marks.iter().map(|m| (m.at, m.text())).collect();
        // 0x00011170 is 70,000; 18 + 70,000 + 1.
        assert_eq!(got, [(18, "+ (N".to_owned()), (70_019, "V".to_owned())]);
        assert_eq!(marks.marks[1].channel, Some(1));
        assert!(parse(&bytes[..5]).truncated);
    }
}
