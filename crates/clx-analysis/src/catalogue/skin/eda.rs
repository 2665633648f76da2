//! `skin.eda`: the level of skin conductance and the responses on it.

mod plots;
mod unit;

use clx_eeg::{EdaDivision, SkinResponse, clean_eda, divide_eda, find_skin_responses};
use clx_signal::{Finding, Severity, stats};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::unit::microsiemens;
use crate::analysis::{Entry, InputKind};
use crate::catalogue::channel::{Measured, Signal, find};
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "skin.eda",
        title: "Skin conductance",
        summary: "Level of skin conductance and its responses: how often they come, how high and how fast they are",
        input: InputKind::Recording,
        credits: 1,
        example: r#"{"min_amplitude_us": 0.01}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// Responses listed; the figures count all.
const MOST_RESPONSES: usize = 500;
/// Columns of the curves, each with its mean.
const MOST_COLUMNS: usize = 1500;
/// Length of the rows over time, seconds, and how many there are at most.
const MINUTE_S: f64 = 60.0;
const MOST_MINUTES: usize = 3000;
/// What conductance of skin is, µS. Boucsein 2012, Electrodermal Activity, section 3.1.
const USUAL_US: std::ops::RangeInclusive<f64> = 0.05..=100.0;

/// How conductance is divided, and what counts as a response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct EdaParams {
    /// Name of the channel; absent: the first of skin conductance.
    channel: Option<String>,
    /// Microsiemens for one unit of the file; absent: by the unit that the file gives.
    us_per_unit: Option<f64>,
    /// Start of the stretch that is analysed, seconds; absent: the first sample.
    #[schemars(range(min = 0.0))]
    tmin_s: Option<f64>,
    /// End of the stretch, seconds; absent: the last sample.
    #[schemars(range(min = 0.0))]
    tmax_s: Option<f64>,
    division: EdaDivision,
    /// Responses stand out by at least this share of the largest one.
    #[schemars(range(min = 0.0, max = 1.0))]
    min_prominence_share: f64,
    /// Responses rise by at least this, microsiemens.
    #[schemars(range(min = 0.0))]
    min_amplitude_us: f64,
}

impl Default for EdaParams {
    fn default() -> Self {
        Self {
            channel: None,
            us_per_unit: None,
            tmin_s: None,
            tmax_s: None,
            division: EdaDivision::Highpass,
            min_prominence_share: 0.1,
            min_amplitude_us: 0.01,
        }
    }
}

/// Skin conductance of one channel. Times are seconds from the first sample of the recording.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct EdaResult {
    channel: String,
    tmin_s: f64,
    duration_s: f64,
    /// Mean, lowest and highest tonic level.
    tonic_level_us: f64,
    lowest_us: f64,
    highest_us: f64,
    n_responses: usize,
    responses_per_min: f64,
    mean_amplitude_us: Option<f64>,
    mean_rise_s: Option<f64>,
    mean_half_recovery_s: Option<f64>,
    /// Minute by minute.
    minutes: Vec<Minute>,
    /// The first 500.
    responses: Vec<Response>,
    /// Conductance and its tonic level, means of equal stretches.
    step_s: f64,
    conductance_us: Vec<f64>,
    tonic_us: Vec<f64>,
    findings: Vec<Finding>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Minute {
    tmin_s: f64,
    tonic_level_us: f64,
    n_responses: usize,
    mean_amplitude_us: Option<f64>,
}

/// A skin conductance response.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Response {
    onset_s: f64,
    peak_s: f64,
    amplitude_us: f64,
    rise_s: f64,
    /// From the peak until half of the amplitude is gone; absent where the next response comes first.
    half_recovery_s: Option<f64>,
}

