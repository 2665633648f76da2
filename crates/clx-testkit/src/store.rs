//! A store of a test's own, on either database.

use std::path::Path;

use clx_store::rows::{org, user};
use clx_store::{OrgId, Store, StoreConfig, UserId};
use tempfile::TempDir;

use crate::Postgres;

/// 2026-01-01T00:00:00Z.
pub const START_MS: i64 = 1_767_225_600_000;
pub const HOUR_MS: i64 = 3_600_000;
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// An empty store; its folder goes when it is dropped.
#[derive(Debug)]
pub struct TestStore {
    pub store: Store,
    folder: TempDir,
}

impl TestStore {
    /// # Panics
    /// When the store cannot be opened; so do all of these functions when something is wrong.
    pub async fn sqlite() -> Self {
        Self::open(String::new()).await
    }

    /// On a new database of that name.
    ///
    /// # Panics
    /// When the store cannot be opened.
    pub async fn postgres(server: &Postgres, name: &str) -> Self {
        Self::open(server.database(name)).await
    }

    async fn open(database_url: String) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data_dir = folder.path().to_owned();
        let config = StoreConfig { database_url, data_dir, ..StoreConfig::default() };
        let store = Store::open(config).await.expect("an empty store can be opened");
        Self { store, folder }
    }

    /// The folder of the content files and the staging area.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Makes an organisation with one user of that role.
    ///
    /// # Panics
    /// When the rows cannot be written.
    pub async fn tenant(&self, role: &str) -> (OrgId, UserId) {
        let (org, user) = (OrgId::new(), UserId::new());
        let tx = self.store.begin().await.expect("a transaction");
        let row = org::Model {
            id: org.to_string(),
            name: "Lab".into(),
            event_seq: 0,
            created_at: START_MS,
        };
        org::insert(&*tx, row).await.expect("an organisation");
        let row = user::Model {
            id: user.to_string(),
            org_id: org.to_string(),
            email: format!("{user}@example.org"),
            name: "Ada".into(),
            role: role.to_owned(),
            password_hash: None,
            created_at: START_MS,
        };
        user::insert(&*tx, row).await.expect("a user");
        tx.commit().await.expect("a commit");
        (org, user)
    }
}

/// Runs each case on SQLite as a test of its own, and all of them on one PostgreSQL server. A case is
/// an async function of the named bench, which has `async fn on(TestStore) -> Self`.
#[macro_export]
macro_rules! on_both_databases {
    ($bench:ident; $($case:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let store = $crate::TestStore::sqlite().await;
                super::$case(super::$bench::on(store).await).await;
            })+
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn on_postgresql() {
            let Some(server) = $crate::postgres() else { return };
            $(eprintln!("case {}", stringify!($case));
            let store = $crate::TestStore::postgres(&server, stringify!($case)).await;
            $case($bench::on(store).await).await;)+
        }
    };
}
