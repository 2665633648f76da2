//! Pictures of spectra.

use clx_render::{Theme, Words};
use clx_signal::Band;

use super::SpectrumResult;
use crate::PlotInfo;
use crate::analysis::Plot;
use crate::catalogue::eeg::spectra::{ChannelSpectra, Spectra};

pub(super) const PLOTS: &[Plot<SpectrumResult>] = &[
    Plot { info: PlotInfo { name: "psd", title: "Power spectral density" }, draw: psd },
    Plot { info: PlotInfo { name: "bands", title: "Band power per channel" }, draw: bands },
    Plot { info: PlotInfo { name: "topomap", title: "Band power over the head" }, draw: topomap },
];

fn psd(result: &SpectrumResult, theme: Theme, words: &Words) -> Option<String> {
    spectra(result).draw_psd(theme, words)
}

fn bands(result: &SpectrumResult, theme: Theme, words: &Words) -> Option<String> {
    spectra(result).draw_bands(theme, words)
}

fn topomap(result: &SpectrumResult, theme: Theme, words: &Words) -> Option<String> {
    spectra(result).draw_topomap(theme, words)
}

fn spectra(result: &SpectrumResult) -> Spectra<'_> {
    let measured = |band: &Band| result.mean_bands.iter().any(|b| b.band == band.name);
    let channels = result.channels.iter().map(|c| ChannelSpectra {
        name: &c.channel,
        good: true,
        psd_v2_per_hz: &c.psd_v2_per_hz,
        powers: result
            .band_powers
            .iter()
            .filter(|b| b.channel == c.channel)
            .map(|b| (b.power_v2, b.power_ci95_v2))
            .collect(),
    });
    Spectra {
        freqs_hz: &result.freqs_hz,
        bands: Band::OVERVIEW.into_iter().filter(measured).collect(),
        alpha_peak_hz: result.alpha_peak.as_ref().map(|peak| peak.peak_hz),
        channels: channels.collect(),
    }
}
