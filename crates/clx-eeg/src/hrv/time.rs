use clx_signal::stats;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AbsentFigure, differences, note, standard_deviation};

/// Bin width of the geometric figures, ms. Task Force 1996: 1/128 s.
const BIN_MS: f64 = 7.8125;
/// Beats that the triangular index needs. Task Force 1996: 20 min, about a thousand beats.
const TRIANGULAR_S: f64 = 1200.0;

/// From the median absolute deviation to the standard deviation of a normal distribution, with the
/// four digits that NeuroKit2 uses.
const MAD_TO_SD: f64 = 1.4826;

/// Figures of the intervals as such.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimeDomain {
    pub mean_nn_ms: f64,
    pub median_nn_ms: f64,
    pub min_nn_ms: f64,
    pub max_nn_ms: f64,
    /// 60 000 over the mean interval.
    pub mean_rate_bpm: f64,
    /// Standard deviation of the intervals.
    pub sdnn_ms: f64,
    /// Root mean square of successive differences.
    pub rmssd_ms: f64,
    /// Standard deviation of successive differences; absent below four beats.
    pub sdsd_ms: Option<f64>,
    /// Share of successive differences above 50 ms, over the number of intervals.
    pub pnn50_percent: f64,
    pub pnn20_percent: f64,
    /// SDNN over the mean interval.
    pub cvnn: f64,
    /// RMSSD over the mean interval.
    pub cvsd: f64,
    /// Scaled median absolute deviation.
    pub mad_nn_ms: f64,
    /// Interquartile range.
    pub iqr_nn_ms: f64,
    /// Standard deviation of the means of 5-minute stretches; absent below three stretches.
    pub sdann5_ms: Option<f64>,
    /// Mean of the standard deviations of 5-minute stretches.
    pub sdnni5_ms: Option<f64>,
    /// Number of intervals over the height of their histogram (bins of 1/128 s); absent below
    /// 20 min.
    pub triangular_index: Option<f64>,
}

pub(super) fn measure(rr_ms: &[f64], absent: &mut Vec<AbsentFigure>) -> Option<TimeDomain> {
    let Some(sdnn_ms) = standard_deviation(rr_ms) else {
        note(absent, "time", format!("needs at least 3 beats, got {}", rr_ms.len() + 1));
        return None;
    };
    let differences = differences(rr_ms);
    let mean_nn_ms = stats::mean(rr_ms)?;
    let rmssd_ms = stats::mean(&differences.iter().map(|d| d * d).collect::<Vec<_>>())?.sqrt();
    let above = |limit: f64| {
        let n = differences.iter().filter(|d| d.abs() > limit).count();
        100.0 * n as f64 / rr_ms.len() as f64
    };
    let percentile = |q: f64| stats::percentile(rr_ms, q);
    let duration_s = rr_ms.iter().sum::<f64>() / 1000.0;
    let (sdann5_ms, sdnni5_ms) = stretches(rr_ms, 300.0).unzip();
    if sdann5_ms.is_none() {
        note(
            absent,
            "sdann5_ms, sdnni5_ms",
            format!("need three 5-minute stretches, got {duration_s:.0} s"),
        );
    }
    let triangular_index = (duration_s >= TRIANGULAR_S).then(|| triangular(rr_ms));
    if triangular_index.is_none() {
        note(absent, "triangular_index", format!("needs 20 min, got {duration_s:.0} s"));
    }
    Some(TimeDomain {
        mean_nn_ms,
        median_nn_ms: stats::median(rr_ms)?,
        min_nn_ms: percentile(0.0)?,
        max_nn_ms: percentile(100.0)?,
        mean_rate_bpm: 60_000.0 / mean_nn_ms,
        sdnn_ms,
        rmssd_ms,
        sdsd_ms: standard_deviation(&differences),
        pnn50_percent: above(50.0),
        pnn20_percent: above(20.0),
        cvnn: sdnn_ms / mean_nn_ms,
        cvsd: rmssd_ms / mean_nn_ms,
        // The factor makes it the standard deviation of a normal distribution.
        mad_nn_ms: MAD_TO_SD * stats::mad(rr_ms)?,
        iqr_nn_ms: percentile(75.0)? - percentile(25.0)?,
        sdann5_ms,
        sdnni5_ms,
        triangular_index,
    })
}

/// Deviation of the means, and mean of the deviations, of stretches of `window_s`.
fn stretches(rr_ms: &[f64], window_s: f64) -> Option<(f64, f64)> {
    let mut end_s = 0.0;
    let ends_s: Vec<f64> = rr_ms
        .iter()
        .map(|rr| {
            end_s += rr / 1000.0;
            end_s
        })
        .collect();
    let n_stretches = (end_s / window_s).round_ties_even() as usize;
    if n_stretches < 3 {
        return None;
    }
    let (mut means, mut deviations) = (Vec::new(), Vec::new());
    for i in 0..n_stretches {
        let start = ends_s.partition_point(|&t| t < i as f64 * window_s);
        // As NeuroKit2, the last interval of each stretch is left out.
        let end = ends_s.partition_point(|&t| t < (i + 1) as f64 * window_s).saturating_sub(1);
        let part = &rr_ms[start.min(end)..end];
        means.extend(stats::mean(part));
        deviations.extend(standard_deviation(part));
    }
    Some((standard_deviation(&means)?, stats::mean(&deviations)?))
}

fn triangular(rr_ms: &[f64]) -> f64 {
    let longest = rr_ms.iter().copied().fold(0.0, f64::max);
    let mut counts = vec![0_usize; (longest / BIN_MS) as usize + 1];
    rr_ms.iter().for_each(|rr| counts[(rr / BIN_MS) as usize] += 1);
    rr_ms.len() as f64 / counts.into_iter().max().unwrap_or(1).max(1) as f64
}
