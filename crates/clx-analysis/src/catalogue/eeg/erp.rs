//! `eeg.erp`: averages around events, what is read off them, and where two conditions differ.

mod contrast;
mod plots;

use std::collections::BTreeMap;

use clx_eeg::epochs::{
    AmplitudeLimit, Baseline, DropReason, EpochParams, EpochSet, EventRule, cut_epochs,
};
use clx_eeg::erp::{Erp, ErpParams, Polarity, SignalToNoise, average, signal_to_noise};
use clx_signal::{ChannelKind, Finding, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::contrast::{Contrast, compare, untested};
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
        example: r#"{"conditions": ["*"], "tmin_s": -0.2, "tmax_s": 0.8}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// Averages are kept of so many conditions; more are named in a finding.
const MOST_CONDITIONS: usize = 12;

/// Settings of the averages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct ErpRunParams {
    prepare: PrepareParams,
    /// Texts of annotations, one condition each; `*` stands for any text. Empty: each text is one.
    #[schemars(length(max = 64))]
    conditions: Vec<String>,
    /// Start of an epoch, seconds from the event.
    tmin_s: f64,
    /// End of an epoch, seconds from the event.
    tmax_s: f64,
    /// The mean from here to `baseline_tmax_s` is taken off; absent: from the start of the epoch.
    baseline_tmin_s: Option<f64>,
    /// Absent: no baseline is taken off.
    baseline_tmax_s: Option<f64>,
    /// Epochs in which a channel spans more than this are left out, microvolts; absent: none are.
    reject_uv: Option<f64>,
    /// Peaks are looked for from here, seconds from the event.
    peak_tmin_s: f64,
    /// Peaks are looked for until here; absent: the end of the epoch.
    peak_tmax_s: Option<f64>,
    /// Two conditions are compared with so many permutations; 0: not at all.
    #[schemars(range(max = 100_000))]
    permutations: usize,
    seed: u64,
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
    conditions: Vec<Condition>,
    /// Every condition's peak where it is largest among the channels, one of each polarity.
    peaks: Vec<ConditionPeak>,
    /// Between the first two conditions; absent with fewer, or if not asked for.
    contrast: Option<Contrast>,
    findings: Vec<Finding>,
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

/// How many events have no epoch, by the first reason.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Dropped {
    n_duplicate: usize,
    n_outside: usize,
    n_gap: usize,
    n_annotated: usize,
    n_peak_to_peak: usize,
    n_flat: usize,
    n_not_finite: usize,
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
    let rules = rules(&params.conditions, &prepared);
    if rules.is_empty() {
        let text = "the recording has no events: no annotation to average around";
        return Err(AnalysisError::Input(text.to_owned()));
    }
    let set = cut_epochs(
        &prepared.channels,
        &prepared.samples,
        &prepared.annotations,
        &prepared.gaps,
        &epoch_params(&params, &rules),
    )?;
    // Epochs hold what is needed from here on.
    prepared.samples = Vec::new();
    cx.step(0.8, "averaging")?;
    let channels = prepared.names();
    let mut conditions = Vec::new();
    for rule in rules.iter().take(MOST_CONDITIONS) {
        conditions.extend(condition(rule, &set, &channels, &params, &mut prepared.findings)?);
    }
    report_left_out(&rules, &mut prepared.findings);
    let contrast = match (params.permutations, conditions.as_slice()) {
        (1.., [a, b, ..]) => {
            cx.step(0.85, "comparing")?;
            let sides = [a, b].map(|c| (c.condition.as_str(), of_condition(&rules, &set, c)));
            let contrast = compare(sides, &prepared, params.permutations, params.seed, cx)?;
            prepared.findings.extend(untested(&contrast));
            Some(contrast)
        }
        _ => None,
    };
    let peaks = conditions.iter().flat_map(|c| peaks(c, &params)).collect();
    Ok(ErpResult {
        preparation: prepared.preparation,
        conditions,
        peaks,
        contrast,
        findings: prepared.findings,
    })
}

