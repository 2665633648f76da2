use std::time::Duration;

use clx_store::{Clock, Store};
use serde::{Deserialize, Serialize};

use crate::{Artifacts, Events, Jobs, JobsError, Recordings, Uploads};

/// Limits of recordings, uploads and jobs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JobsConfig {
    /// Largest content of one recording, bytes.
    pub max_upload_bytes: u64,
    /// An unfinished upload is dropped after this many hours without a part.
    pub upload_expiry_hours: u32,
    /// Jobs that run at the same time; 0 means one per core. A process that only serves sets
    /// `run_jobs = false` instead.
    pub workers: u32,
    pub run_jobs: bool,
    /// How often a job is started before it is given up.
    pub max_attempts: u32,
    /// A job whose worker is silent for this long is taken over, seconds.
    pub lease_s: u32,
    /// How often other processes' jobs are looked for, milliseconds.
    pub poll_ms: u64,
}

impl Default for JobsConfig {
    fn default() -> Self {
        Self {
            max_upload_bytes: 16 << 30,
            upload_expiry_hours: 48,
            workers: 0,
            run_jobs: true,
            max_attempts: 3,
            lease_s: 15,
            poll_ms: 1000,
        }
    }
}

/// The services of recordings and jobs; cheap to clone.
#[derive(Clone, Debug)]
pub struct Library {
    pub recordings: Recordings,
    pub uploads: Uploads,
    pub jobs: Jobs,
    pub artifacts: Artifacts,
    pub events: Events,
}

#[expect(unused_variables, reason = "bodies follow in the next commit")]
impl Library {
    pub fn new(store: Store, config: JobsConfig, clock: Clock) -> Self {
        todo!()
    }

    /// What a start after a crash must put right: uploads that were complete but not sealed,
    /// expired uploads, content without a row. Call before serving.
    pub async fn recover(&self) -> Result<(), JobsError> {
        todo!()
    }
}

/// A shutdown waits at most this long for running jobs to notice it.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);
