//! Pictures that analyses of spectra share: densities, band powers, and heads.

use clx_eeg::site;
use clx_render::{
    BandBar, BandBars, BandPanel, ColourMap, Electrode, PsdLine, PsdPlot, Theme, Topomap,
    TopomapHead, Words,
};
use clx_signal::Band;

/// Fewer sites say nothing about a distribution over the head.
pub(super) const FEWEST_SITES: usize = 4;

const V2_TO_UV2: f64 = 1e12;

/// Spectra of channels and what is drawn with them.
pub(super) struct Spectra<'a> {
    pub(super) freqs_hz: &'a [f64],
    pub(super) bands: Vec<Band>,
    pub(super) alpha_peak_hz: Option<f64>,
    pub(super) channels: Vec<ChannelSpectra<'a>>,
}

/// One channel.
pub(super) struct ChannelSpectra<'a> {
    pub(super) name: &'a str,
    /// Left out of means if not.
    pub(super) good: bool,
    pub(super) psd_v2_per_hz: &'a [f64],
    /// Power in V² and its interval, in the order of the bands; shorter where the rate ends earlier.
    pub(super) powers: Vec<(f64, Option<[f64; 2]>)>,
}

impl Spectra<'_> {
    pub(super) fn draw_psd(&self, theme: Theme, words: &Words) -> Option<String> {
        let lines: Vec<PsdLine> = self
            .channels
            .iter()
            .filter(|c| c.psd_v2_per_hz.len() == self.freqs_hz.len())
            .map(|c| PsdLine {
                name: c.name.to_owned(),
                density_v2_per_hz: c.psd_v2_per_hz.to_vec(),
                good: c.good,
            })
            .collect();
        if lines.is_empty() {
            return None;
        }
        let plot = PsdPlot {
            title: "Power spectral density".to_owned(),
            description: format!("Power spectral density of {} channels", lines.len()),
            freqs_hz: self.freqs_hz.to_vec(),
            lines,
            bands: self.bands.clone(),
            alpha_peak_hz: self.alpha_peak_hz,
        };
        Some(plot.to_svg_in(theme, words))
    }

    pub(super) fn draw_topomap(&self, theme: Theme, words: &Words) -> Option<String> {
        let heads: Vec<Head<'_>> = self
            .bands
            .iter()
            .enumerate()
            .map(|(i, band)| Head {
                title: band.name.to_owned(),
                band: Some(band.name),
                values: self
                    .channels
                    .iter()
                    // A bad channel is drawn hollow and not interpolated from.
                    .map(|c| c.powers.get(i).filter(|_| c.good).map(|p| p.0 * V2_TO_UV2))
                    .collect(),
            })
            .collect();
        let names: Vec<&str> = self.channels.iter().map(|c| c.name).collect();
        draw_heads("Band power over the head", &names, &heads, &words.power_uv2, (theme, words))
    }

    pub(super) fn draw_bands(&self, theme: Theme, words: &Words) -> Option<String> {
        if self.channels.is_empty() || self.bands.is_empty() {
            return None;
        }
        let bar = |channel: &ChannelSpectra<'_>, i: usize| {
            channel.powers.get(i).map(|&(power_v2, ci95_v2)| BandBar {
                power_uv2: power_v2 * V2_TO_UV2,
                ci95_uv2: ci95_v2.map(|ci| ci.map(|v| v * V2_TO_UV2)),
            })
        };
        let panels = self.bands.iter().enumerate().map(|(i, band)| BandPanel {
            band: band.name.to_owned(),
            title: band.name.to_owned(),
            bars: self.channels.iter().map(|channel| bar(channel, i)).collect(),
        });
        let plot = BandBars {
            title: "Band power per channel".to_owned(),
            description: format!("Power of each band in {} channels", self.channels.len()),
            channels: self.channels.iter().map(|c| (c.name.to_owned(), c.good)).collect(),
            bands: panels.collect(),
        };
        Some(plot.to_svg_in(theme, words))
    }
}

/// One head of a row.
pub(super) struct Head<'a> {
    pub(super) title: String,
    /// Name in the band code, if the head shows a band.
    pub(super) band: Option<&'a str>,
    /// One per channel; absent where not measured.
    pub(super) values: Vec<Option<f64>>,
}

/// Values over the head; `None` unless at least four measured channels have places.
pub(super) fn draw_heads(
    title: &str,
    names: &[&str],
    heads: &[Head<'_>],
    label: &str,
    (theme, words): (Theme, &Words),
) -> Option<String> {
    let electrodes = |head: &Head<'_>| -> Vec<Electrode> {
        let placed = names.iter().zip(&head.values);
        placed
            .filter_map(|(name, value)| {
                let position = site::position(name)?;
                let value = value.unwrap_or(f64::NAN);
                Some(Electrode { name: (*name).to_owned(), position, value })
            })
            .collect()
    };
    let drawn: Vec<TopomapHead> = heads
        .iter()
        .map(|head| TopomapHead {
            title: head.title.clone(),
            band: head.band.map(str::to_owned),
            electrodes: electrodes(head),
            map: if head.values.iter().flatten().any(|v| *v < 0.0) {
                ColourMap::Diverging
            } else {
                ColourMap::Cividis
            },
        })
        .collect();
    let measured = |h: &TopomapHead| h.electrodes.iter().filter(|e| e.value.is_finite()).count();
    if drawn.iter().map(measured).max().is_none_or(|n| n < FEWEST_SITES) {
        return None;
    }
    let plot = Topomap {
        title: title.to_owned(),
        description: format!("{title} at {} electrodes", drawn[0].electrodes.len()),
        heads: drawn,
        label: label.to_owned(),
    };
    Some(plot.to_svg_in(theme, words))
}

/// A curve for a plot: neighbouring bins between two frequencies averaged until at most `most` are
/// left, and the density with four digits.
pub(super) fn curve(
    freqs_hz: &[f64],
    density: &[f64],
    [fmin_hz, fmax_hz]: [f64; 2],
    most: usize,
) -> (Vec<f64>, Vec<f64>) {
    let end = freqs_hz.partition_point(|&f| f <= fmax_hz + 1e-9).min(density.len());
    let from = freqs_hz.partition_point(|&f| f < fmin_hz - 1e-9).min(end);
    let width = (end - from).div_ceil(most.max(1)).max(1);
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let freqs = freqs_hz[from..end].chunks(width).map(mean).collect();
    (freqs, density[from..end].chunks(width).map(|v| four_digits(mean(v))).collect())
}

/// `value` with four significant digits, so that stored curves stay small.
pub(super) fn four_digits(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    format!("{value:.3e}").parse().unwrap_or(value)
}
