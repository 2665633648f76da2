//! `eeg.connectivity`: how strongly channels go together, band by band.

mod amplitude;
mod plots;
mod spectral;

use clx_eeg::connectivity::Measure;
use clx_signal::{Band, Finding, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pieces;
use super::prepare::{Preparation, PrepareParams, Prepared, prepare};
use super::spectra::four_digits;
use crate::analysis::{Entry, InputKind};
use crate::error::check_bounds;
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "eeg.connectivity",
        title: "Connectivity",
        summary: "How strongly channels go together in each band, by seven measures, with the chance of such strength among shuffled epochs",
        input: InputKind::Recording,
        credits: 3,
        example: r#"{"measures": ["weighted_phase_lag_index"], "surrogates": 20}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// Epochs used at most, evenly spread over the recording.
const MOST_EPOCHS: usize = 600;
/// Fewest epochs that say anything.
const FEWEST_EPOCHS: usize = 5;
/// Pairs, bands and measures of all matrices together.
const MOST_VALUES: usize = 200_000;
/// Pairs listed of each measure in each band.
const MOST_PAIRS: usize = 20;

/// Settings of the measures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct ConnectivityRunParams {
    prepare: PrepareParams,
    /// Measures to take; the first one is drawn.
    #[schemars(length(min = 1, max = 7))]
    measures: Vec<ConnectivityMeasure>,
    /// Length of an epoch, seconds.
    #[schemars(range(min = 0.5, max = 30.0))]
    epoch_s: f64,
    method: ConnectivityMethod,
    /// Full width over which the tapers smooth, hertz; only for the multitaper method.
    #[schemars(range(min = 0.5, max = 20.0))]
    bandwidth_hz: f64,
    /// Epochs in which a channel spans more than this are left out, microvolts; absent: none are.
    reject_uv: Option<f64>,
    /// Times the epochs are shuffled for the p values, 20 or more; 0: no p values.
    #[schemars(range(max = 2000))]
    surrogates: usize,
    seed: u64,
}

/// A measure of connectivity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ConnectivityMeasure {
    /// Length of the mean cross-spectrum over the powers, 0..=1.
    Coherence,
    /// Its imaginary part, -1..=1; above 0 where the first channel leads.
    ImaginaryCoherence,
    /// Length of the mean phase difference, 0..=1.
    PhaseLockingValue,
    /// Share by which one sign of the phase difference outweighs the other, 0..=1.
    PhaseLagIndex,
    /// The same weighted by the imaginary part of the cross-spectrum, 0..=1.
    WeightedPhaseLagIndex,
    /// Its square without the bias of few epochs; may be slightly below 0.
    DebiasedWeightedPhaseLagIndexSquared,
    /// Correlation of envelopes at right angles to each other; without p values.
    AmplitudeCorrelation,
}

/// How the spectrum of an epoch is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ConnectivityMethod {
    /// One Hann window.
    #[default]
    Hann,
    /// Several Slepian tapers.
    Multitaper,
}

impl Default for ConnectivityRunParams {
    fn default() -> Self {
        Self {
            prepare: PrepareParams { highpass_hz: Some(1.0), ..PrepareParams::default() },
            measures: vec![
                ConnectivityMeasure::WeightedPhaseLagIndex,
                ConnectivityMeasure::Coherence,
            ],
            epoch_s: 2.0,
            method: ConnectivityMethod::default(),
            bandwidth_hz: 4.0,
            reject_uv: Some(200.0),
            surrogates: 100,
            seed: 1,
        }
    }
}

impl ConnectivityRunParams {
    fn check(&self) -> Result<(), AnalysisError> {
        check_bounds("measures", self.measures.len(), 1..=7)?;
        check_bounds("epoch_s", self.epoch_s, 0.5..=30.0)?;
        check_bounds("bandwidth_hz", self.bandwidth_hz, 0.5..=20.0)?;
        if self.surrogates > 0 {
            check_bounds("surrogates", self.surrogates, 20..=2000)?;
        }
        Ok(())
    }
}

