use std::collections::HashMap;
use std::time::Duration;

use clx_accounts::{Caller, Role};
use clx_analysis::{Analysis, AnalysisError, InputKind};
use clx_store::rows::{artifact, job, recording};
use clx_store::{JobId, RecordingId, Tx};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::artifacts::artifact_of;
use crate::deps::{Deps, corrupt, parse_id};
use crate::events::{append, wait_for_change};
use crate::model::{check_page, clean_text, next_cursor};
use crate::{
    Artifact, EventKind, IdempotencyKey, Job, JobFault, JobFilter, JobState, JobsError, Listing,
    NewReport, Outcome, Progress, SubmitJob, idempotency, work,
};

const MAX_INPUTS: usize = 16;
const MAX_TITLE: usize = 255;
const MAX_PARAMS_BYTES: usize = 64 << 10;
/// Changes made by other processes are noticed after at most this long.
const POLL: Duration = Duration::from_millis(500);

/// The durable queue as its users see it.
#[derive(Clone, Debug)]
pub struct Jobs {
    deps: Deps,
}

impl Jobs {
    pub(crate) fn new(deps: Deps) -> Self {
        Self { deps }
    }

    /// Queues an analysis of the catalogue.
    ///
    /// # Errors
    /// [`JobsError::Invalid`] for an unknown analysis, parameters it does not take or an input of
    /// the wrong kind; [`JobsError::Conflict`] while the recording is being read or if too many
    /// jobs wait.
    pub async fn submit(
        &self,
        caller: &Caller,
        new: SubmitJob,
        once: Option<IdempotencyKey>,
    ) -> Result<Outcome<Job>, JobsError> {
        caller.require(Role::Member)?;
        if let Some(earlier) = self.earlier(caller, once.as_ref()).await? {
            return Ok(Outcome::Replayed(earlier));
        }
        let analysis = clx_analysis::find(&new.analysis).ok_or_else(|| {
            JobsError::invalid("analysis", "is not in the catalogue, GET /v1/analyses lists it")
        })?;
        let params = check_params(analysis, &new.params)?;
        self.check_recording(caller, analysis, new.recording.as_ref()).await?;
        self.check_inputs(caller, &new.results).await?;
        let row = self.new_job(caller, analysis.id, new.recording, params, &new.results);
        self.enqueue(caller, row, once).await
    }

    /// Queues a `report.create` job whose artefact is the document.
    ///
    /// # Errors
    /// [`JobsError::Invalid`] if there is no finished result to report on.
    pub async fn create_report(
        &self,
        caller: &Caller,
        new: NewReport,
        once: Option<IdempotencyKey>,
    ) -> Result<Outcome<Job>, JobsError> {
        caller.require(Role::Member)?;
        if let Some(earlier) = self.earlier(caller, once.as_ref()).await? {
            return Ok(Outcome::Replayed(earlier));
        }
        if let Some(recording) = &new.recording {
            self.find_recording(caller, recording).await?;
        }
        let mut jobs = new.jobs;
        if jobs.is_empty()
            && let Some(recording) = &new.recording
        {
            jobs = self.latest_results(recording).await?;
        }
        if jobs.is_empty() {
            return Err(JobsError::invalid("job_ids", "needs at least one finished result"));
        }
        self.check_inputs(caller, &jobs).await?;
        let title = new.title.map(|title| clean_text("title", &title, MAX_TITLE)).transpose()?;
        let lang = clean_text("lang", &new.lang, 35)?;
        let params = json!({ "format": new.format, "lang": lang, "title": title });
        let row = self.new_job(caller, work::REPORT, new.recording, params, &jobs);
        self.enqueue(caller, row, once).await
    }

