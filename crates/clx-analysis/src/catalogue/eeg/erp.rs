//! `eeg.erp`: averages around events, what is read off them, and where two conditions differ.

mod contrast;
pub(super) mod plots;

use clx_eeg::epochs::EventRule;
use clx_eeg::erp::{Erp, ErpParams, Polarity, SignalToNoise, average};
use clx_signal::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::contrast::{Contrast, compare, untested};
use super::events::{self, Conditions, Cut, Dropped};
use super::prepare::{Preparation, PrepareParams, Prepared, prepare};
use crate::analysis::{Entry, InputKind};
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "eeg.erp",
        title: "Event-related potentials",
        summary: "Averages around the events of a recording with confidence bands, peaks, and where two conditions differ",
        input: InputKind::Recording,
        credits: 2,
        example: r#"{"tmin_s": -0.2, "tmax_s": 0.8}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// Averages are kept of so many conditions; more are named in a finding.
const MOST_CONDITIONS: usize = 12;

/// Settings of the averages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ErpRunParams {
    pub(super) prepare: PrepareParams,
    /// Texts of annotations, one condition each; `*` stands for any text. Empty: each text is one.
    #[schemars(length(max = 64))]
    pub(super) conditions: Vec<String>,
    /// Start of an epoch, seconds from the event.
    pub(super) tmin_s: f64,
    /// End of an epoch, seconds from the event.
    pub(super) tmax_s: f64,
    /// The mean from here to `baseline_tmax_s` is taken off; absent: from the start of the epoch.
    pub(super) baseline_tmin_s: Option<f64>,
    /// Absent: no baseline is taken off.
    pub(super) baseline_tmax_s: Option<f64>,
    /// Epochs in which a channel spans more than this are left out, microvolts; absent: none are.
    pub(super) reject_uv: Option<f64>,
    /// Peaks are looked for from here, seconds from the event.
    pub(super) peak_tmin_s: f64,
    /// Peaks are looked for until here; absent: the end of the epoch.
    pub(super) peak_tmax_s: Option<f64>,
    /// Two conditions are compared with so many permutations; 0: not at all.
    #[schemars(range(max = 100_000))]
    pub(super) permutations: usize,
    pub(super) seed: u64,
}

impl Default for ErpRunParams {
    fn default() -> Self {
        Self {
            prepare: PrepareParams {
                highpass_hz: Some(0.1),
                lowpass_hz: Some(30.0),
                ..PrepareParams::default()
            },
            conditions: Vec::new(),
            tmin_s: -0.2,
            tmax_s: 0.8,
            baseline_tmin_s: None,
            baseline_tmax_s: Some(0.0),
            reject_uv: Some(150.0),
            peak_tmin_s: 0.0,
            peak_tmax_s: None,
            permutations: 1000,
            seed: 1,
        }
    }
}

/// Averages around events.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct ErpResult {
    preparation: Preparation,
    #[serde(flatten)]
    measures: ErpMeasures,
    findings: Vec<Finding>,
}

/// What was measured of the epochs.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct ErpMeasures {
    conditions: Vec<Condition>,
    /// Every condition's peak where it is largest among the channels, one of each polarity.
    peaks: Vec<ConditionPeak>,
    /// Between the first two conditions; absent with fewer, or if not asked for.
    contrast: Option<Contrast>,
}

/// The average of one condition.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Condition {
    condition: String,
    n_events: usize,
    /// Epochs in the average.
    n_epochs: usize,
    /// Events without an epoch, by the first reason.
    dropped: Dropped,
    /// Of the channel with the clearest average, after the event.
    best_signal_to_noise: Option<SignalToNoise>,
    erp: Erp,
}

/// One peak of an average.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct ConditionPeak {
    condition: String,
    polarity: Polarity,
    channel: String,
    latency_s: f64,
    amplitude_uv: f64,
    /// Of this sample by itself; that it was chosen for being the largest biases it up.
    amplitude_ci95_uv: Option<[f64; 2]>,
}

fn run(inputs: Inputs, params: ErpRunParams, cx: &Context<'_>) -> Result<ErpResult, AnalysisError> {
    let mut prepared = prepare(inputs, &params.prepare, cx, 0.7)?;
    let measures = measure(&mut prepared, &params, cx, 0.8)?;
    Ok(ErpResult { preparation: prepared.preparation, measures, findings: prepared.findings })
}

/// Cuts, averages and compares; the samples of `prepared` are used up. Progress goes on from `done`.
pub(super) fn measure(
    prepared: &mut Prepared,
    params: &ErpRunParams,
    cx: &Context<'_>,
    done: f64,
) -> Result<ErpMeasures, AnalysisError> {
    let cut = Cut {
        conditions: &params.conditions,
        tmin_s: params.tmin_s,
        tmax_s: params.tmax_s,
        baseline: params.baseline_tmax_s.map(|tmax_s| (params.baseline_tmin_s, tmax_s)),
        reject_uv: params.reject_uv,
    };
    let events = events::cut(prepared, &cut)?;
    // Epochs hold what is needed from here on.
    prepared.samples = Vec::new();
    cx.step(done, "averaging")?;
    let channels = prepared.names();
    let mut conditions = Vec::new();
    for rule in events.rules.iter().take(MOST_CONDITIONS) {
        conditions.extend(condition(rule, &events, &channels, params, &mut prepared.findings)?);
    }
    prepared.findings.extend(events::left_out(&events.rules, MOST_CONDITIONS));
    let contrast = match (params.permutations, conditions.as_slice()) {
        (1.., [a, b, ..]) => {
            cx.step(done + 0.04, "comparing")?;
            let sides = [a, b].map(|c| (c.condition.as_str(), events.named(&c.condition)));
            let contrast = compare(sides, prepared, params.permutations, params.seed)?;
            prepared.findings.extend(untested(&contrast));
            Some(contrast)
        }
        _ => None,
    };
    let peaks = conditions.iter().flat_map(|c| peaks(c, params)).collect();
    Ok(ErpMeasures { conditions, peaks, contrast })
}

fn condition(
    rule: &EventRule,
    events: &Conditions,
    channels: &[String],
    params: &ErpRunParams,
    findings: &mut Vec<Finding>,
) -> Result<Option<Condition>, AnalysisError> {
    let (n_events, dropped) = events.count(rule);
    let epochs = events.epochs(rule);
    if epochs.is_empty() {
        findings.push(events::no_epoch(rule, n_events));
        return Ok(None);
    }
    let erp = average(&epochs, channels, &ErpParams::default())?;
    let after = params.tmin_s.max(0.0);
    let clearest = events::clearest(&epochs, channels, after, params.tmax_s);
    Ok(Some(Condition {
        condition: rule.text.clone(),
        n_events,
        n_epochs: epochs.len(),
        dropped,
        best_signal_to_noise: clearest,
        erp,
    }))
}

fn peaks(condition: &Condition, params: &ErpRunParams) -> Vec<ConditionPeak> {
    let tmax_s = params.peak_tmax_s.unwrap_or(params.tmax_s);
    let erp = &condition.erp;
    let channels: Vec<usize> = (0..erp.channels.len()).collect();
    let largest = |polarity: Polarity| {
        let peak = erp.peak(&channels, params.peak_tmin_s, tmax_s, polarity)?;
        Some(ConditionPeak {
            condition: condition.condition.clone(),
            polarity,
            channel: peak.channel,
            latency_s: peak.latency_s,
            amplitude_uv: peak.amplitude_uv,
            amplitude_ci95_uv: peak.ci_uv,
        })
    };
    [Polarity::Positive, Polarity::Negative].into_iter().filter_map(largest).collect()
}
