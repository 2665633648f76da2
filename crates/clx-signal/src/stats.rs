//! Order statistics and resampling intervals. Non-finite values are the caller's to remove.

use crate::rng::SplitMix64;

/// Arithmetic mean; `None` for an empty slice.
pub fn mean(x: &[f64]) -> Option<f64> {
    (!x.is_empty()).then(|| x.iter().sum::<f64>() / x.len() as f64)
}

/// Middle value, the mean of the two middle ones for an even count; `None` for an empty slice.
///
/// ```
/// use clx_signal::stats::median;
/// assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
/// assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
/// assert_eq!(median(&[]), None);
/// ```
pub fn median(x: &[f64]) -> Option<f64> {
    percentile(x, 50.0)
}

/// Median absolute deviation from the median, unscaled (multiply by 1.4826 for a normal sigma).
///
/// ```
/// assert_eq!(clx_signal::stats::mad(&[1.0, 2.0, 3.0, 4.0, 100.0]), Some(1.0));
/// ```
pub fn mad(x: &[f64]) -> Option<f64> {
    let centre = median(x)?;
    median(&x.iter().map(|v| (v - centre).abs()).collect::<Vec<_>>())
}

/// Percentile `q` in `0..=100` with linear interpolation, as `numpy.percentile` by default.
///
/// `None` for an empty slice or `q` outside its range.
///
/// ```
/// assert_eq!(clx_signal::stats::percentile(&[1.0, 2.0, 3.0, 4.0], 25.0), Some(1.75));
/// ```
pub fn percentile(x: &[f64], q: f64) -> Option<f64> {
    if x.is_empty() || !(0.0..=100.0).contains(&q) {
        return None;
    }
    let mut sorted = x.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some(percentile_sorted(&sorted, q))
}

fn percentile_sorted(sorted: &[f64], q: f64) -> f64 {
    let at = q / 100.0 * (sorted.len() - 1) as f64;
    let low = at.floor() as usize;
    let high = at.ceil() as usize;
    // Interpolating between equal values must return that value exactly.
    sorted[low] + (sorted[high] - sorted[low]) * (at - low as f64)
}

/// Robust z-scores, `(x - median) / (1.4826 MAD)`; all zero where the MAD is zero.
pub fn robust_z(x: &[f64]) -> Vec<f64> {
    let (Some(centre), Some(spread)) = (median(x), mad(x)) else { return Vec::new() };
    let sigma = 1.482_602_218_505_602 * spread;
    x.iter().map(|v| if sigma > 0.0 { (v - centre) / sigma } else { 0.0 }).collect()
}

/// Two-sided percentile interval of the statistic `of` by resampling indices with replacement.
///
/// `n` observations, `resamples` draws of `n` indices each, `level` such as 0.95. `of` receives the
/// drawn indices and returns the statistic, or `None` when it is undefined for this draw; the
/// interval is over the defined ones. `None` when fewer than half of the draws are defined or
/// `n < 2`. The percentile method is too narrow for few observations (below about 8).
///
/// # Source
/// Efron 1979, Ann. Statist. 7(1):1-26.
///
/// ```
/// use clx_signal::stats::bootstrap_ci;
/// let x: Vec<f64> = (0..100).map(f64::from).collect();
/// let mean = |i: &[usize]| Some(i.iter().map(|&i| x[i]).sum::<f64>() / i.len() as f64);
/// let [low, high] = bootstrap_ci(x.len(), 1000, 0.95, 1, mean).unwrap();
/// // Normal theory: 49.5 ± 1.96 · 28.87 / 10.
/// assert!((low - 43.84).abs() < 0.8 && (high - 55.16).abs() < 0.8);
/// ```
pub fn bootstrap_ci(
    n: usize,
    resamples: usize,
    level: f64,
    seed: u64,
    mut of: impl FnMut(&[usize]) -> Option<f64>,
) -> Option<[f64; 2]> {
    if n < 2 || !(0.0..1.0).contains(&level) {
        return None;
    }
    let mut rng = SplitMix64::new(seed);
    let mut draw = vec![0; n];
    let mut values = Vec::with_capacity(resamples);
    for _ in 0..resamples {
        draw.iter_mut().for_each(|i| *i = rng.next_index(n));
        values.extend(of(&draw).filter(|v| v.is_finite()));
    }
    if values.is_empty() || values.len() * 2 < resamples {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let tail = (1.0 - level) / 2.0 * 100.0;
    Some([percentile_sorted(&values, tail), percentile_sorted(&values, 100.0 - tail)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_out_of_range_give_none() {
        assert_eq!(percentile(&[], 50.0), None);
        assert_eq!(percentile(&[1.0], 101.0), None);
        assert_eq!(bootstrap_ci(1, 100, 0.95, 0, |_| Some(1.0)), None);
    }

    #[test]
    fn constant_data_has_zero_z_and_a_point_interval() {
        assert_eq!(robust_z(&[2.0; 4]), [0.0; 4]);
        assert_eq!(bootstrap_ci(10, 50, 0.95, 3, |_| Some(2.5)), Some([2.5, 2.5]));
    }

    #[test]
    fn same_seed_gives_the_same_interval() {
        let x = [1.0, 5.0, 2.0, 8.0, 3.0, 9.0];
        let of = |i: &[usize]| mean(&i.iter().map(|&i| x[i]).collect::<Vec<_>>());
        assert_eq!(bootstrap_ci(6, 200, 0.9, 11, of), bootstrap_ci(6, 200, 0.9, 11, of));
    }
}
