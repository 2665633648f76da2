use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{IntoActiveModel, QueryOrder};

use crate::{KeyId, OrgId, StoreError};

/// An API key, known by its digest.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub org_id: String,
    pub user_id: String,
    pub name: String,
    pub visible_start: String,
    pub token_hash: String,
    pub created_at: i64,
    pub last_used_at: Option<i64>,
    pub expires_at: Option<i64>,
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
pub async fn list(db: &impl ConnectionTrait, org: &OrgId) -> Result<Vec<Model>, StoreError> {
    let of_org = Entity::find().filter(Column::OrgId.eq(org.as_str()));
    Ok(of_org.order_by_desc(Column::Id).all(db).await?)
}

/// The key if it has not expired at `now`.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn find_by_hash(
    db: &impl ConnectionTrait,
    token_hash: &str,
    now: i64,
) -> Result<Option<Model>, StoreError> {
    let valid = Column::ExpiresAt.is_null().or(Column::ExpiresAt.gt(now));
    Ok(Entity::find().filter(Column::TokenHash.eq(token_hash)).filter(valid).one(db).await?)
}

/// # Errors
/// [`StoreError::Database`].
pub async fn touch(db: &impl ConnectionTrait, id: &str, now: i64) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::LastUsedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Returns whether there was one.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn delete(
    db: &impl ConnectionTrait,
    org: &OrgId,
    id: &KeyId,
) -> Result<bool, StoreError> {
    let done = Entity::delete_many()
        .filter(Column::OrgId.eq(org.as_str()))
        .filter(Column::Id.eq(id.as_str()))
        .exec(db)
        .await?;
    Ok(done.rows_affected > 0)
}
