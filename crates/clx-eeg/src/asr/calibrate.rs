//! What clean EEG of this head and cap looks like: mixing matrix and thresholds.

use clx_signal::iir::{self, SosFilter};
use clx_signal::{SampleRate, SignalError};
use faer::{Mat, Side};

use super::distribution::fit_clean_part;
use super::{AsrParams, MICROVOLT};
use crate::EegError;
use crate::spatial::common_len;

/// Overlap of the windows in which amplitudes are measured. As clean_rawdata.
const OVERLAP: f64 = 0.66;
/// Window of the threshold statistics, seconds. As clean_rawdata.
const STATISTICS_S: f64 = 0.5;
/// Samples averaged into one covariance before the median, at least. As clean_rawdata.
const MIN_BLOCK: usize = 10;
/// Bytes of covariances that clean_rawdata allows; longer data are averaged in longer blocks.
const COVARIANCE_BYTES: f64 = 64.0 * 2_097_152.0;
/// Weiszfeld's iteration: relative change at which it ends, added to squared distances, most steps.
const TOLERANCE: f64 = 1e-5;
const DISTANCE_FLOOR: f64 = 1e-9;
const MAX_STEPS: usize = 500;

/// The calibrated state that [`Asr`](super::Asr) starts from.
#[derive(Clone, Debug)]
pub struct AsrCalibration {
    pub(super) rate: SampleRate,
    /// Square root of the robust covariance of clean data, µV.
    pub(super) mixing: Mat<f64>,
    /// One row per component: its direction times the amplitude above which it is an artifact.
    pub(super) thresholds: Mat<f64>,
    /// `thresholdsᵀ · thresholds`.
    pub(super) limits: Mat<f64>,
    /// The spectral weighting with the state in which calibration left it.
    pub(super) shaping: SosFilter,
    /// Seconds of clean data that were used.
    pub calibration_s: f64,
    /// Share of the given data that was clean, 0..=1.
    pub clean_share: f64,
}

impl AsrCalibration {
    pub fn n_channels(&self) -> usize {
        self.mixing.nrows()
    }

    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// Square root of the covariance of clean data, row by row, microvolts.
    pub fn mixing_uv(&self) -> Vec<Vec<f64>> {
        rows(&self.mixing)
    }

    /// The largest normal power in any direction `v` is `vᵀ L v`; row by row, square microvolts after
    /// the spectral weighting.
    pub fn limits_uv2(&self) -> Vec<Vec<f64>> {
        rows(&self.limits)
    }
}

fn rows(matrix: &Mat<f64>) -> Vec<Vec<f64>> {
    let row = |i: usize| (0..matrix.ncols()).map(|j| matrix[(i, j)]).collect();
    (0..matrix.nrows()).map(row).collect()
}

/// Learns from `channels` (volts, high-passed at 0.5 to 1 Hz, one minute or more) what is normal.
///
/// First the windows are dropped in which too many channels are louder or quieter than their own
/// clean part; then the covariance of the rest is taken by its geometric median and, for each of its
/// components, the amplitude that is `cutoff` standard deviations above the mean. Samples that are not
/// finite count as zero.
///
/// # Errors
/// [`SignalError::TooShort`] below three windows; [`SignalError::Mismatch`] for unequal lengths;
/// [`SignalError::Parameter`] for settings out of range, or data without any clean part.
pub fn calibrate(
    channels: &[Vec<f32>],
    rate: SampleRate,
    params: &AsrParams,
) -> Result<AsrCalibration, EegError> {
    let n = common_len(channels, channels.len())?;
    params.check()?;
    let needed = rate.samples(3.0 * params.calibration_window_s);
    if channels.is_empty() || n < needed {
        let window_s = 3.0 * params.calibration_window_s;
        return Err(EegError::Signal(SignalError::TooShort { needed, window_s, got: n }));
    }
    let finite = |v: f32| if v.is_finite() { v } else { 0.0 };
    let mut clean: Vec<Vec<f32>> =
        channels.iter().map(|x| x.iter().map(|&v| finite(v)).collect()).collect();
    let kept = clean_samples(&clean, rate, params);
    // Too little is worse than dirty.
    if kept.iter().filter(|&&k| k).count() >= needed {
        for x in &mut clean {
            let mut keep = kept.iter();
            x.retain(|_| *keep.next().unwrap_or(&true));
        }
    }
    let n_clean = clean[0].len();
    let mut shaping = SosFilter::new(&spectral_weighting(rate)?, channels.len());
    shaping.process(&mut clean)?;
    let covariance = robust_covariance(&clean);
    let refused = || {
        EegError::Signal(SignalError::Parameter {
            name: "calibration data",
            expected: "EEG of which a quarter at least is clean",
            got: "no clean part in some component".to_owned(),
        })
    };
    let eigen = covariance.self_adjoint_eigen(Side::Lower).map_err(|_no_convergence| refused())?;
    let (vectors, values) = (eigen.U(), eigen.S().column_vector());
    let c = channels.len();
    let root = Mat::from_fn(c, c, |i, k| vectors[(i, k)] * values[k].max(0.0).sqrt().sqrt());
    let mixing = &root * root.transpose();
    let limit = component_limits(&clean, vectors, rate, params.cutoff).ok_or_else(refused)?;
    let thresholds = Mat::from_fn(c, c, |k, i| limit[k] * vectors[(i, k)]);
    Ok(AsrCalibration {
        rate,
        limits: thresholds.transpose() * &thresholds,
        mixing,
        thresholds,
        shaping,
        calibration_s: rate.seconds(n_clean),
        clean_share: n_clean as f64 / n as f64,
    })
}

