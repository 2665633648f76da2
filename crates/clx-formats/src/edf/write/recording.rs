use std::io::Write;

use clx_signal::{Annotation, Channel, Recording, Unit};

use super::{EdfSpec, EdfWriter, SignalSpec, refuse};
use crate::{Format, FormatError, Identity};

/// How [`write_recording`] writes.
#[derive(Clone, Debug, PartialEq)]
pub struct WriteOptions {
    /// One of the four `+` formats.
    pub format: Format,
    /// Start of the first sample, `2009-12-10T12:44:02.123456`.
    pub start: Option<String>,
    /// Left empty, the anonymous form of EDF+ is written.
    pub identity: Identity,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self { format: Format::EdfPlusC, start: None, identity: Identity::default() }
    }
}

/// Writes a recording with its annotations as EDF+ or BDF+.
///
/// Each channel is quantised to the full converter range of the format, symmetric about zero and
/// just wide enough for its largest sample, so the error is at most half a step: peak / 65534 for
/// 16 bits. Volts are written as `uV`. Records last 1 s, or the shortest of a few longer times at
/// which every channel has a whole number of samples; the last record is filled up by repeating
/// the last sample.
///
/// # Errors
/// [`FormatError::Request`] for a sample that is not finite, rates that fit no record duration, or
/// gaps that do not lie between records.
pub fn write_recording<W: Write>(
    out: W,
    recording: &Recording,
    options: &WriteOptions,
) -> Result<W, FormatError> {
    let record_s = record_duration(recording)?;
    let mut signals = Vec::with_capacity(recording.channels.len());
    let mut scales = Vec::with_capacity(recording.channels.len());
    let mut n_records = u64::from(!recording.annotations.is_empty());
    for channel in &recording.channels {
        let (signal, scale) = quantisation(channel, record_s, options.format)?;
        n_records = n_records.max(channel.samples.len().div_ceil(signal.n_per_record) as u64);
        signals.push(signal);
        scales.push(scale);
    }
    let spec = EdfSpec {
        format: options.format,
        start: options.start.clone(),
        identity: options.identity.clone(),
        record_s,
        n_records,
        signals,
        annotations: labelled(recording),
        gaps: recording.gaps.clone(),
    };
    let sizes: Vec<usize> = spec.signals.iter().map(|s| s.n_per_record).collect();
    let mut writer = EdfWriter::new(out, spec)?;
    let mut digital: Vec<Vec<i32>> = sizes.iter().map(|&n| vec![0; n]).collect();
    for record in 0..n_records as usize {
        for ((channel, scale), row) in recording.channels.iter().zip(&scales).zip(&mut digital) {
            let first = record * row.len();
            for (i, x) in row.iter_mut().enumerate() {
                let sample = channel.samples.get(first + i).or(channel.samples.last());
                *x = (f64::from(sample.copied().unwrap_or(0.0)) * scale).round() as i32;
            }
        }
        let rows: Vec<&[i32]> = digital.iter().map(Vec::as_slice).collect();
        writer.write_record(&rows)?;
    }
    writer.finish()
}

/// Annotations name channels; the file knows labels.
fn labelled(recording: &Recording) -> Vec<Annotation> {
    let label = |name: &String| {
        let index = recording.index(name);
        index.map_or(name.clone(), |i| recording.channels[i].info.label.clone())
    };
    let relabel =
        |a: &Annotation| Annotation { channel: a.channel.as_ref().map(label), ..a.clone() };
    recording.annotations.iter().map(relabel).collect()
}

fn record_duration(recording: &Recording) -> Result<f64, FormatError> {
    const CANDIDATES_S: [f64; 8] = [1.0, 2.0, 4.0, 5.0, 8.0, 10.0, 30.0, 60.0];
    let whole = |x: f64| x.round() >= 1.0 && (x - x.round()).abs() < 1e-6;
    let fits = |s: &f64| recording.channels.iter().all(|c| whole(c.info.rate.hz() * s));
    CANDIDATES_S.into_iter().find(fits).ok_or_else(|| {
        refuse(
            "the rates",
            "a whole number of samples within 1, 2, 4, 5, 8, 10, 30 or 60 s",
            "others",
        )
    })
}

/// The signal of `channel`, and the factor from its samples to converter values.
fn quantisation(
    channel: &Channel,
    record_s: f64,
    format: Format,
) -> Result<(SignalSpec, f64), FormatError> {
    let mut peak = 0.0_f64;
    for &x in &channel.samples {
        if !x.is_finite() {
            let what = format!("{x} in channel {}", channel.info.name);
            return Err(refuse("a sample to write", "a finite number", what));
        }
        peak = peak.max(f64::from(x).abs());
    }
    let (unit, factor) = match &channel.info.unit {
        Unit::Volt => ("uV".to_owned(), 1e6),
        Unit::Other(unit) => (unit.clone(), 1.0),
    };
    let limit = range_limit(peak * factor)?;
    let digital_max = if format.is_bdf() { 8_388_607 } else { 32_767 };
    let signal = SignalSpec {
        label: channel.info.label.clone(),
        unit,
        physical_min: -limit,
        physical_max: limit,
        digital_min: -digital_max,
        digital_max,
        prefilter: String::new(),
        n_per_record: (channel.info.rate.hz() * record_s).round() as usize,
    };
    Ok((signal, factor * f64::from(digital_max) / limit))
}

/// The smallest number not below `peak` that has at most 7 characters, so that its negative fits
/// the 8 characters of a field.
fn range_limit(peak: f64) -> Result<f64, FormatError> {
    if peak == 0.0 {
        return Ok(1.0);
    }
    // Digits after the point that leave room for those before it.
    let decimals = 6 - (peak.max(1.0).log10().floor() as i32 + 1).min(7);
    let step = 10_f64.powi(-decimals.max(0));
    let limit = (peak / step).ceil() * step;
    // Cut the rounding error of the product: 0.1 * 3 is not 0.3.
    let text = format!("{limit:.*}", decimals.max(0) as usize);
    let exact: f64 = text.parse().unwrap_or(limit);
    if exact >= peak && format!("{}", -exact).len() <= 8 {
        return Ok(exact);
    }
    Err(refuse("the largest sample", "below 9999999 in the unit of its channel", peak))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_wide_enough_and_fit_their_field() {
        for peak in [1e-5, 0.3, 0.999_999, 1.0, 99.999_99, 123.456_789, 8711.0, 999_999.5] {
            let limit = range_limit(peak).unwrap();
            assert!(limit >= peak && limit <= peak * 1.1 + 1e-5, "{peak} {limit}");
            assert!(format!("{}", -limit).len() <= 8, "{limit}");
        }
        assert_eq!(range_limit(0.0).unwrap(), 1.0);
        assert!(range_limit(1e9).is_err());
    }
}
