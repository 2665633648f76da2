//! The EEG overview against MNE, SciPy, specparam, known truth, and input nobody wants.
#![expect(clippy::unwrap_used, reason = "a failed unwrap in a helper is a failed test")]

mod clusters;
mod decomposition;
mod edge_cases;
mod epochs;
mod erp;
mod ica;
mod iclabel;
mod input;
mod microstates;
mod real_files;
mod sample;
mod specparam;
mod tutorial;
