//! Band powers of one channel, each with an interval.

use clx_signal::multitaper::{Multitaper, MultitaperParams, Taper};
use clx_signal::rng::SplitMix64;
use clx_signal::welch::{BlockSpectrum, Psd};
use clx_signal::window::{Symmetry, Window};
use clx_signal::{Band, SampleRate, SignalError, stats};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EegError;
use crate::connectivity::Range;

/// Mean spectra of successive stretches that are kept.
const MOST_BLOCKS: usize = 64;

/// Settings of [`band_powers`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BandPowerParams {
    pub bands: Vec<Range>,
    /// What `relative` is a share of.
    pub total: Range,
    /// Length of a Welch segment, seconds.
    pub window_s: f64,
    /// Share of a segment that the next one repeats, `0..=0.9`.
    pub overlap: f64,
    /// Full width over which Slepian tapers smooth, hertz; absent: one Hann window (Welch's method).
    pub bandwidth_hz: Option<f64>,
    /// Length of the pieces that the bootstrap draws, seconds; absent: `2 · window_s`, or the cube
    /// root of the number of segments in segments, whichever is longer.
    pub block_s: Option<f64>,
    /// Level of the intervals, 0.5 to 0.999.
    #[schemars(range(min = 0.5, max = 0.999))]
    pub level: f64,
    /// Draws, 100 to 100,000.
    #[schemars(range(min = 100, max = 100_000))]
    pub resamples: usize,
    pub seed: u64,
}

impl Default for BandPowerParams {
    fn default() -> Self {
        let range =
            |b: Band| Range { name: b.name.to_owned(), fmin_hz: b.fmin_hz, fmax_hz: b.fmax_hz };
        Self {
            bands: Band::OVERVIEW.map(range).to_vec(),
            total: Range { name: "total".to_owned(), fmin_hz: 1.0, fmax_hz: 40.0 },
            window_s: 2.0,
            overlap: 0.5,
            bandwidth_hz: None,
            block_s: None,
            level: 0.95,
            resamples: 1000,
            seed: 1,
        }
    }
}

/// Power of one band.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BandPowerEstimate {
    pub band: Range,
    /// V².
    pub power_v2: f64,
    pub power_ci_v2: Option<[f64; 2]>,
    /// Share of the total; absent where the total has no power.
    pub relative: Option<f64>,
    pub relative_ci: Option<[f64; 2]>,
    /// `10 log10` of the power in µV²; absent without power.
    pub power_db_uv2: Option<f64>,
    pub power_ci_db_uv2: Option<[f64; 2]>,
    /// Welch segments in the mean; the intervals are absent below 8.
    pub n_segments: usize,
}

/// Spectrum of one channel and the power of its bands.
#[derive(Clone, Debug, PartialEq)]
pub struct BandSpectrum {
    /// Mean over the segments, with at most 64 blocks for intervals of what is read off it.
    pub psd: Psd,
    pub bands: Vec<BandPowerEstimate>,
}

/// Absolute power, share and decibels of each band, with bootstrap intervals.
///
/// `x`: one channel, volts. Welch's method as [`clx_signal::welch::Welch`] (Hann segments, mean removed,
/// mean over segments); power is the sum of the bins with `fmin <= f < fmax` times their width. The
/// interval is the percentile interval of a moving-block bootstrap over the segments: neighbouring
/// segments overlap and rhythms wax and wane, so runs of segments are drawn, not single ones. It is
/// somewhat narrow for few segments; `tests/it/band_power.rs` simulates how often it holds the truth.
///
/// # Errors
/// [`EegError::Signal`] if one segment is not filled, a band has no bin below half the rate, settings
/// are unusable, or a sample is no number.
///
/// # Source
/// Welch 1967, IEEE Trans. Audio Electroacoust. 15(2):70-73; Künsch 1989, Ann. Statist.
/// 17(3):1217-1241.
///
/// ```
/// use clx_eeg::band_power::{BandPowerParams, band_powers};
/// use clx_signal::{SampleRate, synth};
/// let rate = SampleRate::from_hz(250.0)?;
/// let x = synth::sine(rate, 10.0, 10e-6, 60.0);
/// let alpha = &band_powers(&x, rate, &BandPowerParams::default())?[2];
/// assert!((alpha.power_v2 / 50e-12 - 1.0).abs() < 1e-5); // a²/2
/// assert!(alpha.relative.unwrap() > 0.999);
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
pub fn band_powers(
    x: &[f32],
    rate: SampleRate,
    params: &BandPowerParams,
) -> Result<Vec<BandPowerEstimate>, EegError> {
    Ok(band_spectrum(x, rate, &[], params)?.bands)
}

