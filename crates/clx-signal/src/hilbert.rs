//! Analytic signal: envelope and phase of a band-limited signal.

use std::fmt;
use std::sync::Arc;

use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::num_complex::Complex64;

use crate::SignalError;
use crate::finite::{check_finite, check_len};

/// Hilbert transform of stretches of one length; its tables are shared by all channels.
///
/// The whole stretch is transformed at once (offline, zero-phase) and taken as one period of a
/// periodic signal, so the first and last cycle of an envelope bend towards each other. Half the
/// size of the complex transform that the definition asks for: the signal is real on both sides.
/// Equal to `scipy.signal.hilbert(x, N)` on the same `f32` samples to 1e-12 of the largest value.
///
/// # Source
/// Marple 1999, IEEE Trans. Signal Process. 47(9):2600-2603. Checked against
/// `tests/fixtures/spectral.json`.
///
/// ```
/// use clx_signal::{hilbert::Hilbert, synth, SampleRate};
/// let x = synth::sine(SampleRate::from_hz(100.0)?, 5.0, 3.0, 2.0);
/// let mut hilbert = Hilbert::new(x.len(), x.len())?;
/// let mut envelope = vec![0.0; x.len()];
/// hilbert.envelope(&x, &mut envelope)?;
/// assert!(envelope.iter().all(|e| (e - 3.0).abs() < 1e-6));
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub struct Hilbert {
    n: usize,
    forward: Arc<dyn RealToComplex<f64>>,
    inverse: Arc<dyn ComplexToReal<f64>>,
    time: Vec<f64>,
    bins: Vec<Complex64>,
    scratch: Vec<Complex64>,
}

impl fmt::Debug for Hilbert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hilbert")
            .field("n_samples", &self.n)
            .field("n_fft", &self.time.len())
            .finish_non_exhaustive()
    }
}

impl Hilbert {
    /// For stretches of `n_samples`, followed by zeros up to `n_fft` (SciPy's `N`).
    ///
    /// # Errors
    /// [`SignalError::Parameter`] unless `1 <= n_samples <= n_fft <= 2^28`.
    pub fn new(n_samples: usize, n_fft: usize) -> Result<Self, SignalError> {
        if n_samples == 0 || n_samples > n_fft || n_fft > 1 << 28 {
            return Err(SignalError::Parameter {
                name: "n_fft",
                expected: "at least n_samples (above 0) and at most 2^28",
                got: format!("{n_fft} for {n_samples} samples"),
            });
        }
        let mut planner = RealFftPlanner::<f64>::new();
        let (forward, inverse) = (planner.plan_fft_forward(n_fft), planner.plan_fft_inverse(n_fft));
        let scratch = forward.get_scratch_len().max(inverse.get_scratch_len());
        Ok(Self {
            n: n_samples,
            time: forward.make_input_vec(),
            bins: forward.make_output_vec(),
            scratch: vec![Complex64::ZERO; scratch],
            forward,
            inverse,
        })
    }

    /// Another one with the same tables, for another thread.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self {
            n: self.n,
            forward: Arc::clone(&self.forward),
            inverse: Arc::clone(&self.inverse),
            time: vec![0.0; self.time.len()],
            bins: vec![Complex64::ZERO; self.bins.len()],
            scratch: vec![Complex64::ZERO; self.scratch.len()],
        }
    }

    /// `x + i · H(x)`, where `H` delays every rhythm by a quarter of its cycle.
    ///
    /// # Errors
    /// [`SignalError::Mismatch`] unless `x` and `out` have the planned length;
    /// [`SignalError::NotFinite`] for a sample that is no number.
    pub fn analytic(&mut self, x: &[f32], out: &mut [Complex64]) -> Result<(), SignalError> {
        check_len("room for the analytic signal", out.len(), self.n)?;
        self.quadrature(x)?;
        for ((o, &re), &im) in out.iter_mut().zip(x).zip(&self.time) {
            *o = Complex64::new(f64::from(re), im);
        }
        Ok(())
    }

    /// Absolute value of the analytic signal: the amplitude of a narrow-band signal over time.
    ///
    /// # Errors
    /// As [`Self::analytic`].
    pub fn envelope(&mut self, x: &[f32], out: &mut [f64]) -> Result<(), SignalError> {
        check_len("room for the envelope", out.len(), self.n)?;
        self.quadrature(x)?;
        for ((o, &re), &im) in out.iter_mut().zip(x).zip(&self.time) {
            *o = (f64::from(re).powi(2) + im * im).sqrt();
        }
        Ok(())
    }

    /// Leaves the Hilbert transform of `x` in `time`.
    fn quadrature(&mut self, x: &[f32]) -> Result<(), SignalError> {
        check_len("length of the stretch", x.len(), self.n)?;
        check_finite(x)?;
        self.time.fill(0.0);
        self.time.iter_mut().zip(x).for_each(|(t, &v)| *t = f64::from(v));
        self.forward
            .process_with_scratch(&mut self.time, &mut self.bins, &mut self.scratch)
            .expect("the buffers were made by this transform");
        let n_fft = self.time.len();
        let scale = 1.0 / n_fft as f64;
        self.bins.iter_mut().for_each(|z| *z = Complex64::new(z.im * scale, -z.re * scale));
        // Neither a constant nor half the rate has a quadrature.
        self.bins[0] = Complex64::ZERO;
        if n_fft.is_multiple_of(2) {
            self.bins[n_fft / 2] = Complex64::ZERO;
        }
        self.inverse
            .process_with_scratch(&mut self.bins, &mut self.time, &mut self.scratch)
            .expect("the buffers were made by this transform");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_one_sample_and_nan_are_defined() {
        let mut one = Hilbert::new(1, 1).unwrap();
        let mut envelope = [9.0];
        one.envelope(&[-2.0], &mut envelope).unwrap();
        assert_eq!(envelope, [2.0]);
        let mut h = Hilbert::new(4, 5).unwrap();
        let mut envelope = [9.0; 4];
        h.envelope(&[0.0; 4], &mut envelope).unwrap();
        assert_eq!(envelope, [0.0; 4]);
        assert!(h.envelope(&[0.0, f32::NAN, 0.0, 0.0], &mut envelope).is_err());
        assert!(h.envelope(&[0.0; 5], &mut envelope).is_err());
        assert!(Hilbert::new(0, 4).is_err() && Hilbert::new(5, 4).is_err());
    }
}
