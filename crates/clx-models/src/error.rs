/// Why a model could not be had from bytes, or run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    #[error("{what} has the SHA-256 {got}, expected {expected}")]
    Checksum { what: &'static str, expected: String, got: String },
    #[error("the archive has no file {0}")]
    NotInArchive(String),
    #[error("not a readable {what}: {reason}")]
    Malformed { what: &'static str, reason: String },
    #[error("{what} must have {expected} values, got {got}")]
    Size { what: &'static str, expected: usize, got: usize },
    #[error("{what} has a value that is not a finite number")]
    NotFinite { what: &'static str },
}

impl ModelError {
    pub(crate) fn malformed(what: &'static str, reason: impl Into<String>) -> Self {
        Self::Malformed { what, reason: reason.into() }
    }
}
