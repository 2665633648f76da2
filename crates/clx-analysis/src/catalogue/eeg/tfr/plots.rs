//! Pictures of maps.

use clx_render::{TfrPlot, Theme, Words};

use super::{Change, TfrMap, TfrResult};
use crate::PlotInfo;
use crate::analysis::Plot;

pub(super) const PLOTS: &[Plot<TfrResult>] = &[
    Plot {
        info: PlotInfo { name: "power", title: "Change of power, first condition" },
        draw: |result, theme, words| power(result, 0, theme, words),
    },
    Plot {
        info: PlotInfo { name: "coherence", title: "Inter-trial coherence, first condition" },
        draw: |result, theme, words| coherence(result, 0, theme, words),
    },
    Plot {
        info: PlotInfo { name: "power2", title: "Change of power, second condition" },
        draw: |result, theme, words| power(result, 1, theme, words),
    },
    Plot {
        info: PlotInfo { name: "coherence2", title: "Inter-trial coherence, second condition" },
        draw: |result, theme, words| coherence(result, 1, theme, words),
    },
];

/// The first channel of the condition numbered `condition`.
fn map(result: &TfrResult, condition: usize) -> Option<&TfrMap> {
    let first = result.maps.first()?;
    result.maps.iter().filter(|m| m.channel == first.channel).nth(condition)
}

fn power(result: &TfrResult, condition: usize, theme: Theme, words: &Words) -> Option<String> {
    let map = map(result, condition)?;
    let label = match result.mode {
        Change::Decibel => "change_decibel",
        Change::LogRatio => "change_log_ratio",
        Change::Percent => "change_percent",
        Change::ZScore => "change_z_score",
    };
    let baseline_s = Some([result.baseline_tmin_s, result.baseline_tmax_s]);
    let plot = TfrPlot { baseline_s, ..plot(result, map, &map.change, words.name(label)) };
    Some(plot.to_svg_in(theme, words))
}

fn coherence(result: &TfrResult, condition: usize, theme: Theme, words: &Words) -> Option<String> {
    let map = map(result, condition)?;
    let label = words.name("inter_trial_coherence");
    let plot = TfrPlot { unsigned: true, ..plot(result, map, &map.coherence, label) };
    Some(plot.to_svg_in(theme, words))
}

fn plot(result: &TfrResult, map: &TfrMap, values: &[f64], label: &str) -> TfrPlot {
    TfrPlot {
        title: format!("{}, {} (n = {})", map.condition, map.channel, map.n_epochs),
        description: format!("{label} of {} epochs at {}", map.n_epochs, map.channel),
        tmin_s: result.times_s.first().copied().unwrap_or(0.0),
        tmax_s: result.times_s.last().copied().unwrap_or(0.0),
        freqs_hz: result.freqs_hz.clone(),
        values: values.iter().map(|v| *v as f32).collect(),
        label: label.to_owned(),
        ..TfrPlot::default()
    }
}
