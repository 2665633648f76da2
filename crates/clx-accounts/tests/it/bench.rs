use clx_accounts::{Accounts, AccountsConfig};
use clx_store::{Clock, Store, StoreConfig};
use clx_testkit::Postgres;
use tempfile::TempDir;

/// 2026-01-01T00:00:00Z.
pub(crate) const START_MS: i64 = 1_767_225_600_000;
pub(crate) const HOUR_MS: i64 = 3_600_000;
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;

pub(crate) struct Bench {
    pub(crate) accounts: Accounts,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    _folder: TempDir,
}

impl Bench {
    pub(crate) async fn sqlite() -> Self {
        Self::open(String::new()).await
    }

    pub(crate) async fn postgres(server: &Postgres, name: &str) -> Self {
        Self::open(server.database(name)).await
    }

    async fn open(database_url: String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = folder.path().to_owned();
        let config = StoreConfig { database_url, data_dir, ..StoreConfig::default() };
        let store = Store::open(config).await.unwrap();
        let clock = Clock::manual(START_MS);
        let accounts = Accounts::new(store.clone(), AccountsConfig::default(), clock.clone());
        Self { accounts, clock, store, _folder: folder }
    }
}

/// Runs each case on SQLite as a test of its own, and all of them on one PostgreSQL server.
macro_rules! on_both_databases {
    ($($case:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $case() {
                super::$case(crate::bench::Bench::sqlite().await).await;
            })+
        }

        #[tokio::test]
        async fn on_postgresql() {
            let Some(server) = clx_testkit::postgres() else { return };
            $(eprintln!("case {}", stringify!($case));
            $case(crate::bench::Bench::postgres(&server, stringify!($case)).await).await;)+
        }
    };
}
pub(crate) use on_both_databases;
