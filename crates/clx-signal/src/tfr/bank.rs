//! Wavelets in the time domain.

use rustfft::num_complex::Complex64;

use crate::dpss::dpss;
use crate::window::Symmetry;
use crate::{SampleRate, SignalError};

/// Length of the wavelets in cycles of their frequency.
#[derive(Clone, Debug, PartialEq)]
pub enum Cycles {
    Fixed(f64),
    /// One for each frequency.
    Each(Vec<f64>),
}

/// Wavelets for a list of frequencies.
#[derive(Clone, Debug, PartialEq)]
pub struct Bank {
    pub(super) rate: SampleRate,
    pub(super) freqs_hz: Vec<f64>,
    pub(super) n_tapers: usize,
    /// Taper after taper for the first frequency, and so on.
    pub(super) wavelets: Vec<Vec<Complex64>>,
    /// Concentration of each; 1 for Morlet's.
    pub(super) concentrations: Vec<f64>,
}

impl Bank {
    /// Morlet wavelets: `exp(2 pi i f t)` under a Gaussian of standard deviation `cycles / (2 pi f)`
    /// seconds, cut at five of them, with norm `√2` (so a real one has norm 1).
    ///
    /// `zero_mean` takes off the small mean that a wavelet of few cycles has. The width at half
    /// height is `cycles · √(2 ln 2) / (pi f)` seconds in time.
    ///
    /// # Errors
    /// [`SignalError::Parameter`] unless every frequency is above 0 and at most half the rate, and
    /// every number of cycles is above 0, with one for each frequency.
    ///
    /// # Source
    /// Tallon-Baudry et al. 1997, J. Neurosci. 17(2):722-734; Cohen 2019, NeuroImage 199:81-86.
    pub fn morlet(
        rate: SampleRate,
        freqs_hz: &[f64],
        cycles: &Cycles,
        zero_mean: bool,
    ) -> Result<Self, SignalError> {
        let cycles = checked(rate, freqs_hz, cycles)?;
        let step_s = 1.0 / rate.hz();
        let wavelet = |(&f, c): (&f64, f64)| {
            let sigma_s = c / (std::f64::consts::TAU * f);
            let half = (5.0 * sigma_s / step_s).ceil() as usize;
            let offset = if zero_mean {
                (-2.0 * (std::f64::consts::PI * f * sigma_s).powi(2)).exp()
            } else {
                0.0
            };
            let at = |i: usize| {
                let t = (i as f64 - (half as f64 - 1.0)) * step_s;
                let bell = (-t * t / (2.0 * sigma_s * sigma_s)).exp();
                (Complex64::cis(std::f64::consts::TAU * f * t) - offset) * bell
            };
            normalised((0..2 * half - 1).map(at).collect())
        };
        let wavelets: Vec<_> = freqs_hz.iter().zip(cycles).map(wavelet).collect();
        let concentrations = vec![1.0; wavelets.len()];
        Ok(Self { rate, freqs_hz: freqs_hz.to_vec(), n_tapers: 1, wavelets, concentrations })
    }

