//! The promises that every entry of the catalogue keeps.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod bytes;
mod catalogue;
mod eeg;
mod fields;
mod folder;
mod hostile;
mod samples;