/// Filter that plays down the alpha and theta rhythms, whose size says nothing of artifacts, and plays
/// up drifts and muscle. Frequencies and gains as clean_rawdata.
fn spectral_weighting(rate: SampleRate) -> Result<iir::Sos, EegError> {
    // Above, eight coefficients no longer follow the curve: at 512 Hz alpha keeps 0.73 instead of 0.33.
    if rate.hz() > 300.0 {
        let expected = "300 Hz at most: resample the recording to 250 Hz first";
        let got = format!("{} Hz", rate.hz());
        return Err(SignalError::Parameter { name: "sample rate", expected, got }.into());
    }
    let nyquist = rate.nyquist_hz();
    let mut points =
        vec![(0.0, 3.0), (2.0, 0.75), (3.0, 0.33), (13.0, 0.33), (16.0, 1.0), (40.0, 1.0)];
    if rate.hz() < 80.0 {
        points.pop();
        points.extend([(nyquist - 1.0, 1.0), (nyquist, 3.0)]);
    } else {
        points.extend([(80.0_f64.min(nyquist - 1.0), 3.0), (nyquist, 3.0)]);
    }
    Ok(iir::design_yule_walk(rate, 8, &points)?)
}

/// Which samples lie in no window with too many bad channels.
fn clean_samples(channels: &[Vec<f32>], rate: SampleRate, params: &AsrParams) -> Vec<bool> {
    let (c, n) = (channels.len(), channels[0].len());
    let window = rate.samples(params.calibration_window_s).max(1);
    let max_bad = (c as f64 * params.max_bad_channel_share).round() as usize;
    let step = window as f64 * (1.0 - OVERLAP);
    let count = ((n - window) as f64 / step).ceil() as usize;
    let offsets: Vec<usize> =
        (0..count).map(|k| (1.0 + k as f64 * step).round() as usize - 1).collect();
    let scores: Vec<Vec<f64>> =
        channels.iter().map(|x| window_scores(x, &offsets, window)).collect();
    let mut kept = vec![true; n];
    let mut column = vec![0.0; c];
    for (w, &at) in offsets.iter().enumerate() {
        column.iter_mut().zip(&scores).for_each(|(z, s)| *z = s[w]);
        column.sort_by(f64::total_cmp);
        let [low, high] = params.calibration_z;
        if column[c - 1 - max_bad.min(c - 1)] > high || column[max_bad.min(c - 1)] < low {
            kept[at..at + window].fill(false);
        }
    }
    kept
}

/// Amplitude of each window in units of the spread of the channel's clean part.
fn window_scores(x: &[f32], offsets: &[usize], window: usize) -> Vec<f64> {
    let square = |v: &f32| (f64::from(*v) / MICROVOLT).powi(2);
    let rms =
        |at: &usize| (x[*at..*at + window].iter().map(square).sum::<f64>() / window as f64).sqrt();
    let amplitudes: Vec<f64> = offsets.iter().map(rms).collect();
    let fitted = fit_clean_part(&amplitudes).filter(|[_, spread]| *spread > 0.0);
    let [mean, spread] = fitted.unwrap_or_else(|| {
        let middle = clx_signal::stats::median(&amplitudes).unwrap_or(0.0);
        let mad = clx_signal::stats::mad(&amplitudes).unwrap_or(0.0) * 1.4826;
        [middle, if mad > 0.0 { mad } else { 1.0 }]
    });
    amplitudes.iter().map(|a| (a - mean) / spread).collect()
}

/// Geometric median of the covariances of short blocks, µV².
fn robust_covariance(clean: &[Vec<f32>]) -> Mat<f64> {
    let (c, n) = (clean.len(), clean[0].len());
    let bytes = (c * c) as f64 * n as f64 * 48.0;
    let block = MIN_BLOCK.max((bytes / COVARIANCE_BYTES).ceil() as usize);
    // Upper triangles; an entry off the diagonal counts twice in a distance.
    let pairs: Vec<(usize, usize)> = (0..c).flat_map(|i| (i..c).map(move |j| (i, j))).collect();
    let mut blocks = vec![0.0; n.div_ceil(block) * pairs.len()];
    let mut row = vec![0.0; c];
    for (b, sums) in blocks.chunks_mut(pairs.len()).enumerate() {
        for t in b * block..(b + 1) * block {
            // A last block that is not full repeats the last sample.
            let t = t.min(n - 1);
            row.iter_mut().zip(clean).for_each(|(r, x)| *r = f64::from(x[t]) / MICROVOLT);
            let mut at = 0;
            for i in 0..c {
                let x = row[i] / block as f64;
                let sums = &mut sums[at..at + c - i];
                sums.iter_mut().zip(&row[i..]).for_each(|(s, y)| *s += x * y);
                at += c - i;
            }
        }
    }
    let weight: Vec<f64> = pairs.iter().map(|(i, j)| if i == j { 1.0 } else { 2.0 }).collect();
    let median = geometric_median(&blocks, &weight);
    let mut covariance = Mat::zeros(c, c);
    for (&(i, j), v) in pairs.iter().zip(median) {
        covariance[(i, j)] = v;
        covariance[(j, i)] = v;
    }
    covariance
}