    /// Slepian tapers times `exp(2 pi i f t)`, `cycles / f` seconds long, with norm `√2`.
    ///
    /// `time_bandwidth` is the product of the length and the full bandwidth; `floor(time_bandwidth -
    /// 1)` tapers are used. `zero_mean` takes off each wavelet's mean.
    ///
    /// # Errors
    /// [`SignalError::Parameter`] as for [`Bank::morlet`], for a `time_bandwidth` below 3 or above
    /// 64 (two to 63 tapers), and where a wavelet has too few samples for its tapers to stay in
    /// their band.
    pub fn multitaper(
        rate: SampleRate,
        freqs_hz: &[f64],
        cycles: &Cycles,
        time_bandwidth: f64,
        zero_mean: bool,
    ) -> Result<Self, SignalError> {
        let cycles = checked(rate, freqs_hz, cycles)?;
        if !(3.0..=64.0).contains(&time_bandwidth) {
            let got = time_bandwidth.to_string();
            return Err(refused("time_bandwidth", "between 3 and 64", got));
        }
        let n_tapers = (time_bandwidth - 1.0) as usize;
        let step_s = 1.0 / rate.hz();
        let (mut wavelets, mut concentrations) = (Vec::new(), Vec::new());
        for (&f, c) in freqs_hz.iter().zip(cycles) {
            let length_s = c / f;
            let n = (length_s / step_s).ceil() as usize;
            let tapers = dpss(n, time_bandwidth / 2.0, n_tapers, Symmetry::Periodic)?;
            if tapers.concentrations[n_tapers - 1] <= 0.9 {
                let got = format!("{n} samples at {f} Hz");
                return Err(refused("cycles", "enough samples for the tapers", got));
            }
            for taper in &tapers.tapers {
                let at = |(i, w): (usize, &f64)| {
                    let t = i as f64 * step_s - length_s / 2.0;
                    Complex64::cis(std::f64::consts::TAU * f * t) * *w
                };
                let mut wavelet: Vec<_> = taper.iter().enumerate().map(at).collect();
                if zero_mean {
                    let mean = wavelet.iter().sum::<Complex64>() / n as f64;
                    wavelet.iter_mut().for_each(|z| *z -= mean);
                }
                wavelets.push(normalised(wavelet));
            }
            concentrations.extend(tapers.concentrations);
        }
        Ok(Self { rate, freqs_hz: freqs_hz.to_vec(), n_tapers, wavelets, concentrations })
    }

    pub fn freqs_hz(&self) -> &[f64] {
        &self.freqs_hz
    }

    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// The wavelets: taper after taper for the first frequency, and so on.
    pub fn wavelets(&self) -> &[Vec<Complex64>] {
        &self.wavelets
    }

    /// Factor of each wavelet's squared absolute value in the power.
    pub(super) fn shares(&self) -> Vec<f64> {
        if self.n_tapers == 1 {
            return self.concentrations.clone();
        }
        let normed = |c: &[f64]| {
            let total: f64 = c.iter().sum();
            c.iter().map(|c| 2.0 * c / total).collect::<Vec<_>>()
        };
        self.concentrations.chunks_exact(self.n_tapers).flat_map(normed).collect()
    }
}

fn normalised(mut wavelet: Vec<Complex64>) -> Vec<Complex64> {
    let norm = wavelet.iter().map(|z| z.norm_sqr()).sum::<f64>().sqrt();
    let scale = std::f64::consts::SQRT_2 / norm;
    wavelet.iter_mut().for_each(|z| *z *= scale);
    wavelet
}

fn checked(rate: SampleRate, freqs_hz: &[f64], cycles: &Cycles) -> Result<Vec<f64>, SignalError> {
    let inside = |f: &f64| *f > 0.0 && *f <= rate.nyquist_hz();
    if freqs_hz.is_empty() || !freqs_hz.iter().all(inside) {
        let got = format!("{freqs_hz:?}");
        return Err(refused("freqs_hz", "at least one, above 0 and at most half the rate", got));
    }
    let cycles = match cycles {
        Cycles::Fixed(c) => vec![*c; freqs_hz.len()],
        Cycles::Each(all) => all.clone(),
    };
    let usable = |(f, c): (&f64, &f64)| *c > 0.0 && c / f * rate.hz() <= f64::from(1 << 24);
    if cycles.len() != freqs_hz.len() || !freqs_hz.iter().zip(&cycles).all(usable) {
        let got = format!("{cycles:?} for {freqs_hz:?} Hz");
        return Err(refused("cycles", "above 0, one for each frequency", got));
    }
    Ok(cycles)
}

fn refused(name: &'static str, expected: &'static str, got: String) -> SignalError {
    SignalError::Parameter { name, expected, got }
}
