//! A claimed job with everything its run needs, so that the run itself asks no database.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use clx_store::rows::{job, recording};
use clx_store::{Blobs, JobId, OrgId, RecordingId};
use serde_json::Value;

use crate::deps::{Deps, corrupt, parse_id};
use crate::{JobsError, ModelFolder};

pub(crate) struct Order {
    pub(crate) org: OrgId,
    pub(crate) analysis: String,
    /// Milliseconds since 1970.
    pub(crate) created_at: i64,
    pub(crate) params: Value,
    pub(crate) recording: Option<recording::Model>,
    /// Digests of the results that are the input.
    pub(crate) results: Vec<String>,
    pub(crate) blobs: Blobs,
    pub(crate) models: ModelFolder,
    pub(crate) signals: Signals,
}

impl Order {
    pub(crate) async fn prepare(
        deps: &Deps,
        row: &job::Model,
        signals: Signals,
    ) -> Result<Self, JobsError> {
        let db = deps.store.read();
        let org: OrgId = parse_id("organisation", &row.org_id)?;
        let recording = match &row.recording_id {
            Some(id) => {
                let id: RecordingId = parse_id("recording", id)?;
                recording::find(db, &org, &id).await?
            }
            None => None,
        };
        let inputs: Vec<JobId> =
            serde_json::from_str(&row.inputs).map_err(|error| corrupt("job", error))?;
        let mut results = Vec::with_capacity(inputs.len());
        for id in inputs {
            let input = job::find(db, &org, &id).await?;
            let sha256 = input.and_then(|row| row.result_sha256);
            results.push(sha256.ok_or(JobsError::NotFound("result"))?);
        }
        Ok(Self {
            org,
            analysis: row.analysis.clone(),
            created_at: row.created_at,
            params: serde_json::from_str(&row.params).map_err(|error| corrupt("job", error))?,
            recording,
            results,
            blobs: deps.store.blobs().clone(),
            models: ModelFolder::new(&deps.config.models_dir),
            signals,
        })
    }
}

/// What a run and its heartbeat tell each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signals {
    /// Set when the run is to stop.
    pub(crate) stop: Arc<AtomicBool>,
    progress: Arc<Mutex<(f32, String)>>,
}

impl Signals {
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    pub(crate) fn report(&self, fraction: f32, stage: &str) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        // A fraction that is not a number says nothing.
        if fraction.is_finite() {
            progress.0 = fraction.clamp(0.0, 1.0);
        }
        if progress.1 != stage {
            progress.1 = stage.chars().take(100).collect();
        }
    }

    pub(crate) fn progress(&self) -> (f32, String) {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
