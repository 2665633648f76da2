use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    IntoActiveModel, QueryOrder, QuerySelect, Statement, UpdateMany,
    sea_query::{Func, LikeExpr},
};

use crate::{OrgId, RecordingId, StoreError, Tx};

/// A recording; `channels` and `findings` are JSON.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "recordings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub org_id: String,
    pub sha256: String,
    pub size_bytes: i64,
    pub title: String,
    pub filename: String,
    pub kind: Option<String>,
    pub format: Option<String>,
    pub media_type: String,
    pub duration_s: Option<f64>,
    pub state: String,
    pub error: Option<String>,
    pub synthetic: bool,
    pub channels: String,
    pub start_text: Option<String>,
    pub findings: String,
    pub annotations_sha256: Option<String>,
    pub pyramid_sha256: Option<String>,
    pub version: i64,
    pub created_at: i64,
    pub deleted_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What reading the content found out.
#[derive(Clone, Debug)]
pub struct Contents {
    pub kind: String,
    pub format: String,
    pub media_type: String,
    pub duration_s: Option<f64>,
    pub channels: String,
    pub start_text: Option<String>,
    pub findings: String,
    pub annotations_sha256: Option<String>,
    pub pyramid_sha256: Option<String>,
}

/// # Errors
/// [`StoreError::Database`].
pub async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// One that is not deleted.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn find(
    db: &impl ConnectionTrait,
    org: &OrgId,
    id: &RecordingId,
) -> Result<Option<Model>, StoreError> {
    Ok(find_with_deleted(db, org, id).await?.filter(|row| row.deleted_at.is_none()))
}

/// # Errors
/// [`StoreError::Database`].
pub async fn find_with_deleted(
    db: &impl ConnectionTrait,
    org: &OrgId,
    id: &RecordingId,
) -> Result<Option<Model>, StoreError> {
    let by_id = Entity::find_by_id(id.as_str()).filter(Column::OrgId.eq(org.as_str()));
    Ok(by_id.one(db).await?)
}

/// The one with this content that is not deleted; there is at most one.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn find_by_content(
    db: &impl ConnectionTrait,
    org: &OrgId,
    sha256: &str,
) -> Result<Option<Model>, StoreError> {
    let of_content = Entity::find()
        .filter(Column::OrgId.eq(org.as_str()))
        .filter(Column::Sha256.eq(sha256))
        .filter(Column::DeletedAt.is_null());
    Ok(of_content.one(db).await?)
}

/// Newest first, before the id `before`, with `q` somewhere in title or file name.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn list(
    db: &impl ConnectionTrait,
    org: &OrgId,
    q: Option<&str>,
    before: Option<&str>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let mut rows =
        Entity::find().filter(Column::OrgId.eq(org.as_str())).filter(Column::DeletedAt.is_null());
    if let Some(q) = q {
        let pattern = LikeExpr::new(like_pattern(q)).escape('\\');
        let title = Expr::expr(Func::lower(Expr::col(Column::Title))).like(pattern.clone());
        let filename = Expr::expr(Func::lower(Expr::col(Column::Filename))).like(pattern);
        rows = rows.filter(title.or(filename));
    }
    if let Some(before) = before {
        rows = rows.filter(Column::Id.lt(before));
    }
    Ok(rows.order_by_desc(Column::Id).limit(limit).all(db).await?)
}

/// `%` and `_` in what a person typed mean themselves.
fn like_pattern(q: &str) -> String {
    let mut pattern = String::from("%");
    for c in q.chars().flat_map(char::to_lowercase) {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Writes the title if the row still has `version`; returns whether it had.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn set_title(
    tx: &Tx,
    id: &RecordingId,
    title: &str,
    version: i64,
) -> Result<bool, StoreError> {
    let done = Entity::update_many()
        .col_expr(Column::Title, Expr::value(title))
        .col_expr(Column::Version, Expr::value(version + 1))
        .filter(Column::Id.eq(id.as_str()))
        .filter(Column::Version.eq(version))
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Notes what the content holds; the recording is ready then.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn set_contents(tx: &Tx, id: &RecordingId, found: Contents) -> Result<(), StoreError> {
    update(id)
        .col_expr(Column::Kind, Expr::value(found.kind))
        .col_expr(Column::Format, Expr::value(found.format))
        .col_expr(Column::MediaType, Expr::value(found.media_type))
        .col_expr(Column::DurationS, Expr::value(found.duration_s))
        .col_expr(Column::Channels, Expr::value(found.channels))
        .col_expr(Column::StartText, Expr::value(found.start_text))
        .col_expr(Column::Findings, Expr::value(found.findings))
        .col_expr(Column::AnnotationsSha256, Expr::value(found.annotations_sha256))
        .col_expr(Column::PyramidSha256, Expr::value(found.pyramid_sha256))
        .col_expr(Column::State, Expr::value("ready"))
        .col_expr(Column::Error, Expr::value(None::<String>))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// # Errors
/// [`StoreError::Database`].
pub async fn set_state(
    tx: &Tx,
    id: &RecordingId,
    state: &str,
    error: Option<&str>,
) -> Result<(), StoreError> {
    update(id)
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Error, Expr::value(error.map(str::to_owned)))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// # Errors
/// [`StoreError::Database`].
pub async fn set_deleted(
    tx: &Tx,
    id: &RecordingId,
    deleted_at: Option<i64>,
) -> Result<(), StoreError> {
    update(id).col_expr(Column::DeletedAt, Expr::value(deleted_at)).exec(&**tx).await?;
    Ok(())
}

/// Notes that something the resource shows has changed.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn touch(tx: &Tx, id: &str) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
}

fn update(id: &RecordingId) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id.as_str()))
}

/// Ids of recordings that were deleted before `before`, at most `limit`.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn list_purgeable(
    db: &impl ConnectionTrait,
    before: i64,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let old = Entity::find().filter(Column::DeletedAt.lt(before)).limit(limit);
    Ok(old.all(db).await?)
}

/// Removes the row for good, with its jobs and their artefacts.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn purge(tx: &Tx, id: &str) -> Result<(), StoreError> {
    for sql in [
        "delete from artifacts where job_id in (select id from jobs where recording_id = $1)",
        "delete from jobs where recording_id = $1",
        "delete from recordings where id = $1",
    ] {
        let backend = tx.get_database_backend();
        tx.execute_raw(Statement::from_sql_and_values(backend, sql, [Value::from(id)])).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::like_pattern;

    #[test]
    fn wildcards_in_a_search_mean_themselves() {
        assert_eq!(like_pattern("50%_A\\"), "%50\\%\\_a\\\\%");
    }
}