    /// Newest first.
    ///
    /// # Errors
    /// [`JobsError::Invalid`] for a page that cannot be.
    pub async fn list(
        &self,
        caller: &Caller,
        filter: JobFilter,
    ) -> Result<Listing<Job>, JobsError> {
        let before = check_page::<JobId>(&filter.page)?;
        let limit = u64::from(filter.page.limit);
        let state = filter.state.map(JobState::as_str);
        let before = before.as_ref().map(JobId::as_str);
        let recording = filter.recording.as_ref();
        let db = self.deps.store.read();
        let mut rows = job::list(db, &caller.org, state, recording, before, limit + 1).await?;
        let next_cursor = next_cursor(&mut rows, limit, |row| &row.id);
        Ok(Listing { data: self.with_artifacts(rows).await?, next_cursor })
    }

    /// # Errors
    /// [`JobsError::NotFound`].
    pub async fn view(&self, caller: &Caller, id: &JobId) -> Result<Job, JobsError> {
        let row = self.find(caller, id).await?;
        let mut shown = self.with_artifacts(vec![row]).await?;
        shown.pop().ok_or(JobsError::NotFound("job"))
    }

    /// The job when it is finished, or as it stands after `timeout`.
    ///
    /// # Errors
    /// [`JobsError::NotFound`].
    pub async fn wait(
        &self,
        caller: &Caller,
        id: &JobId,
        timeout: Duration,
    ) -> Result<Job, JobsError> {
        let until = Instant::now() + timeout;
        let mut bell = self.deps.bell.listen();
        loop {
            let job = self.view(caller, id).await?;
            let left = until.saturating_duration_since(Instant::now());
            if job.state.is_finished() || left.is_zero() {
                return Ok(job);
            }
            wait_for_change(&mut bell, &caller.org, left.min(POLL)).await;
        }
    }

    /// A queued job is cancelled at once, a running one as soon as it notices. Cancelling twice is
    /// fine.
    ///
    /// # Errors
    /// [`JobsError::Conflict`] for a finished job and for the reading of a recording, which ends
    /// when the recording is deleted.
    pub async fn cancel(&self, caller: &Caller, id: &JobId) -> Result<Job, JobsError> {
        caller.require(Role::Member)?;
        let tx = self.deps.store.begin().await?;
        let row = job::find(&*tx, &caller.org, id).await?.ok_or(JobsError::NotFound("job"))?;
        if row.analysis == work::INGEST {
            let message = "the reading of a recording ends with the recording, delete that";
            return Err(JobsError::Conflict(message.into()));
        }
        if job::cancel(&tx, id, self.deps.now()).await?.is_some() {
            append(&tx, &caller.org, EventKind::JobUpdated, id.as_str(), self.deps.now()).await?;
            tx.commit().await?;
            self.deps.bell.stop(id.as_str());
            self.deps.bell.ring(&caller.org);
        } else if row.state != job::CANCELLED {
            return Err(JobsError::Conflict(format!("the job has already {}", row.state)));
        }
        self.view(caller, id).await
    }

    /// Queues a failed or cancelled job again, with all its attempts.
    ///
    /// # Errors
    /// [`JobsError::Conflict`] for any other job, and if its recording was deleted.
    pub async fn retry(&self, caller: &Caller, id: &JobId) -> Result<Job, JobsError> {
        caller.require(Role::Member)?;
        let now = self.deps.now();
        let tx = self.deps.store.begin().await?;
        let row = job::find(&*tx, &caller.org, id).await?.ok_or(JobsError::NotFound("job"))?;
        if !job::retry(&tx, id, now).await? {
            let message =
                format!("only a failed or cancelled job is retried, this is {}", row.state);
            return Err(JobsError::Conflict(message));
        }
        artifact::delete_of_job(&tx, id.as_str()).await?;
        if let Some(recording) = &row.recording_id {
            self.prepare_retry(&tx, caller, &row.analysis, &parse_id("recording", recording)?)
                .await?;
        }
        append(&tx, &caller.org, EventKind::JobUpdated, id.as_str(), now).await?;
        tx.commit().await?;
        self.deps.bell.ring(&caller.org);
        self.deps.bell.work.notify_one();
        self.view(caller, id).await
    }

