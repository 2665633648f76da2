//! Heart rate variability: how the intervals between beats vary.
//!
//! Figures of the time domain are in milliseconds, powers in ms². A figure that the recording is too
//! short for is absent, and `absent` says why; the limits are those of the Task Force where it
//! gives one. Beats should have been corrected ([`crate::correct_beats`]): one missed beat is
//! enough to spoil most figures.

use clx_signal::SampleRate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod frequency;
mod nonlinear;
mod time;

pub use frequency::{FrequencyDomain, HrvDensity, HrvSpectrum};
pub use nonlinear::NonlinearDomain;
pub use time::TimeDomain;

use crate::EegError;

/// Settings of [`measure_hrv`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HrvParams {
    /// Rate at which the intervals are interpolated for the spectrum, hertz, 2 to 1000.
    pub interpolation_hz: f64,
    pub spectrum: HrvSpectrum,
}

impl Default for HrvParams {
    fn default() -> Self {
        Self { interpolation_hz: 100.0, spectrum: HrvSpectrum::Welch }
    }
}

/// A figure that is absent, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AbsentFigure {
    /// Name of the field.
    pub name: String,
    pub reason: String,
}

/// Heart rate variability of one recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Hrv {
    pub n_beats: usize,
    /// From the first to the last beat.
    pub duration_s: f64,
    /// Absent with fewer than three beats.
    pub time: Option<TimeDomain>,
    pub frequency: FrequencyDomain,
    pub nonlinear: NonlinearDomain,
    pub absent: Vec<AbsentFigure>,
}

/// Measures heart rate variability from beats.
///
/// `beats`: ascending sample indices of R peaks. Time domain: SDNN, RMSSD and their kin; frequency
/// domain: power of the intervals, interpolated by a quadratic spline, from Welch's method (two
/// half-overlapping windows of half the recording each, no detrending beyond the mean), or from the
/// intervals as they are by Lomb and Scargle; non-linear: Poincaré plot, sample entropy (m = 2,
/// r = 0.2 SD), detrended fluctuation over 4 to 11 and from 12 beats on. The figures of NeuroKit2
/// 0.2.13 `hrv`, powers not normalised.
///
/// # Errors
/// [`clx_signal::SignalError::Parameter`] for beats out of order or an interpolation rate outside
/// its range.
///
/// # Source
/// Task Force of the ESC and NASPE 1996, Circulation 93:1043-1065. Checked against
/// `tests/fixtures/heart.json`.
///
/// ```
/// use clx_eeg::{measure_hrv, HrvParams};
/// let beats: Vec<usize> = (0..400).map(|i| 800 * i + if i % 2 == 0 { 0 } else { 20 }).collect();
/// let hrv = measure_hrv(&beats, clx_signal::SampleRate::from_hz(1000.0)?, &HrvParams::default())?;
/// assert_eq!(hrv.time.unwrap().rmssd_ms, 40.0);
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
pub fn measure_hrv(beats: &[usize], rate: SampleRate, params: &HrvParams) -> Result<Hrv, EegError> {
    let rr_ms = intervals_ms(beats, rate, params)?;
    let duration_s = rr_ms.iter().sum::<f64>() / 1000.0;
    let mut absent = Vec::new();
    let time = time::measure(&rr_ms, &mut absent);
    let frequency = frequency::measure(&rr_ms, params, &mut absent)?;
    let nonlinear = nonlinear::measure(&rr_ms, &mut absent);
    Ok(Hrv { n_beats: beats.len(), duration_s, time, frequency, nonlinear, absent })
}

/// The spectrum whose areas are the powers of [`measure_hrv`], from 0 Hz to half the interpolation
/// rate (Welch) or to 0.5 Hz (Lomb and Scargle). `None` below 60 s, where no band is measured.
///
/// # Errors
/// As [`measure_hrv`].
///
/// ```
/// use clx_eeg::hrv::{HrvParams, hrv_density};
/// // Intervals that follow a breath of 4 s.
/// let rr = |i: usize| 800.0 + 40.0 * (i as f64 * 0.8 * std::f64::consts::FRAC_PI_2).sin();
/// let beats: Vec<usize> = (0..300).scan(0.0, |t, i| { *t += rr(i); Some(*t as usize) }).collect();
/// let rate = clx_signal::SampleRate::from_hz(1000.0)?;
/// let found = hrv_density(&beats, rate, &HrvParams::default())?.unwrap();
/// let density = &found.density_ms2_per_hz;
/// let top = (0..density.len()).max_by(|&a, &b| density[a].total_cmp(&density[b])).unwrap();
/// assert!((found.freqs_hz[top] - 0.25).abs() < 0.01);
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
pub fn hrv_density(
    beats: &[usize],
    rate: SampleRate,
    params: &HrvParams,
) -> Result<Option<HrvDensity>, EegError> {
    frequency::density(&intervals_ms(beats, rate, params)?, params)
}

fn intervals_ms(
    beats: &[usize],
    rate: SampleRate,
    params: &HrvParams,
) -> Result<Vec<f64>, EegError> {
    if let Some(i) = beats.windows(2).position(|w| w[0] >= w[1]) {
        return Err(clx_signal::SignalError::Parameter {
            name: "beats",
            expected: "strictly ascending sample indices",
            got: format!("{} then {}", beats[i], beats[i + 1]),
        }
        .into());
    }
    if !(2.0..=1000.0).contains(&params.interpolation_hz) {
        return Err(clx_signal::SignalError::Parameter {
            name: "interpolation_hz",
            expected: "2 to 1000 Hz",
            got: params.interpolation_hz.to_string(),
        }
        .into());
    }
    Ok(beats.windows(2).map(|w| rate.seconds(w[1] - w[0]) * 1000.0).collect())
}

/// Notes that `name` could not be measured.
fn note(absent: &mut Vec<AbsentFigure>, name: &str, reason: impl Into<String>) {
    absent.push(AbsentFigure { name: name.to_owned(), reason: reason.into() });
}

/// Standard deviation of a sample (one less in the divisor); `None` below two values.
fn standard_deviation(x: &[f64]) -> Option<f64> {
    if x.len() < 2 {
        return None;
    }
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    let squares: f64 = x.iter().map(|v| (v - mean).powi(2)).sum();
    Some((squares / (x.len() - 1) as f64).sqrt())
}

fn differences(x: &[f64]) -> Vec<f64> {
    x.windows(2).map(|w| w[1] - w[0]).collect()
}
