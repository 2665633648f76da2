//! Pictures of the audio overview.

use clx_audio::overview::AudioOverview;
use clx_render::{ChromaPlot, LoudnessPlot, RhythmPlot, Theme, Words};

use crate::PlotInfo;
use crate::analysis::Plot;

pub(super) const PLOTS: &[Plot<AudioOverview>] = &[
    Plot { info: PlotInfo { name: "rhythm", title: "Tempo and segments" }, draw: rhythm },
    Plot { info: PlotInfo { name: "loudness", title: "Loudness over time" }, draw: loudness },
    Plot { info: PlotInfo { name: "chroma", title: "Pitch classes" }, draw: chroma },
];

/// Pitch classes from C upwards, as `Key::tonic` spells them.
const TONICS: [&str; 12] = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];

fn rhythm(overview: &AudioOverview, theme: Theme, words: &Words) -> Option<String> {
    let segments =
        overview.segments.iter().map(|s| (s.tmin_s, s.tmax_s, s.label.clone())).collect();
    let plot = RhythmPlot {
        title: "Tempo and segments".to_owned(),
        description: format!("{} beats in {:.1} s", overview.beats_s.len(), overview.duration_s),
        duration_s: overview.duration_s,
        beats_s: overview.beats_s.clone(),
        bpm: overview.tempo.as_ref().map(|tempo| tempo.bpm),
        segments,
    };
    Some(plot.to_svg_in(theme, words))
}

fn loudness(overview: &AudioOverview, theme: Theme, words: &Words) -> Option<String> {
    let plot = LoudnessPlot {
        title: "Loudness over time".to_owned(),
        description: "Short-term loudness by EBU R128".to_owned(),
        duration_s: overview.duration_s,
        short_term_lufs: overview.loudness.short_term_lufs.clone(),
        integrated_lufs: overview.loudness.integrated_lufs,
    };
    Some(plot.to_svg_in(theme, words))
}

fn chroma(overview: &AudioOverview, theme: Theme, words: &Words) -> Option<String> {
    let key = overview.key.as_ref()?;
    let plot = ChromaPlot {
        title: "Pitch classes".to_owned(),
        description: format!("Share of each pitch class; tonic {}", key.tonic),
        chroma: Some(key.chroma),
        tonic: TONICS.iter().position(|name| *name == key.tonic),
    };
    Some(plot.to_svg_in(theme, words))
}
