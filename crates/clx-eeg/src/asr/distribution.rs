//! Mean and spread of clean EEG amplitudes among artifacts.

use std::f64::consts::PI;

/// Least share of clean values and largest share of dropouts, the quantiles that are fitted, the step
/// of the search. Kothe and Jung 2016, patent application US 2016/0113587, and the defaults of
/// EEGLAB's clean_rawdata.
const MIN_CLEAN: f64 = 0.25;
const MAX_DROPOUT: f64 = 0.1;
const QUANTILES: [f64; 2] = [0.022, 0.6];
const STEP: f64 = 0.01;
/// Shapes of the generalised normal distribution that are tried: 1.7, 1.85, … 3.5.
const N_SHAPES: usize = 13;

/// Mean and standard deviation of the clean part of `values`, or `None` where none is found.
///
/// A truncated generalised normal distribution is fitted to the histogram of every stretch of the
/// sorted values that could be the clean part; the one of least divergence wins.
pub(super) fn fit_clean_part(values: &[f64]) -> Option<[f64; 2]> {
    let mut x = values.to_vec();
    x.sort_by(f64::total_cmp);
    let n = x.len() as f64;
    let widest = QUANTILES[1] - QUANTILES[0];
    let starts: Vec<usize> = steps(MAX_DROPOUT + 0.99 * STEP)
        .map(|k| (n * (QUANTILES[0] + k as f64 * STEP)).round() as usize)
        .collect();
    let shapes: Vec<Shape> = (0..N_SHAPES).map(|i| Shape::new(1.7 + 0.15 * i as f64)).collect();
    let mut best: Option<(f64, usize, [f64; 2])> = None;
    for k in steps(widest - MIN_CLEAN * widest) {
        let m = (n * (widest - k as f64 * STEP)).round() as usize;
        let n_bins = (3.0 * (1.0 + m as f64 / 2.0).log2()).round() as usize;
        if m < 2 || n_bins == 0 {
            continue;
        }
        let models: Vec<Vec<f64>> = shapes.iter().map(|s| s.masses(n_bins)).collect();
        for &start in &starts {
            let Some(stretch) = x.get(start..start + m) else { continue };
            let Some(log_counts) = log_histogram(stretch, n_bins) else { continue };
            for (shape, masses) in models.iter().enumerate() {
                let terms = masses.iter().zip(&log_counts).map(|(p, q)| p * (p.ln() - q));
                let divergence = terms.sum::<f64>() + (m as f64).ln();
                if best.as_ref().is_none_or(|b| divergence < b.0) {
                    best = Some((divergence, shape, [stretch[0], stretch[m - 1]]));
                }
            }
        }
    }
    let (_, shape, [lower, upper]) = best?;
    let Shape { exponent, bounds } = shapes[shape];
    let alpha = (upper - lower) / (bounds[1] - bounds[0]);
    let mean = lower - bounds[0] * alpha;
    let spread = alpha * ((ln_gamma(3.0 / exponent) - ln_gamma(1.0 / exponent)) / 2.0).exp();
    (mean.is_finite() && spread.is_finite()).then_some([mean, spread])
}

/// `0, 1, …` while `k · STEP` is below `end`.
fn steps(end: f64) -> impl Iterator<Item = usize> {
    0..(end / STEP).ceil() as usize
}

/// Logarithms of the counts, each plus 0.01, over the stretch's own range; `None` if it has none.
fn log_histogram(stretch: &[f64], n_bins: usize) -> Option<Vec<f64>> {
    let lowest = stretch[0];
    let range = stretch[stretch.len() - 1] - lowest;
    if range.is_nan() || range <= 0.0 {
        return None;
    }
    let mut counts = vec![0.01; n_bins];
    for v in stretch {
        let bin = ((v - lowest) * n_bins as f64 / range) as usize;
        counts[bin.min(n_bins - 1)] += 1.0;
    }
    Some(counts.iter().map(|c: &f64| c.ln()).collect())
}

