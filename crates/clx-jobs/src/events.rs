use std::collections::VecDeque;
use std::time::Duration;

use clx_accounts::Caller;
use clx_store::rows::event;
use clx_store::{EventId, OrgId, Tx};
use futures::StreamExt;
use futures::stream::{BoxStream, unfold};
use tokio::sync::broadcast::Receiver;
use tokio::time::timeout;

use crate::JobsError;
use crate::deps::{Deps, parse_id};

/// Events read at a time.
const BATCH: u64 = 100;
/// Changes made by other processes show up after at most this long.
const POLL: Duration = Duration::from_secs(1);

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    JobUpdated,
    RecordingUpdated,
    RecordingDeleted,
    UploadUpdated,
    UploadDeleted,
}

impl EventKind {
    const ALL: [Self; 5] = [
        Self::JobUpdated,
        Self::RecordingUpdated,
        Self::RecordingDeleted,
        Self::UploadUpdated,
        Self::UploadDeleted,
    ];

    /// Name on the wire: `job.updated`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::JobUpdated => "job.updated",
            Self::RecordingUpdated => "recording.updated",
            Self::RecordingDeleted => "recording.deleted",
            Self::UploadUpdated => "upload.updated",
            Self::UploadDeleted => "upload.deleted",
        }
    }
}

/// An entry of an organisation's event log. It says *that* a resource changed; whoever delivers it
/// views the resource, so a late reader gets the present state and never an outdated one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: EventId,
    /// 1, 2, 3… within the organisation; what `Last-Event-ID` carries. Progress reports of one job
    /// replace each other, so numbers may be missing.
    pub seq: i64,
    pub kind: EventKind,
    /// Id of the resource: `job_…`, `rec_…`, `upl_…`.
    pub subject: String,
    pub at_ms: i64,
}

/// The event log of each organisation, kept for seven days.
#[derive(Clone, Debug)]
pub struct Events {
    deps: Deps,
}

impl Events {
    pub(crate) fn new(deps: Deps) -> Self {
        Self { deps }
    }

    /// Number of the newest event; 0 before the first.
    ///
    /// # Errors
    /// [`JobsError::Store`].
    pub async fn latest(&self, caller: &Caller) -> Result<i64, JobsError> {
        Ok(event::latest(self.deps.store.read(), &caller.org).await?)
    }

    /// Events after number `after`, oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`JobsError::Store`].
    pub async fn list(
        &self,
        caller: &Caller,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Event>, JobsError> {
        read(&self.deps, &caller.org, after, u64::from(limit)).await
    }

    /// Events after number `after` (`None`: from now on), without end. After an error the client
    /// resumes with the last number it got.
    ///
    /// # Errors
    /// [`JobsError::Store`].
    pub async fn subscribe(
        &self,
        caller: &Caller,
        after: Option<i64>,
    ) -> Result<BoxStream<'static, Result<Event, JobsError>>, JobsError> {
        // Listening starts before the first look, so nothing falls in between.
        let bell = self.deps.bell.listen();
        let last = match after {
            Some(after) => after,
            None => self.latest(caller).await?,
        };
        let tail = Tail {
            deps: self.deps.clone(),
            org: caller.org.clone(),
            last,
            bell,
            ready: VecDeque::new(),
        };
        Ok(unfold(tail, |mut tail| async move {
            let event = tail.next().await;
            Some((event, tail))
        })
        .boxed())
    }
}

/// A reader at the end of the log.
struct Tail {
    deps: Deps,
    org: OrgId,
    last: i64,
    bell: Receiver<OrgId>,
    ready: VecDeque<Event>,
}

impl Tail {
    async fn next(&mut self) -> Result<Event, JobsError> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.last = event.seq;
                return Ok(event);
            }
            self.ready = read(&self.deps, &self.org, self.last, BATCH).await?.into();
            if self.ready.is_empty() {
                wait_for_change(&mut self.bell, &self.org, POLL).await;
            }
        }
    }
}

/// Returns when something of the organisation changed, or after `at_most`, whichever is first.
pub(crate) async fn wait_for_change(bell: &mut Receiver<OrgId>, org: &OrgId, at_most: Duration) {
    let rung = async {
        // A listener that fell behind looks everything up, as if its own bell had rung.
        while bell.recv().await.is_ok_and(|rung| rung != *org) {}
    };
    // Waiting in vain is as good as being woken: the caller looks again either way.
    drop(timeout(at_most, rung).await);
}

async fn read(deps: &Deps, org: &OrgId, after: i64, limit: u64) -> Result<Vec<Event>, JobsError> {
    let rows = event::list_after(deps.store.read(), org, after, limit).await?;
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        // A kind of a later version of this program is not for this one.
        let Some(kind) = EventKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind) else {
            continue;
        };
        let id = parse_id("event", &row.id)?;
        events.push(Event { id, seq: row.seq, kind, subject: row.subject, at_ms: row.at });
    }
    Ok(events)
}

/// Appends to the log; call it last in a transaction, and ring the bell after the commit.
pub(crate) async fn append(
    tx: &Tx,
    org: &OrgId,
    kind: EventKind,
    subject: &str,
    now: i64,
) -> Result<(), JobsError> {
    event::append(tx, org, kind.as_str(), subject, false, now).await?;
    Ok(())
}

/// Notes how far a job is, in place of its last such note.
pub(crate) async fn append_progress(
    tx: &Tx,
    org: &OrgId,
    job: &str,
    now: i64,
) -> Result<(), JobsError> {
    event::append(tx, org, EventKind::JobUpdated.as_str(), job, true, now).await?;
    Ok(())
}
