//! The hypnogram.

use clx_eeg::sleep::EPOCH_S;
use clx_render::{HypnogramPlot, Theme, Words};

use super::StagesResult;
use crate::PlotInfo;
use crate::analysis::Plot;
use crate::catalogue::sleep::hypnogram::drawn;

pub(super) const PLOTS: &[Plot<StagesResult>] =
    &[Plot { info: PlotInfo { name: "hypnogram", title: "Hypnogram" }, draw: hypnogram }];

fn hypnogram(result: &StagesResult, theme: Theme, words: &Words) -> Option<String> {
    if result.epochs.is_empty() {
        return None;
    }
    let plot = HypnogramPlot {
        title: "Hypnogram".to_owned(),
        description: format!("Sleep stages of {} epochs of 30 s", result.epochs.len()),
        epoch_s: EPOCH_S,
        stages: result.epochs.iter().map(|e| drawn(e.stage)).collect(),
        confidence: result.epochs.iter().filter_map(|e| e.confidence).collect(),
        ..HypnogramPlot::default()
    };
    Some(plot.to_svg_in(theme, words))
}
