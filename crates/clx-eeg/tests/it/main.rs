//! The EEG overview against MNE, SciPy, specparam, known truth, and input nobody wants.
#![expect(clippy::unwrap_used, reason = "a failed unwrap in a helper is a failed test")]

mod asr;
mod bads;
mod band_power;
mod body;
mod clusters;
mod connectivity;
mod decomposition;
mod edge_cases;
mod entrainment;
mod epochs;
mod erp;
mod heart;
mod ica;
mod iclabel;
mod input;
mod microstates;
mod night;
mod real_files;
mod sample;
mod segments;
mod sleep;
mod spatial;
mod specparam;
mod spectral;
mod staging;
mod tutorial;
