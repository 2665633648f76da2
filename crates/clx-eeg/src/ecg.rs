//! Electrocardiogram: cleaning and R peaks, offline and live.

use clx_signal::iir::{self, Passband, Prototype};
use clx_signal::{Finding, SampleRate, Severity, SignalError, stats};

use crate::EegError;
use crate::beats::{LEAST_DISTANCE_S, beats_in, boxcar, bursts};
use crate::samples::{check_finite, check_long};

mod live;

pub use live::LiveRPeaks;

/// Baseline wander lies below this, hertz, and the order of the filter. NeuroKit2 0.2.13.
const HIGHPASS_HZ: f64 = 0.5;
const ORDER: usize = 5;
/// The slowest pole of that filter forgets all but 4e-9 in this time, seconds.
const SETTLE_S: f64 = 20.0;
const STRETCHES: usize = 8;
/// Windows over which steepness is averaged, seconds: a QRS complex and most of a beat. Same.
const QRS_S: f64 = 0.1;
const BEAT_S: f64 = 0.75;
/// A QRS is this much steeper than the mean around it. Same.
const STEEPNESS: f64 = 1.5;
/// Bursts shorter than this share of the mean burst are no QRS. Same.
const SHORTEST: f64 = 0.4;

/// Takes baseline wander and mains hum off an electrocardiogram.
///
/// Zero-phase Butterworth high-pass of order 5 at 0.5 Hz, then a moving mean over one mains cycle
/// (`line_hz` 50 or 60), forwards and backwards. Any unit; as long as the input. The values of
/// NeuroKit2 0.2.13 `ecg_clean(powerline=line_hz)` to 1e-6 of the largest.
///
/// # Errors
/// [`SignalError::NotFinite`], [`SignalError::TooShort`] below 1 s, [`SignalError::Band`] for a
/// rate of at most 1 Hz, [`SignalError::Parameter`] for a mains frequency outside 10 to 400 Hz.
///
/// # Source
/// Makowski et al. 2021, Behav. Res. Methods 53:1689-1696. Checked against
/// `tests/fixtures/heart.json`.
pub fn clean_ecg(ecg: &[f32], rate: SampleRate, line_hz: f64) -> Result<Vec<f32>, EegError> {
    check_finite("ecg", ecg)?;
    check_long(ecg, rate, 1.0)?;
    if !(10.0..=400.0).contains(&line_hz) {
        return Err(EegError::Line(line_hz));
    }
    Ok(mean_both_ways(&without_baseline(ecg, rate)?, mains_cycle(rate, line_hz)))
}

/// The signal after the high-pass.
///
/// A long signal is filtered in stretches side by side, which the filter does as fast as one; they
/// overlap by as much as the filter needs to forget where they begin.
fn without_baseline(ecg: &[f32], rate: SampleRate) -> Result<Vec<f32>, EegError> {
    let highpass = Passband::Highpass { edge_hz: HIGHPASS_HZ };
    let sos = iir::design(rate, ORDER, Prototype::Butterworth, highpass)?;
    let (n, settled) = (ecg.len(), rate.samples(SETTLE_S));
    let part = n.div_ceil(STRETCHES);
    let length = part + 2 * settled;
    if part < 2 * settled {
        return Ok(iir::filter_zero_phase(&sos, &[ecg.to_vec()])?.remove(0));
    }
    let start = |i: usize| (i * part).saturating_sub(settled).min(n - length);
    let stretches: Vec<Vec<f32>> =
        (0..STRETCHES).map(|i| ecg[start(i)..start(i) + length].to_vec()).collect();
    let mut filtered = Vec::with_capacity(n);
    for (i, stretch) in iir::filter_zero_phase(&sos, &stretches)?.iter().enumerate() {
        let end = ((i + 1) * part).min(n);
        filtered.extend_from_slice(&stretch[filtered.len() - start(i)..end - start(i)]);
    }
    Ok(filtered)
}

/// Samples of one mains cycle; two where the rate has too few for it.
fn mains_cycle(rate: SampleRate, line_hz: f64) -> usize {
    if rate.hz() >= 100.0 { ((rate.hz() / line_hz) as usize).max(1) } else { 2 }
}