/// [`band_powers`] with the spectrum that they are read off.
///
/// `breaks`: samples before which the recording was interrupted; no segment reaches across one.
///
/// # Errors
/// As [`band_powers`].
pub fn band_spectrum(
    x: &[f32],
    rate: SampleRate,
    breaks: &[usize],
    params: &BandPowerParams,
) -> Result<BandSpectrum, EegError> {
    check(params)?;
    let n = rate.samples(params.window_s).max(2);
    let hop = n - ((n as f64 * params.overlap) as usize).min(n - 1);
    let whole = |start: &usize| !breaks.iter().any(|b| *start < *b && *b < *start + n);
    let starts: Vec<usize> =
        (0..(x.len() + 1).saturating_sub(n)).step_by(hop).filter(whole).collect();
    if starts.is_empty() {
        let window_s = params.window_s;
        return Err(SignalError::TooShort { needed: n, window_s, got: x.len() }.into());
    }
    let taper = match params.bandwidth_hz {
        None => Taper::Single(Window::Hann, Symmetry::Periodic),
        bandwidth_hz => Taper::Dpss { bandwidth_hz, low_bias: true },
    };
    let mut plan =
        Multitaper::new(rate, n, MultitaperParams { taper, ..MultitaperParams::default() })?;
    let step_hz = rate.hz() / n as f64;
    let bins = params
        .bands
        .iter()
        .chain([&params.total])
        .map(|band| bins_of(plan.freqs_hz(), band, rate))
        .collect::<Result<Vec<_>, _>>()?;
    // Power of every segment in every band, the total last.
    let mut powers = vec![Vec::with_capacity(starts.len()); bins.len()];
    let mut density = vec![0.0; plan.freqs_hz().len()];
    let per_block = starts.len().div_ceil(MOST_BLOCKS);
    let mut blocks: Vec<BlockSpectrum> = Vec::new();
    for (i, &start) in starts.iter().enumerate() {
        plan.density(&x[start..start + n], &mut density)?;
        for (powers, bins) in powers.iter_mut().zip(&bins) {
            powers.push(density[bins.clone()].iter().sum::<f64>() * step_hz);
        }
        if i % per_block == 0 {
            let density = vec![0.0; density.len()];
            blocks.push(BlockSpectrum { first_segment: i, n_segments: 0, density });
        }
        if let Some(block) = blocks.last_mut() {
            block.n_segments += 1;
            block.density.iter_mut().zip(&density).for_each(|(sum, d)| *sum += d);
        }
    }
    let n_segments = starts.len();
    let block = params.block_s.map_or_else(
        || (2 * n).div_ceil(hop).max((n_segments as f64).cbrt().ceil() as usize),
        |s| rate.samples(s).div_ceil(hop),
    );
    let draws = draw_means(&powers, block.clamp(1, n_segments), params);
    let psd = mean_of(blocks, plan.freqs_hz().to_vec(), n_segments);
    Ok(BandSpectrum { psd, bands: summarise(params, &powers, &draws) })
}

/// The mean over all segments, from the sums of each block.
fn mean_of(mut blocks: Vec<BlockSpectrum>, freqs_hz: Vec<f64>, n_segments: usize) -> Psd {
    let mut density = vec![0.0; freqs_hz.len()];
    for block in &mut blocks {
        density.iter_mut().zip(&block.density).for_each(|(sum, d)| *sum += d);
        block.density.iter_mut().for_each(|d| *d /= block.n_segments as f64);
    }
    density.iter_mut().for_each(|d| *d /= n_segments as f64);
    Psd { freqs_hz, density, n_segments, blocks }
}

