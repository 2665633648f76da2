//! The EEG overview against MNE, SciPy, specparam, known truth, and input nobody wants.
#![expect(clippy::unwrap_used, reason = "a failed unwrap in a helper is a failed test")]

mod asr;
mod bads;
mod decomposition;
mod edge_cases;
mod ica;
mod iclabel;
mod input;
mod real_files;
mod sample;
mod spatial;
mod specparam;
