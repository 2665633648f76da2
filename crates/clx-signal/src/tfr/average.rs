//! Power and inter-trial coherence averaged over epochs.

use rustfft::num_complex::Complex64;

use super::Transform;
use crate::SignalError;

/// What an average over epochs holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Average {
    Power,
    /// Power and inter-trial coherence; costs a square root per value more.
    PowerAndCoherence,
}

/// Sums over the epochs of one channel.
#[derive(Clone, Debug)]
pub struct EpochAverage {
    n_epochs: usize,
    n_samples: usize,
    power: Vec<f64>,
    /// Sums of unit phasors, as [`Transform::complex`] orders them; empty where not wanted.
    phasors: Vec<Complex64>,
}

impl EpochAverage {
    pub fn new(transform: &Transform, average: Average) -> Self {
        let plan = &transform.plan;
        let n_phasors = match average {
            Average::Power => 0,
            Average::PowerAndCoherence => plan.spectra.len() * plan.n_samples,
        };
        Self {
            n_epochs: 0,
            n_samples: plan.n_samples,
            power: vec![0.0; plan.n_freqs * plan.n_samples],
            phasors: vec![Complex64::ZERO; n_phasors],
        }
    }

    /// Takes one epoch of the channel; `transform` is the one this average was made for.
    ///
    /// # Errors
    /// [`SignalError::Mismatch`] and [`SignalError::NotFinite`] as [`Transform::complex`].
    pub fn push(&mut self, transform: &mut Transform, epoch: &[f32]) -> Result<(), SignalError> {
        if self.phasors.is_empty() {
            transform.add_power(epoch, &mut self.power)?;
        } else {
            transform.analyse(epoch)?;
            let (n, n_tapers) = (transform.plan.n_samples, transform.plan.n_tapers);
            for (i, phasors) in self.phasors.chunks_exact_mut(n).enumerate() {
                transform.convolve(i);
                let share = transform.plan.shares[i];
                let power = &mut self.power[i / n_tapers * n..][..n];
                for ((p, sum), z) in power.iter_mut().zip(phasors).zip(&transform.work) {
                    let square = z.norm_sqr();
                    *p += share * square;
                    // Silence has no phase and adds none.
                    let inverse = if square > 0.0 { 1.0 / square.sqrt() } else { 0.0 };
                    *sum += z * inverse;
                }
            }
        }
        self.n_epochs += 1;
        Ok(())
    }

    pub fn n_epochs(&self) -> usize {
        self.n_epochs
    }

    /// Mean power, frequency by frequency; zeros before the first epoch.
    pub fn power(&self) -> Vec<f64> {
        let n = self.n_epochs.max(1) as f64;
        self.power.iter().map(|p| p / n).collect()
    }

    /// Inter-trial coherence, `0..=1`, frequency by frequency: the length of the mean unit phasor,
    /// averaged over the tapers. `None` unless asked for, and without an epoch. One of `n` epochs
    /// without common phase still gives about `√(pi / 4n)`.
    pub fn coherence(&self) -> Option<Vec<f64>> {
        if self.phasors.is_empty() || self.n_epochs == 0 {
            return None;
        }
        let n = self.n_samples;
        let n_tapers = self.phasors.len() / self.power.len();
        let scale = 1.0 / (self.n_epochs * n_tapers) as f64;
        let mut out = vec![0.0; self.power.len()];
        for (i, row) in self.phasors.chunks_exact(n).enumerate() {
            let target = &mut out[i / n_tapers * n..][..n];
            target.iter_mut().zip(row).for_each(|(o, z)| *o += z.norm() * scale);
        }
        Some(out)
    }
}
