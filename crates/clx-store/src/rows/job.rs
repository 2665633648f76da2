//! The queue. A job is `queued`, then `running` under a lease, then `succeeded`, `failed` or
//! `cancelled`.
//!
//! Whoever claims a job gets a random lease token. Every later write of a running job names the
//! token, so a worker that lost its lease cannot touch the job any more, whatever it believes. The
//! attempt is counted when a job is claimed: a job that kills its worker runs out of attempts.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    FromQueryResult, IntoActiveModel, PaginatorTrait, QueryOrder, QuerySelect, Statement,
    UpdateMany,
};
use uuid::Uuid;

use crate::{JobId, OrgId, RecordingId, StoreError, Tx};

/// A job; `params` and `inputs` are JSON.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub org_id: String,
    pub user_id: String,
    pub analysis: String,
    pub recording_id: Option<String>,
    pub params: String,
    pub inputs: String,
    pub state: String,
    pub priority: i32,
    pub run_at: i64,
    pub attempt: i32,
    pub max_attempts: i32,
    pub lease_token: Option<String>,
    pub lease_until: Option<i64>,
    pub cancel_requested: bool,
    pub unique_key: Option<String>,
    pub progress: f64,
    pub stage: String,
    pub error_code: Option<String>,
    pub error_message: Option<String>,
    pub result_sha256: Option<String>,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub const QUEUED: &str = "queued";
pub const RUNNING: &str = "running";
pub const SUCCEEDED: &str = "succeeded";
pub const FAILED: &str = "failed";
pub const CANCELLED: &str = "cancelled";

/// What is needed to queue a job.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    pub id: JobId,
    pub org: OrgId,
    pub user: String,
    pub analysis: String,
    pub recording: Option<String>,
    pub params: String,
    pub inputs: String,
    /// Lower runs first.
    pub priority: i32,
    /// Not before this time.
    pub run_at: i64,
    pub max_attempts: i32,
    /// At most one queued or running job of an organisation has it.
    pub unique_key: Option<String>,
}

/// Queues a job inside the caller's transaction. If a queued or running one has its unique key,
/// that one is returned, and a wish to cancel it is taken back.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn enqueue(tx: &Tx, new: NewJob, now: i64) -> Result<JobId, StoreError> {
    if let Some(key) = &new.unique_key {
        let active = Entity::find()
            .filter(Column::OrgId.eq(new.org.as_str()))
            .filter(Column::UniqueKey.eq(key.as_str()))
            .filter(Column::State.is_in([QUEUED, RUNNING]));
        if let Some(row) = active.one(&**tx).await?
            && (!row.cancel_requested || take_back_cancel(tx, &row.id).await?)
        {
            return row.id.parse().map_err(|_id| corrupt("its id is not one"));
        }
    }
    let id = new.id.clone();
    let row = Model {
        id: new.id.into_string(),
        org_id: new.org.into_string(),
        user_id: new.user,
        analysis: new.analysis,
        recording_id: new.recording,
        params: new.params,
        inputs: new.inputs,
        state: QUEUED.to_owned(),
        priority: new.priority,
        run_at: new.run_at,
        attempt: 0,
        max_attempts: new.max_attempts,
        lease_token: None,
        lease_until: None,
        cancel_requested: false,
        unique_key: new.unique_key,
        progress: 0.0,
        stage: QUEUED.to_owned(),
        error_code: None,
        error_message: None,
        result_sha256: None,
        created_at: now,
        started_at: None,
        finished_at: None,
    };
    Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(id)
}

