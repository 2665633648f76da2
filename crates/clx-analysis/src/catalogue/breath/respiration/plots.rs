//! Pictures of breathing.

use clx_render::{Theme, TraceLine, TraceMarks, TracePlot, Words};

use super::RespirationResult;
use crate::PlotInfo;
use crate::analysis::Plot;

pub(super) const PLOTS: &[Plot<RespirationResult>] = &[
    Plot { info: PlotInfo { name: "rate", title: "Breathing rate over time" }, draw: rate },
    Plot { info: PlotInfo { name: "signal", title: "Two minutes of breathing" }, draw: signal },
];

fn rate(result: &RespirationResult, theme: Theme, words: &Words) -> Option<String> {
    if result.rate_per_min.len() < 2 {
        return None;
    }
    let points = result.breaths_s.iter().copied().zip(result.rate_per_min.iter().copied());
    let plot = TracePlot {
        title: "Breathing rate over time".to_owned(),
        description: format!("Rate of {} breaths", result.n_breaths),
        tmin_s: result.tmin_s,
        tmax_s: result.tmin_s + result.duration_s,
        label: words.breaths_per_min.clone(),
        lines: vec![TraceLine { name: String::new(), points: points.collect() }],
        marks: Vec::new(),
    };
    Some(plot.to_svg_in(theme, words))
}

fn signal(result: &RespirationResult, theme: Theme, words: &Words) -> Option<String> {
    if result.excerpt.len() < 2 || result.breaths.is_empty() {
        return None;
    }
    let time_s = |i: usize| result.excerpt_tmin_s + i as f64 * result.excerpt_step_s;
    let end_s = time_s(result.excerpt.len() - 1);
    let mark = |at_s: f64| {
        let inside = (result.excerpt_tmin_s..=end_s).contains(&at_s);
        let at = (at_s - result.excerpt_tmin_s) / result.excerpt_step_s;
        inside.then(|| (at_s, result.excerpt[at.round() as usize]))
    };
    let marks = |name: &str, of: &dyn Fn(&super::BreathRow) -> f64| TraceMarks {
        name: name.to_owned(),
        points: result.breaths.iter().filter_map(|b| mark(of(b))).collect(),
        bad: false,
    };
    let points = result.excerpt.iter().enumerate().map(|(i, &v)| (time_s(i), v));
    let plot = TracePlot {
        title: "Two minutes of breathing".to_owned(),
        description: format!("Cleaned signal of {} with its breaths", result.channel),
        tmin_s: result.excerpt_tmin_s,
        tmax_s: end_s,
        label: words.breathing.clone(),
        lines: vec![TraceLine { name: String::new(), points: points.collect() }],
        marks: vec![marks(&words.inhaling, &|b| b.onset_s), marks(&words.exhaling, &|b| b.peak_s)],
    };
    Some(plot.to_svg_in(theme, words))
}
