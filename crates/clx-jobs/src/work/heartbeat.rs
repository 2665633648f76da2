use std::sync::atomic::Ordering;
use std::time::Duration;

use clx_store::OrgId;
use clx_store::rows::job;

use super::order::Signals;
use crate::JobsError;
use crate::deps::{Deps, parse_id};
use crate::events::append_progress;

/// Progress is written, and a wish to cancel from elsewhere noticed, this often.
const BEAT: Duration = Duration::from_millis(500);

/// Keeps the lease while the job runs, tells its progress, and tells the run to stop when the lease
/// is lost or somebody cancelled the job. Runs until aborted.
pub(crate) async fn beat(deps: Deps, row: job::Model, token: String, signals: Signals) {
    let lease_ms = i64::from(deps.config.lease_s) * 1000;
    let mut told = (0.0, job::QUEUED.to_owned());
    let mut leased_at = deps.now();
    loop {
        tokio::time::sleep(BEAT).await;
        let progress = signals.progress();
        let now = deps.now();
        let is_news = progress != told && !progress.1.is_empty();
        // Without news the lease is prolonged in time to survive one beat that fails.
        if !is_news && now - leased_at < lease_ms / 3 {
            if is_cancelled(&deps, &row).await {
                signals.stop.store(true, Ordering::SeqCst);
            }
            continue;
        }
        let shown = if progress.1.is_empty() { told.clone() } else { progress.clone() };
        match tell(&deps, &row, &token, now + lease_ms, &shown).await {
            Ok(Some(cancel)) => {
                told = progress;
                leased_at = now;
                if cancel {
                    signals.stop.store(true, Ordering::SeqCst);
                }
            }
            Ok(None) => {
                tracing::warn!(job.id = %row.id, "the lease was lost");
                signals.stop.store(true, Ordering::SeqCst);
                return;
            }
            Err(error) => tracing::warn!(job.id = %row.id, %error, "a heartbeat failed"),
        }
    }
}

async fn tell(
    deps: &Deps,
    row: &job::Model,
    token: &str,
    lease_until: i64,
    progress: &(f32, String),
) -> Result<Option<bool>, JobsError> {
    let org: OrgId = parse_id("organisation", &row.org_id)?;
    let tx = deps.store.begin().await?;
    let beat =
        job::Heartbeat { lease_until, progress: f64::from(progress.0), stage: progress.1.clone() };
    let Some(cancel) = job::heartbeat(&tx, &row.id, token, beat).await? else { return Ok(None) };
    append_progress(&tx, &org, &row.id, deps.now()).await?;
    tx.commit().await?;
    deps.bell.ring(&org);
    Ok(Some(cancel))
}

/// A failure to look is not a wish to cancel.
async fn is_cancelled(deps: &Deps, row: &job::Model) -> bool {
    job::is_cancel_requested(deps.store.read(), &row.id).await.unwrap_or(false)
}
