//! IIR filters in second-order sections: design by the classical analog prototypes, causal
//! filtering with state, and zero-phase filtering forwards and backwards.
//!
//! [`design`] makes the sections, [`SosFilter`] runs them live, [`filter_zero_phase`] offline. A
//! causal IIR filter delays each frequency by another time, see [`Sos::group_delay_s`]; the
//! zero-phase one delays none but looks into the future and squares the gain. Transfer functions as
//! polynomials are deliberately absent: above order 8 or so they lose all digits.

use rustfft::num_complex::Complex;

use crate::{SampleRate, SignalError};

mod elliptic;
mod filter;
mod prototype;
mod sections;
mod transform;
mod yule_walk;

pub use filter::{SosFilter, filter_zero_phase, filter_zero_phase_f64};
pub use yule_walk::design_yule_walk;

/// Highest order of a prototype. Beyond it the elliptic and Bessel designs lose digits.
const MAX_ORDER: usize = 20;

/// Which frequencies pass; edges in hertz.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Passband {
    Lowpass { edge_hz: f64 },
    Highpass { edge_hz: f64 },
    Bandpass { fmin_hz: f64, fmax_hz: f64 },
    Bandstop { fmin_hz: f64, fmax_hz: f64 },
}

/// The analog filter that a design imitates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Prototype {
    /// Flat pass band; gain `1/sqrt(2)` at the edge.
    Butterworth,
    /// Ripple in the pass band; gain `-ripple_db` at the edge.
    Chebyshev1 { ripple_db: f64 },
    /// Ripple in the stop band; gain `-attenuation_db` at the edge.
    Chebyshev2 { attenuation_db: f64 },
    /// Ripple in both, steepest; gain `-ripple_db` at the edge.
    Elliptic { ripple_db: f64, attenuation_db: f64 },
    /// Flattest group delay; SciPy's `norm='phase'`.
    Bessel,
}

/// A digital filter as a cascade of second-order sections.
#[derive(Clone, Debug, PartialEq)]
pub struct Sos {
    /// `[b0, b1, b2, 1, a1, a2]` of each section, as SciPy orders them.
    sections: Vec<[f64; 6]>,
    rate: SampleRate,
}

impl Sos {
    /// Takes sections made elsewhere, each `[b0, b1, b2, a0, a1, a2]`; `a0` is divided out.
    ///
    /// # Errors
    /// [`SignalError::Parameter`] without a section, for a coefficient that is not finite or an
    /// `a0` of zero.
    pub fn from_sections(rate: SampleRate, sections: &[[f64; 6]]) -> Result<Self, SignalError> {
        let usable = |s: &[f64; 6]| s.iter().all(|c| c.is_finite()) && s[3] != 0.0;
        if sections.is_empty() || !sections.iter().all(usable) {
            return Err(SignalError::Parameter {
                name: "sections",
                expected: "at least one, of finite coefficients with a0 other than zero",
                got: format!("{sections:?}"),
            });
        }
        Ok(Self { sections: sections.iter().map(|s| s.map(|c| c / s[3])).collect(), rate })
    }

    /// `[b0, b1, b2, 1, a1, a2]` of each section in the order in which they are run.
    pub fn sections(&self) -> &[[f64; 6]] {
        &self.sections
    }

    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// This filter followed by `next`.
    ///
    /// # Errors
    /// [`SignalError::Mismatch`] if the sample rates differ.
    pub fn then(&self, next: &Sos) -> Result<Sos, SignalError> {
        if self.rate != next.rate {
            return Err(SignalError::Mismatch {
                what: "sample rate",
                left: self.rate.hz().to_string(),
                right: next.rate.hz().to_string(),
            });
        }
        Ok(Sos { sections: [&self.sections[..], &next.sections].concat(), rate: self.rate })
    }

    /// Complex gain of the causal filter at `freq_hz`. The zero-phase filter has its squared
    /// magnitude.
    ///
    /// ```
    /// use clx_signal::{iir, SampleRate};
    /// let rate = SampleRate::from_hz(250.0)?;
    /// let sos = iir::design(rate, 4, iir::Prototype::Butterworth, iir::Passband::Lowpass { edge_hz: 40.0 })?;
    /// assert!((sos.response_at(40.0).norm() - 0.5_f64.sqrt()).abs() < 1e-12);
    /// # Ok::<(), clx_signal::SignalError>(())
    /// ```
    pub fn response_at(&self, freq_hz: f64) -> Complex<f64> {
        let z1 = Complex::cis(-std::f64::consts::TAU * freq_hz / self.rate.hz());
        let at = |c: &[f64]| c[0] + z1 * (c[1] + z1 * c[2]);
        self.sections.iter().map(|s| at(&s[..3]) / at(&s[3..])).product()
    }

