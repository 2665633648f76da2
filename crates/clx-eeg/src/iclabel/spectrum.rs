//! Spectrum and autocorrelation of the components as ICLabel takes them.

use std::sync::Arc;

use realfft::num_complex::Complex64;
use realfft::{RealFftPlanner, RealToComplex};

use clx_signal::resample::resample_poly;
use clx_signal::window::{Symmetry, Window};
use clx_signal::{SampleRate, SignalError};

use super::{N_BINS, no_power};
use crate::EegError;

/// Recordings longer than this have their autocorrelation averaged over windows.
const SHORT_S: f64 = 5.0;
/// Length of those windows.
const WINDOW_S: f64 = 3.0;
/// A dip this many units below both neighbours at 50 or 60 Hz is a notch filter's.
const NOTCH_DEPTH: f64 = 5.0;
const NOTCHES_HZ: [usize; 2] = [50, 60];

/// Transforms and windows for sources of one rate and length.
pub(super) struct Plan {
    /// Samples in one second.
    second: usize,
    window: Vec<f64>,
    n_fft: usize,
    short_fft: Arc<dyn RealToComplex<f64>>,
    /// Samples per segment of the autocorrelation, and its transform.
    lag_window: usize,
    lag_n_fft: usize,
    lag_fft: Arc<dyn RealToComplex<f64>>,
    whole: bool,
    nyquist_bins: usize,
    rate_hz: f64,
}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan").field("n_fft", &self.n_fft).finish_non_exhaustive()
    }
}

impl Plan {
    pub(super) fn new(rate: SampleRate, n_samples: usize) -> Result<Self, EegError> {
        let rate_hz = rate.hz();
        let second = rate_hz.floor() as usize;
        if second < 4 || n_samples < second {
            let needed = second.max(4);
            return Err(SignalError::TooShort { needed, window_s: 1.0, got: n_samples }.into());
        }
        let whole = n_samples as f64 / rate_hz <= SHORT_S;
        let lag_window = if whole { n_samples } else { (WINDOW_S * rate_hz).floor() as usize };
        let lag_n_fft = (2 * lag_window - 1).next_power_of_two();
        let mut planner = RealFftPlanner::new();
        Ok(Self {
            second,
            window: Window::Hamming.samples(second, Symmetry::Symmetric),
            n_fft: second,
            short_fft: planner.plan_fft_forward(second),
            lag_window,
            lag_n_fft,
            lag_fft: planner.plan_fft_forward(lag_n_fft),
            whole,
            nyquist_bins: (rate_hz / 2.0).floor() as usize,
            rate_hz,
        })
    }

    /// Power at 1 to 100 Hz over its largest magnitude, from medians over windows.
    ///
    /// ICLabel takes 20 log10 of a power, where dB would be 10; its network was trained so.
    pub(super) fn spectrum(&self, source: &[f64]) -> Result<Vec<f64>, EegError> {
        let n_bins = self.nyquist_bins.min(N_BINS);
        let mut powers: Vec<Vec<f64>> = vec![Vec::new(); n_bins];
        let energy: f64 = self.window.iter().map(|w| w * w).sum();
        let unit = 2.0 / (self.rate_hz * energy);
        self.segments(source, self.n_fft, |segment| {
            let mut input: Vec<f64> =
                segment.iter().zip(&self.window).map(|(x, w)| x * w).collect();
            let bins = transform(&*self.short_fft, &mut input);
            for (powers, bin) in powers.iter_mut().zip(&bins[1..]) {
                powers.push(bin.norm_sqr() * unit);
            }
        });
        let mut bins: Vec<f64> = powers.iter_mut().map(|p| median(p)).collect();
        if n_bins == self.nyquist_bins
            && let Some(last) = bins.last_mut()
        {
            *last /= 2.0;
        }
        if bins.iter().any(|p| !(*p > 0.0 && p.is_finite())) {
            return Err(no_power("power"));
        }
        bins.iter_mut().for_each(|p| *p = 20.0 * p.log10());
        bins.resize(N_BINS, bins[n_bins - 1]);
        for hz in NOTCHES_HZ {
            let (before, at, after) = (bins[hz - 2], bins[hz - 1], bins[hz]);
            if before - at > NOTCH_DEPTH && after - at > NOTCH_DEPTH {
                bins[hz - 1] = 0.5 * (before + after);
            }
        }
        let largest = bins.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
        if largest > 0.0 {
            bins.iter_mut().for_each(|v| *v /= largest);
        }
        Ok(bins)
    }

