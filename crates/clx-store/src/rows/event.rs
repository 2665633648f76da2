use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder, QuerySelect, Statement};

use crate::{EventId, OrgId, StoreError, Tx};

/// An entry of an organisation's event log.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub org_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub id: String,
    pub kind: String,
    pub subject: String,
    pub is_progress: bool,
    pub at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

const NEXT_SEQ: &str =
    "update orgs set event_seq = event_seq + 1 where id = $1 returning event_seq";

/// Appends an event and returns its number. Call it last in a transaction: it locks the
/// organisation's counter until the end, so that numbers become visible in their order.
///
/// A progress report takes the place of the one before it, so a long job adds one row and not
/// thousands.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn append(
    tx: &Tx,
    org: &OrgId,
    kind: &str,
    subject: &str,
    is_progress: bool,
    now: i64,
) -> Result<i64, StoreError> {
    let counter = Statement::from_sql_and_values(
        tx.get_database_backend(),
        NEXT_SEQ,
        [Value::from(org.as_str())],
    );
    let missing =
        || StoreError::Corrupt { noun: "event", message: "its organisation is gone".into() };
    let seq: i64 = tx.query_one_raw(counter).await?.ok_or_else(missing)?.try_get_by_index(0)?;
    Entity::delete_many()
        .filter(Column::OrgId.eq(org.as_str()))
        .filter(Column::Subject.eq(subject))
        .filter(Column::IsProgress.eq(true))
        .exec(&**tx)
        .await?;
    let row = Model {
        org_id: org.to_string(),
        seq,
        id: EventId::new().into_string(),
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        is_progress,
        at: now,
    };
    Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(seq)
}

/// # Errors
/// [`StoreError::Database`].
pub async fn list_after(
    db: &impl ConnectionTrait,
    org: &OrgId,
    after: i64,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let later = Entity::find().filter(Column::OrgId.eq(org.as_str())).filter(Column::Seq.gt(after));
    Ok(later.order_by_asc(Column::Seq).limit(limit).all(db).await?)
}

/// # Errors
/// [`StoreError::Database`].
pub async fn delete_before(tx: &Tx, before: i64) -> Result<u64, StoreError> {
    let done = Entity::delete_many().filter(Column::At.lt(before)).exec(&**tx).await?;
    Ok(done.rows_affected)
}

/// Number of the organisation's newest event; 0 before the first.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn latest(db: &impl ConnectionTrait, org: &OrgId) -> Result<i64, StoreError> {
    Ok(super::org::find(db, org).await?.map_or(0, |row| row.event_seq))
}
