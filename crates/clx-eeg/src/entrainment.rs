//! Whether a rhythm in the EEG follows a periodic stimulus: steady-state response, locking to the
//! stimulus, and an index with a sham comparison.
//!
//! A peak at the drive frequency says that there is power; a phase that stays put over the segments
//! says that the power keeps time with the stimulus. Neither says that an ongoing rhythm was
//! entrained rather than a response evoked at each cycle, and an electric artefact of the stimulus
//! passes both: `docs/science/eeg.entrainment.md`.

use clx_signal::{Complex64, Epochs, SampleRate, SignalError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EegError;

mod chance;
mod index;
mod locking;
mod response;

pub use index::{EntrainmentIndex, EntrainmentParams, entrainment_index};
pub use locking::{LockingParams, StimulusLocking, stimulus_locking};
pub use response::{Response, SteadyState, SteadyStateParams, steady_state};

/// Inter-trial phase coherence of one channel at the drive frequency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PhaseCoherence {
    pub drive_hz: f64,
    pub n_epochs: usize,
    /// Length of the mean unit phasor, `0..=1`; about `0.89 / √n` without any locking.
    pub coherence: f64,
    /// Its square without that bias; may be slightly below 0.
    pub unbiased_square: f64,
    /// Mean phase of a cosine at the event, radians.
    pub phase_rad: f64,
    /// Rayleigh's test of evenly spread phases.
    pub p: f64,
}

/// Inter-trial phase coherence at the drive frequency, one entry per channel.
///
/// The Fourier coefficient of each epoch at exactly `drive_hz` (mean taken off, Hann window) keeps
/// its phase only; time zero is the event, so epochs must begin at the same phase of the stimulus.
/// `None` for a channel with a silent epoch, which has no phase.
///
/// # Errors
/// [`EegError::Signal`] with fewer than 2 epochs, `drive_hz` not between 2 cycles per epoch and half
/// the rate, or a sample that is no number.
///
/// # Source
/// Tallon-Baudry et al. 1996, J. Neurosci. 16:4240-4249; p by Zar 2010, Biostatistical Analysis,
/// equation 27.4.
pub fn phase_coherence(
    epochs: &Epochs,
    drive_hz: f64,
) -> Result<Vec<Option<PhaseCoherence>>, EegError> {
    if epochs.len() < 2 {
        return Err(refused("epochs", "at least 2", epochs.len().to_string()).into());
    }
    let mut tone = Tone::new(epochs.rate, epochs.n_samples(), drive_hz)?;
    let mut results = Vec::with_capacity(epochs.n_channels());
    for channel in 0..epochs.n_channels() {
        let mut phasors = Vec::with_capacity(epochs.len());
        for epoch in 0..epochs.len() {
            let z = tone.coefficient(epochs.channel(epoch, channel), epochs.tmin_s)?;
            phasors.extend((z.norm() > 0.0).then(|| z / z.norm()));
        }
        results.push((phasors.len() == epochs.len()).then(|| coherence_of(&phasors, drive_hz)));
    }
    Ok(results)
}

fn coherence_of(phasors: &[Complex64], drive_hz: f64) -> PhaseCoherence {
    let n = phasors.len() as f64;
    let mean = phasors.iter().sum::<Complex64>() / n;
    let coherence = mean.norm().min(1.0);
    PhaseCoherence {
        drive_hz,
        n_epochs: phasors.len(),
        coherence,
        unbiased_square: (n * coherence * coherence - 1.0) / (n - 1.0),
        phase_rad: mean.arg(),
        p: chance::rayleigh(coherence, phasors.len()),
    }
}

/// Fourier coefficient of stretches of one length at one frequency that need not be a bin.
struct Tone {
    rate: SampleRate,
    drive_hz: f64,
    /// Window times the turning phasor of a stretch that begins at time zero.
    kernel: Vec<Complex64>,
}

impl Tone {
    fn new(rate: SampleRate, n: usize, drive_hz: f64) -> Result<Self, SignalError> {
        let cycles = drive_hz * rate.seconds(n);
        if !(cycles >= 2.0 && drive_hz < rate.nyquist_hz()) {
            let got = format!("{drive_hz} Hz in {} s", rate.seconds(n));
            return Err(refused("drive_hz", "2 cycles per stretch to half the rate", got));
        }
        let window = clx_signal::window::hann(n, clx_signal::window::Symmetry::Periodic);
        let total: f64 = window.iter().sum();
        let step = drive_hz / rate.hz();
        let at = |(i, w): (usize, &f64)| {
            Complex64::cis(-std::f64::consts::TAU * (step * i as f64).fract()) * (2.0 * w / total)
        };
        Ok(Self { rate, drive_hz, kernel: window.iter().enumerate().map(at).collect() })
    }

    /// Coefficient of a stretch that begins at `tmin_s`: `a · exp(i p)` for `a cos(2 pi f t + p)`.
    fn coefficient(&mut self, x: &[f32], tmin_s: f64) -> Result<Complex64, SignalError> {
        let mean = x.iter().map(|&v| f64::from(v)).sum::<f64>() / x.len() as f64;
        if !mean.is_finite() {
            let index = x.iter().position(|v| !v.is_finite()).unwrap_or(0);
            return Err(SignalError::NotFinite { channel: "given".to_owned(), index });
        }
        let sum: Complex64 =
            x.iter().zip(&self.kernel).map(|(&v, k)| k * (f64::from(v) - mean)).sum();
        Ok(sum * Complex64::cis(-std::f64::consts::TAU * (self.drive_hz * tmin_s).fract()))
    }

    fn len_s(&self) -> f64 {
        self.rate.seconds(self.kernel.len())
    }
}

fn refused(name: &'static str, expected: &'static str, got: String) -> SignalError {
    SignalError::Parameter { name, expected, got }
}
