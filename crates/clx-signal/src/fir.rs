//! FIR filters: design by windowed sinc with MNE's transition rules, and zero-phase filtering of
//! streams.
//!
//! All designs here have odd length and even symmetry, so their delay is a whole number of samples
//! and [`OverlapSave`] removes it, looking into the future by half their length. For live use
//! [`CausalFir`] runs the same taps with that delay, or the minimum-phase ones of equal gain with
//! less.

use crate::window::{self, Symmetry};
use crate::{SampleRate, SignalError};

mod causal;
mod exact;
mod overlap_save;

pub use causal::CausalFir;
pub use exact::filter_zero_phase_f64;
pub use overlap_save::{Edge, OverlapSave};

/// Transition width of a Hamming-windowed sinc of `n` taps is `3.3 / n` cycles per sample.
/// Ifeachor and Jervis 2002, Digital Signal Processing, table 7.3; the factor MNE uses.
const HAMMING_LENGTH: f64 = 3.3;

/// A symmetric FIR filter of odd length.
#[derive(Clone, Debug, PartialEq)]
pub struct Fir {
    taps: Vec<f64>,
    rate: SampleRate,
}

impl Fir {
    /// Takes taps made elsewhere.
    ///
    /// # Errors
    /// [`SignalError::Parameter`] unless they are finite, odd in number and symmetric to 1e-12 of the
    /// largest.
    pub fn from_taps(rate: SampleRate, taps: Vec<f64>) -> Result<Fir, SignalError> {
        let largest = taps.iter().fold(0.0_f64, |m, t| m.max(t.abs()));
        let mut mirrored = taps.iter().zip(taps.iter().rev());
        let symmetric = mirrored.all(|(a, b)| (a - b).abs() <= 1e-12 * largest);
        if taps.len() % 2 == 1 && largest.is_finite() && symmetric {
            return Ok(Fir { taps, rate });
        }
        Err(SignalError::Parameter {
            name: "taps",
            expected: "finite, symmetric and odd in number",
            got: format!("{} taps", taps.len()),
        })
    }

    /// Coefficients, odd count, symmetric.
    pub fn taps(&self) -> &[f64] {
        &self.taps
    }

    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// Samples on either side of the centre: the group delay of the causal form.
    pub fn half_len(&self) -> usize {
        self.taps.len() / 2
    }

    /// Zero-phase gain at `freq_hz` (negative where the response changes sign).
    ///
    /// ```
    /// use clx_signal::{fir, SampleRate};
    /// let f = fir::design_bandpass(SampleRate::from_hz(250.0)?, Some(1.0), Some(40.0))?;
    /// assert!((f.gain_at(20.0) - 1.0).abs() < 4e-3 && f.gain_at(50.0).abs() < 4e-3);
    /// # Ok::<(), clx_signal::SignalError>(())
    /// ```
    pub fn gain_at(&self, freq_hz: f64) -> f64 {
        let half = self.half_len();
        let omega = std::f64::consts::TAU * freq_hz / self.rate.hz();
        let side: f64 = (1..=half).map(|i| self.taps[half + i] * (omega * i as f64).cos()).sum();
        self.taps[half] + 2.0 * side
    }

    /// One filter that does what `self` followed by `other` does (product of the responses), so a
    /// band-pass and a notch cost one pass.
    ///
    /// # Errors
    /// [`SignalError::Mismatch`] if the sample rates differ.
    pub fn fuse(&self, other: &Fir) -> Result<Fir, SignalError> {
        if self.rate != other.rate {
            return Err(SignalError::Mismatch {
                what: "sample rate",
                left: self.rate.hz().to_string(),
                right: other.rate.hz().to_string(),
            });
        }
        let mut taps = vec![0.0; self.taps.len() + other.taps.len() - 1];
        for (i, a) in self.taps.iter().enumerate() {
            for (j, b) in other.taps.iter().enumerate() {
                taps[i + j] += a * b;
            }
        }
        Ok(Fir { taps, rate: self.rate })
    }
}

