//! The EEG overview against MNE, SciPy, specparam, known truth, and input nobody wants.

mod edge_cases;
mod input;
mod real_files;
mod sample;
mod specparam;
