use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, Statement, sea_query::OnConflict};

use crate::{BlobRef, OrgId, StoreError, Tx};

/// Stored content of an organisation.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "blobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub org_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sha256: String,
    pub size_bytes: i64,
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Notes that the organisation stores this content; noting it again is fine.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn note(tx: &Tx, org: &OrgId, blob: &BlobRef, now: i64) -> Result<(), StoreError> {
    let row = Model {
        org_id: org.to_string(),
        sha256: blob.sha256.clone(),
        size_bytes: blob.size_bytes as i64,
        created_at: now,
    };
    // An update and not "do nothing": it locks the row against `delete_unused` of another process.
    let again = OnConflict::columns([Column::OrgId, Column::Sha256])
        .update_column(Column::CreatedAt)
        .to_owned();
    Entity::insert(row.into_active_model())
        .on_conflict(again)
        .exec_without_returning(&**tx)
        .await?;
    Ok(())
}

/// # Errors
/// [`StoreError::Database`].
pub async fn exists(
    db: &impl ConnectionTrait,
    org: &OrgId,
    sha256: &str,
) -> Result<bool, StoreError> {
    let key = (org.to_string(), sha256.to_owned());
    Ok(Entity::find_by_id(key).one(db).await?.is_some())
}

/// References are counted here, when they matter, and not stored.
const DELETE_UNUSED: &str = "delete from blobs where created_at < $1
    and not exists (select 1 from recordings r where r.org_id = blobs.org_id
        and blobs.sha256 in (r.sha256, r.annotations_sha256, r.pyramid_sha256))
    and not exists (select 1 from jobs j
        where j.org_id = blobs.org_id and j.result_sha256 = blobs.sha256)
    and not exists (select 1 from artifacts a
        where a.org_id = blobs.org_id and a.sha256 = blobs.sha256)";

/// Forgets content that nothing refers to and that was noted before `before`. Its object is then
/// one without a row, and collected as such.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn delete_unused(tx: &Tx, before: i64) -> Result<u64, StoreError> {
    let statement = Statement::from_sql_and_values(
        tx.get_database_backend(),
        DELETE_UNUSED,
        [Value::from(before)],
    );
    Ok(tx.execute_raw(statement).await?.rows_affected())
}
