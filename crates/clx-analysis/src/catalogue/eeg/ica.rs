//! `eeg.ica`: independent components, what they are, and the recording without those that are not brain.

pub(super) mod decompose;
pub(super) mod plots;

use clx_eeg::IcaMethod;
use clx_eeg::iclabel::ComponentLabel;
use clx_signal::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::decompose::{Decomposition, decompose};
use super::cleaned::write_cleaned;
use super::prepare::{Preparation, PrepareParams, Referencing, prepare};
use crate::analysis::{Entry, InputKind};
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "eeg.ica",
        title: "Independent components",
        summary: "Components of a recording with maps, spectra and ICLabel's classes, and the recording without eye and muscle",
        input: InputKind::Recording,
        credits: 4,
        example: r#"{"ica": {"method": "extended_picard", "min_probability": 0.9}}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// Settings of the decomposition and of what is done about its components.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct IcaRunParams {
    prepare: PrepareParams,
    ica: IcaSettings,
    /// Write the recording without the components that go, as prepared, as BDF.
    write_cleaned: bool,
}

/// How components are found, and which of them go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct IcaSettings {
    pub(super) method: IcaMethod,
    /// At most the rank of the recording; absent: the rank.
    #[schemars(range(min = 1, max = 1024))]
    pub(super) n_components: Option<usize>,
    #[schemars(range(min = 1, max = 10_000))]
    pub(super) max_iter: usize,
    pub(super) seed: u64,
    /// Classes of components that go.
    #[schemars(length(max = 7))]
    pub(super) exclude_labels: Vec<ComponentLabel>,
    /// Probability of its class from which on a component goes.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(super) min_probability: f64,
    /// Components that go whatever they are labelled, counted from 0.
    #[schemars(length(max = 1024))]
    pub(super) exclude_components: Vec<usize>,
}

impl Default for IcaSettings {
    fn default() -> Self {
        Self {
            method: IcaMethod::default(),
            n_components: None,
            max_iter: 500,
            seed: 97,
            exclude_labels: vec![ComponentLabel::Muscle, ComponentLabel::Eye],
            min_probability: 0.9,
            exclude_components: Vec::new(),
        }
    }
}

impl Default for IcaRunParams {
    fn default() -> Self {
        Self { prepare: ica_band(), ica: IcaSettings::default(), write_cleaned: false }
    }
}

/// What ICLabel was trained on: 1 to 100 Hz, average reference.
pub(super) fn ica_band() -> PrepareParams {
    PrepareParams {
        highpass_hz: Some(1.0),
        lowpass_hz: Some(100.0),
        reference: Referencing::Average,
        ..PrepareParams::default()
    }
}

/// Components of a recording.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct IcaResult {
    preparation: Preparation,
    #[serde(flatten)]
    pub(super) decomposition: Decomposition,
    /// Name of the written recording; absent if none was asked for.
    file: Option<String>,
    findings: Vec<Finding>,
}

fn run(inputs: Inputs, params: IcaRunParams, cx: &Context<'_>) -> Result<IcaResult, AnalysisError> {
    let mut prepared = prepare(inputs, &params.prepare, cx, 0.3)?;
    let parts = decompose(&prepared, &params.ica, cx, 0.3..0.9)?;
    let file = if params.write_cleaned {
        prepared.samples = parts.ica.remove(&prepared.samples, &parts.decomposition.gone())?;
        cx.step(0.95, "writing")?;
        Some(write_cleaned(&prepared, cx)?)
    } else {
        None
    };
    prepared.findings.extend(parts.findings);
    Ok(IcaResult {
        preparation: prepared.preparation,
        decomposition: parts.decomposition,
        file,
        findings: prepared.findings,
    })
}
