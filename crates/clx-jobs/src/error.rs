use clx_accounts::{AccountsError, Role};
use clx_store::StoreError;

/// Why an operation on recordings, uploads or jobs was refused or failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JobsError {
    /// It does not exist, was deleted, or belongs to another organisation; which is not told.
    #[error("no such {0}")]
    NotFound(&'static str),
    #[error("this needs the role {}", needed.as_str())]
    Forbidden { needed: Role },
    /// `field` is the JSON name of what was wrong.
    #[error("{field}: {message}")]
    Invalid { field: &'static str, message: String },
    /// The resource is in a state in which this cannot be done.
    #[error("{0}")]
    Conflict(String),
    /// An upload continues elsewhere than the client thinks.
    #[error("the upload continues at byte {expected}, got {got}")]
    Offset { expected: u64, got: u64 },
    #[error("the limit is {limit_bytes} bytes")]
    TooLarge { limit_bytes: u64 },
    #[error("the resource was changed since it was read, its version is now {etag}")]
    PreconditionFailed { etag: String },
    /// The same key came with another request before.
    #[error("this idempotency key was used for another request")]
    IdempotencyMismatch,
    /// The request that first used the key is still running.
    #[error("the first request with this idempotency key is still running")]
    IdempotencyBusy,
    /// The content is of no format that can be read.
    #[error("{0}")]
    Unsupported(String),
    /// The client's body ended with an error; what arrived of an upload is kept.
    #[error("the body could not be read to its end: {0}")]
    Body(std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a file could not be read or written")]
    Io(#[from] std::io::Error),
    /// A fault of ours, for the log.
    #[error("internal: {0}")]
    Internal(String),
}

impl From<AccountsError> for JobsError {
    fn from(error: AccountsError) -> Self {
        match error {
            AccountsError::Forbidden { needed } => Self::Forbidden { needed },
            AccountsError::Store(error) => Self::Store(error),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl JobsError {
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }
}
