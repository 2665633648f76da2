//! Passwords: argon2id with 19 MiB, 2 passes, 1 lane (the OWASP minimum), about 40 ms of a core.
//!
//! Checks run on blocking threads, at most one per core at a time and a bounded number waiting, so
//! that a flood of sign-ins neither starves other requests nor fills the memory.

use std::sync::Arc;
use std::thread::available_parallelism;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::AccountsError;

const MAX_WAITING: usize = 64;

#[derive(Clone, Debug)]
pub(crate) struct Passwords {
    slots: Arc<Semaphore>,
    /// Running and waiting.
    places: Arc<Semaphore>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self {
            slots: Arc::new(Semaphore::new(cores)),
            places: Arc::new(Semaphore::new(MAX_WAITING)),
        }
    }

    pub(crate) async fn hash(&self, password: &str) -> Result<String, AccountsError> {
        let password = password.to_owned();
        let hashed = self
            .run(move || {
                Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
            })
            .await?;
        hashed.map_err(|error| AccountsError::Invalid {
            field: "password",
            message: format!("cannot be hashed: {error}"),
        })
    }

    /// Without a stored hash the work is done all the same, so that the time it takes does not
    /// tell whether the address is known.
    pub(crate) async fn verify(
        &self,
        password: &str,
        stored: Option<String>,
    ) -> Result<bool, AccountsError> {
        let password = password.to_owned();
        self.run(move || match stored {
            Some(stored) => is_match(&password, &stored),
            None => {
                drop(Argon2::default().hash_password(password.as_bytes()));
                false
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AccountsError> {
        let place = self.places.clone().try_acquire_owned().map_err(|_full| AccountsError::Busy)?;
        let slot =
            self.slots.clone().acquire_owned().await.map_err(|_closed| AccountsError::Busy)?;
        // The work holds both until it ends, even if the caller stops waiting for it.
        let held = move || {
            let _held = (place, slot);
            work()
        };
        spawn_blocking(held).await.map_err(|_join| AccountsError::Busy)
    }
}

fn is_match(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_matches() {
        let passwords = Passwords::new();
        let stored = passwords.hash("correct horse battery").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(passwords.verify("correct horse battery", Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify("correct horse batterz", Some(stored)).await.unwrap());
        assert!(!passwords.verify("correct horse battery", None).await.unwrap());
    }

    #[tokio::test]
    async fn callers_that_stop_waiting_leave_no_place_taken() {
        let passwords = Passwords::new();
        let cores = available_parallelism().map_or(1, usize::from) as u32;
        let busy = passwords.slots.clone().acquire_many_owned(cores).await.unwrap();
        for _ in 0..2 * MAX_WAITING {
            let waiting = passwords.verify("correct horse battery", None);
            assert!(tokio::time::timeout(std::time::Duration::ZERO, waiting).await.is_err());
        }
        drop(busy);
        assert!(!passwords.verify("correct horse battery", None).await.unwrap());
    }

    #[test]
    fn a_hash_of_the_reference_implementation_is_understood() {
        // argon2-cffi 25.1: PasswordHasher(2, 19456, 1).hash is salted, so this is the vector of the
        // reference test suite (v=19, m=256 KiB, t=2, p=1, "password", salt "somesalt").
        let stored = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ\
                      $nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        assert!(is_match("password", stored));
        assert!(!is_match("passwort", stored));
    }
}
