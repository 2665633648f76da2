//! Heads of the main measures.

use clx_render::{Theme, Words};

use super::{ChannelComplexity, ComplexityResult};
use crate::PlotInfo;
use crate::analysis::Plot;
use crate::catalogue::eeg::spectra::{Head, draw_heads};

pub(super) const PLOTS: &[Plot<ComplexityResult>] =
    &[Plot { info: PlotInfo { name: "heads", title: "Complexity over the head" }, draw: heads }];

type Pick = fn(&ChannelComplexity) -> Option<f64>;

/// What is drawn, by the ids of its names.
const DRAWN: [(&str, Pick); 5] = [
    ("permutation_entropy", |c| c.median.permutation_entropy),
    ("sample_entropy", |c| c.median.sample_entropy),
    ("lempel_ziv", |c| c.median.lempel_ziv),
    ("higuchi", |c| c.median.higuchi),
    ("fluctuation", |c| c.median.fluctuation),
];

fn heads(result: &ComplexityResult, theme: Theme, words: &Words) -> Option<String> {
    let names: Vec<&str> = result.channels.iter().map(|c| c.channel.as_str()).collect();
    let head = |(id, pick): &(&'static str, Pick)| Head {
        title: words.name(id).to_owned(),
        band: None,
        values: result.channels.iter().map(pick).collect(),
    };
    let heads: Vec<Head<'_>> = DRAWN.iter().map(head).collect();
    draw_heads("Complexity over the head", &names, &heads, "", (theme, words))
}
