//! Writes EDF+ and BDF+, record by record; equal input gives equal bytes.

mod layout;
mod recording;

use std::io::Write;

use clx_signal::{Annotation, Gap};
use jiff::civil::DateTime;

use self::layout::AnnotationLayout;
use super::field;
use super::header::width;
use crate::{Format, FormatError, Identity};

pub use self::recording::{WriteOptions, write_recording};

/// One signal of a file to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalSpec {
    /// At most 16 characters; longer text is cut.
    pub label: String,
    /// Such as `uV`.
    pub unit: String,
    pub physical_min: f64,
    pub physical_max: f64,
    pub digital_min: i32,
    pub digital_max: i32,
    /// Such as `HP:0.1Hz LP:75Hz`.
    pub prefilter: String,
    pub n_per_record: usize,
}

/// What a file to be written holds besides samples.
#[derive(Clone, Debug, PartialEq)]
pub struct EdfSpec {
    /// One of the four `+` formats; the discontinuous ones may have gaps.
    pub format: Format,
    /// Start of the first sample, `2009-12-10T12:44:02.123456`.
    pub start: Option<String>,
    pub identity: Identity,
    pub record_s: f64,
    pub n_records: u64,
    pub signals: Vec<SignalSpec>,
    /// Onsets in sample time.
    pub annotations: Vec<Annotation>,
    /// Interruptions between records.
    pub gaps: Vec<Gap>,
}

/// Writes a file record by record.
#[derive(Debug)]
pub struct EdfWriter<W: Write> {
    out: W,
    spec: EdfSpec,
    layout: AnnotationLayout,
    n_written: u64,
    record: Vec<u8>,
}

impl<W: Write> EdfWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// [`FormatError::Request`] for a specification the format cannot express.
    pub fn new(mut out: W, spec: EdfSpec) -> Result<Self, FormatError> {
        let start = check(&spec)?;
        let layout = AnnotationLayout::new(&spec, start)?;
        out.write_all(&header(&spec, start, layout.n_per_record())?)?;
        Ok(Self { out, spec, layout, n_written: 0, record: Vec::new() })
    }

    /// Appends one record: the converter values of every signal, in order.
    ///
    /// # Errors
    /// [`FormatError::Request`] for a wrong number of signals, samples or records, or a value
    /// outside the digital range of its signal.
    pub fn write_record(&mut self, digital: &[&[i32]]) -> Result<(), FormatError> {
        expect("the number of signals in a record", self.spec.signals.len(), digital.len())?;
        if self.n_written == self.spec.n_records {
            let n = self.spec.n_records;
            return Err(refuse("the number of records", format!("at most {n}"), "more"));
        }
        self.record.clear();
        let bytes = width(self.spec.format);
        for (signal, samples) in self.spec.signals.iter().zip(digital) {
            expect("the number of samples in a record", signal.n_per_record, samples.len())?;
            for &x in *samples {
                if x < signal.digital_min || x > signal.digital_max {
                    let range = format!("within {}..={}", signal.digital_min, signal.digital_max);
                    return Err(refuse("a converter value", range, x));
                }
                self.record.extend_from_slice(&x.to_le_bytes()[..bytes]);
            }
        }
        self.layout.append(self.n_written, &mut self.record);
        self.out.write_all(&self.record)?;
        self.n_written += 1;
        Ok(())
    }

    /// Ends the file and gives the output back.
    ///
    /// # Errors
    /// [`FormatError::Request`] when records are missing.
    pub fn finish(mut self) -> Result<W, FormatError> {
        if self.n_written != self.spec.n_records {
            let expected = self.spec.n_records.to_string();
            return Err(refuse("the number of records", expected, self.n_written));
        }
        self.out.flush()?;
        Ok(self.out)
    }
}

fn expect(what: &'static str, expected: usize, got: usize) -> Result<(), FormatError> {
    if expected == got { Ok(()) } else { Err(refuse(what, expected.to_string(), got)) }
}

fn refuse(
    what: &'static str,
    expected: impl Into<String>,
    got: impl std::fmt::Display,
) -> FormatError {
    FormatError::Request { what, expected: expected.into(), got: got.to_string() }
}

/// Fails on what the format cannot express; returns the parsed start.
fn check(spec: &EdfSpec) -> Result<Option<DateTime>, FormatError> {
    use Format::{BdfPlusC, BdfPlusD, EdfPlusC, EdfPlusD};
    let discontinuous = match spec.format {
        EdfPlusC | BdfPlusC => false,
        EdfPlusD | BdfPlusD => true,
        other => return Err(refuse("the format to write", "EDF+C, EDF+D, BDF+C or BDF+D", other)),
    };
    if !discontinuous && !spec.gaps.is_empty() {
        return Err(refuse("a format for a recording with gaps", "EDF+D or BDF+D", spec.format));
    }
    if spec.signals.len() > 9_998 {
        return Err(refuse("the number of signals", "at most 9998", spec.signals.len()));
    }
    let limit = if spec.format.is_bdf() { 1 << 23 } else { 1 << 15 };
    for s in &spec.signals {
        if s.digital_min >= s.digital_max || s.digital_min < -limit || s.digital_max >= limit {
            let got = format!("{}..={}", s.digital_min, s.digital_max);
            let expected = format!("increasing and within {}..={}", -limit, limit - 1);
            return Err(refuse("a digital range", expected, got));
        }
        if s.physical_min == s.physical_max {
            return Err(refuse("a physical range", "not empty", s.physical_min));
        }
    }
    let Some(start) = &spec.start else { return Ok(None) };
    let parsed: Result<DateTime, _> = start.parse();
    let valid = parsed.ok().filter(|t| (1985..=2084).contains(&t.year()));
    valid.map(Some).ok_or_else(|| {
        refuse("the start", "a date and time from 1985 to 2084, as in 2009-12-10T12:44:02", start)
    })
}

