//! Cluster-based permutation tests: where and when two conditions differ, corrected for looking
//! everywhere.

use clx_signal::rng::SplitMix64;
use clx_signal::{SignalError, student};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EegError;

mod adjacency;
mod find;
mod statistic;

pub use adjacency::Adjacency;
use find::Finder;
use statistic::{OneSample, TwoSample};

/// Settings of the tests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClusterParams {
    pub tail: Tail,
    pub threshold: Threshold,
    /// Permutations, the observed data included. If there are fewer different ones, all are done and the
    /// test is exact.
    #[schemars(range(min = 10, max = 1_000_000))]
    pub n_permutations: usize,
    pub seed: u64,
}

impl Default for ClusterParams {
    fn default() -> Self {
        Self {
            tail: Tail::Both,
            threshold: Threshold::Probability(0.05),
            n_permutations: 1024,
            seed: 0,
        }
    }
}

/// Which differences are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tail {
    Both,
    Positive,
    Negative,
}

/// What makes a point part of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// The t value that is exceeded with this probability at one point (over both tails).
    Probability(f64),
    /// This t value; above zero, also for the negative tail.
    Value(f64),
    /// Threshold-free enhancement: every point is scored by the clusters that hold it at thresholds `start`,
    /// `start + step`, ..., by `height² · size^½ · step` (Smith and Nichols 2009, NeuroImage 44:83-98).
    Tfce { start: f64, step: f64 },
}

/// Outcome of a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClusterTest {
    /// t value of every point, channel by channel, in a channel sample by sample. Zero where the
    /// observations do not vary.
    pub t: Vec<f64>,
    /// Clusters by p value, smallest first. Empty with threshold-free enhancement.
    pub clusters: Vec<Cluster>,
    /// Score of every point, zero or above; only with threshold-free enhancement.
    pub point_score: Option<Vec<f64>>,
    /// p value of every point; only with threshold-free enhancement.
    pub point_p: Option<Vec<f64>>,
    /// The threshold that was used; absent with threshold-free enhancement.
    pub threshold_t: Option<f64>,
    pub df: f64,
    /// Permutations done, the observed data included.
    pub n_permutations: usize,
    /// All permutations were done.
    pub exact: bool,
}

/// Neighbouring points on the same side of the threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cluster {
    /// Channel and sample of each point, in order.
    pub points: Vec<[usize; 2]>,
    /// Sum of the t values.
    pub mass: f64,
    /// Share of permutations whose most extreme cluster is at least as extreme. It speaks for the
    /// cluster as a whole, not for its edges (Sassenhagen and Draschkow 2019, Psychophysiology 56:e13335).
    pub p_value: f64,
}

/// Tests whether the mean of observations differs from zero anywhere: one sample or paired
/// differences.
///
/// `observations`: one per subject or epoch, `n_channels × n_samples` channel by channel. The signs of
/// whole observations are permuted. Time neighbours are adjacent; channels as `adjacency` says. Cost:
/// permutations × observations × points.
///
/// # Errors
/// [`EegError::Signal`] for fewer than two observations, unequal shapes, values that are not finite, or a
/// parameter out of range.
///
/// # Source
/// Maris and Oostenveld 2007, J. Neurosci. Methods 164:177-190. Equal to
/// `mne.stats.permutation_cluster_1samp_test` in clusters and masses.
///
/// ```
/// use clx_eeg::cluster::{one_sample, Adjacency, ClusterParams};
/// use clx_signal::rng::SplitMix64;
/// let mut rng = SplitMix64::new(3);
/// // Ten observations of one channel; samples 20 to 29 are raised.
/// let observations: Vec<Vec<f64>> = (0..10)
///     .map(|_| (0..60).map(|t| rng.next_normal() + if (20..30).contains(&t) { 2.0 } else { 0.0 }).collect())
///     .collect();
/// let test = one_sample(&observations, &Adjacency::none(1), &ClusterParams::default())?;
/// assert!(test.clusters[0].p_value < 0.05 && test.clusters[0].points.contains(&[0, 25]));
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
pub fn one_sample(
    observations: &[Vec<f64>],
    adjacency: &Adjacency,
    params: &ClusterParams,
) -> Result<ClusterTest, EegError> {
    let n_samples = check(&[observations], adjacency, params, 2)?;
    let n = observations.len();
    let statistic = OneSample::new(observations);
    let df = (n - 1) as f64;
    let mut finder = Finder::new(adjacency, n_samples, params, df)?;
    let mut t = vec![0.0; observations[0].len()];
    statistic.t(&vec![1.0; n], &mut t);
    // Turning all signs gives the same two-sided test, so half of them are enough.
    let free = if params.tail == Tail::Both { n - 1 } else { n };
    let all = 1_u64.checked_shl(free as u32).filter(|all| *all <= params.n_permutations as u64);
    let n_permutations = all.map_or(params.n_permutations, |all| all as usize);
    let mut rng = SplitMix64::new(params.seed);
    let mut signs = vec![1.0; n];
    let extremes = (1..n_permutations)
        .map(|i| {
            for (k, sign) in signs.iter_mut().enumerate() {
                let turn = match all {
                    Some(_) => i >> k & 1 == 1,
                    None => rng.next_u64() >> 63 == 1,
                };
                *sign = if turn { -1.0 } else { 1.0 };
            }
            let mut surrogate = vec![0.0; t.len()];
            statistic.t(&signs, &mut surrogate);
            finder.extreme(&surrogate)
        })
        .collect();
    Ok(finder.conclude(t, df, extremes, all.is_some()))
}

