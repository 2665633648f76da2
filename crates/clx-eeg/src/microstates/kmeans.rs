use super::{EegError, Maps, correlation, dot, refuse};

/// One run of the clustering.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterFit {
    /// Unit length; all zero for a state that lost its last map.
    pub maps: Vec<Vec<f64>>,
    /// State of each map.
    pub labels: Vec<usize>,
    /// Global explained variance, `0..=1`.
    pub gev: f64,
    pub converged: bool,
}

/// Modified k-means that starts from the maps numbered `initial`.
///
/// In turn: each map goes to the state it is most like, whatever the sign; each state becomes the sum of its
/// maps weighted by their likeness, of unit length. Ends when the residual falls by less than
/// `tolerance` of itself. The usual way in is [`fit`](super::fit).
///
/// # Errors
/// [`EegError::Signal`] without initial maps, or for one that is flat or out of range.
pub fn fit_from(
    maps: &Maps,
    initial: &[usize],
    max_iterations: usize,
    tolerance: f64,
) -> Result<ClusterFit, EegError> {
    let mut states = Vec::new();
    for &i in initial {
        let norm = if i < maps.len() { dot(maps.map(i), maps.map(i)).sqrt() } else { 0.0 };
        if norm == 0.0 {
            return Err(refuse("initial", "maps that are not flat", i));
        }
        states.push(maps.map(i).iter().map(|v| v / norm).collect::<Vec<f64>>());
    }
    if states.is_empty() {
        return Err(refuse("initial", "at least one map", 0));
    }
    let used = maps.iter().filter(|m| m.iter().any(|v| *v != 0.0)).count();
    let total = dot(&maps.values, &maps.values);
    let (mut before, mut converged) = (f64::INFINITY, false);
    for _ in 0..max_iterations {
        let labels = improve(&mut states, maps);
        let explained: f64 =
            maps.iter().zip(&labels).map(|(m, &l)| dot(&states[l], m).powi(2)).sum();
        let residual = (total - explained).abs() / (used * (maps.n_channels - 1)) as f64;
        if before - residual < tolerance * residual {
            converged = true;
            break;
        }
        before = residual;
    }
    let labels: Vec<usize> = maps.iter().map(|m| nearest(&states, m).0).collect();
    let explained = |(m, &l): (&[f64], &usize)| dot(m, m) * correlation(m, &states[l]).powi(2);
    let gev = maps.iter().zip(&labels).map(explained).sum::<f64>() / total;
    Ok(ClusterFit { maps: states, labels, gev, converged })
}

/// Assigns the maps, moves the states, and returns the assignment.
fn improve(states: &mut [Vec<f64>], maps: &Maps) -> Vec<usize> {
    let assigned: Vec<(usize, f64)> = maps.iter().map(|m| nearest(states, m)).collect();
    states.iter_mut().for_each(|s| s.fill(0.0));
    for (map, &(label, activation)) in maps.iter().zip(&assigned) {
        states[label].iter_mut().zip(map).for_each(|(s, v)| *s += activation * v);
    }
    for state in states.iter_mut() {
        let norm = dot(state, state).sqrt();
        if norm > 0.0 {
            state.iter_mut().for_each(|v| *v /= norm);
        }
    }
    assigned.into_iter().map(|(label, _)| label).collect()
}

/// The state with the largest projection, the first of equals, and that projection with its sign.
pub(super) fn nearest(states: &[Vec<f64>], map: &[f64]) -> (usize, f64) {
    let mut best = (0, dot(&states[0], map));
    for (i, state) in states.iter().enumerate().skip(1) {
        let activation = dot(state, map);
        if activation.abs() > best.1.abs() {
            best = (i, activation);
        }
    }
    best
}

impl ClusterFit {
    /// The maps, those that explain most first.
    pub(super) fn by_explained_variance(&self, maps: &Maps) -> Vec<Vec<f64>> {
        let mut explained = vec![0.0; self.maps.len()];
        for (map, &label) in maps.iter().zip(&self.labels) {
            explained[label] += dot(&self.maps[label], map).powi(2);
        }
        let mut order: Vec<usize> = (0..self.maps.len()).collect();
        order.sort_by(|&a, &b| explained[b].total_cmp(&explained[a]));
        order.into_iter().map(|i| self.maps[i].clone()).collect()
    }
}
