//! Power and phase over time and frequency by wavelets.

use std::fmt;
use std::sync::Arc;

use rustfft::num_complex::Complex64;
use rustfft::{Fft, FftPlanner};

use crate::SignalError;
use crate::finite::{check_finite, check_len};

mod average;
mod bank;

pub use average::{Average, EpochAverage};
pub use bank::{Bank, Cycles};

/// A wavelet in the frequency domain, its centre at time zero.
enum Spectrum {
    /// Of a wavelet whose second half is the mirrored conjugate of its first (Morlet's).
    Real(Vec<f64>),
    Complex(Vec<Complex64>),
}

/// What stretches of one length share.
struct Plan {
    n_samples: usize,
    n_freqs: usize,
    n_tapers: usize,
    /// Taper after taper for the first frequency, and so on; divided by the transform's size.
    spectra: Vec<Spectrum>,
    /// Squared weight of each wavelet in the power; they add up to 2 over the tapers of a frequency
    /// where there are several, and are 1 for Morlet's.
    shares: Vec<f64>,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
}

/// Wavelet transform of stretches of one length; wavelet spectra and transforms are made once and
/// shared by all channels and epochs.
///
/// Zeros are taken beyond the ends ("same" convolution), so values nearer to an end than half a
/// wavelet are too small. Every sample and frequency is `f64`. Equal to
/// `mne.time_frequency.tfr_array_morlet` and `tfr_array_multitaper` on the same `f32` samples to
/// 1e-12 of the largest value.
///
/// # Source
/// Tallon-Baudry et al. 1997, J. Neurosci. 17(2):722-734. Checked against
/// `tests/fixtures/spectral.json`.
///
/// ```
/// use clx_signal::{synth, SampleRate, tfr::{Bank, Cycles, Transform}};
/// let rate = SampleRate::from_hz(100.0)?;
/// let x = synth::sine(rate, 10.0, 1.0, 4.0);
/// let bank = Bank::morlet(rate, &[5.0, 10.0, 20.0], &Cycles::Fixed(7.0), false)?;
/// let mut transform = Transform::new(&bank, x.len())?;
/// let mut power = vec![0.0; 3 * x.len()];
/// transform.power(&x, &mut power)?;
/// let middle = |f: usize| power[f * x.len() + x.len() / 2];
/// assert!(middle(1) > 1e3 * middle(0) && middle(1) > 1e3 * middle(2));
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
#[derive(Clone)]
pub struct Transform {
    plan: Arc<Plan>,
    spectrum: Vec<Complex64>,
    work: Vec<Complex64>,
    scratch: Vec<Complex64>,
}

impl fmt::Debug for Transform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transform")
            .field("n_samples", &self.plan.n_samples)
            .field("n_freqs", &self.plan.n_freqs)
            .field("n_tapers", &self.plan.n_tapers)
            .finish_non_exhaustive()
    }
}

