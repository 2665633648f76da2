//! Correlation of amplitudes after what two channels share at once is taken out.

use clx_signal::hilbert::Hilbert;
use clx_signal::{Complex64, Epochs, SignalError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Mirror, PairMatrix};
use crate::EegError;

/// Settings of [`amplitude_correlation`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AmplitudeParams {
    /// Correlate the logarithm of the squared amplitudes.
    pub log: bool,
    /// Take absolute values of the correlations before they are averaged over the two directions
    /// and the epochs.
    pub absolute: bool,
}

impl Default for AmplitudeParams {
    fn default() -> Self {
        Self { log: false, absolute: true }
    }
}

/// Orthogonalised amplitude envelope correlation, averaged over epochs.
///
/// `epochs` must be filtered to the band of interest. For each pair the part of one channel that is
/// in phase with the other is removed at every sample, the envelope of the rest is correlated with
/// the other's envelope, and the two directions are averaged. Transforms are padded to the next
/// length without prime factors above 5. Equal to
/// `mne_connectivity.envelope_correlation(...).combine()` 0.9.0 to 1e-11. A silent channel correlates 0.
///
/// # Errors
/// [`EegError::Signal`] without an epoch, with names that do not match, or for a sample that is no
/// number.
///
/// # Source
/// Hipp et al. 2012, Nat. Neurosci. 15:884-890. Checked against `tests/fixtures/connectivity.json`.
pub fn amplitude_correlation(
    epochs: &Epochs,
    channels: &[String],
    params: AmplitudeParams,
) -> Result<PairMatrix, EegError> {
    let (n_channels, n) = (epochs.n_channels(), epochs.n_samples());
    if channels.len() != n_channels || epochs.is_empty() {
        return Err(EegError::Signal(SignalError::Mismatch {
            what: "number of channels and names",
            left: format!("{n_channels} in {} epochs", epochs.len()),
            right: channels.len().to_string(),
        }));
    }
    let mut hilbert = Hilbert::new(n, next_smooth(n))?;
    let mut lower = vec![0.0; n_channels * (n_channels - 1) / 2];
    for epoch in 0..epochs.len() {
        let analysed = (0..n_channels)
            .map(|c| Analysed::new(&mut hilbert, epochs.channel(epoch, c), params.log))
            .collect::<Result<Vec<_>, _>>()?;
        let mut rest = vec![0.0; n];
        let sign = |r: f64| if params.absolute { r.abs() } else { r };
        for row in 1..n_channels {
            for column in 0..row {
                let (a, b) = (&analysed[row], &analysed[column]);
                let both = sign(correlate(a, b, params.log, &mut rest))
                    + sign(correlate(b, a, params.log, &mut rest));
                lower[row * (row - 1) / 2 + column] += both / 2.0 / epochs.len() as f64;
            }
        }
    }
    Ok(PairMatrix::new(channels.to_vec(), lower, Mirror::Same))
}

/// One channel of one epoch.
struct Analysed {
    signal: Vec<Complex64>,
    /// Conjugate over absolute value; 0 where that is 0.
    phase: Vec<Complex64>,
    /// Amplitude (or its logarithm) without its mean, and the norm of that.
    amplitude: Vec<f64>,
    norm: f64,
}

impl Analysed {
    fn new(hilbert: &mut Hilbert, x: &[f32], log: bool) -> Result<Self, SignalError> {
        let mut signal = vec![Complex64::ZERO; x.len()];
        hilbert.analytic(x, &mut signal)?;
        let mut amplitude: Vec<f64> = signal.iter().map(|z| z.norm()).collect();
        let unit =
            |(z, &m): (&Complex64, &f64)| if m > 0.0 { z.conj() / m } else { Complex64::ZERO };
        let phase = signal.iter().zip(&amplitude).map(unit).collect();
        if log {
            amplitude.iter_mut().for_each(|m| *m = log_power(*m));
        }
        let norm = centre(&mut amplitude);
        Ok(Self { signal, phase, amplitude, norm })
    }
}

/// Correlation of the part of `x` at right angles to `reference` with the amplitude of `reference`.
fn correlate(x: &Analysed, reference: &Analysed, log: bool, rest: &mut [f64]) -> f64 {
    for ((r, z), p) in rest.iter_mut().zip(&x.signal).zip(&reference.phase) {
        *r = (z.re * p.im + z.im * p.re).abs();
        if log {
            *r = log_power(*r);
        }
    }
    let norm = centre(rest) * reference.norm;
    let dot: f64 = rest.iter().zip(&reference.amplitude).map(|(a, b)| a * b).sum();
    if norm > 0.0 { dot / norm } else { 0.0 }
}

/// Logarithm of the square, bounded below so that silence stays finite.
fn log_power(amplitude: f64) -> f64 {
    (amplitude * amplitude).max(f64::MIN_POSITIVE).ln()
}

/// Takes the mean off and returns the norm of what is left.
fn centre(x: &mut [f64]) -> f64 {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    x.iter_mut().for_each(|v| *v -= mean);
    x.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// Smallest number from `n` on whose prime factors are 2, 3 and 5 (from 7 on, as MNE).
fn next_smooth(n: usize) -> usize {
    let smooth = |n: &usize| {
        let mut rest = *n;
        for p in [2, 3, 5] {
            while rest.is_multiple_of(p) {
                rest /= p;
            }
        }
        rest == 1
    };
    (n.max(1)..).find(smooth).unwrap_or(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_without_large_factors() {
        assert_eq!([7, 8, 11, 301, 500, 1].map(next_smooth), [8, 8, 12, 320, 500, 1]);
    }
}
