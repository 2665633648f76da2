//! The table of events behind the records.

use std::io::{Read, SeekFrom};

use clx_signal::{Annotation, Finding, Severity};

use super::header::Header;
use crate::{ByteSource, FormatError};

/// Events as annotations; the text is the number of the type. Source: GDF 2.51, section event table.
pub(super) fn read(
    source: &mut dyn ByteSource,
    header: &Header,
    names: &[String],
    findings: &mut Vec<Finding>,
) -> Result<Vec<Annotation>, FormatError> {
    let at = header.data_offset + header.n_records * header.record_bytes as u64;
    source.seek(SeekFrom::Start(at))?;
    let mut head = Vec::new();
    source.take(8).read_to_end(&mut head)?;
    let &[mode, a, b, c, d, e, f, g] = &head[..] else { return Ok(Vec::new()) };
    // Mode 3 adds a channel and a duration.
    let bytes_per_event = match mode {
        1 => 6,
        3 => 12,
        _ => return Ok(Vec::new()),
    };
    let three = u64::from(u32::from_le_bytes([a, b, c, 0]));
    let four = [d, e, f, g];
    // The two fields changed places in version 1.94.
    let (n, rate_hz) = match header.version < 1.94 {
        true => (u64::from(u32::from_le_bytes(four)), three as f64),
        false => (three, f64::from(f32::from_le_bytes(four))),
    };
    let mut table = Vec::new();
    source.take(n * bytes_per_event).read_to_end(&mut table)?;
    let present = table.len() as u64 / bytes_per_event;
    if present < n {
        let message = format!("the file ends within its table of {n} events, which is left out");
        findings.push(Finding::new("annotations.damaged", Severity::Warning, message));
        return Ok(Vec::new());
    }
    let fastest_hz = header.signals.iter().map(|s| s.rate.hz()).fold(1.0, f64::max);
    let rate_hz = if rate_hz.is_finite() && rate_hz > 0.0 { rate_hz } else { fastest_hz };
    let mut found: Vec<Annotation> =
        (0..n as usize).map(|i| event(&table, n as usize, i, mode == 3, rate_hz, names)).collect();
    found.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
    Ok(found)
}

/// The `i`-th of `n` events; the table holds all positions, then all types, channels, durations.
fn event(
    table: &[u8],
    n: usize,
    i: usize,
    is_long: bool,
    rate_hz: f64,
    names: &[String],
) -> Annotation {
    let u16_at = |at: usize| u16::from_le_bytes([table[at], table[at + 1]]);
    let u32_at =
        |at: usize| u32::from_le_bytes([table[at], table[at + 1], table[at + 2], table[at + 3]]);
    // Positions count from 1.
    let onset_s = (f64::from(u32_at(4 * i)) - 1.0) / rate_hz;
    let text = u16_at(4 * n + 2 * i).to_string();
    let (channel, duration_s) = match is_long {
        true => (
            usize::from(u16_at(6 * n + 2 * i)).checked_sub(1),
            Some(f64::from(u32_at(8 * n + 4 * i)) / rate_hz),
        ),
        false => (None, None),
    };
    let channel = channel.and_then(|index| names.get(index).cloned());
    Annotation { onset_s, duration_s, text, channel }
}
