//! Phase locking of a channel to the envelope of a stimulus.

use std::ops::Range;

use clx_signal::fir::{self, Edge, OverlapSave};
use clx_signal::hilbert::Hilbert;
use clx_signal::rng::SplitMix64;
use clx_signal::{Complex64, SampleRate, SignalError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::refused;
use crate::EegError;

/// Settings of [`stimulus_locking`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LockingParams {
    /// Pass band of both signals, hertz: around the rate of the stimulus, at least 1 Hz wide.
    pub fmin_hz: f64,
    pub fmax_hz: f64,
    /// Latest response that is looked for, seconds after the stimulus.
    pub max_lag_s: f64,
    /// Pieces of the channel that are set to random order for the comparison, 8 to 1000.
    #[schemars(range(min = 8, max = 1000))]
    pub pieces: usize,
    /// Random orders, 19 to 10,000.
    #[schemars(range(min = 19, max = 10_000))]
    pub shuffles: usize,
    pub seed: u64,
}

impl Default for LockingParams {
    fn default() -> Self {
        Self { fmin_hz: 38.0, fmax_hz: 42.0, max_lag_s: 0.5, pieces: 30, shuffles: 199, seed: 1 }
    }
}

/// Result of [`stimulus_locking`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StimulusLocking {
    /// Phase locking value at the best lag, `0..=1`.
    pub locking: f64,
    /// Lag of the channel behind the stimulus, seconds. With a strictly periodic stimulus any lag
    /// that differs by a cycle fits as well.
    pub lag_s: f64,
    /// Phase of the channel behind the stimulus at that lag, radians.
    pub phase_rad: f64,
    /// The 95th percentile of the best locking in the shuffled pieces.
    pub chance_level: f64,
    /// Share of shuffles at or above the locking, counting the measurement itself.
    pub p: f64,
}

/// Phase locking value between a channel and the envelope of the stimulus, at the best lag.
///
/// `x`: one channel; `stimulus`: the envelope at the same rate and length, both from the same instant.
/// Both are filtered to `fmin_hz..fmax_hz` (zero-phase FIR) and turned into phases; for every lag
/// from 0 to `max_lag_s` the mean phasor of the difference is taken. The comparison cuts the channel's
/// phase into pieces in random order with random phases, and searches the lags as well, so the search
/// does not make results look better than they are.
///
/// `None` where either has no power in the band.
///
/// # Errors
/// [`EegError::Signal`] for unequal lengths, a band that does not fit below half the rate, fewer than
/// two seconds or twice `max_lag_s` inside the filter's reach, unusable settings, or a sample that is no
/// number.
///
/// # Source
/// Lachaux et al. 1999, Hum. Brain Mapp. 8:194-208; Peelle and Davis 2012, Front. Psychol. 3:320.
pub fn stimulus_locking(
    x: &[f32],
    stimulus: &[f32],
    rate: SampleRate,
    params: LockingParams,
) -> Result<Option<StimulusLocking>, EegError> {
    let max_lag = checked_lag(x, stimulus, rate, params)?;
    let design = fir::design_bandpass(rate, Some(params.fmin_hz), Some(params.fmax_hz))?;
    let reach = design.half_len();
    let needed = 2 * reach + (3 * max_lag).max(rate.samples(2.0)).max(4 * params.pieces);
    if x.len() < needed {
        let window_s = rate.seconds(needed);
        return Err(SignalError::TooShort { needed, window_s, got: x.len() }.into());
    }
    let inner = reach..x.len() - reach;
    let Some(channel) = phasors(x, &design, inner.clone())? else { return Ok(None) };
    let Some(reference) = phasors(stimulus, &design, inner)? else { return Ok(None) };
    let (lag, mean) = best_lag(&channel, &reference, max_lag);
    let locking = mean.norm();
    let mut rng = SplitMix64::new(params.seed);
    let chance: Vec<f64> = (0..params.shuffles)
        .map(|_| shuffled_pieces(&channel, params.pieces, &mut rng))
        .map(|turned| best_lag(&turned, &reference, max_lag).1.norm())
        .collect();
    let reached = chance.iter().filter(|v| **v >= locking).count();
    Ok(Some(StimulusLocking {
        locking,
        lag_s: rate.seconds(lag),
        phase_rad: mean.arg(),
        chance_level: clx_signal::stats::percentile(&chance, 95.0).unwrap_or(1.0),
        p: (1 + reached) as f64 / (1 + chance.len()) as f64,
    }))
}

