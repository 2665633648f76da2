//! The binary as its users run it: commands on real files, and the server under `kill -9`.

mod cli;
mod client;
mod crash;
mod server;
