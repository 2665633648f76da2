//! Channels that resemble no other, and channels that are flat for a while.

use clx_signal::SampleRate;

use super::robust::{mad, quantile};
use super::{BadChannelParams, BadChannels, BadReason};

/// Percentile of the absolute correlations that stands for the largest, so that one shorted neighbour
/// does not count. Bigdely-Shamlo et al. 2015.
const ALMOST_LARGEST: f64 = 0.98;

pub(super) fn judge(
    data: &[Vec<f64>],
    slow: &[Vec<f64>],
    rate: SampleRate,
    usable: &[usize],
    params: &BadChannelParams,
    found: &mut BadChannels,
) {
    let n = data.first().map_or(0, Vec::len);
    let window = (params.correlation_window_s * rate.hz()) as usize;
    if window < 2 || n <= window + 1 {
        return;
    }
    let n_windows = (n - window - 1).div_ceil(window);
    let mut low = vec![0_usize; usable.len()];
    let mut flat = vec![0_usize; usable.len()];
    for w in 0..n_windows {
        let at = w * window..(w + 1) * window;
        // A dropout is seen before the low-pass, which turns a constant into a decaying ripple.
        let stretches: Vec<&[f64]> = slow
            .iter()
            .zip(data)
            .map(|(x, raw)| if mad(&raw[at.clone()]) > 0.0 { &x[at.clone()] } else { &[][..] })
            .collect();
        for (k, largest) in largest_correlations(&stretches).into_iter().enumerate() {
            match largest {
                Some(r) if r < params.correlation_min => low[k] += 1,
                Some(_) => {}
                None => {
                    flat[k] += 1;
                    low[k] += 1;
                }
            }
        }
    }
    let share = |count: usize| count as f64 / n_windows as f64;
    for (k, &i) in usable.iter().enumerate() {
        let verdict = &mut found.channels[i];
        verdict.low_correlation_share = Some(share(low[k]));
        verdict.dropout_share = Some(share(flat[k]));
        if share(low[k]) > params.bad_window_share {
            verdict.reasons.push(BadReason::LowCorrelation);
        }
        if share(flat[k]) > params.bad_window_share {
            verdict.reasons.push(BadReason::Dropout);
        }
    }
}

/// For each stretch the almost largest absolute correlation with the others; `None` for a flat one.
fn largest_correlations(stretches: &[&[f64]]) -> Vec<Option<f64>> {
    let units: Vec<Option<Vec<f64>>> = stretches.iter().map(|x| unit(x)).collect();
    let n_live = units.iter().flatten().count();
    let mut correlations = vec![Vec::with_capacity(n_live); units.len()];
    for (a, x) in units.iter().enumerate() {
        for (b, y) in units.iter().enumerate().take(a) {
            if let (Some(x), Some(y)) = (x, y) {
                let r = x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>().abs();
                correlations[a].push(r);
                correlations[b].push(r);
            }
        }
    }
    let largest = |(unit, mut r): (&Option<Vec<f64>>, Vec<f64>)| {
        unit.as_ref()?;
        // Its own place counts as no resemblance, as in PREP.
        r.push(0.0);
        Some(quantile(&mut r, ALMOST_LARGEST))
    };
    units.iter().zip(correlations).map(largest).collect()
}

/// Mean removed, length 1; `None` where half of the samples equal their median.
fn unit(x: &[f64]) -> Option<Vec<f64>> {
    if x.is_empty() || mad(x) == 0.0 {
        return None;
    }
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    let norm = x.iter().map(|v| (v - mean).powi(2)).sum::<f64>().sqrt();
    Some(x.iter().map(|v| (v - mean) / norm).collect())
}
