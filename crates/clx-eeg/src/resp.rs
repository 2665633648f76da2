//! Breathing: cycles, rate and depth, and how the heart follows it.

use clx_signal::iir::{self, Passband, Prototype};
use clx_signal::{SampleRate, stats};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EegError;
use crate::samples::{check_finite, check_long};

/// Pass band, hertz, and order of the cleaning filter. Khodadad et al. 2018, as in NeuroKit2 0.2.13.
const PASS_HZ: [f64; 2] = [0.05, 3.0];
const ORDER: usize = 2;
/// Swings below this share of the median swing are no breaths. Same.
const LEAST_SWING: f64 = 0.3;
/// Beats this long after a turn of breathing still belong to it, seconds. NeuroKit2 0.2.13.
const HEART_LAG_S: f64 = 0.75;

/// One breath, from the start of inhaling to the next. Times in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Breath {
    /// Lowest point: inhaling starts.
    pub trough_s: f64,
    /// Highest point: exhaling starts.
    pub peak_s: f64,
    /// Height of the peak over the trough, in the unit of the input.
    pub amplitude: f64,
    pub inhale_s: f64,
    /// Absent for the last breath, whose end is not seen.
    pub exhale_s: Option<f64>,
    /// From trough to next trough.
    pub cycle_s: Option<f64>,
}

/// Breathing of a recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Breathing {
    pub breaths: Vec<Breath>,
    /// 60 over the mean cycle; absent below two breaths.
    pub mean_rate_per_min: Option<f64>,
    /// Standard deviation of the cycles.
    pub cycle_sd_s: Option<f64>,
    pub mean_amplitude: Option<f64>,
    /// Mean time of inhaling over mean time of exhaling.
    pub inhale_exhale_ratio: Option<f64>,
}

/// Respiratory sinus arrhythmia by the peak-to-trough method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SinusArrhythmia {
    /// Longest interval while exhaling minus shortest while inhaling, mean over the breaths, 0 where
    /// it is negative.
    pub mean_ms: f64,
    /// Absent below two breaths.
    pub sd_ms: Option<f64>,
    pub n_breaths: usize,
    /// Breaths with too few beats to tell.
    pub n_unknown: usize,
}

/// Removes drift and noise: zero-phase Butterworth band-pass of order 2, 0.05-3 Hz.
///
/// The values of NeuroKit2 0.2.13 `rsp_clean`.
///
/// # Errors
/// [`clx_signal::SignalError::NotFinite`], [`clx_signal::SignalError::TooShort`] below 10 s,
/// [`clx_signal::SignalError::Band`] for a rate of at most 6 Hz.
pub fn clean_breathing(signal: &[f32], rate: SampleRate) -> Result<Vec<f64>, EegError> {
    check_finite("breathing", signal)?;
    check_long(signal, rate, 10.0)?;
    let band = Passband::Bandpass { fmin_hz: PASS_HZ[0], fmax_hz: PASS_HZ[1] };
    let sos = iir::design(rate, ORDER, Prototype::Butterworth, band)?;
    let x: Vec<f64> = signal.iter().map(|&v| f64::from(v)).collect();
    Ok(iir::filter_zero_phase_f64(&sos, &x)?)
}

/// Finds the breaths of a cleaned signal that rises while inhaling.
///
/// Extremes between zero crossings, small swings and doubled extremes left out: peaks and troughs of
/// NeuroKit2 0.2.13 `rsp_peaks`. No breaths in silence.
///
/// # Source
/// Khodadad et al. 2018, Physiol. Meas. 39:094001. Checked against `tests/fixtures/body.json`.
pub fn find_breaths(clean: &[f64], rate: SampleRate) -> Breathing {
    let (troughs, peaks) = turns(clean);
    let breaths: Vec<Breath> = troughs
        .iter()
        .zip(&peaks)
        .enumerate()
        .map(|(i, (&trough, &peak))| {
            let next = troughs.get(i + 1);
            Breath {
                trough_s: rate.seconds(trough),
                peak_s: rate.seconds(peak),
                amplitude: clean[peak] - clean[trough],
                inhale_s: rate.seconds(peak - trough),
                exhale_s: next.map(|&n| rate.seconds(n - peak)),
                cycle_s: next.map(|&n| rate.seconds(n - trough)),
            }
        })
        .collect();
    let cycles: Vec<f64> = breaths.iter().filter_map(|b| b.cycle_s).collect();
    let exhales: Vec<f64> = breaths.iter().filter_map(|b| b.exhale_s).collect();
    let inhales: Vec<f64> = breaths.iter().take(exhales.len()).map(|b| b.inhale_s).collect();
    let amplitudes: Vec<f64> = breaths.iter().map(|b| b.amplitude).collect();
    Breathing {
        mean_rate_per_min: stats::mean(&cycles).map(|c| 60.0 / c),
        cycle_sd_s: deviation(&cycles),
        mean_amplitude: stats::mean(&amplitudes),
        inhale_exhale_ratio: stats::mean(&inhales).zip(stats::mean(&exhales)).map(|(i, e)| i / e),
        breaths,
    }
}

