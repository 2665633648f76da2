//! Pictures of the intervals between beats.

use clx_render::{RrSpectrumPlot, Theme, TraceLine, TraceMarks, TracePlot, Words};

use super::HrvResult;
use crate::PlotInfo;
use crate::analysis::Plot;

/// Intervals as they were found are drawn up to so many times the longest corrected one.
const HIGHEST: f64 = 1.15;

pub(super) const PLOTS: &[Plot<HrvResult>] = &[
    Plot { info: PlotInfo { name: "rr", title: "Intervals between beats" }, draw: intervals },
    Plot {
        info: PlotInfo { name: "spectrum", title: "Spectrum of the intervals" },
        draw: spectrum,
    },
];

fn intervals(result: &HrvResult, theme: Theme, words: &Words) -> Option<String> {
    if result.rr_ms.is_empty() {
        return None;
    }
    let longest = result.rr_ms.iter().copied().fold(0.0, f64::max);
    let mark = |(at_s, rr_ms): (f64, f64)| (at_s, rr_ms.min(HIGHEST * longest));
    let marks = result.artefacts.iter().filter_map(|a| Some(mark((a.at_s, a.rr_ms?))));
    let plot = TracePlot {
        title: "Intervals between beats".to_owned(),
        description: format!(
            "{} beats over {:.0} s, {} of them suspicious",
            result.n_beats,
            result.duration_s,
            result.artefacts.len()
        ),
        tmin_s: result.tmin_s,
        tmax_s: result.tmin_s + result.duration_s,
        label: words.rr_ms.clone(),
        lines: vec![TraceLine {
            name: String::new(),
            points: result.beats_s.iter().copied().zip(result.rr_ms.iter().copied()).collect(),
        }],
        marks: vec![TraceMarks {
            name: words.suspicious.clone(),
            points: marks.collect(),
            bad: true,
        }],
    };
    Some(plot.to_svg_in(theme, words))
}

fn spectrum(result: &HrvResult, theme: Theme, words: &Words) -> Option<String> {
    let spectrum = result.spectrum.as_ref()?;
    let band = |name: &str, fmin_hz: f64, fmax_hz: f64| (name.to_owned(), fmin_hz, fmax_hz);
    let plot = RrSpectrumPlot {
        title: "Spectrum of the intervals between beats".to_owned(),
        description: format!("Power of {} intervals from 0 to 0.5 Hz", result.n_beats),
        freqs_hz: spectrum.freqs_hz.clone(),
        density_ms2_per_hz: spectrum.density_ms2_per_hz.clone(),
        // Task Force 1996.
        bands: vec![band("VLF", 0.0033, 0.04), band("LF", 0.04, 0.15), band("HF", 0.15, 0.4)],
    };
    Some(plot.to_svg_in(theme, words))
}