impl ConnectivityMeasure {
    /// What the spectral pass calls it; `None` for the one that it does not make.
    fn spectral(self) -> Option<Measure> {
        Some(match self {
            Self::Coherence => Measure::Coherence,
            Self::ImaginaryCoherence => Measure::ImaginaryCoherence,
            Self::PhaseLockingValue => Measure::PhaseLockingValue,
            Self::PhaseLagIndex => Measure::PhaseLagIndex,
            Self::WeightedPhaseLagIndex => Measure::WeightedPhaseLagIndex,
            Self::DebiasedWeightedPhaseLagIndexSquared => {
                Measure::DebiasedWeightedPhaseLagIndexSquared
            }
            Self::AmplitudeCorrelation => return None,
        })
    }
}

/// Strengths of all pairs.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct ConnectivityResult {
    preparation: Preparation,
    n_epochs: usize,
    /// Epochs left out for their amplitude.
    n_rejected: usize,
    /// Coherence and phase locking that so many epochs have without any coupling, on average.
    chance_coherence: f64,
    bands: Vec<BandStrength>,
    /// The strongest pairs of each measure in each band, at most twenty.
    pairs: Vec<Pair>,
    findings: Vec<Finding>,
}

/// One measure in one band.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct BandStrength {
    measure: ConnectivityMeasure,
    band: String,
    fmin_hz: f64,
    fmax_hz: f64,
    /// Of the absolute values of all pairs.
    mean: f64,
    largest: f64,
    /// Absolute value that no pair exceeds in 95 of 100 shuffles.
    threshold: Option<f64>,
    /// Below the diagonal of channels by channels, row by row: (1, 0), (2, 0), (2, 1) and so on.
    matrix: Vec<f64>,
}

/// Two channels.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Pair {
    measure: ConnectivityMeasure,
    band: String,
    first: String,
    second: String,
    value: f64,
    /// Chance that any pair is as strong among shuffled epochs; absent without surrogates.
    p_value: Option<f64>,
}

fn run(
    inputs: Inputs,
    params: ConnectivityRunParams,
    cx: &Context<'_>,
) -> Result<ConnectivityResult, AnalysisError> {
    params.check()?;
    let mut prepared = prepare(inputs, &params.prepare, cx, 0.4)?;
    let bands = bands_of(&prepared, &params)?;
    check_size(&prepared, bands.len() * params.measures.len())?;
    let n = prepared.rate.samples(params.epoch_s);
    let (starts, n_rejected) = starts(&mut prepared, n, params.reject_uv)?;
    let mut strengths = Vec::new();
    let mut pairs = Vec::new();
    let amplitude = params.measures.contains(&ConnectivityMeasure::AmplitudeCorrelation);
    let until = if amplitude { 0.7 } else { 0.98 };
    for found in spectral::measure(&prepared, &starts, n, &bands, &params, cx, until)? {
        keep(found, &prepared, &mut strengths, &mut pairs);
    }
    if amplitude {
        for found in amplitude::measure(&prepared, &starts, n, &bands, cx, until)? {
            keep(found, &prepared, &mut strengths, &mut pairs);
        }
    }
    // In the order that was asked for.
    let rank = |m: ConnectivityMeasure| params.measures.iter().position(|&asked| asked == m);
    strengths.sort_by_key(|s| rank(s.measure));
    pairs.sort_by_key(|p| rank(p.measure));
    Ok(ConnectivityResult {
        preparation: prepared.preparation,
        n_epochs: starts.len(),
        n_rejected,
        chance_coherence: (std::f64::consts::FRAC_PI_4 / starts.len() as f64).sqrt().min(1.0),
        bands: strengths,
        pairs,
        findings: prepared.findings,
    })
}

/// What a measure found in one band, before it is cut down.
struct Found {
    measure: ConnectivityMeasure,
    band: Band,
    lower: Vec<f64>,
    threshold: Option<f64>,
    p_value: Box<dyn Fn(f64) -> Option<f64>>,
}

