use clx_accounts::Caller;
use clx_store::EventId;
use futures::stream::BoxStream;

use crate::JobsError;

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
pub struct Events {}

#[expect(unused_variables, reason = "bodies follow in the next commit")]
impl Events {
    /// Number of the newest event; 0 before the first.
    pub async fn latest(&self, caller: &Caller) -> Result<i64, JobsError> {
        todo!()
    }

    /// Events after `after`, oldest first, at most `limit`.
    pub async fn list(
        &self,
        caller: &Caller,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Event>, JobsError> {
        todo!()
    }

    /// Events after `after` (`None`: from now on) without end. Ends with an error if the database
    /// fails; the client then resumes.
    pub async fn subscribe(
        &self,
        caller: &Caller,
        after: Option<i64>,
    ) -> Result<BoxStream<'static, Result<Event, JobsError>>, JobsError> {
        todo!()
    }
}
