//! Spectra of one stretch of signal through several orthogonal tapers.

use std::fmt;
use std::sync::Arc;

use rustfft::num_complex::Complex64;
use rustfft::{Fft, FftPlanner};

use crate::dpss::dpss;
use crate::finite::{check_finite, check_len};
use crate::window::{Symmetry, Window};
use crate::{SampleRate, SignalError};

mod adaptive;

/// What a stretch is multiplied by before its transform.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Taper {
    /// Slepian sequences.
    Dpss {
        /// Full width over which frequencies are smoothed, hertz; absent: `8 · rate / n_samples`.
        bandwidth_hz: Option<f64>,
        /// Keep only tapers with more than 0.9 of their energy inside the band.
        low_bias: bool,
    },
    /// One window of unit energy: Fourier's periodogram.
    Single(Window, Symmetry),
}

/// How the spectra of the tapers are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    /// By concentration, the same at all frequencies.
    Concentration,
    /// Thomson's iteration, which keeps the power of strong rhythms out of weak frequencies. Needs
    /// three tapers; with fewer the weights are those of [`Weights::Concentration`].
    Adaptive { max_iterations: usize },
}

/// Settings of [`Multitaper`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MultitaperParams {
    pub taper: Taper,
    pub weights: Weights,
    /// Lowest bin kept, hertz.
    pub fmin_hz: f64,
    /// Highest bin kept, hertz; absent: half the rate.
    pub fmax_hz: Option<f64>,
}

impl Default for MultitaperParams {
    fn default() -> Self {
        Self {
            taper: Taper::Dpss { bandwidth_hz: None, low_bias: true },
            weights: Weights::Concentration,
            fmin_hz: 0.0,
            fmax_hz: None,
        }
    }
}

/// What signals of one rate and length share.
struct Plan {
    n: usize,
    weights: Weights,
    /// First bin kept, and the frequencies of those kept.
    first_bin: usize,
    freqs_hz: Vec<f64>,
    concentrations: Vec<f64>,
    /// Two tapers at a time as real and imaginary part (the last may be alone), each times the root
    /// of its share in the one-sided density.
    pairs: Vec<Vec<Complex64>>,
    /// That share.
    scales: Vec<f64>,
    /// Density of a stretch whose squared spectrum through a taper of unit energy is one.
    unit: f64,
    fft: Arc<dyn Fft<f64>>,
}

/// Multitaper estimator for stretches of one length: tapers and transform are made once and shared
/// by all channels and epochs.
///
/// The mean of a stretch is taken off. The density is one-sided, unit²/Hz: a sine of amplitude `a`
/// gives `a²/2` in total. Equal to `mne.time_frequency.psd_array_multitaper(normalization="full")`
/// on the same `f32` samples to 1e-11, plain and adaptive. Two tapers share one complex transform.
///
/// # Source
/// Thomson 1982, Proc. IEEE 70(9):1055-1096; Percival and Walden 1993, chapter 7. Checked against
/// `tests/fixtures/spectral.json`.
///
/// ```
/// use clx_signal::{synth, SampleRate, multitaper::{Multitaper, MultitaperParams}};
/// let rate = SampleRate::from_hz(100.0)?;
/// let x = synth::sine(rate, 10.0, 2.0, 2.0);
/// let mut multitaper = Multitaper::new(rate, x.len(), MultitaperParams::default())?;
/// let mut density = vec![0.0; multitaper.freqs_hz().len()];
/// multitaper.density(&x, &mut density)?;
/// let power: f64 = density.iter().sum::<f64>() * 0.5; // bins are 0.5 Hz apart
/// assert!((power / 2.0 - 1.0).abs() < 0.01);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
#[derive(Clone)]
pub struct Multitaper {
    plan: Arc<Plan>,
    centred: Vec<f64>,
    work: Vec<Complex64>,
    scratch: Vec<Complex64>,
    /// Power of each taper, for the adaptive weights.
    powers: Vec<f64>,
}

