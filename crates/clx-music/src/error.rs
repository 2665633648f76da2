/// Why a track could not be composed or rendered.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MusicError {
    #[error("{field} must be {expected}, got {got}")]
    Brief { field: &'static str, expected: &'static str, got: String },
    #[error("sample rate must be 44100 or 48000 Hz, got {0}")]
    Rate(u32),
}

/// Why a rendering stopped; `E` is the error of the receiving side.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError<E> {
    #[error(transparent)]
    Music(#[from] MusicError),
    #[error("rendering was cancelled")]
    Cancelled,
    #[error("the rendered sound could not be handed on: {0}")]
    Sink(E),
}
