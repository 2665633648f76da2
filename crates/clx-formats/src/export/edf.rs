use std::io::Write;

use clx_signal::{Annotation, ChannelInfo, Finding, Gap, RecordingHeader, Severity};

use super::{BLOCK_S, Progress, file_unit};
use crate::edf::{EdfSpec, EdfWriter, SignalSpec};
use crate::{Format, FormatError, Identity, RecordingReader};

/// A step of EEG larger than this hides what amplifiers resolve.
const COARSE_STEP_UV: f64 = 0.5;

/// How [`write_edf`] writes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EdfOptions {
    /// 24 bits (BDF+) instead of 16 (EDF+).
    pub bdf: bool,
    /// Fields that point to a person; empty ones are written in the anonymous form.
    pub identity: Identity,
}

/// Writes a recording with its annotations as EDF+ or BDF+.
///
/// Each channel gets the whole range of the converter between its own smallest and largest sample,
/// so the error is at most half of `(max - min) / 65535`, or `/ 16777215` for BDF+. Interruptions
/// become EDF+D where they lie between records, else annotations.
///
/// # Errors
/// [`FormatError::Request`] for rates that fit no record duration or samples no header can scale.
pub fn write_edf<W: Write>(
    reader: &mut RecordingReader,
    out: W,
    options: &EdfOptions,
    progress: &Progress<'_>,
) -> Result<Vec<Finding>, FormatError> {
    let mut annotations = reader.annotations()?;
    let header = reader.header().clone();
    let mut findings = Vec::new();
    let record_s = record_duration(&header, &mut findings)?;
    let gaps = place_gaps(&header.gaps, record_s, &mut annotations, &mut findings);
    let ranges = ranges(reader, &|done| progress(done / 2.0))?;
    let mut signals = Vec::with_capacity(ranges.len());
    for (info, range) in header.channels.iter().zip(&ranges) {
        signals.push(signal(info, *range, record_s, options.bdf, &mut findings)?);
    }
    let lengths = header.channels.iter().zip(&signals);
    let n_records =
        lengths.map(|(info, s)| info.n_samples.div_ceil(s.n_per_record as u64)).max().unwrap_or(0);
    let n_records = n_records.max(u64::from(!annotations.is_empty()));
    let spec = EdfSpec {
        format: match (options.bdf, gaps.is_empty()) {
            (false, true) => Format::EdfPlusC,
            (false, false) => Format::EdfPlusD,
            (true, true) => Format::BdfPlusC,
            (true, false) => Format::BdfPlusD,
        },
        start: header.start.clone().filter(|s| fits_century(s)),
        identity: options.identity.clone(),
        record_s,
        n_records,
        signals: signals.clone(),
        annotations: relabelled(annotations, &header),
        gaps,
    };
    let mut writer = EdfWriter::new(out, spec)?;
    copy(reader, &header, &signals, n_records, &mut writer, progress)?;
    writer.finish()?;
    progress(1.0);
    Ok(findings)
}

/// Second pass: quantises and writes record by record.
fn copy<W: Write>(
    reader: &mut RecordingReader,
    header: &RecordingHeader,
    signals: &[SignalSpec],
    n_records: u64,
    writer: &mut EdfWriter<W>,
    progress: &Progress<'_>,
) -> Result<(), FormatError> {
    let picks: Vec<usize> = (0..header.channels.len()).collect();
    let mut pending: Vec<Pending> = picks.iter().map(|_| Pending::default()).collect();
    let mut n_written = 0_u64;
    for block in reader.blocks(&picks, BLOCK_S) {
        for (i, samples) in block?.samples.iter().enumerate() {
            let (_, to_file) = file_unit(&header.channels[i]);
            pending[i].push(samples, to_file, &signals[i]);
        }
        let whole = |(p, s): (&Pending, &SignalSpec)| p.samples.len() >= s.n_per_record;
        while n_written < n_records && pending.iter().zip(signals).all(whole) {
            write_record(&mut pending, signals, writer)?;
            n_written += 1;
        }
        progress(0.5 + 0.5 * n_written as f64 / n_records.max(1) as f64);
    }
    while n_written < n_records {
        // The last record is filled up by repeating the last sample.
        for (p, s) in pending.iter_mut().zip(signals) {
            p.samples.resize(p.samples.len().max(s.n_per_record), p.last);
        }
        write_record(&mut pending, signals, writer)?;
        n_written += 1;
    }
    Ok(())
}