/// Returns whether the job is still queued or running: its worker may be cancelling it right now.
async fn take_back_cancel(tx: &Tx, id: &str) -> Result<bool, StoreError> {
    let done = Entity::update_many()
        .col_expr(Column::CancelRequested, Expr::value(false))
        .filter(Column::Id.eq(id))
        .filter(Column::State.is_in([QUEUED, RUNNING]))
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Takes the next job that is due and leases it until `lease_until`. The attempt counts from here,
/// whatever becomes of it.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn claim(tx: &Tx, now: i64, lease_until: i64) -> Result<Option<Model>, StoreError> {
    let due = Entity::find()
        .filter(Column::State.eq(QUEUED))
        .filter(Column::RunAt.lte(now))
        .order_by_asc(Column::Priority)
        .order_by_asc(Column::RunAt)
        .order_by_asc(Column::Id)
        .limit(1)
        // PostgreSQL steps over rows that another worker is claiming. SQLite has no such lock and
        // needs none: the transaction already holds the only write lock.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let Some(mut row) = due.one(&**tx).await? else { return Ok(None) };
    let token = Uuid::new_v4().simple().to_string();
    row.state = RUNNING.to_owned();
    row.attempt += 1;
    row.lease_token = Some(token.clone());
    row.lease_until = Some(lease_until);
    row.started_at = row.started_at.or(Some(now));
    Entity::update_many()
        .col_expr(Column::State, Expr::value(RUNNING))
        .col_expr(Column::Attempt, Expr::value(row.attempt))
        .col_expr(Column::LeaseToken, Expr::value(token))
        .col_expr(Column::LeaseUntil, Expr::value(lease_until))
        .col_expr(Column::StartedAt, Expr::value(row.started_at))
        .filter(Column::Id.eq(row.id.as_str()))
        .exec(&**tx)
        .await?;
    Ok(Some(row))
}

/// What a worker tells with its heartbeat.
#[derive(Clone, Debug, PartialEq)]
pub struct Heartbeat {
    pub lease_until: i64,
    pub progress: f64,
    pub stage: String,
}

/// Prolongs a lease; returns whether it was still held and, if so, whether to cancel.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn heartbeat(
    tx: &Tx,
    id: &str,
    token: &str,
    beat: Heartbeat,
) -> Result<Option<bool>, StoreError> {
    let held = leased(id, token)
        .col_expr(Column::LeaseUntil, Expr::value(beat.lease_until))
        .col_expr(Column::Progress, Expr::value(beat.progress))
        .col_expr(Column::Stage, Expr::value(beat.stage))
        .exec(&**tx)
        .await?;
    if held.rows_affected == 0 {
        return Ok(None);
    }
    let row = Entity::find_by_id(id).one(&**tx).await?;
    Ok(row.map(|row| row.cancel_requested))
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Succeeded { result_sha256: Option<String> },
    Failed { code: String, message: String },
    Cancelled,
}

/// Ends a running job; returns whether the lease was still held and, for [`End::Cancelled`], whether
/// somebody still wants it cancelled. Write everything else the job did in the same transaction and
/// roll it back if this says no.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn finish(
    tx: &Tx,
    id: &str,
    token: &str,
    end: End,
    now: i64,
) -> Result<bool, StoreError> {
    let update = ended(leased(id, token), now);
    let update = match end {
        End::Succeeded { result_sha256 } => update
            .col_expr(Column::State, Expr::value(SUCCEEDED))
            .col_expr(Column::ResultSha256, Expr::value(result_sha256))
            .col_expr(Column::Progress, Expr::value(1.0))
            .col_expr(Column::Stage, Expr::value(SUCCEEDED)),
        End::Failed { code, message } => failed(update, code, message),
        End::Cancelled => update
            .col_expr(Column::State, Expr::value(CANCELLED))
            .filter(Column::CancelRequested.eq(true)),
    };
    Ok(update.exec(&**tx).await?.rows_affected > 0)
}

/// Gives a running job back to the queue, to run at `run_at`; returns whether the lease was held.
/// `refund` takes the attempt back, for a worker that stops in good order.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn release(
    tx: &Tx,
    id: &str,
    token: &str,
    run_at: i64,
    refund: Refund,
) -> Result<bool, StoreError> {
    let by = i32::from(refund == Refund::Attempt);
    let update = requeued(leased(id, token), run_at)
        .col_expr(Column::Attempt, Expr::col(Column::Attempt).sub(by));
    Ok(update.exec(&**tx).await?.rows_affected > 0)
}

/// Whether a released job gets its attempt back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refund {
    Attempt,
    Nothing,
}