/// One rule per condition, numbered from 1.
fn rules(conditions: &[String], prepared: &Prepared) -> Vec<EventRule> {
    let texts: Vec<String> = if conditions.is_empty() {
        // Most frequent first: those are what was averaged for.
        let mut counts = BTreeMap::<&str, usize>::new();
        for note in prepared.annotations.iter().filter(|a| a.channel.is_none()) {
            *counts.entry(&note.text).or_default() += 1;
        }
        let mut texts: Vec<(&str, usize)> =
            counts.into_iter().filter(|(text, _)| !is_mark(text)).collect();
        texts.sort_by_key(|&(text, n)| (std::cmp::Reverse(n), text));
        texts.into_iter().map(|(text, _)| text.to_owned()).collect()
    } else {
        conditions.to_vec()
    };
    (1..).zip(texts).map(|(id, text)| EventRule { text, id }).collect()
}

/// Annotations that mark stretches or seams, not events.
fn is_mark(text: &str) -> bool {
    let text = text.to_lowercase();
    text.is_empty()
        || text.starts_with("bad")
        || text.starts_with("edge")
        || text == "boundary"
        || text.starts_with("new segment")
}

fn epoch_params(params: &ErpRunParams, rules: &[EventRule]) -> EpochParams {
    let baseline = params
        .baseline_tmax_s
        .map(|tmax_s| Baseline { tmin_s: params.baseline_tmin_s, tmax_s: Some(tmax_s) });
    let limit = params.reject_uv.map(|uv| AmplitudeLimit {
        kind: ChannelKind::Eeg,
        peak_to_peak_uv: Some(uv),
        flat_uv: None,
    });
    EpochParams {
        events: rules.to_vec(),
        tmin_s: params.tmin_s,
        tmax_s: params.tmax_s,
        baseline,
        limits: limit.into_iter().collect(),
        ..EpochParams::default()
    }
}

fn of_condition(rules: &[EventRule], set: &EpochSet, condition: &Condition) -> clx_signal::Epochs {
    let rule = rules.iter().find(|rule| rule.text == condition.condition);
    set.of_event(rule.map_or(0, |rule| rule.id))
}

fn condition(
    rule: &EventRule,
    set: &EpochSet,
    channels: &[String],
    params: &ErpRunParams,
    findings: &mut Vec<Finding>,
) -> Result<Option<Condition>, AnalysisError> {
    let fates: Vec<_> = set.log.iter().filter(|fate| fate.event.id == rule.id).collect();
    let epochs = set.of_event(rule.id);
    let mut dropped = Dropped::default();
    fates.iter().filter_map(|fate| fate.dropped.first()).for_each(|why| dropped.count(why));
    if epochs.is_empty() {
        let text = format!(
            "`{}` has no average: {} event(s), none with a usable epoch",
            rule.text,
            fates.len()
        );
        findings.push(Finding::new("erp.no_epoch", Severity::Warning, text));
        return Ok(None);
    }
    let erp = average(&epochs, channels, &ErpParams::default())?;
    let after = params.tmin_s.max(0.0);
    let clearest = signal_to_noise(&epochs, channels, after, params.tmax_s)
        .ok()
        .and_then(|all| all.into_iter().max_by(|a, b| order(a.snr_db, b.snr_db)));
    Ok(Some(Condition {
        condition: rule.text.clone(),
        n_events: fates.len(),
        n_epochs: epochs.len(),
        dropped,
        best_signal_to_noise: clearest,
        erp,
    }))
}

fn order(a: Option<f64>, b: Option<f64>) -> std::cmp::Ordering {
    let low = f64::NEG_INFINITY;
    a.unwrap_or(low).total_cmp(&b.unwrap_or(low))
}

impl Dropped {
    fn count(&mut self, why: &DropReason) {
        *match why {
            DropReason::Duplicate => &mut self.n_duplicate,
            DropReason::Outside => &mut self.n_outside,
            DropReason::Gap { .. } => &mut self.n_gap,
            DropReason::Annotated { .. } => &mut self.n_annotated,
            DropReason::PeakToPeak { .. } => &mut self.n_peak_to_peak,
            DropReason::Flat { .. } => &mut self.n_flat,
            DropReason::NotFinite { .. } => &mut self.n_not_finite,
        } += 1;
    }
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

fn report_left_out(rules: &[EventRule], findings: &mut Vec<Finding>) {
    if rules.len() > MOST_CONDITIONS {
        let names: Vec<&str> =
            rules[MOST_CONDITIONS..].iter().take(8).map(|r| r.text.as_str()).collect();
        let text = format!(
            "{} kinds of events, of which the {MOST_CONDITIONS} most frequent were averaged; name others in `conditions`, such as {}",
            rules.len(),
            names.join(", ")
        );
        findings.push(Finding::new("erp.conditions", Severity::Info, text));
    }
}
