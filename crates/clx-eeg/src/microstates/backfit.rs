use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EegError, check, correlation, dot, refuse};

/// How a recording is divided among states.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SegmentParams {
    /// Weight of agreement with neighbours; 0 does not smooth, 10 is usual.
    pub smoothing: f64,
    /// Neighbours on each side that count, samples.
    pub half_window: usize,
    /// Smoothing ends when the residual changes by less than this share.
    pub tolerance: f64,
    /// Shorter stretches go to their neighbours, samples; 0 keeps them.
    pub min_length: usize,
    /// Leave the first and the last stretch without a state: their ends are not known.
    pub drop_edges: bool,
}

impl Default for SegmentParams {
    fn default() -> Self {
        Self { smoothing: 0.0, half_window: 1, tolerance: 1e-5, min_length: 0, drop_edges: true }
    }
}

/// The state of every sample: the map it is most like, whatever its sign.
///
/// `samples`: `n_channels × n_samples`. Without smoothing, and with short stretches dissolved, the labels are
/// those of pycrostates' `predict`. Smoothing is the paper's, with maps of unit length and the samples at their
/// strength, so that strong fields yield less than weak ones. `None` where no state is known.
///
/// # Errors
/// As [`gfp_peaks`](super::gfp_peaks); [`EegError::Signal`] for maps that do not fit or parameters out of
/// range.
///
/// # Source
/// Pascual-Marqui, Michel and Lehmann 1995, IEEE Trans. Biomed. Eng. 42:658-665, table II.
pub fn segment(
    samples: &[Vec<f32>],
    maps: &[Vec<f64>],
    params: &SegmentParams,
) -> Result<Vec<Option<usize>>, EegError> {
    let n_samples = check(samples)?;
    if maps.is_empty() || maps.iter().any(|m| m.len() != samples.len()) {
        return Err(refuse("maps", "at least one, one value per channel", maps.len()));
    }
    let sound = (0.0..f64::INFINITY).contains(&params.smoothing) && params.tolerance > 0.0;
    if !sound || params.half_window > 10_000 {
        let expected = "not negative, a tolerance above 0 and at most 10000 neighbours";
        return Err(refuse("smoothing", expected, format!("{params:?}")));
    }
    if n_samples == 0 {
        return Ok(Vec::new());
    }
    let states: Vec<Vec<f64>> = maps.iter().map(|m| unit(centred(m.clone()))).collect();
    let fields: Vec<Vec<f64>> = (0..n_samples)
        .map(|t| centred(samples.iter().map(|x| f64::from(x[t])).collect()))
        .collect();
    let likeness: Vec<Vec<f64>> =
        fields.iter().map(|f| states.iter().map(|s| dot(s, f)).collect()).collect();
    let mut labels: Vec<usize> =
        likeness.iter().map(|l| first_max(l.iter().map(|v| v.abs()))).collect();
    if params.smoothing > 0.0 {
        smooth_labels(&mut labels, &fields, &likeness, params);
    }
    if params.min_length > 0 {
        dissolve_short(&mut labels, &fields, params.min_length);
    }
    let mut out: Vec<Option<usize>> = labels.iter().copied().map(Some).collect();
    if params.drop_edges {
        let first = labels.iter().position(|l| *l != labels[0]).unwrap_or(n_samples);
        let last = labels.iter().rposition(|l| *l != labels[n_samples - 1]).map_or(0, |i| i + 1);
        out[..first].fill(None);
        out[last..].fill(None);
    }
    Ok(out)
}

fn centred(mut map: Vec<f64>) -> Vec<f64> {
    let mean = map.iter().sum::<f64>() / map.len() as f64;
    map.iter_mut().for_each(|v| *v -= mean);
    map
}

/// Of length one; a flat map stays zero.
fn unit(mut map: Vec<f64>) -> Vec<f64> {
    let norm = dot(&map, &map).sqrt();
    if norm > 0.0 {
        map.iter_mut().for_each(|v| *v /= norm);
    }
    map
}

