use clx_signal::complexity::sample_entropy;
use clx_signal::linear::fit_line;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AbsentFigure, note, standard_deviation};

/// Box sizes of the short-term exponent, beats. Peng et al. 1995, Chaos 5:82-87.
const SHORT: [usize; 2] = [4, 11];
/// First box size of the long-term exponent. Same; the last one is a tenth of the beats.
const LONG: usize = 12;
/// Intervals below which sample entropy is not given. Richman and Moorman 2000: 10^m to 20^m, m = 2.
const ENTROPY_INTERVALS: usize = 200;
/// Intervals below which the short-term exponent is not given: ten boxes of the largest size.
const DFA_INTERVALS: usize = 110;

/// Figures of the order of the intervals.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NonlinearDomain {
    /// Width of the Poincaré plot across the line of identity.
    pub sd1_ms: Option<f64>,
    /// Width along it.
    pub sd2_ms: Option<f64>,
    pub sd1_sd2: Option<f64>,
    /// Sample entropy, m = 2, r = 0.2 SD.
    pub sample_entropy: Option<f64>,
    /// Short-term exponent of detrended fluctuation.
    pub dfa_alpha1: Option<f64>,
    /// Long-term exponent.
    pub dfa_alpha2: Option<f64>,
}

pub(super) fn measure(rr_ms: &[f64], absent: &mut Vec<AbsentFigure>) -> NonlinearDomain {
    let n = rr_ms.len();
    let turned = |sign: f64| -> Vec<f64> {
        rr_ms.windows(2).map(|w| (w[0] + sign * w[1]) / 2_f64.sqrt()).collect()
    };
    let sd1_ms = standard_deviation(&turned(-1.0));
    let sd2_ms = standard_deviation(&turned(1.0));
    if sd1_ms.is_none() {
        note(absent, "sd1_ms, sd2_ms", format!("need at least 3 intervals, got {n}"));
    }
    let sample_entropy = (n >= ENTROPY_INTERVALS)
        .then(|| standard_deviation(rr_ms).and_then(|sd| sample_entropy(rr_ms, 2, 0.2 * sd)))
        .flatten();
    if sample_entropy.is_none() {
        let reason = format!("needs {ENTROPY_INTERVALS} intervals that vary and repeat, got {n}");
        note(absent, "sample_entropy", reason);
    }
    let dfa_alpha1 = (n >= DFA_INTERVALS).then(|| exponent(rr_ms, SHORT[0], SHORT[1])).flatten();
    if dfa_alpha1.is_none() {
        note(absent, "dfa_alpha1", format!("needs {DFA_INTERVALS} intervals that vary, got {n}"));
    }
    // An octave of box sizes is the least that makes a line.
    let longest = (n + 1) / 10;
    let dfa_alpha2 = (longest >= 2 * LONG).then(|| exponent(rr_ms, LONG, longest)).flatten();
    if dfa_alpha2.is_none() {
        note(absent, "dfa_alpha2", format!("needs {} intervals that vary, got {n}", 20 * LONG - 1));
    }
    NonlinearDomain {
        sd1_ms,
        sd2_ms,
        sd1_sd2: sd1_ms.zip(sd2_ms).filter(|(_, sd2)| *sd2 > 0.0).map(|(sd1, sd2)| sd1 / sd2),
        sample_entropy,
        dfa_alpha1,
        dfa_alpha2,
    }
}

/// Slope of log fluctuation over log box size, for every size from `smallest` to `largest`.
///
/// Half-overlapping boxes, lines taken off, as NeuroKit2 `fractal_dfa`.
fn exponent(rr_ms: &[f64], smallest: usize, largest: usize) -> Option<f64> {
    let mean = rr_ms.iter().sum::<f64>() / rr_ms.len() as f64;
    let mut level = 0.0;
    let walk: Vec<f64> = rr_ms
        .iter()
        .map(|rr| {
            level += rr - mean;
            level
        })
        .collect();
    let (mut sizes, mut fluctuations) = (Vec::new(), Vec::new());
    for size in smallest..=largest {
        let starts = (0..walk.len().saturating_sub(size)).step_by(size / 2);
        let variances: Vec<f64> = starts
            .map(|at| residual_variance(&walk[at..at + size]))
            .filter(|&v| v > 1e-8)
            .collect();
        let mean = variances.iter().sum::<f64>() / variances.len() as f64;
        if mean.is_finite() {
            sizes.push((size as f64).log2());
            fluctuations.push(mean.sqrt().log2());
        }
    }
    fit_line(&sizes, &fluctuations).map(|line| line.slope)
}

/// Variance of what a line leaves of equally spaced values.
fn residual_variance(x: &[f64]) -> f64 {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let (mut with_time, mut of_time, mut total) = (0.0, 0.0, 0.0);
    for (i, v) in x.iter().enumerate() {
        let t = i as f64 - (n - 1.0) / 2.0;
        with_time += t * (v - mean);
        of_time += t * t;
        total += (v - mean).powi(2);
    }
    (total - with_time * with_time / of_time).max(0.0) / n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_of_noise_and_of_a_walk_equal_neurokit() {
        let mut rng = clx_signal::rng::SplitMix64::new(11);
        let white: Vec<f64> = (0..4000).map(|_| 800.0 + 40.0 * rng.next_normal()).collect();
        let mut level = 800.0;
        let walk: Vec<f64> = (0..4000)
            .map(|_| {
                level += 5.0 * rng.next_normal();
                level
            })
            .collect();
        // NeuroKit2 0.2.13: fractal_dfa(x, scale=np.arange(12, 401)) of the same numbers.
        assert!((exponent(&white, 12, 400).unwrap() - 0.582_231_917_831_5).abs() < 1e-9);
        assert!((exponent(&walk, 12, 400).unwrap() - 1.484_399_386_865_7).abs() < 1e-9);
    }
}