fn checked_lag(
    x: &[f32],
    stimulus: &[f32],
    rate: SampleRate,
    params: LockingParams,
) -> Result<usize, SignalError> {
    if x.len() != stimulus.len() {
        let (left, right) = (x.len().to_string(), stimulus.len().to_string());
        return Err(SignalError::Mismatch { what: "length", left, right });
    }
    let counts = (8..=1000).contains(&params.pieces) && (19..=10_000).contains(&params.shuffles);
    if !(counts && (0.0..=10.0).contains(&params.max_lag_s)) {
        let got = format!("{params:?}");
        return Err(refused(
            "pieces, shuffles and max_lag_s",
            "8 to 1000, 19 to 10,000 and 0 to 10",
            got,
        ));
    }
    Ok(rate.samples(params.max_lag_s))
}

/// Unit phasors of the band-limited signal; `None` where it has no power.
fn phasors(
    x: &[f32],
    design: &fir::Fir,
    inner: Range<usize>,
) -> Result<Option<Vec<Complex64>>, SignalError> {
    // The filter lets a thousandth of a constant through, which is no rhythm.
    let mean = x.iter().map(|&v| f64::from(v)).sum::<f64>() / x.len() as f64;
    let centred: Vec<f32> = x.iter().map(|&v| (f64::from(v) - mean) as f32).collect();
    let mut filter = OverlapSave::new(design, 1, Edge::Reflect);
    let mut filtered = Vec::with_capacity(x.len());
    filter.push(0, &centred, &mut filtered);
    filter.finish(0, &mut filtered);
    let mut signal = vec![Complex64::ZERO; x.len()];
    Hilbert::new(x.len(), x.len())?.analytic(&filtered, &mut signal)?;
    let unit = |z: &Complex64| if z.norm() > 0.0 { z / z.norm() } else { Complex64::ZERO };
    let audible = signal[inner.clone()].iter().any(|z| z.norm() > 0.0);
    Ok(audible.then(|| signal[inner].iter().map(unit).collect()))
}

/// Lag of `channel` behind `reference` with the longest mean phasor. The stretch of the reference is
/// the same for every lag.
fn best_lag(channel: &[Complex64], reference: &[Complex64], max_lag: usize) -> (usize, Complex64) {
    let n = channel.len() - max_lag;
    let mean = |lag: usize| {
        let products = channel[lag..lag + n].iter().zip(&reference[..n]);
        products.map(|(c, r)| c * r.conj()).sum::<Complex64>() / n as f64
    };
    let mut best = (0, mean(0));
    for lag in 1..=max_lag {
        let candidate = mean(lag);
        if candidate.norm() > best.1.norm() {
            best = (lag, candidate);
        }
    }
    best
}

/// The pieces in random order, each turned by a random phase.
fn shuffled_pieces(x: &[Complex64], pieces: usize, rng: &mut SplitMix64) -> Vec<Complex64> {
    let size = x.len().div_ceil(pieces);
    let mut parts: Vec<&[Complex64]> = x.chunks(size).collect();
    for i in (1..parts.len()).rev() {
        parts.swap(i, rng.next_index(i + 1));
    }
    let mut out = Vec::with_capacity(x.len());
    for part in parts {
        let turn = Complex64::cis(std::f64::consts::TAU * rng.next_f64());
        out.extend(part.iter().map(|z| z * turn));
    }
    out
}
