use clx_store::KeyId;
use clx_store::rows::{api_key, user};

use crate::accounts::parse;
use crate::sessions::caller_of;
use crate::{
    Accounts, AccountsError, ApiKey, Caller, CreatedKey, NewKey, Role, Secret, Via, token,
};

/// `last_used` is exact to this, so that a busy key does not write on every request.
const TOUCH_EVERY_MS: i64 = 60_000;
const MAX_KEYS: usize = 100;
const MAX_NAME: usize = 100;

impl Accounts {
    /// The caller whose API key this is.
    ///
    /// # Errors
    /// [`AccountsError::Unauthenticated`].
    pub async fn authenticate_key(&self, key: &str) -> Result<Caller, AccountsError> {
        if !token::is_key(key) {
            return Err(AccountsError::Unauthenticated);
        }
        let now = self.clock.now_ms();
        let found = api_key::find_by_hash(self.store.read(), &token::digest(key), now).await?;
        let found = found.ok_or(AccountsError::Unauthenticated)?;
        let owner = user::find(self.store.read(), &found.user_id).await?;
        let owner = owner.ok_or(AccountsError::Unauthenticated)?;
        if found.last_used_at.is_none_or(|used| now - used > TOUCH_EVERY_MS) {
            let tx = self.store.begin().await?;
            api_key::touch(&*tx, &found.id, now).await?;
            tx.commit().await?;
        }
        caller_of(&owner, Via::Key(parse("key", &found.id)?))
    }

    /// Keys of the organisation, newest first.
    ///
    /// # Errors
    /// [`AccountsError::Store`].
    pub async fn list_keys(&self, caller: &Caller) -> Result<Vec<ApiKey>, AccountsError> {
        let rows = api_key::list(self.store.read(), &caller.org).await?;
        rows.into_iter().map(key_of).collect()
    }

    /// Makes a key that acts as the caller.
    ///
    /// # Errors
    /// [`AccountsError::Forbidden`] below admin, [`AccountsError::NeedsSession`] with a key;
    /// [`AccountsError::Invalid`] for an empty or long name, an end in the past, or more than 100
    /// keys.
    pub async fn create_key(
        &self,
        caller: &Caller,
        new: NewKey,
    ) -> Result<CreatedKey, AccountsError> {
        caller.require_session()?;
        caller.require(Role::Admin)?;
        let now = self.clock.now_ms();
        check_new_key(&new, now)?;
        let secret = token::random_key();
        let row = api_key::Model {
            id: KeyId::new().into_string(),
            org_id: caller.org.to_string(),
            user_id: caller.user.to_string(),
            name: new.name,
            visible_start: secret.chars().take(token::VISIBLE_LETTERS).collect(),
            token_hash: token::digest(&secret),
            created_at: now,
            last_used_at: None,
            expires_at: new.expires_at_ms,
        };
        let tx = self.store.begin().await?;
        if api_key::list(&*tx, &caller.org).await?.len() >= MAX_KEYS {
            let message = format!("the organisation already has {MAX_KEYS} keys, delete one first");
            return Err(AccountsError::Invalid { field: "name", message });
        }
        api_key::insert(&*tx, row.clone()).await?;
        tx.commit().await?;
        Ok(CreatedKey { key: key_of(row)?, secret: Secret::new(secret) })
    }

    /// Revokes a key at once.
    ///
    /// # Errors
    /// [`AccountsError::Forbidden`] below admin, [`AccountsError::NeedsSession`] with a key,
    /// [`AccountsError::NotFound`].
    pub async fn delete_key(&self, caller: &Caller, id: &KeyId) -> Result<(), AccountsError> {
        caller.require_session()?;
        caller.require(Role::Admin)?;
        let tx = self.store.begin().await?;
        if !api_key::delete(&*tx, &caller.org, id).await? {
            return Err(AccountsError::NotFound("key"));
        }
        Ok(tx.commit().await?)
    }
}

fn check_new_key(new: &NewKey, now: i64) -> Result<(), AccountsError> {
    let letters = new.name.chars().count();
    if new.name.trim().is_empty() || letters > MAX_NAME || new.name.chars().any(char::is_control) {
        let message = format!("needs 1 to {MAX_NAME} printable characters, got {letters}");
        return Err(AccountsError::Invalid { field: "name", message });
    }
    if new.expires_at_ms.is_some_and(|end| end <= now) {
        let message = "must lie in the future".to_owned();
        return Err(AccountsError::Invalid { field: "expires_at", message });
    }
    Ok(())
}

fn key_of(row: api_key::Model) -> Result<ApiKey, AccountsError> {
    Ok(ApiKey {
        id: parse("key", &row.id)?,
        name: row.name,
        start: row.visible_start,
        created_at_ms: row.created_at,
        last_used_at_ms: row.last_used_at,
        expires_at_ms: row.expires_at,
    })
}