    /// Autocorrelation at 10 ms to 1 s.
    pub(super) fn autocorrelation(&self, source: &[f64]) -> Result<Vec<f64>, EegError> {
        let mut power = vec![0.0; self.lag_n_fft / 2 + 1];
        self.segments(source, self.lag_window, |segment| {
            let mut input = segment.to_vec();
            input.resize(self.lag_n_fft, 0.0);
            let bins = transform(&*self.lag_fft, &mut input);
            power.iter_mut().zip(&bins).for_each(|(sum, bin)| *sum += bin.norm_sqr());
        });
        let lags = self.lags(&power);
        if !(lags[0] > 0.0 && lags[0].is_finite()) {
            return Err(no_power("power"));
        }
        let n = self.lag_window;
        let shrink = |lag: usize| {
            if self.whole { 1.0 } else { n.saturating_sub(lag).max(1) as f64 / n as f64 }
        };
        let normalised: Vec<f32> =
            lags.iter().enumerate().map(|(i, v)| (v / (lags[0] * shrink(i))) as f32).collect();
        // 100 samples per second; a rate with a fraction would give one lag too many.
        let down = self.second;
        let mut resampled = resample_poly(&normalised, 100, down)?;
        resampled.resize(N_BINS + 1, 0.0);
        Ok(resampled[1..].iter().map(|v| f64::from(*v)).collect())
    }

    /// The first second of the inverse transform of a power spectrum, up to a factor.
    fn lags(&self, power: &[f64]) -> Vec<f64> {
        // A real even spectrum has its forward transform for inverse.
        let n = self.lag_n_fft;
        let mut mirrored = power.to_vec();
        mirrored.extend((1..n / 2).rev().map(|k| power[k]));
        let bins = transform(&*self.lag_fft, &mut mirrored);
        let mut lags: Vec<f64> = bins.iter().map(|bin| bin.re).collect();
        lags.resize(self.second + 1, 0.0);
        lags
    }

    /// Calls `each` with segments of `length` that begin every half length, as MATLAB counts them.
    fn segments(&self, source: &[f64], length: usize, mut each: impl FnMut(&[f64])) {
        let count = 2 * (source.len() / length) - 1;
        for k in 0..count {
            let start = (k * length).div_ceil(2);
            each(&source[start..start + length]);
        }
    }
}

/// Half of the spectrum of a real signal, which is overwritten.
fn transform(fft: &dyn RealToComplex<f64>, input: &mut [f64]) -> Vec<Complex64> {
    let mut bins = fft.make_output_vec();
    fft.process(input, &mut bins).expect("both buffers have the length of the plan");
    bins
}

fn median(values: &mut [f64]) -> f64 {
    let n = values.len();
    values.sort_by(f64::total_cmp);
    if n == 0 { 0.0 } else { 0.5 * (values[(n - 1) / 2] + values[n / 2]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clx_testkit::{Tolerance, assert_close};

    #[test]
    fn autocorrelation_of_a_sine_is_a_cosine() {
        let rate = SampleRate::from_hz(200.0).unwrap();
        let source: Vec<f64> =
            (0..4000).map(|i| (std::f64::consts::TAU * 5.0 * i as f64 / 200.0).sin()).collect();
        let plan = Plan::new(rate, source.len()).unwrap();
        let lags = plan.autocorrelation(&source).unwrap();
        // Half a period is 100 ms: lag number 10. The window holds 15 periods, so that the mean of
        // the products differs from the cosine by its share of the last, unfinished period.
        assert_close(lags[9], -1.0, Tolerance::Absolute(0.02));
        assert_close(lags[19], 1.0, Tolerance::Absolute(0.02));
    }

    #[test]
    fn a_silent_source_is_refused() {
        let rate = SampleRate::from_hz(100.0).unwrap();
        let plan = Plan::new(rate, 1000).unwrap();
        assert!(plan.spectrum(&[0.0; 1000]).is_err());
        assert!(plan.autocorrelation(&[0.0; 1000]).is_err());
    }

    #[test]
    fn median_of_an_even_count_is_between_the_middle_two() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), 2.5);
    }
}
