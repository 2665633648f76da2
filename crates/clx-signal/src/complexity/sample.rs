use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::hjorth::variance;
use super::{finite, varies};

/// From this length on antropy counts distances equal to the tolerance as matches.
const INCLUSIVE_FROM: usize = 5000;

/// The usual tolerance of [`sample_entropy`] and [`approximate_entropy`]: 0.2 standard deviations
/// (of the population). `None` for a constant or empty signal.
///
/// ```
/// assert_eq!(clx_signal::complexity::default_tolerance(&[1.0, -1.0]), Some(0.2));
/// ```
pub fn default_tolerance(x: &[f64]) -> Option<f64> {
    varies(x, 2).then(|| 0.2 * variance(x).sqrt())
}

/// How unpredictable the next sample is: minus the logarithm of the share of pairs of stretches
/// alike in `order` samples that are alike in the next one too.
///
/// Alike: no two samples differ by `tolerance` or more ([`default_tolerance`], unit of the signal); from
/// 5,000 samples on a difference equal to the tolerance is alike, as in antropy. Natural logarithm.
/// Absent when no pair is alike. Wants about `10^order` to `30^order` samples. Quadratic in the worst case;
/// templates are sorted by their first value and compared only within the tolerance, which leaves
/// 11 % of the pairs of normal noise.
///
/// # Source
/// Richman and Moorman 2000, Am. J. Physiol. 278:H2039-H2049. Equal to
/// `antropy.sample_entropy`.
///
/// ```
/// use clx_signal::complexity::sample_entropy;
/// // 1 2 1 2 ...: pairs alike in two samples are alike in the third, too.
/// let x: Vec<f64> = (0..100).map(|i| f64::from(i % 2)).collect();
/// assert_eq!(sample_entropy(&x, 2, 0.1), Some(0.0));
/// ```
pub fn sample_entropy(x: &[f64], order: usize, tolerance: f64) -> Option<f64> {
    // `d < r` is `d <= r'` for the next smaller number r'.
    let inclusive = if x.len() < INCLUSIVE_FROM { tolerance.next_down() } else { tolerance };
    sample_entropy_within(x, order, inclusive)
}

fn sample_entropy_within(x: &[f64], order: usize, tolerance: f64) -> Option<f64> {
    if order == 0 || !varies(x, order.checked_add(2)?) || tolerance.is_nan() {
        return None;
    }
    let counts = neighbours(x, order, x.len() - order, tolerance);
    let pairs: [u64; 2] = counts.map(|c| c.iter().sum());
    if pairs.contains(&0) {
        return None;
    }
    // Not `-ln`, which would give -0.
    finite((pairs[0] as f64 / pairs[1] as f64).ln())
}

/// As [`sample_entropy`], by the mean logarithm of each stretch's number of matches, itself included.
///
/// The self-matches bias it towards regularity, more so in short signals; prefer sample entropy. A
/// difference equal to the tolerance is alike. Cost as there.
///
/// # Source
/// Pincus 1991, Proc. Natl. Acad. Sci. 88:2297-2301. Equal to `antropy.app_entropy`.
///
/// ```
/// use clx_signal::complexity::approximate_entropy;
/// let x: Vec<f64> = (0..100).map(|i| f64::from(i % 2)).collect();
/// assert!(approximate_entropy(&x, 2, 0.1).unwrap().abs() < 1e-3);
/// ```
pub fn approximate_entropy(x: &[f64], order: usize, tolerance: f64) -> Option<f64> {
    if order == 0 || !varies(x, order.checked_add(2)?) || tolerance.is_nan() {
        return None;
    }
    let n = x.len() - order;
    let [short, long] = neighbours(x, order, n + 1, tolerance);
    let phi = |counts: &[u64], n: usize| {
        counts.iter().map(|&c| ((c + 1) as f64 / n as f64).ln()).sum::<f64>() / n as f64
    };
    // The last template has no next sample: it sits among `long` with no match, so ln(1/n) of it goes.
    let long_phi = (phi(&long, n) * n as f64 - (1.0 / n as f64).ln()) / n as f64;
    finite(phi(&short, n + 1) - long_phi)
}

