//! The EEG overview against MNE, SciPy, specparam, known truth, and input nobody wants.
#![expect(clippy::unwrap_used, reason = "a failed unwrap in a helper is a failed test")]

mod band_power;
mod connectivity;
mod decomposition;
mod edge_cases;
mod entrainment;
mod ica;
mod iclabel;
mod input;
mod real_files;
mod sample;
mod specparam;
mod spectral;
