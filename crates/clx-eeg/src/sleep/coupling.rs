use clx_signal::hilbert::Hilbert;
use clx_signal::{SampleRate, SignalError, fir};
use realfft::num_complex::Complex64;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{SlowWave, slow_waves};
use crate::EegError;
use crate::samples::{check_finite, check_long, filtered, microvolts};

/// Transition of the sigma filter. YASA 0.8.1.
const TRANSITION_HZ: f64 = 1.5;
/// Slow band, as in the detection of slow waves.
const SLOW_HZ: [f64; 2] = [0.3, 1.5];

/// Which coupling is measured; the defaults are YASA's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CouplingParams {
    pub fmin_hz: f64,
    pub fmax_hz: f64,
    /// Seconds before and after the trough of each slow wave.
    pub reach_s: f64,
    /// Strengths that chance reaches with this probability are given as 0.
    pub p: f64,
}

impl Default for CouplingParams {
    fn default() -> Self {
        Self { fmin_hz: 12.0, fmax_hz: 16.0, reach_s: 1.0, p: 0.05 }
    }
}

/// Where in one slow wave the sigma rhythm is strongest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SigmaPhase {
    /// Trough of the slow wave it belongs to.
    pub trough_s: f64,
    /// Time of the largest sigma amplitude.
    pub peak_s: f64,
    /// Phase of the slow wave then: 0 at the crest, ±π in the trough.
    pub phase_rad: f64,
    /// Normalised direct phase-amplitude coupling (Özkurt 2012), 0 to 1; 0 where chance explains it.
    pub strength: f64,
}

/// Coupling of the sigma rhythm to the slow waves of a night.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Coupling {
    /// One for each slow wave that has `reach_s` of signal on both sides.
    pub waves: Vec<SigmaPhase>,
    /// Direction in which the phases agree; absent without a wave.
    pub mean_phase_rad: Option<f64>,
    /// Length of the mean of unit vectors at the phases: 0 no preference, 1 always the same phase.
    pub mean_vector_length: Option<f64>,
    /// Probability of such a length if every phase were equally likely (Rayleigh); absent below five
    /// waves, where the approximation fails.
    pub rayleigh_p: Option<f64>,
    pub mean_strength: Option<f64>,
}

/// Measures at which phase of the slow waves the sigma rhythm is strongest.
///
/// `volts`: the channel in which `waves` were detected. Phase of the 0.3-1.5 Hz signal and
/// amplitude of the sigma band come from their analytic signals over the whole recording. Equal to
/// `yasa.sw_detect(coupling=True)` 0.8.1.
///
/// # Errors
/// [`SignalError::NotFinite`], [`SignalError::TooShort`] below 5 s, [`SignalError::Band`] if the
/// rate is too low, [`SignalError::Parameter`] for a reach or p outside their range.
///
/// # Source
/// Helfrich et al. 2018, Neuron 97:221-230; Özkurt 2012, J. Neurosci. Methods 211:69-75; Rayleigh
/// p: Zar 1999, Biostatistical Analysis, eq. 27.4. Checked against `tests/fixtures/sleep.json`.
pub fn couple_sigma(
    volts: &[f32],
    rate: SampleRate,
    waves: &[SlowWave],
    params: &CouplingParams,
) -> Result<Coupling, EegError> {
    if !(params.reach_s > 0.0 && params.reach_s <= 30.0 && params.p > 0.0 && params.p <= 1.0) {
        return Err(SignalError::Parameter {
            name: "reach_s and p",
            expected: "a reach above 0 and at most 30 s, and 0 < p <= 1",
            got: format!("{} s, {}", params.reach_s, params.p),
        }
        .into());
    }
    check_finite("coupling", volts)?;
    check_long(volts, rate, 5.0)?;
    let uv = microvolts(volts);
    let slow_filter =
        fir::design_bandpass_narrow(rate, SLOW_HZ[0], SLOW_HZ[1], slow_waves::TRANSITION_HZ)?;
    let sigma_filter =
        fir::design_bandpass_narrow(rate, params.fmin_hz, params.fmax_hz, TRANSITION_HZ)?;
    let n = volts.len();
    let mut hilbert = Hilbert::new(n, fast_length(n))?;
    let mut slow = vec![Complex64::ZERO; n];
    hilbert.analytic(&filtered(&slow_filter, &uv), &mut slow)?;
    let mut amplitude = vec![0.0; n];
    hilbert.envelope(&filtered(&sigma_filter, &uv), &mut amplitude)?;
    let reach = rate.samples(params.reach_s);
    let phases: Vec<SigmaPhase> = waves
        .iter()
        .filter_map(|wave| {
            let trough = rate.samples(wave.trough_s);
            let start = trough.checked_sub(reach)?;
            let end = trough + reach + 1;
            let (slow, amplitude) = (slow.get(start..end)?, &amplitude[start..end]);
            let mut top = 0;
            for (i, a) in amplitude.iter().enumerate() {
                if *a > amplitude[top] {
                    top = i;
                }
            }
            Some(SigmaPhase {
                trough_s: wave.trough_s,
                peak_s: rate.seconds(start + top),
                phase_rad: slow[top].arg(),
                strength: strength(slow, amplitude, params.p),
            })
        })
        .collect();
    Ok(summarise(phases))
}

