//! The pass over all rows on opening: counts, times, interruptions, events, what is wrong.

use clx_signal::{ChannelKind, Finding, Severity};

use super::amplitude::Differences;
use super::clock::RowClock;
use super::column::{Columns, Program, TimeUnit};
use super::dialect::{Dialect, decode, number};
use super::rows::{Fields, Rows};
use super::{Mark, ROWS_PER_MARK, invalid, time};
use crate::{Format, FormatError};

/// OpenBCI's amplifier has +-187.5 mV at a gain of 24 (ADS1299, 4.5 V reference).
const OPENBCI_RAIL_UV: f64 = 187_500.0;

/// Longest text of an annotation.
const MAX_TEXT_BYTES: usize = 1_024;

/// What the pass over all rows finds.
pub(super) struct Pass {
    pub(super) n_rows: u64,
    n_bad: u64,
    n_missing: Vec<u64>,
    railed: Vec<bool>,
    pub(super) marks: Vec<Mark>,
    pub(super) clock: RowClock,
    pub(super) differences: Differences,
    /// Position in rows and text.
    pub(super) events: Vec<(f64, String)>,
    n_events_left_out: u64,
    truncated: bool,
}

impl Pass {
    pub(super) fn new(columns: &Columns, clock: RowClock) -> Self {
        let n = columns.signals.len();
        let unitless = columns.signals.iter().filter(|s| s.unit.is_none()).count();
        Self {
            n_rows: 0,
            n_bad: 0,
            n_missing: vec![0; n],
            railed: vec![false; n],
            marks: Vec::new(),
            clock,
            differences: Differences::new(unitless),
            events: Vec::new(),
            n_events_left_out: 0,
            truncated: false,
        }
    }

    pub(super) fn run(
        &mut self,
        rows: &mut Rows,
        dialect: &Dialect,
        columns: &Columns,
        budget: usize,
    ) -> Result<(), FormatError> {
        rows.go_to(dialect.data_offset)?;
        let mut held = vec![0.0; columns.signals.len()];
        let mut marked = vec![String::new(); columns.markers.len()];
        let last_column = columns.signals.last().map_or(0, |s| s.column);
        let mut short_end = false;
        loop {
            let offset = rows.offset();
            if !rows.next()? {
                break;
            }
            let fields = rows.fields();
            let time_s = self.time_s(&fields, dialect, columns);
            let sample = is_sample(&fields, dialect, columns);
            let mut position = self.n_rows as f64;
            if sample {
                if self.n_rows.is_multiple_of(ROWS_PER_MARK) {
                    self.marks.push(Mark { offset, held: held.clone().into() });
                }
                let count =
                    columns.counter.and_then(|c| number(fields.get(c), dialect.decimal_comma));
                self.clock.push(self.n_rows, time_s, count);
                self.values(&fields, dialect, columns, &mut held);
                self.n_rows += 1;
                short_end = fields.len() <= last_column;
            } else if !fields.is_comment() {
                let before = self.clock.last_s().zip(time_s).map_or(0.0, |(last, t)| t - last);
                let hz = self.clock.measured_hz().unwrap_or(0.0);
                // Between the row before and the next one, wherever its own time falls.
                position += (before * hz - 1.0).clamp(-1.0, 0.0);
                position = position.max(0.0);
            }
            let n_found = self.marks_of(&fields, columns, &mut marked, position, budget);
            if !sample && n_found == 0 && !fields.is_comment() {
                self.n_bad += 1;
            }
        }
        if short_end && self.n_rows > 1 {
            self.n_rows -= 1;
            self.truncated = true;
        }
        if self.n_rows == 0 {
            let got = "none".to_owned();
            return Err(invalid(Format::Csv, "the rows", "at least one with numbers", got));
        }
        Ok(())
    }

    fn time_s(&self, fields: &Fields<'_>, dialect: &Dialect, columns: &Columns) -> Option<f64> {
        let (column, unit) = columns.time?;
        let time_s = self.clock.seconds(raw_time(fields.get(column), unit, dialect)?);
        // Beyond 30 million years it is no time.
        (time_s.abs() < 1e15).then_some(time_s)
    }

