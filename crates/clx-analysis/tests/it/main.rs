//! The promises that every entry of the catalogue keeps.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod body;
mod bytes;
mod catalogue;
mod eeg;
mod eeg_networks;
mod eeg_spectra;
mod fields;
mod folder;
mod heart;
mod hostile;
#[path = "../../../clx-eeg/tests/it/night.rs"]
mod night;
mod samples;
mod sleep;