/// How many others each template is alike, in `order` and in `order + 1` samples; in sorted order.
///
/// A sample past the end is alike nothing.
fn neighbours(x: &[f64], order: usize, n_templates: usize, tolerance: f64) -> [Vec<u64>; 2] {
    let mut sorted: Vec<u32> = (0..n_templates as u32).collect();
    sorted.sort_unstable_by(|&a, &b| x[a as usize].total_cmp(&x[b as usize]));
    let column = |k: usize| -> Vec<f64> {
        sorted.iter().map(|&t| x.get(t as usize + k).copied().unwrap_or(f64::NAN)).collect()
    };
    let columns: Vec<Vec<f64>> = (0..=order).map(column).collect();
    let mut counts = [vec![0; n_templates], vec![0; n_templates]];
    let mut alike: Vec<u64> = Vec::new();
    let mut end = 0;
    for i in 0..n_templates {
        end = end.max(i + 1);
        // Rounding keeps the order of differences, so the window only moves forward.
        while end < n_templates && columns[0][end] - columns[0][i] <= tolerance {
            end += 1;
        }
        alike.clear();
        alike.resize(end - i - 1, 1);
        for column in &columns[1..order] {
            narrow(&mut alike, column[i], &column[i + 1..end], tolerance);
        }
        counts[0][i] += tally(&alike, &mut counts[0][i + 1..end]);
        let last = &columns[order];
        narrow(&mut alike, last[i], &last[i + 1..end], tolerance);
        counts[1][i] += tally(&alike, &mut counts[1][i + 1..end]);
    }
    counts
}

fn narrow(alike: &mut [u64], value: f64, others: &[f64], tolerance: f64) {
    for (alike, other) in alike.iter_mut().zip(others) {
        *alike &= u64::from((value - other).abs() <= tolerance);
    }
}

/// Adds each match to the other's count and returns their number.
fn tally(alike: &[u64], others: &mut [u64]) -> u64 {
    let mut sum = 0;
    for (alike, count) in alike.iter().zip(others) {
        *count += alike;
        sum += alike;
    }
    sum
}

/// Sample entropy of ever coarser averages of a signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Multiscale {
    /// Sample entropy at scale 1, 2, ...; absent where no stretches are alike.
    pub entropies: Vec<Option<f64>>,
    /// Area under the present values by trapezoids, over their number.
    pub index: f64,
}

/// [`sample_entropy`] of the signal averaged over 1, 2, ... `n_scales` samples without overlap.
///
/// `tolerance` stays that of the whole signal, in its unit; NeuroKit2 takes 0.2 sample standard
/// deviations and `order` 3. Differences equal to the tolerance are alike. Noise falls with scale, 1/f
/// signals stay. Wants 100 samples or more at the coarsest scale. Cost of one sample entropy plus a
/// quarter, a ninth, ... of it.
///
/// # Source
/// Costa, Goldberger and Peng 2002, Phys. Rev. Lett. 89:068102. Equal to
/// `neurokit2.entropy_multiscale(method="MSEn")`.
///
/// ```
/// use clx_signal::{complexity::multiscale_entropy, rng::SplitMix64};
/// let mut rng = SplitMix64::new(2);
/// let noise: Vec<f64> = (0..2000).map(|_| rng.next_normal()).collect();
/// let scales = multiscale_entropy(&noise, 2, 0.2, 5).unwrap().entropies;
/// assert!(scales[0] > scales[4]);
/// ```
pub fn multiscale_entropy(
    x: &[f64],
    order: usize,
    tolerance: f64,
    n_scales: usize,
) -> Option<Multiscale> {
    let coarse = |scale: usize| -> Vec<f64> {
        x.chunks_exact(scale).map(|c| c.iter().sum::<f64>() / scale as f64).collect()
    };
    if !varies(x, order.checked_add(2)?) {
        return None;
    }
    let entropies: Vec<Option<f64>> = (1..=n_scales.min(x.len() / (order + 2)))
        .map(|scale| sample_entropy_within(&coarse(scale), order, tolerance))
        .collect();
    let present: Vec<f64> = entropies.iter().copied().flatten().collect();
    if present.is_empty() {
        return None;
    }
    let area: f64 = present.windows(2).map(|w| (w[0] + w[1]) / 2.0).sum();
    Some(Multiscale { entropies, index: area / present.len() as f64 })
}
