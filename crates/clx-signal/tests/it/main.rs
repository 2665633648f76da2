//! The mathematics of `clx-signal` against SciPy, MNE and the properties that define it.

mod conformance;
mod noise;
mod properties;