    /// The stored result envelope of a succeeded job: a `clx_analysis::ResultEnvelope` as JSON.
    ///
    /// # Errors
    /// [`JobsError::Conflict`] unless the job has succeeded, [`JobsError::NotFound`] if its kind
    /// has no result.
    pub async fn result(&self, caller: &Caller, id: &JobId) -> Result<Value, JobsError> {
        let row = self.find(caller, id).await?;
        if row.state != job::SUCCEEDED {
            return Err(JobsError::Conflict(format!("the job is {}, it has no result", row.state)));
        }
        let sha256 = row.result_sha256.ok_or(JobsError::NotFound("result"))?;
        let stored = self.deps.store.blobs().read_all(&caller.org, &sha256).await?;
        serde_json::from_slice(&stored).map_err(|error| corrupt("result", error))
    }

    async fn prepare_retry(
        &self,
        tx: &Tx,
        caller: &Caller,
        analysis: &str,
        id: &RecordingId,
    ) -> Result<(), JobsError> {
        if recording::find(&**tx, &caller.org, id).await?.is_none() {
            return Err(JobsError::Conflict("the recording was deleted, restore it first".into()));
        }
        if analysis == work::INGEST {
            recording::set_state(tx, id, "processing", None).await?;
        }
        Ok(())
    }

    async fn earlier(
        &self,
        caller: &Caller,
        once: Option<&IdempotencyKey>,
    ) -> Result<Option<Job>, JobsError> {
        match idempotency::earlier(&self.deps, caller, once).await? {
            Some(id) => Ok(Some(self.view(caller, &parse_id("job", &id)?).await?)),
            None => Ok(None),
        }
    }

    async fn enqueue(
        &self,
        caller: &Caller,
        row: job::NewJob,
        once: Option<IdempotencyKey>,
    ) -> Result<Outcome<Job>, JobsError> {
        let now = row.run_at;
        let tx = self.deps.store.begin().await?;
        let most = self.deps.config.max_waiting_jobs;
        if job::count_active(&*tx, &caller.org).await? >= most {
            return Err(JobsError::Conflict(format!("{most} jobs are waiting, try again later")));
        }
        let id = job::enqueue(&tx, row, now).await?;
        idempotency::remember(&tx, caller, once.as_ref(), id.as_str(), now).await?;
        append(&tx, &caller.org, EventKind::JobUpdated, id.as_str(), now).await?;
        tx.commit().await?;
        self.deps.bell.ring(&caller.org);
        self.deps.bell.work.notify_one();
        Ok(Outcome::Created(self.view(caller, &id).await?))
    }

    fn new_job(
        &self,
        caller: &Caller,
        analysis: &str,
        recording: Option<RecordingId>,
        params: Value,
        inputs: &[JobId],
    ) -> job::NewJob {
        job::NewJob {
            id: JobId::new(),
            org: caller.org.clone(),
            user: caller.user.to_string(),
            analysis: analysis.to_owned(),
            recording: recording.map(RecordingId::into_string),
            params: params.to_string(),
            inputs: json!(inputs).to_string(),
            priority: work::PRIORITY_ASKED_FOR,
            run_at: self.deps.now(),
            max_attempts: self.deps.config.max_attempts as i32,
            unique_key: None,
        }
    }

    async fn find(&self, caller: &Caller, id: &JobId) -> Result<job::Model, JobsError> {
        let row = job::find(self.deps.store.read(), &caller.org, id).await?;
        row.ok_or(JobsError::NotFound("job"))
    }

    async fn find_recording(
        &self,
        caller: &Caller,
        id: &RecordingId,
    ) -> Result<recording::Model, JobsError> {
        let row = recording::find(self.deps.store.read(), &caller.org, id).await?;
        row.ok_or(JobsError::NotFound("recording"))
    }

