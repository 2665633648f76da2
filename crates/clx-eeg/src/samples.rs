//! Samples as the detectors of this crate take them.

use clx_signal::fir::{Edge, Fir, OverlapSave};
use clx_signal::{SampleRate, SignalError, resample};

use crate::EegError;

pub(crate) const UV_PER_V: f32 = 1e6;

/// Fails on the first sample that is not a finite number.
pub(crate) fn check_finite(name: &str, x: &[f32]) -> Result<(), EegError> {
    match x.iter().position(|v| !v.is_finite()) {
        None => Ok(()),
        Some(index) => Err(SignalError::NotFinite { channel: name.to_owned(), index }.into()),
    }
}

/// Fails unless the signal lasts at least `window_s`.
pub(crate) fn check_long(x: &[f32], rate: SampleRate, window_s: f64) -> Result<(), EegError> {
    let needed = rate.samples(window_s).max(1);
    if x.len() >= needed {
        return Ok(());
    }
    Err(SignalError::TooShort { needed, window_s, got: x.len() }.into())
}

pub(crate) fn microvolts(volts: &[f32]) -> Vec<f32> {
    volts.iter().map(|v| v * UV_PER_V).collect()
}

/// Zero-phase filtering of one whole channel, edges as `mne.filter.filter_data`.
pub(crate) fn filtered(fir: &Fir, x: &[f32]) -> Vec<f32> {
    let mut filter = OverlapSave::new(fir, 1, Edge::Reflect);
    let mut y = Vec::with_capacity(x.len());
    x.chunks(1 << 14).for_each(|block| filter.push(0, block, &mut y));
    filter.finish(0, &mut y);
    y
}

/// The signal at another rate, by the ratio of the two to a thousandth of a hertz.
pub(crate) fn at_rate(x: &[f32], from: SampleRate, to_hz: u32) -> Result<Vec<f32>, EegError> {
    let down = (from.hz() * 1000.0).round();
    if !(1.0..=f64::from(u32::MAX)).contains(&down) {
        return Err(SignalError::SampleRate(from.hz()).into());
    }
    Ok(resample::resample_poly(x, to_hz as usize * 1000, down as usize)?)
}
