//! The maps as heads.

use clx_render::{Theme, Words};

use super::{MicrostateResult, State};
use crate::PlotInfo;
use crate::analysis::Plot;
use crate::catalogue::eeg::spectra::{Head, draw_heads};

pub(super) const PLOTS: &[Plot<MicrostateResult>] =
    &[Plot { info: PlotInfo { name: "maps", title: "Maps of the states" }, draw: maps }];

fn maps(result: &MicrostateResult, theme: Theme, words: &Words) -> Option<String> {
    let names: Vec<&str> = result.preparation.channels.iter().map(String::as_str).collect();
    let head = |state: &State| Head {
        title: format!("{} ({} %)", state.state, words.number(100.0 * state.coverage_share, 0)),
        band: None,
        values: state.map.iter().map(|v| Some(*v)).collect(),
    };
    let heads: Vec<Head<'_>> = result.states.iter().map(head).collect();
    let label = words.name("map_strength");
    draw_heads("Maps of the states", &names, &heads, label, (theme, words))
}
