use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::StoreError;

/// Where state is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreConfig {
    /// `sqlite:///path/to/clisonix.db`, `postgres://user@host/name`, or empty for
    /// `clisonix.db` in the data folder.
    pub database_url: String,
    /// Folder of the database, the content files and the staging area.
    pub data_dir: PathBuf,
    /// Connections for reading, 1..=64.
    pub readers: u32,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { database_url: String::new(), data_dir: PathBuf::from("data"), readers: 4 }
    }
}

/// Rows and bytes.
#[derive(Clone, Debug)]
pub struct Store {}

impl Store {
    /// Opens the database, brings its tables up to date and prepares the content folder.
    ///
    /// # Errors
    /// [`StoreError`] saying what could not be opened.
    pub async fn open(_config: StoreConfig) -> Result<Self, StoreError> {
        todo!()
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn ping(&self) -> Result<(), StoreError> {
        todo!()
    }
}
