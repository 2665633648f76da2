//! How irregular a signal is: entropies, fractal dimensions, fluctuation, Hjorth's descriptors.
//!
//! The definitions, defaults and small quirks are those of antropy 0.2.3 (multiscale: NeuroKit2), so
//! that figures can be compared; `tests/fixtures/complexity.py` is the comparison. Every measure
//! is absent for a signal that is constant, too short for it, or holds a value that is not finite.
//! None of them is scale-free in time: compare signals of one sample rate and length.

mod entropy;
mod fractal;
mod hjorth;
mod lempel_ziv;
mod sample;
mod svd;

pub use entropy::{Entropy, periodogram_entropy, permutation_entropy, spectral_entropy};
pub use fractal::{detrended_fluctuation, higuchi_fd, katz_fd, petrosian_fd};
pub use hjorth::{Hjorth, hjorth, zero_crossings};
pub use lempel_ziv::{LempelZiv, above_mean, lempel_ziv};
pub use sample::{
    Multiscale, approximate_entropy, default_tolerance, multiscale_entropy, sample_entropy,
};
pub use svd::svd_entropy;

/// Whether `x` has `needed` values, all finite and not all equal.
fn varies(x: &[f64], needed: usize) -> bool {
    // No early exit, so that the loops vectorise.
    x.len() >= needed.max(2)
        && x.iter().fold(true, |all, v| all & v.is_finite())
        && x.iter().fold(false, |any, v| any | (*v != x[0]))
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
