//! Passwords: argon2id with 19 MiB, 2 passes, 1 lane (the OWASP minimum), about 40 ms of a core.
//!
//! Checks run on blocking threads, at most one per core at a time and a bounded number waiting, so
//! that a flood of sign-ins neither starves other requests nor fills the memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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
    waiting: Arc<AtomicUsize>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self { slots: Arc::new(Semaphore::new(cores)), waiting: Arc::default() }
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
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= MAX_WAITING {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            return Err(AccountsError::Busy);
        }
        let slot = self.slots.acquire().await;
        let done = spawn_blocking(work).await;
        drop(slot);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        done.map_err(|_join| AccountsError::Busy)
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
