use clx_signal::SignalError;

/// Why an overview could not be made. Poor signals are findings, not errors.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EegError {
    #[error("the recording has neither channels nor annotations")]
    NoChannel,
    #[error("the recording has no sample")]
    NoSample,
    #[error("line_hz must be between 10 and 400 Hz, got {0}")]
    Line(f64),
    #[error("a block must hold the {expected} picked channels in order, got {got}")]
    Picks { expected: usize, got: usize },
    #[error(
        "channels of one rate must have equally many samples in a block, got {left} and {right}"
    )]
    Ragged { left: usize, right: usize },
    #[error("cancelled")]
    Cancelled,
    #[error(transparent)]
    Signal(#[from] SignalError),
}
