//! The rate of a table and its interruptions, from times and counters of the rows.

use clx_signal::{Finding, Gap, Severity};

use super::column::TimeUnit;
use super::time;

/// Rows that are looked at before the unit of time is settled.
const N_FIRST: usize = 1_024;

/// A step between rows longer than this, and than five rows, is an interruption.
const GAP_S: f64 = 1.0;
const GAP_ROWS: f64 = 5.0;

/// More irregular steps than this say that the column is no counter.
const MAX_STEPS: usize = 1_000_000;

/// A step in counter or time that is not the usual one.
#[derive(Clone, Copy, Debug)]
struct Step {
    row: u64,
    by: f64,
    /// Seconds from the row before, where there is a time.
    dt_s: f64,
}

/// Follows times and counters row by row.
#[derive(Debug)]
pub(super) struct RowClock {
    unit: Option<TimeUnit>,
    /// Seconds of one unit of a numeric time; settled after some rows.
    seconds: f64,
    threshold_s: f64,
    pub(super) start_s: Option<f64>,
    last_s: Option<f64>,
    n_steps: u64,
    total_s: f64,
    n_backward: u64,
    breaks: Vec<Step>,
    last_count: Option<f64>,
    most: f64,
    n_wraps: u64,
    odd_steps: Vec<Step>,
    counter_failed: bool,
    unit_assumed: bool,
}

impl RowClock {
    pub(super) fn new(unit: Option<TimeUnit>) -> Self {
        let seconds = match unit {
            Some(TimeUnit::Number(Some(seconds))) => seconds,
            _ => 1.0,
        };
        Self {
            unit,
            seconds,
            threshold_s: GAP_S,
            start_s: None,
            last_s: None,
            n_steps: 0,
            total_s: 0.0,
            n_backward: 0,
            breaks: Vec::new(),
            last_count: None,
            most: 0.0,
            n_wraps: 0,
            odd_steps: Vec::new(),
            counter_failed: false,
            unit_assumed: false,
        }
    }

    /// Looks at the first rows, so that the unit and the usual step are known.
    pub(super) fn settle(&mut self, values: &[f64]) {
        let (Some(&first), n) = (values.first(), values.len()) else { return };
        let mut steps: Vec<f64> = values.windows(2).map(|w| w[1] - w[0]).collect();
        steps.sort_by(f64::total_cmp);
        let last = values[n - 1];
        // The mean, because times of rows that came in one packet are often equal; without the
        // longest steps, which may be interruptions.
        let kept = &steps[..steps.len() - steps.len() / 50];
        let mean = kept.iter().sum::<f64>() / kept.len().max(1) as f64;
        if self.unit == Some(TimeUnit::Number(None)) {
            self.seconds = time::epoch_unit_s(last.max(first)).unwrap_or_else(|| {
                self.unit_assumed = true;
                if mean < 0.5 { 1.0 } else { 1e-3 }
            });
        }
        self.threshold_s = GAP_S.max(GAP_ROWS * mean * self.seconds);
    }

    /// Takes the time of the next row, in its own unit, and gives it in seconds.
    pub(super) fn seconds(&self, value: f64) -> f64 {
        value * self.seconds
    }

    /// Takes time (seconds) and counter of row `row`.
    pub(super) fn push(&mut self, row: u64, time_s: Option<f64>, count: Option<f64>) {
        let dt_s = match (time_s, self.last_s) {
            (Some(t), Some(last)) => t - last,
            _ => f64::NAN,
        };
        if self.start_s.is_none() {
            self.start_s = time_s;
        }
        if let (Some(count), Some(last)) = (count, self.last_count)
            && count - last != 1.0
        {
            self.n_wraps += u64::from(count < last);
            if self.odd_steps.len() < MAX_STEPS {
                self.odd_steps.push(Step { row, by: count - last, dt_s });
            } else {
                self.counter_failed = true;
            }
        }
        if let Some(count) = count {
            self.most = self.most.max(count);
        }
        self.last_count = count.or(self.last_count);
        if dt_s > self.threshold_s {
            if self.breaks.len() < MAX_STEPS {
                self.breaks.push(Step { row, by: dt_s, dt_s });
            }
        } else if dt_s < -self.threshold_s {
            self.n_backward += 1;
        } else if dt_s.is_finite() {
            self.total_s += dt_s;
            self.n_steps += 1;
        }
        self.last_s = time_s.or(self.last_s);
    }

