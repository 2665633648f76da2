//! Circles of the first measure, one per band.

use clx_eeg::site;
use clx_render::{ConnectivityCircle, Theme, Words};

use super::ConnectivityResult;
use crate::PlotInfo;
use crate::analysis::Plot;

/// More arcs than this hide each other.
const MOST_ARCS: usize = 60;

pub(super) const PLOTS: &[Plot<ConnectivityResult>] = &[
    Plot {
        info: PlotInfo { name: "delta", title: "Strongest pairs, delta" },
        draw: |result, theme, words| circle(result, "delta", theme, words),
    },
    Plot {
        info: PlotInfo { name: "theta", title: "Strongest pairs, theta" },
        draw: |result, theme, words| circle(result, "theta", theme, words),
    },
    Plot {
        info: PlotInfo { name: "alpha", title: "Strongest pairs, alpha" },
        draw: |result, theme, words| circle(result, "alpha", theme, words),
    },
    Plot {
        info: PlotInfo { name: "beta", title: "Strongest pairs, beta" },
        draw: |result, theme, words| circle(result, "beta", theme, words),
    },
    Plot {
        info: PlotInfo { name: "gamma", title: "Strongest pairs, gamma" },
        draw: |result, theme, words| circle(result, "gamma", theme, words),
    },
];

fn circle(result: &ConnectivityResult, band: &str, theme: Theme, words: &Words) -> Option<String> {
    let first = result.bands.first()?.measure;
    let found = result.bands.iter().find(|b| b.measure == first && b.band == band)?;
    let names = &result.preparation.channels;
    let order = around(names);
    let strength = |a: usize, b: usize| {
        let (high, low) = (a.max(b), a.min(b));
        let place = if high == low { usize::MAX } else { high * (high - 1) / 2 + low };
        found.matrix.get(place).map_or(f64::NAN, |v| v.abs())
    };
    let id = serde_json::to_value(first).ok()?;
    let label = words.name(id.as_str()?).to_owned();
    let plot = ConnectivityCircle {
        title: format!("{label}, {band}"),
        description: format!("{label} of the strongest pairs of {} channels", names.len()),
        matrix: order.iter().flat_map(|&a| order.iter().map(move |&b| strength(a, b))).collect(),
        names: order.iter().map(|&i| names[i].clone()).collect(),
        label,
        strongest: Some(MOST_ARCS),
        range: None,
    };
    Some(plot.to_svg_in(theme, words))
}

/// Channels clockwise from the front, as they lie on the head; as recorded where one has no place.
fn around(names: &[String]) -> Vec<usize> {
    let places: Option<Vec<[f64; 2]>> = names.iter().map(|n| site::position(n)).collect();
    let mut order: Vec<usize> = (0..names.len()).collect();
    if let Some(places) = places {
        let angle = |i: usize| places[i][0].atan2(places[i][1]);
        order.sort_by(|&a, &b| angle(a).total_cmp(&angle(b)));
        // From the front on the right side, then up the left side.
        let start = order.iter().position(|&i| angle(i) >= 0.0).unwrap_or(0);
        order.rotate_left(start);
    }
    order
}