/// Moving mean of `width` samples, forwards and backwards: a triangle. The signal is reflected about
/// its end points.
fn mean_both_ways(x: &[f32], width: usize) -> Vec<f32> {
    let n = x.len();
    let pad = width - 1;
    let at = |i: usize| f64::from(x[i.min(n - 1)]);
    let before = (1..=pad).rev().map(|i| 2.0 * at(0) - at(i));
    let after = (1..=pad).map(|i| 2.0 * at(n - 1) - at((n - 1).saturating_sub(i)));
    let extended: Vec<f64> = before.chain(x.iter().map(|&v| f64::from(v))).chain(after).collect();
    let scale = 1.0 / (width * width) as f64;
    let weights: Vec<f64> = (1..2 * width).map(|k| k.min(2 * width - k) as f64 * scale).collect();
    let mut means = Vec::with_capacity(n);
    let mut sums = [0.0; 1024];
    // Blocks that stay in the first-level cache, one weight at a time.
    for start in (0..n).step_by(sums.len()) {
        let sums = &mut sums[..(n - start).min(1024)];
        sums.fill(0.0);
        for (k, weight) in weights.iter().enumerate() {
            sums.iter_mut().zip(&extended[start + k..]).for_each(|(s, v)| *s += weight * v);
        }
        means.extend(sums.iter().map(|&s| s as f32));
    }
    means
}

/// Finds the R peaks of a cleaned electrocardiogram: ascending sample indices.
///
/// A QRS complex is where the steepness (absolute gradient over 0.1 s) exceeds 1.5 times its mean
/// over 0.75 s for at least 0.4 of the usual length; its R peak is the most prominent maximum in it.
/// Beats are at least 0.3 s apart. The method of NeuroKit2 0.2.13 `ecg_peaks`. On record 100 of the
/// MIT-BIH arrhythmia database it finds 2270 of 2273 beats and nothing else. R waves must point up:
/// where most of them seem to point down, the finding `ecg.inverted` says so.
///
/// # Errors
/// [`SignalError::NotFinite`], [`SignalError::TooShort`] below 1 s.
///
/// # Source
/// Makowski et al. 2021, Behav. Res. Methods 53:1689-1696. Checked against
/// `tests/fixtures/heart.json`.
pub fn detect_r_peaks(
    clean: &[f32],
    rate: SampleRate,
) -> Result<(Vec<usize>, Vec<Finding>), EegError> {
    check_finite("ecg", clean)?;
    check_long(clean, rate, 1.0)?;
    let x: Vec<f64> = clean.iter().map(|&v| f64::from(v)).collect();
    if x.len() < 2 {
        return Err(SignalError::TooShort { needed: 2, window_s: 1.0, got: x.len() }.into());
    }
    let window = |seconds: f64| (seconds * rate.hz()).round_ties_even() as usize;
    let steep = boxcar(&steepness(&x), window(QRS_S));
    let usual: Vec<f64> = boxcar(&steep, window(BEAT_S)).iter().map(|v| STEEPNESS * v).collect();
    let found = bursts(&steep, &usual);
    let lengths: Vec<f64> = found.iter().map(|b| (b.1 - b.0) as f64).collect();
    let shortest = SHORTEST * stats::mean(&lengths).unwrap_or(0.0);
    let beats = beats_in(&x, &found, shortest, window(LEAST_DISTANCE_S));
    let findings = inverted(&x, &beats, window(QRS_S)).into_iter().collect();
    Ok((beats, findings))
}

/// Absolute gradient per sample; one-sided at the ends.
fn steepness(x: &[f64]) -> Vec<f64> {
    let n = x.len();
    let mut slopes = Vec::with_capacity(n);
    slopes.push((x[1] - x[0]).abs());
    slopes.extend(x.windows(3).map(|w| ((w[2] - w[0]) / 2.0).abs()));
    slopes.push((x[n - 1] - x[n - 2]).abs());
    slopes
}

/// A finding if in most beats the signal goes further down than up.
fn inverted(x: &[f64], beats: &[usize], reach: usize) -> Option<Finding> {
    let down = |&&beat: &&usize| {
        let near = &x[beat.saturating_sub(reach)..(beat + reach + 1).min(x.len())];
        let low = near.iter().copied().fold(f64::INFINITY, f64::min);
        -low > 1.2 * near.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    };
    let n_down = beats.iter().filter(down).count();
    (n_down * 2 > beats.len()).then(|| {
        let message = format!(
            "In {n_down} of {} beats the signal points down; the lead may be inverted, and the beats are better found in its negative.",
            beats.len()
        );
        Finding::new("ecg.inverted", Severity::Warning, message)
    })
}
