use clx_store::rows::{org, user};
use clx_store::{OrgId, Store, StoreConfig, UserId};
use clx_testkit::Postgres;
use tempfile::TempDir;

/// 2026-01-01T00:00:00Z.
pub(crate) const START_MS: i64 = 1_767_225_600_000;

pub(crate) struct Bench {
    pub(crate) store: Store,
    pub(crate) caller: Owner,
    _folder: TempDir,
}

/// Whose jobs the tests queue.
pub(crate) struct Owner {
    pub(crate) org: OrgId,
    pub(crate) user: UserId,
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
        let caller = Owner { org: OrgId::new(), user: UserId::new() };
        let tx = store.begin().await.unwrap();
        let name = "Lab".to_owned();
        let row =
            org::Model { id: caller.org.to_string(), name, event_seq: 0, created_at: START_MS };
        org::insert(&*tx, row).await.unwrap();
        let row = user::Model {
            id: caller.user.to_string(),
            org_id: caller.org.to_string(),
            email: "ada@example.org".into(),
            name: "Ada".into(),
            role: "member".into(),
            password_hash: None,
            created_at: START_MS,
        };
        user::insert(&*tx, row).await.unwrap();
        tx.commit().await.unwrap();
        Self { store, caller, _folder: folder }
    }
}

/// Runs each case on SQLite as a test of its own, and all of them on one PostgreSQL server.
macro_rules! on_both_databases {
    ($($case:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(crate::bench::Bench::sqlite().await).await;
            })+
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn on_postgresql() {
            let Some(server) = clx_testkit::postgres() else { return };
            $(eprintln!("case {}", stringify!($case));
            $case(crate::bench::Bench::postgres(&server, stringify!($case)).await).await;)+
        }
    };
}
pub(crate) use on_both_databases;