    /// Seconds by which the causal filter delays a slow change of a rhythm at `freq_hz`; `None`
    /// where the filter lets nothing through.
    pub fn group_delay_s(&self, freq_hz: f64) -> Option<f64> {
        let z1 = Complex::cis(-std::f64::consts::TAU * freq_hz / self.rate.hz());
        // The delay of a polynomial is the mean index of its terms, each weighted by itself.
        let delay = |c: &[f64]| {
            let terms = [Complex::from(c[0]), z1 * c[1], z1 * z1 * c[2]];
            ((terms[1] + 2.0 * terms[2]) / terms.iter().sum::<Complex<f64>>()).re
        };
        let samples: f64 = self.sections.iter().map(|s| delay(&s[..3]) - delay(&s[3..])).sum();
        (self.response_at(freq_hz).norm() > 1e-12 && samples.is_finite())
            .then(|| samples / self.rate.hz())
    }

    /// State of each section after an endless input of ones: the values of
    /// `scipy.signal.sosfilt_zi`.
    pub fn steady_state(&self) -> Vec<[f64; 2]> {
        let mut scale = 1.0;
        let mut states = Vec::with_capacity(self.sections.len());
        for &[b0, b1, b2, _, a1, a2] in &self.sections {
            let (c1, c2) = (b1 - a1 * b0, b2 - a2 * b0);
            let z1 = (c1 + c2) / (1.0 + a1 + a2);
            states.push([scale * z1, scale * ((1.0 + a1) * z1 - c1)]);
            scale *= (b0 + b1 + b2) / (1.0 + a1 + a2);
        }
        states
    }

    /// Samples by which [`filter_zero_phase`] extends a signal at either end: SciPy's default, three
    /// times the length of the equivalent polynomials.
    pub fn pad_len(&self) -> usize {
        let n_zero = |i: usize| self.sections.iter().filter(|s| s[i] == 0.0).count();
        3 * (2 * self.sections.len() + 1 - n_zero(2).min(n_zero(5)))
    }
}

/// IIR filter of `order` (twice that for band-pass and band-stop) by the bilinear transform of an
/// analog prototype, edges pre-warped.
///
/// The sections of `scipy.signal.iirfilter(order, edges, btype=…, ftype=…, output='sos', fs=rate)`,
/// in the same order and pairing, to 1e-10.
///
/// # Errors
/// [`SignalError::Band`] for edges outside `0..rate/2` or in the wrong order;
/// [`SignalError::Parameter`] for an order outside 1..=20 or a ripple that is not above 0 dB and, for
/// the elliptic filter, below the attenuation.
///
/// # Source
/// Oppenheim and Schafer 2010, Discrete-Time Signal Processing, chapter 7; elliptic: Orfanidis 2006,
/// Lecture Notes on Elliptic Filter Design. Checked against `tests/fixtures/iir.json`.
///
/// ```
/// use clx_signal::{iir, iir::{Passband, Prototype}, SampleRate};
/// let rate = SampleRate::from_hz(250.0)?;
/// let sos = iir::design(rate, 4, Prototype::Butterworth, Passband::Bandpass { fmin_hz: 1.0, fmax_hz: 40.0 })?;
/// assert_eq!(sos.sections().len(), 4);
/// assert!((sos.response_at(10.0).norm() - 1.0).abs() < 1e-3 && sos.response_at(0.0).norm() < 1e-12);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn design(
    rate: SampleRate,
    order: usize,
    prototype: Prototype,
    passband: Passband,
) -> Result<Sos, SignalError> {
    check_edges(rate, passband)?;
    let analog = prototype.poles(order)?;
    let warped = |f: f64| 4.0 * (std::f64::consts::PI * f / rate.hz()).tan();
    let shifted = match passband {
        Passband::Lowpass { edge_hz } => analog.to_lowpass(warped(edge_hz)),
        Passband::Highpass { edge_hz } => analog.to_highpass(warped(edge_hz)),
        Passband::Bandpass { fmin_hz, fmax_hz } => {
            analog.to_bandpass(warped(fmin_hz), warped(fmax_hz))
        }
        Passband::Bandstop { fmin_hz, fmax_hz } => {
            analog.to_bandstop(warped(fmin_hz), warped(fmax_hz))
        }
    };
    Ok(Sos { sections: sections::pair(shifted.to_digital()), rate })
}

