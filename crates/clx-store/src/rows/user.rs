use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder};

use crate::{OrgId, StoreError, UserId};

/// A person; the e-mail address is stored in lower case.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub org_id: String,
    pub email: String,
    pub name: String,
    pub role: String,
    pub password_hash: Option<String>,
    pub created_at: i64,
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
pub async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// # Errors
/// [`StoreError::Database`].
pub async fn find_by_email(
    db: &impl ConnectionTrait,
    email: &str,
) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find().filter(Column::Email.eq(email)).one(db).await?)
}

/// The oldest user of that role.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn first_of_role(
    db: &impl ConnectionTrait,
    org: &OrgId,
    role: &str,
) -> Result<Option<Model>, StoreError> {
    let of_role =
        Entity::find().filter(Column::OrgId.eq(org.as_str())).filter(Column::Role.eq(role));
    Ok(of_role.order_by_asc(Column::Id).one(db).await?)
}

/// # Errors
/// [`StoreError::Database`].
pub async fn set_password(
    db: &impl ConnectionTrait,
    id: &UserId,
    hash: &str,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::value(hash))
        .filter(Column::Id.eq(id.as_str()))
        .exec(db)
        .await?;
    Ok(())
}
