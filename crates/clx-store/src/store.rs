use std::path::PathBuf;

use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde::{Deserialize, Serialize};

use crate::blobs::Blobs;
use crate::db::{Db, Tx};
use crate::{StoreError, migrations};

/// Where state is kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
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

impl std::fmt::Debug for StoreConfig {
    /// Leaves the address out, which may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreConfig").field("data_dir", &self.data_dir).finish_non_exhaustive()
    }
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { database_url: String::new(), data_dir: PathBuf::from("data"), readers: 4 }
    }
}

/// Rows and bytes; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
    blobs: Blobs,
}

impl Store {
    /// Opens the database, brings its tables up to date and prepares the content folder.
    ///
    /// # Errors
    /// [`StoreError`] saying what could not be opened.
    pub async fn open(config: StoreConfig) -> Result<Self, StoreError> {
        let blobs = Blobs::open(&config.data_dir)?;
        let url = if config.database_url.is_empty() {
            format!("sqlite://{}", config.data_dir.join("clisonix.db").display())
        } else {
            config.database_url
        };
        let db = Db::open(&url, config.readers).await?;
        migrations::run(&db).await?;
        Ok(Self { db, blobs })
    }

    /// The connection for reading outside a transaction.
    pub fn read(&self) -> &DatabaseConnection {
        &self.db.reader
    }

    /// Starts a transaction that writes. Keep it short: on SQLite all others wait.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        self.db.begin().await
    }

    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read().execute_unprepared("select 1").await?;
        Ok(())
    }

    /// Closes every connection; SQLite folds its log into the file.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn close(&self) -> Result<(), StoreError> {
        self.db.close().await
    }
}
