//! Phase-amplitude coupling.

use clx_signal::fir::{self, Edge, OverlapSave};
use clx_signal::hilbert::Hilbert;
use clx_signal::rng::SplitMix64;
use clx_signal::{Complex64, SampleRate, SignalError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Range;
use crate::EegError;

/// Settings of [`phase_amplitude_coupling`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PacParams {
    /// Band whose phase is taken.
    pub phase_band: Range,
    /// Band whose amplitude is taken; wider than twice the upper edge of the phase band, or the
    /// coupling cannot show.
    pub amplitude_band: Range,
    /// Phase bins, 4 to 360.
    #[schemars(range(min = 4, max = 360))]
    pub n_bins: usize,
    /// Shifted amplitudes to compare with, 20 to 10,000.
    #[schemars(range(min = 20, max = 10_000))]
    pub surrogates: usize,
    pub seed: u64,
}

impl Default for PacParams {
    fn default() -> Self {
        let range =
            |name: &str, fmin_hz, fmax_hz| Range { name: name.to_owned(), fmin_hz, fmax_hz };
        Self {
            phase_band: range("theta", 4.0, 8.0),
            amplitude_band: range("gamma", 30.0, 60.0),
            n_bins: 18,
            surrogates: 200,
            seed: 1,
        }
    }
}

/// Result of [`phase_amplitude_coupling`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PhaseAmplitudeCoupling {
    /// Tort's modulation index, `0..=1`.
    pub modulation_index: f64,
    /// Mean amplitude in each phase bin over the sum of all; from -pi to pi.
    pub amplitude_share: Vec<f64>,
    /// Mean and standard deviation of the index over the surrogates.
    pub surrogate_mean: f64,
    pub surrogate_sd: f64,
    /// Distance from the surrogates in their standard deviations; absent where they do not vary.
    pub z: Option<f64>,
    /// Share of surrogates at or above the index, counting the measurement itself.
    pub p: f64,
}

/// Tort's modulation index of an amplitude over a phase in radians (-pi to pi), with the mean
/// amplitude of each bin over the sum of all.
///
/// `1 + Σ p log p / log n_bins`: 0 where the amplitude does not depend on the phase, 1 where it is
/// confined to one bin. Equal to `tensorpac.methods.modulation_index` 0.6.5 to 1e-12. `None` for
/// empty or unequal lengths, fewer than 2 bins, values that are no numbers, or no amplitude.
///
/// # Source
/// Tort et al. 2010, J. Neurophysiol. 104:1195-1210. Checked against
/// `tests/fixtures/connectivity.json`.
///
/// ```
/// use clx_eeg::connectivity::modulation_index;
/// let phase: Vec<f64> = (0..360).map(|d| (f64::from(d) - 179.5).to_radians()).collect();
/// let (flat, _) = modulation_index(&phase, &vec![1.0; 360], 18).unwrap();
/// let (bound, _) = modulation_index(&phase, &phase.iter().map(|p| f64::from(u8::from(p.abs() < 0.17))).collect::<Vec<_>>(), 18).unwrap();
/// assert!(flat.abs() < 1e-12 && bound > 0.7);
/// ```
pub fn modulation_index(
    phase: &[f64],
    amplitude: &[f64],
    n_bins: usize,
) -> Option<(f64, Vec<f64>)> {
    if phase.is_empty() || phase.len() != amplitude.len() || n_bins < 2 {
        return None;
    }
    let bins: Vec<usize> = phase.iter().map(|p| bin_of(*p, n_bins)).collect();
    let counts = counts_of(&bins, n_bins);
    index_of(&bins, &counts, amplitude, 0)
}

fn bin_of(phase: f64, n_bins: usize) -> usize {
    let turns = (phase + std::f64::consts::PI) / std::f64::consts::TAU;
    ((turns * n_bins as f64) as usize).min(n_bins - 1)
}

fn counts_of(bins: &[usize], n_bins: usize) -> Vec<f64> {
    let mut counts = vec![0.0; n_bins];
    bins.iter().for_each(|&b| counts[b] += 1.0);
    counts
}

/// Index with the amplitude turned by `shift` samples.
fn index_of(
    bins: &[usize],
    counts: &[f64],
    amplitude: &[f64],
    shift: usize,
) -> Option<(f64, Vec<f64>)> {
    let mut sums = vec![0.0; counts.len()];
    let turned = amplitude[shift..].iter().chain(&amplitude[..shift]);
    bins.iter().zip(turned).for_each(|(&b, a)| sums[b] += a);
    let mut share: Vec<f64> =
        sums.iter().zip(counts).map(|(s, n)| if *n > 0.0 { s / n } else { 0.0 }).collect();
    let total: f64 = share.iter().sum();
    if !(total > 0.0 && total.is_finite()) {
        return None;
    }
    share.iter_mut().for_each(|s| *s /= total);
    let entropy: f64 = share.iter().filter(|p| **p > 0.0).map(|p| p * p.ln()).sum();
    Some((1.0 + entropy / (counts.len() as f64).ln(), share))
}

