use std::ops::RangeInclusive;

use clx_store::rows::{org, session, sign_in_link, user};
use clx_store::{Clock, OrgId, Store, UserId};
use serde::{Deserialize, Serialize};

use crate::passwords::Passwords;
use crate::{AccountsError, Caller, Role, Secret, Via, token};

/// RFC 5321, as long as a path may be.
const MAX_EMAIL_BYTES: usize = 254;
const SESSION_DAYS: RangeInclusive<u32> = 1..=3650;
const LINK_VALID_MS: i64 = 24 * 3_600_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountsConfig {
    /// E-mail address of the owner made at first start.
    pub owner_email: String,
    /// Name of the organisation made at first start.
    pub org_name: String,
    /// A session ends after this many days without use.
    pub session_days: u32,
}

impl Default for AccountsConfig {
    fn default() -> Self {
        Self {
            owner_email: "owner@localhost".into(),
            org_name: "My organisation".into(),
            session_days: 30,
        }
    }
}

impl AccountsConfig {
    /// Names of settings that cannot work, each with the reason.
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        if !self.owner_email.contains('@') || self.owner_email.len() > MAX_EMAIL_BYTES {
            let message = format!("must be an e-mail address, got {:?}", self.owner_email);
            faults.push(("owner_email", message));
        }
        if self.org_name.trim().is_empty() {
            faults.push(("org_name", "must not be empty".to_owned()));
        }
        if !SESSION_DAYS.contains(&self.session_days) {
            let (min, max) = (SESSION_DAYS.start(), SESSION_DAYS.end());
            let message = format!("must be {min} to {max}, got {}", self.session_days);
            faults.push(("session_days", message));
        }
        faults
    }
}

/// Sign-in, sessions and keys; cheap to clone.
#[derive(Clone, Debug)]
pub struct Accounts {
    pub(crate) store: Store,
    pub(crate) config: AccountsConfig,
    pub(crate) clock: Clock,
    pub(crate) passwords: Passwords,
}

impl Accounts {
    pub fn new(store: Store, config: AccountsConfig, clock: Clock) -> Self {
        Self { store, config, clock, passwords: Passwords::new() }
    }

    /// Makes the first organisation and its owner unless there is one. Returns the token of a
    /// one-time sign-in link (24 h) for as long as the owner has no password; earlier links are
    /// void then. Sessions that have ended are forgotten.
    ///
    /// # Errors
    /// [`AccountsError::Store`].
    pub async fn bootstrap(&self) -> Result<Option<Secret>, AccountsError> {
        let now = self.clock.now_ms();
        let tx = self.store.begin().await?;
        let owner = match self.first_owner(&*tx).await? {
            Some(owner) => owner,
            None => self.make_first_owner(&*tx, now).await?,
        };
        session::delete_expired(&*tx, now).await?;
        if owner.password_hash.is_some() {
            tx.commit().await?;
            return Ok(None);
        }
        let owner_id: UserId = parse("user", &owner.id)?;
        sign_in_link::delete_of_user(&*tx, &owner_id).await?;
        let secret = token::random_token();
        let link = sign_in_link::Model {
            token_hash: token::digest(&secret),
            org_id: owner.org_id,
            user_id: owner.id,
            created_at: now,
            expires_at: now + LINK_VALID_MS,
            used_at: None,
        };
        sign_in_link::insert(&*tx, link).await?;
        tx.commit().await?;
        Ok(Some(Secret::new(secret)))
    }

    /// The caller behind what the process does by itself for the first organisation.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`] before [`Accounts::bootstrap`].
    pub async fn internal_caller(&self) -> Result<Caller, AccountsError> {
        let owner = self.first_owner(self.store.read()).await?;
        let owner = owner.ok_or(AccountsError::NotFound("organisation"))?;
        Ok(Caller {
            org: parse("organisation", &owner.org_id)?,
            user: parse("user", &owner.id)?,
            role: Role::Owner,
            via: Via::Internal,
        })
    }

    async fn first_owner(
        &self,
        db: &impl clx_store::ConnectionTrait,
    ) -> Result<Option<user::Model>, AccountsError> {
        let Some(first) = org::first(db).await? else { return Ok(None) };
        let org: OrgId = parse("organisation", &first.id)?;
        Ok(user::first_of_role(db, &org, Role::Owner.as_str()).await?)
    }

    async fn make_first_owner(
        &self,
        db: &impl clx_store::ConnectionTrait,
        now: i64,
    ) -> Result<user::Model, AccountsError> {
        let org_id = OrgId::new().into_string();
        let first = org::Model {
            id: org_id.clone(),
            name: self.config.org_name.clone(),
            event_seq: 0,
            created_at: now,
        };
        org::insert(db, first).await?;
        let owner = user::Model {
            id: UserId::new().into_string(),
            org_id,
            email: self.config.owner_email.to_lowercase(),
            name: "Owner".to_owned(),
            role: Role::Owner.as_str().to_owned(),
            password_hash: None,
            created_at: now,
        };
        user::insert(db, owner.clone()).await?;
        Ok(owner)
    }
}

/// Reads an id back that this crate wrote.
pub(crate) fn parse<T: std::str::FromStr>(
    noun: &'static str,
    text: &str,
) -> Result<T, AccountsError> {
    text.parse().map_err(|_id| {
        let message = "its id is not one".to_owned();
        AccountsError::Store(clx_store::StoreError::Corrupt { noun, message })
    })
}
