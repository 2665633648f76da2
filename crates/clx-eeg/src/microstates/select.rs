use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::kmeans::nearest;
use super::{EegError, Maps, MicrostateParams, Microstates, dot, fit, refuse};

/// How well a number of states fits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelFit {
    pub n_states: usize,
    pub gev: f64,
    /// Predictive residual variance, in the maps' unit squared; the smallest is best. Not to be trusted
    /// above half as many states as channels.
    pub cross_validation: f64,
    /// Krzanowski and Lai's criterion; the largest is best. Absent at both ends of the range and where
    /// the dispersion is not convex.
    pub krzanowski_lai: Option<f64>,
}

/// Numbers of states side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelSelection {
    pub models: Vec<ModelFit>,
    /// The smallest cross-validation criterion.
    pub best_by_cross_validation: usize,
    /// The largest Krzanowski-Lai criterion.
    pub best_by_krzanowski_lai: Option<usize>,
}

/// Fits `k_min..=k_max` states and reports which number is best by two criteria.
///
/// Cross-validation: residual variance times `((n-1)/(n-1-k))²`, `n` channels. Krzanowski-Lai: the drop
/// of the pooled within-state dispersion `k^(2/n)·W` at `k` over the drop after it, as a share of the value
/// before. They often disagree; four to seven is usual for rest.
///
/// # Errors
/// As [`fit`]; [`EegError::Signal`] for an empty range or as many states as channels.
///
/// # Source
/// Pascual-Marqui, Michel and Lehmann 1995, IEEE Trans. Biomed. Eng. 42:658-665; Murray, Brunet and
/// Michel 2008, Brain Topogr. 20:249-264.
pub fn select_k(
    maps: &Maps,
    k_min: usize,
    k_max: usize,
    params: &MicrostateParams,
) -> Result<ModelSelection, EegError> {
    if k_min == 0 || k_min > k_max || k_max + 1 >= maps.n_channels {
        return Err(refuse(
            "k",
            "a range below the number of channels",
            format!("{k_min}..={k_max}"),
        ));
    }
    let fits = (k_min..=k_max)
        .map(|n_states| fit(maps, &MicrostateParams { n_states, ..*params }))
        .collect::<Result<Vec<_>, _>>()?;
    compare_models(maps, &fits)
}

/// What [`select_k`] reports, for fits that were made already: one more state each.
///
/// # Errors
/// [`EegError::Signal`] without a fit, and for one with as many states as channels.
pub fn compare_models(maps: &Maps, fits: &[Microstates]) -> Result<ModelSelection, EegError> {
    if fits.is_empty() || fits.iter().any(|f| f.maps.len() + 1 >= maps.n_channels) {
        return Err(refuse("fits", "at least one, of fewer states than channels", fits.len()));
    }
    let mut models = Vec::new();
    let mut dispersions = Vec::new();
    for found in fits {
        let n_states = found.maps.len();
        let n = (maps.n_channels - 1) as f64;
        let residual: f64 =
            maps.iter().map(|m| dot(m, m) - nearest(&found.maps, m).1.powi(2)).sum::<f64>()
                / (maps.len() as f64 * n);
        let cross_validation = residual * (n / (n - n_states as f64)).powi(2);
        let dispersion = dispersion(maps, &found.maps);
        dispersions.push((n_states as f64).powf(2.0 / maps.n_channels as f64) * dispersion);
        models.push(ModelFit { n_states, gev: found.gev, cross_validation, krzanowski_lai: None });
    }
    for i in 1..models.len().saturating_sub(1) {
        let drop = dispersions[i - 1] - dispersions[i];
        let next = dispersions[i] - dispersions[i + 1];
        let criterion = (drop - next) / dispersions[i - 1];
        // Murray et al. set it to zero where the dispersion does not bend upwards.
        models[i].krzanowski_lai = (drop >= next && criterion.is_finite()).then_some(criterion);
    }
    let by_cv = models.iter().min_by(|a, b| a.cross_validation.total_cmp(&b.cross_validation));
    let with_kl = models.iter().filter_map(|m| Some((m.n_states, m.krzanowski_lai?)));
    Ok(ModelSelection {
        best_by_cross_validation: by_cv.map_or(0, |m| m.n_states),
        best_by_krzanowski_lai: with_kl.max_by(|a, b| a.1.total_cmp(&b.1)).map(|m| m.0),
        models,
    })
}

/// Sum over states of the mean squared distance between its maps (of unit length, signs aligned).
fn dispersion(maps: &Maps, states: &[Vec<f64>]) -> f64 {
    let mut sums = vec![(0.0, vec![0.0; maps.n_channels]); states.len()];
    for map in maps.iter() {
        let norm = dot(map, map).sqrt();
        if norm == 0.0 {
            continue;
        }
        let (label, activation) = nearest(states, map);
        let (count, sum) = &mut sums[label];
        *count += 1.0;
        let scale = activation.signum() / norm;
        sum.iter_mut().zip(map).for_each(|(s, v)| *s += scale * v);
    }
    // Of unit vectors: the sum over pairs of |u - v|² is 2 (n² - |Σu|²).
    let of_state = |(n, sum): &(f64, Vec<f64>)| (n * n - dot(sum, sum)) / n.max(1.0);
    sums.iter().map(of_state).sum()
}
