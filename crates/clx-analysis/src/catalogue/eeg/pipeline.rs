//! `eeg.pipeline`: from a recording to clean averages in one run that can be repeated.

mod plots;

use clx_signal::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::clean::{BurstSettings, Bursts, repair};
use super::cleaned::write_cleaned;
use super::erp::{self, ErpMeasures, ErpRunParams};
use super::ica::decompose::{Decomposition, decompose};
use super::ica::{IcaSettings, ica_band};
use super::prepare::{Preparation, PrepareParams, prepare};
use crate::analysis::{Entry, InputKind};
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "eeg.pipeline",
        title: "Pipeline",
        summary: "Preparation, bursts, components and averages around events in one recipe that is stored with the result",
        input: InputKind::Recording,
        credits: 6,
        example: r#"{"erp": {"tmin_s": -0.2, "tmax_s": 0.8}}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// The recipe. Steps are taken in the order of the fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Recipe {
    prepare: PrepareParams,
    bursts: BurstSettings,
    /// Take out components by ICLabel's class.
    use_ica: bool,
    ica: IcaSettings,
    /// Average around events.
    use_erp: bool,
    erp: AverageSettings,
    /// Write the cleaned recording as BDF.
    write_cleaned: bool,
}

/// The averages of a recipe; what is not named here is as in `eeg.erp`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct AverageSettings {
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
}

impl Default for AverageSettings {
    fn default() -> Self {
        let erp = ErpRunParams::default();
        Self {
            conditions: erp.conditions,
            tmin_s: erp.tmin_s,
            tmax_s: erp.tmax_s,
            baseline_tmin_s: erp.baseline_tmin_s,
            baseline_tmax_s: erp.baseline_tmax_s,
            reject_uv: erp.reject_uv,
        }
    }
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            prepare: ica_band(),
            bursts: BurstSettings { repair: false, ..BurstSettings::default() },
            use_ica: true,
            ica: IcaSettings::default(),
            use_erp: true,
            erp: AverageSettings::default(),
            write_cleaned: false,
        }
    }
}

/// What each step of the recipe gave.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct PipelineResult {
    preparation: Preparation,
    /// Absent if bursts were not to be repaired.
    bursts: Option<Bursts>,
    /// Absent if components were not asked for.
    ica: Option<Decomposition>,
    /// Absent if averages were not asked for.
    erp: Option<ErpMeasures>,
    /// Name of the written recording; absent if none was asked for.
    file: Option<String>,
    findings: Vec<Finding>,
}

fn run(inputs: Inputs, recipe: Recipe, cx: &Context<'_>) -> Result<PipelineResult, AnalysisError> {
    let mut prepared = prepare(inputs, &recipe.prepare, cx, 0.3)?;
    let bursts = repair(&mut prepared, &recipe.bursts, cx)?;
    let mut ica = None;
    if recipe.use_ica {
        let parts = decompose(&prepared, &recipe.ica, cx, 0.45..0.8)?;
        prepared.samples = parts.ica.remove(&prepared.samples, &parts.decomposition.gone())?;
        prepared.findings.extend(parts.findings);
        ica = Some(parts.decomposition);
    }
    let mut file = None;
    if recipe.write_cleaned {
        cx.step(0.8, "writing")?;
        file = Some(write_cleaned(&prepared, cx)?);
    }
    let erp = if recipe.use_erp {
        Some(erp::measure(&mut prepared, &recipe.erp.full(), cx, 0.82)?)
    } else {
        None
    };
    Ok(PipelineResult {
        preparation: prepared.preparation,
        bursts,
        ica,
        erp,
        file,
        findings: prepared.findings,
    })
}

impl AverageSettings {
    fn full(&self) -> ErpRunParams {
        ErpRunParams {
            conditions: self.conditions.clone(),
            tmin_s: self.tmin_s,
            tmax_s: self.tmax_s,
            baseline_tmin_s: self.baseline_tmin_s,
            baseline_tmax_s: self.baseline_tmax_s,
            reject_uv: self.reject_uv,
            ..ErpRunParams::default()
        }
    }
}
