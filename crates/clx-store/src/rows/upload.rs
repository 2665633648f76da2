use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{IntoActiveModel, QueryOrder, QuerySelect};

use crate::{OrgId, RecordingId, StoreError, Tx, UploadId};

/// An upload under way, or complete when it has a recording.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "uploads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub org_id: String,
    pub user_id: String,
    pub filename: String,
    pub keep_identity: bool,
    pub length_bytes: i64,
    pub offset_bytes: i64,
    pub recording_id: Option<String>,
    pub created_at: i64,
    pub expires_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// # Errors
/// [`StoreError::Database`].
pub async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// # Errors
/// [`StoreError::Database`].
pub async fn find(
    db: &impl ConnectionTrait,
    org: &OrgId,
    id: &UploadId,
) -> Result<Option<Model>, StoreError> {
    let by_id = Entity::find_by_id(id.as_str()).filter(Column::OrgId.eq(org.as_str()));
    Ok(by_id.one(db).await?)
}

/// Those without a recording, newest first.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn list_open(
    db: &impl ConnectionTrait,
    org: &OrgId,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let open =
        Entity::find().filter(Column::OrgId.eq(org.as_str())).filter(Column::RecordingId.is_null());
    Ok(open.order_by_desc(Column::Id).limit(limit).all(db).await?)
}

/// Whether the upload is under way: there, and not made into a recording.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn is_open(db: &impl ConnectionTrait, id: &UploadId) -> Result<bool, StoreError> {
    let open = Entity::find_by_id(id.as_str()).filter(Column::RecordingId.is_null());
    Ok(open.one(db).await?.is_some())
}

/// Moves the offset on from `from`; returns whether it was there.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn advance(
    tx: &Tx,
    id: &str,
    from: i64,
    to: i64,
    expires_at: i64,
) -> Result<bool, StoreError> {
    let done = Entity::update_many()
        .col_expr(Column::OffsetBytes, Expr::value(to))
        .col_expr(Column::ExpiresAt, Expr::value(expires_at))
        .filter(Column::Id.eq(id))
        .filter(Column::OffsetBytes.eq(from))
        .filter(Column::RecordingId.is_null())
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Notes the recording that the upload became; returns whether it had none.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn complete(tx: &Tx, id: &str, recording: &RecordingId) -> Result<bool, StoreError> {
    let done = Entity::update_many()
        .col_expr(Column::RecordingId, Expr::value(recording.as_str()))
        .filter(Column::Id.eq(id))
        .filter(Column::RecordingId.is_null())
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Uploads whose last byte arrived but that were not made into a recording: a crash came between.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn list_unsealed(db: &impl ConnectionTrait) -> Result<Vec<Model>, StoreError> {
    let full = Entity::find()
        .filter(Column::RecordingId.is_null())
        .filter(Expr::col(Column::OffsetBytes).eq(Expr::col(Column::LengthBytes)));
    Ok(full.all(db).await?)
}

/// # Errors
/// [`StoreError::Database`].
pub async fn list_expired(
    db: &impl ConnectionTrait,
    now: i64,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find().filter(Column::ExpiresAt.lt(now)).limit(limit).all(db).await?)
}

/// Deletes the upload if it has expired at `now`, which it may no longer have: a part that arrives
/// prolongs it. Returns whether it had.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn delete_expired(tx: &Tx, id: &UploadId, now: i64) -> Result<bool, StoreError> {
    let expired =
        Entity::delete_many().filter(Column::Id.eq(id.as_str())).filter(Column::ExpiresAt.lt(now));
    Ok(expired.exec(&**tx).await?.rows_affected > 0)
}

/// # Errors
/// [`StoreError::Database`].
pub async fn delete(tx: &Tx, id: &str) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::Id.eq(id)).exec(&**tx).await?;
    Ok(())
}
