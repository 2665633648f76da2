//! Artifact subspace reconstruction: short bursts are taken out of the components that they fill and
//! rebuilt from the others.
//!
//! [`calibrate`] learns what is normal, [`Asr`] cleans a stream in blocks of any size, [`clean`] does
//! both to a recording: the same code, so the same output bit for bit. Give data that were high-passed
//! at 0.5 to 1 Hz and have no bad channels. Rebuilding lowers the rank of the data where it happens;
//! the report says where.

use std::collections::VecDeque;

use clx_signal::iir::SosFilter;
use clx_signal::{Finding, SampleRate, Severity, SignalError};
use faer::{Mat, MatRef, Side};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EegError;
use crate::spatial::{check_equal, common_len};

mod calibrate;
mod covariance;
mod distribution;

pub use calibrate::{AsrCalibration, calibrate};

/// The statistics have tolerances in µV², so they are computed in µV.
const MICROVOLT: f64 = 1e-6;
/// Calibration shorter than this is reported, seconds.
const SHORT_CALIBRATION_S: f64 = 30.0;
/// Most repaired spans that a report lists.
const MAX_SPANS: usize = 10_000;
/// Components smaller than this share of the largest, in power, do not exist in the data.
const RANK_TOLERANCE: f64 = 1e-13;

/// Settings; the defaults are those of clean_rawdata but for the milder cutoff, which Chang et al.
/// 2020 (IEEE Trans. Biomed. Eng. 67:1114-1121) recommend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AsrParams {
    /// Standard deviations above the mean amplitude of clean data at which a component is an
    /// artifact. 5 is severe, 20 mild, above 100 nothing happens.
    pub cutoff: f64,
    /// Window in which artifacts are looked for, seconds; at least 1.5 samples per channel are taken.
    pub window_s: f64,
    /// Largest share of the components that may be rebuilt at once, 0..=1.
    pub max_dims_share: f64,
    /// Windows of calibration data, seconds.
    pub calibration_window_s: f64,
    /// Largest share of channels out of bounds in a window of calibration data, 0..=1.
    pub max_bad_channel_share: f64,
    /// Bounds of the amplitude of calibration data, standard deviations.
    pub calibration_z: [f64; 2],
}

impl Default for AsrParams {
    fn default() -> Self {
        Self {
            cutoff: 20.0,
            window_s: 0.5,
            max_dims_share: 0.66,
            calibration_window_s: 1.0,
            max_bad_channel_share: 0.075,
            calibration_z: [-3.5, 5.5],
        }
    }
}

impl AsrParams {
    fn check(&self) -> Result<(), EegError> {
        let share = |s: f64| (0.0..=1.0).contains(&s);
        let seconds = |s: f64| s > 0.0 && s <= 60.0;
        let [low, high] = self.calibration_z;
        let ok = self.cutoff > 0.0
            && self.cutoff.is_finite()
            && seconds(self.window_s)
            && seconds(self.calibration_window_s)
            && share(self.max_dims_share)
            && share(self.max_bad_channel_share)
            && low < high;
        if ok {
            return Ok(());
        }
        Err(EegError::Signal(SignalError::Parameter {
            name: "settings of the reconstruction",
            expected: "cutoff above 0, windows up to 60 s, shares from 0 to 1, growing bounds",
            got: format!("{self:?}"),
        }))
    }
}

/// What the reconstruction did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AsrReport {
    /// Seconds of clean data that it was calibrated on.
    pub calibration_s: f64,
    /// Share of the samples that were changed, 0..=1.
    pub repaired_share: f64,
    /// Stretches that were changed, `[tmin_s, tmax_s]`; the first ten thousand.
    pub repaired_s: Vec<[f64; 2]>,
    /// Mean number of components that were rebuilt where any was.
    pub mean_rebuilt: Option<f64>,
    /// Samples of all channels that were not finite and counted as zero.
    pub n_not_finite: u64,
    pub findings: Vec<Finding>,
}

