//! The mathematics of `clx-signal` against SciPy, MNE and the properties that define it.
#![expect(clippy::unwrap_used, reason = "a failed unwrap in a helper is a failed test")]

mod complexity;
mod conformance;
mod iir;
mod noise;
mod passes;
mod peaks;
mod properties;
mod spectral;