/// What became of a job whose worker went silent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    pub row_id: String,
    pub org_id: String,
    pub recording_id: Option<String>,
    pub analysis: String,
    /// `queued`, `failed` or `cancelled`.
    pub state: &'static str,
}

/// Takes back running jobs whose lease ended before `now`: they are queued again, or cancelled if
/// somebody asked for it, or failed if no attempt is left.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn recover(tx: &Tx, now: i64, limit: u64) -> Result<Vec<Recovered>, StoreError> {
    let silent = Entity::find()
        .filter(Column::State.eq(RUNNING))
        .filter(Column::LeaseUntil.lt(now))
        .order_by_asc(Column::LeaseUntil)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(&**tx)
        .await?;
    let mut recovered = Vec::with_capacity(silent.len());
    for row in silent {
        let by_id = Entity::update_many().filter(Column::Id.eq(row.id.as_str()));
        let (state, update) = if row.cancel_requested {
            (CANCELLED, ended(by_id, now).col_expr(Column::State, Expr::value(CANCELLED)))
        } else if row.attempt >= row.max_attempts {
            let message = format!("its worker stopped {} times without finishing it", row.attempt);
            (FAILED, failed(ended(by_id, now), "worker_lost".into(), message))
        } else {
            (QUEUED, requeued(by_id, now))
        };
        update.exec(&**tx).await?;
        recovered.push(Recovered {
            row_id: row.id,
            org_id: row.org_id,
            recording_id: row.recording_id,
            analysis: row.analysis,
            state,
        });
    }
    Ok(recovered)
}

/// Cancels a queued job, or asks the worker of a running one to stop. Returns the job as it is
/// then; `None` if it is neither.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn cancel(tx: &Tx, id: &JobId, now: i64) -> Result<Option<&'static str>, StoreError> {
    let of_state = |state: &str| {
        Entity::update_many()
            .filter(Column::Id.eq(id.as_str()))
            .filter(Column::State.eq(state))
            .col_expr(Column::CancelRequested, Expr::value(true))
    };
    let queued = ended(of_state(QUEUED), now).col_expr(Column::State, Expr::value(CANCELLED));
    if queued.exec(&**tx).await?.rows_affected > 0 {
        return Ok(Some(CANCELLED));
    }
    let running = of_state(RUNNING).exec(&**tx).await?;
    Ok((running.rows_affected > 0).then_some(RUNNING))
}

/// Queues a failed or cancelled job again with all its attempts; returns whether it was one.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn retry(tx: &Tx, id: &JobId, now: i64) -> Result<bool, StoreError> {
    let ended = Entity::update_many()
        .filter(Column::Id.eq(id.as_str()))
        .filter(Column::State.is_in([FAILED, CANCELLED]));
    let update = requeued(ended, now)
        .col_expr(Column::Attempt, Expr::value(0))
        .col_expr(Column::CancelRequested, Expr::value(false))
        .col_expr(Column::StartedAt, Expr::value(None::<i64>))
        .col_expr(Column::FinishedAt, Expr::value(None::<i64>))
        .col_expr(Column::ErrorCode, Expr::value(None::<String>))
        .col_expr(Column::ErrorMessage, Expr::value(None::<String>));
    Ok(update.exec(&**tx).await?.rows_affected > 0)
}

fn leased(id: &str, token: &str) -> UpdateMany<Entity> {
    Entity::update_many()
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(RUNNING))
        .filter(Column::LeaseToken.eq(token))
}

fn without_lease(update: UpdateMany<Entity>) -> UpdateMany<Entity> {
    update
        .col_expr(Column::LeaseToken, Expr::value(None::<String>))
        .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
}

fn ended(update: UpdateMany<Entity>, now: i64) -> UpdateMany<Entity> {
    without_lease(update).col_expr(Column::FinishedAt, Expr::value(now))
}

fn failed(update: UpdateMany<Entity>, code: String, message: String) -> UpdateMany<Entity> {
    update
        .col_expr(Column::State, Expr::value(FAILED))
        .col_expr(Column::ErrorCode, Expr::value(code))
        .col_expr(Column::ErrorMessage, Expr::value(message))
}

