//! Where state lives: rows in SQLite or PostgreSQL, bytes in an object store.
//!
//! The only SQL of the project is in [`rows`], the only content files in [`Blobs`]. Nothing here
//! decides who may do what.

mod blobs;
mod clock;
mod db;
mod error;
mod id;
mod migrations;
pub mod rows;
mod store;

pub use blobs::{BlobRef, Blobs, StagedFile};
pub use clock::Clock;
pub use db::Tx;
pub use error::StoreError;
pub use id::{ArtifactId, EventId, IdError, JobId, KeyId, OrgId, RecordingId, UploadId, UserId};
pub use sea_orm::ConnectionTrait;
pub use store::{Store, StoreConfig};
