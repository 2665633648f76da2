//! Pictures of averages.

use clx_eeg::erp::Erp;
use clx_eeg::position;
use clx_render::{Electrode, ErpLine, ErpPlot, Theme, TopomapSeries, Words};

use super::{Condition, ErpMeasures, ErpResult};
use crate::PlotInfo;
use crate::analysis::Plot;

/// Heads drawn, at the peaks of the global field power.
const HEADS: usize = 5;
/// Two peaks of the field power lie at least this far apart, seconds.
const APART_S: f64 = 0.03;

pub(super) const PLOTS: &[Plot<ErpResult>] = &[
    Plot {
        info: PlotInfo { name: "butterfly", title: "Average of the first condition" },
        draw: |r, t, w| first(&r.measures, t, w),
    },
    Plot {
        info: PlotInfo { name: "heads", title: "Distribution over the head" },
        draw: |r, t, w| heads(&r.measures, t, w),
    },
    Plot {
        info: PlotInfo { name: "butterfly2", title: "Average of the second condition" },
        draw: |r, t, w| second(&r.measures, t, w),
    },
    Plot {
        info: PlotInfo { name: "contrast", title: "Difference of the first two conditions" },
        draw: |r, t, w| contrast(&r.measures, t, w),
    },
];

pub(in crate::catalogue::eeg) fn first(
    result: &ErpMeasures,
    theme: Theme,
    words: &Words,
) -> Option<String> {
    result.conditions.first().map(|c| of_condition(c, theme, words))
}

fn second(result: &ErpMeasures, theme: Theme, words: &Words) -> Option<String> {
    result.conditions.get(1).map(|c| of_condition(c, theme, words))
}

fn of_condition(condition: &Condition, theme: Theme, words: &Words) -> String {
    let title = format!("{} (n = {})", condition.condition, condition.n_epochs);
    butterfly(&condition.erp, title, theme, words)
}

pub(in crate::catalogue::eeg) fn contrast(
    result: &ErpMeasures,
    theme: Theme,
    words: &Words,
) -> Option<String> {
    let contrast = result.contrast.as_ref()?;
    let title = format!("{} − {}", contrast.minuend, contrast.subtrahend);
    Some(butterfly(&contrast.erp, title, theme, words))
}

/// The channel with the largest deflection is brought out.
fn butterfly(erp: &Erp, title: String, theme: Theme, words: &Words) -> String {
    let height = |wave: &[f64]| wave.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let highlight = (0..erp.channels.len()).max_by(|&a, &b| {
        height(&erp.channels[a].mean_uv).total_cmp(&height(&erp.channels[b].mean_uv))
    });
    let plot = ErpPlot {
        description: format!(
            "Average of {} epochs in {} channels",
            erp.n_epochs,
            erp.channels.len()
        ),
        title,
        tmin_s: erp.tmin_s,
        rate_hz: erp.rate_hz,
        lines: erp
            .channels
            .iter()
            .map(|c| ErpLine {
                name: c.name.clone(),
                mean_uv: c.mean_uv.clone(),
                band_uv: c.ci_uv.clone(),
            })
            .collect(),
        highlight,
        gfp_uv: erp.gfp_uv.clone(),
    };
    plot.to_svg_in(theme, words)
}

pub(in crate::catalogue::eeg) fn heads(
    result: &ErpMeasures,
    theme: Theme,
    words: &Words,
) -> Option<String> {
    // Fewer sites say nothing about a distribution over the head.
    const FEWEST_SITES: usize = 4;
    let condition = result.conditions.first()?;
    let erp = &condition.erp;
    let placed = erp.channels.iter().filter(|c| position(&c.name).is_some()).count();
    let times = field_peaks(erp);
    if placed < FEWEST_SITES || times.is_empty() {
        return None;
    }
    let electrodes = |sample: usize| {
        erp.channels
            .iter()
            .filter_map(|c| {
                let position = position(&c.name)?;
                Some(Electrode { name: c.name.clone(), position, value: c.mean_uv[sample] })
            })
            .collect()
    };
    let plot = TopomapSeries {
        title: format!("{} (n = {})", condition.condition, condition.n_epochs),
        description: "Amplitude over the head at the peaks of the global field power".to_owned(),
        heads: times
            .iter()
            .map(|&t| (erp.tmin_s + t as f64 / erp.rate_hz, electrodes(t)))
            .collect(),
        label: words.amplitude_uv.clone(),
    };
    Some(plot.to_svg_in(theme, words))
}

/// The highest local maxima of the global field power after the event, in order of time.
fn field_peaks(erp: &Erp) -> Vec<usize> {
    let gfp = &erp.gfp_uv;
    let after = |t: &usize| erp.tmin_s + *t as f64 / erp.rate_hz > 0.0;
    let top = |t: &usize| gfp[*t] > gfp[t - 1] && gfp[*t] >= gfp[t + 1];
    let mut tops: Vec<usize> =
        (1..gfp.len().saturating_sub(1)).filter(|t| after(t) && top(t)).collect();
    tops.sort_by(|&a, &b| gfp[b].total_cmp(&gfp[a]));
    let mut kept: Vec<usize> = Vec::new();
    for t in tops {
        let apart = |&k: &usize| k.abs_diff(t) as f64 >= APART_S * erp.rate_hz;
        if kept.len() < HEADS && kept.iter().all(apart) {
            kept.push(t);
        }
    }
    kept.sort_unstable();
    kept
}
