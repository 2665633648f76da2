//! Pictures of a track.

use clx_music::brief::Brief;
use clx_render::{SchedulePlot, Theme, Words};
use serde::Deserialize;

use crate::PlotInfo;
use crate::analysis::Plot;

#[derive(Deserialize)]
pub(super) struct Drawn {
    brief: Brief,
}

pub(super) const PLOTS: &[Plot<Drawn>] =
    &[Plot { info: PlotInfo { name: "schedule", title: "Modulation over time" }, draw: schedule }];

fn schedule(track: &Drawn, theme: Theme, words: &Words) -> Option<String> {
    let points = track.brief.schedule.iter().map(|p| (p.at_s, p.rate_hz, p.depth)).collect();
    let plot = SchedulePlot {
        title: "Modulation over time".to_owned(),
        description: "Rate and depth of the modulation over the track".to_owned(),
        duration_s: track.brief.duration_s,
        points,
    };
    Some(plot.to_svg_in(theme, words))
}