/// Cleans a stream; blocks of any size give the same output, bit for bit.
///
/// Output lags input by half a window and up to half a window more, see [`Asr::latency_s`]; stretches
/// without artifacts come out as they went in. Costs one factorisation per step, and eigenvectors only
/// where there is an artifact.
///
/// # Source
/// Kothe and Jung 2016, patent application US 2016/0113587; Mullen et al. 2015, IEEE Trans. Biomed.
/// Eng. 62:2553-2567. Checked against eegprep 0.3 in `tests/it/asr.rs`.
#[derive(Clone, Debug)]
pub struct Asr {
    calibration: AsrCalibration,
    shaping: SosFilter,
    window: usize,
    lookahead: usize,
    step: usize,
    /// Components below this index are never rebuilt.
    n_kept: usize,
    n_in: usize,
    n_out: usize,
    /// What `n_in` was at the last step.
    last_update: usize,
    /// Weighted samples of the last window and those since, µV, one row per sample.
    weighted: VecDeque<Vec<f64>>,
    /// Samples not yet put out.
    waiting: VecDeque<Vec<f32>>,
    /// The last samples taken, for the end.
    recent: VecDeque<Vec<f32>>,
    /// What the last step did to the data; absent for nothing.
    last: Option<Reconstruction>,
    n_steps_rebuilt: u64,
    n_components_rebuilt: u64,
    n_repaired: usize,
    n_not_finite: u64,
    spans: Vec<[usize; 2]>,
}

impl Asr {
    /// # Errors
    /// [`SignalError::Parameter`] for settings out of range.
    pub fn new(calibration: &AsrCalibration, params: &AsrParams) -> Result<Self, EegError> {
        params.check()?;
        let (c, rate) = (calibration.n_channels(), calibration.rate);
        let window_s = params.window_s.max(1.5 * c as f64 / rate.hz());
        let max_dims = (c as f64 * params.max_dims_share).round() as usize;
        Ok(Self {
            calibration: calibration.clone(),
            shaping: calibration.shaping.clone(),
            window: rate.samples(window_s).max(1),
            lookahead: rate.samples(window_s / 2.0),
            step: ((rate.hz() * window_s / 2.0).floor() as usize).max(1),
            n_kept: c.saturating_sub(max_dims + 1),
            n_in: 0,
            n_out: 0,
            last_update: 0,
            weighted: VecDeque::new(),
            waiting: VecDeque::new(),
            recent: VecDeque::new(),
            last: None,
            n_steps_rebuilt: 0,
            n_components_rebuilt: 0,
            n_repaired: 0,
            n_not_finite: 0,
            spans: Vec::new(),
        })
    }

    /// Longest time from a sample's coming in to its going out, seconds.
    pub fn latency_s(&self) -> f64 {
        self.calibration.rate.seconds(self.lookahead + self.step)
    }

    /// Takes a block of all channels, volts, and appends to `out` what is ready.
    ///
    /// # Errors
    /// [`SignalError::Mismatch`] for another number of channels than at calibration, in the block or
    /// `out`, or unequal lengths; nothing is taken then.
    pub fn push(&mut self, block: &[Vec<f32>], out: &mut [Vec<f32>]) -> Result<(), EegError> {
        let n = common_len(block, self.calibration.n_channels())?;
        check_equal("number", self.calibration.n_channels(), out.len())?;
        let mut finite = block.to_vec();
        for v in finite.iter_mut().flatten().filter(|v| !v.is_finite()) {
            *v = 0.0;
            self.n_not_finite += 1;
        }
        let mut weighted = finite.clone();
        self.shaping.process(&mut weighted)?;
        for t in 0..n {
            let row: Vec<f32> = finite.iter().map(|x| x[t]).collect();
            self.recent.push_back(row.clone());
            if self.recent.len() > self.lookahead + 1 {
                self.recent.pop_front();
            }
            self.waiting.push_back(row);
            self.take(weighted.iter().map(|x| f64::from(x[t]) / MICROVOLT).collect(), out);
        }
        Ok(())
    }

    /// Ends the stream: appends the rest, so that as much came out as went in, and reports.
    ///
    /// # Errors
    /// [`SignalError::Mismatch`] as [`Asr::push`].
    pub fn finish(mut self, out: &mut [Vec<f32>]) -> Result<AsrReport, EegError> {
        check_equal("number", self.calibration.n_channels(), out.len())?;
        let n_in = self.n_in;
        if let Some(last) = self.recent.back().cloned() {
            // Point reflection, so that the last window has something to look at.
            let beyond: Vec<Vec<f32>> = self.recent.iter().rev().skip(1).cloned().collect();
            for row in beyond {
                let reflected = last.iter().zip(&row).map(|(l, v)| 2.0 * l - v);
                let mut block: Vec<Vec<f32>> = reflected.map(|v| vec![v]).collect();
                self.shaping.process(&mut block)?;
                self.take(block.iter().map(|x| f64::from(x[0]) / MICROVOLT).collect(), out);
            }
            if self.last_update < self.n_in {
                self.update(out);
            }
            while let Some(row) = self.waiting.pop_front() {
                row.iter().zip(out.iter_mut()).for_each(|(v, o)| o.push(*v));
            }
        }
        Ok(self.report(n_in))
    }