/// Coupling of the amplitude of one signal to the phase of another (or the same).
///
/// `phase_of` and `amplitude_of`: volts, equally long, one rate. Both are filtered with a zero-phase
/// FIR ([`fir::design_bandpass`]), the analytic signals taken, and the ends that the filters reach
/// cut off. Surrogates turn the amplitude by a random time of at least a tenth of the length, which
/// keeps both signals' own structure. A sharp waveform couples without any second rhythm; look at
/// the signal before believing in two.
///
/// # Errors
/// [`EegError::Signal`] for unequal lengths, bands that do not fit below half the rate, fewer than
/// ten cycles of the lowest phase frequency, unusable parameters, or a sample that is no number.
///
/// # Source
/// Tort et al. 2010, J. Neurophysiol. 104:1195-1210; Aru et al. 2015, Curr. Opin. Neurobiol.
/// 31:51-61 on what the index cannot tell.
pub fn phase_amplitude_coupling(
    phase_of: &[f32],
    amplitude_of: &[f32],
    rate: SampleRate,
    params: &PacParams,
) -> Result<Option<PhaseAmplitudeCoupling>, EegError> {
    check(phase_of, amplitude_of, params)?;
    let (phase, cut_a) = analytic(phase_of, rate, &params.phase_band)?;
    let (amplitude, cut_b) = analytic(amplitude_of, rate, &params.amplitude_band)?;
    let cut = cut_a.max(cut_b);
    let needed = 2 * cut + rate.samples(10.0 / params.phase_band.fmin_hz);
    if phase_of.len() < needed {
        let window_s = rate.seconds(needed);
        return Err(SignalError::TooShort { needed, window_s, got: phase_of.len() }.into());
    }
    let inner = cut..phase_of.len() - cut;
    let bins: Vec<usize> =
        phase[inner.clone()].iter().map(|z| bin_of(z.arg(), params.n_bins)).collect();
    let amplitude: Vec<f64> = amplitude[inner].iter().map(|z| z.norm()).collect();
    let counts = counts_of(&bins, params.n_bins);
    let Some((index, amplitude_share)) = index_of(&bins, &counts, &amplitude, 0) else {
        return Ok(None);
    };
    let mut rng = SplitMix64::new(params.seed);
    let least = bins.len() / 10;
    let surrogates: Vec<f64> = (0..params.surrogates)
        .map(|_| least + rng.next_index(bins.len() - 2 * least))
        .filter_map(|shift| index_of(&bins, &counts, &amplitude, shift))
        .map(|(index, _)| index)
        .collect();
    let n = surrogates.len().max(1) as f64;
    let mean = surrogates.iter().sum::<f64>() / n;
    let sd = (surrogates.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / n).sqrt();
    let reached = surrogates.iter().filter(|s| **s >= index).count() as f64;
    Ok(Some(PhaseAmplitudeCoupling {
        modulation_index: index,
        amplitude_share,
        surrogate_mean: mean,
        surrogate_sd: sd,
        z: (sd > 0.0).then(|| (index - mean) / sd),
        p: (1.0 + reached) / (1.0 + n),
    }))
}

/// Analytic signal inside a band, and the samples at either end that the filter spoils.
fn analytic(
    x: &[f32],
    rate: SampleRate,
    band: &Range,
) -> Result<(Vec<Complex64>, usize), SignalError> {
    let design = fir::design_bandpass(rate, Some(band.fmin_hz), Some(band.fmax_hz))?;
    let mut filter = OverlapSave::new(&design, 1, Edge::Reflect);
    let mut filtered = Vec::with_capacity(x.len());
    filter.push(0, x, &mut filtered);
    filter.finish(0, &mut filtered);
    let mut signal = vec![Complex64::ZERO; x.len()];
    Hilbert::new(x.len(), x.len())?.analytic(&filtered, &mut signal)?;
    Ok((signal, design.half_len()))
}

fn check(a: &[f32], b: &[f32], params: &PacParams) -> Result<(), SignalError> {
    if a.len() != b.len() || a.is_empty() {
        let (left, right) = (a.len().to_string(), b.len().to_string());
        return Err(SignalError::Mismatch { what: "length (above 0)", left, right });
    }
    if !((4..=360).contains(&params.n_bins) && (20..=10_000).contains(&params.surrogates)) {
        return Err(SignalError::Parameter {
            name: "n_bins and surrogates",
            expected: "4 to 360 and 20 to 10,000",
            got: format!("{} and {}", params.n_bins, params.surrogates),
        });
    }
    Ok(())
}
