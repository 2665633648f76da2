//! Accounts through their public surface, on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod bench;
mod keys;
mod sessions;
