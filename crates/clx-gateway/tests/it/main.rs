//! The API through its router, on a database and content folder of each test's own.

mod access;
mod app;
mod edge;
mod events;
mod jobs;
mod keys;
mod recordings;
mod sessions;
mod uploads;