    async fn check_recording(
        &self,
        caller: &Caller,
        analysis: &Analysis,
        id: Option<&RecordingId>,
    ) -> Result<(), JobsError> {
        let (needed, noun) = match analysis.input {
            InputKind::Recording => ("eeg", "an EEG recording"),
            InputKind::Audio => ("audio", "a sound"),
            InputKind::Results => {
                if let Some(id) = id {
                    self.find_recording(caller, id).await?;
                }
                return Ok(());
            }
        };
        let Some(id) = id else {
            return Err(JobsError::invalid(
                "recording_id",
                format!("{} needs {noun}", analysis.id),
            ));
        };
        let row = self.find_recording(caller, id).await?;
        match row.state.as_str() {
            "ready" if row.kind.as_deref() == Some(needed) => Ok(()),
            "ready" => {
                let message = format!("{} needs {noun}, this is another kind", analysis.id);
                Err(JobsError::invalid("recording_id", message))
            }
            "failed" => Err(JobsError::Conflict("the recording could not be read".into())),
            _ => Err(JobsError::Conflict("the recording is still being read".into())),
        }
    }

    /// Every input must be a finished job of this organisation that has a result.
    async fn check_inputs(&self, caller: &Caller, jobs: &[JobId]) -> Result<(), JobsError> {
        if jobs.len() > MAX_INPUTS {
            let message = format!("takes at most {MAX_INPUTS}, got {}", jobs.len());
            return Err(JobsError::invalid("result_job_ids", message));
        }
        for id in jobs {
            let row = self.find(caller, id).await?;
            if row.result_sha256.is_none() {
                let message = format!("{id} has no result, it is {}", row.state);
                return Err(JobsError::invalid("result_job_ids", message));
            }
        }
        Ok(())
    }

    async fn latest_results(&self, id: &RecordingId) -> Result<Vec<JobId>, JobsError> {
        let latest = job::list_latest(self.deps.store.read(), vec![id.to_string()]).await?;
        let ids: Result<Vec<JobId>, JobsError> =
            latest.iter().map(|job| parse_id("job", &job.id)).collect();
        let mut ids = ids?;
        ids.sort();
        ids.truncate(MAX_INPUTS);
        Ok(ids)
    }

    async fn with_artifacts(&self, rows: Vec<job::Model>) -> Result<Vec<Job>, JobsError> {
        let ids = rows.iter().map(|row| row.id.clone()).collect();
        let mut files: HashMap<String, Vec<Artifact>> = HashMap::new();
        for row in artifact::list_of_jobs(self.deps.store.read(), ids).await? {
            files.entry(row.job_id.clone()).or_default().push(artifact_of(row)?);
        }
        rows.into_iter()
            .map(|row| {
                let files = files.remove(&row.id).unwrap_or_default();
                job_of(row, files)
            })
            .collect()
    }
}

fn check_params(analysis: &Analysis, params: &Value) -> Result<Value, JobsError> {
    let size = params.to_string().len();
    if size > MAX_PARAMS_BYTES {
        let message = format!("may have {MAX_PARAMS_BYTES} bytes, got {size}");
        return Err(JobsError::invalid("params", message));
    }
    analysis.check_params(params).map_err(|error| match error {
        AnalysisError::Params(message) => JobsError::invalid("params", message),
        other => JobsError::invalid("params", other.to_string()),
    })
}

fn job_of(row: job::Model, artifacts: Vec<Artifact>) -> Result<Job, JobsError> {
    let state = JobState::from_name(&row.state).ok_or_else(|| corrupt("job", "unknown state"))?;
    Ok(Job {
        id: parse_id("job", &row.id)?,
        analysis: row.analysis,
        recording: row.recording_id.map(|id| parse_id("recording", &id)).transpose()?,
        params: serde_json::from_str(&row.params).map_err(|error| corrupt("job", error))?,
        state,
        progress: Progress { fraction: row.progress as f32, stage: row.stage },
        attempt: row.attempt.max(0) as u32,
        max_attempts: row.max_attempts.max(1) as u32,
        error: row
            .error_code
            .map(|code| JobFault { code, message: row.error_message.unwrap_or_default() }),
        artifacts,
        created_at_ms: row.created_at,
        started_at_ms: row.started_at,
        finished_at_ms: row.finished_at,
    })
}
