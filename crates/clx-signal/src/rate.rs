use crate::SignalError;

/// Samples per second; finite and above zero.
///
/// ```
/// # use clx_signal::SampleRate;
/// let rate = SampleRate::from_hz(256.0)?;
/// assert_eq!(rate.hz(), 256.0);
/// assert!(SampleRate::from_hz(0.0).is_err());
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct SampleRate(f64);

impl SampleRate {
    /// # Errors
    /// [`SignalError::SampleRate`] unless `hz` is finite and above zero.
    pub fn from_hz(hz: f64) -> Result<Self, SignalError> {
        if hz.is_finite() && hz > 0.0 { Ok(Self(hz)) } else { Err(SignalError::SampleRate(hz)) }
    }

    pub const fn hz(self) -> f64 {
        self.0
    }

    pub const fn nyquist_hz(self) -> f64 {
        self.0 / 2.0
    }

    /// Number of whole samples in `seconds`, rounded to nearest.
    pub fn samples(self, seconds: f64) -> usize {
        (seconds * self.0).round().max(0.0) as usize
    }

    pub fn seconds(self, n_samples: usize) -> f64 {
        n_samples as f64 / self.0
    }
}
