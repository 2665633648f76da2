use std::io::Write;

use clx_signal::{Annotation, Gap};

use super::{BLOCK_S, Progress, Sheet, clock_s, field, file_unit, seconds};
use crate::{FormatError, RecordingReader};

/// Writes the channels of `sheet` as a table: time in seconds on the clock (with interruptions),
/// then a column per channel, volts as microvolts with the nine digits that give every sample back
/// exactly.
///
/// # Errors
/// [`FormatError::Io`] when reading or writing fails.
pub fn write_csv<W: Write>(
    reader: &mut RecordingReader,
    sheet: &Sheet,
    delimiter: char,
    out: &mut W,
    progress: &Progress<'_>,
) -> Result<(), FormatError> {
    let header = reader.header().clone();
    write!(out, "time (s)")?;
    for &pick in &sheet.picks {
        let info = &header.channels[pick];
        let (unit, _) = file_unit(info);
        let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
        write!(out, "{delimiter}{}", quoted(&format!("{}{unit}", info.name), delimiter))?;
    }
    writeln!(out)?;
    let factors: Vec<f64> =
        sheet.picks.iter().map(|&pick| file_unit(&header.channels[pick]).1).collect();
    let mut row = 0_u64;
    let mut line = String::new();
    for block in reader.blocks(&sheet.picks, BLOCK_S) {
        let samples = block?.samples;
        for i in 0..samples.first().map_or(0, Vec::len) {
            line.clear();
            line.push_str(&seconds(clock_s(&header.gaps, row as f64 / sheet.rate.hz())));
            for (channel, factor) in samples.iter().zip(&factors) {
                line.push(delimiter);
                push_number(f64::from(channel[i]) * factor, &mut line);
            }
            line.push('\n');
            out.write_all(line.as_bytes())?;
            row += 1;
        }
        progress(row as f64 / sheet.n_samples.max(1) as f64);
    }
    out.flush()?;
    Ok(())
}

/// Writes annotations as a table: onset and duration in seconds on the clock, text, channel.
///
/// # Errors
/// [`FormatError::Io`] when writing fails.
pub fn write_events<W: Write>(
    annotations: &[Annotation],
    gaps: &[Gap],
    delimiter: char,
    out: &mut W,
) -> Result<(), FormatError> {
    writeln!(out, "onset (s){delimiter}duration (s){delimiter}text{delimiter}channel")?;
    for a in annotations {
        let duration = a.duration_s.map(seconds).unwrap_or_default();
        let text = quoted(&field(&a.text), delimiter);
        let channel = quoted(a.channel.as_deref().unwrap_or_default(), delimiter);
        let onset = seconds(clock_s(gaps, a.onset_s));
        writeln!(out, "{onset}{delimiter}{duration}{delimiter}{text}{delimiter}{channel}")?;
    }
    out.flush()?;
    Ok(())
}

/// Nine significant digits, which tell any two 32-bit numbers apart.
fn push_number(x: f64, line: &mut String) {
    use std::fmt::Write;
    let decimals = if x == 0.0 { 0 } else { (8 - x.abs().log10().floor() as i32).clamp(0, 30) };
    let start = line.len();
    // Writing to a string does not fail.
    let _written = write!(line, "{x:.*}", decimals as usize);
    if decimals > 0 {
        let kept = line[start..].trim_end_matches('0').trim_end_matches('.').len();
        line.truncate(start + kept);
    }
}

fn quoted(text: &str, delimiter: char) -> String {
    if text.contains([delimiter, '"']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_nine_digits() {
        for (x, text) in [
            (0.0, "0"),
            (-12.5, "-12.5"),
            (1e-7, "0.0000001"),
            (123_456_789.4, "123456789"),
            (1.0 / 3.0, "0.333333333"),
        ] {
            let mut line = String::new();
            push_number(x, &mut line);
            assert_eq!(line, text);
        }
    }
}
