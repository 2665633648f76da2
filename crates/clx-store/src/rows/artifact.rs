use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder};

use crate::{ArtifactId, OrgId, StoreError, Tx};

/// A file that a job made.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "artifacts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub org_id: String,
    pub job_id: String,
    pub name: String,
    pub media_type: String,
    pub size_bytes: i64,
    pub sha256: String,
    pub duration_s: Option<f64>,
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
pub async fn find(
    db: &impl ConnectionTrait,
    org: &OrgId,
    id: &ArtifactId,
) -> Result<Option<Model>, StoreError> {
    let by_id = Entity::find_by_id(id.as_str()).filter(Column::OrgId.eq(org.as_str()));
    Ok(by_id.one(db).await?)
}

/// Artefacts of any of the jobs, in the order they were made.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn list_of_jobs(
    db: &impl ConnectionTrait,
    jobs: Vec<String>,
) -> Result<Vec<Model>, StoreError> {
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    Ok(Entity::find().filter(Column::JobId.is_in(jobs)).order_by_asc(Column::Id).all(db).await?)
}

/// # Errors
/// [`StoreError::Database`].
pub async fn delete_of_job(tx: &Tx, job: &str) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::JobId.eq(job)).exec(&**tx).await?;
    Ok(())
}
