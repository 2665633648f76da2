//! Conditions: which annotations of a prepared recording are events, and the epochs around them.

use std::collections::BTreeMap;

use clx_eeg::epochs::{
    AmplitudeLimit, Baseline, DropReason, EpochParams, EpochSet, EventRule, cut_epochs,
};
use clx_eeg::erp::{SignalToNoise, signal_to_noise};
use clx_signal::{ChannelKind, Epochs, Finding, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::prepare::Prepared;
use crate::AnalysisError;

/// How epochs are cut, in the words of the parameters.
pub(super) struct Cut<'a> {
    pub(super) conditions: &'a [String],
    pub(super) tmin_s: f64,
    pub(super) tmax_s: f64,
    /// Start and end of the span whose mean is taken off; an absent start is that of the epoch.
    pub(super) baseline: Option<(Option<f64>, f64)>,
    pub(super) reject_uv: Option<f64>,
}

/// Epochs of several conditions.
pub(super) struct Conditions {
    pub(super) rules: Vec<EventRule>,
    set: EpochSet,
}

/// How many events have no epoch, by the first reason.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub(super) struct Dropped {
    n_duplicate: usize,
    n_outside: usize,
    n_gap: usize,
    n_annotated: usize,
    n_peak_to_peak: usize,
    n_flat: usize,
    n_not_finite: usize,
}

/// Cuts the epochs of every condition.
///
/// # Errors
/// [`AnalysisError::Input`] if nothing in the recording is an event.
pub(super) fn cut(prepared: &Prepared, cut: &Cut<'_>) -> Result<Conditions, AnalysisError> {
    let rules = rules(cut.conditions, prepared);
    if rules.is_empty() {
        let text = "the recording has no events: no annotation to average around";
        return Err(AnalysisError::Input(text.to_owned()));
    }
    let set = cut_epochs(
        &prepared.channels,
        &prepared.samples,
        &prepared.annotations,
        &prepared.gaps,
        &epoch_params(cut, &rules),
    )?;
    Ok(Conditions { rules, set })
}

impl Conditions {
    pub(super) fn epochs(&self, rule: &EventRule) -> Epochs {
        self.set.of_event(rule.id)
    }

    /// The epochs of the condition with this text.
    pub(super) fn named(&self, text: &str) -> Epochs {
        let rule = self.rules.iter().find(|rule| rule.text == text);
        self.set.of_event(rule.map_or(0, |rule| rule.id))
    }

    /// Events of a condition, and those of them that have no epoch.
    pub(super) fn count(&self, rule: &EventRule) -> (usize, Dropped) {
        let fates: Vec<_> = self.set.log.iter().filter(|f| f.event.id == rule.id).collect();
        let mut dropped = Dropped::default();
        fates.iter().filter_map(|fate| fate.dropped.first()).for_each(|why| dropped.count(why));
        (fates.len(), dropped)
    }
}

/// The channel whose average stands out most from the noise between two times; `None` below two
/// epochs.
pub(super) fn clearest(
    epochs: &Epochs,
    channels: &[String],
    tmin_s: f64,
    tmax_s: f64,
) -> Option<SignalToNoise> {
    let low = f64::NEG_INFINITY;
    let all = signal_to_noise(epochs, channels, tmin_s, tmax_s).ok()?;
    all.into_iter().max_by(|a, b| a.snr_db.unwrap_or(low).total_cmp(&b.snr_db.unwrap_or(low)))
}

/// What is said of a condition without any epoch.
pub(super) fn no_epoch(rule: &EventRule, n_events: usize) -> Finding {
    let text =
        format!("`{}` has no average: {n_events} event(s), none with a usable epoch", rule.text);
    Finding::new("events.no_epoch", Severity::Warning, text)
}

/// What is said of the conditions beyond the first `most`.
pub(super) fn left_out(rules: &[EventRule], most: usize) -> Option<Finding> {
    if rules.len() <= most {
        return None;
    }
    let names: Vec<&str> = rules[most..].iter().take(8).map(|r| r.text.as_str()).collect();
    let text = format!(
        "{} kinds of events, of which the {most} most frequent were averaged; name others in `conditions`, such as {}",
        rules.len(),
        names.join(", ")
    );
    Some(Finding::new("events.conditions", Severity::Info, text))
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

fn epoch_params(cut: &Cut<'_>, rules: &[EventRule]) -> EpochParams {
    let baseline = cut.baseline.map(|(tmin_s, tmax_s)| Baseline { tmin_s, tmax_s: Some(tmax_s) });
    let limit = cut.reject_uv.map(|uv| AmplitudeLimit {
        kind: ChannelKind::Eeg,
        peak_to_peak_uv: Some(uv),
        flat_uv: None,
    });
    EpochParams {
        events: rules.to_vec(),
        tmin_s: cut.tmin_s,
        tmax_s: cut.tmax_s,
        baseline,
        limits: limit.into_iter().collect(),
        ..EpochParams::default()
    }
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
