use clx_signal::SignalError;

/// Why a sound could not be described.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AudioError {
    #[error(transparent)]
    Signal(#[from] SignalError),
    #[error("the sound has no samples")]
    Empty,
    #[error(
        "loudness needs 1 to 64 channels at 100 Hz to 1536 kHz, got {n_channels} at {rate_hz} Hz"
    )]
    Layout { n_channels: usize, rate_hz: f64 },
    #[error("a block must have {expected} channels of equal length, got lengths {got:?}")]
    Block { expected: usize, got: Vec<usize> },
}