/// The whole header; the annotation signal comes last.
fn header(
    spec: &EdfSpec,
    start: Option<DateTime>,
    n_annotation_samples: usize,
) -> Result<Vec<u8>, FormatError> {
    let bdf = spec.format.is_bdf();
    let n_signals = spec.signals.len() + 1;
    let mut out = Vec::with_capacity(256 * (n_signals + 1));
    out.extend_from_slice(if bdf { b"\xffBIOSEMI" } else { b"0       " });
    put(&mut out, 80, or_anonymous(&spec.identity.patient, "X X X X"));
    put(&mut out, 80, &recording_field(spec, start));
    match start {
        Some(t) => {
            put(&mut out, 8, &format!("{:02}.{:02}.{:02}", t.day(), t.month(), t.year() % 100));
            put(&mut out, 8, &format!("{:02}.{:02}.{:02}", t.hour(), t.minute(), t.second()));
        }
        None => put(&mut out, 16, "01.01.8500.00.00"),
    }
    put(&mut out, 8, &(256 * (n_signals + 1)).to_string());
    put(&mut out, 44, spec.format.name());
    put_integer(&mut out, 8, spec.n_records)?;
    put(&mut out, 8, &number(spec.record_s)?);
    put(&mut out, 4, &n_signals.to_string());
    put_signals(&mut out, spec, n_annotation_samples)?;
    Ok(out)
}

fn put_signals(
    out: &mut Vec<u8>,
    spec: &EdfSpec,
    n_annotation_samples: usize,
) -> Result<(), FormatError> {
    let bdf = spec.format.is_bdf();
    let (low, high) = if bdf { (-8_388_608, 8_388_607) } else { (-32_768, 32_767) };
    let mut signals = spec.signals.clone();
    signals.push(SignalSpec {
        label: if bdf { "BDF Annotations" } else { "EDF Annotations" }.to_owned(),
        unit: String::new(),
        physical_min: -1.0,
        physical_max: 1.0,
        digital_min: low,
        digital_max: high,
        prefilter: String::new(),
        n_per_record: n_annotation_samples,
    });
    for s in &signals {
        put(out, 16, &s.label);
    }
    put(out, 80 * signals.len(), "");
    for s in &signals {
        put(out, 8, &s.unit);
    }
    for s in &signals {
        put(out, 8, &number(s.physical_min)?);
    }
    for s in &signals {
        put(out, 8, &number(s.physical_max)?);
    }
    for s in &signals {
        put(out, 8, &s.digital_min.to_string());
    }
    for s in &signals {
        put(out, 8, &s.digital_max.to_string());
    }
    for s in &signals {
        put(out, 80, &s.prefilter);
    }
    for s in &signals {
        put_integer(out, 8, s.n_per_record as u64)?;
    }
    put(out, 32 * signals.len(), "");
    Ok(())
}

/// The recording field: `Startdate 02-MAR-2002 X X X` unless the caller gives one.
fn recording_field(spec: &EdfSpec, start: Option<DateTime>) -> String {
    if !spec.identity.recording.is_empty() {
        return spec.identity.recording.clone();
    }
    let date = start.map_or("X".to_owned(), |t| field::encode_long_date(t.date()));
    format!("Startdate {date} X X X")
}

fn or_anonymous<'a>(text: &'a str, anonymous: &'a str) -> &'a str {
    if text.is_empty() { anonymous } else { text }
}

/// Appends `text` in printable ASCII, cut or padded with spaces to `len`.
fn put(out: &mut Vec<u8>, len: usize, text: &str) {
    let end = out.len() + len;
    let ascii = |c: char| if c == ' ' || c.is_ascii_graphic() { c as u8 } else { b'?' };
    out.extend(text.chars().take(len).map(ascii));
    out.resize(end, b' ');
}

fn put_integer(out: &mut Vec<u8>, len: usize, n: u64) -> Result<(), FormatError> {
    let text = n.to_string();
    if text.len() > len {
        return Err(refuse("a count", format!("at most {len} digits"), n));
    }
    put(out, len, &text);
    Ok(())
}

/// `x` in at most 8 characters, without loss.
fn number(x: f64) -> Result<String, FormatError> {
    let text = format!("{x}");
    if x.is_finite() && text.len() <= 8 {
        return Ok(text);
    }
    Err(refuse("a number of the header", "exact in 8 characters", x))
}
