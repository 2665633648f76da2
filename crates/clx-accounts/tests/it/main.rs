//! Accounts through their public surface, on SQLite and on PostgreSQL.

mod bench;
mod keys;
mod sessions;
