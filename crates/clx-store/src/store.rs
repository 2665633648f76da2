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

impl StoreConfig {
    /// Names of settings that cannot work, each with the reason.
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        if !(1..=64).contains(&self.readers) {
            faults.push(("readers", format!("must be 1 to 64, got {}", self.readers)));
        }
        if self.data_dir.as_os_str().is_empty() {
            faults.push(("data_dir", "must name a folder".to_owned()));
        }
        if let Err(error) = crate::db::check_scheme(&self.database_url) {
            faults.push(("database_url", error.to_string()));
        }
        faults
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OrgId;
    use crate::rows::org;

    fn config(folder: &std::path::Path) -> StoreConfig {
        StoreConfig { data_dir: folder.to_owned(), ..StoreConfig::default() }
    }

    #[tokio::test]
    async fn what_was_committed_is_there_after_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let id = OrgId::new();
        let store = Store::open(config(folder.path())).await.unwrap();
        let tx = store.begin().await.unwrap();
        let name = "Lab".to_owned();
        let row = org::Model { id: id.to_string(), name, event_seq: 0, created_at: 1 };
        org::insert(&*tx, row.clone()).await.unwrap();
        tx.commit().await.unwrap();
        let tx = store.begin().await.unwrap();
        let lost = org::Model { id: OrgId::new().into_string(), ..row.clone() };
        org::insert(&*tx, lost).await.unwrap();
        drop(tx);
        store.close().await.unwrap();
        let store = Store::open(config(folder.path())).await.unwrap();
        assert_eq!(org::find(store.read(), &id).await.unwrap(), Some(row));
        assert_eq!(org::first(store.read()).await.unwrap().unwrap().id, id.as_str());
    }

    #[tokio::test]
    async fn sqlite_is_opened_so_that_a_commit_survives_a_power_cut() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(config(folder.path())).await.unwrap();
        let tx = store.begin().await.unwrap();
        // PRAGMA synchronous: 2 is FULL. sqlite.org/pragma.html.
        for (pragma, expected) in [("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)]
        {
            let asked = sea_orm::Statement::from_string(
                tx.get_database_backend(),
                format!("pragma {pragma}"),
            );
            let row = tx.query_one_raw(asked).await.unwrap().unwrap();
            assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), expected, "{pragma}");
        }
    }

    #[test]
    fn settings_that_cannot_work_are_named() {
        let data_dir = PathBuf::new();
        let wrong = StoreConfig { database_url: "mysql://x".into(), data_dir, readers: 65 };
        let names: Vec<&str> = wrong.faults().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["readers", "data_dir", "database_url"]);
        assert!(StoreConfig { readers: 0, ..StoreConfig::default() }.faults().len() == 1);
        for database_url in ["", "sqlite:///x.db"] {
            let database_url = database_url.to_owned();
            assert!(StoreConfig { database_url, ..StoreConfig::default() }.faults().is_empty());
        }
    }

    #[tokio::test]
    async fn an_unknown_address_is_refused_without_repeating_its_password() {
        let folder = tempfile::tempdir().unwrap();
        let database_url = "mysql://root:secret@localhost/x".to_owned();
        let wrong = StoreConfig { database_url, ..config(folder.path()) };
        assert!(!format!("{wrong:?}").contains("secret"));
        let error = Store::open(wrong).await.unwrap_err().to_string();
        assert!(error.contains("mysql") && !error.contains("secret"), "{error}");
    }
}
