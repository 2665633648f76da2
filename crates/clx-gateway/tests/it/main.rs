//! The API through its router, on a database and content folder of each test's own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod access;
mod app;
mod edge;
mod events;
mod jobs;
mod keys;
mod logs;
mod recordings;
mod sessions;
mod uploads;
