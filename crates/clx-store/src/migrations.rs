//! Brings the tables up to date. Migrations are SQL files that both databases read; a released one
//! is never edited, the next gets a new number.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::prelude::async_trait;
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager};

use crate::StoreError;
use crate::db::Db;

/// Any number, the same in every version, so that two starting processes wait for each other.
const ADVISORY_LOCK: &str = "select pg_advisory_xact_lock(7021836450)";

struct SqlFile {
    name: &'static str,
    sql: &'static str,
}

impl MigrationName for SqlFile {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for SqlFile {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(self.sql).await.map(drop)
    }
}

struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(SqlFile {
            name: "0001_first",
            sql: include_str!("../migrations/0001_first.sql"),
        })]
    }
}

/// Applies what is missing in one transaction: after a crash either all of it is there or nothing.
pub(crate) async fn run(db: &Db) -> Result<(), StoreError> {
    let tx = db.begin().await?;
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(ADVISORY_LOCK).await?;
    }
    Migrator::up(&*tx, None).await?;
    tx.commit().await
}
