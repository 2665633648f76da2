//! Pictures of what cleaning took out.

use clx_eeg::position;
use clx_render::{ColourMap, Electrode, Theme, Topomap, TopomapHead, Words};

use super::CleanResult;
use crate::PlotInfo;
use crate::analysis::Plot;

/// Fewer sites say nothing about a distribution over the head.
const FEWEST_SITES: usize = 4;

pub(super) const PLOTS: &[Plot<CleanResult>] = &[Plot {
    info: PlotInfo { name: "amplitude", title: "Amplitude before and after" },
    draw: amplitude,
}];

fn amplitude(result: &CleanResult, theme: Theme, words: &Words) -> Option<String> {
    let electrodes = |of: fn(&super::ChannelChange) -> f64| -> Vec<Electrode> {
        result
            .channels
            .iter()
            .filter_map(|c| {
                let position = position(&c.channel)?;
                Some(Electrode { name: c.channel.clone(), position, value: of(c) * 1e6 })
            })
            .collect()
    };
    let before = electrodes(|c| c.rms_before_v);
    if before.len() < FEWEST_SITES {
        return None;
    }
    let head = |title: &str, electrodes| TopomapHead {
        title: title.to_owned(),
        band: None,
        electrodes,
        map: ColourMap::Cividis,
    };
    let plot = Topomap {
        title: "Amplitude before and after".to_owned(),
        description: "Root mean square over the head before and after cleaning".to_owned(),
        heads: vec![head(&words.before, before), head(&words.after, electrodes(|c| c.rms_after_v))],
        label: words.amplitude_uv.clone(),
    };
    Some(plot.to_svg_in(theme, words))
}
