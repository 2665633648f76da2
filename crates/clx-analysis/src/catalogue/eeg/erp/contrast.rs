//! Where and when two conditions differ.

use clx_eeg::cluster::{Adjacency, ClusterParams, two_sample};
use clx_eeg::erp::{Erp, ErpParams, difference};
use clx_signal::{Epochs, Finding, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::AnalysisError;
use crate::catalogue::eeg::prepare::Prepared;

/// Clusters kept, those of the smallest p first.
const MOST_CLUSTERS: usize = 10;
/// Fewest epochs of a side that a test says anything about.
const FEWEST_EPOCHS: usize = 5;
/// Permutations times epochs times points that are done at most: about a minute.
const MOST_WORK: usize = 30_000_000_000;

/// One condition minus another.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Contrast {
    /// The condition that the other is taken from.
    pub(super) minuend: String,
    pub(super) subtrahend: String,
    /// Difference wave with its confidence band (Welch's t).
    pub(super) erp: Erp,
    /// Where the conditions differ, corrected for looking everywhere; at most ten.
    pub(super) clusters: Vec<ContrastCluster>,
    /// Permutations done; absent when no test was made, which a finding explains.
    pub(super) n_permutations: Option<usize>,
}

/// Neighbouring channels and times on one side of the threshold.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct ContrastCluster {
    /// Of the cluster as a whole, not of its edges.
    pub(super) p_value: f64,
    pub(super) tmin_s: f64,
    pub(super) tmax_s: f64,
    pub(super) channels: Vec<String>,
    /// Sum of the t values; its sign tells which condition is larger.
    pub(super) mass: f64,
}

/// The difference wave of two conditions, and its test where there are enough epochs.
pub(super) fn compare(
    sides: [(&str, Epochs); 2],
    prepared: &Prepared,
    permutations: usize,
    seed: u64,
) -> Result<Contrast, AnalysisError> {
    let [(minuend, a), (subtrahend, b)] = sides;
    let names = prepared.names();
    let erp = difference(&a, &b, &names, &ErpParams::default())?;
    let mut contrast = Contrast {
        minuend: minuend.to_owned(),
        subtrahend: subtrahend.to_owned(),
        erp,
        clusters: Vec::new(),
        n_permutations: None,
    };
    let points = a.n_channels() * a.n_samples();
    let work = permutations.saturating_mul((a.len() + b.len()) * points);
    if a.len().min(b.len()) < FEWEST_EPOCHS || work > MOST_WORK {
        return Ok(contrast);
    }
    let adjacency = match prepared.positions() {
        Some(places) => Adjacency::from_positions(&places)?,
        None => Adjacency::none(names.len()),
    };
    let params =
        ClusterParams { n_permutations: permutations.max(10), seed, ..ClusterParams::default() };
    let test = two_sample(&observations(&a), &observations(&b), &adjacency, &params)?;
    contrast.n_permutations = Some(test.n_permutations);
    for cluster in test.clusters.iter().take(MOST_CLUSTERS) {
        let times = cluster.points.iter().map(|point| point[1]);
        let time_s = |sample: usize| a.tmin_s + a.rate.seconds(sample);
        let mut channels: Vec<usize> = cluster.points.iter().map(|point| point[0]).collect();
        channels.dedup();
        contrast.clusters.push(ContrastCluster {
            p_value: cluster.p_value,
            tmin_s: time_s(times.clone().min().unwrap_or(0)),
            tmax_s: time_s(times.max().unwrap_or(0)),
            channels: channels.into_iter().map(|c| names[c].clone()).collect(),
            mass: cluster.mass,
        });
    }
    Ok(contrast)
}

/// What a reader should know of a contrast that was not tested.
pub(super) fn untested(contrast: &Contrast) -> Option<Finding> {
    contrast.n_permutations.is_none().then(|| {
        let text = format!(
            "{} and {} were subtracted but not tested: a test needs {FEWEST_EPOCHS} epochs of each, \
             and permutations × epochs × samples of up to {MOST_WORK}",
            contrast.minuend, contrast.subtrahend
        );
        Finding::new("erp.untested", Severity::Warning, text)
    })
}

/// Epochs in microvolts, channel by channel.
fn observations(epochs: &Epochs) -> Vec<Vec<f64>> {
    let microvolts = |v: &f32| f64::from(*v) * 1e6;
    (0..epochs.len()).map(|i| epochs.epoch(i).iter().map(microvolts).collect()).collect()
}
