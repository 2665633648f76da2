//! `eeg.clean`: a recording without what is not brain, and what was taken out of it.

mod marks;
mod plots;

use clx_eeg::asr::{self, AsrParams, AsrReport};
use clx_signal::{Finding, Severity, stats};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::marks::{Marked, mark};
use super::cleaned::write_cleaned;
use super::ica::decompose::decompose;
use super::ica::{IcaSettings, ica_band};
use super::prepare::{BadChannelRule, Preparation, PrepareParams, Prepared, prepare};
use crate::analysis::{Entry, InputKind};
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "eeg.clean",
        title: "Cleaning",
        summary: "The recording filtered, bad channels interpolated, bursts rebuilt and eye and muscle taken out, with an account of every step",
        input: InputKind::Recording,
        credits: 4,
        example: r#"{"prepare": {"line_hz": 50}, "bursts": {"repair": true, "cutoff": 20}}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// The steps, in the order in which they are taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct CleanParams {
    prepare: PrepareParams,
    bursts: BurstSettings,
    /// Take out components by ICLabel's class; without its model this step is left out, and said.
    use_ica: bool,
    ica: IcaSettings,
    /// Mark the stretches that are still bad (amplitude, muscle, blinks, jumps, flat) in the written file.
    mark_segments: bool,
}

/// Artifact subspace reconstruction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct BurstSettings {
    /// Rebuild stretches in which the channels move together more than they ever do.
    pub(super) repair: bool,
    /// Standard deviations above the usual amplitude; 5 is severe, 20 mild.
    #[schemars(range(min = 1.0, max = 1000.0))]
    pub(super) cutoff: f64,
}

impl Default for BurstSettings {
    fn default() -> Self {
        Self { repair: true, cutoff: 20.0 }
    }
}

impl Default for CleanParams {
    fn default() -> Self {
        let prepare = PrepareParams { bads: BadChannelRule::Interpolate, ..ica_band() };
        Self {
            prepare,
            bursts: BurstSettings::default(),
            use_ica: true,
            ica: IcaSettings::default(),
            mark_segments: true,
        }
    }
}

/// What cleaning did.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct CleanResult {
    preparation: Preparation,
    /// Absent if bursts were not to be repaired.
    bursts: Option<Bursts>,
    /// Absent if components were not to be taken out.
    components: Option<Removed>,
    /// What is still bad; absent if it was not to be marked.
    marked: Option<Marked>,
    channels: Vec<ChannelChange>,
    /// Name of the written recording.
    file: String,
    findings: Vec<Finding>,
}

/// Stretches that were rebuilt.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Bursts {
    calibration_s: f64,
    /// Share of the samples that were changed.
    pub(super) repaired_share: f64,
    pub(super) n_stretches: usize,
    /// The first five hundred.
    stretches: Vec<Stretch>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Stretch {
    tmin_s: f64,
    tmax_s: f64,
}

/// Components that were taken out.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Removed {
    n_components: usize,
    n_excluded: usize,
    excluded_variance_share: f64,
}

/// A channel before and after, in the pass band.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct ChannelChange {
    channel: String,
    rms_before_v: f64,
    rms_after_v: f64,
    /// Share of the variance that went.
    removed_share: f64,
}

/// Stretches listed in a result.
const MOST_STRETCHES: usize = 500;

fn run(
    inputs: Inputs,
    params: CleanParams,
    cx: &Context<'_>,
) -> Result<CleanResult, AnalysisError> {
    let mut prepared = prepare(inputs, &params.prepare, cx, 0.3)?;
    let before = rms(&prepared);
    let bursts = repair(&mut prepared, &params.bursts, cx)?;
    let mut components = None;
    if params.use_ica {
        let parts = decompose(&prepared, &params.ica, cx, 0.45..0.9)?;
        let gone = parts.decomposition.gone();
        prepared.samples = parts.ica.remove(&prepared.samples, &gone)?;
        prepared.findings.extend(parts.findings);
        components = Some(Removed {
            n_components: parts.decomposition.n_components,
            n_excluded: gone.len(),
            excluded_variance_share: parts.decomposition.excluded_variance_share,
        });
    }
    cx.step(0.9, "marking")?;
    let marked = params.mark_segments.then(|| mark(&mut prepared)).transpose()?;
    cx.step(0.95, "writing")?;
    let file = write_cleaned(&prepared, cx)?;
    let after = rms(&prepared);
    let channels = prepared
        .channels
        .iter()
        .zip(before.into_iter().zip(after))
        .map(|(info, (rms_before_v, rms_after_v))| ChannelChange {
            channel: info.name.clone(),
            rms_before_v,
            rms_after_v,
            removed_share: if rms_before_v > 0.0 {
                1.0 - (rms_after_v / rms_before_v).powi(2)
            } else {
                0.0
            },
        })
        .collect();
    Ok(CleanResult {
        preparation: prepared.preparation,
        bursts,
        components,
        marked,
        channels,
        file,
        findings: prepared.findings,
    })
}

/// Rebuilds bursts in place; says why where that cannot be done.
pub(super) fn repair(
    prepared: &mut Prepared,
    settings: &BurstSettings,
    cx: &Context<'_>,
) -> Result<Option<Bursts>, AnalysisError> {
    if !(1.0..=1000.0).contains(&settings.cutoff) {
        let text = format!("bursts.cutoff must be 1 to 1000, got {}", settings.cutoff);
        return Err(AnalysisError::Params(text));
    }
    if !settings.repair {
        return Ok(None);
    }
    cx.step(0.32, "repairing bursts")?;
    let params = AsrParams { cutoff: settings.cutoff, ..AsrParams::default() };
    match asr::clean(&prepared.samples, prepared.rate, &params) {
        Ok((samples, report)) => {
            prepared.samples = samples;
            prepared.findings.extend(report.findings.iter().cloned());
            Ok(Some(Bursts::of(&report)))
        }
        Err(error) => {
            let text = format!("bursts were not repaired: {error}");
            prepared.findings.push(Finding::new("asr.absent", Severity::Warning, text));
            Ok(None)
        }
    }
}

impl Bursts {
    fn of(report: &AsrReport) -> Self {
        let stretch = |&[tmin_s, tmax_s]: &[f64; 2]| Stretch { tmin_s, tmax_s };
        Self {
            calibration_s: report.calibration_s,
            repaired_share: report.repaired_share,
            n_stretches: report.repaired_s.len(),
            stretches: report.repaired_s.iter().take(MOST_STRETCHES).map(stretch).collect(),
        }
    }
}

fn rms(prepared: &Prepared) -> Vec<f64> {
    let power = |x: &Vec<f32>| {
        let squares: Vec<f64> = x.iter().map(|&v| f64::from(v).powi(2)).collect();
        stats::mean(&squares).unwrap_or(0.0).sqrt()
    };
    prepared.samples.iter().map(power).collect()
}