/// Density proportional to `exp(-|z|^exponent)` between the fitted quantiles.
#[derive(Clone, Copy, Debug)]
struct Shape {
    exponent: f64,
    bounds: [f64; 2],
}

impl Shape {
    fn new(exponent: f64) -> Self {
        let bound = |q: f64| {
            let inside = (2.0 * q - 1.0).abs();
            let y = inverse_lower_gamma(1.0 / exponent, inside);
            (q - 0.5).signum() * y.powf(1.0 / exponent)
        };
        Self { exponent, bounds: QUANTILES.map(bound) }
    }

    /// Share of each bin, adding up to 1.
    fn masses(&self, n_bins: usize) -> Vec<f64> {
        let width = (self.bounds[1] - self.bounds[0]) / n_bins as f64;
        let at = |k: usize| self.bounds[0] + (k as f64 + 0.5) * width;
        let mut p: Vec<f64> =
            (0..n_bins).map(|k| (-at(k).abs().powf(self.exponent)).exp()).collect();
        let sum: f64 = p.iter().sum();
        p.iter_mut().for_each(|v| *v /= sum);
        p
    }
}

/// The `x` at which the regularised lower incomplete gamma function of order `a` is `p`, by halving.
fn inverse_lower_gamma(a: f64, p: f64) -> f64 {
    let (mut low, mut high) = (0.0, 100.0);
    for _ in 0..80 {
        let middle = (low + high) / 2.0;
        if lower_gamma(a, middle) < p { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// Regularised lower incomplete gamma function by its series.
/// Abramowitz and Stegun 1964, 6.5.29.
fn lower_gamma(a: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0 / a, 1.0 / a);
    for k in 1..500 {
        term *= x / (a + f64::from(k));
        sum += term;
        if term < 1e-17 * sum {
            break;
        }
    }
    sum * (a * x.ln() - x - ln_gamma(a)).exp()
}

/// Logarithm of the gamma function for positive arguments: Stirling's series above 10, recurrence
/// below. Abramowitz and Stegun 1964, 6.1.41.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut product) = (x, 1.0);
    while x < 10.0 {
        product *= x;
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    let series = (1.0 / 12.0
        - inverse
            * (1.0 / 360.0
                - inverse * (1.0 / 1260.0 - inverse * (1.0 / 1680.0 - inverse / 1188.0))))
        / x;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln() + series - product.ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clx_signal::rng::SplitMix64;

    #[test]
    fn special_functions_have_their_textbook_values() {
        // Gamma(1/2) = sqrt(pi), P(1, x) = 1 - exp(-x), P(1/2, x²) = erf(x).
        assert!((ln_gamma(0.5) - PI.sqrt().ln()).abs() < 1e-13);
        assert!((ln_gamma(5.0) - 24.0_f64.ln()).abs() < 1e-13);
        assert!((lower_gamma(1.0, 0.7) - (1.0 - (-0.7_f64).exp())).abs() < 1e-14);
        assert!((lower_gamma(0.5, 1.0) - 0.842_700_792_949_715).abs() < 1e-13);
        assert!((inverse_lower_gamma(1.0, 0.5) - 2.0_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn clean_part_is_found_among_artifacts() {
        let mut rng = SplitMix64::new(4);
        // Two thirds normal with mean 10 and spread 1, one third far above.
        let x: Vec<f64> =
            (0..1500)
                .map(|i| {
                    if i % 3 == 0 { 15.0 + 80.0 * rng.next_f64() } else { 10.0 + rng.next_normal() }
                })
                .collect();
        let [mean, spread] = fit_clean_part(&x).unwrap();
        assert!((mean - 10.0).abs() < 0.3 && (spread - 1.0).abs() < 0.25, "{mean} {spread}");
    }

    #[test]
    fn degenerate_values_have_no_clean_part() {
        assert_eq!(fit_clean_part(&[]), None);
        assert_eq!(fit_clean_part(&[1.0; 100]), None);
    }
}
