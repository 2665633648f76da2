//! The header: 256 bytes about the recording, then 256 bytes per signal.

use std::io::{Read, SeekFrom};

use clx_signal::{ChannelKind, Finding, SampleRate, Severity, Unit};
use jiff::civil::DateTime;

use super::field;
use crate::samples::{Encoding, SampleKind, Scale};
use crate::{ByteSource, Format, FormatError, Identity, label};

/// Bytes of the fixed part, and of the description of one signal.
pub(super) const HEADER_BYTES: usize = 256;

/// One signal as the header describes it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Signal {
    pub(super) label: String,
    pub(super) kind: ChannelKind,
    pub(super) unit: Unit,
    pub(super) scale: Scale,
    pub(super) n_per_record: usize,
    /// Where its samples begin in a record.
    pub(super) byte_offset: usize,
    pub(super) is_annotations: bool,
}

/// The header, checked: every count in it is backed by bytes of the file.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) format: Format,
    pub(super) identity: Identity,
    /// To the second; EDF+ adds a fraction in the first record.
    pub(super) start: Option<DateTime>,
    pub(super) record_s: f64,
    pub(super) record_bytes: usize,
    pub(super) n_records: u64,
    pub(super) signals: Vec<Signal>,
    pub(super) findings: Vec<Finding>,
}

impl Header {
    pub(super) fn read(source: &mut dyn ByteSource, format: Format) -> Result<Self, FormatError> {
        let len = source.seek(SeekFrom::End(0))?;
        source.seek(SeekFrom::Start(0))?;
        let fixed = take(source, HEADER_BYTES)?;
        if fixed.len() < HEADER_BYTES {
            return Err(truncated(format, "the header", len, HEADER_BYTES));
        }
        let n_signals = field::integer(&fixed[252..256]).filter(|n| (1..=9999).contains(n));
        let Some(n_signals) = n_signals.and_then(|n| usize::try_from(n).ok()) else {
            return Err(FormatError::Invalid {
                format,
                what: "the number of signals".to_owned(),
                offset: 252,
                expected: "1 to 9999",
                got: quote(&fixed[252..256]),
            });
        };
        let described = take(source, n_signals * HEADER_BYTES)?;
        if described.len() < n_signals * HEADER_BYTES {
            let needed = (n_signals + 1) * HEADER_BYTES;
            return Err(truncated(format, "the description of the signals", len, needed));
        }
        Self::parse(format, &fixed, &described, len)
    }

    fn parse(
        format: Format,
        fixed: &[u8],
        described: &[u8],
        len: u64,
    ) -> Result<Self, FormatError> {
        let mut findings = Vec::new();
        let identity = Identity {
            patient: field::text(&fixed[8..88]),
            recording: field::text(&fixed[88..168]),
        };
        let start = field::start(&identity.recording, &fixed[168..176], &fixed[176..184]);
        if start.is_none() {
            findings.push(Finding::new(
                "header.start",
                Severity::Info,
                "the header holds no valid start date and time",
            ));
        }
        let signals = signals(format, described, &mut findings)?;
        let data_offset = HEADER_BYTES + described.len();
        if field::integer(&fixed[184..192]) != i64::try_from(data_offset).ok() {
            findings.push(Finding::new(
                "header.size",
                Severity::Warning,
                format!(
                    "the header gives its size as {}, but {} signals make {data_offset} bytes; the latter is used",
                    quote(&fixed[184..192]),
                    signals.len()
                ),
            ));
        }
        let record_bytes = signals.iter().map(|s| s.n_per_record).sum::<usize>() * width(format);
        if record_bytes == 0 {
            return Err(FormatError::Invalid {
                format,
                what: "samples per record of all signals together".to_owned(),
                offset: (HEADER_BYTES + signals.len() * 216) as u64,
                expected: "above 0",
                got: "0".to_owned(),
            });
        }
        let data_bytes = len.saturating_sub(data_offset as u64);
        let n_records = count_records(&fixed[236..244], data_bytes, record_bytes, &mut findings);
        let record_s = record_duration(format, &fixed[244..252], &signals, &mut findings)?;
        Ok(Self { format, identity, start, record_s, record_bytes, n_records, signals, findings })
    }

    pub(super) fn data_offset(&self) -> u64 {
        (HEADER_BYTES * (1 + self.signals.len())) as u64
    }

    /// Samples per second of a signal.
    pub(super) fn rate(&self, signal: &Signal) -> Result<SampleRate, FormatError> {
        let hz = signal.n_per_record as f64 / self.record_s;
        SampleRate::from_hz(hz).map_err(|error| FormatError::Invalid {
            format: self.format,
            what: format!("the sample rate of {}", signal.label),
            offset: 244,
            expected: "finite and above 0 Hz",
            got: error.to_string(),
        })
    }
}

/// Bytes of one sample.
pub(super) const fn width(format: Format) -> usize {
    encoding(format).width()
}

pub(super) const fn encoding(format: Format) -> Encoding {
    if format.is_bdf() { SampleKind::I24.little_endian() } else { SampleKind::I16.little_endian() }
}

