use std::fmt::Display;
use std::ops::RangeInclusive;

use clx_formats::FormatError;
use clx_signal::SignalError;

/// Why an analysis gave no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnalysisError {
    /// The caller's parameters; the message names the parameter.
    #[error("parameters: {0}")]
    Params(String),
    /// The input cannot be analysed this way, such as a song given to an EEG analysis.
    #[error("{0}")]
    Input(String),
    #[error(transparent)]
    Format(#[from] FormatError),
    #[error(transparent)]
    Signal(#[from] SignalError),
    #[error(transparent)]
    Eeg(#[from] clx_eeg::EegError),
    #[error(transparent)]
    Audio(#[from] clx_audio::AudioError),
    #[error(transparent)]
    Music(#[from] clx_music::MusicError),
    #[error("model: {0}; fetch it again with `clisonix models pull`")]
    Model(#[from] clx_models::ModelError),
    #[error("reading the model {name}: {source}")]
    ModelRead { name: String, source: std::io::Error },
    #[error("writing {name}: {source}")]
    Artifact { name: String, source: std::io::Error },
    #[error("cancelled")]
    Cancelled,
}

/// Refuses a parameter outside its bounds.
pub(crate) fn check_bounds<T: PartialOrd + Display>(
    name: &str,
    value: T,
    bounds: RangeInclusive<T>,
) -> Result<(), AnalysisError> {
    if bounds.contains(&value) {
        return Ok(());
    }
    let (least, most) = (bounds.start(), bounds.end());
    Err(AnalysisError::Params(format!("{name} must be {least} to {most}, got {value}")))
}

impl AnalysisError {
    /// Whether another attempt with the same input could succeed.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Artifact { .. } | Self::ModelRead { .. })
    }

    /// Stable code for API clients.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Params(_) => "invalid_params",
            Self::Input(_) => "unsuitable_input",
            Self::Format(_) => "unreadable_input",
            Self::Signal(_) | Self::Eeg(_) | Self::Audio(_) => "unanalysable_input",
            Self::Music(clx_music::MusicError::Brief { .. }) => "invalid_params",
            Self::Music(_) => "composition_failed",
            Self::Model(_) | Self::ModelRead { .. } => "model_not_usable",
            Self::Artifact { .. } => "artifact_not_written",
            Self::Cancelled => "cancelled",
        }
    }
}
