use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, sea_query::OnConflict};

use crate::{OrgId, StoreError, Tx};

/// A client's promise that a repeated request is the same.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub org_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub route: String,
    pub params_hash: String,
    pub subject: Option<String>,
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// # Errors
/// [`StoreError::Database`].
pub async fn find(
    db: &impl ConnectionTrait,
    org: &OrgId,
    key: &str,
) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id((org.to_string(), key.to_owned())).one(db).await?)
}

/// Writes the row unless the key is taken; returns whether it was free.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn insert(tx: &Tx, row: Model) -> Result<bool, StoreError> {
    let taken = OnConflict::columns([Column::OrgId, Column::Key]).do_nothing().to_owned();
    let written = Entity::insert(row.into_active_model())
        .on_conflict(taken)
        .exec_without_returning(&**tx)
        .await?;
    Ok(written > 0)
}

/// # Errors
/// [`StoreError::Database`].
pub async fn delete_before(tx: &Tx, before: i64) -> Result<u64, StoreError> {
    let done = Entity::delete_many().filter(Column::CreatedAt.lt(before)).exec(&**tx).await?;
    Ok(done.rows_affected)
}

/// Frees a key that was made before `before`.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn delete_expired(
    tx: &Tx,
    org: &OrgId,
    key: &str,
    before: i64,
) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(Column::OrgId.eq(org.as_str()))
        .filter(Column::Key.eq(key))
        .filter(Column::CreatedAt.lte(before))
        .exec(&**tx)
        .await?;
    Ok(())
}
