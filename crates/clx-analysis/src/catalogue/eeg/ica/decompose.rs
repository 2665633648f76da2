//! From a prepared recording to labelled components and a decision on each.

use std::ops::{ControlFlow, Range};

use clx_eeg::iclabel::{ComponentLabel, ExclusionRule, decide};
use clx_eeg::{Ica, IcaParams, LabelInput, iclabel_features};
use clx_models::{IclabelInput, IclabelNet};
use clx_signal::welch::{Welch, WelchParams};
use clx_signal::{Finding, SampleRate, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::IcaSettings;
use crate::catalogue::eeg::prepare::Prepared;
use crate::{AnalysisError, Context};

const MODEL: &str = "iclabel";
/// Spectra of components end here, as ICLabel's do.
const FMAX_HZ: f64 = 100.0;
/// Bins of 1 Hz.
const WINDOW_S: f64 = 1.0;

/// What was found and decided.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Decomposition {
    pub(crate) n_components: usize,
    /// Number of independent directions in the recording.
    pub(crate) rank: usize,
    pub(crate) n_iter: usize,
    pub(crate) converged: bool,
    /// Share of the variance of all channels in the components that go.
    pub(crate) excluded_variance_share: f64,
    /// Sorted by the variance they bring to the channels, largest first.
    pub(crate) components: Vec<Component>,
    /// Frequencies of every `density_db`, hertz.
    pub(crate) freqs_hz: Vec<f64>,
}

/// One component.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Component {
    /// Counted from 0.
    pub(crate) component: usize,
    /// Share of the variance of all channels.
    pub(crate) explained_variance_share: f64,
    /// Most probable class by ICLabel; absent without its model.
    pub(crate) label: Option<ComponentLabel>,
    /// Of `label`.
    pub(crate) probability: Option<f64>,
    pub(crate) excluded: bool,
    /// Why it goes; absent for one that stays.
    pub(crate) because: Option<String>,
    /// Of every class.
    pub(crate) probabilities: Option<Probabilities>,
    /// Strength in each channel of the preparation, microvolts per unit of the source.
    pub(crate) map_uv: Vec<f64>,
    /// Power density of the source, dB against one unit squared per hertz.
    pub(crate) density_db: Vec<f64>,
}

/// What ICLabel says of a component; the sum is one.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Probabilities {
    brain: f64,
    muscle: f64,
    eye: f64,
    heart: f64,
    line_noise: f64,
    channel_noise: f64,
    other: f64,
}

impl Probabilities {
    fn of([brain, muscle, eye, heart, line_noise, channel_noise, other]: [f64; 7]) -> Self {
        Self { brain, muscle, eye, heart, line_noise, channel_noise, other }
    }

    /// In the order of [`ComponentLabel::ALL`].
    pub(crate) fn in_order(self) -> [f64; 7] {
        let Self { brain, muscle, eye, heart, line_noise, channel_noise, other } = self;
        [brain, muscle, eye, heart, line_noise, channel_noise, other]
    }
}

pub(crate) struct Parts {
    pub(crate) ica: Ica,
    pub(crate) decomposition: Decomposition,
    pub(crate) findings: Vec<Finding>,
}

impl Decomposition {
    /// Indices of the components that go.
    pub(crate) fn gone(&self) -> Vec<usize> {
        self.components.iter().filter(|c| c.excluded).map(|c| c.component).collect()
    }
}

