//! The header: 256 bytes about the recording, then 256 bytes per signal.

use std::io::{Read, SeekFrom};

use clx_signal::{ChannelKind, Finding, SampleRate, Severity, Unit};
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};

use crate::samples::{Encoding, SampleKind, Scale};
use crate::text::text;
use crate::{ByteSource, Format, FormatError, Identity, label};

const HEADER_BYTES: usize = 256;

/// One signal, all of whose samples follow each other within a record.
#[derive(Clone, Debug)]
pub(super) struct Signal {
    pub(super) label: String,
    pub(super) kind: ChannelKind,
    pub(super) unit: Unit,
    pub(super) encoding: Encoding,
    pub(super) scale: Scale,
    pub(super) n_per_record: usize,
    pub(super) byte_offset: usize,
    pub(super) rate: SampleRate,
}

#[derive(Debug)]
pub(super) struct Header {
    /// 1.25 and 2.20 are in use; the fields changed at 1.90.
    pub(super) version: f64,
    pub(super) identity: Identity,
    pub(super) start: Option<DateTime>,
    pub(super) data_offset: u64,
    pub(super) record_bytes: usize,
    pub(super) n_records: u64,
    pub(super) record_s: f64,
    pub(super) signals: Vec<Signal>,
    pub(super) findings: Vec<Finding>,
}

impl Header {
    pub(super) fn read(source: &mut dyn ByteSource) -> Result<Self, FormatError> {
        let len = source.seek(SeekFrom::End(0))?;
        source.seek(SeekFrom::Start(0))?;
        let fixed = take(source, HEADER_BYTES)?;
        if fixed.len() < HEADER_BYTES {
            return Err(truncated("the header", len, HEADER_BYTES));
        }
        let fixed = Fields(&fixed);
        let version = version(fixed.0).unwrap_or(1.0);
        let new = version >= 1.9;
        let n_signals = if new { usize::from(fixed.u16(252)) } else { fixed.u32(252) as usize };
        if !(1..=65_535).contains(&n_signals) {
            return Err(invalid("the number of signals", 252, "1 to 65535", n_signals.to_string()));
        }
        let described = take(source, n_signals * HEADER_BYTES)?;
        if described.len() < n_signals * HEADER_BYTES {
            let needed = (n_signals + 1) * HEADER_BYTES;
            return Err(truncated("the description of the signals", len, needed));
        }
        let data_offset = match new {
            true => u64::from(fixed.u16(184)) * 256,
            false => fixed.u64(184),
        };
        let least = ((n_signals + 1) * HEADER_BYTES) as u64;
        if data_offset < least || data_offset > len.max(least) {
            let got = data_offset.to_string();
            return Err(invalid(
                "the size of the header",
                184,
                "256 bytes per signal or more",
                got,
            ));
        }
        let mut findings = Vec::new();
        let record_s = record_duration(fixed, &mut findings);
        let signals = signals(&described, n_signals, new, record_s, &mut findings)?;
        let record_bytes =
            signals.last().map_or(0, |s| s.byte_offset + s.n_per_record * s.encoding.width());
        if record_bytes == 0 {
            return Err(invalid("the samples per record", 256, "above 0 in all", "0".to_owned()));
        }
        let present = (len - data_offset.min(len)) / record_bytes as u64;
        let n_records = count_records(fixed.u64(236) as i64, present, &mut findings);
        Ok(Self {
            version,
            identity: identity(fixed, new),
            start: if new { fraction_of_days(fixed.u64(168)) } else { digits(&fixed.0[168..184]) },
            data_offset,
            record_bytes,
            n_records,
            record_s,
            signals,
            findings,
        })
    }
}

/// Version of a file that begins like GDF.
pub(super) fn version(head: &[u8]) -> Option<f64> {
    let number = text(head.get(..8)?.strip_prefix(b"GDF ")?);
    number.parse().ok().filter(|version: &f64| (1.0..3.0).contains(version))
}

/// Little-endian fields at fixed places.
#[derive(Clone, Copy)]
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn bytes<const N: usize>(self, at: usize) -> [u8; N] {
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.0[at..at + N]);
        bytes
    }

    fn u16(self, at: usize) -> u16 {
        u16::from_le_bytes(self.bytes(at))
    }

    fn u32(self, at: usize) -> u32 {
        u32::from_le_bytes(self.bytes(at))
    }

    fn u64(self, at: usize) -> u64 {
        u64::from_le_bytes(self.bytes(at))
    }

    fn f64(self, at: usize) -> f64 {
        f64::from_le_bytes(self.bytes(at))
    }
}

