//! Channels that are not what random subsets of the others predict for their place.

use clx_signal::rng::SplitMix64;
use clx_signal::{Finding, SampleRate, Severity};

use super::robust::median_in_place;
use super::{BadChannels, BadReason, RansacParams};
use crate::interpolate::spline_interpolation;

/// Fewest channels in a subset: with three or less the spline is little more than their mean. As PREP.
const MIN_SUBSET: usize = 4;

pub(super) fn judge(
    slow: &[Vec<f64>],
    rate: SampleRate,
    positions: Option<&[[f64; 3]]>,
    usable: &[usize],
    params: &RansacParams,
    found: &mut BadChannels,
) {
    // Channels bad by these would spoil the predictions of the others.
    let spoils = |r: &BadReason| {
        matches!(r, BadReason::Deviation | BadReason::LowCorrelation | BadReason::Dropout)
    };
    let good: Vec<usize> = (0..usable.len())
        .filter(|&k| !found.channels[usable[k]].reasons.iter().any(spoils))
        .collect();
    let n_subset = (params.subset_share * slow.len() as f64).round_ties_even() as usize;
    let n = slow.first().map_or(0, Vec::len);
    let window = (params.window_s * rate.hz()) as usize;
    let n_windows = if window == 0 { 0 } else { n.saturating_sub(window).div_ceil(window) };
    let trouble = if positions.is_none() {
        Some("there are no electrode positions".to_owned())
    } else if n_subset < MIN_SUBSET {
        Some(format!("{} usable channels are too few", slow.len()))
    } else if good.len() < n_subset + 1 {
        Some(format!("only {} channels are good by the other criteria", good.len()))
    } else if n_windows == 0 {
        Some("the recording is shorter than two windows".to_owned())
    } else {
        None
    };
    let places: Vec<[f64; 3]> =
        positions.map(|p| good.iter().map(|&k| p[usable[k]]).collect()).unwrap_or_default();
    let predictors = if trouble.is_none() { subsets(&places, n_subset, params) } else { None };
    let Some(predictors) = predictors else {
        let cause = trouble.unwrap_or_else(|| "a position is no place on a head".to_owned());
        let message = format!("channels were not predicted from each other: {cause}");
        found.findings.push(Finding::new("bads.ransac_skipped", Severity::Info, message));
        return;
    };
    let mut low = vec![0_usize; good.len()];
    for w in 0..n_windows {
        let stretches: Vec<&[f64]> =
            good.iter().map(|&k| &slow[k][w * window..(w + 1) * window]).collect();
        for (k, low) in low.iter_mut().enumerate() {
            let predicted = median_prediction(&predictors, k, &stretches);
            let r = correlation(stretches[k], &predicted);
            if r.is_nan() || r < params.correlation_min {
                *low += 1;
            }
        }
    }
    for (&k, low) in good.iter().zip(low) {
        let share = low as f64 / n_windows as f64;
        let verdict = &mut found.channels[usable[k]];
        verdict.ransac_share = Some(share);
        if share > params.bad_window_share {
            verdict.reasons.push(BadReason::Ransac);
        }
    }
}

/// A random subset and, per channel, the weights of its members.
struct Predictor {
    members: Vec<usize>,
    weights: crate::SpatialFilter,
}

/// `None` if a position cannot be used.
fn subsets(places: &[[f64; 3]], n_subset: usize, params: &RansacParams) -> Option<Vec<Predictor>> {
    let mut rng = SplitMix64::new(params.seed);
    let draw = |_| {
        let mut members: Vec<usize> = (0..places.len()).collect();
        for i in 0..n_subset {
            let other = i + rng.next_index(members.len() - i);
            members.swap(i, other);
        }
        members.truncate(n_subset);
        let from: Vec<[f64; 3]> = members.iter().map(|&k| places[k]).collect();
        let weights = spline_interpolation(&from, places).ok()?;
        Some(Predictor { members, weights })
    };
    (0..params.n_subsets).map(draw).collect()
}

/// Sample by sample the median over all subsets.
fn median_prediction(predictors: &[Predictor], channel: usize, stretches: &[&[f64]]) -> Vec<f64> {
    let n = stretches[channel].len();
    let mut predictions = vec![0.0; n * predictors.len()];
    let mut sum = vec![0.0; n];
    for (p, predictor) in predictors.iter().enumerate() {
        sum.fill(0.0);
        for (&member, weight) in predictor.members.iter().zip(predictor.weights.row(channel)) {
            sum.iter_mut().zip(stretches[member]).for_each(|(s, x)| *s += weight * x);
        }
        sum.iter().enumerate().for_each(|(t, s)| predictions[t * predictors.len() + p] = *s);
    }
    predictions.chunks_mut(predictors.len()).map(median_in_place).collect()
}

fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (mx, my) = (mean(x), mean(y));
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        xx += (x - mx).powi(2);
        xy += (x - mx) * (y - my);
        yy += (y - my).powi(2);
    }
    xy / (xx * yy).sqrt()
}
