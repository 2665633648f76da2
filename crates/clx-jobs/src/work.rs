//! What runs the queue.
//!
//! [`Workers`] claims jobs one by one as slots become free and runs each on a blocking thread with
//! a heartbeat beside it. Whatever a run made is staged and sealed first; rows, results and the
//! job's end are then written in one transaction that only commits while the lease is held.

mod analyze;
mod heartbeat;
pub(crate) mod housekeeping;
mod ingest;
mod made;
mod order;
mod report;
mod run;
mod sink;

use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use clx_accounts::Caller;
use clx_store::rows::job;
use clx_store::{JobId, OrgId, RecordingId, Tx};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::deps::{Deps, parse_id};
use crate::events::append;
use crate::{EventKind, JobsError, Library};

pub(crate) const INGEST: &str = "recording.ingest";
pub(crate) const REPORT: &str = "report.create";

/// Lower runs first: what somebody waits for, before what happens by itself.
pub(crate) const PRIORITY_INGEST: i32 = 0;
pub(crate) const PRIORITY_ASKED_FOR: i32 = 10;
pub(crate) const PRIORITY_AUTOMATIC: i32 = 20;

const HOUSEKEEPING_EVERY: Duration = Duration::from_secs(3600);
/// How long a stop waits for running jobs to notice it.
const STOP_GRACE: Duration = Duration::from_secs(10);
const RECOVER_BATCH: u64 = 100;

/// The workers of this process.
#[derive(Debug)]
pub struct Workers {
    stop: CancellationToken,
    claiming: JoinHandle<()>,
    keeping: JoinHandle<()>,
    slots: Arc<Semaphore>,
    n_slots: u32,
}

impl Workers {
    /// Starts claiming jobs, unless the configuration says that this process runs none;
    /// housekeeping (expiry, purge, event retention) runs beside it.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn start(library: &Library) -> Self {
        let deps = library.deps.clone();
        let cores = available_parallelism().map_or(1, usize::from) as u32;
        let n_slots = if deps.config.workers == 0 { cores } else { deps.config.workers };
        let slots = Arc::new(Semaphore::new(n_slots as usize));
        let stop = CancellationToken::new();
        let claiming = if deps.config.run_jobs {
            tokio::spawn(claim_until_stopped(deps.clone(), Arc::clone(&slots), stop.clone()))
        } else {
            tokio::spawn(async {})
        };
        let keeping = tokio::spawn(keep_house(deps, stop.clone()));
        Self { stop, claiming, keeping, slots, n_slots }
    }

    /// Claims nothing more, tells running jobs to stop and hands them back to the queue.
    pub async fn stop(self) {
        self.stop.cancel();
        self.keeping.abort();
        if let Err(error) = self.claiming.await {
            tracing::error!(%error, "the claiming of jobs ended badly");
        }
        if timeout(STOP_GRACE, self.slots.acquire_many(self.n_slots)).await.is_err() {
            tracing::warn!("jobs were still running at the end, their leases will run out");
        }
    }
}

async fn keep_house(deps: Deps, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(HOUSEKEEPING_EVERY) => {}
        }
        if let Err(error) = housekeeping::run(&deps).await {
            tracing::error!(%error, "housekeeping failed");
        }
    }
}

async fn claim_until_stopped(deps: Deps, slots: Arc<Semaphore>, stop: CancellationToken) {
    let poll = Duration::from_millis(deps.config.poll_ms.max(10));
    loop {
        let slot = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            slot = Arc::clone(&slots).acquire_owned() => slot,
        };
        // The semaphore is never closed.
        let Ok(slot) = slot else { return };
        match claim(&deps).await {
            Ok(Some(row)) => start(&deps, row, slot, &stop),
            Ok(None) => {
                drop(slot);
                tokio::select! {
                    biased;
                    () = stop.cancelled() => return,
                    () = deps.bell.work.notified() => {}
                    () = tokio::time::sleep(poll) => {}
                }
            }
            Err(error) => {
                drop(slot);
                tracing::error!(%error, "no job could be claimed");
                tokio::time::sleep(poll).await;
            }
        }
    }
}