    /// Seconds of the last row.
    pub(super) fn last_s(&self) -> Option<f64> {
        self.last_s
    }

    /// Samples per second by the times, interruptions left out.
    pub(super) fn measured_hz(&self) -> Option<f64> {
        let hz = self.n_steps as f64 / self.total_s;
        (self.n_steps > 0 && (1e-6..=1e9).contains(&hz)).then_some(hz)
    }

    /// Interruptions at a rate, by the counter where it counts rows, else by the times.
    pub(super) fn gaps(&self, n_rows: u64, rate_hz: f64, findings: &mut Vec<Finding>) -> Vec<Gap> {
        if self.n_backward > 0 {
            let message = format!(
                "the time steps back {} times; rows are taken to follow one another there",
                self.n_backward
            );
            findings.push(Finding::new("file.overlapping_records", Severity::Warning, message));
        }
        if self.unit_assumed {
            let unit = if self.seconds < 1.0 { "milliseconds" } else { "seconds" };
            let message = format!("the time column has no unit; {unit} are assumed from its steps");
            findings.push(Finding::new("header.time_unit", Severity::Info, message));
        }
        let gap = |row: u64, n: f64| Gap { at_s: row as f64 / rate_hz, duration_s: n / rate_hz };
        if let Some(lost) = self.lost_by_counter(n_rows, rate_hz) {
            return lost.into_iter().map(|(row, n)| gap(row, n)).collect();
        }
        let missing = |step: &Step| ((step.by * rate_hz).round() - 1.0).max(1.0);
        self.breaks.iter().map(|step| gap(step.row, missing(step))).collect()
    }

    /// Rows that are missing, by row before which they are; `None` without a counter of rows.
    fn lost_by_counter(&self, n_rows: u64, rate_hz: f64) -> Option<Vec<(u64, f64)>> {
        self.last_count?;
        if self.counter_failed {
            return None;
        }
        let steps = n_rows.saturating_sub(1);
        // Amplifiers with a daisy-chained second board count every other sample.
        let twos = self.odd_steps.iter().filter(|s| s.by == 2.0).count() as u64;
        let step = if twos * 2 > steps { 2.0 } else { 1.0 };
        let irregular: Vec<&Step> = self.odd_steps.iter().filter(|s| s.by != step).collect();
        if irregular.len() as u64 * 2 > steps {
            return None;
        }
        // A counter of a byte starts again; then only the time tells how often it went round.
        let modulus = if self.n_wraps > 0 { self.most + step } else { 0.0 };
        let mut lost = Vec::new();
        for s in irregular {
            let by = s.by - step;
            let mut rows = match modulus > 0.0 {
                true => by.rem_euclid(modulus) / step,
                false => by / step,
            };
            if modulus > 0.0 && s.dt_s.is_finite() {
                let by_time = s.dt_s * rate_hz - 1.0;
                let round = modulus / step;
                rows += round * ((by_time - rows) / round).round().max(0.0);
            }
            if rows >= 1.0 {
                lost.push((s.row, rows.round()));
            }
        }
        // Whole rounds that were lost leave the counter as it should be.
        if modulus > 0.0 {
            let round = modulus / step;
            let seen: std::collections::HashSet<u64> =
                self.odd_steps.iter().map(|s| s.row).collect();
            for b in self.breaks.iter().filter(|b| !seen.contains(&b.row)) {
                let rounds = ((b.dt_s * rate_hz - 1.0) / round).round();
                if rounds >= 1.0 {
                    lost.push((b.row, rounds * round));
                }
            }
            lost.sort_by_key(|l| l.0);
        }
        Some(lost)
    }

    /// How many times `settle` wants to see.
    pub(super) const fn n_first() -> usize {
        N_FIRST
    }
}