/// Tests whether two groups of observations differ anywhere: Student's t with pooled variance.
///
/// As [`one_sample`]; observations change sides in the permutations, which are always drawn.
///
/// # Errors
/// As [`one_sample`].
pub fn two_sample(
    a: &[Vec<f64>],
    b: &[Vec<f64>],
    adjacency: &Adjacency,
    params: &ClusterParams,
) -> Result<ClusterTest, EegError> {
    let n_samples = check(&[a, b], adjacency, params, 3)?;
    let statistic = TwoSample::new(a, b);
    let df = (a.len() + b.len() - 2) as f64;
    let mut finder = Finder::new(adjacency, n_samples, params, df)?;
    let mut order: Vec<usize> = (0..a.len() + b.len()).collect();
    let mut t = vec![0.0; a[0].len()];
    statistic.t(&order[..a.len()], &mut t);
    let mut rng = SplitMix64::new(params.seed);
    let extremes = (1..params.n_permutations)
        .map(|_| {
            // Fisher and Yates's shuffle.
            for i in (1..order.len()).rev() {
                order.swap(i, rng.next_index(i + 1));
            }
            let mut surrogate = vec![0.0; t.len()];
            statistic.t(&order[..a.len()], &mut surrogate);
            finder.extreme(&surrogate)
        })
        .collect();
    Ok(finder.conclude(t, df, extremes, false))
}

/// Samples per channel, if everything fits together.
fn check(
    sides: &[&[Vec<f64>]],
    adjacency: &Adjacency,
    params: &ClusterParams,
    needed: usize,
) -> Result<usize, EegError> {
    let n: usize = sides.iter().map(|s| s.len()).sum();
    if n < needed || sides.iter().any(|s| s.is_empty()) {
        return Err(refuse("observations", "at least two, three for two groups", n));
    }
    let size = sides[0][0].len();
    let n_samples = size / adjacency.n_channels();
    if size == 0 || n_samples * adjacency.n_channels() != size {
        return Err(refuse("observations", "channels times samples", size));
    }
    for observation in sides.iter().flat_map(|s| s.iter()) {
        if observation.len() != size {
            return Err(refuse("observations", "equally long", observation.len()));
        }
        if let Some(v) = observation.iter().find(|v| !v.is_finite()) {
            return Err(refuse("observations", "finite", v));
        }
    }
    if !(10..=1_000_000).contains(&params.n_permutations) {
        return Err(refuse("n_permutations", "10 to 1000000", params.n_permutations));
    }
    match params.threshold {
        Threshold::Probability(p) if !(p > 0.0 && p < 1.0) => {
            Err(refuse("threshold", "a probability", p))
        }
        Threshold::Value(t) if !(t > 0.0 && t.is_finite()) => {
            Err(refuse("threshold", "above 0", t))
        }
        Threshold::Tfce { start, step } if !(start >= 0.0 && step >= 0.001) => {
            Err(refuse("threshold", "start from 0, step from 0.001", format!("{start}, {step}")))
        }
        _ => Ok(n_samples),
    }
}

fn refuse(name: &'static str, expected: &'static str, got: impl ToString) -> EegError {
    SignalError::Parameter { name, expected, got: got.to_string() }.into()
}

/// The t value of a threshold given as a probability.
fn critical_t(p: f64, tail: Tail, df: f64) -> Result<f64, EegError> {
    let one_sided = if tail == Tail::Both { p / 2.0 } else { p };
    student::t_quantile(1.0 - one_sided, df)
        .filter(|t| *t > 0.0)
        .ok_or_else(|| refuse("threshold", "a probability below one half", p))
}
