use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;

use clx_store::{Clock, OrgId, Store, StoreError};
use tokio::sync::{Notify, Semaphore, broadcast};

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
    pub(crate) cores: Cores,
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

/// Bounds the CPU work that requests ask for to one piece per core; the rest waits in line. Jobs
/// have a bound of their own.
#[derive(Clone, Debug)]
pub(crate) struct Cores(Arc<Semaphore>);

impl Cores {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(available_parallelism().map_or(1, usize::from))))
    }

    /// Runs `work` on a blocking thread when a core is free for it.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, JobsError> + Send + 'static,
    ) -> Result<T, JobsError> {
        let core = Arc::clone(&self.0).acquire_owned().await;
        let core = core.map_err(|closed| JobsError::Internal(closed.to_string()))?;
        // The work holds the core until it ends, even if its caller stops waiting for it.
        blocking(move || {
            let _core = core;
            work()
        })
        .await
    }
}

/// Runs work that takes longer than half a millisecond off the async threads. For work of the disk;
/// that of the CPU goes through [`Cores`].
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, JobsError> + Send + 'static,
) -> Result<T, JobsError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(join) => Err(JobsError::Internal(format!("a blocking task ended: {join}"))),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn no_more_work_runs_at_a_time_than_there_are_cores() {
        let cores = Cores::new();
        let n_cores = cores.0.available_permits();
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let work = |_| {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            cores.run(move || {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(5));
                running.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            })
        };
        for done in futures::future::join_all((0..8 * n_cores).map(work)).await {
            done.unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), n_cores);
    }

    #[tokio::test]
    async fn a_caller_that_leaves_does_not_free_the_core_of_work_that_runs_on() {
        let cores = Cores::new();
        let n_cores = cores.0.available_permits();
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let left = Box::pin(cores.run(move || Ok(wait.recv().ok())));
        assert!(tokio::time::timeout(Duration::from_millis(20), left).await.is_err());
        assert_eq!(cores.0.available_permits(), n_cores - 1);
        drop(go);
    }
}