impl Transform {
    /// # Errors
    /// [`SignalError::TooShort`] if a wavelet is longer than the stretch;
    /// [`SignalError::Parameter`] above 2^24 samples.
    pub fn new(bank: &Bank, n_samples: usize) -> Result<Self, SignalError> {
        let longest = bank.wavelets.iter().map(Vec::len).max().unwrap_or(0);
        if longest > n_samples {
            let window_s = bank.rate.seconds(longest);
            return Err(SignalError::TooShort { needed: longest, window_s, got: n_samples });
        }
        if n_samples > 1 << 24 {
            return Err(SignalError::Parameter {
                name: "n_samples",
                expected: "at most 2^24",
                got: n_samples.to_string(),
            });
        }
        // With the centre of a wavelet at time zero, only its second half may wrap around.
        let size = fast_size(n_samples + longest / 2);
        let mut planner = FftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(size), planner.plan_fft_inverse(size));
        let plan = Plan {
            n_samples,
            n_freqs: bank.freqs_hz.len(),
            n_tapers: bank.n_tapers,
            spectra: bank.wavelets.iter().map(|w| spectrum_of(w, &*forward)).collect(),
            shares: bank.shares(),
            forward,
            inverse,
        };
        Ok(Self::from_plan(Arc::new(plan)))
    }

    /// Another one with the same tables, for another thread.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self::from_plan(Arc::clone(&self.plan))
    }

    fn from_plan(plan: Arc<Plan>) -> Self {
        let size = plan.forward.len();
        let scratch =
            plan.forward.get_inplace_scratch_len().max(plan.inverse.get_inplace_scratch_len());
        Self {
            spectrum: vec![Complex64::ZERO; size],
            work: vec![Complex64::ZERO; size],
            scratch: vec![Complex64::ZERO; scratch],
            plan,
        }
    }

    pub fn n_freqs(&self) -> usize {
        self.plan.n_freqs
    }

    pub fn n_tapers(&self) -> usize {
        self.plan.n_tapers
    }

    pub fn n_samples(&self) -> usize {
        self.plan.n_samples
    }

    /// Complex values of one stretch: frequency by frequency, in it taper by taper, in it sample by
    /// sample.
    ///
    /// # Errors
    /// [`SignalError::Mismatch`] unless `x` and `out` have the planned lengths;
    /// [`SignalError::NotFinite`] for a sample that is no number.
    pub fn complex(&mut self, x: &[f32], out: &mut [Complex64]) -> Result<(), SignalError> {
        let n = self.plan.n_samples;
        check_len("room for the transform", out.len(), self.plan.spectra.len() * n)?;
        self.analyse(x)?;
        for (i, row) in out.chunks_exact_mut(n).enumerate() {
            self.convolve(i);
            row.copy_from_slice(&self.work[..n]);
        }
        Ok(())
    }

    /// Power of one stretch, frequency by frequency; tapers are combined by their concentration.
    ///
    /// # Errors
    /// As [`Self::complex`].
    pub fn power(&mut self, x: &[f32], out: &mut [f64]) -> Result<(), SignalError> {
        check_len("room for the power", out.len(), self.plan.n_freqs * self.plan.n_samples)?;
        out.fill(0.0);
        self.add_power(x, out)
    }

    /// Adds the power of one stretch to `out`.
    fn add_power(&mut self, x: &[f32], out: &mut [f64]) -> Result<(), SignalError> {
        self.analyse(x)?;
        let (n, n_tapers) = (self.plan.n_samples, self.plan.n_tapers);
        for (freq, row) in out.chunks_exact_mut(n).enumerate() {
            for i in freq * n_tapers..(freq + 1) * n_tapers {
                self.convolve(i);
                let share = self.plan.shares[i];
                row.iter_mut().zip(&self.work).for_each(|(o, z)| *o += share * z.norm_sqr());
            }
        }
        Ok(())
    }

    /// Spectrum of the stretch, zeros behind it.
    fn analyse(&mut self, x: &[f32]) -> Result<(), SignalError> {
        check_len("length of the stretch", x.len(), self.plan.n_samples)?;
        check_finite(x)?;
        self.spectrum.fill(Complex64::ZERO);
        self.spectrum.iter_mut().zip(x).for_each(|(z, &v)| z.re = f64::from(v));
        self.plan.forward.process_with_scratch(&mut self.spectrum, &mut self.scratch);
        Ok(())
    }

    /// Leaves the convolution with wavelet `i` at the start of `work`.
    fn convolve(&mut self, i: usize) {
        let products = self.work.iter_mut().zip(&self.spectrum);
        match &self.plan.spectra[i] {
            Spectrum::Real(w) => products.zip(w).for_each(|((o, z), w)| *o = z * w),
            Spectrum::Complex(w) => products.zip(w).for_each(|((o, z), w)| *o = z * w),
        }
        self.plan.inverse.process_with_scratch(&mut self.work, &mut self.scratch);
    }
}

fn spectrum_of(wavelet: &[Complex64], fft: &dyn Fft<f64>) -> Spectrum {
    let size = fft.len();
    let centre = (wavelet.len() - 1) / 2;
    let mut bins = vec![Complex64::ZERO; size];
    for (j, w) in wavelet.iter().enumerate() {
        bins[(j + size - centre) % size] = w / size as f64;
    }
    fft.process(&mut bins);
    let largest = bins.iter().fold(0.0_f64, |m, z| m.max(z.re.abs()));
    if bins.iter().all(|z| z.im.abs() < 1e-14 * largest) {
        Spectrum::Real(bins.iter().map(|z| z.re).collect())
    } else {
        Spectrum::Complex(bins)
    }
}

/// A size from `n` on that transforms fast: `2^a` times 1, 3, 5, 9 or 15.
fn fast_size(n: usize) -> usize {
    [1, 3, 5, 9, 15].iter().map(|odd| odd * n.div_ceil(*odd).next_power_of_two()).min().unwrap_or(n)
}
