//! What the time stamps of a stream say about it: missing samples, jitter, the rate it really has.

use std::collections::VecDeque;

use clx_signal::SampleRate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::LatencyHistogram;

/// Gaps that are remembered one by one, the newest; all are counted.
const MAX_GAPS: usize = 1000;

/// A stretch without samples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StreamGap {
    /// Time stamp of the last sample before it, seconds on the stream's clock.
    pub after_s: f64,
    /// From that sample to the next, seconds.
    pub duration_s: f64,
    /// Samples that would have filled it at the nominal rate; 0 for an irregular stream.
    pub n_missing: u64,
}

/// Watches time stamps as they come.
///
/// An interval is a gap when it is longer than `min_gap_s` and than one and a half sample periods;
/// shorter irregularity is jitter, the deviation of an interval from the period. Give the stamps
/// after clock synchronisation and before dejittering, which hides both. A stamp that goes back is
/// counted and starts anew.
///
/// ```
/// use clx_live::GapMonitor;
/// use clx_signal::SampleRate;
/// let mut monitor = GapMonitor::new(Some(SampleRate::from_hz(100.0)?), 0.1);
/// (0..100).for_each(|i| { monitor.push(f64::from(i) * 0.01); });
/// let gap = monitor.push(1.49).unwrap();
/// assert_eq!(gap.n_missing, 49);
/// let report = monitor.report();
/// assert_eq!((report.n_samples, report.n_missing), (101, 49));
/// assert!((report.effective_rate_hz.unwrap() - 67.114).abs() < 1e-3); // 100 intervals in 1.49 s
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
#[derive(Clone, Debug)]
pub struct GapMonitor {
    rate: Option<SampleRate>,
    min_gap_s: f64,
    first_s: Option<f64>,
    last_s: f64,
    n_samples: u64,
    n_gaps: u64,
    n_missing: u64,
    n_backwards: u64,
    n_not_finite: u64,
    longest_gap_s: f64,
    /// Seconds and intervals of the stretches before the last step back.
    earlier: (f64, u64),
    n_intervals: u64,
    gaps: VecDeque<StreamGap>,
    jitter: LatencyHistogram,
}

/// Figures of a [`GapMonitor`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GapReport {
    pub n_samples: u64,
    pub n_gaps: u64,
    /// Samples missing in all gaps, by the nominal rate.
    pub n_missing: u64,
    /// Missing as a share of what should have come, 0..=1.
    pub missing_share: f64,
    pub longest_gap_s: f64,
    /// Stamps before the one before them.
    pub n_backwards: u64,
    /// Stamps that are no number; they take no part in anything else.
    pub n_not_finite: u64,
    /// Median deviation of an interval from the period; absent for irregular streams.
    pub jitter_p50_ms: Option<f64>,
    pub jitter_p99_ms: Option<f64>,
    /// Intervals per second of the stream's own time, gaps included.
    pub effective_rate_hz: Option<f64>,
    /// The newest gaps, at most 1000.
    pub gaps: Vec<StreamGap>,
}

impl GapMonitor {
    /// `rate`: the nominal one, absent for an irregular stream. A `min_gap_s` that is no positive
    /// number counts as 0, which leaves one and a half periods.
    pub fn new(rate: Option<SampleRate>, min_gap_s: f64) -> Self {
        Self {
            rate,
            min_gap_s: min_gap_s.max(0.0),
            first_s: None,
            last_s: 0.0,
            n_samples: 0,
            n_gaps: 0,
            n_missing: 0,
            n_backwards: 0,
            n_not_finite: 0,
            longest_gap_s: 0.0,
            earlier: (0.0, 0),
            n_intervals: 0,
            gaps: VecDeque::new(),
            jitter: LatencyHistogram::new(),
        }
    }

    /// Takes the stamp of the next sample; returns the gap before it, if there is one.
    pub fn push(&mut self, stamp_s: f64) -> Option<StreamGap> {
        if !stamp_s.is_finite() {
            self.n_not_finite += 1;
            return None;
        }
        self.n_samples += 1;
        let Some(first_s) = self.first_s else {
            self.first_s = Some(stamp_s);
            self.last_s = stamp_s;
            return None;
        };
        let interval = stamp_s - self.last_s;
        if interval < 0.0 {
            self.n_backwards += 1;
            self.earlier.0 += self.last_s - first_s;
            self.earlier.1 += self.n_intervals;
            self.n_intervals = 0;
            (self.first_s, self.last_s) = (Some(stamp_s), stamp_s);
            return None;
        }
        self.n_intervals += 1;
        let gap = self.gap(interval);
        match gap {
            Some(gap) => self.note(gap),
            None => {
                if let Some(rate) = self.rate {
                    self.jitter.record_s((interval - 1.0 / rate.hz()).abs());
                }
            }
        }
        self.last_s = stamp_s;
        gap
    }

