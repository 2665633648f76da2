use std::collections::VecDeque;

use clx_signal::SampleRate;
use clx_signal::iir::{self, Passband, Prototype, SosFilter};

use super::{BEAT_S, HIGHPASS_HZ, QRS_S, SHORTEST, STEEPNESS, mains_cycle};
use crate::EegError;
use crate::beats::{LEAST_DISTANCE_S, most_prominent};

/// Order of the causal high-pass: low, because every order delays slow waves further.
const ORDER: usize = 2;
/// Bursts whose mean length a new one is measured by.
const MEMORY: usize = 16;
/// A QRS complex lasts at least this long before any is known, seconds.
const FIRST_QRS_S: f64 = 0.03;
/// A burst longer than this is no QRS, seconds; it bounds the memory.
const LONGEST_QRS_S: f64 = 1.0;

/// Finds R peaks in a stream, causally.
///
/// The rules of [`super::detect_r_peaks`] with causal filters (Butterworth high-pass of order 2 at
/// 0.5 Hz, two moving means over a mains cycle) and the mean length of the last 16 bursts in place of
/// all. A beat is known at the end of its burst, at most [`LiveRPeaks::delay_s`] and the length of the
/// burst after it. Blocks of any size give the same beats. Samples that are no number are taken for
/// the last one before them.
#[derive(Debug)]
pub struct LiveRPeaks {
    filter: SosFilter,
    mains: [MovingSum; 2],
    qrs: MovingSum,
    beat: MovingSum,
    rate: SampleRate,
    n_samples: usize,
    last_input: f32,
    /// Cleaned samples, the newest last.
    clean: VecDeque<f64>,
    /// Steepness not yet compared with the mean around it.
    steep: VecDeque<f64>,
    /// Samples by which the comparison lags behind the input, and the clean signal.
    lag: usize,
    clean_lag: usize,
    burst: Option<usize>,
    was_above: bool,
    lengths: VecDeque<usize>,
    last_beat: Option<usize>,
}

/// Sum of the last `width` values.
#[derive(Clone, Debug)]
struct MovingSum {
    values: VecDeque<f64>,
    width: usize,
    sum: f64,
}

impl MovingSum {
    fn new(width: usize) -> Self {
        Self { values: VecDeque::with_capacity(width + 1), width: width.max(1), sum: 0.0 }
    }

    /// Takes a value, gives the mean of the last ones; before there are enough, of those there are.
    fn push(&mut self, value: f64) -> f64 {
        self.values.push_back(value);
        self.sum += value;
        if self.values.len() > self.width {
            self.sum -= self.values.pop_front().unwrap_or(0.0);
        }
        self.sum / self.values.len() as f64
    }
}

impl LiveRPeaks {
    /// # Errors
    /// [`EegError::Line`] for a mains frequency outside 10 to 400 Hz;
    /// [`clx_signal::SignalError::Band`] for a rate of at most 1 Hz.
    pub fn new(rate: SampleRate, line_hz: f64) -> Result<Self, EegError> {
        if !(10.0..=400.0).contains(&line_hz) {
            return Err(EegError::Line(line_hz));
        }
        let highpass = Passband::Highpass { edge_hz: HIGHPASS_HZ };
        let sos = iir::design(rate, ORDER, Prototype::Butterworth, highpass)?;
        let cycle = mains_cycle(rate, line_hz);
        let [qrs, beat] = [QRS_S, BEAT_S].map(|s| rate.samples(s).max(1));
        Ok(Self {
            filter: SosFilter::new(&sos, 1).settle_on_first(),
            mains: [MovingSum::new(cycle), MovingSum::new(cycle)],
            qrs: MovingSum::new(qrs),
            beat: MovingSum::new(beat),
            rate,
            n_samples: 0,
            last_input: 0.0,
            clean: VecDeque::new(),
            steep: VecDeque::new(),
            // Half of each centred window, and the sample that a gradient looks ahead.
            lag: (qrs - 1) / 2 + (beat - 1) / 2 + 1,
            clean_lag: cycle - 1,
            burst: None,
            was_above: false,
            lengths: VecDeque::new(),
            last_beat: None,
        })
    }

    /// Seconds from a sample to the moment when it is judged.
    pub fn delay_s(&self) -> f64 {
        self.rate.seconds(self.lag + self.clean_lag)
    }

    /// Takes the next samples and gives the beats that became known: indices counted from the first
    /// sample ever pushed.
    ///
    /// # Errors
    /// None for a stream of one channel; the filter's own are passed on.
    pub fn push(&mut self, samples: &[f32]) -> Result<Vec<usize>, EegError> {
        let mut block = samples.to_vec();
        for v in &mut block {
            if !v.is_finite() {
                *v = self.last_input;
            }
            self.last_input = *v;
        }
        let mut channels = [block];
        self.filter.process(&mut channels)?;
        let mut beats = Vec::new();
        for &v in &channels[0] {
            beats.extend(self.sample(f64::from(v)));
        }
        Ok(beats)
    }

    fn sample(&mut self, filtered: f64) -> Option<usize> {
        let once = self.mains[0].push(filtered);
        let clean = self.mains[1].push(once);
        self.n_samples += 1;
        self.clean.push_back(clean);
        let longest = self.lag + self.rate.samples(LONGEST_QRS_S) + 2;
        if self.clean.len() > longest {
            self.clean.pop_front();
        }
        let n = self.clean.len();
        if n < 3 {
            return None;
        }
        let slope = ((self.clean[n - 1] - self.clean[n - 3]) / 2.0).abs();
        let steep = self.qrs.push(slope);
        let usual = STEEPNESS * self.beat.push(steep);
        self.steep.push_back(steep);
        // The steepness in the middle of the window that the mean is over.
        let behind = (self.beat.width - 1) / 2 + 1;
        if self.steep.len() > behind {
            self.steep.pop_front();
        } else {
            return None;
        }
        self.compare(self.steep[0] > usual)
    }

    /// Follows the bursts; `above` is of the sample `lag` behind the newest.
    fn compare(&mut self, above: bool) -> Option<usize> {
        let now = self.n_samples.checked_sub(1 + self.lag)?;
        let before = std::mem::replace(&mut self.was_above, above);
        if above && !before {
            self.burst = Some(now.saturating_sub(1));
        }
        if above || !before {
            return None;
        }
        let start = self.burst.take()?;
        let end = now.saturating_sub(1);
        let length = end.saturating_sub(start);
        let usual = match self.lengths.len() {
            0 => FIRST_QRS_S * self.rate.hz() / SHORTEST,
            n => self.lengths.iter().sum::<usize>() as f64 / n as f64,
        };
        let long_enough = length as f64 >= SHORTEST * usual;
        if length as f64 >= FIRST_QRS_S * self.rate.hz() {
            self.lengths.push_back(length);
            if self.lengths.len() > MEMORY {
                self.lengths.pop_front();
            }
        }
        let first_kept = self.n_samples - self.clean.len();
        if !long_enough || start < first_kept {
            return None;
        }
        let near: Vec<f64> =
            self.clean.range(start - first_kept..end - first_kept).copied().collect();
        // The clean signal lags behind the input by the moving means.
        let beat = (start + most_prominent(&near)?).checked_sub(self.clean_lag)?;
        let least = self.rate.samples(LEAST_DISTANCE_S);
        if self.last_beat.is_some_and(|last| beat <= last + least) {
            return None;
        }
        self.last_beat = Some(beat);
        Some(beat)
    }
}
