use clx_eeg::EegError;
use clx_signal::SignalError;

/// Why a live stream, or what was asked of one, was refused. Gaps, jitter and poor channels are
/// figures in the results, not errors.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LiveError {
    #[error("{name} must be {expected}, got {got}")]
    Parameter { name: &'static str, expected: &'static str, got: String },
    #[error("a block must hold {expected} channels of equal length, got {got}")]
    Block { expected: usize, got: String },
    /// The other side sent something that is not the protocol; the connection is of no more use.
    #[error("the other side broke the protocol: {0}")]
    Protocol(String),
    /// The other side keeps to the protocol but asks for more than we hold.
    #[error("{what} is limited to {limit}, the other side sent {got}")]
    Limit { what: &'static str, limit: usize, got: u64 },
    /// The outlet answered with a status other than 200, such as 404 for a stream that is gone.
    #[error("the outlet refused the stream: {0}")]
    Refused(String),
    #[error("no stream matches `{query}` after {seconds} s; is its outlet running and reachable?")]
    NotFound { query: String, seconds: f64 },
    /// The stream ended; connect again when its outlet is back.
    #[error("the stream was lost: {0}")]
    Lost(String),
    #[error("nothing came from {what} within {seconds} s")]
    Timeout { what: &'static str, seconds: f64 },
    #[error("{context}: {source}")]
    Io { context: &'static str, source: std::io::Error },
    #[error(transparent)]
    Signal(#[from] SignalError),
    #[error(transparent)]
    Eeg(#[from] EegError),
}

impl LiveError {
    /// For `map_err`: an error of the system, with what was being done.
    pub(crate) fn io(context: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { context, source }
    }
}
