//! All measures of one window.

use clx_signal::complexity::{
    above_mean, approximate_entropy, default_tolerance, detrended_fluctuation, higuchi_fd, hjorth,
    katz_fd, lempel_ziv, multiscale_entropy, periodogram_entropy, permutation_entropy,
    petrosian_fd, sample_entropy, svd_entropy,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ComplexityParams;

pub(super) const N_MEASURES: usize = 14;

/// One value of each measure; absent where the signal is constant or too short for it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Measures<T> {
    /// Of the rankings of neighbouring values: 0 monotonic, 1 every ranking equally often.
    pub(super) permutation_entropy: Option<T>,
    /// 0 regular, 2 and more noise.
    pub(super) sample_entropy: Option<T>,
    /// As sample entropy with self-matches; biased in short windows.
    pub(super) approximate_entropy: Option<T>,
    /// Of the periodogram: 0 a tone, 1 a flat spectrum.
    pub(super) spectral_entropy: Option<T>,
    /// Of the singular values of the delay-embedded signal, 0..=1.
    pub(super) svd_entropy: Option<T>,
    /// Area under the sample entropy of coarser and coarser averages, over the number of scales.
    pub(super) multiscale_entropy: Option<T>,
    /// Phrases of the signal above or below its mean, over those of a random one.
    pub(super) lempel_ziv: Option<T>,
    /// Fractal dimension: 1 smooth, 1.5 random walk, 2 noise.
    pub(super) higuchi: Option<T>,
    /// Fractal dimension from the number of turning points.
    pub(super) petrosian: Option<T>,
    /// Fractal dimension from the length of the curve.
    pub(super) katz: Option<T>,
    /// Exponent of the detrended fluctuation: 0.5 white, 1 pink, 1.5 random walk.
    pub(super) fluctuation: Option<T>,
    /// Hjorth's activity: the variance.
    pub(super) activity_v2: Option<T>,
    /// Hjorth's mobility: mean frequency per sample.
    pub(super) mobility: Option<T>,
    /// Hjorth's complexity: 1 for a sine, larger for wider bands.
    pub(super) hjorth_complexity: Option<T>,
}

impl<T> Measures<T> {
    /// In the order of [`measure_window`].
    pub(super) fn of(value: impl Fn(usize) -> Option<T>) -> Self {
        Self {
            permutation_entropy: value(0),
            sample_entropy: value(1),
            approximate_entropy: value(2),
            spectral_entropy: value(3),
            svd_entropy: value(4),
            multiscale_entropy: value(5),
            lempel_ziv: value(6),
            higuchi: value(7),
            petrosian: value(8),
            katz: value(9),
            fluctuation: value(10),
            activity_v2: value(11),
            mobility: value(12),
            hjorth_complexity: value(13),
        }
    }
}

impl Measures<f64> {
    pub(super) fn get(&self, measure: usize) -> Option<f64> {
        [
            self.permutation_entropy,
            self.sample_entropy,
            self.approximate_entropy,
            self.spectral_entropy,
            self.svd_entropy,
            self.multiscale_entropy,
            self.lempel_ziv,
            self.higuchi,
            self.petrosian,
            self.katz,
            self.fluctuation,
            self.activity_v2,
            self.mobility,
            self.hjorth_complexity,
        ][measure]
    }
}

/// Every measure of one window in volts, and its sample entropy scale by scale until one has none.
pub(super) fn measure_window(
    x: &[f64],
    params: &ComplexityParams,
) -> ([Option<f64>; N_MEASURES], Vec<f64>) {
    let tolerance = default_tolerance(x);
    let multiscale =
        tolerance.and_then(|t| multiscale_entropy(x, params.embedding, t, params.scales));
    let descriptors = hjorth(x);
    let values = [
        permutation_entropy(x, params.order, params.delay).map(|e| e.normalised),
        tolerance.and_then(|t| sample_entropy(x, params.embedding, t)),
        tolerance.and_then(|t| approximate_entropy(x, params.embedding, t)),
        periodogram_entropy(x).map(|e| e.normalised),
        svd_entropy(x, params.order, params.delay).map(|e| e.normalised),
        multiscale.as_ref().map(|m| m.index),
        lempel_ziv(&above_mean(x)).map(|l| l.normalised),
        higuchi_fd(x, params.higuchi_kmax),
        petrosian_fd(x),
        katz_fd(x),
        detrended_fluctuation(x),
        descriptors.map(|h| h.activity),
        descriptors.map(|h| h.mobility),
        descriptors.map(|h| h.complexity),
    ];
    let scales = multiscale.map_or_else(Vec::new, |m| m.entropies);
    (values.map(|v| v.filter(|v| v.is_finite())), scales.into_iter().map_while(|v| v).collect())
}
