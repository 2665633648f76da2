use clx_store::{KeyId, OrgId, UserId};
use serde::{Deserialize, Serialize};

use crate::AccountsError;

/// What a member may do; each role may do all that the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Hands over recordings and runs jobs.
    Member,
    /// Also manages keys.
    Admin,
    /// Also owns the organisation.
    Owner,
}

impl Role {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Viewer, Self::Member, Self::Admin, Self::Owner]
            .into_iter()
            .find(|role| role.as_str() == name)
    }
}

/// How a caller proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    Session,
    Key(KeyId),
    /// The process itself: ingest, sample recordings, command line.
    Internal,
}

/// On whose behalf an operation runs; the first argument of every operation of layer 4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub org: OrgId,
    pub user: UserId,
    pub role: Role,
    pub via: Via,
}

impl Caller {
    /// Refuses callers below `role`.
    ///
    /// # Errors
    /// [`AccountsError::Forbidden`] naming the role that is needed.
    pub fn require(&self, role: Role) -> Result<(), AccountsError> {
        if self.role >= role { Ok(()) } else { Err(AccountsError::Forbidden { needed: role }) }
    }

    /// Refuses callers that came by an API key: a leaked key must not outlive its revocation.
    ///
    /// # Errors
    /// [`AccountsError::NeedsSession`].
    pub fn require_session(&self) -> Result<(), AccountsError> {
        match self.via {
            Via::Key(_) => Err(AccountsError::NeedsSession),
            Via::Session | Via::Internal => Ok(()),
        }
    }
}
