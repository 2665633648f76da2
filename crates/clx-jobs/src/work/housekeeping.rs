//! What nobody asks for but has to happen: expiry, purge, retention, collection of leftovers.

use std::time::{Duration, SystemTime};

use clx_store::rows::{blob, event, idempotency, recording, upload};
use clx_store::{OrgId, UploadId};

use crate::deps::{Deps, blocking, parse_id};
use crate::events::append;
use crate::{EventKind, JobsError, idempotency::expired_before};

const DAY_MS: i64 = 24 * 3_600_000;
const EVENTS_KEPT_MS: i64 = 7 * DAY_MS;
const DELETED_KEPT_MS: i64 = 30 * DAY_MS;
/// Content younger than this may belong to a transaction that has not committed yet.
const LEFTOVER_AGE: Duration = Duration::from_secs(3600);
const BATCH: u64 = 100;

pub(crate) async fn run(deps: &Deps) -> Result<(), JobsError> {
    expire_uploads(deps).await?;
    purge_recordings(deps).await?;
    let now = deps.now();
    let tx = deps.store.begin().await?;
    event::delete_before(&tx, now - EVENTS_KEPT_MS).await?;
    idempotency::delete_before(&tx, expired_before(now)).await?;
    blob::delete_unused(&tx, now - LEFTOVER_AGE.as_millis() as i64).await?;
    tx.commit().await?;
    collect_leftovers(deps).await
}

async fn expire_uploads(deps: &Deps) -> Result<(), JobsError> {
    let now = deps.now();
    for row in upload::list_expired(deps.store.read(), now, BATCH).await? {
        let org: OrgId = parse_id("organisation", &row.org_id)?;
        let id: UploadId = parse_id("upload", &row.id)?;
        let tx = deps.store.begin().await?;
        if !upload::delete_expired(&tx, &id, now).await? {
            continue;
        }
        append(&tx, &org, EventKind::UploadDeleted, id.as_str(), now).await?;
        tx.commit().await?;
        // A completed upload has none any more, which is fine.
        deps.store.blobs().staged(id.as_str()).remove();
        deps.bell.ring(&org);
    }
    Ok(())
}

/// Recordings that were deleted long ago go for good, with their jobs and artefacts. Their content
/// follows when nothing else refers to it.
async fn purge_recordings(deps: &Deps) -> Result<(), JobsError> {
    let before = deps.now() - DELETED_KEPT_MS;
    for row in recording::list_purgeable(deps.store.read(), before, BATCH).await? {
        let tx = deps.store.begin().await?;
        recording::purge(&tx, &row.id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Removes content that no row names, and staged files that nobody writes any more and that belong
/// to no open upload.
async fn collect_leftovers(deps: &Deps) -> Result<(), JobsError> {
    let before = SystemTime::now() - LEFTOVER_AGE;
    let blobs = deps.store.blobs().clone();
    let (staged, old) = blocking(move || {
        blobs.sweep_staging(LEFTOVER_AGE)?;
        Ok((blobs.list_staged_older(before)?, blobs.list_older(before)?))
    })
    .await?;
    for name in staged {
        // What is not named like an upload is not ours to remove.
        let Ok(id) = name.parse::<UploadId>() else { continue };
        if !upload::is_open(deps.store.read(), &id).await? {
            deps.store.blobs().staged(&name).remove();
        }
    }
    for (org, sha256) in old {
        if !blob::exists(deps.store.read(), &org, &sha256).await? {
            let blobs = deps.store.blobs().clone();
            blocking(move || Ok(blobs.collect(&org, &sha256, before)?)).await?;
        }
    }
    Ok(())
}