fn first_max(values: impl Iterator<Item = f64>) -> usize {
    let mut best = (0, f64::NEG_INFINITY);
    for (i, v) in values.enumerate() {
        if v > best.1 {
            best = (i, v);
        }
    }
    best.0
}

/// Minimises residual over noise minus `smoothing` times the number of like neighbours.
fn smooth_labels(
    labels: &mut [usize],
    fields: &[Vec<f64>],
    likeness: &[Vec<f64>],
    params: &SegmentParams,
) {
    let n = labels.len();
    let n_states = likeness[0].len();
    let freedom = (fields[0].len() - 1) as f64;
    let power: Vec<f64> = fields.iter().map(|f| dot(f, f)).collect();
    let residual = |labels: &[usize]| {
        let of_sample = |t: usize| power[t] - likeness[t][labels[t]].powi(2);
        (0..n).map(of_sample).sum::<f64>() / (n as f64 * freedom)
    };
    let noise = residual(labels);
    if noise <= 0.0 {
        // The maps explain everything: nothing to smooth, and nothing to divide by.
        return;
    }
    let mut before = 0.0;
    // Bounded in case it swings between two assignments.
    for _ in 0..1000 {
        let counts = neighbour_counts(labels, n_states, params.half_window);
        for t in 0..n {
            let cost = |k: usize| {
                let misfit = (power[t] - likeness[t][k].powi(2)) / (2.0 * noise * freedom);
                misfit - params.smoothing * counts[t * n_states + k]
            };
            labels[t] = first_max((0..n_states).map(|k| -cost(k)));
        }
        let now = residual(labels);
        if (now - before).abs() <= (params.tolerance * now).abs() {
            break;
        }
        before = now;
    }
}

/// How many samples of each state lie within the window around each sample, itself included.
fn neighbour_counts(labels: &[usize], n_states: usize, half_window: usize) -> Vec<f64> {
    let n = labels.len();
    let mut counts = vec![0.0; n * n_states];
    let mut now = vec![0.0; n_states];
    labels.iter().take(half_window).for_each(|&l| now[l] += 1.0);
    for t in 0..n {
        if let Some(&label) = labels.get(t + half_window) {
            now[label] += 1.0;
        }
        if let Some(gone) = t.checked_sub(half_window + 1) {
            now[labels[gone]] -= 1.0;
        }
        counts[t * n_states..][..n_states].copy_from_slice(&now);
    }
    counts
}

/// Gives the samples of each short stretch, from its ends, to the neighbour they are more like.
fn dissolve_short(labels: &mut [usize], fields: &[Vec<f64>], min_length: usize) {
    let n = labels.len();
    let mut start = 0;
    while start < n {
        let end = (start..n).find(|&t| labels[t] != labels[start]).unwrap_or(n);
        if start == 0 || end == n || end - start >= min_length {
            start = end;
            continue;
        }
        dissolve(labels, fields, start, end - 1);
        // Neighbours have grown, so that a stretch before may have merged with one after.
        start = (0..start).rev().find(|&t| labels[t] != labels[start - 1]).map_or(0, |t| t + 1);
    }
}

fn dissolve(labels: &mut [usize], fields: &[Vec<f64>], mut left: usize, mut right: usize) {
    let likeness = |a: usize, b: usize| correlation(&fields[a], &fields[b]).abs();
    while left <= right {
        let (to_left, to_right) = (likeness(left - 1, left), likeness(right, right + 1));
        if (to_right - to_left).abs() <= 1e-8 {
            if left != right {
                labels[right] = labels[right + 1];
                right -= 1;
            }
            labels[left] = labels[left - 1];
            left += 1;
        } else if to_left < to_right {
            labels[right] = labels[right + 1];
            right -= 1;
        } else {
            labels[left] = labels[left - 1];
            left += 1;
        }
    }
}