fn keep(
    found: Found,
    prepared: &Prepared,
    strengths: &mut Vec<BandStrength>,
    pairs: &mut Vec<Pair>,
) {
    let Found { measure, band, lower, threshold, p_value } = found;
    let names = &prepared.channels;
    let mut places: Vec<(usize, usize, f64)> = (1..names.len())
        .flat_map(|row| (0..row).map(move |column| (row, column)))
        .zip(&lower)
        .map(|((row, column), &value)| (row, column, value))
        .collect();
    places.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
    pairs.extend(places.iter().take(MOST_PAIRS).map(|&(row, column, value)| Pair {
        measure,
        band: band.name.to_owned(),
        first: names[row].name.clone(),
        second: names[column].name.clone(),
        value: four_digits(value),
        p_value: p_value(value),
    }));
    strengths.push(BandStrength {
        measure,
        band: band.name.to_owned(),
        fmin_hz: band.fmin_hz,
        fmax_hz: band.fmax_hz,
        mean: lower.iter().map(|v| v.abs()).sum::<f64>() / lower.len() as f64,
        largest: places.first().map_or(0.0, |p| p.2.abs()),
        threshold,
        matrix: lower.into_iter().map(|v| (v * 1e4).round() / 1e4).collect(),
    });
}

/// The bands that the rate reaches and an epoch resolves.
fn bands_of(
    prepared: &Prepared,
    params: &ConnectivityRunParams,
) -> Result<Vec<Band>, AnalysisError> {
    let resolved =
        |b: &Band| b.fmax_hz <= prepared.rate.nyquist_hz() && b.fmin_hz * params.epoch_s >= 1.0;
    let bands: Vec<Band> = Band::OVERVIEW.into_iter().filter(resolved).collect();
    if bands.is_empty() {
        let text = format!(
            "no band lies between one cycle in an epoch of {} s and half the rate of {} Hz",
            params.epoch_s,
            prepared.rate.hz()
        );
        return Err(AnalysisError::Input(text));
    }
    Ok(bands)
}

fn check_size(prepared: &Prepared, matrices: usize) -> Result<(), AnalysisError> {
    let n = prepared.channels.len();
    if n < 2 {
        let text = "connectivity needs two good channels, got one";
        return Err(AnalysisError::Input(text.to_owned()));
    }
    if n * (n - 1) / 2 * matrices > MOST_VALUES {
        return Err(AnalysisError::Params(format!(
            "{n} channels in {matrices} bands and measures are more than {MOST_VALUES} values; \
             ask for fewer measures or name channels (prepare.channels)"
        )));
    }
    Ok(())
}

/// First samples of the epochs that are used, and how many were left out for their amplitude.
fn starts(
    prepared: &mut Prepared,
    n: usize,
    reject_uv: Option<f64>,
) -> Result<(Vec<usize>, usize), AnalysisError> {
    let all = pieces::starts(prepared, n, n);
    let span_uv = |x: &[f32]| {
        let (low, high) =
            x.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), &v| (l.min(v), h.max(v)));
        f64::from(high - low) * 1e6
    };
    let quiet = |start: &usize| {
        reject_uv
            .is_none_or(|uv| prepared.samples.iter().all(|x| span_uv(&x[*start..*start + n]) <= uv))
    };
    let kept: Vec<usize> = all.iter().copied().filter(quiet).collect();
    if kept.len() < FEWEST_EPOCHS {
        return Err(AnalysisError::Input(format!(
            "connectivity needs {FEWEST_EPOCHS} epochs, got {} of {} after rejection; \
             shorten epoch_s or raise reject_uv",
            kept.len(),
            all.len()
        )));
    }
    let used = pieces::spread(&kept, MOST_EPOCHS);
    if used.len() < kept.len() {
        let text = format!("of {} epochs {} were used, evenly spread", kept.len(), used.len());
        prepared.findings.push(Finding::new("connectivity.epochs", Severity::Info, text));
    }
    Ok((used, all.len() - kept.len()))
}
