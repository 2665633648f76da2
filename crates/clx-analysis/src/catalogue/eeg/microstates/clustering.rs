//! Finding the maps and their number.

use clx_eeg::microstates::{Maps, MicrostateParams, Microstates, compare_models, fit, gfp_peaks};
use clx_signal::{Finding, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::MicrostateRunParams;
use crate::catalogue::eeg::pieces;
use crate::catalogue::eeg::prepare::Prepared;
use crate::{AnalysisError, Context};

/// Maps that are clustered at most, evenly spread.
const MOST_MAPS: usize = 3000;

/// One number of states.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Model {
    n_states: usize,
    /// Of the maps that were clustered.
    explained_share: f64,
    /// The smallest is best.
    cross_validation_v2: f64,
    /// The largest is best; absent at both ends of the range.
    krzanowski_lai: Option<f64>,
}

pub(super) struct Clustering {
    pub(super) states: Microstates,
    pub(super) n_maps: usize,
    pub(super) models: Vec<Model>,
}

/// The maps of the number of states asked for, or of the best of several; progress goes over `span`.
pub(super) fn cluster(
    prepared: &mut Prepared,
    params: &MicrostateRunParams,
    cx: &Context<'_>,
    span: [f64; 2],
) -> Result<Clustering, AnalysisError> {
    let peaks = gfp_peaks(&prepared.samples)?;
    let used = pieces::spread(&peaks, MOST_MAPS);
    // As many states as channels less one explain everything.
    let most = prepared.channels.len() - 2;
    let numbers: Vec<usize> = match params.n_states {
        Some(n) => vec![n],
        None => (params.fewest_states..=params.most_states).filter(|n| *n <= most).collect(),
    };
    let Some(&largest) = numbers.last() else {
        return Err(AnalysisError::Params(format!(
            "fewest_states: {} channels hold at most {most} states, got {}",
            prepared.channels.len(),
            params.fewest_states
        )));
    };
    if used.len() < 10 * largest {
        return Err(AnalysisError::Input(format!(
            "{largest} states need {} maxima of the field power, got {}; take fewer states or a longer stretch",
            10 * largest,
            used.len()
        )));
    }
    let maps = Maps::at(&prepared.samples, Some(&used))?;
    let mut fits = Vec::new();
    for (i, &n_states) in numbers.iter().enumerate() {
        let share =
            |part: f64| span[0] + (span[1] - span[0]) * (i as f64 + part) / numbers.len() as f64;
        fits.push(best_fit(&maps, n_states, params, cx, &share)?);
    }
    let mut models = Vec::new();
    let mut chosen = 0;
    if params.n_states.is_none() {
        let selection = compare_models(&maps, &fits)?;
        chosen = numbers.iter().position(|n| *n == selection.best_by_cross_validation).unwrap_or(0);
        prepared.findings.extend(disagreement(&selection));
        models.extend(selection.models.iter().map(|m| Model {
            n_states: m.n_states,
            explained_share: m.gev,
            cross_validation_v2: m.cross_validation,
            krzanowski_lai: m.krzanowski_lai,
        }));
    }
    let states = fits.swap_remove(chosen);
    Ok(Clustering { states, n_maps: used.len(), models })
}

/// The best of all restarts, one by one so that a run can be given up.
fn best_fit(
    maps: &Maps,
    n_states: usize,
    params: &MicrostateRunParams,
    cx: &Context<'_>,
    share: &dyn Fn(f64) -> f64,
) -> Result<Microstates, AnalysisError> {
    let mut best: Option<Microstates> = None;
    let mut failed = None;
    for restart in 0..params.restarts {
        cx.step(share(restart as f64 / params.restarts as f64), "clustering")?;
        let seed = params.seed.wrapping_add(restart as u64);
        let settings =
            MicrostateParams { n_states, n_restarts: 1, seed, ..MicrostateParams::default() };
        match fit(maps, &settings) {
            Ok(found) if best.as_ref().is_none_or(|b| found.gev > b.gev) => best = Some(found),
            Ok(_) => {}
            // A start that does not settle is no result; another one may be.
            Err(error) => failed = Some(error),
        }
    }
    match (best, failed) {
        (Some(best), _) => Ok(best),
        (None, Some(error)) => Err(error.into()),
        (None, None) => Err(AnalysisError::Params("restarts must be 1 or more".to_owned())),
    }
}

fn disagreement(selection: &clx_eeg::microstates::ModelSelection) -> Option<Finding> {
    let other = selection.best_by_krzanowski_lai?;
    let chosen = selection.best_by_cross_validation;
    (other != chosen).then(|| {
        let text = format!(
            "cross-validation is best with {chosen} states, which were taken; Krzanowski and Lai's criterion is best with {other}"
        );
        Finding::new("microstates.number", Severity::Info, text)
    })
}
