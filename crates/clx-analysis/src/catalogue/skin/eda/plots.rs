//! Conductance over time.

use clx_render::{Theme, TraceLine, TraceMarks, TracePlot, Words};

use super::EdaResult;
use crate::PlotInfo;
use crate::analysis::Plot;

pub(super) const PLOTS: &[Plot<EdaResult>] = &[Plot {
    info: PlotInfo { name: "conductance", title: "Skin conductance over time" },
    draw: conductance,
}];

fn conductance(result: &EdaResult, theme: Theme, words: &Words) -> Option<String> {
    if result.conductance_us.len() < 2 {
        return None;
    }
    let time_s = |column: usize| result.tmin_s + (column as f64 + 0.5) * result.step_s;
    let line = |name: &str, values: &[f64]| TraceLine {
        name: name.to_owned(),
        points: values.iter().enumerate().map(|(i, &v)| (time_s(i), v)).collect(),
    };
    let at = |peak_s: f64| {
        let column = ((peak_s - result.tmin_s) / result.step_s).max(0.0) as usize;
        let last = result.conductance_us.len() - 1;
        (peak_s, result.conductance_us[column.min(last)])
    };
    let plot = TracePlot {
        title: "Skin conductance".to_owned(),
        description: format!(
            "{} responses in {:.0} s, mean level {:.2} µS",
            result.n_responses, result.duration_s, result.tonic_level_us
        ),
        tmin_s: result.tmin_s,
        tmax_s: result.tmin_s + result.duration_s,
        label: words.conductance_us.clone(),
        lines: vec![line("", &result.conductance_us), line(&words.tonic, &result.tonic_us)],
        marks: vec![TraceMarks {
            name: words.responses.clone(),
            points: result.responses.iter().map(|r| at(r.peak_s)).collect(),
            bad: false,
        }],
    };
    Some(plot.to_svg_in(theme, words))
}
