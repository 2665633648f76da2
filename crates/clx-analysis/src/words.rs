//! Words of plots and names of fields in the language of the reader.

use clx_render::{NAMES, Words};
use clx_text::Bundle;

use crate::{Analysis, PlotInfo};

/// What plots print, in the language of `bundle`.
pub fn plot_words(bundle: &Bundle) -> Words {
    let text = |id: &str| bundle.text(&format!("report-plot-{id}"), &[]);
    let band = |name: &str| bundle.text(&format!("report-band-{name}"), &[]);
    Words {
        decimal: if bundle.lang() == "en" { '.' } else { ',' },
        no_data: text("no-data"),
        frequency_hz: text("frequency"),
        density_db: text("density"),
        time_s: text("time-s"),
        time_min: text("time-min"),
        time_h: text("time-h"),
        mean: text("mean"),
        channel: text("channel"),
        excluded: text("excluded"),
        alpha_peak: text("alpha-peak"),
        quality: text("quality"),
        bad: text("bad"),
        good: text("good"),
        power_uv2: text("power"),
        ci95: text("interval"),
        tempo_bpm: text("tempo"),
        segments: text("segments"),
        loudness_lufs: text("loudness"),
        integrated: text("integrated"),
        chroma_share: text("chroma"),
        pitch_class: text("pitch-class"),
        rate_hz: text("rate"),
        depth_percent: text("depth"),
        amplitude_uv: text("amplitude"),
        field_power_uv: text("field-power"),
        probability: text("probability"),
        removed: text("removed"),
        before: text("before"),
        after: text("after"),
        confidence: text("confidence"),
        rr_ms: text("rr"),
        rr_density_ms2_per_hz: text("rr-density"),
        suspicious: text("suspicious"),
        conductance_us: text("conductance"),
        tonic: text("tonic"),
        responses: text("responses"),
        breathing: text("breathing"),
        inhaling: text("inhaling"),
        exhaling: text("exhaling"),
        breaths_per_min: text("breaths"),
        spindles_per_min: text("spindles"),
        slow_waves_per_min: text("slow-waves"),
        rems_per_min: text("rems"),
        stage_names: ["wake", "rem", "n1", "n2", "n3"].map(|s| text(&format!("stage-{s}"))),
        band_names: ["delta", "theta", "alpha", "sigma", "beta", "gamma"].map(band),
        names: NAMES.iter().map(|&(id, _)| (id, text(&dashed(id)))).collect(),
    }
}

/// Title of an analysis in the language of `bundle`: the message `analysis-<id>`.
pub fn title(bundle: &Bundle, analysis: &Analysis) -> String {
    message_or(bundle, &format!("analysis-{}", dashed(analysis.id)), analysis.title)
}

/// One sentence on an analysis: the message `analysis-<id>-summary`.
pub fn summary(bundle: &Bundle, analysis: &Analysis) -> String {
    message_or(bundle, &format!("analysis-{}-summary", dashed(analysis.id)), analysis.summary)
}

/// Title of a picture: the message `plot-<id>-<name>`.
pub fn plot_title(bundle: &Bundle, analysis: &Analysis, plot: PlotInfo) -> String {
    message_or(bundle, &format!("plot-{}-{}", dashed(analysis.id), plot.name), plot.title)
}

fn message_or(bundle: &Bundle, id: &str, english: &str) -> String {
    if bundle.has(id) { bundle.text(id, &[]) } else { english.to_owned() }
}

/// Message ids have no dots and no underscores.
fn dashed(name: &str) -> String {
    name.replace(['.', '_'], "-")
}

/// What a field of a result is called: the message `field-<name>` of each part of its path, as in
/// `Alpha peak: peak`.
pub fn field_label(bundle: &Bundle, path: &[String]) -> String {
    let words = path.iter().map(|part| {
        message_or(bundle, &format!("field-{}", dashed(part)), &part.replace('_', " "))
    });
    words.collect::<Vec<_>>().join(": ")
}
