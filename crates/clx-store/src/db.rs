use std::ops::Deref;
use std::path::Path;
use std::time::Duration;

use sea_orm::sqlx::ConnectOptions;
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, SqlxSqliteConnector,
    TransactionOptions, TransactionTrait,
};

use crate::StoreError;

const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Readers and the writer of one database.
///
/// SQLite lets one connection write at a time, so this process has exactly one: writers queue for
/// it instead of failing with "database is locked". Other processes are waited for by
/// `busy_timeout`, and every transaction says at its start that it will write.
#[derive(Clone, Debug)]
pub(crate) struct Db {
    pub(crate) reader: DatabaseConnection,
    writer: DatabaseConnection,
}

/// A transaction; dropped without [`Tx::commit`] it is rolled back.
#[derive(Debug)]
pub struct Tx(DatabaseTransaction);

impl Deref for Tx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.0
    }
}

impl Tx {
    /// # Errors
    /// [`StoreError::Database`]; then nothing of the transaction has happened.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
    }
}

impl Db {
    pub(crate) async fn open(url: &str, readers: u32) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            return Self::open_sqlite(Path::new(path), readers).await;
        }
        #[cfg(feature = "postgres")]
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Self::open_postgres(url, readers).await;
        }
        Err(unknown_scheme(url))
    }

    async fn open_sqlite(path: &Path, readers: u32) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("temp_store", "MEMORY")
            .disable_statement_logging();
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await
            .map_err(database)?;
        let reader = SqlitePoolOptions::new()
            .max_connections(readers.max(1))
            .connect_lazy_with(options.pragma("query_only", "ON"));
        Ok(Self {
            reader: SqlxSqliteConnector::from_sqlx_sqlite_pool(reader),
            writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
        })
    }

    #[cfg(feature = "postgres")]
    async fn open_postgres(url: &str, readers: u32) -> Result<Self, StoreError> {
        use sea_orm::SqlxPostgresConnector;
        use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};

        let options: PgConnectOptions = url.parse().map_err(database)?;
        // PostgreSQL has no single writer; a few connections above the readers' keep transactions
        // from waiting behind long lists.
        let pool = PgPoolOptions::new()
            .max_connections(readers.max(1) + 4)
            .connect_with(options.disable_statement_logging())
            .await
            .map_err(database)?;
        let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
        Ok(Self { reader: connection.clone(), writer: connection })
    }

    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(Tx(self.writer.begin_with_options(options).await?))
    }

    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        self.reader.clone().close().await?;
        Ok(self.writer.clone().close().await?)
    }
}

/// Whether `url` is of a database that can be opened, or empty for the default one.
pub(crate) fn check_scheme(url: &str) -> Result<(), StoreError> {
    let postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let known =
        url.is_empty() || url.starts_with("sqlite://") || (cfg!(feature = "postgres") && postgres);
    if known { Ok(()) } else { Err(unknown_scheme(url)) }
}

/// Names the scheme only: the whole address may hold a password.
fn unknown_scheme(url: &str) -> StoreError {
    let scheme = url.split_once("://").map_or("none", |(scheme, _)| scheme);
    StoreError::Scheme { scheme: scheme.to_owned() }
}

fn database(error: sea_orm::sqlx::Error) -> StoreError {
    StoreError::Database(sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())))
}