/// Zero-phase FIR with pass band `highpass_hz..lowpass_hz`; either edge may be absent.
///
/// Windowed sinc (Hamming) with one transition per edge. Widths: `min(max(f/4, 2), f)` below the
/// pass band and `min(max(f/4, 2), nyquist - f)` above; length `3.3 / width` seconds of the
/// narrower one, rounded up to odd. Gain at the -6 dB points, half a transition outside the pass
/// band, is 0.5. Without either edge the filter is the identity. The same taps as
/// `mne.filter.create_filter(None, sfreq, l_freq, h_freq)`, to 1e-12.
///
/// # Errors
/// [`SignalError::Band`] unless `0 < highpass < lowpass < rate / 2`.
///
/// # Source
/// Widmann, Schröger and Maess 2015, J. Neurosci. Methods 250:34-46; rules of MNE-Python 1.13.
/// Checked against `tests/fixtures/mne_fir.json`.
///
/// ```
/// use clx_signal::{fir, SampleRate};
/// let f = fir::design_bandpass(SampleRate::from_hz(250.0)?, Some(1.0), Some(40.0))?;
/// assert_eq!(f.taps().len(), 825); // 3.3 s for the 1 Hz transition
/// assert!((f.gain_at(45.0) - 0.5).abs() < 1e-3);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn design_bandpass(
    rate: SampleRate,
    highpass_hz: Option<f64>,
    lowpass_hz: Option<f64>,
) -> Result<Fir, SignalError> {
    check_edges(rate, highpass_hz, lowpass_hz)?;
    let low_width = highpass_hz.map(|f| (0.25 * f).max(2.0).min(f));
    let high_width = lowpass_hz.map(|f| (0.25 * f).max(2.0).min(rate.nyquist_hz() - f));
    Ok(bandpass(rate, highpass_hz.zip(low_width), lowpass_hz.zip(high_width)))
}

/// Zero-phase FIR band-pass whose transitions are all `width_hz` wide, for narrow bands: the taps of
/// `mne.filter.create_filter(None, sfreq, l_freq, h_freq, l_trans_bandwidth=w, h_trans_bandwidth=w)`.
///
/// # Errors
/// [`SignalError::Band`] unless `0 < highpass < lowpass < rate / 2`; [`SignalError::Parameter`]
/// unless the transitions lie between 0 and half the rate.
///
/// ```
/// use clx_signal::{fir, SampleRate};
/// let f = fir::design_bandpass_narrow(SampleRate::from_hz(200.0)?, 12.0, 15.0, 1.5)?;
/// assert_eq!(f.taps().len(), 441); // 3.3 / 1.5 s
/// assert!((f.gain_at(13.5) - 1.0).abs() < 4e-3 && f.gain_at(10.0).abs() < 4e-3);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn design_bandpass_narrow(
    rate: SampleRate,
    highpass_hz: f64,
    lowpass_hz: f64,
    width_hz: f64,
) -> Result<Fir, SignalError> {
    check_edges(rate, Some(highpass_hz), Some(lowpass_hz))?;
    if !(width_hz > 0.0 && width_hz <= highpass_hz && lowpass_hz + width_hz <= rate.nyquist_hz()) {
        return Err(SignalError::Parameter {
            name: "width_hz",
            expected: "above 0, at most the lower edge, and within half the rate above the upper one",
            got: width_hz.to_string(),
        });
    }
    Ok(bandpass(rate, Some((highpass_hz, width_hz)), Some((lowpass_hz, width_hz))))
}

