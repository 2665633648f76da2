//! Tests through the public surface.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests, by a panic")]

mod archive;
mod audio;
mod bytes;
mod conformance;
mod deidentify;
mod edf_cases;
mod edf_write;
mod export;
mod hostile;
mod reference;
mod shared;
mod sniff;
mod table;
mod wfdb;
mod xdf;