fn start(deps: &Deps, row: job::Model, slot: OwnedSemaphorePermit, stop: &CancellationToken) {
    let (deps, stop) = (deps.clone(), stop.clone());
    tokio::spawn(async move {
        let id = row.id.clone();
        if let Err(error) = run::run(&deps, row, stop).await {
            // The lease runs out, and the job is taken up again.
            tracing::error!(job.id = %id, %error, "a job could not be brought to its end");
        }
        drop(slot);
    });
}

/// Takes back what silent workers left, then claims the next job.
async fn claim(deps: &Deps) -> Result<Option<job::Model>, JobsError> {
    if !job::is_work(deps.store.read(), deps.now()).await? {
        return Ok(None);
    }
    recover(deps).await?;
    let now = deps.now();
    let tx = deps.store.begin().await?;
    let lease_until = now + i64::from(deps.config.lease_s) * 1000;
    let Some(row) = job::claim(&tx, now, lease_until).await? else { return Ok(None) };
    let org: OrgId = parse_id("organisation", &row.org_id)?;
    append(&tx, &org, EventKind::JobUpdated, &row.id, now).await?;
    tx.commit().await?;
    deps.bell.ring(&org);
    Ok(Some(row))
}

async fn recover(deps: &Deps) -> Result<(), JobsError> {
    let now = deps.now();
    let tx = deps.store.begin().await?;
    let recovered = job::recover(&tx, now, RECOVER_BATCH).await?;
    if recovered.is_empty() {
        return Ok(());
    }
    let mut orgs = Vec::with_capacity(recovered.len());
    for job in &recovered {
        let org: OrgId = parse_id("organisation", &job.org_id)?;
        if job.analysis == INGEST && job.state == job::FAILED {
            fail_recording(&tx, &org, job.recording_id.as_deref(), LOST, now).await?;
        }
        append(&tx, &org, EventKind::JobUpdated, &job.row_id, now).await?;
        orgs.push(org);
    }
    tx.commit().await?;
    for (job, org) in recovered.iter().zip(orgs) {
        tracing::warn!(job.id = %job.row_id, job.state = job.state, "a worker went silent");
        deps.bell.ring(&org);
    }
    Ok(())
}

const LOST: &str = "reading the content stopped the program several times";

/// Notes that the content of a recording cannot be read.
async fn fail_recording(
    tx: &Tx,
    org: &OrgId,
    recording: Option<&str>,
    message: &str,
    now: i64,
) -> Result<(), JobsError> {
    let Some(recording) = recording else { return Ok(()) };
    let id: RecordingId = parse_id("recording", recording)?;
    clx_store::rows::recording::set_state(tx, &id, "failed", Some(message)).await?;
    append(tx, org, EventKind::RecordingUpdated, recording, now).await
}

/// Queues the reading of a recording's content.
pub(crate) async fn enqueue_ingest(
    deps: &Deps,
    tx: &Tx,
    caller: &Caller,
    id: &RecordingId,
    now: i64,
) -> Result<(), JobsError> {
    let ingest = job::NewJob {
        id: JobId::new(),
        org: caller.org.clone(),
        user: caller.user.to_string(),
        analysis: INGEST.to_owned(),
        recording: Some(id.to_string()),
        params: "{}".to_owned(),
        inputs: "[]".to_owned(),
        priority: PRIORITY_INGEST,
        run_at: now,
        max_attempts: deps.config.max_attempts as i32,
        unique_key: Some(format!("ingest:{id}")),
    };
    let job = job::enqueue(tx, ingest, now).await?;
    append(tx, &caller.org, EventKind::JobUpdated, job.as_str(), now).await
}
