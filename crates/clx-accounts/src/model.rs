use std::fmt;

use clx_store::{KeyId, OrgId, UserId};

use crate::Role;

/// A credential in the clear. It is shown once, to its owner; only a digest is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself, for the response that hands it over.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Org {
    pub id: OrgId,
    pub name: String,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub user: User,
    pub org: Org,
    pub role: Role,
    /// The user has a password; without one only sign-in links work.
    pub has_password: bool,
}

/// A fresh session and the cookie value that proves it.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub session: Session,
    pub cookie: Secret,
    /// How long the cookie is good for without use, seconds.
    pub max_age_s: i64,
}

/// A new password, and the one it replaces if there is one.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "holds secrets")]
pub struct PasswordChange {
    pub password: String,
    pub current: Option<String>,
}

/// An API key without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    pub id: KeyId,
    pub name: String,
    /// First characters of the key, so that its owner can tell it from others: `ck_live_3fGh`.
    pub start: String,
    pub created_at_ms: i64,
    pub last_used_at_ms: Option<i64>,
    pub expires_at_ms: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewKey {
    pub name: String,
    pub expires_at_ms: Option<i64>,
}

/// A new key with its secret, which is never shown again.
#[derive(Clone, Debug)]
pub struct CreatedKey {
    pub key: ApiKey,
    pub secret: Secret,
}
