//! `sleep.stages`: the stages of a night, and what it amounts to.

mod model;
mod plots;

use clx_eeg::sleep::{
    EPOCH_S, Hypnogram, SleepCycle, SleepStatistics, Stage, StagedEpoch, find_cycles,
    sleep_statistics, transition_counts, transition_probabilities,
};
use clx_signal::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::model::stage_by_model;
use super::hypnogram::{annotated, end_s};
use crate::analysis::{Entry, InputKind};
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "sleep.stages",
        title: "Sleep stages",
        summary: "Stages of a night from its annotations or from a trained model, with latencies, efficiency and cycles",
        input: InputKind::Recording,
        credits: 2,
        example: r#"{"use_annotations": true}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// Where stages come from, and from when to when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct StagesParams {
    /// Stages that the recording has as annotations are taken; if it has none, or with `false`, a
    /// model gives them.
    use_annotations: bool,
    /// Name of the EEG channel for the model; absent: C4, C3, Cz, Fpz-Cz or the next best.
    channel: Option<String>,
    /// Name of the eye channel; absent: the first there is.
    eog: Option<String>,
    /// Name of the chin channel; absent: the first there is.
    emg: Option<String>,
    /// Age of the sleeper in years; with `male` another model is used.
    #[schemars(range(min = 1, max = 119))]
    age: Option<u32>,
    /// Sex of the sleeper.
    male: Option<bool>,
    /// Lights off, seconds; absent: the first sample.
    #[schemars(range(min = 0.0))]
    tmin_s: Option<f64>,
    /// Lights on, seconds; absent: the last sample.
    #[schemars(range(min = 0.0))]
    tmax_s: Option<f64>,
}

impl Default for StagesParams {
    fn default() -> Self {
        Self {
            use_annotations: true,
            channel: None,
            eog: None,
            emg: None,
            age: None,
            male: None,
            tmin_s: None,
            tmax_s: None,
        }
    }
}

/// Where stages came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum StageSource {
    /// Annotations of the recording: what a scorer wrote.
    Annotations,
    /// A trained model: a proposal for a scorer.
    Model,
}

/// The stages of a night. Times are seconds from the first sample of the recording.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct StagesResult {
    source: StageSource,
    /// Name of the model.
    model: Option<String>,
    /// Channels that the model was given.
    channels: Vec<String>,
    tmin_s: f64,
    duration_s: f64,
    statistics: Option<SleepStatistics>,
    /// Mean probability of the stages given, of a model.
    mean_confidence: Option<f64>,
    /// Epochs with a confidence below a half.
    n_uncertain: Option<usize>,
    cycles: Vec<SleepCycle>,
    /// For each stage, which one the next epoch has.
    transitions: Vec<Transition>,
    /// One row for each 30 s.
    epochs: Vec<Epoch>,
    findings: Vec<Finding>,
}

/// What follows a stage.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Transition {
    stage: Stage,
    /// Epochs of the stage with a known stage after them.
    n_epochs: u32,
    next: Option<StageShares>,
}

/// Shares of the five stages.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
struct StageShares {
    wake_share: f64,
    n1_share: f64,
    n2_share: f64,
    n3_share: f64,
    rem_share: f64,
}

impl From<[f64; 5]> for StageShares {
    fn from([wake_share, n1_share, n2_share, n3_share, rem_share]: [f64; 5]) -> Self {
        Self { wake_share, n1_share, n2_share, n3_share, rem_share }
    }
}

/// 30 seconds of the night.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Epoch {
    tmin_s: f64,
    stage: Stage,
    /// Probability of the stage; absent for annotated ones.
    confidence: Option<f64>,
    probability: Option<StageShares>,
}

fn run(
    inputs: Inputs,
    params: StagesParams,
    cx: &Context<'_>,
) -> Result<StagesResult, AnalysisError> {
    if params.age.is_some_and(|age| !(1..=119).contains(&age)) {
        return Err(AnalysisError::Params("age must be 1 to 119 years".to_owned()));
    }
    if params.age.is_some() != params.male.is_some() {
        let text = "age and male go together: the model that knows the sleeper needs both";
        return Err(AnalysisError::Params(text.to_owned()));
    }
    if [params.tmin_s, params.tmax_s].into_iter().flatten().any(|s| !(s >= 0.0 && s.is_finite())) {
        let text = "tmin_s and tmax_s must be 0 s or later";
        return Err(AnalysisError::Params(text.to_owned()));
    }
    let mut reader = inputs.recording()?;
    cx.step(0.0, "reading")?;
    if params.use_annotations {
        let annotations = reader.annotations()?;
        // A file of a hypnogram alone has no samples.
        let total_s = match reader.header().channels.is_empty() {
            true => end_s(&annotations),
            false => reader.header().duration_s,
        };
        let tmin_s = params.tmin_s.unwrap_or(0.0);
        let tmax_s = params.tmax_s.unwrap_or(total_s).min(total_s);
        if let Some(found) = annotated(&annotations, tmin_s, tmax_s) {
            return Ok(of_annotations(found, tmin_s, reader.findings().to_vec()));
        }
    }
    stage_by_model(reader, &params, cx)
}

fn of_annotations(hypnogram: Hypnogram, tmin_s: f64, findings: Vec<Finding>) -> StagesResult {
    let epoch = |(i, &stage): (usize, &Stage)| Epoch {
        tmin_s: tmin_s + i as f64 * EPOCH_S,
        stage,
        confidence: None,
        probability: None,
    };
    StagesResult {
        source: StageSource::Annotations,
        model: None,
        channels: Vec::new(),
        tmin_s,
        duration_s: hypnogram.len() as f64 * EPOCH_S,
        statistics: sleep_statistics(&hypnogram),
        mean_confidence: None,
        n_uncertain: None,
        cycles: cycles(&hypnogram, tmin_s),
        transitions: transitions(&hypnogram),
        epochs: hypnogram.stages.iter().enumerate().map(epoch).collect(),
        findings,
    }
}

fn of_model(staged: &StagedEpoch, index: usize, tmin_s: f64) -> Epoch {
    Epoch {
        tmin_s: tmin_s + index as f64 * EPOCH_S,
        stage: staged.stage,
        confidence: Some(staged.confidence),
        probability: Some(staged.probabilities.into()),
    }
}

fn cycles(hypnogram: &Hypnogram, tmin_s: f64) -> Vec<SleepCycle> {
    let moved = |c: SleepCycle| SleepCycle {
        tmin_s: c.tmin_s + tmin_s,
        tmax_s: c.tmax_s + tmin_s,
        rem_tmin_s: c.rem_tmin_s.map(|s| s + tmin_s),
        ..c
    };
    find_cycles(hypnogram).into_iter().map(moved).collect()
}

fn transitions(hypnogram: &Hypnogram) -> Vec<Transition> {
    let counts = transition_counts(hypnogram);
    let shares = transition_probabilities(&counts);
    let rows = Stage::ALL.into_iter().zip(counts).zip(shares);
    rows.map(|((stage, counts), shares)| Transition {
        stage,
        n_epochs: counts.iter().sum(),
        next: shares.map(Into::into),
    })
    .collect()
}
