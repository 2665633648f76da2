//! `eeg.microstates`: the topographies among which the scalp field switches, and how it switches.

mod clustering;
mod plots;

use clx_eeg::microstates::{MicrostateStatistics, Microstates, SegmentParams, describe, segment};
use clx_eeg::site;
use clx_signal::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::clustering::{Model, cluster};
use super::pieces;
use super::prepare::{Preparation, PrepareParams, Prepared, Referencing, prepare};
use super::spectra::four_digits;
use crate::analysis::{Entry, InputKind};
use crate::error::check_bounds;
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "eeg.microstates",
        title: "Microstates",
        summary: "The few shapes of the scalp field, how long and how often each lasts, what it explains, and which follows which",
        input: InputKind::Recording,
        credits: 3,
        example: r#"{"n_states": 4, "restarts": 10}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// Fewest channels that have a field.
const FEWEST_CHANNELS: usize = 4;
/// Seconds that are labelled at once.
const BLOCK_S: f64 = 30.0;
/// Permutations times stretches that are done at most: about a second.
const MOST_SHUFFLED: usize = 50_000_000;

/// Settings of the microstates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct MicrostateRunParams {
    prepare: PrepareParams,
    /// Number of states; absent: the one of the smallest cross-validation criterion.
    #[schemars(range(min = 2, max = 12))]
    n_states: Option<usize>,
    /// Fewest states that are tried.
    #[schemars(range(min = 2, max = 12))]
    fewest_states: usize,
    /// Most states that are tried.
    #[schemars(range(min = 2, max = 12))]
    most_states: usize,
    /// Starts of the clustering; the one that explains most is kept.
    #[schemars(range(min = 1, max = 200))]
    restarts: usize,
    /// Shorter stretches go to their neighbours, milliseconds; 0 keeps them.
    #[schemars(range(min = 0.0, max = 500.0))]
    shortest_ms: f64,
    /// Weight of agreement with neighbouring samples; 0 does not smooth.
    #[schemars(range(min = 0.0, max = 1000.0))]
    smoothing: f64,
    /// Shuffles behind the p values of the transitions; 0: none.
    #[schemars(range(max = 10_000))]
    permutations: usize,
    seed: u64,
}

impl Default for MicrostateRunParams {
    fn default() -> Self {
        Self {
            prepare: PrepareParams {
                highpass_hz: Some(1.0),
                lowpass_hz: Some(40.0),
                rate_hz: Some(125.0),
                reference: Referencing::Average,
                ..PrepareParams::default()
            },
            n_states: None,
            fewest_states: 3,
            most_states: 7,
            restarts: 20,
            shortest_ms: 30.0,
            smoothing: 0.0,
            permutations: 1000,
            seed: 1,
        }
    }
}

impl MicrostateRunParams {
    fn check(&self) -> Result<(), AnalysisError> {
        check_bounds("n_states", self.n_states.unwrap_or(2), 2..=12)?;
        check_bounds("fewest_states", self.fewest_states, 2..=12)?;
        check_bounds("most_states", self.most_states, self.fewest_states..=12)?;
        check_bounds("restarts", self.restarts, 1..=200)?;
        check_bounds("shortest_ms", self.shortest_ms, 0.0..=500.0)?;
        check_bounds("smoothing", self.smoothing, 0.0..=1000.0)?;
        check_bounds("permutations", self.permutations, 0..=10_000)
    }
}

/// Microstates of a recording.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct MicrostateResult {
    preparation: Preparation,
    n_states: usize,
    /// Global explained variance of the whole recording.
    explained_share: f64,
    /// Samples without a state: at interruptions and ends.
    unlabelled_share: f64,
    /// Maps of high field power that the states were found in.
    n_maps: usize,
    states: Vec<State>,
    transitions: Vec<Transition>,
    /// Numbers of states that were tried; empty if the number was given.
    models: Vec<Model>,
    findings: Vec<Finding>,
}

/// One state.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct State {
    /// From 1, by what it explains.
    state: usize,
    coverage_share: f64,
    /// Share of the variance of the recording that it explains.
    explained_share: f64,
    /// Mean length of a stretch; absent for a state that does not occur.
    duration_ms: Option<f64>,
    /// Stretches per second.
    occurrence_hz: f64,
    /// Mean absolute correlation of the field with the map.
    correlation: Option<f64>,
    /// One value per channel, unit length; the sign means nothing.
    map: Vec<f64>,
}

/// How often one state follows another.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Transition {
    from_state: usize,
    to_state: usize,
    /// Of the changes from the first state.
    observed_share: f64,
    /// If only the time spent in each state mattered.
    expected_share: f64,
    /// Against shuffled stretches, not corrected for the number of transitions.
    p_value: Option<f64>,
}

