use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;

use crate::{StoreError, UserId};

/// A browser session, known by the digest of its cookie.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub org_id: String,
    pub user_id: String,
    pub created_at: i64,
    pub last_used_at: i64,
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

/// The session if it has not expired at `now`.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn find(
    db: &impl ConnectionTrait,
    token_hash: &str,
    now: i64,
) -> Result<Option<Model>, StoreError> {
    let found = Entity::find_by_id(token_hash).filter(Column::ExpiresAt.gt(now));
    Ok(found.one(db).await?)
}

/// # Errors
/// [`StoreError::Database`].
pub async fn prolong(
    db: &impl ConnectionTrait,
    token_hash: &str,
    now: i64,
    expires_at: i64,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::LastUsedAt, Expr::value(now))
        .col_expr(Column::ExpiresAt, Expr::value(expires_at))
        .filter(Column::TokenHash.eq(token_hash))
        .exec(db)
        .await?;
    Ok(())
}

/// # Errors
/// [`StoreError::Database`].
pub async fn delete(db: &impl ConnectionTrait, token_hash: &str) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::TokenHash.eq(token_hash)).exec(db).await?;
    Ok(())
}

/// Ends every session of a user but the one of `keep`.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn delete_of_user(
    db: &impl ConnectionTrait,
    user: &UserId,
    keep: Option<&str>,
) -> Result<(), StoreError> {
    let mut of_user = Entity::delete_many().filter(Column::UserId.eq(user.as_str()));
    if let Some(hash) = keep {
        of_user = of_user.filter(Column::TokenHash.ne(hash));
    }
    of_user.exec(db).await?;
    Ok(())
}

/// # Errors
/// [`StoreError::Database`].
pub async fn delete_expired(db: &impl ConnectionTrait, now: i64) -> Result<u64, StoreError> {
    let done = Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(db).await?;
    Ok(done.rows_affected)
}