impl fmt::Debug for Multitaper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Multitaper")
            .field("n_samples", &self.plan.n)
            .field("n_tapers", &self.n_tapers())
            .finish_non_exhaustive()
    }
}

impl Multitaper {
    /// # Errors
    /// [`SignalError::Parameter`] for fewer than 2 or more than 2^24 samples, a bandwidth below
    /// `rate / n_samples` or one that leaves no room in the spectrum, or no bin between `fmin_hz`
    /// and `fmax_hz`.
    pub fn new(
        rate: SampleRate,
        n_samples: usize,
        params: MultitaperParams,
    ) -> Result<Self, SignalError> {
        if !(2..=1 << 24).contains(&n_samples) {
            let got = n_samples.to_string();
            return Err(refused("n_samples", "between 2 and 2^24", got));
        }
        let n = n_samples;
        let (tapers, concentrations) = make_tapers(rate, n, params.taper)?;
        let step_hz = rate.hz() / n as f64;
        let fmax_hz = params.fmax_hz.unwrap_or(f64::INFINITY);
        let bins: Vec<usize> = (0..=n / 2)
            .filter(|&k| (params.fmin_hz..=fmax_hz).contains(&(k as f64 * step_hz)))
            .collect();
        let Some(&first_bin) = bins.first() else {
            let got = format!("{} to {fmax_hz} Hz", params.fmin_hz);
            return Err(refused("fmin_hz and fmax_hz", "around at least one bin", got));
        };
        let total: f64 = concentrations.iter().sum();
        let scales: Vec<f64> =
            concentrations.iter().map(|c| 2.0 * c / (total * rate.hz())).collect();
        let plan = Plan {
            n,
            weights: params.weights,
            first_bin,
            freqs_hz: bins.iter().map(|&k| k as f64 * step_hz).collect(),
            pairs: tapers.chunks(2).zip(scales.chunks(2)).map(|(t, s)| pack(t, s)).collect(),
            scales,
            unit: 1.0 / rate.hz(),
            concentrations,
            fft: FftPlanner::new().plan_fft_forward(n),
        };
        Ok(Self::from_plan(Arc::new(plan)))
    }

