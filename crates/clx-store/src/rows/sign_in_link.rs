use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;

use crate::{StoreError, Tx, UserId};

/// A one-time sign-in link, known by the digest of its token.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub org_id: String,
    pub user_id: String,
    pub created_at: i64,
    pub expires_at: i64,
    pub used_at: Option<i64>,
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

/// Uses a link up. `None` if it is unknown, used or expired; of two who try at once one gets it.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn redeem(tx: &Tx, token_hash: &str, now: i64) -> Result<Option<Model>, StoreError> {
    let used = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(Column::TokenHash.eq(token_hash))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .exec(&**tx)
        .await?;
    if used.rows_affected == 0 {
        return Ok(None);
    }
    Ok(Entity::find_by_id(token_hash).one(&**tx).await?)
}

/// # Errors
/// [`StoreError::Database`].
pub async fn delete_of_user(db: &impl ConnectionTrait, user: &UserId) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::UserId.eq(user.as_str())).exec(db).await?;
    Ok(())
}
