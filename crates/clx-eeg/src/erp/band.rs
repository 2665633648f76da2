//! Standard errors and confidence bands, sample by sample.

use clx_signal::rng::SplitMix64;
use clx_signal::{stats, student};

use super::{BandMethod, ErpParams};

/// Mean and variance of the mean of one channel at each sample.
pub(super) struct Moments {
    n: f64,
    pub(super) mean: Vec<f64>,
    /// Variance (`n - 1`) over `n`; absent for one epoch.
    variance_of_mean: Option<Vec<f64>>,
}

impl Moments {
    pub(super) fn of(rows: &[Vec<f64>]) -> Self {
        let n = rows.len() as f64;
        let n_samples = rows[0].len();
        let mut mean = vec![0.0; n_samples];
        for row in rows {
            mean.iter_mut().zip(row).for_each(|(m, v)| *m += v);
        }
        mean.iter_mut().for_each(|m| *m /= n);
        let mut squares = vec![0.0; n_samples];
        for row in rows {
            for ((s, v), m) in squares.iter_mut().zip(row).zip(&mean) {
                *s += (v - m).powi(2);
            }
        }
        squares.iter_mut().for_each(|s| *s /= (n - 1.0) * n);
        Self { n, mean, variance_of_mean: (rows.len() > 1).then_some(squares) }
    }

    pub(super) fn standard_error(&self) -> Option<Vec<f64>> {
        Some(self.variance_of_mean.as_ref()?.iter().map(|v| v.sqrt()).collect())
    }
}

pub(super) fn of_mean(
    rows: &[Vec<f64>],
    moments: &Moments,
    params: &ErpParams,
) -> Option<Vec<[f64; 2]>> {
    let errors = moments.standard_error()?;
    if let BandMethod::Bootstrap { resamples, seed } = params.band {
        return Some(percentiles(&resampled_means(rows, resamples, seed), params.level));
    }
    let t = student::t_quantile(0.5 + params.level / 2.0, moments.n - 1.0)?;
    let band = |(m, e): (&f64, &f64)| [m - t * e, m + t * e];
    Some(moments.mean.iter().zip(&errors).map(band).collect())
}

pub(super) fn standard_error_of_difference(sides: &[Moments; 2]) -> Option<Vec<f64>> {
    let [a, b] = sides.each_ref().map(|m| m.variance_of_mean.as_ref());
    Some(a?.iter().zip(b?).map(|(a, b)| (a + b).sqrt()).collect())
}

pub(super) fn of_difference(
    rows: &[Vec<Vec<f64>>; 2],
    sides: &[Moments; 2],
    params: &ErpParams,
) -> Option<Vec<[f64; 2]>> {
    let [va, vb] = sides.each_ref().map(|m| m.variance_of_mean.as_ref());
    let (va, vb) = (va?, vb?);
    if let BandMethod::Bootstrap { resamples, seed } = params.band {
        let mut means = resampled_means(&rows[0], resamples, seed);
        // Another stream for the other side: the draws must not be the same.
        let others = resampled_means(&rows[1], resamples, SplitMix64::new(seed).next_u64());
        for (mean, other) in means.iter_mut().zip(&others) {
            mean.iter_mut().zip(other).for_each(|(m, o)| *m -= o);
        }
        return Some(percentiles(&means, params.level));
    }
    let [na, nb] = sides.each_ref().map(|m| m.n);
    let band = |t: usize| {
        let centre = sides[0].mean[t] - sides[1].mean[t];
        let variance = va[t] + vb[t];
        // Both sides constant: the band has no width.
        let df = variance.powi(2) / (va[t].powi(2) / (na - 1.0) + vb[t].powi(2) / (nb - 1.0));
        let quantile = student::t_quantile(0.5 + params.level / 2.0, df).unwrap_or(0.0);
        let half = quantile * variance.sqrt();
        [centre - half, centre + half]
    };
    Some((0..va.len()).map(band).collect())
}

/// Means of as many rows drawn with replacement; the same draws for every channel of equal seed.
fn resampled_means(rows: &[Vec<f64>], resamples: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut rng = SplitMix64::new(seed);
    (0..resamples)
        .map(|_| {
            let mut counts = vec![0_u32; rows.len()];
            (0..rows.len()).for_each(|_| counts[rng.next_index(rows.len())] += 1);
            let mut mean = vec![0.0; rows[0].len()];
            for (row, count) in rows.iter().zip(counts).filter(|(_, c)| *c > 0) {
                let weight = f64::from(count) / rows.len() as f64;
                mean.iter_mut().zip(row).for_each(|(m, v)| *m += weight * v);
            }
            mean
        })
        .collect()
}

fn percentiles(means: &[Vec<f64>], level: f64) -> Vec<[f64; 2]> {
    let tail = (1.0 - level) / 2.0 * 100.0;
    (0..means[0].len())
        .map(|t| {
            let values: Vec<f64> = means.iter().map(|m| m[t]).collect();
            // There is at least one value, and the tail lies in 0..50.
            let at = |q| stats::percentile(&values, q).unwrap_or(f64::NAN);
            [at(tail), at(100.0 - tail)]
        })
        .collect()
}
