use std::io;
use std::path::PathBuf;

/// Why the store could not answer. Nothing here is the client's fault.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    #[error(
        "database_url must start with sqlite:// or postgres://, got {scheme}; \
         postgres:// also needs a build with the feature `postgres`"
    )]
    Scheme { scheme: String },
    #[error("the data folder {} cannot be used", path.display())]
    DataDir { path: PathBuf, source: io::Error },
    #[error("the database said: {0}")]
    Database(#[from] sea_orm::DbErr),
    #[error("a file could not be read or written")]
    Io(#[from] io::Error),
    #[error("the object store said: {0}")]
    Object(#[from] object_store::Error),
    /// A stored row does not have the form this version writes.
    #[error("a stored {noun} cannot be read: {message}")]
    Corrupt { noun: &'static str, message: String },
}
