use clx_store::{Clock, KeyId, Store};
use serde::{Deserialize, Serialize};

use crate::{AccountsError, ApiKey, Caller, CreatedKey, NewKey, Secret, Session, SignedIn};

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

/// Sign-in, sessions and keys.
#[derive(Clone, Debug)]
pub struct Accounts {}

#[expect(unused_variables, reason = "bodies follow in the next commit")]
impl Accounts {
    pub fn new(store: Store, config: AccountsConfig, clock: Clock) -> Self {
        todo!()
    }

    /// Makes the first organisation and its owner unless there is one. Returns the token of a
    /// one-time sign-in link (24 h) for as long as the owner has no password.
    pub async fn bootstrap(&self) -> Result<Option<Secret>, AccountsError> {
        todo!()
    }

    /// The caller behind everything the process does by itself for the first organisation.
    pub async fn internal_caller(&self) -> Result<Caller, AccountsError> {
        todo!()
    }

    pub async fn sign_in_with_link(&self, token: &str) -> Result<SignedIn, AccountsError> {
        todo!()
    }

    pub async fn sign_in_with_password(
        &self,
        email: &str,
        password: &str,
    ) -> Result<SignedIn, AccountsError> {
        todo!()
    }

    /// The caller whose cookie this is; prolongs the session.
    pub async fn authenticate_session(&self, cookie: &str) -> Result<Caller, AccountsError> {
        todo!()
    }

    /// The caller whose API key this is.
    pub async fn authenticate_key(&self, key: &str) -> Result<Caller, AccountsError> {
        todo!()
    }

    pub async fn session(&self, caller: &Caller) -> Result<Session, AccountsError> {
        todo!()
    }

    /// Ends the session of this cookie; unknown cookies are fine.
    pub async fn sign_out(&self, cookie: &str) -> Result<(), AccountsError> {
        todo!()
    }

    /// Needs a session, not a key. 10 to 128 characters.
    pub async fn set_password(&self, caller: &Caller, password: &str) -> Result<(), AccountsError> {
        todo!()
    }

    pub async fn list_keys(&self, caller: &Caller) -> Result<Vec<ApiKey>, AccountsError> {
        todo!()
    }

    /// Needs the role admin.
    pub async fn create_key(
        &self,
        caller: &Caller,
        key: NewKey,
    ) -> Result<CreatedKey, AccountsError> {
        todo!()
    }

    /// Needs the role admin.
    pub async fn delete_key(&self, caller: &Caller, id: &KeyId) -> Result<(), AccountsError> {
        todo!()
    }
}
