//! Pictures of the EEG overview.

use clx_eeg::overview::EegOverview;
use clx_render::{QualityRow, QualityStrip, Theme, Words};

use crate::PlotInfo;
use crate::analysis::Plot;
use crate::catalogue::eeg::spectra::{ChannelSpectra, Spectra};

pub(super) const PLOTS: &[Plot<EegOverview>] = &[
    Plot { info: PlotInfo { name: "psd", title: "Power spectral density" }, draw: psd },
    Plot { info: PlotInfo { name: "topomap", title: "Band power over the head" }, draw: topomap },
    Plot { info: PlotInfo { name: "bands", title: "Band power per channel" }, draw: bands },
    Plot { info: PlotInfo { name: "quality", title: "Channel quality over time" }, draw: quality },
];

fn psd(overview: &EegOverview, theme: Theme, words: &Words) -> Option<String> {
    spectra(overview).draw_psd(theme, words)
}

fn topomap(overview: &EegOverview, theme: Theme, words: &Words) -> Option<String> {
    spectra(overview).draw_topomap(theme, words)
}

fn bands(overview: &EegOverview, theme: Theme, words: &Words) -> Option<String> {
    spectra(overview).draw_bands(theme, words)
}

/// The channels that have a spectrum.
fn spectra(overview: &EegOverview) -> Spectra<'_> {
    let channels = overview.channels.iter().filter(|c| !c.psd_v2_per_hz.is_empty());
    Spectra {
        freqs_hz: &overview.freqs_hz,
        bands: overview.bands.clone(),
        alpha_peak_hz: overview.alpha_peak.as_ref().map(|peak| peak.peak_hz),
        channels: channels
            .map(|c| ChannelSpectra {
                name: &c.name,
                good: c.quality.good,
                psd_v2_per_hz: &c.psd_v2_per_hz,
                powers: c.bands.iter().map(|b| (b.power_v2, b.ci95_v2)).collect(),
            })
            .collect(),
    }
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
