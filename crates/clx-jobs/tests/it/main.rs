//! Recordings, uploads and the queue through their public surface, on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod bench;
mod events;
mod idempotency;
mod leftovers;
mod recordings;
mod sets;
mod tenancy;
mod uploads;
mod workers;
