//! Where state lives: rows in SQLite or PostgreSQL, bytes in an object store.

mod clock;
mod error;
mod id;
mod store;

pub use clock::Clock;
pub use error::StoreError;
pub use id::{ArtifactId, EventId, IdError, JobId, KeyId, OrgId, RecordingId, UploadId, UserId};
pub use store::{Store, StoreConfig};
