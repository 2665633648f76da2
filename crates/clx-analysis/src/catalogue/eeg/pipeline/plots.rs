//! Pictures of a pipeline: those of its steps.

use clx_render::{Theme, Words};

use super::PipelineResult;
use crate::PlotInfo;
use crate::analysis::Plot;
use crate::catalogue::eeg::{erp, ica};

pub(super) const PLOTS: &[Plot<PipelineResult>] = &[
    Plot {
        info: PlotInfo { name: "butterfly", title: "Average of the first condition" },
        draw: |result, theme, words| erp::plots::first(result.erp.as_ref()?, theme, words),
    },
    Plot {
        info: PlotInfo { name: "heads", title: "Distribution over the head" },
        draw: |result, theme, words| erp::plots::heads(result.erp.as_ref()?, theme, words),
    },
    Plot {
        info: PlotInfo { name: "contrast", title: "Difference of the first two conditions" },
        draw: |result, theme, words| erp::plots::contrast(result.erp.as_ref()?, theme, words),
    },
    Plot { info: PlotInfo { name: "maps", title: "Maps of the components" }, draw: maps },
    Plot { info: PlotInfo { name: "components", title: "Components" }, draw: components },
];

fn maps(result: &PipelineResult, theme: Theme, words: &Words) -> Option<String> {
    let channels = &result.preparation.channels;
    ica::plots::draw_maps(channels, result.ica.as_ref()?, theme, words)
}

fn components(result: &PipelineResult, theme: Theme, words: &Words) -> Option<String> {
    let channels = &result.preparation.channels;
    ica::plots::draw_panel(channels, result.ica.as_ref()?, theme, words)
}
