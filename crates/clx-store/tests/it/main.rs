//! The queue's state machine, on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod bench;
mod queue;
mod simulation;
mod uploads;