/// Second-order notch at `freq_hz` whose -3 dB width is `freq_hz / quality`: the coefficients of
/// `scipy.signal.iirnotch`.
///
/// # Errors
/// [`SignalError::Band`] unless `0 < freq_hz < rate / 2`; [`SignalError::Parameter`] unless the
/// quality is above zero and the width below half the rate.
///
/// # Source
/// Orfanidis 1996, Introduction to Signal Processing, section 11.3.2.
///
/// ```
/// use clx_signal::{iir, SampleRate};
/// let notch = iir::design_notch(SampleRate::from_hz(250.0)?, 50.0, 30.0)?;
/// assert!(notch.response_at(50.0).norm() < 1e-12 && (notch.response_at(0.0).norm() - 1.0).abs() < 1e-12);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn design_notch(rate: SampleRate, freq_hz: f64, quality: f64) -> Result<Sos, SignalError> {
    check_edges(rate, Passband::Lowpass { edge_hz: freq_hz })?;
    if !(quality.is_finite() && quality > 0.0 && freq_hz / quality < rate.nyquist_hz()) {
        return Err(SignalError::Parameter {
            name: "quality",
            expected: "above zero and such that freq_hz / quality is below half the rate",
            got: quality.to_string(),
        });
    }
    let omega = std::f64::consts::TAU * freq_hz / rate.hz();
    let gain = 1.0 / (1.0 + (omega / quality / 2.0).tan());
    let b1 = -2.0 * gain * omega.cos();
    Ok(Sos { sections: vec![[gain, b1, gain, 1.0, b1, 2.0 * gain - 1.0]], rate })
}

fn check_edges(rate: SampleRate, passband: Passband) -> Result<(), SignalError> {
    let nyquist = rate.nyquist_hz();
    let (fmin_hz, fmax_hz) = match passband {
        Passband::Lowpass { edge_hz } => (0.0, edge_hz),
        Passband::Highpass { edge_hz } => (edge_hz, nyquist),
        Passband::Bandpass { fmin_hz, fmax_hz } | Passband::Bandstop { fmin_hz, fmax_hz } => {
            (fmin_hz, fmax_hz)
        }
    };
    let low_ok = fmin_hz > 0.0 || matches!(passband, Passband::Lowpass { .. });
    let high_ok = fmax_hz < nyquist || matches!(passband, Passband::Highpass { .. });
    if low_ok && high_ok && fmin_hz < fmax_hz {
        return Ok(());
    }
    Err(SignalError::Band { fmin_hz, fmax_hz, rate_hz: rate.hz() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate() -> SampleRate {
        SampleRate::from_hz(100.0).unwrap()
    }

    #[test]
    fn impossible_designs_are_refused() {
        let lowpass = Passband::Lowpass { edge_hz: 10.0 };
        assert!(design(rate(), 0, Prototype::Butterworth, lowpass).is_err());
        assert!(design(rate(), 21, Prototype::Butterworth, lowpass).is_err());
        for ripple_db in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(design(rate(), 3, Prototype::Chebyshev1 { ripple_db }, lowpass).is_err());
        }
        let upside_down = Prototype::Elliptic { ripple_db: 40.0, attenuation_db: 1.0 };
        assert!(design(rate(), 3, upside_down, lowpass).is_err());
        for passband in [
            Passband::Lowpass { edge_hz: 50.0 },
            Passband::Highpass { edge_hz: 0.0 },
            Passband::Bandpass { fmin_hz: 40.0, fmax_hz: 1.0 },
            Passband::Bandstop { fmin_hz: f64::NAN, fmax_hz: 1.0 },
        ] {
            assert!(design(rate(), 3, Prototype::Butterworth, passband).is_err(), "{passband:?}");
        }
        assert!(design_notch(rate(), 60.0, 30.0).is_err());
        assert!(design_notch(rate(), 20.0, 0.0).is_err());
    }

    #[test]
    fn group_delay_is_the_slope_of_the_phase() {
        let sos =
            design(rate(), 4, Prototype::Butterworth, Passband::Lowpass { edge_hz: 20.0 }).unwrap();
        for f in [1.0, 10.0, 19.0] {
            let step = 1e-4;
            let turn = sos.response_at(f + step) / sos.response_at(f - step);
            let slope = -turn.arg() / (std::f64::consts::TAU * 2.0 * step);
            assert!((sos.group_delay_s(f).unwrap() - slope).abs() < 1e-7);
        }
        let notch = design_notch(rate(), 20.0, 10.0).unwrap();
        assert_eq!(notch.group_delay_s(20.0), None);
    }

    #[test]
    fn sections_of_another_source_are_normalised() {
        let sos = Sos::from_sections(rate(), &[[2.0, 0.0, 0.0, 2.0, 1.0, 0.0]]).unwrap();
        assert_eq!(sos.sections(), [[1.0, 0.0, 0.0, 1.0, 0.5, 0.0]]);
        assert!(Sos::from_sections(rate(), &[]).is_err());
        assert!(Sos::from_sections(rate(), &[[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]).is_err());
    }
}