fn identity(fixed: Fields<'_>, new: bool) -> Identity {
    let (patient, recording) = if new { (8..74, 88..152) } else { (8..88, 88..168) };
    let mut identity =
        Identity { patient: text(&fixed.0[patient]), recording: text(&fixed.0[recording]) };
    if new && let Some(birth) = fraction_of_days(fixed.u64(176)) {
        identity.patient = format!("{} {}", identity.patient, birth.date()).trim().to_owned();
    }
    identity
}

/// Days since the year 0 in units of 2^-32.
fn fraction_of_days(days: u64) -> Option<DateTime> {
    if days == 0 {
        return None;
    }
    // Day 367 is the first of January of the year 1.
    let whole = i64::try_from(days >> 32).ok()? - 367;
    let micros = ((days & 0xffff_ffff) as f64 / 4_294_967_296.0 * 86_400e6).round() as i64;
    DateTime::constant(1, 1, 1, 0, 0, 0, 0)
        .checked_add(SignedDuration::from_hours(24 * whole))
        .ok()?
        .checked_add(SignedDuration::from_micros(micros))
        .ok()
}

/// `YYYYMMDDhhmmsscc`, the last two hundredths of a second.
fn digits(field: &[u8]) -> Option<DateTime> {
    let digits = text(field);
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
    let small = |from, to| number(from, to).and_then(|n| i8::try_from(n).ok());
    let date = Date::new(number(0, 4)?, small(4, 6)?, small(6, 8)?).ok()?;
    let nanos = i32::from(number(14, 16).unwrap_or(0)) * 10_000_000;
    let time = Time::new(small(8, 10)?, small(10, 12)?, small(12, 14)?, nanos).ok()?;
    Some(date.to_datetime(time))
}

fn record_duration(fixed: Fields<'_>, findings: &mut Vec<Finding>) -> f64 {
    let seconds = f64::from(fixed.u32(244)) / f64::from(fixed.u32(248));
    if seconds.is_finite() && seconds > 0.0 {
        return seconds;
    }
    let message = "the header gives no usable duration of a record; 1 s is assumed, so all times and rates may be wrong";
    findings.push(Finding::new("header.record_duration", Severity::Problem, message));
    1.0
}

