//! Rolling means and the scale of a night; NaN is missing throughout, as in pandas.

use clx_signal::stats;

/// Epochs of the centred window: 7.5 min. YASA 0.8.1.
const CENTRED: usize = 15;
/// Epochs of the trailing window: 2 min. YASA 0.8.1.
const PAST: usize = 4;

/// Mean over 15 epochs, weights falling from the middle to an eighth at the ends; at the ends of the
/// night over the epochs there are.
pub(super) fn centred_triangle(x: &[f64]) -> Vec<f64> {
    let half = CENTRED / 2;
    (0..x.len())
        .map(|i| {
            let near = i.saturating_sub(half)..(i + half + 1).min(x.len());
            let weight = |j: usize| 1.0 - i.abs_diff(j) as f64 / (half + 1) as f64;
            weighted_mean(near.map(|j| (weight(j), x[j])))
        })
        .collect()
}

/// Mean over an epoch and the three before it.
pub(super) fn past_mean(x: &[f64]) -> Vec<f64> {
    (0..x.len())
        .map(|i| weighted_mean((i.saturating_sub(PAST - 1)..=i).map(|j| (1.0, x[j]))))
        .collect()
}

fn weighted_mean(values: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for (weight, value) in values.filter(|(_, value)| !value.is_nan()) {
        sum += weight * value;
        weights += weight;
    }
    sum / weights
}

/// Minus the median, over the range from the 5th to the 95th percentile; a range of nearly zero
/// counts as 1, as in scikit-learn.
pub(super) fn robust_scaled(x: Vec<f64>) -> Vec<f64> {
    let known: Vec<f64> = x.iter().copied().filter(|v| !v.is_nan()).collect();
    let at = |q: f64| stats::percentile(&known, q).unwrap_or(f64::NAN);
    let (centre, range) = (at(50.0), at(95.0) - at(5.0));
    let scale = if range < 10.0 * f64::EPSILON { 1.0 } else { range };
    x.into_iter().map(|v| (v - centre) / scale).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_skip_what_is_missing_and_shrink_at_the_ends() {
        assert_eq!(past_mean(&[1.0, f64::NAN, 3.0, 4.0, 5.0]), [1.0, 1.0, 2.0, 8.0 / 3.0, 4.0]);
        assert_eq!(centred_triangle(&[2.0; 3]), [2.0; 3]);
        // Weights 1 and 7/8.
        assert_eq!(centred_triangle(&[0.0, 15.0]), [7.0, 8.0]);
    }

    #[test]
    fn a_constant_feature_scales_to_zero() {
        assert_eq!(robust_scaled(vec![3.0; 5]), [0.0; 5]);
        assert!(robust_scaled(vec![f64::NAN])[0].is_nan());
    }
}
