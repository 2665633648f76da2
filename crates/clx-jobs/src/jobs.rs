use std::time::Duration;

use clx_accounts::Caller;
use clx_store::JobId;
use serde_json::Value;

use crate::{IdempotencyKey, Job, JobFilter, JobsError, Listing, NewReport, Outcome, SubmitJob};

/// The durable queue as its users see it.
#[derive(Clone, Debug)]
pub struct Jobs {}

#[expect(unused_variables, reason = "bodies follow in the next commit")]
impl Jobs {
    pub async fn submit(
        &self,
        caller: &Caller,
        new: SubmitJob,
        once: Option<IdempotencyKey>,
    ) -> Result<Outcome<Job>, JobsError> {
        todo!()
    }

    /// Queues a `report.create` job whose artefact is the document.
    pub async fn create_report(
        &self,
        caller: &Caller,
        new: NewReport,
        once: Option<IdempotencyKey>,
    ) -> Result<Outcome<Job>, JobsError> {
        todo!()
    }

    pub async fn list(
        &self,
        caller: &Caller,
        filter: JobFilter,
    ) -> Result<Listing<Job>, JobsError> {
        todo!()
    }

    pub async fn view(&self, caller: &Caller, id: &JobId) -> Result<Job, JobsError> {
        todo!()
    }

    /// The job when it is finished, or as it stands after `timeout`.
    pub async fn wait(
        &self,
        caller: &Caller,
        id: &JobId,
        timeout: Duration,
    ) -> Result<Job, JobsError> {
        todo!()
    }

    /// A queued job is cancelled at once, a running one as soon as it notices. Finished jobs are a
    /// [`JobsError::Conflict`], except that cancelling twice is fine.
    pub async fn cancel(&self, caller: &Caller, id: &JobId) -> Result<Job, JobsError> {
        todo!()
    }

    /// Queues a failed or cancelled job again.
    pub async fn retry(&self, caller: &Caller, id: &JobId) -> Result<Job, JobsError> {
        todo!()
    }

    /// The stored result envelope of a succeeded job
    /// (`clx_analysis::ResultEnvelope` as JSON; `conflict` while the job is not finished).
    pub async fn result(&self, caller: &Caller, id: &JobId) -> Result<Value, JobsError> {
        todo!()
    }
}