/// Normalised direct coupling of the amplitude to the phase of `slow`; 0 below what chance gives
/// with probability `p`.
fn strength(slow: &[Complex64], amplitude: &[f64], p: f64) -> f64 {
    let n = amplitude.len() as f64;
    let mean = amplitude.iter().sum::<f64>() / n;
    let variance = amplitude.iter().map(|a| (a - mean).powi(2)).sum::<f64>() / (n - 1.0);
    if variance <= 0.0 {
        return 0.0;
    }
    let sigma = variance.sqrt();
    let sum: Complex64 = slow
        .iter()
        .zip(amplitude)
        .map(|(z, a)| Complex64::cis(z.arg()) * ((a - mean) / sigma))
        .sum();
    let by_chance = 2.0 * n * inverse_erf(1.0 - p).powi(2);
    if p < 1.0 && sum.norm_sqr() <= by_chance { 0.0 } else { sum.norm() / n }
}

fn summarise(waves: Vec<SigmaPhase>) -> Coupling {
    let n = waves.len() as f64;
    let sum: Complex64 = waves.iter().map(|w| Complex64::cis(w.phase_rad)).sum();
    let any = !waves.is_empty();
    let length = sum.norm() / n;
    Coupling {
        mean_phase_rad: any.then(|| sum.arg()),
        mean_vector_length: any.then_some(length),
        rayleigh_p: (waves.len() >= 5).then(|| rayleigh_p(n, length)),
        mean_strength: any.then(|| waves.iter().map(|w| w.strength).sum::<f64>() / n),
        waves,
    }
}

/// Probability of a mean vector of at least `length` over `n` phases without preference.
fn rayleigh_p(n: f64, length: f64) -> f64 {
    let r = n * length;
    ((1.0 + 4.0 * n + 4.0 * (n * n - r * r)).sqrt() - (1.0 + 2.0 * n)).exp().min(1.0)
}

/// Smallest product of 2, 3, 5, 7 and 11 that is at least `n`, as `scipy.fft.next_fast_len`.
fn fast_length(n: usize) -> usize {
    let smooth = |mut m: usize| {
        for factor in [2, 3, 5, 7, 11] {
            while m.is_multiple_of(factor) {
                m /= factor;
            }
        }
        m == 1
    };
    (n..).find(|&m| smooth(m)).unwrap_or(n)
}

/// Inverse of the error function on (-1, 1): a rational start and two steps of Newton's method.
fn inverse_erf(y: f64) -> f64 {
    // Winitzki 2008, A handy approximation for the error function and its inverse.
    const A: f64 = 0.147;
    let log = (1.0 - y * y).ln();
    let half = 2.0 / (std::f64::consts::PI * A) + log / 2.0;
    let mut x = ((half * half - log / A).sqrt() - half).sqrt().copysign(y);
    for _ in 0..4 {
        let slope = 2.0 / std::f64::consts::PI.sqrt() * (-x * x).exp();
        if slope > 0.0 {
            x -= (erf(x) - y) / slope;
        }
    }
    x
}

/// Error function by its power series, for arguments up to about 5.
fn erf(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for k in 1..200 {
        let k = f64::from(k);
        term *= -x * x / k;
        let add = term / (2.0 * k + 1.0);
        sum += add;
        if add.abs() < 1e-17 * sum.abs() {
            break;
        }
    }
    2.0 / std::f64::consts::PI.sqrt() * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_functions_have_their_tabulated_values() {
        // Abramowitz and Stegun 1972, table 7.1: erf(1); the normal quantile 1.959964 is
        // sqrt(2) times the inverse error function of 0.95.
        assert!((erf(1.0) - 0.842_700_792_949_715).abs() < 1e-14);
        assert!((inverse_erf(0.95) * 2_f64.sqrt() - 1.959_963_984_540_054).abs() < 1e-12);
        // Zar 1999, example 27.1: n = 8, r = 0.82522, p close to 0.002.
        assert!((rayleigh_p(8.0, 0.82522) - 0.002).abs() < 5e-4);
        assert_eq!((fast_length(1), fast_length(13), fast_length(2_880_000)), (1, 14, 2_880_000));
    }

    #[test]
    fn equal_phases_have_length_one_and_no_wave_has_none() {
        let at =
            |phase_rad: f64| SigmaPhase { trough_s: 0.0, peak_s: 0.0, phase_rad, strength: 0.2 };
        let same = summarise(vec![at(0.5); 20]);
        assert!((same.mean_vector_length.unwrap() - 1.0).abs() < 1e-12);
        assert!(same.rayleigh_p.unwrap() < 1e-6);
        let none = summarise(Vec::new());
        assert_eq!((none.mean_vector_length, none.rayleigh_p), (None, None));
    }
}
