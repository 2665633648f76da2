//! Pictures of components.

use clx_eeg::iclabel::ComponentLabel;
use clx_eeg::position;
use clx_render::{
    ColourMap, Electrode, IcaComponent, IcaPanel, Theme, Topomap, TopomapHead, Words,
};

use super::IcaResult;
use super::decompose::{Component, Decomposition, class_name};
use crate::PlotInfo;
use crate::analysis::Plot;

/// Rows of the panel: the components that bring most variance.
const ROWS: usize = 10;
/// Heads of the overview.
const HEADS: usize = 35;
/// Fewer sites say nothing about a distribution over the head.
const FEWEST_SITES: usize = 4;

pub(super) const PLOTS: &[Plot<IcaResult>] = &[
    Plot { info: PlotInfo { name: "components", title: "Components" }, draw: panel },
    Plot { info: PlotInfo { name: "maps", title: "Maps of the components" }, draw: maps },
];

fn panel(result: &IcaResult, theme: Theme, words: &Words) -> Option<String> {
    draw_panel(&result.preparation.channels, &result.decomposition, theme, words)
}

fn maps(result: &IcaResult, theme: Theme, words: &Words) -> Option<String> {
    draw_maps(&result.preparation.channels, &result.decomposition, theme, words)
}

/// Map, spectrum and classes of the strongest components.
pub(in crate::catalogue::eeg) fn draw_panel(
    channels: &[String],
    parts: &Decomposition,
    theme: Theme,
    words: &Words,
) -> Option<String> {
    if parts.components.is_empty() {
        return None;
    }
    let classes = ComponentLabel::ALL.map(class_name);
    let row = |c: &Component| IcaComponent {
        name: format!("IC {}", c.component),
        electrodes: electrodes(channels, c),
        density_db: c.density_db.clone(),
        classes: c
            .probabilities
            .map(|p| classes.iter().cloned().zip(p.in_order()).collect())
            .unwrap_or_default(),
        excluded: c.excluded,
    };
    let plot = IcaPanel {
        title: "Components".to_owned(),
        description: format!("The strongest of {} components", parts.n_components),
        freqs_hz: parts.freqs_hz.clone(),
        components: parts.components.iter().take(ROWS).map(row).collect(),
    };
    Some(plot.to_svg_in(theme, words))
}

/// One head per component.
pub(in crate::catalogue::eeg) fn draw_maps(
    channels: &[String],
    parts: &Decomposition,
    theme: Theme,
    words: &Words,
) -> Option<String> {
    let first = parts.components.first()?;
    if electrodes(channels, first).len() < FEWEST_SITES {
        return None;
    }
    let head = |c: &Component| TopomapHead {
        title: match (c.label, c.excluded) {
            (Some(label), true) => format!("IC {} {} ×", c.component, class_name(label)),
            (Some(label), false) => format!("IC {} {}", c.component, class_name(label)),
            (None, _) => format!("IC {}", c.component),
        },
        band: None,
        electrodes: electrodes(channels, c),
        map: ColourMap::Diverging,
    };
    let plot = Topomap {
        title: "Maps of the components".to_owned(),
        description: format!("Strength of {} components over the head", parts.n_components),
        heads: parts.components.iter().take(HEADS).map(head).collect(),
        label: words.amplitude_uv.clone(),
    };
    Some(plot.to_svg_in(theme, words))
}

fn electrodes(channels: &[String], component: &Component) -> Vec<Electrode> {
    let named = channels.iter().zip(&component.map_uv);
    named
        .filter_map(|(name, &value)| {
            Some(Electrode { name: name.clone(), position: position(name)?, value })
        })
        .collect()
}
