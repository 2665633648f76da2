//! The binary as its users run it: commands on real files, and the server under `kill -9`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod cli;
mod client;
mod crash;
mod server;
