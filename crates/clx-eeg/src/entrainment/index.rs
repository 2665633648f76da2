//! The entrainment index, its sham comparison and its confidence.

use clx_signal::rng::SplitMix64;
use clx_signal::{Complex64, SampleRate, SignalError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Tone, chance, refused};
use crate::EegError;

/// Settings of [`entrainment_index`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EntrainmentParams {
    /// Length of a segment, seconds; rounded to a whole number of samples.
    pub segment_s: f64,
    /// Sham frequencies lie 3 to this many segment bins (`1 / segment_s`) on either side.
    #[schemars(range(min = 5, max = 200))]
    pub sham_bins: usize,
    /// Frequencies that are no sham, such as a second stimulus or the mains, hertz.
    pub exclude_hz: Vec<f64>,
    /// Draws of random phases, 100 to 100,000.
    #[schemars(range(min = 100, max = 100_000))]
    pub shuffles: usize,
    pub seed: u64,
}

impl Default for EntrainmentParams {
    fn default() -> Self {
        Self { segment_s: 4.0, sham_bins: 24, exclude_hz: Vec::new(), shuffles: 999, seed: 1 }
    }
}

/// Result of [`entrainment_index`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EntrainmentIndex {
    pub drive_hz: f64,
    pub n_segments: usize,
    pub segment_s: f64,
    /// Share of the power at the drive frequency that keeps time with the stimulus, without the bias
    /// of few segments: 0 for none, 1 for all, slightly below 0 by chance.
    pub index: f64,
    /// 95 % interval of that share.
    pub ci95: [f64; 2],
    /// Amplitude of the part that keeps time, unit of the signal.
    pub amplitude: f64,
    /// Phase of that part at time zero, radians, as a cosine.
    pub phase_rad: f64,
    /// Chance of the index without a response, in Gaussian noise.
    pub p_exact: f64,
    /// The same from random phases of the segments, which needs no assumption about amplitudes.
    pub p_shuffled: f64,
    /// Rank of the index among those at the sham frequencies.
    pub p_sham: f64,
    pub n_sham: usize,
    /// Mean and largest index at the sham frequencies.
    pub sham_mean: f64,
    pub sham_largest: f64,
    /// The larger of `p_shuffled` and `p_sham`: the response must beat both.
    pub p: f64,
}

/// How much of the rhythm at `drive_hz` keeps time with a stimulus of exactly that rate.
///
/// `x`: one channel, any unit, sample 0 at time zero of the stimulus. The signal is cut into
/// segments without overlap, whose Fourier coefficients `z` at the drive frequency (mean taken off,
/// Hann window, phase counted from time zero) give `m = |Σ z|² / (n Σ |z|²)`; the index is
/// `(n m - 1) / (n - 1)`. The interval inverts the distribution of `m` for a fixed response in
/// Gaussian noise. The same index is taken at sham frequencies and with random phases.
///
/// `None` for a silent signal. A drive that is wrong by more than a tenth of a cycle over the whole
/// recording loses the phase: give it exactly.
///
/// # Errors
/// [`EegError::Signal`] with fewer than 5 segments, fewer than 2 cycles per segment, a drive not below
/// half the rate, fewer than 19 sham frequencies, unusable settings, or a sample that is no number.
///
/// # Source
/// Dobie and Wilson 1989, Ear Hear. 10(1):2-13; Picton et al. 2003, Int. J. Audiol. 42:177-219.
///
/// ```
/// use clx_eeg::entrainment::{EntrainmentParams, entrainment_index};
/// use clx_signal::{SampleRate, synth};
/// let rate = SampleRate::from_hz(250.0)?;
/// let noise = synth::white(rate, 10e-6, 120.0, 1);
/// let tone = synth::sine(rate, 40.0, 1.5e-6, 120.0);
/// let x: Vec<f32> = noise.iter().zip(&tone).map(|(a, b)| a + b).collect();
/// let with = entrainment_index(&x, rate, 40.0, &EntrainmentParams::default())?.unwrap();
/// let without = entrainment_index(&noise, rate, 40.0, &EntrainmentParams::default())?.unwrap();
/// assert!(with.index > 0.5 && with.p < 0.05);
/// assert!(without.index < 0.1 && without.p > 0.05);
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
pub fn entrainment_index(
    x: &[f32],
    rate: SampleRate,
    drive_hz: f64,
    params: &EntrainmentParams,
) -> Result<Option<EntrainmentIndex>, EegError> {
    let n = checked_segment(x.len(), rate, params)?;
    let mut tone = Tone::new(rate, n, drive_hz)?;
    let segment_s = tone.len_s();
    let coefficients = coefficients(&mut tone, x)?;
    let Some(m) = squared_coherence(&coefficients) else { return Ok(None) };
    let count = coefficients.len();
    let unbiased = |m: f64| (count as f64 * m - 1.0) / (count as f64 - 1.0);

    let mut sham = Vec::new();
    for hz in sham_frequencies(drive_hz, segment_s, rate, params) {
        let at_sham = self::coefficients(&mut Tone::new(rate, n, hz)?, x)?;
        sham.extend(squared_coherence(&at_sham));
    }
    if sham.len() < 19 {
        let got = format!("{} at {drive_hz} Hz", sham.len());
        return Err(refused("sham frequencies", "at least 19", got).into());
    }
    let mut rng = SplitMix64::new(params.seed);
    let amplitudes: Vec<f64> = coefficients.iter().map(|z| z.norm()).collect();
    let shuffled: Vec<f64> =
        (0..params.shuffles).map(|_| random_phases(&amplitudes, &mut rng)).collect();
    let p_of = |values: &[f64]| {
        (1 + values.iter().filter(|v| **v >= m).count()) as f64 / (1 + values.len()) as f64
    };
    let (p_shuffled, p_sham) = (p_of(&shuffled), p_of(&sham));
    let mean = coefficients.iter().sum::<Complex64>() / count as f64;
    Ok(Some(EntrainmentIndex {
        drive_hz,
        n_segments: count,
        segment_s,
        index: unbiased(m),
        ci95: chance::interval(m, count, 0.95),
        amplitude: mean.norm(),
        phase_rad: mean.arg(),
        p_exact: chance::exceeds(m, count),
        p_shuffled,
        p_sham,
        n_sham: sham.len(),
        sham_mean: unbiased(sham.iter().sum::<f64>() / sham.len() as f64),
        sham_largest: unbiased(sham.iter().copied().fold(0.0, f64::max)),
        p: p_shuffled.max(p_sham),
    }))
}

