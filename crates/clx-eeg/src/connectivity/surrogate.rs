//! Thresholds from epochs shuffled independently in every channel.

use std::ops::Range;

use clx_signal::rng::SplitMix64;
use clx_signal::{Epochs, SignalError};

use super::cross::Pass;
use super::{BandConnectivity, SurrogateParams, Watch, threshold_of};

/// Sets the threshold of every result: the `level` percentile, over the shuffles, of the largest
/// absolute value of all pairs, so that the chance that any pair passes is `1 - level` (Nichols and
/// Holmes 2002, Hum. Brain Mapp. 15:1-25). Whether it was finished.
pub(super) fn set_thresholds(
    results: &mut [BandConnectivity],
    pass: &mut Pass,
    epochs: &Epochs,
    bins: &[Range<usize>],
    params: SurrogateParams,
    watch: &mut Watch<'_>,
) -> Result<bool, SignalError> {
    let mut rng = SplitMix64::new(params.seed);
    let mut largest = vec![Vec::with_capacity(params.count); results.len()];
    for _ in 0..params.count {
        let orders: Vec<Vec<usize>> =
            (0..epochs.n_channels()).map(|_| shuffled(epochs.len(), &mut rng)).collect();
        let order = |channel: usize, epoch: usize| orders[channel][epoch];
        let Some(sums) = pass.run(epochs, order, watch)? else { return Ok(false) };
        for (i, (result, largest)) in results.iter().zip(&mut largest).enumerate() {
            let values = sums.band_values(result.measure, bins[i % bins.len()].clone());
            largest.push(values.iter().fold(0.0_f64, |m, v| m.max(v.abs())));
        }
    }
    for (result, largest) in results.iter_mut().zip(largest) {
        result.threshold = threshold_of(&largest, params.level);
        result.chance = largest;
    }
    Ok(true)
}

/// Fisher and Yates.
pub(crate) fn shuffled(n: usize, rng: &mut SplitMix64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        order.swap(i, rng.next_index(i + 1));
    }
    order
}