    /// Another estimator with the same tables, for another thread.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self::from_plan(Arc::clone(&self.plan))
    }

    fn from_plan(plan: Arc<Plan>) -> Self {
        Self {
            centred: vec![0.0; plan.n],
            work: vec![Complex64::ZERO; plan.n],
            scratch: vec![Complex64::ZERO; plan.fft.get_inplace_scratch_len()],
            powers: Vec::new(),
            plan,
        }
    }

    /// Centres of the bins kept, hertz.
    pub fn freqs_hz(&self) -> &[f64] {
        &self.plan.freqs_hz
    }

    pub fn n_tapers(&self) -> usize {
        self.plan.concentrations.len()
    }

    /// Share of each taper's energy inside the bandwidth.
    pub fn concentrations(&self) -> &[f64] {
        &self.plan.concentrations
    }

    /// Density of one stretch at [`Self::freqs_hz`], unit²/Hz.
    ///
    /// Returns whether the adaptive weights settled (always, with fixed weights).
    ///
    /// # Errors
    /// [`SignalError::Mismatch`] unless `x` and `out` have the planned lengths;
    /// [`SignalError::NotFinite`] for a sample that is no number.
    pub fn density(&mut self, x: &[f32], out: &mut [f64]) -> Result<bool, SignalError> {
        check_len("length of the stretch", x.len(), self.plan.n)?;
        check_len("room for the density", out.len(), self.plan.freqs_hz.len())?;
        self.centre(x)?;
        match self.plan.weights {
            Weights::Adaptive { max_iterations } if self.n_tapers() >= 3 => {
                Ok(self.adaptive_density(max_iterations, out))
            }
            _ => {
                self.plain_density(out);
                Ok(true)
            }
        }
    }

    /// Spectrum of one stretch through each taper, taper by taper, at [`Self::freqs_hz`].
    ///
    /// Scaled so that the squares of the tapers' spectra add up to the density with fixed weights;
    /// so `Σ X_k · conj(Y_k)` over the tapers is the cross-spectral density of two channels.
    ///
    /// # Errors
    /// [`SignalError::Mismatch`] unless `x` has the planned length and `out` room for
    /// `n_tapers × n_freqs`; [`SignalError::NotFinite`] for a sample that is no number.
    pub fn spectra(&mut self, x: &[f32], out: &mut [Complex64]) -> Result<(), SignalError> {
        let n_bins = self.plan.freqs_hz.len();
        check_len("length of the stretch", x.len(), self.plan.n)?;
        check_len("room for the spectra", out.len(), self.n_tapers() * n_bins)?;
        self.centre(x)?;
        for (pair, rows) in out.chunks_mut(2 * n_bins).enumerate() {
            self.transform(pair);
            let (first, second) = rows.split_at_mut(n_bins);
            separate(&self.work, self.plan.first_bin, first, second);
        }
        Ok(())
    }

    fn centre(&mut self, x: &[f32]) -> Result<(), SignalError> {
        check_finite(x)?;
        let mean = x.iter().map(|&v| f64::from(v)).sum::<f64>() / x.len() as f64;
        self.centred.iter_mut().zip(x).for_each(|(c, &v)| *c = f64::from(v) - mean);
        Ok(())
    }

    /// Transform of the centred stretch times two tapers.
    fn transform(&mut self, pair: usize) {
        let tapers = &self.plan.pairs[pair];
        for ((z, w), &c) in self.work.iter_mut().zip(tapers).zip(&self.centred) {
            *z = Complex64::new(w.re * c, w.im * c);
        }
        self.plan.fft.process_with_scratch(&mut self.work, &mut self.scratch);
    }

    fn plain_density(&mut self, out: &mut [f64]) {
        out.fill(0.0);
        for pair in 0..self.plan.pairs.len() {
            self.transform(pair);
            add_power(&self.work, self.plan.first_bin, out);
        }
    }
}

fn refused(name: &'static str, expected: &'static str, got: String) -> SignalError {
    SignalError::Parameter { name, expected, got }
}

/// Tapers and the weight of each.
fn make_tapers(
    rate: SampleRate,
    n: usize,
    taper: Taper,
) -> Result<(Vec<Vec<f64>>, Vec<f64>), SignalError> {
    let (bandwidth_hz, low_bias) = match taper {
        Taper::Dpss { bandwidth_hz, low_bias } => (bandwidth_hz, low_bias),
        Taper::Single(window, symmetry) => {
            let mut w = window.samples(n, symmetry);
            let norm = w.iter().map(|v| v * v).sum::<f64>().sqrt();
            w.iter_mut().for_each(|v| *v /= norm);
            return Ok((vec![w], vec![1.0]));
        }
    };
    let half = bandwidth_hz.map_or(4.0, |hz| hz * n as f64 / (2.0 * rate.hz()));
    if !(0.5..0.5 * n as f64).contains(&half) {
        let got = bandwidth_hz.map_or(format!("{n} samples"), |hz| format!("{hz} Hz"));
        return Err(refused("bandwidth_hz", "from rate / n_samples to below the rate", got));
    }
    let all = dpss(n, half, ((2.0 * half) as usize).min(n), Symmetry::Periodic)?;
    // Concentrations fall, so the good tapers come first; the best one stays in any case.
    let good = all.concentrations.iter().take_while(|&&c| c > 0.9).count().max(1);
    let (mut tapers, mut concentrations) = (all.tapers, all.concentrations);
    if low_bias {
        tapers.truncate(good);
        concentrations.truncate(good);
    }
    Ok((tapers, concentrations))
}

