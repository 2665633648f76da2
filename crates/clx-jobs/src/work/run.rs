use std::sync::Arc;
use std::sync::atomic::Ordering;

use clx_store::rows::{artifact, blob, job, recording};
use clx_store::{ArtifactId, JobId, OrgId, Tx};
use rand::RngExt;
use tokio_util::sync::CancellationToken;

use super::made::{Fault, Made};
use super::order::{Order, Signals};
use super::{
    INGEST, PRIORITY_AUTOMATIC, REPORT, analyze, fail_recording, heartbeat, ingest, report,
};
use crate::deps::{Deps, parse_id};
use crate::events::append;
use crate::{EventKind, JobsError};

const BACKOFF_FIRST_MS: i64 = 1000;
const BACKOFF_MOST_MS: i64 = 60_000;

/// Runs a claimed job and brings it to its end.
pub(crate) async fn run(
    deps: &Deps,
    row: job::Model,
    stopping: CancellationToken,
) -> Result<(), JobsError> {
    let Some(token) = row.lease_token.clone() else {
        return Err(JobsError::Internal("a claimed job has no lease".into()));
    };
    let signals = Signals::default();
    deps.bell.started(&row.id, &signals.stop);
    let beating =
        tokio::spawn(heartbeat::beat(deps.clone(), row.clone(), token.clone(), signals.clone()));
    let stopper = tokio::spawn({
        let (stopping, stop) = (stopping.clone(), Arc::clone(&signals.stop));
        async move {
            stopping.cancelled().await;
            stop.store(true, Ordering::SeqCst);
        }
    });
    let outcome = perform(deps, &row, signals).await;
    beating.abort();
    stopper.abort();
    deps.bell.stopped(&row.id);
    let claimed = Claimed { deps, org: parse_id("organisation", &row.org_id)?, row, token };
    match outcome {
        Ok(made) => claimed.succeed(made).await,
        Err(fault) => claimed.fail(fault).await,
    }
}

async fn perform(deps: &Deps, row: &job::Model, signals: Signals) -> Result<Made, Fault> {
    let order = Order::prepare(deps, row, signals).await.map_err(|error| match error {
        JobsError::NotFound(noun) => {
            Fault::Final { code: "input_gone", message: format!("the {noun} is gone") }
        }
        other => Fault::passing(other),
    })?;
    let work = move || match order.analysis.as_str() {
        INGEST => ingest::ingest(&order),
        REPORT => report::create(&order),
        _ => analyze::analyze(&order),
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(join) => {
            let message = "the analysis stopped unexpectedly, which is a fault of this program";
            tracing::error!(job.id = %row.id, %join, "an analysis panicked");
            Err(Fault::Final { code: "internal", message: message.to_owned() })
        }
    }
}

/// A job this worker holds the lease of.
struct Claimed<'a> {
    deps: &'a Deps,
    org: OrgId,
    row: job::Model,
    token: String,
}