/// At most `n` bytes; grows with what is there, so a wrong count costs nothing.
fn take(source: &mut dyn ByteSource, n: usize) -> Result<Vec<u8>, FormatError> {
    let mut bytes = Vec::new();
    source.take(n as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn truncated(format: Format, what: &'static str, len: u64, needed: usize) -> FormatError {
    FormatError::Truncated { format, what, len, needed: needed as u64 }
}

/// A header field for a message.
fn quote(bytes: &[u8]) -> String {
    format!("{:?}", field::text(bytes))
}

fn signals(
    format: Format,
    described: &[u8],
    findings: &mut Vec<Finding>,
) -> Result<Vec<Signal>, FormatError> {
    let n = described.len() / HEADER_BYTES;
    // Fields are stored signal after signal: all labels, then all transducers, and so on.
    let at = |start: usize, width: usize, i: usize| &described[n * start + i * width..][..width];
    let mut signals = Vec::with_capacity(n);
    let mut byte_offset = 0;
    for i in 0..n {
        let label = field::text(at(0, 16, i));
        let is_annotations = matches!(label.as_str(), "EDF Annotations" | "BDF Annotations");
        let (mut unit, factor) = label::unit(&field::text(at(96, 8, i)));
        let limits = [104, 112, 120, 128].map(|start| field::number(at(start, 8, i)));
        let (gain, offset) = calibration(limits).unwrap_or_else(|| {
            if !is_annotations {
                findings.push(uncalibrated(&label));
                unit = Unit::Other("digital".to_owned());
            }
            (1.0, 0.0)
        });
        let factor = if unit == Unit::Volt { factor } else { 1.0 };
        let n_per_record = samples_per_record(format, at(216, 8, i), n, i)?;
        signals.push(Signal {
            kind: label::kind(&label, &unit),
            label,
            unit,
            scale: Scale { gain: gain * factor, offset: offset * factor },
            n_per_record,
            byte_offset,
            is_annotations,
        });
        byte_offset += n_per_record * width(format);
    }
    Ok(signals)
}

fn samples_per_record(
    format: Format,
    bytes: &[u8],
    n_signals: usize,
    index: usize,
) -> Result<usize, FormatError> {
    let n = field::integer(bytes).and_then(|n| usize::try_from(n).ok());
    n.ok_or_else(|| FormatError::Invalid {
        format,
        what: format!("samples per record of signal {index}"),
        offset: (HEADER_BYTES + n_signals * 216 + index * 8) as u64,
        expected: "a number from 0 to 99999999",
        got: quote(bytes),
    })
}

/// Gain and offset from physical minimum and maximum and digital minimum and maximum.
///
/// Works unchanged for inverted ranges. `None` when one of the two ranges is empty or missing.
fn calibration([pmin, pmax, dmin, dmax]: [Option<f64>; 4]) -> Option<(f64, f64)> {
    let (pmin, pmax, dmin, dmax) = (pmin?, pmax?, dmin?, dmax?);
    let gain = (pmax - pmin) / (dmax - dmin);
    let offset = pmin - dmin * gain;
    (gain.is_finite() && gain != 0.0 && offset.is_finite()).then_some((gain, offset))
}

fn uncalibrated(label: &str) -> Finding {
    Finding::new(
        "channel.uncalibrated",
        Severity::Warning,
        "the header gives no usable physical or digital range; samples are the converter's own numbers",
    )
    .on_channel(label)
}

/// Complete records in the file; the header's own count is only compared with it.
fn count_records(
    bytes: &[u8],
    data_bytes: u64,
    record_bytes: usize,
    findings: &mut Vec<Finding>,
) -> u64 {
    let present = data_bytes / record_bytes as u64;
    let rest = data_bytes % record_bytes as u64;
    let declared = field::integer(bytes);
    let fewer = declared.is_some_and(|n| u64::try_from(n).is_ok_and(|n| n > present));
    if fewer || rest > 0 {
        let severity = if present == 0 { Severity::Problem } else { Severity::Warning };
        findings.push(Finding::new(
            "file.truncated",
            severity,
            format!(
                "the header announces {} records, the file holds {present} complete ones and {rest} bytes of another",
                quote(bytes)
            ),
        ));
    } else if declared.and_then(|n| u64::try_from(n).ok()) != Some(present) {
        findings.push(Finding::new(
            "file.record_count",
            Severity::Info,
            format!(
                "the header gives the number of records as {}, the file holds {present}; the latter is used",
                quote(bytes)
            ),
        ));
    }
    present
}

/// Seconds per record. 0 is right for a file of annotations only.
fn record_duration(
    format: Format,
    bytes: &[u8],
    signals: &[Signal],
    findings: &mut Vec<Finding>,
) -> Result<f64, FormatError> {
    let Some(seconds) = field::number(bytes).filter(|s| *s == 0.0 || (1e-6..=1e8).contains(s))
    else {
        return Err(FormatError::Invalid {
            format,
            what: "the duration of a record".to_owned(),
            offset: 244,
            expected: "0, or from 0.000001 to 99999999 s",
            got: quote(bytes),
        });
    };
    let has_samples = signals.iter().any(|s| !s.is_annotations && s.n_per_record > 0);
    if seconds == 0.0 && has_samples {
        findings.push(Finding::new(
            "header.record_duration",
            Severity::Problem,
            "the header gives records a duration of 0 s; 1 s is assumed, so all times and rates may be wrong",
        ));
        return Ok(1.0);
    }
    Ok(seconds)
}