    fn take(&mut self, row: Vec<f64>, out: &mut [Vec<f32>]) {
        self.weighted.push_back(row);
        if self.weighted.len() > self.window {
            self.weighted.pop_front();
        }
        self.n_in += 1;
        if self.n_in == 1 || self.n_in.is_multiple_of(self.step) {
            self.update(out);
        }
    }

    /// Looks at the window that ends here, and puts out what lies before its middle.
    fn update(&mut self, out: &mut [Vec<f32>]) {
        let covariance = covariance::of_rows(&self.weighted, self.window);
        let rebuilt = self.reconstruction(&covariance);
        let span = self.n_in - self.last_update;
        let changed = rebuilt.is_some() || self.last.is_some();
        let first = self.n_out;
        for k in 1..=span {
            // Until the first middle of a window there is nothing to put out.
            if self.last_update + k <= self.lookahead {
                continue;
            }
            let Some(row) = self.waiting.pop_front() else { break };
            if changed {
                let blend = (1.0 - (std::f64::consts::PI * k as f64 / span as f64).cos()) / 2.0;
                let row = [(rebuilt.as_ref(), blend), (self.last.as_ref(), 1.0 - blend)]
                    .map(|(r, share)| (r, share, &row[..]));
                put_sum(row, out);
            } else {
                row.iter().zip(out.iter_mut()).for_each(|(v, o)| o.push(*v));
            }
            self.n_out += 1;
        }
        if changed && self.n_out > first {
            self.note(first);
        }
        self.last = rebuilt;
        self.last_update = self.n_in;
    }

    /// Remembers that the output from `first` on was changed.
    fn note(&mut self, first: usize) {
        self.n_repaired += self.n_out - first;
        if let Some(span) = self.spans.last_mut().filter(|span| span[1] == first) {
            span[1] = self.n_out;
        } else if self.spans.len() < MAX_SPANS {
            self.spans.push([first, self.n_out]);
        }
    }

    /// The matrix that rebuilds the loud components from the others; `None` where none is loud.
    fn reconstruction(&mut self, covariance: &Mat<f64>) -> Option<Reconstruction> {
        // If the limits exceed the covariance in every direction, they do in those of its eigenvectors.
        if (&self.calibration.limits - covariance).llt(Side::Lower).is_ok() {
            return None;
        }
        let eigen = covariance.self_adjoint_eigen(Side::Lower).ok()?;
        let (vectors, power) = (eigen.U(), eigen.S().column_vector());
        let allowed = &self.calibration.thresholds * vectors;
        let is_normal = |k: usize| {
            let limit: f64 = (0..allowed.nrows()).map(|i| allowed[(i, k)].powi(2)).sum();
            k < self.n_kept || power[k] < limit
        };
        let kept: Vec<usize> = (0..power.nrows()).filter(|&k| is_normal(k)).collect();
        let n_rebuilt = power.nrows() - kept.len();
        if n_rebuilt == 0 {
            return None;
        }
        self.n_steps_rebuilt += 1;
        self.n_components_rebuilt += n_rebuilt as u64;
        rebuild_from(&kept, vectors, &self.calibration.mixing)
    }

    fn report(&self, n_in: usize) -> AsrReport {
        let rate = self.calibration.rate;
        let mut findings = Vec::new();
        if self.calibration.calibration_s < SHORT_CALIBRATION_S {
            let message = format!(
                "calibrated on {:.1} s of clean data; the limits need a minute",
                self.calibration.calibration_s
            );
            findings.push(Finding::new("asr.short_calibration", Severity::Warning, message));
        }
        if self.n_not_finite > 0 {
            let message = format!("{} samples were not finite and counted as 0", self.n_not_finite);
            findings.push(Finding::new("asr.not_finite", Severity::Warning, message));
        }
        let steps = self.n_steps_rebuilt as f64;
        AsrReport {
            calibration_s: self.calibration.calibration_s,
            repaired_share: self.n_repaired as f64 / n_in.max(1) as f64,
            repaired_s: self.spans.iter().map(|s| s.map(|at| rate.seconds(at))).collect(),
            mean_rebuilt: (steps > 0.0).then(|| self.n_components_rebuilt as f64 / steps),
            n_not_finite: self.n_not_finite,
            findings,
        }
    }
}

