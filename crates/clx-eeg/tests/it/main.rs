//! The EEG overview against MNE, SciPy, specparam, known truth, and input nobody wants.
#![expect(clippy::unwrap_used, reason = "a failed unwrap in a helper is a failed test")]

mod body;
mod decomposition;
mod edge_cases;
mod heart;
mod ica;
mod iclabel;
mod input;
mod night;
mod real_files;
mod sample;
mod sleep;
mod specparam;
mod staging;
