//! Photoplethysmogram: cleaning and pulse peaks.

use clx_signal::iir::{self, Passband, Prototype};
use clx_signal::{SampleRate, stats};

use crate::EegError;
use crate::beats::{LEAST_DISTANCE_S, beats_in, boxcar, bursts};
use crate::samples::{check_finite, check_long};

/// Pass band, hertz, and order. Elgendi et al. 2013.
const PASS_HZ: [f64; 2] = [0.5, 8.0];
const ORDER: usize = 2;
/// Windows of a systolic peak and of a beat, seconds. Same.
const PEAK_S: f64 = 0.111;
const BEAT_S: f64 = 0.667;
/// Offset of the threshold as a share of the mean. Same.
const OFFSET: f64 = 0.02;

/// Finds the systolic peaks of a photoplethysmogram: ascending sample indices.
///
/// Any unit, pulses pointing up. Zero-phase Butterworth band-pass (order 2, 0.5-8 Hz); peaks are
/// where the squared positive part averaged over 0.111 s exceeds its mean over 0.667 s. The method of
/// NeuroKit2 0.2.13 `ppg_clean` and `ppg_findpeaks` ("elgendi").
///
/// # Errors
/// [`clx_signal::SignalError::NotFinite`], [`clx_signal::SignalError::TooShort`] below 1 s,
/// [`clx_signal::SignalError::Band`] for a rate of at most 16 Hz.
///
/// # Source
/// Elgendi et al. 2013, PLoS ONE 8:e76585. Checked against `tests/fixtures/heart.json`.
pub fn detect_pulse_peaks(ppg: &[f32], rate: SampleRate) -> Result<Vec<usize>, EegError> {
    check_finite("ppg", ppg)?;
    check_long(ppg, rate, 1.0)?;
    let band = Passband::Bandpass { fmin_hz: PASS_HZ[0], fmax_hz: PASS_HZ[1] };
    let sos = iir::design(rate, ORDER, Prototype::Butterworth, band)?;
    let x: Vec<f64> = ppg.iter().map(|&v| f64::from(v)).collect();
    let clean = iir::filter_zero_phase_f64(&sos, &x)?;
    let squared: Vec<f64> = clean.iter().map(|v| v.max(0.0).powi(2)).collect();
    let window = |seconds: f64| (seconds * rate.hz()).round_ties_even() as usize;
    let offset = OFFSET * stats::mean(&squared).unwrap_or(0.0);
    let threshold: Vec<f64> = boxcar(&squared, window(BEAT_S)).iter().map(|v| v + offset).collect();
    let found = bursts(&boxcar(&squared, window(PEAK_S)), &threshold);
    Ok(beats_in(&clean, &found, window(PEAK_S) as f64, window(LEAST_DISTANCE_S)))
}
