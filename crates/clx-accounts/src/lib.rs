//! Organisations, users, sessions and API keys; owns the caller of every operation.
//!
//! The gateway turns a cookie or a bearer key into a [`Caller`]; every operation of layer 4 takes
//! one and decides by it. Credentials are 128 bits or more, stored as their SHA-256; passwords are
//! chosen by people and so stored by argon2id.

mod accounts;
mod caller;
mod error;
mod keys;
mod model;
mod passwords;
mod sessions;
mod token;

pub use accounts::{Accounts, AccountsConfig};
pub use caller::{Caller, Role, Via};
pub use error::AccountsError;
pub use model::{ApiKey, CreatedKey, NewKey, Org, PasswordChange, Secret, Session, SignedIn, User};
