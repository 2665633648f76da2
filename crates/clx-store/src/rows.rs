//! The tables: one file per noun, and the only SQL of the project. Functions take the connection or
//! the transaction to work in, and `now` where time matters.

pub mod api_key;
pub mod artifact;
pub mod blob;
pub mod event;
pub mod idempotency;
pub mod job;
pub mod org;
pub mod recording;
pub mod session;
pub mod sign_in_link;
pub mod upload;
pub mod user;
