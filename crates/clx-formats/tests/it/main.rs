//! Tests through the public surface.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests, by a panic")]

mod archive;
mod audio;
mod bytes;
mod conformance;
mod edf_cases;
mod edf_write;
mod hostile;
mod sniff;
