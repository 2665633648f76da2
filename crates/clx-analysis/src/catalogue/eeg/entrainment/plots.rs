//! The spectrum of the clearest channel over its neighbourhood.

use clx_render::{ResponsePlot, Theme, Words};

use super::EntrainmentResult;
use crate::PlotInfo;
use crate::analysis::Plot;

pub(super) const PLOTS: &[Plot<EntrainmentResult>] = &[Plot {
    info: PlotInfo { name: "response", title: "Response in the clearest channel" },
    draw: response,
}];

fn response(result: &EntrainmentResult, theme: Theme, words: &Words) -> Option<String> {
    let channel = result.clearest_channel.as_ref()?;
    let of_channel = || result.responses.iter().filter(|r| r.channel == *channel);
    let marked = of_channel()
        .filter_map(|r| result.freqs_hz.iter().position(|f| (f - r.frequency_hz).abs() < 1e-9));
    let plot = ResponsePlot {
        title: format!("{channel}, {} Hz", words.number(result.drive_hz, 2)),
        description: format!("Power over that of the neighbouring bins at {channel}"),
        marked: marked.collect(),
        freqs_hz: result.freqs_hz.clone(),
        ratios: result.ratios.clone(),
        label: words.name("signal_to_noise").to_owned(),
    };
    (!plot.freqs_hz.is_empty()).then(|| plot.to_svg_in(theme, words))
}
