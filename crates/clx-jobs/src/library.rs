use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;

use clx_store::{Clock, Store};
use serde::{Deserialize, Serialize};

use crate::deps::{Bell, Cores, Deps};
use crate::{Artifacts, Events, Jobs, JobsError, Recordings, Uploads, work};

/// Limits of recordings, uploads and jobs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JobsConfig {
    /// Largest content of one recording, bytes.
    pub max_upload_bytes: u64,
    /// An unfinished upload is dropped after this many hours without a part.
    pub upload_expiry_hours: u32,
    /// Jobs that run at the same time; 0 means one per core.
    pub workers: u32,
    /// Whether this process runs jobs at all, or only queues them.
    pub run_jobs: bool,
    /// How often a job is started before it is given up.
    pub max_attempts: u32,
    /// A job whose worker is silent for this long is taken over, seconds.
    pub lease_s: u32,
    /// How often other processes' jobs are looked for, milliseconds.
    pub poll_ms: u64,
    /// Queued and running jobs of one organisation at a time.
    pub max_waiting_jobs: u64,
    /// Folder of the trained models; empty: `models` in the data folder.
    pub models_dir: PathBuf,
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
            max_waiting_jobs: 1000,
            models_dir: PathBuf::new(),
        }
    }
}

impl JobsConfig {
    /// Names of settings that cannot work, each with the reason.
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let bounds: [(&str, u64, RangeInclusive<u64>); 7] = [
            ("max_upload_bytes", self.max_upload_bytes, 1..=i64::MAX as u64),
            ("upload_expiry_hours", self.upload_expiry_hours.into(), 1..=8760),
            ("workers", self.workers.into(), 0..=1024),
            ("max_attempts", self.max_attempts.into(), 1..=10_000),
            // A heartbeat comes every half second, and one may be lost.
            ("lease_s", self.lease_s.into(), 2..=3600),
            ("poll_ms", self.poll_ms, 10..=60_000),
            ("max_waiting_jobs", self.max_waiting_jobs, 1..=1_000_000),
        ];
        let outside = bounds.into_iter().filter(|(_, value, bounds)| !bounds.contains(value));
        outside
            .map(|(name, value, bounds)| {
                let (min, max) = (bounds.start(), bounds.end());
                (name, format!("must be {min} to {max}, got {value}"))
            })
            .collect()
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
    pub(crate) deps: Deps,
}

impl Library {
    pub fn new(store: Store, config: JobsConfig, clock: Clock) -> Self {
        let config = Arc::new(config);
        let deps = Deps { store, config, clock, bell: Bell::new(), cores: Cores::new() };
        Self {
            recordings: Recordings::new(deps.clone()),
            uploads: Uploads::new(deps.clone()),
            jobs: Jobs::new(deps.clone()),
            artifacts: Artifacts::new(deps.clone()),
            events: Events::new(deps.clone()),
            deps,
        }
    }

    /// What a start after a crash must put right: uploads whose last byte arrived but that were not
    /// made into a recording, and leftovers in the content and staging folders.
    ///
    /// # Errors
    /// [`JobsError::Store`].
    pub async fn recover(&self) -> Result<(), JobsError> {
        self.uploads.seal_complete().await?;
        work::housekeeping::run(&self.deps).await
    }
}