fn checked_segment(
    n_samples: usize,
    rate: SampleRate,
    params: &EntrainmentParams,
) -> Result<usize, SignalError> {
    let shuffles = (100..=100_000).contains(&params.shuffles);
    if !(shuffles && (5..=200).contains(&params.sham_bins)) {
        let got = format!("{} and {}", params.shuffles, params.sham_bins);
        return Err(refused("shuffles and sham_bins", "100 to 100,000 and 5 to 200", got));
    }
    let n = rate.samples(params.segment_s).max(1);
    let needed = n.saturating_mul(5);
    if n_samples < needed {
        let window_s = rate.seconds(needed);
        return Err(SignalError::TooShort { needed, window_s, got: n_samples });
    }
    Ok(n)
}

fn coefficients(tone: &mut Tone, x: &[f32]) -> Result<Vec<Complex64>, SignalError> {
    let n = tone.kernel.len();
    let rate = tone.rate;
    x.chunks_exact(n)
        .enumerate()
        .map(|(i, segment)| tone.coefficient(segment, rate.seconds(i * n)))
        .collect()
}

/// `|Σ z|² / (n Σ |z|²)`; `None` where there is no power.
fn squared_coherence(z: &[Complex64]) -> Option<f64> {
    let power: f64 = z.iter().map(|z| z.norm_sqr()).sum();
    let sum: Complex64 = z.iter().sum();
    (power > 0.0).then(|| (sum.norm_sqr() / (z.len() as f64 * power)).min(1.0))
}

fn random_phases(amplitudes: &[f64], rng: &mut SplitMix64) -> f64 {
    let turned: Vec<Complex64> = amplitudes
        .iter()
        .map(|a| Complex64::cis(std::f64::consts::TAU * rng.next_f64()) * *a)
        .collect();
    squared_coherence(&turned).unwrap_or(0.0)
}

/// Frequencies beside the drive that stay two bins away from its multiples, from what is excluded and
/// from the ends of the spectrum.
fn sham_frequencies(
    drive_hz: f64,
    segment_s: f64,
    rate: SampleRate,
    params: &EntrainmentParams,
) -> Vec<f64> {
    let bin_hz = 1.0 / segment_s;
    let free = |hz: &f64| {
        let multiple = drive_hz * (hz / drive_hz).round();
        let clear = |other: f64| (hz - other).abs() > 2.001 * bin_hz;
        (multiple == 0.0 || clear(multiple))
            && params.exclude_hz.iter().all(|&other| clear(other))
            && *hz > 2.001 * bin_hz
            && *hz < rate.nyquist_hz() - 2.0 * bin_hz
    };
    (3..=params.sham_bins)
        .flat_map(|k| [drive_hz - k as f64 * bin_hz, drive_hz + k as f64 * bin_hz])
        .filter(free)
        .collect()
}