fn pack(tapers: &[Vec<f64>], scales: &[f64]) -> Vec<Complex64> {
    let (a, b) = (scales[0].sqrt(), scales.get(1).map_or(0.0, |s| s.sqrt()));
    let second = tapers.get(1).map_or(&[][..], Vec::as_slice);
    let imaginary = second.iter().copied().chain(std::iter::repeat(0.0));
    tapers[0].iter().zip(imaginary).map(|(x, y)| Complex64::new(a * x, b * y)).collect()
}

/// Adds the power of both halves of a packed transform to bins from `first_bin` on.
fn add_power(z: &[Complex64], first_bin: usize, out: &mut [f64]) {
    let n = z.len();
    for (o, k) in out.iter_mut().zip(first_bin..) {
        // |X|² + |Y|² = (|Z[k]|² + |Z[n-k]|²) / 2; 0 Hz and half the rate have no mirror image,
        // and the tapers are scaled for bins that have one.
        let both = z[k].norm_sqr() + z[(n - k) % n].norm_sqr();
        *o += if k == 0 || 2 * k == n { both / 4.0 } else { both / 2.0 };
    }
}

/// Spectra of real and imaginary part of what `z` is the transform of. `second` may be empty.
fn separate(z: &[Complex64], first_bin: usize, first: &mut [Complex64], second: &mut [Complex64]) {
    let n = z.len();
    let factor = |k: usize| {
        if k == 0 || 2 * k == n { std::f64::consts::FRAC_1_SQRT_2 / 2.0 } else { 0.5 }
    };
    for (o, k) in first.iter_mut().zip(first_bin..) {
        *o = (z[k] + z[(n - k) % n].conj()) * factor(k);
    }
    for (o, k) in second.iter_mut().zip(first_bin..) {
        let difference = z[k] - z[(n - k) % n].conj();
        *o = Complex64::new(difference.im, -difference.re) * factor(k);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spectra_add_up_to_the_density_even_with_an_odd_number_of_tapers() {
        let rate = SampleRate::from_hz(50.0).unwrap();
        let x: Vec<f32> = (0..61).map(|i| ((i * i) % 17) as f32).collect();
        for bandwidth_hz in [2.0, 2.6, 4.0] {
            let taper = Taper::Dpss { bandwidth_hz: Some(bandwidth_hz), low_bias: false };
            let params = MultitaperParams { taper, ..MultitaperParams::default() };
            let mut m = Multitaper::new(rate, x.len(), params).unwrap();
            let (k, n) = (m.n_tapers(), m.freqs_hz().len());
            let mut density = vec![0.0; n];
            assert!(m.density(&x, &mut density).unwrap());
            let mut spectra = vec![Complex64::ZERO; k * n];
            m.spectra(&x, &mut spectra).unwrap();
            for (bin, d) in density.iter().enumerate() {
                let sum: f64 = (0..k).map(|t| spectra[t * n + bin].norm_sqr()).sum();
                assert!((sum - d).abs() < 1e-12 * d.max(1e-6), "{bin}: {sum} {d}");
            }
        }
    }

    #[test]
    fn silence_has_no_power_and_wrong_lengths_are_refused() {
        let rate = SampleRate::from_hz(50.0).unwrap();
        let weights = Weights::Adaptive { max_iterations: 150 };
        let params = MultitaperParams { weights, ..MultitaperParams::default() };
        let mut m = Multitaper::new(rate, 100, params).unwrap();
        let mut density = vec![1.0; 51];
        m.density(&[3.0; 100], &mut density).unwrap();
        assert!(density.iter().all(|d| *d == 0.0));
        assert!(m.density(&[0.0; 99], &mut density).is_err());
        assert!(m.density(&[0.0; 100], &mut density[1..]).is_err());
        for bandwidth_hz in [0.1, 50.0, f64::NAN] {
            let taper = Taper::Dpss { bandwidth_hz: Some(bandwidth_hz), low_bias: true };
            assert!(Multitaper::new(rate, 100, MultitaperParams { taper, ..params }).is_err());
        }
        let params = MultitaperParams { fmin_hz: 60.0, ..params };
        assert!(Multitaper::new(rate, 100, params).is_err());
    }
}
