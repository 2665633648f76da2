use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::varies;

/// Hjorth's descriptors of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Hjorth {
    /// Variance, the signal's unit squared.
    pub activity: f64,
    /// Mean frequency per sample; times `rate · 2π⁻¹` about hertz for a narrow band.
    pub mobility: f64,
    /// Mobility of the slope over that of the signal: 1 for a sine, larger for wider bands.
    pub complexity: f64,
}

/// Activity, mobility and complexity from the variances of a signal and its first two differences.
///
/// Wants at least 3 samples and a signal whose slope varies. O(n).
///
/// # Source
/// Hjorth 1970, Electroencephalogr. Clin. Neurophysiol. 29:306-310. Equal to
/// `antropy.hjorth_params` without a rate.
///
/// ```
/// let x: Vec<f64> = (0..1000).map(|i| (i as f64 * 0.1).sin()).collect();
/// let h = clx_signal::complexity::hjorth(&x).unwrap();
/// // The difference of a sine of w rad per sample has amplitude 2 sin(w/2).
/// assert!((h.mobility - 2.0 * 0.05_f64.sin()).abs() < 1e-3 && (h.complexity - 1.0).abs() < 1e-2);
/// ```
pub fn hjorth(x: &[f64]) -> Option<Hjorth> {
    if !varies(x, 3) {
        return None;
    }
    let first: Vec<f64> = x.windows(2).map(|w| w[1] - w[0]).collect();
    let second: Vec<f64> = first.windows(2).map(|w| w[1] - w[0]).collect();
    let [activity, slope, curve] = [x, &first, &second].map(variance);
    if !(activity > 0.0 && slope > 0.0 && curve.is_finite()) {
        return None;
    }
    let mobility = (slope / activity).sqrt();
    Some(Hjorth { activity, mobility, complexity: (curve / slope).sqrt() / mobility })
}

/// Mean squared deviation from the mean.
pub(super) fn variance(x: &[f64]) -> f64 {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n
}

/// How often the sign changes between neighbours; zero counts as positive, as in
/// `antropy.num_zerocross`.
///
/// `None` for an empty signal and for values that are not finite; a constant has 0. Divide by
/// the number of samples for antropy's normalised figure. O(n).
///
/// ```
/// assert_eq!(clx_signal::complexity::zero_crossings(&[-1.0, 0.0, 1.0, -1.0]), Some(2));
/// ```
pub fn zero_crossings(x: &[f64]) -> Option<usize> {
    if x.is_empty() || x.iter().any(|v| !v.is_finite()) {
        return None;
    }
    Some(sign_changes(x.iter().copied()))
}

pub(super) fn sign_changes(x: impl Iterator<Item = f64> + Clone) -> usize {
    x.clone()
        .zip(x.skip(1))
        .map(|(a, b)| usize::from(a.is_sign_negative() != b.is_sign_negative()))
        .sum()
}