/// Converter values of a channel that wait for their record.
#[derive(Debug, Default)]
struct Pending {
    samples: Vec<i32>,
    last: i32,
}

impl Pending {
    fn push(&mut self, samples: &[f32], to_file: f64, s: &SignalSpec) {
        let span = f64::from(s.digital_max) - f64::from(s.digital_min);
        let per_unit = span / (s.physical_max - s.physical_min);
        self.samples.extend(samples.iter().map(|&x| {
            let steps = (f64::from(x) * to_file - s.physical_min) * per_unit;
            let digital = (steps + f64::from(s.digital_min)).round();
            (digital as i32).clamp(s.digital_min, s.digital_max)
        }));
        self.last = self.samples.last().copied().unwrap_or(self.last);
    }
}

fn write_record<W: Write>(
    pending: &mut [Pending],
    signals: &[SignalSpec],
    writer: &mut EdfWriter<W>,
) -> Result<(), FormatError> {
    let rows: Vec<&[i32]> =
        pending.iter().zip(signals).map(|(p, s)| &p.samples[..s.n_per_record]).collect();
    writer.write_record(&rows)?;
    for (p, s) in pending.iter_mut().zip(signals) {
        p.samples.drain(..s.n_per_record);
    }
    Ok(())
}

/// Smallest and largest sample of every channel, in the unit of the file.
fn ranges(
    reader: &mut RecordingReader,
    progress: &Progress<'_>,
) -> Result<Vec<(f64, f64)>, FormatError> {
    let header = reader.header().clone();
    let picks: Vec<usize> = (0..header.channels.len()).collect();
    let mut ranges = vec![(f64::INFINITY, f64::NEG_INFINITY); picks.len()];
    for block in reader.blocks(&picks, BLOCK_S) {
        let block = block?;
        for (i, samples) in block.samples.iter().enumerate() {
            let (_, to_file) = file_unit(&header.channels[i]);
            for &x in samples {
                let x = f64::from(x) * to_file;
                if !x.is_finite() {
                    let got = format!("{x} in channel {}", header.channels[i].name);
                    return Err(refuse("a sample to write", "a finite number", got));
                }
                ranges[i] = (ranges[i].0.min(x), ranges[i].1.max(x));
            }
        }
        progress(block.tmin_s / header.duration_s.max(1e-9));
    }
    Ok(ranges)
}

/// The record duration: one at which every channel has a whole number of samples.
fn record_duration(
    header: &RecordingHeader,
    findings: &mut Vec<Finding>,
) -> Result<f64, FormatError> {
    const CANDIDATES_S: [f64; 8] = [1.0, 2.0, 4.0, 5.0, 8.0, 10.0, 30.0, 60.0];
    let whole = |x: f64| x.round() >= 1.0 && (x - x.round()).abs() < 1e-6;
    let fits = |s: &f64| header.channels.iter().all(|c| whole(c.rate.hz() * s));
    if let Some(s) = CANDIDATES_S.into_iter().find(fits) {
        return Ok(s);
    }
    let first_hz = header.channels.first().map_or(1.0, |c| c.rate.hz());
    if header.channels.iter().any(|c| c.rate.hz() != first_hz) {
        let expected = "rates with a whole number of samples within 1, 2, 4, 5, 8, 10, 30 or 60 s";
        return Err(refuse("the rates", expected, "others".to_owned()));
    }
    // One odd rate: a duration of so many samples, in the eight characters that the header has.
    let n = first_hz.round().max(1.0);
    let exact_s = n / first_hz;
    let s = above(exact_s).filter(|s| *s > 0.0);
    let s =
        s.ok_or_else(|| refuse("the rate", "from 0.00001 to 1000000 Hz", first_hz.to_string()))?;
    let message = format!("the header can only give the rate of {first_hz} Hz as {:.7} Hz", n / s);
    findings.push(Finding::new("header.rate", Severity::Info, message));
    Ok(s)
}

