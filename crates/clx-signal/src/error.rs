/// Why a signal, or a parameter of a computation on it, was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SignalError {
    #[error("sample rate must be finite and above 0 Hz, got {0}")]
    SampleRate(f64),
    #[error(
        "band must satisfy 0 <= fmin < fmax <= half the sample rate, got {fmin_hz}..{fmax_hz} Hz at {rate_hz} Hz"
    )]
    Band { fmin_hz: f64, fmax_hz: f64, rate_hz: f64 },
    #[error("needs at least {needed} samples ({window_s} s), got {got}")]
    TooShort { needed: usize, window_s: f64, got: usize },
    #[error("{name} must be {expected}, got {got}")]
    Parameter { name: &'static str, expected: &'static str, got: String },
    #[error(
        "epochs of {n_channels} channels and {n_samples} samples cannot be made from {got} samples"
    )]
    Shape { n_channels: usize, n_samples: usize, got: usize },
    #[error("sample {index} of channel {channel} is not a finite number")]
    NotFinite { channel: String, index: usize },
    #[error("channels differ in {what}: {left} and {right}")]
    Mismatch { what: &'static str, left: String, right: String },
    #[error("the signal has no channel{0}")]
    NoChannel(&'static str),
}
