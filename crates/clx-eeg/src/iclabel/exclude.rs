//! Which components go, and the record of why.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ica::parameter;
use crate::{EegError, Ica};

/// What a component is made by, in the order of ICLabel's probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComponentLabel {
    Brain,
    Muscle,
    Eye,
    Heart,
    LineNoise,
    ChannelNoise,
    Other,
}

impl ComponentLabel {
    /// In the order of ICLabel's output.
    pub const ALL: [Self; 7] = [
        Self::Brain,
        Self::Muscle,
        Self::Eye,
        Self::Heart,
        Self::LineNoise,
        Self::ChannelNoise,
        Self::Other,
    ];
}

/// A component goes if the probability of `label` reaches `min_probability`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExclusionRule {
    pub label: ComponentLabel,
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_probability: f64,
}

/// Muscle and eye at 0.9 or above: the defaults of EEGLAB's `pop_icflag`.
pub fn default_rules() -> Vec<ExclusionRule> {
    [ComponentLabel::Muscle, ComponentLabel::Eye]
        .map(|label| ExclusionRule { label, min_probability: 0.9 })
        .to_vec()
}

/// One component with its most probable label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LabelledComponent {
    pub component: usize,
    pub label: ComponentLabel,
    /// Of `label`.
    pub probability: f64,
    /// Of every label in the order of [`ComponentLabel::ALL`].
    pub probabilities: [f64; 7],
    /// Share of the variance of all channels.
    pub explained_variance: f64,
}

/// One component that goes, and the rule that it met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExcludedComponent {
    pub component: usize,
    /// Probability of the rule's label, which need not be the most probable one.
    pub probability: f64,
    pub rule: ExclusionRule,
    pub explained_variance: f64,
}

/// Everything that was decided about the components of a recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExclusionAudit {
    pub rules: Vec<ExclusionRule>,
    pub components: Vec<LabelledComponent>,
    pub excluded: Vec<ExcludedComponent>,
    /// Share of the variance of all channels in the excluded components.
    pub excluded_variance: f64,
}

impl ExclusionAudit {
    /// Components to hand to [`Ica::remove`].
    pub fn exclude(&self) -> Vec<usize> {
        self.excluded.iter().map(|e| e.component).collect()
    }
}

/// Applies `rules` in their order to the label probabilities of every component; the first rule that
/// a component meets is the one it goes by.
///
/// # Errors
/// Another number of components than `ica` has; a probability outside 0 to 1.
///
/// ```
/// use clx_eeg::iclabel::{ComponentLabel, default_rules};
/// assert_eq!(default_rules()[1].label, ComponentLabel::Eye);
/// ```
pub fn decide(
    ica: &Ica,
    probabilities: &[[f64; 7]],
    rules: &[ExclusionRule],
) -> Result<ExclusionAudit, EegError> {
    if probabilities.len() != ica.n_components() {
        let got = format!("{} for {} components", probabilities.len(), ica.n_components());
        return Err(parameter("probabilities", "one row per component", got));
    }
    let given = probabilities.iter().flatten().chain(rules.iter().map(|r| &r.min_probability));
    if let Some(p) = given.into_iter().find(|p| !(0.0..=1.0).contains(*p)) {
        return Err(parameter("probabilities", "0 to 1", p.to_string()));
    }
    let mut components = Vec::new();
    let mut excluded = Vec::new();
    for (component, (row, &share)) in probabilities.iter().zip(&ica.explained_variance).enumerate()
    {
        let best = (1..row.len()).fold(0, |best, i| if row[i] > row[best] { i } else { best });
        components.push(LabelledComponent {
            component,
            label: ComponentLabel::ALL[best],
            probability: row[best],
            probabilities: *row,
            explained_variance: share,
        });
        let met = |rule: &&ExclusionRule| row[rule.label as usize] >= rule.min_probability;
        if let Some(rule) = rules.iter().find(met) {
            excluded.push(ExcludedComponent {
                component,
                probability: row[rule.label as usize],
                rule: *rule,
                explained_variance: share,
            });
        }
    }
    let excluded_variance = excluded.iter().map(|e| e.explained_variance).sum();
    Ok(ExclusionAudit { rules: rules.to_vec(), components, excluded, excluded_variance })
}
