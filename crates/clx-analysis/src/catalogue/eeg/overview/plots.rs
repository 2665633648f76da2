//! Pictures of the EEG overview.

use clx_eeg::overview::{ChannelOverview, EegOverview};
use clx_render::{
    BandBar, BandBars, BandPanel, ColourMap, Electrode, PsdLine, PsdPlot, QualityRow, QualityStrip,
    Theme, Topomap, TopomapHead, Words,
};

use crate::PlotInfo;
use crate::analysis::Plot;

const V2_TO_UV2: f64 = 1e12;

pub(super) const PLOTS: &[Plot<EegOverview>] = &[
    Plot { info: PlotInfo { name: "psd", title: "Power spectral density" }, draw: psd },
    Plot { info: PlotInfo { name: "topomap", title: "Band power over the head" }, draw: topomap },
    Plot { info: PlotInfo { name: "bands", title: "Band power per channel" }, draw: bands },
    Plot { info: PlotInfo { name: "quality", title: "Channel quality over time" }, draw: quality },
];

/// Channels that have a spectrum.
fn analysed(overview: &EegOverview) -> impl Iterator<Item = &ChannelOverview> {
    overview.channels.iter().filter(|c| !c.psd_v2_per_hz.is_empty())
}

fn psd(overview: &EegOverview, theme: Theme, words: &Words) -> Option<String> {
    let lines: Vec<PsdLine> = analysed(overview)
        .filter(|c| c.psd_v2_per_hz.len() == overview.freqs_hz.len())
        .map(|c| PsdLine {
            name: c.name.clone(),
            density_v2_per_hz: c.psd_v2_per_hz.clone(),
            good: c.quality.good,
        })
        .collect();
    if lines.is_empty() {
        return None;
    }
    let description = format!("Power spectral density of {} channels", lines.len());
    let plot = PsdPlot {
        title: "Power spectral density".to_owned(),
        description,
        freqs_hz: overview.freqs_hz.clone(),
        lines,
        bands: overview.bands.clone(),
        alpha_peak_hz: overview.alpha_peak.as_ref().map(|peak| peak.peak_hz),
    };
    Some(plot.to_svg_in(theme, words))
}

fn topomap(overview: &EegOverview, theme: Theme, words: &Words) -> Option<String> {
    // Fewer sites say nothing about a distribution over the head.
    const FEWEST_SITES: usize = 4;
    let sites: Vec<&ChannelOverview> =
        analysed(overview).filter(|c| c.position.is_some()).collect();
    if sites.iter().filter(|c| c.quality.good).count() < FEWEST_SITES {
        return None;
    }
    let head = |i: usize, name: &str| TopomapHead {
        title: name.to_owned(),
        band: Some(name.to_owned()),
        electrodes: sites.iter().filter_map(|channel| electrode(channel, i)).collect(),
        map: ColourMap::Cividis,
    };
    let heads = overview.bands.iter().enumerate().map(|(i, band)| head(i, band.name)).collect();
    let plot = Topomap {
        title: "Band power over the head".to_owned(),
        description: format!("Power of each band at {} electrodes", sites.len()),
        heads,
        label: words.power_uv2.clone(),
    };
    Some(plot.to_svg_in(theme, words))
}

fn electrode(channel: &ChannelOverview, band: usize) -> Option<Electrode> {
    let power = channel.bands.get(band).filter(|_| channel.quality.good);
    Some(Electrode {
        name: channel.name.clone(),
        position: channel.position?,
        // A bad channel is drawn hollow and not interpolated from.
        value: power.map_or(f64::NAN, |p| p.power_v2 * V2_TO_UV2),
    })
}

fn bands(overview: &EegOverview, theme: Theme, words: &Words) -> Option<String> {
    let channels: Vec<&ChannelOverview> = analysed(overview).collect();
    if channels.is_empty() {
        return None;
    }
    let bar = |channel: &ChannelOverview, i: usize| {
        channel.bands.get(i).map(|band| BandBar {
            power_uv2: band.power_v2 * V2_TO_UV2,
            ci95_uv2: band.ci95_v2.map(|ci| ci.map(|v| v * V2_TO_UV2)),
        })
    };
    let panels = overview.bands.iter().enumerate().map(|(i, band)| BandPanel {
        band: band.name.to_owned(),
        title: band.name.to_owned(),
        bars: channels.iter().map(|channel| bar(channel, i)).collect(),
    });
    let plot = BandBars {
        title: "Band power per channel".to_owned(),
        description: format!("Power of each band in {} channels", channels.len()),
        channels: channels.iter().map(|c| (c.name.clone(), c.quality.good)).collect(),
        bands: panels.collect(),
    };
    Some(plot.to_svg_in(theme, words))
}

fn quality(overview: &EegOverview, theme: Theme, words: &Words) -> Option<String> {
    let rows: Vec<QualityRow> = overview
        .channels
        .iter()
        .filter(|c| !c.quality.strip.is_empty())
        .map(|c| QualityRow {
            name: c.name.clone(),
            values: c.quality.strip.clone(),
            good: c.quality.good,
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let plot = QualityStrip {
        title: "Channel quality over time".to_owned(),
        description: format!("Quality of {} channels, 0 bad to 1 good", rows.len()),
        duration_s: overview.duration_s,
        rows,
    };
    Some(plot.to_svg_in(theme, words))
}