fn run(inputs: Inputs, params: EdaParams, cx: &Context<'_>) -> Result<EdaResult, AnalysisError> {
    let amplitude = params.min_amplitude_us >= 0.0 && params.min_amplitude_us.is_finite();
    if !amplitude || !(0.0..=1.0).contains(&params.min_prominence_share) {
        return Err(AnalysisError::Params(format!(
            "min_prominence_share must be 0 to 1 and min_amplitude_us 0 or more, got {} and {}",
            params.min_prominence_share, params.min_amplitude_us
        )));
    }
    let mut reader = inputs.recording()?;
    cx.step(0.0, "reading")?;
    let mut findings = reader.findings().to_vec();
    let pick = find(&reader, params.channel.as_deref(), Measured::Skin)?;
    let times = [params.tmin_s, params.tmax_s];
    let mut signal =
        Signal::read(&mut reader, pick, times, cx, [0.0, 0.6])?.unbroken(&mut findings);
    microsiemens(&mut signal, params.us_per_unit)?;
    let mut signal = signal.unbroken(&mut findings);
    let rate = signal.info.rate;
    cx.step(0.6, "dividing")?;
    let clean = clean_eda(&signal.samples, rate)?;
    signal.samples = Vec::new();
    let duration_s = rate.seconds(clean.len());
    let parts = divide_eda(&clean, rate, params.division)?;
    cx.step(0.8, "finding responses")?;
    let found = find_skin_responses(&parts.phasic, rate, params.min_prominence_share)?;
    let responses: Vec<Response> = found
        .iter()
        .filter_map(|r| response(r, signal.tmin_s))
        .filter(|r| r.amplitude_us >= params.min_amplitude_us)
        .collect();
    cx.step(0.9, "measuring")?;
    let tonic_level_us = mean(&parts.tonic);
    if !USUAL_US.contains(&tonic_level_us) {
        let text = format!(
            "a mean conductance of {tonic_level_us:.3} µS is not that of skin; look at the electrodes and at the unit (us_per_unit)"
        );
        findings.push(
            Finding::new("skin.level", Severity::Warning, text).on_channel(&signal.info.name),
        );
    }
    let width = clean.len().div_ceil(MOST_COLUMNS).max(1);
    let columns = |x: &[f64]| x.chunks(width).map(mean).collect();
    let extreme = |pick: fn(f64, f64) -> f64| parts.tonic.iter().copied().reduce(pick);
    let mean_of = |of: &dyn Fn(&Response) -> Option<f64>| {
        stats::mean(&responses.iter().filter_map(of).collect::<Vec<_>>())
    };
    Ok(EdaResult {
        channel: signal.info.name.clone(),
        tmin_s: signal.tmin_s,
        duration_s,
        tonic_level_us,
        lowest_us: extreme(f64::min).unwrap_or(tonic_level_us),
        highest_us: extreme(f64::max).unwrap_or(tonic_level_us),
        n_responses: responses.len(),
        responses_per_min: responses.len() as f64 / (duration_s / 60.0),
        mean_amplitude_us: mean_of(&|r| Some(r.amplitude_us)),
        mean_rise_s: mean_of(&|r| Some(r.rise_s)),
        mean_half_recovery_s: mean_of(&|r| r.half_recovery_s),
        minutes: minutes(&parts.tonic, &responses, &signal),
        responses: responses.into_iter().take(MOST_RESPONSES).collect(),
        step_s: rate.seconds(width),
        conductance_us: columns(&clean),
        tonic_us: columns(&parts.tonic),
        findings,
    })
}

/// `None` for a rise whose beginning was not seen.
fn response(found: &SkinResponse, tmin_s: f64) -> Option<Response> {
    Some(Response {
        onset_s: tmin_s + found.onset_s?,
        peak_s: tmin_s + found.peak_s,
        amplitude_us: found.amplitude?,
        rise_s: found.rise_time_s?,
        half_recovery_s: found.half_recovery_s,
    })
}

fn minutes(tonic: &[f64], responses: &[Response], signal: &Signal) -> Vec<Minute> {
    let rate = signal.info.rate;
    let (tmin_s, minute) = (signal.tmin_s, rate.samples(MINUTE_S).max(1));
    let row = |(i, part): (usize, &[f64])| {
        let from_s = tmin_s + i as f64 * MINUTE_S;
        let inside = |r: &&Response| (from_s..from_s + MINUTE_S).contains(&r.peak_s);
        let amplitudes: Vec<f64> =
            responses.iter().filter(inside).map(|r| r.amplitude_us).collect();
        Minute {
            tmin_s: from_s,
            tonic_level_us: mean(part),
            n_responses: amplitudes.len(),
            mean_amplitude_us: stats::mean(&amplitudes),
        }
    };
    tonic.chunks(minute).take(MOST_MINUTES).enumerate().map(row).collect()
}

fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len().max(1) as f64
}