/// Progress runs through `share`.
pub(crate) fn decompose(
    prepared: &Prepared,
    settings: &IcaSettings,
    cx: &Context<'_>,
    share: Range<f64>,
) -> Result<Parts, AnalysisError> {
    if !(0.0..=1.0).contains(&settings.min_probability) {
        let text = format!("ica.min_probability must be 0 to 1, got {}", settings.min_probability);
        return Err(AnalysisError::Params(text));
    }
    if prepared.channels.len() < 2 {
        return Err(AnalysisError::Input(format!(
            "components are found between channels, and only {} is left; name more channels, or keep those found bad (`prepare.bads`: `named`)",
            prepared.names().join(", ")
        )));
    }
    let params = IcaParams {
        method: settings.method,
        n_components: settings.n_components,
        max_iter: settings.max_iter,
        tol: None,
        seed: settings.seed,
    };
    let mut cancelled = None;
    let width = share.end - share.start;
    let fitted = Ica::fit(&prepared.samples, &params, &mut |iteration| {
        // Most searches end after a few dozen iterations; the share of the rest shrinks.
        let done = 1.0 - 0.97_f64.powi(iteration.n_iter as i32);
        match cx.step(share.start + 0.9 * width * done, "decomposing") {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                cancelled = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    if let Some(error) = cancelled {
        return Err(error);
    }
    let ica = fitted?;
    let mut findings = ica.findings.clone();
    cx.step(share.start + 0.9 * width, "labelling")?;
    let probabilities = label(&ica, prepared, cx, &mut findings)?;
    let (freqs_hz, densities) = spectra(&ica.sources(&prepared.samples)?, prepared.rate)?;
    let components = densities
        .into_iter()
        .enumerate()
        .map(|(i, density_db)| Component {
            component: i,
            explained_variance_share: ica.explained_variance[i],
            label: None,
            probability: None,
            excluded: false,
            because: None,
            probabilities: None,
            map_uv: ica.map(i).iter().map(|v| v * 1e6).collect(),
            density_db,
        })
        .collect();
    let mut decomposition = Decomposition {
        n_components: ica.n_components(),
        rank: ica.rank,
        n_iter: ica.n_iter,
        converged: ica.converged,
        excluded_variance_share: 0.0,
        components,
        freqs_hz,
    };
    if let Some(probabilities) = probabilities {
        decide_by_label(&mut decomposition, &ica, &probabilities, settings)?;
    }
    exclude_by_hand(&mut decomposition, settings)?;
    decomposition.excluded_variance_share = decomposition
        .components
        .iter()
        .filter(|c| c.excluded)
        .fold(0.0, |sum, c| sum + c.explained_variance_share);
    Ok(Parts { ica, decomposition, findings })
}

/// Probabilities by ICLabel; `None`, with the reason in `findings`, where it cannot be asked.
fn label(
    ica: &Ica,
    prepared: &Prepared,
    cx: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Result<Option<Vec<[f64; 7]>>, AnalysisError> {
    let mut without = |text: &str| {
        findings.push(Finding::new("iclabel.absent", Severity::Warning, text));
        Ok(None)
    };
    let Some(bytes) = cx.model(MODEL)? else {
        return without(
            "components have no labels because ICLabel's model is not here; `clisonix models pull iclabel` fetches it",
        );
    };
    let Some(positions) = prepared.positions() else {
        return without(
            "components have no labels because ICLabel needs the place of every channel; choose channels with names of the 10-05 system",
        );
    };
    let input = LabelInput {
        samples: &prepared.samples,
        rate: prepared.rate,
        positions: &positions,
        highpass_hz: prepared.preparation.highpass_hz,
        lowpass_hz: prepared.preparation.lowpass_hz,
    };
    let (features, found) = match iclabel_features(ica, &input) {
        Ok(made) => made,
        Err(error) => {
            let text = format!("components have no labels: {error}");
            findings.push(Finding::new("iclabel.absent", Severity::Warning, text));
            return Ok(None);
        }
    };
    findings.extend(found);
    let inputs: Vec<IclabelInput<'_>> = features
        .iter()
        .map(|f| IclabelInput {
            map: &f.map,
            spectrum: &f.spectrum,
            autocorrelation: &f.autocorrelation,
        })
        .collect();
    let rows = IclabelNet::load(&bytes)?.predict(&inputs)?;
    // Single precision leaves sums a hair off one.
    Ok(Some(rows.iter().map(|row| row.map(|p| f64::from(p).clamp(0.0, 1.0))).collect()))
}

fn decide_by_label(
    decomposition: &mut Decomposition,
    ica: &Ica,
    probabilities: &[[f64; 7]],
    settings: &IcaSettings,
) -> Result<(), AnalysisError> {
    let min_probability = settings.min_probability;
    let rules: Vec<ExclusionRule> = settings
        .exclude_labels
        .iter()
        .map(|&label| ExclusionRule { label, min_probability })
        .collect();
    let audit = decide(ica, probabilities, &rules)?;
    for (component, labelled) in decomposition.components.iter_mut().zip(&audit.components) {
        component.label = Some(labelled.label);
        component.probability = Some(labelled.probability);
        component.probabilities = Some(Probabilities::of(labelled.probabilities));
    }
    for gone in &audit.excluded {
        let component = &mut decomposition.components[gone.component];
        component.excluded = true;
        component.because = Some(format!(
            "{} {:.2} ≥ {min_probability}",
            class_name(gone.rule.label),
            gone.probability
        ));
    }
    Ok(())
}

fn exclude_by_hand(
    decomposition: &mut Decomposition,
    settings: &IcaSettings,
) -> Result<(), AnalysisError> {
    for &i in &settings.exclude_components {
        let n = decomposition.n_components;
        let Some(component) = decomposition.components.get_mut(i) else {
            return Err(AnalysisError::Params(format!(
                "ica.exclude_components: there is no component {i}; there are 0 to {}",
                n - 1
            )));
        };
        component.excluded = true;
        component.because = Some("named".to_owned());
    }
    Ok(())
}

/// The word of a class as JSON has it.
pub(crate) fn class_name(label: ComponentLabel) -> String {
    let word = serde_json::to_value(label).ok();
    word.and_then(|w| w.as_str().map(|w| w.replace('_', " "))).unwrap_or_default()
}

/// Frequencies, and for each source its density in dB.
fn spectra(
    sources: &[Vec<f32>],
    rate: SampleRate,
) -> Result<(Vec<f64>, Vec<Vec<f64>>), AnalysisError> {
    let params =
        WelchParams { window_s: WINDOW_S, fmax_hz: Some(FMAX_HZ), ..WelchParams::default() };
    let plan = Welch::new(rate, params)?;
    let mut freqs_hz = Vec::new();
    let mut densities = Vec::with_capacity(sources.len());
    for source in sources {
        let mut welch = plan.fresh();
        welch.push(source);
        let psd = welch.finish()?;
        let decibel = |v: &f64| 10.0 * v.max(1e-30).log10();
        // The mean is no part of a spectrum.
        densities.push(psd.density.iter().skip(1).map(decibel).collect());
        freqs_hz = psd.freqs_hz;
    }
    Ok((freqs_hz.split_off(1.min(freqs_hz.len())), densities))
}