/// Gaps that lie between records; the others become annotations.
fn place_gaps(
    gaps: &[Gap],
    record_s: f64,
    annotations: &mut Vec<Annotation>,
    findings: &mut Vec<Finding>,
) -> Vec<Gap> {
    let between = |g: &Gap| {
        let records = g.at_s / record_s;
        (records - records.round()).abs() < 1e-6
    };
    if gaps.iter().all(between) {
        return gaps.to_vec();
    }
    for gap in gaps {
        annotations.push(Annotation {
            onset_s: gap.at_s,
            duration_s: None,
            text: format!("gap of {} s", super::seconds(gap.duration_s)),
            channel: None,
        });
    }
    annotations.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
    let message = format!(
        "{} interruptions do not lie between records of {record_s} s; they are written as annotations",
        gaps.len()
    );
    findings.push(Finding::new("signal.gaps", Severity::Warning, message));
    Vec::new()
}

fn signal(
    info: &ChannelInfo,
    (low, high): (f64, f64),
    record_s: f64,
    bdf: bool,
    findings: &mut Vec<Finding>,
) -> Result<SignalSpec, FormatError> {
    let (low, high) = if low > high { (0.0, 0.0) } else { (low, high) };
    let high = if high > low { high } else { low + low.abs().max(1.0) * 1e-3 };
    let limit = "within -999999 to 9999999 in the unit of its channel";
    let outside = || refuse("the samples", limit, format!("{low} to {high} in {}", info.name));
    let physical_min = above(-low).map(|x| -x).ok_or_else(outside)?;
    let physical_max = above(high).ok_or_else(outside)?;
    let (digital_min, digital_max) = if bdf { (-8_388_608, 8_388_607) } else { (-32_768, 32_767) };
    let (unit, _) = file_unit(info);
    let step = (physical_max - physical_min) / f64::from(digital_max - digital_min);
    if unit == "uV" && step > COARSE_STEP_UV {
        let message = format!(
            "16 bits over its range give steps of {step:.2} microvolts; BDF+ or a high-pass filter avoids that"
        );
        let finding = Finding::new("channel.coarse", Severity::Warning, message);
        findings.push(finding.on_channel(&info.name));
    }
    Ok(SignalSpec {
        label: info.label.clone(),
        unit: unit.to_owned(),
        physical_min,
        physical_max,
        digital_min,
        digital_max,
        prefilter: String::new(),
        n_per_record: (info.rate.hz() * record_s).round() as usize,
    })
}

/// The smallest number not below `x` whose text, and that of its negative, has 8 characters at most.
fn above(x: f64) -> Option<f64> {
    for decimals in (0..=6).rev() {
        let scale = 10_f64.powi(decimals);
        let text = format!("{:.*}", decimals as usize, (x * scale).ceil() / scale);
        let value: f64 = text.parse().ok()?;
        if value >= x && format!("{value}").len() <= 7 {
            return Some(value + 0.0);
        }
    }
    None
}

/// EDF's header knows 1985 to 2084.
fn fits_century(start: &str) -> bool {
    let year = start.get(..4).and_then(|y| y.parse::<i32>().ok());
    year.is_some_and(|y| (1985..=2084).contains(&y))
}

/// Annotations name channels; the file knows labels.
fn relabelled(mut annotations: Vec<Annotation>, header: &RecordingHeader) -> Vec<Annotation> {
    for annotation in &mut annotations {
        if let Some(name) = &mut annotation.channel
            && let Some(info) = header.channels.iter().find(|c| c.name == *name)
        {
            // The header cuts labels at 16 characters.
            *name = info.label.chars().take(16).collect();
        }
    }
    annotations
}

fn refuse(what: &'static str, expected: &str, got: String) -> FormatError {
    FormatError::Request { what, expected: expected.to_owned(), got }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_close_and_fit_their_field() {
        for x in [0.0, -0.1, 0.000_12, 1.0 / 3.0, -187_500.02, 61_379.36, 999_999.0, -5.0] {
            let limit = above(x).unwrap();
            assert!(limit >= x && limit - x <= 1e-5 * x.abs().max(1.0), "{x} {limit}");
            assert!(format!("{}", -limit).len() <= 8, "{limit}");
        }
        assert_eq!(above(1e9), None);
    }
}
