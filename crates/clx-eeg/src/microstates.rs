//! Microstates: the few topographies among which the scalp field switches, and for how long each stays.

use clx_signal::rng::SplitMix64;
use clx_signal::{SampleRate, SignalError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EegError;

mod backfit;
mod kmeans;
mod select;
mod statistics;

pub use backfit::{SegmentParams, segment};
pub use kmeans::{ClusterFit, fit_from};
pub use select::{ModelFit, ModelSelection, compare_models, select_k};
pub use statistics::{MicrostateStatistics, StateStatistics, describe};

/// Most states that are looked for.
const MAX_STATES: usize = 20;

/// Settings of the clustering.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MicrostateParams {
    /// Number of states.
    #[schemars(range(min = 1, max = 20))]
    pub n_states: usize,
    /// Runs from different starts; the one that explains most is taken.
    #[schemars(range(min = 1, max = 1000))]
    pub n_restarts: usize,
    pub max_iterations: usize,
    /// A run ends when the residual falls by less than this share.
    pub tolerance: f64,
    pub seed: u64,
}

impl Default for MicrostateParams {
    fn default() -> Self {
        Self { n_states: 4, n_restarts: 100, max_iterations: 300, tolerance: 1e-6, seed: 0 }
    }
}

impl MicrostateParams {
    /// # Errors
    /// [`EegError::Signal`] naming the parameter that is out of range.
    pub fn check(&self) -> Result<(), EegError> {
        if !(1..=MAX_STATES).contains(&self.n_states) {
            return Err(refuse("n_states", "1 to 20", self.n_states));
        }
        if !(1..=1000).contains(&self.n_restarts) {
            return Err(refuse("n_restarts", "1 to 1000", self.n_restarts));
        }
        if !(1..=100_000).contains(&self.max_iterations) {
            return Err(refuse("max_iterations", "1 to 100000", self.max_iterations));
        }
        if !(self.tolerance > 0.0 && self.tolerance < 1.0) {
            return Err(refuse("tolerance", "between 0 and 1", self.tolerance));
        }
        Ok(())
    }
}

/// Topographies and how well they explain the maps they were made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Microstates {
    /// Unit length, one value per channel; the sign is arbitrary. By explained variance, largest first.
    pub maps: Vec<Vec<f64>>,
    /// Global explained variance of the maps given, `0..=1`.
    pub gev: f64,
    /// Runs that settled within the allowed iterations.
    pub n_converged: usize,
}

/// Scalp maps, one after another: the input of the clustering.
#[derive(Clone, Debug, PartialEq)]
pub struct Maps {
    n_channels: usize,
    /// Map by map, channel by channel.
    values: Vec<f64>,
}

impl Maps {
    /// The maps at these samples of a recording; all samples if `None`.
    ///
    /// `samples`: `n_channels × n_samples`. The mean over channels is not removed: reference to the average
    /// first.
    ///
    /// # Errors
    /// [`EegError::NoChannel`] for fewer than two channels, [`EegError::Ragged`] for unequal lengths,
    /// [`EegError::Signal`] for values that are not finite or samples out of range.
    pub fn at(samples: &[Vec<f32>], picks: Option<&[usize]>) -> Result<Self, EegError> {
        let n_samples = check(samples)?;
        let whole: Vec<usize>;
        let picks = match picks {
            Some(picks) => picks,
            None => {
                whole = (0..n_samples).collect();
                &whole
            }
        };
        if let Some(&t) = picks.iter().find(|&&t| t >= n_samples) {
            return Err(refuse("picks", "samples of the recording", t));
        }
        let values = picks.iter().flat_map(|&t| samples.iter().map(move |x| f64::from(x[t])));
        Ok(Self { n_channels: samples.len(), values: values.collect() })
    }