impl Claimed<'_> {
    /// Commits everything the run made together with the job's end, or nothing of it.
    async fn succeed(self, made: Made) -> Result<(), JobsError> {
        let now = self.deps.now();
        let tx = self.deps.store.begin().await?;
        if let Some(result) = &made.result {
            blob::note(&tx, &self.org, result, now).await?;
        }
        let result_sha256 = made.result.as_ref().map(|blob| blob.sha256.clone());
        let end = job::End::Succeeded { result_sha256 };
        if !job::finish(&tx, &self.row.id, &self.token, end, now).await? {
            tracing::warn!(job.id = %self.row.id, "the lease was lost, its work is discarded");
            return Ok(());
        }
        self.write_files(&tx, &made, now).await?;
        let next = self.write_recording(&tx, made, now).await?;
        append(&tx, &self.org, EventKind::JobUpdated, &self.row.id, now).await?;
        if let Some(next) = &next {
            append(&tx, &self.org, EventKind::JobUpdated, next.as_str(), now).await?;
        }
        if let Some(recording) = &self.row.recording_id {
            append(&tx, &self.org, EventKind::RecordingUpdated, recording, now).await?;
        }
        tx.commit().await?;
        self.deps.bell.ring(&self.org);
        if next.is_some() {
            self.deps.bell.work.notify_one();
        }
        let duration_ms = self.row.started_at.map_or(0, |started| now - started);
        tracing::info!(job.id = %self.row.id, duration_ms, "{} finished", self.row.analysis);
        Ok(())
    }

    async fn write_files(&self, tx: &Tx, made: &Made, now: i64) -> Result<(), JobsError> {
        for file in &made.files {
            blob::note(tx, &self.org, &file.blob, now).await?;
            let row = artifact::Model {
                id: ArtifactId::new().into_string(),
                org_id: self.org.to_string(),
                job_id: self.row.id.clone(),
                name: file.name.clone(),
                media_type: file.media_type.clone(),
                size_bytes: file.blob.size_bytes as i64,
                sha256: file.blob.sha256.clone(),
                duration_s: file.duration_s,
                created_at: now,
            };
            artifact::insert(&**tx, row).await?;
        }
        Ok(())
    }

    /// Notes what was found out about the recording; returns the job that follows by itself.
    async fn write_recording(
        &self,
        tx: &Tx,
        made: Made,
        now: i64,
    ) -> Result<Option<JobId>, JobsError> {
        let Some(recording) = &self.row.recording_id else { return Ok(None) };
        let Some((contents, blobs)) = made.contents else {
            recording::touch(tx, recording).await?;
            return Ok(None);
        };
        for found in &blobs {
            blob::note(tx, &self.org, found, now).await?;
        }
        recording::set_contents(tx, &parse_id("recording", recording)?, contents).await?;
        let Some(analysis) = made.next.and_then(clx_analysis::find) else { return Ok(None) };
        let follow_up = job::NewJob {
            id: JobId::new(),
            org: self.org.clone(),
            user: self.row.user_id.clone(),
            analysis: analysis.id.to_owned(),
            recording: Some(recording.clone()),
            params: default_params(analysis),
            inputs: "[]".to_owned(),
            priority: PRIORITY_AUTOMATIC,
            run_at: now,
            max_attempts: self.row.max_attempts,
            unique_key: Some(format!("auto:{recording}:{}", analysis.id)),
        };
        Ok(Some(job::enqueue(tx, follow_up, now).await?))
    }

    /// Ends the job, or gives it back for another attempt.
    async fn fail(self, fault: Fault) -> Result<(), JobsError> {
        let now = self.deps.now();
        let tx = self.deps.store.begin().await?;
        let attempts_left = self.row.attempt < self.row.max_attempts;
        let (id, token) = (self.row.id.as_str(), self.token.as_str());
        let cancelled = job::finish(&tx, id, token, job::End::Cancelled, now).await?;
        let held = match fault {
            _ if cancelled => true,
            // The process stops, or somebody cancelled the job and took that back. If neither, the
            // lease went, and this writes nothing.
            Fault::Stopped => job::release(&tx, id, token, now, job::Refund::Attempt).await?,
            Fault::Passing { .. } if attempts_left => {
                let run_at = now + backoff_ms(self.row.attempt);
                job::release(&tx, id, token, run_at, job::Refund::Nothing).await?
            }
            Fault::Passing { code, message } | Fault::Final { code, message } => {
                self.end_as_failed(&tx, code, message, now).await?
            }
        };
        if held {
            append(&tx, &self.org, EventKind::JobUpdated, id, now).await?;
            tx.commit().await?;
            self.deps.bell.ring(&self.org);
            // It may be due again at once.
            self.deps.bell.work.notify_one();
        }
        Ok(())
    }

    async fn end_as_failed(
        &self,
        tx: &Tx,
        code: &str,
        message: String,
        now: i64,
    ) -> Result<bool, JobsError> {
        tracing::info!(job.id = %self.row.id, code, "{} failed", self.row.analysis);
        let end = job::End::Failed { code: code.to_owned(), message: message.clone() };
        let held = job::finish(tx, &self.row.id, &self.token, end, now).await?;
        if held && self.row.analysis == INGEST {
            let recording = self.row.recording_id.as_deref();
            fail_recording(tx, &self.org, recording, &message, now).await?;
        }
        Ok(held)
    }
}

fn default_params(analysis: &clx_analysis::Analysis) -> String {
    analysis
        .check_params(&serde_json::Value::Null)
        .map_or_else(|_needs_some| "{}".to_owned(), |params| params.to_string())
}

/// Full jitter: anything from nothing to a bound that doubles with every attempt.
fn backoff_ms(attempt: i32) -> i64 {
    let doublings = attempt.clamp(1, 16) - 1;
    let most = (BACKOFF_FIRST_MS << doublings).min(BACKOFF_MOST_MS);
    rand::rng().random_range(0..=most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_stays_below_its_bound() {
        for (attempt, bound) in [(1, 1000), (2, 2000), (3, 4000), (7, 60_000), (40, 60_000)] {
            for _ in 0..50 {
                let ms = backoff_ms(attempt);
                assert!((0..=bound).contains(&ms), "attempt {attempt}: {ms} ms");
            }
        }
    }
}
