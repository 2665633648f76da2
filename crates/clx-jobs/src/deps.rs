use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use clx_store::{Clock, OrgId, Store, StoreError};
use tokio::sync::{Notify, broadcast};

use crate::{JobsConfig, JobsError};

/// Changes a slow listener may fall behind by before it looks everything up again.
const BELL_CAPACITY: usize = 256;

/// What every service of this crate works with.
#[derive(Clone, Debug)]
pub(crate) struct Deps {
    pub(crate) store: Store,
    pub(crate) config: Arc<JobsConfig>,
    pub(crate) clock: Clock,
    pub(crate) bell: Bell,
}

impl Deps {
    pub(crate) fn now(&self) -> i64 {
        self.clock.now_ms()
    }
}

/// Wakes those who wait in this process. It only saves time: everyone also polls, since the change
/// may have been made by another process.
#[derive(Clone)]
pub(crate) struct Bell {
    /// There may be a job to claim.
    pub(crate) work: Arc<Notify>,
    changes: broadcast::Sender<OrgId>,
    /// Flags of the jobs that run here; set when one is to stop.
    running: Arc<Mutex<HashMap<String, Arc<AtomicBool>>>>,
}

impl fmt::Debug for Bell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bell").finish_non_exhaustive()
    }
}

impl Bell {
    pub(crate) fn new() -> Self {
        let (changes, _) = broadcast::channel(BELL_CAPACITY);
        Self { work: Arc::default(), changes, running: Arc::default() }
    }

    /// Call after a commit that appended events.
    pub(crate) fn ring(&self, org: &OrgId) {
        // Nobody listening is fine.
        drop(self.changes.send(org.clone()));
    }

    pub(crate) fn listen(&self) -> broadcast::Receiver<OrgId> {
        self.changes.subscribe()
    }

    pub(crate) fn started(&self, job: &str, stop: &Arc<AtomicBool>) {
        self.flags().insert(job.to_owned(), Arc::clone(stop));
    }

    pub(crate) fn stopped(&self, job: &str) {
        self.flags().remove(job);
    }

    /// Tells a job to stop if it runs in this process.
    pub(crate) fn stop(&self, job: &str) {
        if let Some(flag) = self.flags().get(job) {
            flag.store(true, Ordering::SeqCst);
        }
    }

    fn flags(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<AtomicBool>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads an id back that this program wrote.
pub(crate) fn parse_id<T: FromStr>(noun: &'static str, text: &str) -> Result<T, JobsError> {
    text.parse().map_err(|_id| corrupt(noun, "an id is not one"))
}

pub(crate) fn corrupt(noun: &'static str, message: impl fmt::Display) -> JobsError {
    JobsError::Store(StoreError::Corrupt { noun, message: message.to_string() })
}

/// Runs work that takes longer than half a millisecond off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, JobsError> + Send + 'static,
) -> Result<T, JobsError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(join) => Err(JobsError::Internal(format!("a blocking task ended: {join}"))),
    }
}