    pub fn len(&self) -> usize {
        self.values.len() / self.n_channels
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn n_channels(&self) -> usize {
        self.n_channels
    }

    fn iter(&self) -> impl Iterator<Item = &[f64]> + Clone {
        self.values.chunks_exact(self.n_channels)
    }

    fn map(&self, i: usize) -> &[f64] {
        &self.values[i * self.n_channels..][..self.n_channels]
    }
}

/// Samples at which the global field power has a local maximum; a plateau counts once, at its middle.
///
/// `samples`: `n_channels × n_samples` of EEG, any unit. Global field power: standard deviation over
/// channels.
///
/// # Errors
/// As [`Maps::at`].
///
/// ```
/// // Two channels of opposite sign: the field power is their size.
/// let x = vec![0.0, 1.0, 0.0, -2.0, 0.0];
/// let peaks = clx_eeg::microstates::gfp_peaks(&[x.clone(), x.iter().map(|v| -v).collect()])?;
/// assert_eq!(peaks, [1, 3]);
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
pub fn gfp_peaks(samples: &[Vec<f32>]) -> Result<Vec<usize>, EegError> {
    let power = field_power(samples, check(samples)?);
    let mut peaks = Vec::new();
    let mut i = 1;
    while i + 1 < power.len() {
        let end = (i..power.len()).find(|&j| power[j] != power[i]).unwrap_or(power.len());
        if power[i - 1] < power[i] && end < power.len() && power[end] < power[i] {
            peaks.push((i + end - 1) / 2);
        }
        i = end;
    }
    Ok(peaks)
}

/// Standard deviation over channels at each sample.
fn field_power(samples: &[Vec<f32>], n_samples: usize) -> Vec<f64> {
    let n = samples.len() as f64;
    (0..n_samples)
        .map(|t| {
            let mean = samples.iter().map(|x| f64::from(x[t])).sum::<f64>() / n;
            let squares = samples.iter().map(|x| (f64::from(x[t]) - mean).powi(2));
            (squares.sum::<f64>() / n).sqrt()
        })
        .collect()
}

/// Finds the topographies that explain the maps best, by modified k-means from many starts.
///
/// Maps are compared without regard to sign and strength. Feed it the maps at [`gfp_peaks`] of average
/// referenced EEG filtered to about 1-40 Hz. Cost: restarts × iterations × maps × states × channels.
///
/// # Errors
/// [`EegError::Signal`] for a parameter out of range, fewer maps than states, or if no run settled.
///
/// # Source
/// Pascual-Marqui, Michel and Lehmann 1995, IEEE Trans. Biomed. Eng. 42:658-665. Checked against
/// pycrostates in `tests/fixtures/events.py`.
pub fn fit(maps: &Maps, params: &MicrostateParams) -> Result<Microstates, EegError> {
    params.check()?;
    let usable: Vec<usize> =
        (0..maps.len()).filter(|&i| maps.map(i).iter().any(|v| *v != 0.0)).collect();
    if usable.len() < params.n_states {
        return Err(refuse("maps", "at least as many as states", usable.len()));
    }
    let mut rng = SplitMix64::new(params.seed);
    let mut best: Option<ClusterFit> = None;
    let mut n_converged = 0;
    for _ in 0..params.n_restarts {
        let initial = draw(&usable, params.n_states, &mut rng);
        let run = fit_from(maps, &initial, params.max_iterations, params.tolerance)?;
        if run.converged {
            n_converged += 1;
            if best.as_ref().is_none_or(|b| run.gev > b.gev) {
                best = Some(run);
            }
        }
    }
    let best = best.ok_or_else(|| {
        refuse("max_iterations", "enough for one run to settle", params.max_iterations)
    })?;
    Ok(Microstates { maps: best.by_explained_variance(maps), gev: best.gev, n_converged })
}

/// `n` different ones of `from`.
fn draw(from: &[usize], n: usize, rng: &mut SplitMix64) -> Vec<usize> {
    let mut pool = from.to_vec();
    for i in 0..n {
        let other = i + rng.next_index(pool.len() - i);
        pool.swap(i, other);
    }
    pool.truncate(n);
    pool
}

/// Samples per channel.
fn check(samples: &[Vec<f32>]) -> Result<usize, EegError> {
    if samples.len() < 2 {
        return Err(EegError::NoChannel);
    }
    let n = samples[0].len();
    for (channel, x) in samples.iter().enumerate() {
        if x.len() != n {
            return Err(EegError::Ragged { left: n, right: x.len() });
        }
        if let Some(index) = x.iter().position(|v| !v.is_finite()) {
            return Err(SignalError::NotFinite { channel: channel.to_string(), index }.into());
        }
    }
    Ok(n)
}

fn refuse(name: &'static str, expected: &'static str, got: impl ToString) -> EegError {
    SignalError::Parameter { name, expected, got: got.to_string() }.into()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Correlation of two maps over channels; 0 if one of them is flat.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        ab += (x - mean_a) * (y - mean_b);
        aa += (x - mean_a).powi(2);
        bb += (y - mean_b).powi(2);
    }
    let r = ab / (aa * bb).sqrt();
    if r.is_finite() { r } else { 0.0 }
}
