//! `breath.respiration`: breaths, how regular they are, and how the heart follows them.

mod plots;

use clx_eeg::{
    Breath, SinusArrhythmia, clean_breathing, clean_ecg, correct_beats, detect_r_peaks,
    find_breaths, sinus_arrhythmia,
};
use clx_formats::RecordingReader;
use clx_signal::{Finding, Severity, stats};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::analysis::{Entry, InputKind};
use crate::catalogue::channel::{Measured, Signal, find, find_named, first_of, thinned};
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "breath.respiration",
        title: "Breathing",
        summary: "Breaths with their rate, depth and times of inhaling and exhaling, and how the heart follows them",
        input: InputKind::Recording,
        credits: 1,
        example: r#"{"use_ecg": true}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// Twice the upper edge of the cleaning filter.
const LEAST_HZ: f64 = 6.0;
/// Breaths listed; the figures count all.
const MOST_BREATHS: usize = 500;
/// Breaths of the curve of the rate.
const MOST_RATES: usize = 5000;
/// Length of the excerpt that is drawn, seconds, and its points.
const EXCERPT_S: f64 = 120.0;
const MOST_POINTS: usize = 2400;
/// Length of the rows over time, seconds, and how many there are at most.
const MINUTE_S: f64 = 60.0;
const MOST_MINUTES: usize = 3000;
/// Cycles above so many times the median one are pauses. American Academy of Sleep Medicine: apnoeas
/// last 10 s, two breaths of an adult at rest.
const PAUSE: f64 = 2.5;

/// Which channels are breath and heart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct RespirationParams {
    /// Name of the channel; absent: the first of breathing.
    channel: Option<String>,
    /// The signal falls while inhaling.
    inverted: bool,
    /// Sinus arrhythmia is measured where there is an ECG.
    use_ecg: bool,
    /// Name of the ECG channel; absent: the first.
    ecg: Option<String>,
    /// Mains frequency that is smoothed away in the ECG, hertz.
    #[schemars(range(min = 10.0, max = 400.0))]
    line_hz: f64,
    /// Start of the stretch that is analysed, seconds; absent: the first sample.
    #[schemars(range(min = 0.0))]
    tmin_s: Option<f64>,
    /// End of the stretch, seconds; absent: the last sample.
    #[schemars(range(min = 0.0))]
    tmax_s: Option<f64>,
}

impl Default for RespirationParams {
    fn default() -> Self {
        Self {
            channel: None,
            inverted: false,
            use_ecg: true,
            ecg: None,
            line_hz: 50.0,
            tmin_s: None,
            tmax_s: None,
        }
    }
}

/// Breathing of one channel. Times are seconds from the first sample of the recording.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct RespirationResult {
    channel: String,
    tmin_s: f64,
    duration_s: f64,
    n_breaths: usize,
    /// 60 over the mean cycle.
    mean_rate_per_min: Option<f64>,
    /// Deviation of the cycles, and this over their mean.
    cycle_sd_s: Option<f64>,
    cycle_variation_share: Option<f64>,
    mean_inhale_s: Option<f64>,
    mean_exhale_s: Option<f64>,
    /// Time of inhaling over time of exhaling.
    inhale_exhale_ratio: Option<f64>,
    /// Deviation of the depth of breaths over its mean.
    depth_variation_share: Option<f64>,
    /// Cycles of more than two and a half times the median one.
    n_pauses: usize,
    /// How much the interval between heart beats swings with a breath.
    sinus_arrhythmia: Option<SinusArrhythmia>,
    /// ECG that it was measured in.
    ecg_channel: Option<String>,
    /// Minute by minute.
    minutes: Vec<Minute>,
    /// The first 500.
    breaths: Vec<BreathRow>,
    /// Start of breaths and their rate; every n-th of more than 5000.
    breaths_s: Vec<f64>,
    rate_per_min: Vec<f64>,
    /// Two minutes from the middle, over their largest size.
    excerpt_tmin_s: f64,
    excerpt_step_s: f64,
    excerpt: Vec<f64>,
    findings: Vec<Finding>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Minute {
    tmin_s: f64,
    n_breaths: usize,
    mean_rate_per_min: Option<f64>,
}

