//! How many events there were, where, and how often.

use clx_eeg::sleep::{EPOCH_S, Hypnogram, Stage};
use clx_signal::stats;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Stretches of the night that are counted at most.
const MOST_BINS: f64 = 240.0;

/// One kind of event in the whole stretch.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct EventTotals {
    pub(super) n_events: usize,
    /// Minutes that were looked at: all, or those of the stages that have such events.
    pub(super) searched_min: f64,
    /// Events per searched minute.
    pub(super) density_per_min: Option<f64>,
    pub(super) mean_duration_s: Option<f64>,
    pub(super) mean_amplitude_uv: Option<f64>,
    pub(super) mean_frequency_hz: Option<f64>,
}

/// `figures` gives duration, amplitude and frequency of an event.
pub(super) fn totals<T>(
    events: &[T],
    searched_min: f64,
    figures: impl Fn(&T) -> [f64; 3],
) -> EventTotals {
    let mean = |of: usize| {
        let values: Vec<f64> = events.iter().map(|e| figures(e)[of]).collect();
        stats::mean(&values)
    };
    EventTotals {
        n_events: events.len(),
        searched_min,
        density_per_min: (searched_min > 0.0).then(|| events.len() as f64 / searched_min),
        mean_duration_s: mean(0),
        mean_amplitude_uv: mean(1),
        mean_frequency_hz: mean(2),
    }
}

/// Times of events, seconds from the start of the stretch, ascending.
pub(super) struct Kinds {
    pub(super) spindles: Vec<f64>,
    pub(super) slow_waves: Vec<f64>,
    pub(super) rems: Option<Vec<f64>>,
}

/// Events in one stage.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct StageEvents {
    stage: Stage,
    duration_min: f64,
    spindles_per_min: Option<f64>,
    slow_waves_per_min: Option<f64>,
    rems_per_min: Option<f64>,
}

pub(super) fn per_stage(hypnogram: &Hypnogram, kinds: &Kinds) -> Vec<StageEvents> {
    let row = |stage: Stage| {
        let n_epochs = hypnogram.stages.iter().filter(|s| **s == stage).count();
        let duration_min = n_epochs as f64 * EPOCH_S / 60.0;
        let per_min = |times: &Vec<f64>| {
            let n = times.iter().filter(|&&t| hypnogram.at(t) == stage).count();
            (n_epochs > 0).then(|| n as f64 / duration_min)
        };
        StageEvents {
            stage,
            duration_min,
            spindles_per_min: per_min(&kinds.spindles),
            slow_waves_per_min: per_min(&kinds.slow_waves),
            rems_per_min: kinds.rems.as_ref().and_then(per_min),
        }
    };
    Stage::ALL.into_iter().map(row).collect()
}

/// Events in one stretch of the night.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Bin {
    pub(super) tmin_s: f64,
    pub(super) spindles_per_min: f64,
    pub(super) slow_waves_per_min: f64,
    pub(super) rems_per_min: Option<f64>,
}

/// Stretches of an epoch, or of several in a long night.
pub(super) fn bins(kinds: &Kinds, tmin_s: f64, duration_s: f64) -> Vec<Bin> {
    let bin_s = (duration_s / MOST_BINS / EPOCH_S).ceil().max(1.0) * EPOCH_S;
    let bin = |i: usize| {
        let (from_s, to_s) = (i as f64 * bin_s, duration_s.min((i + 1) as f64 * bin_s));
        let per_min = |times: &Vec<f64>| {
            let n = times.partition_point(|&t| t < to_s) - times.partition_point(|&t| t < from_s);
            n as f64 / ((to_s - from_s) / 60.0)
        };
        Bin {
            tmin_s: tmin_s + from_s,
            spindles_per_min: per_min(&kinds.spindles),
            slow_waves_per_min: per_min(&kinds.slow_waves),
            rems_per_min: kinds.rems.as_ref().map(per_min),
        }
    };
    // A last stretch of a few seconds would have a density of chance alone.
    (0..(duration_s / bin_s).round().max(1.0) as usize).map(bin).collect()
}
