//! Electrodermal activity: skin conductance level and responses.

use clx_signal::iir::{self, Passband, Prototype};
use clx_signal::peaks::{PeakParams, find_peaks, local_maxima};
use clx_signal::{SampleRate, SignalError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EegError;
use crate::samples::{check_finite, check_long};

/// Edge and order of the cleaning low-pass. NeuroKit2 0.2.13.
const LOWPASS_HZ: f64 = 3.0;
const CLEAN_ORDER: usize = 4;
/// Edge and order that divide tonic from phasic. Same, after Biopac's AcqKnowledge.
const TONIC_HZ: f64 = 0.05;
const TONIC_ORDER: usize = 2;
/// Window of the median that gives the level, seconds. Same.
const MEDIAN_S: f64 = 4.0;

/// How conductance is divided into level and responses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EdaDivision {
    /// Zero-phase Butterworth filters of order 2 at 0.05 Hz.
    #[default]
    Highpass,
    /// The level is the moving median of 4 s.
    Median,
}

/// Conductance divided in two, in the unit of the input (siemens), as long as the input.
#[derive(Clone, Debug, PartialEq)]
pub struct EdaParts {
    /// Level.
    pub tonic: Vec<f64>,
    /// Responses, around zero.
    pub phasic: Vec<f64>,
}

/// A skin conductance response. Times in seconds, conductance in the unit of the input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SkinResponse {
    /// Lowest point before the peak; absent at the start of a recording.
    pub onset_s: Option<f64>,
    pub peak_s: f64,
    /// Phasic value at the peak.
    pub height: f64,
    /// Height above the onset.
    pub amplitude: Option<f64>,
    pub rise_time_s: Option<f64>,
    /// Time from the peak until half of the amplitude is gone; absent where it is not reached before
    /// the next response.
    pub half_recovery_s: Option<f64>,
}

/// Removes fast noise: zero-phase Butterworth low-pass of order 4 at 3 Hz; signals sampled at 6 Hz or
/// less stay as they are.
///
/// The values of NeuroKit2 0.2.13 `eda_clean`.
///
/// # Errors
/// [`SignalError::NotFinite`], [`SignalError::TooShort`] below 10 s.
pub fn clean_eda(eda: &[f32], rate: SampleRate) -> Result<Vec<f64>, EegError> {
    check_finite("eda", eda)?;
    check_long(eda, rate, 10.0)?;
    let x: Vec<f64> = eda.iter().map(|&v| f64::from(v)).collect();
    if rate.hz() <= 2.0 * LOWPASS_HZ {
        return Ok(x);
    }
    let lowpass = Passband::Lowpass { edge_hz: LOWPASS_HZ };
    let sos = iir::design(rate, CLEAN_ORDER, Prototype::Butterworth, lowpass)?;
    Ok(iir::filter_zero_phase_f64(&sos, &x)?)
}

/// Divides cleaned conductance into level and responses.
///
/// The values of NeuroKit2 0.2.13 `eda_phasic` ("highpass" and "smoothmedian"; the median takes zeros
/// beyond the ends, so 2 s at either end of its level are too low).
///
/// # Errors
/// [`SignalError::TooShort`] below 10 s, [`SignalError::Band`] for a rate of at most 0.1 Hz.
///
/// # Source
/// Boucsein 2012, Electrodermal Activity, chapter 2. Checked against `tests/fixtures/body.json`.
pub fn divide_eda(
    clean: &[f64],
    rate: SampleRate,
    division: EdaDivision,
) -> Result<EdaParts, EegError> {
    let needed = rate.samples(10.0).max(1);
    if clean.len() < needed {
        return Err(SignalError::TooShort { needed, window_s: 10.0, got: clean.len() }.into());
    }
    match division {
        EdaDivision::Highpass => {
            let filtered = |passband| -> Result<Vec<f64>, EegError> {
                let sos = iir::design(rate, TONIC_ORDER, Prototype::Butterworth, passband)?;
                Ok(iir::filter_zero_phase_f64(&sos, clean)?)
            };
            Ok(EdaParts {
                tonic: filtered(Passband::Lowpass { edge_hz: TONIC_HZ })?,
                phasic: filtered(Passband::Highpass { edge_hz: TONIC_HZ })?,
            })
        }
        EdaDivision::Median => {
            let width = (MEDIAN_S * rate.hz()) as usize;
            let tonic = moving_median(clean, width + usize::from(width.is_multiple_of(2)));
            let phasic = clean.iter().zip(&tonic).map(|(x, t)| x - t).collect();
            Ok(EdaParts { tonic, phasic })
        }
    }
}

/// Median of `width` (odd) samples around each, zeros beyond the ends.
fn moving_median(x: &[f64], width: usize) -> Vec<f64> {
    let half = width / 2;
    let at = |i: usize| i.checked_sub(half).and_then(|i| x.get(i)).copied().unwrap_or(0.0);
    let place = |sorted: &[f64], v: f64| sorted.partition_point(|s| s.total_cmp(&v).is_lt());
    let mut sorted: Vec<f64> = (0..width).map(at).collect();
    sorted.sort_by(f64::total_cmp);
    let mut medians = Vec::with_capacity(x.len());
    for i in 0..x.len() {
        medians.push(sorted[half]);
        sorted.remove(place(&sorted, at(i)));
        sorted.insert(place(&sorted, at(i + width)), at(i + width));
    }
    medians
}

/// Finds skin conductance responses in the phasic part.
///
/// Responses are maxima whose prominence is at least `least_share` (usually 0.1) of the largest one;
/// onsets are the nearest minima before them. The values of NeuroKit2 0.2.13 `eda_peaks`.
///
/// # Errors
/// [`SignalError::Parameter`] for a share outside 0 to 1 or a phasic part with a value that is no
/// number.
///
/// # Source
/// Checked against `tests/fixtures/body.json`.
pub fn find_skin_responses(
    phasic: &[f64],
    rate: SampleRate,
    least_share: f64,
) -> Result<Vec<SkinResponse>, EegError> {
    if !(0.0..=1.0).contains(&least_share) || !phasic.iter().all(|v| v.is_finite()) {
        return Err(SignalError::Parameter {
            name: "least_share and phasic",
            expected: "a share of 0 to 1 and finite values",
            got: least_share.to_string(),
        }
        .into());
    }
    let mut peaks = find_peaks(phasic, PeakParams::default());
    let highest = peaks.iter().map(|p| p.prominence).fold(0.0, f64::max);
    peaks.retain(|p| p.prominence >= least_share * highest);
    let negative: Vec<f64> = phasic.iter().map(|v| -v).collect();
    let troughs = local_maxima(&negative);
    let responses = peaks.iter().enumerate().map(|(i, peak)| {
        let before = troughs.partition_point(|&t| t < peak.index);
        let onset = before.checked_sub(1).map(|j| troughs[j]);
        let amplitude = onset.map(|o| peak.height - phasic[o]);
        let next = peaks.get(i + 1).map_or(phasic.len(), |p| p.index);
        let recovery = amplitude.and_then(|a| {
            let after = &phasic[peak.index..next];
            after.iter().position(|&v| v <= peak.height - a / 2.0)
        });
        SkinResponse {
            onset_s: onset.map(|o| rate.seconds(o)),
            peak_s: rate.seconds(peak.index),
            height: peak.height,
            amplitude,
            rise_time_s: onset.map(|o| rate.seconds(peak.index - o)),
            half_recovery_s: recovery.map(|n| rate.seconds(n)),
        }
    });
    Ok(responses.collect())
}