/// Alternating troughs and peaks, a trough first, equally many.
fn turns(x: &[f64]) -> (Vec<usize>, Vec<usize>) {
    let crossings: Vec<usize> = (1..x.len())
        .filter(|&i| (x[i - 1] < 0.0 && x[i] > 0.0) || (x[i - 1] > 0.0 && x[i] < 0.0))
        .map(|i| i - 1)
        .collect();
    let mut extremes: Vec<usize> = crossings
        .windows(2)
        .map(|w| {
            let rising = x[w[0]] < 0.0;
            let further = |&a: &usize, &b: &usize| if rising { x[b] > x[a] } else { x[b] < x[a] };
            (w[0]..w[1]).fold(w[0], |best, i| if further(&best, &i) { i } else { best })
        })
        .collect();
    let swings: Vec<f64> = extremes.windows(2).map(|w| (x[w[1]] - x[w[0]]).abs()).collect();
    let least = LEAST_SWING * stats::median(&swings).unwrap_or(0.0);
    extremes.pop();
    let mut swings = swings.into_iter();
    extremes.retain(|_| swings.next().is_some_and(|s| s > least));
    // Of three extremes in one direction the middle one is no turn.
    let direction: Vec<f64> = extremes.windows(2).map(|w| (x[w[1]] - x[w[0]]).signum()).collect();
    let mut index = 0;
    extremes.retain(|_| {
        let i = index;
        index += 1;
        i == 0 || i >= direction.len() || direction[i - 1] + direction[i] == 0.0
    });
    if extremes.len() >= 2 && x[extremes[0]] > x[extremes[1]] {
        extremes.remove(0);
    }
    if let [.., before, last] = extremes[..]
        && x[last] < x[before]
    {
        extremes.pop();
    }
    let troughs = extremes.chunks_exact(2).map(|pair| pair[0]).collect();
    (troughs, extremes.chunks_exact(2).map(|pair| pair[1]).collect())
}

/// How much the heart follows the breath: for each breath the longest interval between beats while
/// exhaling minus the shortest while inhaling.
///
/// `beats`: ascending sample indices of R peaks at the rate of the breathing. `None` where no breath
/// has enough beats. As `RSA_P2T` of NeuroKit2 0.2.13 `hrv_rsa`, but with the beats themselves.
///
/// # Source
/// Grossman et al. 1990, Psychophysiology 27:595-607.
pub fn sinus_arrhythmia(
    breathing: &Breathing,
    beats: &[usize],
    rate: SampleRate,
) -> Option<SinusArrhythmia> {
    let times: Vec<f64> = beats.iter().map(|&b| rate.seconds(b)).collect();
    let intervals = |from: f64, to: f64| -> Vec<f64> {
        let inside = times.partition_point(|&t| t < from)..times.partition_point(|&t| t < to);
        times[inside].windows(2).map(|w| 1000.0 * (w[1] - w[0])).collect()
    };
    let (mut known, mut n_unknown) = (Vec::new(), 0);
    for breath in &breathing.breaths {
        let Some(cycle_s) = breath.cycle_s else { continue };
        let inhaling = intervals(breath.trough_s, breath.peak_s + HEART_LAG_S);
        let exhaling = intervals(breath.peak_s, breath.trough_s + cycle_s + HEART_LAG_S);
        if inhaling.is_empty() || exhaling.is_empty() {
            n_unknown += 1;
            continue;
        }
        let longest = exhaling.into_iter().fold(f64::NEG_INFINITY, f64::max);
        let shortest = inhaling.into_iter().fold(f64::INFINITY, f64::min);
        known.push((longest - shortest).max(0.0));
    }
    Some(SinusArrhythmia {
        mean_ms: stats::mean(&known)?,
        sd_ms: deviation(&known),
        n_breaths: known.len(),
        n_unknown,
    })
}

/// Standard deviation of a sample; `None` below two values.
fn deviation(x: &[f64]) -> Option<f64> {
    let mean = stats::mean(x).filter(|_| x.len() > 1)?;
    let squares: f64 = x.iter().map(|v| (v - mean).powi(2)).sum();
    Some((squares / (x.len() - 1) as f64).sqrt())
}
