//! Recordings, uploads and the queue through their public surface, on SQLite and on PostgreSQL.

mod bench;
mod events;
mod idempotency;
mod leftovers;
mod recordings;
mod tenancy;
mod uploads;
mod workers;
