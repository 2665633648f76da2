use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder};

use crate::{OrgId, StoreError};

/// An organisation.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "orgs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: String,
    pub event_seq: i64,
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The organisation made first.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn first(db: &impl ConnectionTrait) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find().order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).one(db).await?)
}

/// # Errors
/// [`StoreError::Database`].
pub async fn find(db: &impl ConnectionTrait, id: &OrgId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id.as_str()).one(db).await?)
}

/// # Errors
/// [`StoreError::Database`].
pub async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}