/// One breath.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct BreathRow {
    /// Inhaling starts.
    onset_s: f64,
    /// Exhaling starts.
    peak_s: f64,
    inhale_s: f64,
    /// Absent for the last breath.
    exhale_s: Option<f64>,
    rate_per_min: Option<f64>,
    /// Depth over the mean depth: what a belt or a flow sensor measures has no common unit.
    relative_depth: Option<f64>,
}

fn run(
    inputs: Inputs,
    params: RespirationParams,
    cx: &Context<'_>,
) -> Result<RespirationResult, AnalysisError> {
    if !(10.0..=400.0).contains(&params.line_hz) {
        let text = format!("line_hz must be 10 to 400 Hz, got {}", params.line_hz);
        return Err(AnalysisError::Params(text));
    }
    let mut reader = inputs.recording()?;
    cx.step(0.0, "reading")?;
    let mut findings = reader.findings().to_vec();
    let pick = find(&reader, params.channel.as_deref(), Measured::Breath)?;
    let info = &reader.header().channels[pick];
    if info.rate.hz() <= LEAST_HZ {
        return Err(AnalysisError::Input(format!(
            "{} is sampled at {} Hz; breaths can be told from channels of more than {LEAST_HZ} Hz, name another one in `channel`",
            info.name,
            info.rate.hz()
        )));
    }
    let times = [params.tmin_s, params.tmax_s];
    let mut signal =
        Signal::read(&mut reader, pick, times, cx, [0.0, 0.4])?.unbroken(&mut findings);
    if params.inverted {
        signal.samples.iter_mut().for_each(|v| *v = -*v);
    }
    let rate = signal.info.rate;
    cx.step(0.4, "finding breaths")?;
    let clean = clean_breathing(&signal.samples, rate)?;
    let breathing = find_breaths(&clean, rate);
    if breathing.breaths.len() < 2 {
        let text = format!(
            "{} breaths were found; this channel may not show breathing",
            breathing.breaths.len()
        );
        findings.push(Finding::new("breath.none", Severity::Problem, text));
    }
    let heart = match params.use_ecg {
        true => heart(&mut reader, &signal, &params, &mut findings, cx)?,
        false => None,
    };
    cx.step(0.95, "measuring")?;
    let arrhythmia =
        heart.as_ref().and_then(|(ecg, beats)| sinus_arrhythmia(&breathing, beats, ecg.info.rate));
    let mut result = of_breaths(&breathing.breaths, &signal);
    result.mean_rate_per_min = breathing.mean_rate_per_min;
    result.cycle_sd_s = breathing.cycle_sd_s;
    result.inhale_exhale_ratio = breathing.inhale_exhale_ratio;
    result.ecg_channel =
        heart.filter(|_| arrhythmia.is_some()).map(|(ecg, _)| ecg.info.name.clone());
    result.sinus_arrhythmia = arrhythmia;
    (result.excerpt_tmin_s, result.excerpt_step_s, result.excerpt) = excerpt(&clean, &signal);
    result.findings = findings;
    Ok(result)
}

/// The ECG of the same stretch and its corrected beats.
fn heart(
    reader: &mut RecordingReader,
    breath: &Signal,
    params: &RespirationParams,
    findings: &mut Vec<Finding>,
    cx: &Context<'_>,
) -> Result<Option<(Signal, Vec<usize>)>, AnalysisError> {
    let pick = match params.ecg.as_deref() {
        Some(name) => Some(find_named(reader, "ecg", name)?),
        None => first_of(reader, Measured::Ecg),
    };
    let Some(pick) = pick else { return Ok(None) };
    let times = [Some(breath.tmin_s), Some(breath.tmin_s + breath.duration_s())];
    let ecg = Signal::read(reader, pick, times, cx, [0.5, 0.8])?;
    cx.step(0.8, "finding beats")?;
    let rate = ecg.info.rate;
    let found = clean_ecg(&ecg.samples, rate, params.line_hz)
        .and_then(|clean| detect_r_peaks(&clean, rate));
    match found {
        Ok((beats, doubts)) => {
            findings.extend(doubts);
            let beats = correct_beats(&beats, rate).0;
            Ok(Some((ecg, beats)))
        }
        // Breathing can be told without the heart.
        Err(error) => {
            let text = format!("how the heart follows the breath is not known: {error}");
            let finding = Finding::new("breath.heart", Severity::Warning, text);
            findings.push(finding.on_channel(&ecg.info.name));
            Ok(None)
        }
    }
}

