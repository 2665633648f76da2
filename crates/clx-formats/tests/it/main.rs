//! Tests through the public surface.

mod audio;
mod bytes;
mod conformance;
mod edf_cases;
mod edf_write;
mod hostile;
mod sniff;
