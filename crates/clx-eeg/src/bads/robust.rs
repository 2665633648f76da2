//! Order statistics as MATLAB and pyprep compute them. All return NaN for no values.

/// Middle value.
pub(super) fn median(x: &[f64]) -> f64 {
    median_in_place(&mut x.to_vec())
}

/// As [`median`], reordering `x`.
pub(crate) fn median_in_place(x: &mut [f64]) -> f64 {
    let n = x.len();
    if n == 0 {
        return f64::NAN;
    }
    let (below, middle, _) = x.select_nth_unstable_by(n / 2, f64::total_cmp);
    if n % 2 == 1 {
        return *middle;
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (lower + *middle) / 2.0
}

pub(super) fn median_of_finite(x: &[f64]) -> Option<f64> {
    let mut finite: Vec<f64> = x.iter().copied().filter(|v| v.is_finite()).collect();
    (!finite.is_empty()).then(|| median_in_place(&mut finite))
}

/// Median absolute deviation from the median.
pub(super) fn mad(x: &[f64]) -> f64 {
    let centre = median(x);
    let mut distances: Vec<f64> = x.iter().map(|v| (v - centre).abs()).collect();
    median_in_place(&mut distances)
}

/// Interquartile range by MATLAB's quantiles.
pub(super) fn iqr(x: &[f64]) -> f64 {
    let mut x = x.to_vec();
    quantile(&mut x, 0.75) - quantile(&mut x, 0.25)
}

/// Quantile `q` by MATLAB's definition: the i-th of n values, from 1, is the `(i - 0.5)/n` quantile.
/// Reorders `x`.
pub(super) fn quantile(x: &mut [f64], q: f64) -> f64 {
    let n = x.len();
    if n < 2 {
        return x.first().copied().unwrap_or(f64::NAN);
    }
    let last = (n - 1) as f64;
    let at = last * ((q - 0.5) * n as f64 / last + 0.5).clamp(0.0, 1.0);
    let low = at.floor() as usize;
    let (_, &mut value, above) = x.select_nth_unstable_by(low, f64::total_cmp);
    let next = above.iter().copied().fold(f64::INFINITY, f64::min);
    if at > low as f64 { value + (next - value) * (at - low as f64) } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_matlab() {
        // quantile(1:10, [.25 .5 .75 .98]) in MATLAB: 3, 5.5, 8, 10.
        let x: Vec<f64> = (1..=10).map(f64::from).collect();
        for (q, expected) in [(0.25, 3.0), (0.5, 5.5), (0.75, 8.0), (0.98, 10.0)] {
            assert_eq!(quantile(&mut x.clone(), q), expected);
        }
        assert_eq!((median(&x), mad(&x), iqr(&x)), (5.5, 2.5, 5.0));
        assert!(median(&[]).is_nan() && quantile(&mut [], 0.5).is_nan());
    }
}
