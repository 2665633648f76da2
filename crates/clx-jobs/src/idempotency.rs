//! Keys by which a client marks a repeated request as the same. The row is written in the
//! transaction of the effect: there is no key without its effect, and none counted twice.

use clx_accounts::Caller;
use clx_store::Tx;
use clx_store::rows::idempotency;

use crate::deps::Deps;
use crate::{IdempotencyKey, JobsError};

const VALID_MS: i64 = 24 * 3_600_000;
const MAX_KEY: usize = 255;

/// Id of what an earlier request with this key made, if there was one.
pub(crate) async fn earlier(
    deps: &Deps,
    caller: &Caller,
    once: Option<&IdempotencyKey>,
) -> Result<Option<String>, JobsError> {
    let Some(once) = once else { return Ok(None) };
    if once.key.is_empty() || once.key.len() > MAX_KEY || once.key.chars().any(char::is_control) {
        let message = format!("needs 1 to {MAX_KEY} printable characters");
        return Err(JobsError::invalid("idempotency_key", message));
    }
    let found = idempotency::find(deps.store.read(), &caller.org, &once.key).await?;
    let Some(row) = found.filter(|row| row.created_at > deps.now() - VALID_MS) else {
        return Ok(None);
    };
    if row.route != once.route || row.params_hash != once.params_hash {
        return Err(JobsError::IdempotencyMismatch);
    }
    row.subject.map(Some).ok_or(JobsError::IdempotencyBusy)
}

/// Binds the key to `subject` inside the transaction that makes it.
///
/// # Errors
/// [`JobsError::IdempotencyBusy`] if a concurrent request was first; roll back then.
pub(crate) async fn remember(
    tx: &Tx,
    caller: &Caller,
    once: Option<&IdempotencyKey>,
    subject: &str,
    now: i64,
) -> Result<(), JobsError> {
    let Some(once) = once else { return Ok(()) };
    idempotency::delete_expired(tx, &caller.org, &once.key, now - VALID_MS).await?;
    let row = idempotency::Model {
        org_id: caller.org.to_string(),
        key: once.key.clone(),
        route: once.route.clone(),
        params_hash: once.params_hash.clone(),
        subject: Some(subject.to_owned()),
        created_at: now,
    };
    if idempotency::insert(tx, row).await? { Ok(()) } else { Err(JobsError::IdempotencyBusy) }
}

/// When keys were made that are no longer valid at `now`.
pub(crate) const fn expired_before(now: i64) -> i64 {
    now - VALID_MS
}