/// A square matrix, column by column.
type Reconstruction = Vec<f64>;

/// `M (Vᵀ M, rows of the loud components set to zero)⁺ Vᵀ`.
fn rebuild_from(
    kept: &[usize],
    vectors: MatRef<'_, f64>,
    mixing: &Mat<f64>,
) -> Option<Reconstruction> {
    let c = mixing.nrows();
    let directions = Mat::from_fn(c, kept.len(), |i, k| vectors[(i, kept[k])]);
    // Columns: what the kept components look like in mixed space.
    let seen = mixing * &directions;
    let gram = seen.transpose() * &seen;
    let eigen = gram.self_adjoint_eigen(Side::Lower).ok()?;
    let (basis, power) = (eigen.U(), eigen.S().column_vector());
    let floor = RANK_TOLERANCE * (0..power.nrows()).map(|k| power[k]).fold(0.0, f64::max);
    let inverse = |k: usize| if power[k] > floor { 1.0 / power[k] } else { 0.0 };
    let scaled = Mat::from_fn(kept.len(), kept.len(), |i, k| basis[(i, k)] * inverse(k));
    let whole = mixing * &seen * (&scaled * basis.transpose()) * directions.transpose();
    let entries = (0..c).flat_map(|j| (0..c).map(move |i| (i, j)));
    Some(entries.map(|at| whole[at]).collect())
}

/// Appends the weighted sum of what the two matrices (none: identity) make of a sample.
fn put_sum(parts: [(Option<&Reconstruction>, f64, &[f32]); 2], out: &mut [Vec<f32>]) {
    let mut sum = vec![0.0; out.len()];
    for (matrix, share, row) in parts {
        for (j, v) in row.iter().enumerate() {
            let v = share * f64::from(*v);
            match matrix {
                None => sum[j] += v,
                Some(m) => {
                    let column = &m[j * row.len()..][..row.len()];
                    sum.iter_mut().zip(column).for_each(|(s, w)| *s += w * v);
                }
            }
        }
    }
    sum.iter().zip(out).for_each(|(s, o)| o.push(*s as f32));
}

/// Calibrates on a recording and cleans it; volts, high-passed, without bad channels. Offline: the
/// delay is taken out.
///
/// # Errors
/// Those of [`calibrate`] and [`Asr::new`].
///
/// ```
/// use clx_eeg::asr::{AsrParams, clean};
/// use clx_signal::iir::{self, Passband, Prototype};
/// use clx_signal::{SampleRate, synth};
/// let rate = SampleRate::from_hz(100.0)?;
/// let x: Vec<Vec<f32>> = (0..6).map(|i| synth::pink(rate, 1e-11, 1.0, 60.0, i)).collect();
/// let highpass = Passband::Highpass { edge_hz: 1.0 };
/// let highpass = iir::design(rate, 4, Prototype::Butterworth, highpass)?;
/// let mut x = iir::filter_zero_phase(&highpass, &x)?;
/// x[2][3000..3030].iter_mut().for_each(|v| *v += 2e-3);
/// let (y, report) = clean(&x, rate, &AsrParams::default())?;
/// assert!(y[2][3015] < 5e-4 && report.repaired_share < 0.1);
/// assert_eq!(y[2][1000], x[2][1000]);
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
pub fn clean(
    channels: &[Vec<f32>],
    rate: SampleRate,
    params: &AsrParams,
) -> Result<(Vec<Vec<f32>>, AsrReport), EegError> {
    let mut asr = Asr::new(&calibrate(channels, rate, params)?, params)?;
    let mut out: Vec<Vec<f32>> = channels.iter().map(|x| Vec::with_capacity(x.len())).collect();
    asr.push(channels, &mut out)?;
    let report = asr.finish(&mut out)?;
    Ok((out, report))
}