fn of_breaths(breaths: &[Breath], signal: &Signal) -> RespirationResult {
    let values = |of: &dyn Fn(&Breath) -> Option<f64>| -> Vec<f64> {
        breaths.iter().filter_map(of).collect()
    };
    let cycles = values(&|b| b.cycle_s);
    let depths = values(&|b| Some(b.amplitude));
    let longest = PAUSE * stats::median(&cycles).unwrap_or(0.0);
    let mean_depth = stats::mean(&depths).filter(|depth| *depth > 0.0);
    let tmin_s = signal.tmin_s;
    let rates: Vec<(f64, f64)> =
        breaths.iter().filter_map(|b| Some((tmin_s + b.trough_s, 60.0 / b.cycle_s?))).collect();
    let (breaths_s, rate_per_min) = thinned(&rates, MOST_RATES).into_iter().map(|(_, p)| p).unzip();
    let row = |b: &Breath| BreathRow {
        onset_s: tmin_s + b.trough_s,
        peak_s: tmin_s + b.peak_s,
        inhale_s: b.inhale_s,
        exhale_s: b.exhale_s,
        rate_per_min: b.cycle_s.map(|cycle_s| 60.0 / cycle_s),
        relative_depth: mean_depth.map(|mean| b.amplitude / mean),
    };
    RespirationResult {
        channel: signal.info.name.clone(),
        tmin_s,
        duration_s: signal.duration_s(),
        n_breaths: breaths.len(),
        mean_rate_per_min: None,
        cycle_sd_s: None,
        cycle_variation_share: variation(&cycles),
        mean_inhale_s: stats::mean(&values(&|b| Some(b.inhale_s))),
        mean_exhale_s: stats::mean(&values(&|b| b.exhale_s)),
        inhale_exhale_ratio: None,
        depth_variation_share: variation(&depths),
        n_pauses: cycles.iter().filter(|cycle| **cycle > longest).count(),
        sinus_arrhythmia: None,
        ecg_channel: None,
        minutes: minutes(&rates, signal),
        breaths: breaths.iter().take(MOST_BREATHS).map(row).collect(),
        breaths_s,
        rate_per_min,
        excerpt_tmin_s: tmin_s,
        excerpt_step_s: 0.0,
        excerpt: Vec::new(),
        findings: Vec::new(),
    }
}

/// Standard deviation over the mean.
fn variation(x: &[f64]) -> Option<f64> {
    let mean = stats::mean(x).filter(|mean| *mean > 0.0 && x.len() > 1)?;
    let squares: f64 = x.iter().map(|v| (v - mean).powi(2)).sum();
    Some((squares / (x.len() - 1) as f64).sqrt() / mean)
}

fn minutes(rates: &[(f64, f64)], signal: &Signal) -> Vec<Minute> {
    let n = ((signal.duration_s() / MINUTE_S).floor().max(1.0) as usize).min(MOST_MINUTES);
    let row = |i: usize| {
        let tmin_s = signal.tmin_s + i as f64 * MINUTE_S;
        let from = rates.partition_point(|p| p.0 < tmin_s);
        let to = rates.partition_point(|p| p.0 < tmin_s + MINUTE_S);
        let cycles: Vec<f64> = rates[from..to].iter().map(|p| 60.0 / p.1).collect();
        let mean_rate_per_min = stats::mean(&cycles).map(|cycle_s| 60.0 / cycle_s);
        Minute { tmin_s, n_breaths: to - from, mean_rate_per_min }
    };
    (0..n).map(row).collect()
}

/// Start, step and values of two minutes from the middle.
fn excerpt(clean: &[f64], signal: &Signal) -> (f64, f64, Vec<f64>) {
    let rate = signal.info.rate;
    let n = rate.samples(EXCERPT_S).min(clean.len());
    let from = (clean.len() - n) / 2;
    let part = &clean[from..from + n];
    let largest = part.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let scale = if largest > 0.0 { 1.0 / largest } else { 0.0 };
    let step = n.div_ceil(MOST_POINTS).max(1);
    let values = part.iter().step_by(step).map(|v| v * scale).collect();
    (signal.tmin_s + rate.seconds(from), rate.seconds(step), values)
}
