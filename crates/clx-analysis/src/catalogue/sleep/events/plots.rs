//! Events over the night.

use clx_eeg::sleep::{EPOCH_S, Stage};
use clx_render::{HypnogramPlot, NightRow, Theme, Words};

use super::EventsResult;
use crate::PlotInfo;
use crate::analysis::Plot;
use crate::catalogue::sleep::hypnogram::drawn;

pub(super) const PLOTS: &[Plot<EventsResult>] =
    &[Plot { info: PlotInfo { name: "night", title: "Events over the night" }, draw: night }];

fn night(result: &EventsResult, theme: Theme, words: &Words) -> Option<String> {
    // One or two stretches show nothing over time.
    if result.timeline.len() < 3 {
        return None;
    }
    let row = |name: &String, of: &dyn Fn(&super::Bin) -> Option<f64>| {
        let per_min: Option<Vec<f64>> = result.timeline.iter().map(of).collect();
        per_min.map(|per_min| NightRow { name: name.clone(), per_min })
    };
    let rows = [
        row(&words.spindles_per_min, &|b| Some(b.spindles_per_min)),
        row(&words.slow_waves_per_min, &|b| Some(b.slow_waves_per_min)),
        row(&words.rems_per_min, &|b| b.rems_per_min),
    ];
    let n_epochs = (result.duration_s / EPOCH_S).round() as usize;
    let mut stages: Vec<_> =
        result.hypnogram.iter().map(|&n| drawn(Stage::from_number(i64::from(n)))).collect();
    stages.resize(n_epochs, None);
    let plot = HypnogramPlot {
        title: "Events over the night".to_owned(),
        description: format!(
            "{} spindles and {} slow waves in {}",
            result.spindles.n_events, result.slow_waves.n_events, result.channel
        ),
        epoch_s: EPOCH_S,
        stages,
        confidence: Vec::new(),
        rows: rows.into_iter().flatten().collect(),
    };
    Some(plot.to_svg_in(theme, words))
}
