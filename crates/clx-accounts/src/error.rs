use clx_store::StoreError;

use crate::Role;

/// Why an operation on accounts was refused or failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AccountsError {
    /// Unknown, expired, used up or revoked credentials; which of them is not told.
    #[error("the credentials are not valid")]
    Unauthenticated,
    #[error("this needs the role {}", needed.as_str())]
    Forbidden { needed: Role },
    /// The caller came by an API key, which must not be able to take the account over.
    #[error("this needs a person who is signed in, an API key cannot do it")]
    NeedsSession,
    #[error("no such {0}")]
    NotFound(&'static str),
    /// `field` is the JSON name of what was wrong.
    #[error("{field}: {message}")]
    Invalid { field: &'static str, message: String },
    /// Too many sign-ins are being checked at once.
    #[error("too many sign-in attempts at once, try again in a moment")]
    Busy,
    #[error(transparent)]
    Store(#[from] StoreError),
}
