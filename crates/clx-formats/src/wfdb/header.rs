//! The header file (`.hea`): a line on the record, a line per signal, comments.

use jiff::civil::{Date, Time};

use super::sample::Coding;
use crate::{Format, FormatError};

/// Gain of signals whose header gives none, units of the converter per millivolt (WFDB's default).
const DEFAULT_GAIN: f64 = 200.0;

/// Frames per second where the header gives none (WFDB's default).
const DEFAULT_HZ: f64 = 250.0;

const MAX_SIGNALS: usize = 4_096;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Signal {
    pub(super) file: String,
    pub(super) coding: Coding,
    pub(super) samples_per_frame: usize,
    pub(super) skew: u64,
    /// Bytes before the first sample of the file.
    pub(super) byte_offset: u64,
    pub(super) gain: f64,
    /// The header gives no gain; `gain` is the default.
    pub(super) uncalibrated: bool,
    pub(super) baseline: f64,
    pub(super) unit: String,
    pub(super) description: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Header {
    pub(super) record: String,
    pub(super) frame_hz: f64,
    pub(super) n_frames: Option<u64>,
    pub(super) start: Option<String>,
    pub(super) signals: Vec<Signal>,
    /// Lines that start with `#`: age, sex, diagnoses, medication.
    pub(super) comments: Vec<String>,
}

impl Header {
    pub(super) fn parse(text: &str) -> Result<Self, FormatError> {
        let mut lines = text.lines().enumerate().map(|(i, l)| (i + 1, l.trim()));
        let mut comments = Vec::new();
        let mut contents = Vec::new();
        for (number, line) in lines.by_ref() {
            match line.strip_prefix('#') {
                Some(comment) => comments.push(comment.trim().to_owned()),
                None if line.is_empty() => {}
                None => contents.push((number, line)),
            }
        }
        let Some((number, first)) = contents.first() else {
            return Err(invalid("the first line", 1, "a record line", ""));
        };
        let mut words = first.split_whitespace();
        let record = words.next().unwrap_or_default();
        if record.contains('/') {
            return Err(FormatError::Unsupported {
                format: Format::Wfdb,
                feature: "several segments".to_owned(),
                advice: "open the header of one segment, or join them with the WFDB tool xform",
            });
        }
        let n_signals: usize = words
            .next()
            .and_then(|n| n.parse().ok())
            .filter(|n| (1..=MAX_SIGNALS).contains(n))
            .ok_or_else(|| invalid("the number of signals", *number, "1 to 4096", first))?;
        // `360/720(5)`: only the first number matters for reading.
        let frame_hz = match words.next().map(|w| leading_number(w).0) {
            None => DEFAULT_HZ,
            Some(hz) => hz
                .filter(|hz| *hz > 0.0 && *hz < 1e9)
                .ok_or_else(|| invalid("the sampling frequency", *number, "above 0", first))?,
        };
        let n_frames = words.next().and_then(|n| n.parse().ok()).filter(|n| *n > 0);
        let start = start(words.next(), words.next());
        let lines = &contents[1..];
        if lines.len() < n_signals {
            let expected = "one line per signal";
            return Err(invalid("the signal lines", *number, expected, &lines.len().to_string()));
        }
        let signals =
            lines[..n_signals].iter().map(|(n, l)| signal(*n, l)).collect::<Result<_, _>>()?;
        Ok(Self { record: record.to_owned(), frame_hz, n_frames, start, signals, comments })
    }
}

/// Whether a text begins like a header: a record line, then a signal line with a known format.
pub(super) fn looks_like_header(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    let words: Vec<&str> = first.split_whitespace().collect();
    let name_is_plain = words
        .first()
        .is_some_and(|w| w.chars().all(|c| c.is_ascii_alphanumeric() || "_-/".contains(c)));
    let numbers =
        words.len() >= 2 && words[1..].iter().all(|w| w.starts_with(|c: char| c.is_ascii_digit()));
    let words: Vec<&str> = second.split_whitespace().collect();
    name_is_plain && numbers && words.len() >= 2 && format_field(words[1]).is_some()
}

fn signal(number: usize, line: &str) -> Result<Signal, FormatError> {
    let mut words = line.split_whitespace();
    let file = words.next().unwrap_or_default();
    let field = words.next().unwrap_or_default();
    let Some(layout) = format_field(field) else {
        return Err(FormatError::Unsupported {
            format: Format::Wfdb,
            feature: format!("the signal format {field:?}"),
            advice: "known are 16, 24, 32, 61, 80, 160, 212, 310 and 311; convert with the WFDB tool xform",
        });
    };
    let rest: Vec<&str> = words.collect();
    let gain_field = rest.first().copied().unwrap_or_default();
    let (gain, after) = leading_number(gain_field);
    let baseline = after.strip_prefix('(').and_then(|a| a.split_once(')'));
    let after = baseline.map_or(after, |(_, rest)| rest);
    let unit = after.strip_prefix('/').filter(|u| !u.is_empty()).unwrap_or("mV");
    let zero = rest.get(2).and_then(|z| z.parse().ok()).unwrap_or(0.0);
    let baseline = baseline.and_then(|(b, _)| b.parse::<f64>().ok()).unwrap_or(zero);
    let given = gain.filter(|g| g.is_finite() && *g != 0.0);
    Ok(Signal {
        file: file.to_owned(),
        coding: layout.coding,
        samples_per_frame: layout.samples_per_frame,
        skew: layout.skew,
        byte_offset: layout.byte_offset,
        gain: given.unwrap_or(DEFAULT_GAIN),
        uncalibrated: given.is_none(),
        baseline: if baseline.is_finite() { baseline } else { 0.0 },
        unit: unit.to_owned(),
        description: rest
            .get(6..)
            .map(|d| d.join(" "))
            .filter(|d| !d.is_empty())
            .unwrap_or_else(|| format!("signal {}", number.saturating_sub(1))),
    })
}

struct Layout {
    coding: Coding,
    samples_per_frame: usize,
    skew: u64,
    byte_offset: u64,
}

/// `212`, `16x2`, `16:3`, `16+512`, and their combinations.
fn format_field(field: &str) -> Option<Layout> {
    let digits = field.find(|c: char| !c.is_ascii_digit()).unwrap_or(field.len());
    let coding = Coding::parse(&field[..digits])?;
    let mut layout = Layout { coding, samples_per_frame: 1, skew: 0, byte_offset: 0 };
    let mut rest = &field[digits..];
    while let Some(sign) = rest.chars().next() {
        let number = rest.get(1..)?;
        let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        let value: u64 = number[..end].parse().ok()?;
        match sign {
            'x' => {
                layout.samples_per_frame =
                    usize::try_from(value).ok().filter(|n| (1..=65_536).contains(n))?
            }
            ':' => layout.skew = value.min(1 << 32),
            '+' => layout.byte_offset = value.min(1 << 40),
            _ => return None,
        }
        rest = &number[end..];
    }
    Some(layout)
}

/// The number with which a word begins, and what follows.
fn leading_number(word: &str) -> (Option<f64>, &str) {
    let end =
        word.find(|c: char| !(c.is_ascii_digit() || ".eE+-".contains(c))).unwrap_or(word.len());
    (word[..end].parse().ok(), &word[end..])
}

/// `11:22:33.5` and `24/12/1999`.
fn start(time: Option<&str>, date: Option<&str>) -> Option<String> {
    let time: Time = {
        let text = time?;
        // Hours of one digit are common.
        let padded = if text.find(':') == Some(1) { format!("0{text}") } else { text.to_owned() };
        padded.parse().ok()?
    };
    let mut parts = date?.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some(date.to_datetime(time).to_string())
}

fn invalid(what: &str, line: usize, expected: &'static str, got: &str) -> FormatError {
    let got: String = got.chars().take(80).collect();
    FormatError::Invalid {
        format: Format::Wfdb,
        what: format!("{what} (line {line})"),
        offset: 0,
        expected,
        got: format!("{got:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_signal_line_is_read() {
        let text = "# 69 M\nr1 2 360/720(10) 1000 9:10:11.5 24/12/1999\n\
            r1.dat 16x2:3+512 1e3(-5)/uV 11 1024 995 -22131 0 lead II\nr1.dat 212\n";
        let h = Header::parse(text).unwrap();
        assert_eq!((h.frame_hz, h.n_frames), (360.0, Some(1000)));
        assert_eq!(h.start.as_deref(), Some("1999-12-24T09:10:11.5"));
        assert_eq!(h.comments, ["69 M"]);
        let s = &h.signals[0];
        assert_eq!((s.samples_per_frame, s.skew, s.byte_offset), (2, 3, 512));
        assert_eq!((s.gain, s.baseline, s.unit.as_str()), (1000.0, -5.0, "uV"));
        assert_eq!(s.description, "lead II");
        assert!(h.signals[1].uncalibrated && h.signals[1].gain == 200.0);
        assert!(looks_like_header(text));
    }

    #[test]
    fn tables_and_prose_are_no_headers() {
        for text in ["1 2 3\n4 5 6\n", "a b\nc d\n", "100 2 360\n", "x 1\nfile.dat 99\n"] {
            assert!(!looks_like_header(text), "{text:?}");
        }
    }
}