    fn values(
        &mut self,
        fields: &Fields<'_>,
        dialect: &Dialect,
        columns: &Columns,
        held: &mut [f64],
    ) {
        let mut unitless = 0;
        for (i, signal) in columns.signals.iter().enumerate() {
            match number(fields.get(signal.column), dialect.decimal_comma) {
                Some(value) => {
                    held[i] = value;
                    self.railed[i] |= value.abs() >= OPENBCI_RAIL_UV;
                }
                None => self.n_missing[i] += 1,
            }
            if signal.unit.is_none() {
                self.differences.push(unitless, self.n_rows, held[i]);
                unitless += 1;
            }
        }
    }

    /// Annotations of a row; how many entries it has.
    fn marks_of(
        &mut self,
        fields: &Fields<'_>,
        columns: &Columns,
        marked: &mut [String],
        position: f64,
        budget: usize,
    ) -> usize {
        let mut n_found = 0;
        for (&(column, numeric), last) in columns.markers.iter().zip(marked) {
            let field = fields.get(column);
            let field = &field[..field.len().min(MAX_TEXT_BYTES)];
            let empty = match numeric {
                true => number(field, false).is_none_or(|x| x == 0.0),
                false => field.is_empty() || field == b"0" || field.eq_ignore_ascii_case(b"nan"),
            };
            if empty {
                last.clear();
                continue;
            }
            n_found += 1;
            let text = match numeric.then(|| number(field, false)).flatten() {
                Some(value) => value.to_string(),
                None => decode(field),
            };
            if *last != text {
                if self.events.len() < budget {
                    self.events.push((position, text.clone()));
                } else {
                    self.n_events_left_out += 1;
                }
                *last = text;
            }
        }
        n_found
    }

    pub(super) fn report(&self, columns: &Columns, program: Program, findings: &mut Vec<Finding>) {
        let mut report = |n: u64, code: &str, what: &str| {
            if n > 0 {
                findings.push(Finding::new(code, Severity::Warning, format!("{n} {what}")));
            }
        };
        report(self.n_bad, "file.damaged", "rows hold no numbers and are left out");
        report(
            columns.n_ignored as u64,
            "file.columns",
            "columns hold no numbers and are left out",
        );
        let what = "markers are too many for the file's size and are left out";
        report(self.n_events_left_out, "annotations.limit", what);
        if self.truncated {
            let message = "the last row is cut off and left out";
            findings.push(Finding::new("file.truncated", Severity::Warning, message));
        }
        for (i, signal) in columns.signals.iter().enumerate() {
            let n = self.n_missing[i];
            if n > 0 {
                let message = format!("{n} values are missing; the one before is repeated");
                let finding = Finding::new("signal.missing", Severity::Warning, message);
                findings.push(finding.on_channel(&signal.name));
            }
            if self.railed[i] && program == Program::OpenBci && signal.kind == ChannelKind::Eeg {
                let message =
                    "the amplifier was at its limit of 187.5 mV: the electrode had no contact then";
                let finding = Finding::new("signal.railed", Severity::Warning, message);
                findings.push(finding.on_channel(&signal.name));
            }
        }
    }
}

/// A row of samples has a number in at least one signal, and no more fields than columns.
pub(super) fn is_sample(fields: &Fields<'_>, dialect: &Dialect, columns: &Columns) -> bool {
    // A delimiter at the end makes one field more.
    fields.len() <= dialect.n_columns + 1
        && !fields.is_comment()
        && columns
            .signals
            .iter()
            .any(|s| number(fields.get(s.column), dialect.decimal_comma).is_some())
}

fn raw_time(field: &[u8], unit: TimeUnit, dialect: &Dialect) -> Option<f64> {
    match unit {
        TimeUnit::Number(_) => number(field, dialect.decimal_comma),
        TimeUnit::Civil => time::civil_s(std::str::from_utf8(field).ok()?),
    }
}

/// The times of the first rows, in the unit of the file.
pub(super) fn first_times(
    rows: &mut Rows,
    dialect: &Dialect,
    columns: &Columns,
) -> Result<Vec<f64>, FormatError> {
    let mut times = Vec::new();
    let Some((column, unit)) = columns.time else { return Ok(times) };
    rows.go_to(dialect.data_offset)?;
    while times.len() < RowClock::n_first() && rows.next()? {
        let fields = rows.fields();
        if is_sample(&fields, dialect, columns) {
            times.extend(raw_time(fields.get(column), unit, dialect));
        }
    }
    Ok(times)
}
