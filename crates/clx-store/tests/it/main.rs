//! The queue's state machine, on SQLite and on PostgreSQL.

mod bench;
mod queue;
mod simulation;