    fn gap(&self, interval: f64) -> Option<StreamGap> {
        let periods = self.rate.map(|rate| interval * rate.hz());
        // An irregular stream is silent as long as it likes unless a length was named.
        let long = match periods {
            Some(periods) => interval > self.min_gap_s && periods > 1.5,
            None => self.min_gap_s > 0.0 && interval > self.min_gap_s,
        };
        long.then(|| StreamGap {
            after_s: self.last_s,
            duration_s: interval,
            n_missing: periods.map_or(0, |p| (p.round() as u64).saturating_sub(1)),
        })
    }

    fn note(&mut self, gap: StreamGap) {
        self.n_gaps += 1;
        self.n_missing = self.n_missing.saturating_add(gap.n_missing);
        self.longest_gap_s = self.longest_gap_s.max(gap.duration_s);
        if self.gaps.len() == MAX_GAPS {
            self.gaps.pop_front();
        }
        self.gaps.push_back(gap);
    }

    pub fn report(&self) -> GapReport {
        let span = self.earlier.0 + self.first_s.map_or(0.0, |first| self.last_s - first);
        let n_intervals = self.earlier.1 + self.n_intervals;
        let due = self.n_samples.saturating_add(self.n_missing);
        let ms = |s: f64| s * 1e3;
        GapReport {
            n_samples: self.n_samples,
            n_gaps: self.n_gaps,
            n_missing: self.n_missing,
            missing_share: self.n_missing as f64 / due.max(1) as f64,
            longest_gap_s: self.longest_gap_s,
            n_backwards: self.n_backwards,
            n_not_finite: self.n_not_finite,
            jitter_p50_ms: self.jitter.quantile_s(0.5).map(ms),
            jitter_p99_ms: self.jitter.quantile_s(0.99).map(ms),
            effective_rate_hz: (span > 0.0).then(|| n_intervals as f64 / span),
            gaps: self.gaps.iter().copied().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clx_testkit::{Tolerance, assert_close};

    use super::*;

    fn monitor(hz: f64) -> GapMonitor {
        GapMonitor::new(Some(SampleRate::from_hz(hz).unwrap()), 0.05)
    }

    #[test]
    fn an_even_stream_has_its_rate_and_no_gap() {
        let mut even = monitor(250.0);
        assert!((0..1000).all(|i| even.push(5.0 + f64::from(i) / 250.0).is_none()));
        let report = even.report();
        assert_close(report.effective_rate_hz.unwrap(), 250.0, Tolerance::Relative(1e-9));
        assert!(report.jitter_p99_ms.unwrap() < 1e-3);
        assert_eq!((report.n_gaps, report.missing_share), (0, 0.0));
    }

    #[test]
    fn jitter_is_the_deviation_from_the_period() {
        // Stamps alternate 1 ms early and late, so that every interval is 2 ms off.
        let mut jittery = monitor(100.0);
        for i in 0..1000 {
            let shift = if i % 2 == 0 { -1e-3 } else { 1e-3 };
            jittery.push(f64::from(i) * 0.01 + shift);
        }
        let report = jittery.report();
        assert_close(report.jitter_p50_ms.unwrap(), 2.0, Tolerance::Relative(1.0 / 32.0));
        assert_eq!(report.n_gaps, 0);
    }

    #[test]
    fn a_clock_that_jumps_back_starts_anew() {
        let mut reset = monitor(100.0);
        (0..101).for_each(|i| assert!(reset.push(1000.0 + f64::from(i) * 0.01).is_none()));
        (0..101).for_each(|i| assert!(reset.push(f64::from(i) * 0.01).is_none()));
        let report = reset.report();
        assert_eq!((report.n_backwards, report.n_gaps, report.n_samples), (1, 0, 202));
        assert_close(report.effective_rate_hz.unwrap(), 100.0, Tolerance::Relative(1e-9));
    }

    #[test]
    fn stamps_that_are_no_numbers_are_counted_and_left_out() {
        let mut odd = monitor(100.0);
        assert_eq!([f64::NAN, f64::INFINITY].map(|s| odd.push(s)), [None; 2]);
        let report = odd.report();
        assert_eq!((report.n_not_finite, report.n_samples), (2, 0));
        assert_eq!(report.effective_rate_hz, None);
    }

    #[test]
    fn an_irregular_stream_has_neither_jitter_nor_missing_samples() {
        let mut markers = GapMonitor::new(None, 0.0);
        assert_eq!([0.0, 0.4, 17.0].map(|s| markers.push(s)), [None; 3]);
        let report = markers.report();
        assert_eq!((report.jitter_p50_ms, report.n_missing), (None, 0));
    }

    #[test]
    fn only_the_newest_gaps_are_remembered() {
        let mut broken = monitor(100.0);
        (0..1500).for_each(|i| {
            broken.push(f64::from(i));
        });
        let report = broken.report();
        assert_eq!((report.n_gaps, report.gaps.len()), (1499, MAX_GAPS));
        assert_eq!(report.gaps.last().unwrap().after_s, 1498.0);
    }
}