fn requeued(update: UpdateMany<Entity>, run_at: i64) -> UpdateMany<Entity> {
    without_lease(update)
        .col_expr(Column::State, Expr::value(QUEUED))
        .col_expr(Column::RunAt, Expr::value(run_at))
        .col_expr(Column::Progress, Expr::value(0.0))
        .col_expr(Column::Stage, Expr::value(QUEUED))
}

fn corrupt(message: &str) -> StoreError {
    StoreError::Corrupt { noun: "job", message: message.to_owned() }
}

/// # Errors
/// [`StoreError::Database`].
pub async fn find(
    db: &impl ConnectionTrait,
    org: &OrgId,
    id: &JobId,
) -> Result<Option<Model>, StoreError> {
    let by_id = Entity::find_by_id(id.as_str()).filter(Column::OrgId.eq(org.as_str()));
    Ok(by_id.one(db).await?)
}

/// Newest first, before the id `before`.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn list(
    db: &impl ConnectionTrait,
    org: &OrgId,
    state: Option<&str>,
    recording: Option<&RecordingId>,
    before: Option<&str>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let mut rows = Entity::find().filter(Column::OrgId.eq(org.as_str()));
    if let Some(state) = state {
        rows = rows.filter(Column::State.eq(state));
    }
    if let Some(recording) = recording {
        rows = rows.filter(Column::RecordingId.eq(recording.as_str()));
    }
    if let Some(before) = before {
        rows = rows.filter(Column::Id.lt(before));
    }
    Ok(rows.order_by_desc(Column::Id).limit(limit).all(db).await?)
}

/// Which job holds the result of an analysis of a recording.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Latest {
    pub recording_id: String,
    pub analysis: String,
    pub id: String,
}

/// Of each of these recordings and each analysis the job with a result that finished last.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn list_latest(
    db: &impl ConnectionTrait,
    recordings: Vec<String>,
) -> Result<Vec<Latest>, StoreError> {
    if recordings.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=recordings.len()).map(|i| format!("${i}")).collect();
    let sql = format!(
        "select recording_id, analysis, id from (
            select recording_id, analysis, id, row_number() over (
                partition by recording_id, analysis order by finished_at desc, id desc) as place
            from jobs where state = '{SUCCEEDED}' and result_sha256 is not null
                and recording_id in ({})) finished
        where place = 1",
        places.join(", ")
    );
    let values = recordings.into_iter().map(Value::from);
    let found = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(Latest::find_by_statement(found).all(db).await?)
}

/// Queued and running jobs of a recording.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn list_active(
    db: &impl ConnectionTrait,
    recording: &RecordingId,
) -> Result<Vec<Model>, StoreError> {
    let rows = Entity::find()
        .filter(Column::RecordingId.eq(recording.as_str()))
        .filter(Column::State.is_in([QUEUED, RUNNING]));
    Ok(rows.all(db).await?)
}

/// Number of queued and running jobs of an organisation.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn count_active(db: &impl ConnectionTrait, org: &OrgId) -> Result<u64, StoreError> {
    let active = Entity::find()
        .filter(Column::OrgId.eq(org.as_str()))
        .filter(Column::State.is_in([QUEUED, RUNNING]));
    Ok(active.count(db).await?)
}

/// Whether there is anything to claim or to take back at `now`. Reads only, so that an idle worker
/// does not take the write lock again and again.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn is_work(db: &impl ConnectionTrait, now: i64) -> Result<bool, StoreError> {
    let due = Column::State.eq(QUEUED).and(Column::RunAt.lte(now));
    let silent = Column::State.eq(RUNNING).and(Column::LeaseUntil.lt(now));
    for condition in [due, silent] {
        if Entity::find().filter(condition).limit(1).one(db).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// # Errors
/// [`StoreError::Database`].
pub async fn is_cancel_requested(db: &impl ConnectionTrait, id: &str) -> Result<bool, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?.is_some_and(|row| row.cancel_requested))
}