/// Means over the segments of each draw: for every draw, one per band, the total last.
fn draw_means(powers: &[Vec<f64>], block: usize, params: &BandPowerParams) -> Vec<Vec<f64>> {
    let n = powers[0].len();
    if n < 8 {
        return Vec::new();
    }
    let sums: Vec<Vec<f64>> = powers.iter().map(|p| running_sum(p)).collect();
    let mut rng = SplitMix64::new(params.seed);
    (0..params.resamples)
        .map(|_| {
            let mut totals = vec![0.0; powers.len()];
            let mut left = n;
            while left > 0 {
                let size = block.min(left);
                let start = rng.next_index(n - block + 1);
                for (total, sum) in totals.iter_mut().zip(&sums) {
                    *total += sum[start + size] - sum[start];
                }
                left -= size;
            }
            totals.iter().map(|t| t / n as f64).collect()
        })
        .collect()
}

fn running_sum(x: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    std::iter::once(0.0)
        .chain(x.iter().map(|v| {
            sum += v;
            sum
        }))
        .collect()
}

fn summarise(
    params: &BandPowerParams,
    powers: &[Vec<f64>],
    draws: &[Vec<f64>],
) -> Vec<BandPowerEstimate> {
    let means: Vec<f64> = powers.iter().filter_map(|p| stats::mean(p)).collect();
    let total = means.last().copied().unwrap_or(0.0);
    let interval = |values: Vec<f64>| {
        let tail = 50.0 * (1.0 - params.level);
        Some([stats::percentile(&values, tail)?, stats::percentile(&values, 100.0 - tail)?])
    };
    let decibels = |v2: f64| (v2 > 0.0).then(|| 10.0 * (v2 * 1e12).log10());
    params
        .bands
        .iter()
        .enumerate()
        .map(|(i, band)| {
            let power_ci_v2 = interval(draws.iter().map(|d| d[i]).collect());
            let shares = draws.iter().filter(|d| d[powers.len() - 1] > 0.0);
            BandPowerEstimate {
                band: band.clone(),
                power_v2: means[i],
                power_ci_v2,
                relative: (total > 0.0).then(|| means[i] / total),
                relative_ci: interval(shares.map(|d| d[i] / d[powers.len() - 1]).collect()),
                power_db_uv2: decibels(means[i]),
                power_ci_db_uv2: power_ci_v2.and_then(|[a, b]| Some([decibels(a)?, decibels(b)?])),
                n_segments: powers[i].len(),
            }
        })
        .collect()
}

fn bins_of(
    freqs_hz: &[f64],
    band: &Range,
    rate: SampleRate,
) -> Result<std::ops::Range<usize>, SignalError> {
    let slack = 1e-9 * band.fmax_hz.abs();
    let start = freqs_hz.partition_point(|&f| f < band.fmin_hz - slack);
    let end = freqs_hz.partition_point(|&f| f < band.fmax_hz - slack);
    if start < end && band.fmax_hz <= rate.nyquist_hz() {
        Ok(start..end)
    } else {
        let Range { fmin_hz, fmax_hz, .. } = *band;
        Err(SignalError::Band { fmin_hz, fmax_hz, rate_hz: rate.hz() })
    }
}

fn check(params: &BandPowerParams) -> Result<(), SignalError> {
    let refuse = |name, expected, got: String| Err(SignalError::Parameter { name, expected, got });
    if params.bands.is_empty() {
        return refuse("bands", "at least one", "none".to_owned());
    }
    if !(0.0..=0.9).contains(&params.overlap) {
        return refuse("overlap", "0 to 0.9", params.overlap.to_string());
    }
    let level = (0.5..=0.999).contains(&params.level);
    if !(level && (100..=100_000).contains(&params.resamples)) {
        let got = format!("{} with {}", params.level, params.resamples);
        return refuse("level and resamples", "0.5 to 0.999 with 100 to 100,000", got);
    }
    Ok(())
}