/// Band-pass of edges and the widths of their transitions.
fn bandpass(rate: SampleRate, low: Option<(f64, f64)>, high: Option<(f64, f64)>) -> Fir {
    let mut points = Vec::new();
    match low {
        Some((f, width)) => points.extend([(f - width, 0.0), (f, 1.0)]),
        None => points.push((0.0, 1.0)),
    }
    match high {
        Some((f, width)) => points.extend([(f, 1.0), (f + width, 0.0)]),
        None => points.push((rate.nyquist_hz(), 1.0)),
    }
    let widths = low.into_iter().chain(high).map(|(_, width)| width);
    let narrow = widths.fold(f64::INFINITY, f64::min);
    let n = if narrow.is_finite() { odd_ceil(HAMMING_LENGTH / narrow * rate.hz()) } else { 1 };
    Fir { taps: windowed_sincs(n, rate, &points), rate }
}

fn check_edges(rate: SampleRate, low: Option<f64>, high: Option<f64>) -> Result<(), SignalError> {
    let nyquist = rate.nyquist_hz();
    let fmin = low.unwrap_or(0.0);
    let fmax = high.unwrap_or(nyquist);
    let low_ok = low.is_none_or(|f| f > 0.0);
    let high_ok = high.is_none_or(|f| f < nyquist);
    if low_ok && high_ok && fmin < fmax {
        return Ok(());
    }
    Err(SignalError::Band { fmin_hz: fmin, fmax_hz: fmax, rate_hz: rate.hz() })
}

/// Zero-phase FIR that removes each of `freqs_hz` (line noise and its harmonics).
///
/// Each stop band is `f ± f/400`, with transitions of 0.5 Hz outside it: the taps of
/// `mne.filter.notch_filter(x, sfreq, freqs)`, 6.6 s long. Without frequencies the filter is the
/// identity.
///
/// # Errors
/// [`SignalError::Band`] if a stop band reaches 0 or half the rate;
/// [`SignalError::Parameter`] if two stop bands touch.
///
/// ```
/// use clx_signal::{fir, SampleRate};
/// let notch = fir::design_notch(SampleRate::from_hz(250.0)?, &[50.0])?;
/// assert!(notch.gain_at(50.0).abs() < 3e-3 && (notch.gain_at(48.0) - 1.0).abs() < 3e-3);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn design_notch(rate: SampleRate, freqs_hz: &[f64]) -> Result<Fir, SignalError> {
    const TRANSITION_HZ: f64 = 0.5;
    let mut freqs = freqs_hz.to_vec();
    freqs.sort_by(f64::total_cmp);
    if freqs.is_empty() {
        return Ok(Fir { taps: vec![1.0], rate });
    }
    let mut points = vec![(0.0, 1.0)];
    for f in freqs {
        let stop = [f - f / 400.0, f + f / 400.0];
        let pass = [stop[0] - TRANSITION_HZ, stop[1] + TRANSITION_HZ];
        if !(pass[0] > 0.0 && pass[1] < rate.nyquist_hz()) {
            return Err(SignalError::Band {
                fmin_hz: pass[0],
                fmax_hz: pass[1],
                rate_hz: rate.hz(),
            });
        }
        if points.last().is_some_and(|p| p.0 >= pass[0] && p.0 > 0.0) {
            return Err(SignalError::Parameter {
                name: "freqs_hz",
                expected: "further apart than their stop bands (about 1.5 Hz)",
                got: format!("{freqs_hz:?}"),
            });
        }
        points.extend([(pass[0], 1.0), (stop[0], 0.0), (stop[1], 0.0), (pass[1], 1.0)]);
    }
    points.push((rate.nyquist_hz(), 1.0));
    let n = odd_ceil(HAMMING_LENGTH / TRANSITION_HZ * rate.hz());
    Ok(Fir { taps: windowed_sincs(n, rate, &points), rate })
}

fn odd_ceil(n: f64) -> usize {
    let n = n.ceil().max(1.0) as usize;
    n + (n + 1) % 2
}