fn run(
    inputs: Inputs,
    params: MicrostateRunParams,
    cx: &Context<'_>,
) -> Result<MicrostateResult, AnalysisError> {
    params.check()?;
    let mut prepared = prepare(inputs, &params.prepare, cx, 0.3)?;
    if prepared.channels.len() < FEWEST_CHANNELS {
        return Err(AnalysisError::Input(format!(
            "microstates need {FEWEST_CHANNELS} good channels, got {}",
            prepared.channels.len()
        )));
    }
    let found = cluster(&mut prepared, &params, cx, [0.3, 0.75])?;
    let Microstates { mut maps, .. } = found.states;
    turn(&mut maps, &prepared);
    let labels = label(&prepared, &maps, &params, cx)?;
    cx.step(0.93, "summarising")?;
    let stretches = labels.chunk_by(|a, b| a == b).count();
    let permutations = params.permutations.min(MOST_SHUFFLED / stretches.max(1));
    let figures =
        describe(&prepared.samples, prepared.rate, &maps, &labels, permutations, params.seed)?;
    Ok(MicrostateResult {
        n_states: maps.len(),
        explained_share: figures.gev,
        unlabelled_share: figures.unlabelled_share,
        n_maps: found.n_maps,
        transitions: transitions(&figures),
        states: states(&figures, maps),
        models: found.models,
        preparation: prepared.preparation,
        findings: prepared.findings,
    })
}

/// The front of the head positive, so that like maps look alike.
fn turn(maps: &mut [Vec<f64>], prepared: &Prepared) {
    let front = |c: usize| site::position(&prepared.channels[c].name).map_or(0.0, |p| p[1]);
    for map in maps {
        let lean: f64 = map.iter().enumerate().map(|(c, v)| v * front(c)).sum();
        if lean < 0.0 {
            map.iter_mut().for_each(|v| *v = -*v);
        }
    }
}

/// The state of every sample; none at the ends of unbroken stretches, where it is cut off.
fn label(
    prepared: &Prepared,
    maps: &[Vec<f64>],
    params: &MicrostateRunParams,
    cx: &Context<'_>,
) -> Result<Vec<Option<usize>>, AnalysisError> {
    let n = prepared.samples[0].len();
    let block = prepared.rate.samples(BLOCK_S);
    let settings = SegmentParams {
        smoothing: params.smoothing,
        half_window: prepared.rate.samples(0.03).max(1),
        min_length: prepared.rate.samples(params.shortest_ms / 1e3),
        drop_edges: false,
        ..SegmentParams::default()
    };
    let mut labels = Vec::with_capacity(n);
    let mut from = 0;
    for to in pieces::breaks(prepared).into_iter().chain([n]) {
        let first = labels.len();
        for start in (from..to).step_by(block.max(1)) {
            cx.step(0.75 + 0.17 * start as f64 / n as f64, "measuring")?;
            let end = to.min(start + block);
            let part: Vec<Vec<f32>> =
                prepared.samples.iter().map(|x| x[start..end].to_vec()).collect();
            labels.extend(segment(&part, maps, &settings)?);
        }
        drop_ends(&mut labels[first..]);
        from = to.max(from);
    }
    Ok(labels)
}

/// The first and the last stretch began or will end elsewhere.
fn drop_ends(labels: &mut [Option<usize>]) {
    let n = labels.len();
    let first = labels.iter().position(|l| *l != labels[0]).unwrap_or(n);
    let last = labels.iter().rposition(|l| *l != labels[n - 1]).map_or(0, |i| i + 1);
    labels[..first].fill(None);
    labels[last..].fill(None);
}

fn states(figures: &MicrostateStatistics, maps: Vec<Vec<f64>>) -> Vec<State> {
    let state = |(i, map): (usize, Vec<f64>)| {
        let figures = &figures.states[i];
        State {
            state: i + 1,
            coverage_share: figures.coverage,
            explained_share: figures.gev,
            duration_ms: figures.mean_duration_s.map(|s| s * 1e3),
            occurrence_hz: figures.occurrence_per_s,
            correlation: figures.mean_correlation,
            map: map.into_iter().map(four_digits).collect(),
        }
    };
    maps.into_iter().enumerate().map(state).collect()
}

fn transitions(figures: &MicrostateStatistics) -> Vec<Transition> {
    let n = figures.states.len();
    let pairs = (0..n).flat_map(|from| (0..n).map(move |to| (from, to)));
    pairs
        .filter(|(from, to)| from != to)
        .map(|(from, to)| Transition {
            from_state: from + 1,
            to_state: to + 1,
            observed_share: figures.transitions[from][to],
            expected_share: figures.expected_transitions[from][to],
            p_value: figures.transition_p.as_ref().map(|p| p[from][to]),
        })
        .collect()
}