fn signals(
    described: &[u8],
    n: usize,
    new: bool,
    record_s: f64,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Signal>, FormatError> {
    let all = Fields(described);
    let mut signals = Vec::with_capacity(n);
    let mut byte_offset = 0_usize;
    for i in 0..n {
        // Stored field after field: all labels, then all transducers, and so on.
        let at = |start: usize, width: usize| n * start + i * width;
        let label = text(&described[at(0, 16)..][..16]);
        let (unit, factor) = match new {
            true => unit_of_code(all.u16(at(102, 2))),
            false => label::unit(&text(&described[at(96, 8)..][..8])),
        };
        let digital = |start| match new {
            true => all.f64(at(start, 8)),
            false => all.u64(at(start, 8)) as i64 as f64,
        };
        let physical = [all.f64(at(104, 8)), all.f64(at(112, 8))];
        let scale = scale(physical, [digital(120), digital(128)], factor);
        if scale.is_none() {
            let message = "the header gives no usable physical or digital range; samples are the stored numbers";
            findings.push(
                Finding::new("channel.uncalibrated", Severity::Warning, message).on_channel(&label),
            );
        }
        let n_per_record = all.u32(at(216, 4)) as usize;
        let encoding = encoding(all.u32(at(220, 4)))?;
        let rate = rate(n_per_record, record_s, at(216, 4))?;
        let unit = if scale.is_some() { unit } else { Unit::Other("digital".to_owned()) };
        let bytes = n_per_record.checked_mul(encoding.width());
        signals.push(Signal {
            kind: label::kind(&label, &unit),
            label,
            unit,
            encoding,
            scale: scale.unwrap_or(Scale { gain: 1.0, offset: 0.0 }),
            n_per_record,
            byte_offset,
            rate,
        });
        let end = bytes.and_then(|bytes| byte_offset.checked_add(bytes)).filter(|n| *n < 1 << 40);
        byte_offset = end.ok_or_else(|| {
            let got = n_per_record.to_string();
            invalid("the samples per record", 256 + at(216, 4) as u64, "a plausible number", got)
        })?;
    }
    Ok(signals)
}

/// A signal without samples gets the rate of one per record, and is left out later.
fn rate(n_per_record: usize, record_s: f64, at: usize) -> Result<SampleRate, FormatError> {
    SampleRate::from_hz(n_per_record.max(1) as f64 / record_s).map_err(|error| {
        invalid("a sample rate", 256 + at as u64, "finite and above 0 Hz", error.to_string())
    })
}

fn scale(physical: [f64; 2], digital: [f64; 2], factor: f64) -> Option<Scale> {
    let gain = (physical[1] - physical[0]) / (digital[1] - digital[0]);
    let offset = physical[0] - digital[0] * gain;
    (gain.is_finite() && gain != 0.0 && offset.is_finite())
        .then_some(Scale { gain: gain * factor, offset: offset * factor })
}

/// Unit of a code of ISO/IEEE 11073-10101, whose last five bits are the decimal prefix.
fn unit_of_code(code: u16) -> (Unit, f64) {
    const VOLT: u16 = 4256;
    let name = match code & 0xffe0 {
        VOLT => {
            let text = match code & 0x1f {
                0 => "V",
                18 => "mV",
                19 => "uV",
                20 => "nV",
                _ => return (Unit::Other(format!("code {code}")), 1.0),
            };
            return label::unit(text);
        }
        0 | 512 => "",
        544 => "%",
        6048 => "degC",
        4288 if code == 4288 => "Ohm",
        _ => return (Unit::Other(format!("code {code}")), 1.0),
    };
    (Unit::Other(name.to_owned()), 1.0)
}

/// Source: GDF 2.51, table of data types.
fn encoding(code: u32) -> Result<Encoding, FormatError> {
    let kind = match code {
        0 | 2 => SampleKind::U8,
        1 => SampleKind::I8,
        3 => SampleKind::I16,
        4 => SampleKind::U16,
        5 => SampleKind::I32,
        6 => SampleKind::U32,
        7 => SampleKind::I64,
        8 => SampleKind::U64,
        16 => SampleKind::F32,
        17 => SampleKind::F64,
        279 => SampleKind::I24,
        535 => SampleKind::U24,
        _ => {
            return Err(FormatError::Unsupported {
                format: Format::Gdf,
                feature: format!("samples of type {code}"),
                advice: "save it with samples of 8 to 64 bits",
            });
        }
    };
    Ok(kind.little_endian())
}

fn count_records(declared: i64, present: u64, findings: &mut Vec<Finding>) -> u64 {
    match u64::try_from(declared) {
        Ok(declared) if declared <= present => declared,
        Ok(declared) => {
            let message =
                format!("the header announces {declared} records, the file holds {present}");
            findings.push(Finding::new("file.truncated", Severity::Warning, message));
            present
        }
        Err(_) => {
            let message = format!(
                "the header does not give the number of records; all {present} that fit are read, so events at the end may be taken for samples"
            );
            findings.push(Finding::new("file.record_count", Severity::Warning, message));
            present
        }
    }
}

/// At most `n` bytes; grows with what is there, so a wrong count costs nothing.
fn take(source: &mut dyn ByteSource, n: usize) -> Result<Vec<u8>, FormatError> {
    let mut bytes = Vec::new();
    source.take(n as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn truncated(what: &'static str, len: u64, needed: usize) -> FormatError {
    FormatError::Truncated { format: Format::Gdf, what, len, needed: needed as u64 }
}

fn invalid(what: &str, offset: u64, expected: &'static str, got: String) -> FormatError {
    FormatError::Invalid { format: Format::Gdf, what: what.to_owned(), offset, expected, got }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_both_versions_are_read() {
        // The days are those of MATLAB, where datenum(2000, 1, 1) is 730486.
        let noon = (730_486_u64 << 32) + (1 << 31);
        assert_eq!(fraction_of_days(noon).unwrap().to_string(), "2000-01-01T12:00:00");
        assert_eq!(fraction_of_days(0), None);
        assert_eq!(digits(b"2007010112304550").unwrap().to_string(), "2007-01-01T12:30:45.5");
        assert_eq!(digits(b"                "), None);
        for wrong in [b"2007023112304550", b"2007020125304550", b"20070201123045-1"] {
            assert_eq!(digits(wrong), None);
        }
    }
}