/// Sum of low-pass filters, one per change of gain in `points` (frequency Hz, gain 0 or 1), each
/// just long enough for its own transition.
fn windowed_sincs(n: usize, rate: SampleRate, points: &[(f64, f64)]) -> Vec<f64> {
    let mut taps = vec![0.0; n];
    let (mut above_hz, mut above_gain) = points[points.len() - 1];
    if above_gain == 1.0 {
        taps[n / 2] = 1.0;
    }
    for &(freq_hz, gain) in points.iter().rev().skip(1) {
        if gain != above_gain {
            let width = (above_hz - freq_hz) / rate.hz();
            let m = (HAMMING_LENGTH / width).round_ties_even() as usize;
            let m = (m + (m + 1) % 2).min(n);
            let sign = if gain == 0.0 { -1.0 } else { 1.0 };
            let edge = (above_hz + freq_hz) / 2.0 / rate.nyquist_hz();
            let start = (n - m) / 2;
            let sinc = lowpass(&window::hamming(m, Symmetry::Symmetric), edge);
            taps[start..start + m].iter_mut().zip(sinc).for_each(|(t, s)| *t += sign * s);
        }
        (above_hz, above_gain) = (freq_hz, gain);
    }
    taps
}

/// Windowed ideal low-pass with `edge` as a fraction of half the rate, unit gain at 0 Hz.
pub(crate) fn lowpass(window: &[f64], edge: f64) -> Vec<f64> {
    let centre = (window.len() as f64 - 1.0) / 2.0;
    let mut taps: Vec<f64> = window
        .iter()
        .enumerate()
        .map(|(i, w)| w * edge * sinc(edge * (i as f64 - centre)))
        .collect();
    let sum: f64 = taps.iter().sum();
    taps.iter_mut().for_each(|t| *t /= sum);
    taps
}

fn sinc(x: f64) -> f64 {
    let x = std::f64::consts::PI * x;
    if x == 0.0 { 1.0 } else { x.sin() / x }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(hz: f64) -> SampleRate {
        SampleRate::from_hz(hz).unwrap()
    }

    #[test]
    fn no_edges_is_the_identity() {
        assert_eq!(design_bandpass(rate(100.0), None, None).unwrap().taps(), [1.0]);
        assert_eq!(design_notch(rate(100.0), &[]).unwrap().taps(), [1.0]);
    }

    #[test]
    fn edges_outside_the_spectrum_are_refused() {
        for (low, high) in
            [(Some(0.0), None), (None, Some(50.0)), (Some(40.0), Some(1.0)), (Some(f64::NAN), None)]
        {
            assert!(design_bandpass(rate(100.0), low, high).is_err(), "{low:?} {high:?}");
        }
        assert!(design_notch(rate(100.0), &[50.0]).is_err());
        assert!(design_notch(rate(200.0), &[50.0, 50.5]).is_err());
    }

    #[test]
    fn foreign_taps_must_be_symmetric() {
        assert!(Fir::from_taps(rate(100.0), vec![0.25, 0.5, 0.25]).is_ok());
        for taps in [vec![], vec![1.0, 1.0], vec![0.1, 0.5, 0.2], vec![f64::NAN]] {
            assert!(Fir::from_taps(rate(100.0), taps).is_err());
        }
    }

    #[test]
    fn fused_response_is_the_product() {
        let a = design_bandpass(rate(250.0), Some(1.0), Some(70.0)).unwrap();
        let b = design_notch(rate(250.0), &[50.0]).unwrap();
        let both = a.fuse(&b).unwrap();
        for f in [0.0, 0.7, 10.0, 49.9, 50.0, 60.0, 100.0] {
            assert!((both.gain_at(f) - a.gain_at(f) * b.gain_at(f)).abs() < 1e-12);
        }
        assert!(a.fuse(&design_notch(rate(500.0), &[]).unwrap()).is_err());
    }

    #[test]
    fn taps_are_symmetric_and_odd() {
        for hz in [100.0, 128.0, 250.0, 256.0, 512.0, 1000.0, 173.61] {
            let f = design_bandpass(rate(hz), Some(1.0), Some(40.0)).unwrap();
            let n = f.taps().len();
            assert_eq!(n % 2, 1);
            assert!((0..n).all(|i| (f.taps()[i] - f.taps()[n - 1 - i]).abs() < 1e-15));
        }
    }
}