/// Point of least summed distance to the rows of `points`, by Weiszfeld's iteration.
fn geometric_median(points: &[f64], weight: &[f64]) -> Vec<f64> {
    let m = weight.len();
    let mut column = vec![0.0; points.len() / m];
    let mut centre: Vec<f64> = (0..m)
        .map(|k| {
            column.iter_mut().zip(points.chunks(m)).for_each(|(v, p)| *v = p[k]);
            crate::bads::median_in_place(&mut column)
        })
        .collect();
    let norm = |v: &[f64]| v.iter().zip(weight).map(|(v, w)| w * v * v).sum::<f64>().sqrt();
    for _ in 0..MAX_STEPS {
        let mut next = vec![0.0; m];
        let mut total = 0.0;
        for p in points.chunks(m) {
            let away: f64 =
                p.iter().zip(&centre).zip(weight).map(|((p, c), w)| w * (p - c) * (p - c)).sum();
            let pull = 1.0 / (away + DISTANCE_FLOOR).sqrt();
            total += pull;
            next.iter_mut().zip(p).for_each(|(n, p)| *n += pull * p);
        }
        next.iter_mut().for_each(|v| *v /= total);
        let change: Vec<f64> = next.iter().zip(&centre).map(|(a, b)| a - b).collect();
        centre = next;
        if norm(&change) <= TOLERANCE * norm(&centre) {
            break;
        }
    }
    centre
}

/// For each component the amplitude above which it is an artifact; `None` if some has no clean part.
fn component_limits(
    clean: &[Vec<f32>],
    vectors: faer::MatRef<'_, f64>,
    rate: SampleRate,
    cutoff: f64,
) -> Option<Vec<f64>> {
    let n = clean[0].len();
    let window = rate.samples(STATISTICS_S).max(1);
    let step = window as f64 * (1.0 - OVERLAP);
    let count = (n.saturating_sub(window) as f64 / step).ceil() as usize;
    let starts: Vec<usize> = (0..count).map(|k| (k as f64 * step).round() as usize).collect();
    let mut squares = vec![0.0; n];
    let fits: Vec<Option<[f64; 2]>> = (0..clean.len())
        .map(|k| {
            squares.fill(0.0);
            for (i, x) in clean.iter().enumerate() {
                let w = vectors[(i, k)] / MICROVOLT;
                squares.iter_mut().zip(x).for_each(|(s, v)| *s += w * f64::from(*v));
            }
            squares.iter_mut().for_each(|s| *s *= *s);
            let mean = |at: &usize| squares[*at..*at + window].iter().sum::<f64>() / window as f64;
            let amplitudes: Vec<f64> = starts.iter().map(|at| mean(at).sqrt()).collect();
            fit_clean_part(&amplitudes)
        })
        .collect();
    // A component that never moves has no distribution; any movement of it is an artifact.
    let of = |i: usize| -> Vec<f64> { fits.iter().flatten().map(|f| f[i]).collect() };
    if fits.iter().flatten().count() * 2 < fits.len() {
        return None;
    }
    let middle = [0, 1].map(|i| clx_signal::stats::median(&of(i)).unwrap_or(0.0));
    Some(fits.iter().map(|f| f.unwrap_or(middle)).map(|[m, s]| m + cutoff * s.max(0.0)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn geometric_median_resists_an_outlier() {
        let points = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1e6, 1e6];
        let m = geometric_median(&points, &[1.0, 1.0]);
        assert!(m[0] > 0.4 && m[0] <= 1.01 && m[1] > 0.4 && m[1] <= 1.01, "{m:?}");
    }

    #[test]
    fn weighting_plays_down_alpha_and_plays_up_muscle() {
        for hz in [64.0, 100.0, 128.0, 250.0, 300.0] {
            let sos = spectral_weighting(SampleRate::from_hz(hz).unwrap()).unwrap();
            let gain = |f: f64| sos.response_at(f).norm();
            assert!(gain(10.0) < 0.6 && gain(0.2) > 1.2, "{hz}: {} {}", gain(10.0), gain(0.2));
            assert!(gain(25.0) > 0.7 && gain(25.0) < 1.5, "{hz}: {}", gain(25.0));
            // Stable: all poles inside the unit circle.
            assert!(sos.sections().iter().all(|s| s[5] < 1.0 && s[4].abs() < 1.0 + s[5]), "{hz}");
        }
        assert!(spectral_weighting(SampleRate::from_hz(512.0).unwrap()).is_err());
    }
}
