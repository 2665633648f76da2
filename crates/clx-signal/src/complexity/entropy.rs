use realfft::RealFftPlanner;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::varies;

/// A Shannon entropy in bits, and its share of the largest one possible.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entropy {
    pub bits: f64,
    /// `0..=1`: bits over the logarithm of the number of outcomes.
    pub normalised: f64,
}

impl Entropy {
    /// Of weights that need not sum to one; `None` if they sum to nothing or are not finite.
    pub(super) fn of_weights(weights: &[f64], n_outcomes: f64) -> Option<Self> {
        let total: f64 = weights.iter().sum();
        if !(total > 0.0 && total.is_finite() && n_outcomes > 1.0) {
            return None;
        }
        let plogp = |w: &f64| if *w > 0.0 { w / total * (w / total).log2() } else { 0.0 };
        let bits = (-weights.iter().map(plogp).sum::<f64>()).max(0.0);
        Some(Self { bits, normalised: bits / n_outcomes.log2() })
    }
}

/// Entropy of the order in which `order` values, `delay` samples apart, follow each other.
///
/// Each of the `n - (order-1)·delay` windows has one of `order!` rankings; equal values rank by
/// time, so many ties bias the entropy down. Wants many more windows than rankings (`5·order!`).
/// O(n·order²); `order` 2 to 12.
///
/// # Source
/// Bandt and Pompe 2002, Phys. Rev. Lett. 88:174102. Equal to `antropy.perm_entropy`.
///
/// ```
/// use clx_signal::complexity::permutation_entropy;
/// // Of the six pairs four rise and two fall: h(1/3).
/// let x = [4.0, 7.0, 9.0, 10.0, 6.0, 11.0, 3.0];
/// assert!((permutation_entropy(&x, 2, 1).unwrap().bits - 0.918_295_834).abs() < 1e-9);
/// assert_eq!(permutation_entropy(&[1.0; 9], 3, 1), None);
/// ```
pub fn permutation_entropy(x: &[f64], order: usize, delay: usize) -> Option<Entropy> {
    if !(2..=12).contains(&order) || delay == 0 {
        return None;
    }
    let span = (order - 1).checked_mul(delay)?;
    if !varies(x, span.checked_add(1)?) {
        return None;
    }
    let n = x.len() - span;
    let counts = match order {
        2 => count_patterns::<2>(x, delay, n),
        3 => count_patterns::<3>(x, delay, n),
        4 => count_patterns::<4>(x, delay, n),
        5 => count_patterns::<5>(x, delay, n),
        6 => count_patterns::<6>(x, delay, n),
        _ => sort_patterns(x, order, delay, n),
    };
    let n_patterns: f64 = (1..=order).map(|k| k as f64).product();
    let entropy = Entropy::of_weights(&counts, n_patterns)?;
    Some(Entropy { normalised: entropy.normalised.min(1.0), ..entropy })
}

/// How often each ranking occurs; a ranking is known by the outcome of all comparisons of a pair.
fn count_patterns<const ORDER: usize>(x: &[f64], delay: usize, n: usize) -> Vec<f64> {
    let columns: [&[f64]; ORDER] = std::array::from_fn(|k| &x[k * delay..][..n]);
    let mut counts = vec![0_u32; 1 << (ORDER * (ORDER - 1) / 2)];
    (0..n).for_each(|t| {
        let values: [f64; ORDER] = std::array::from_fn(|k| columns[k][t]);
        let mut key = 0;
        for i in 0..ORDER {
            for j in i + 1..ORDER {
                key = (key << 1) | usize::from(values[i] <= values[j]);
            }
        }
        counts[key] += 1;
    });
    counts.into_iter().map(f64::from).collect()
}

fn sort_patterns(x: &[f64], order: usize, delay: usize, n: usize) -> Vec<f64> {
    let key = |t: usize| {
        let mut key = 0_u128;
        for i in 0..order {
            for j in i + 1..order {
                key = (key << 1) | u128::from(x[t + i * delay] <= x[t + j * delay]);
            }
        }
        key
    };
    let mut keys: Vec<u128> = (0..n).map(key).collect();
    keys.sort_unstable();
    keys.chunk_by(|a, b| a == b).map(|run| run.len() as f64).collect()
}

/// Entropy of a power spectrum taken as a distribution over its bins.
///
/// `density`: power per bin, any unit, 0 Hz included. Depends on the number of bins and so on window
/// and rate; the entropy of [`Welch`](crate::welch::Welch) and of one periodogram differ.
/// O(n).
///
/// # Source
/// Inouye et al. 1991, Electroencephalogr. Clin. Neurophysiol. 79:204-210. Equal to
/// `antropy.spectral_entropy` on the same spectrum.
///
/// ```
/// use clx_signal::complexity::spectral_entropy;
/// assert_eq!(spectral_entropy(&[1.0; 4]).unwrap().bits, 2.0);
/// assert_eq!(spectral_entropy(&[0.0; 4]), None);
/// ```
pub fn spectral_entropy(density: &[f64]) -> Option<Entropy> {
    if density.iter().any(|p| *p < 0.0 || !p.is_finite()) {
        return None;
    }
    Entropy::of_weights(density, density.len() as f64)
}

/// [`spectral_entropy`] of the periodogram of a whole signal: mean removed, no window, one-sided.
///
/// Equal to `antropy.spectral_entropy(method="fft")`. O(n log n).
///
/// ```
/// use clx_signal::complexity::periodogram_entropy;
/// let sine: Vec<f64> = (0..256).map(|i| (i as f64 * std::f64::consts::TAU / 16.0).sin()).collect();
/// assert!(periodogram_entropy(&sine).unwrap().bits < 1e-12); // all power in one bin
/// ```
pub fn periodogram_entropy(x: &[f64]) -> Option<Entropy> {
    if !varies(x, 2) {
        return None;
    }
    let n = x.len();
    let mean = x.iter().sum::<f64>() / n as f64;
    let fft = RealFftPlanner::<f64>::new().plan_fft_forward(n);
    let mut work: Vec<f64> = x.iter().map(|v| v - mean).collect();
    let mut spectrum = fft.make_output_vec();
    fft.process(&mut work, &mut spectrum).ok()?;
    let last = spectrum.len() - 1;
    let two_sided = |k: usize| k > 0 && (k < last || n % 2 == 1);
    let power: Vec<f64> = spectrum
        .iter()
        .enumerate()
        .map(|(k, z)| z.norm_sqr() * if two_sided(k) { 2.0 } else { 1.0 })
        .collect();
    spectral_entropy(&power)
}
