//! `heart.hrv`: beats, what is wrong with them, and how the intervals between them vary.

mod plots;

use clx_eeg::hrv::{
    AbsentFigure, FrequencyDomain, HrvDensity, HrvParams, HrvSpectrum, NonlinearDomain, TimeDomain,
    hrv_density,
};
use clx_eeg::{
    BeatArtefacts, clean_ecg, correct_beats, detect_pulse_peaks, detect_r_peaks, measure_hrv,
};
use clx_signal::{Finding, SampleRate, Severity, stats};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::analysis::{Entry, InputKind};
use crate::catalogue::channel::{Measured, Signal, find, thinned};
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "heart.hrv",
        title: "Heart rate variability",
        summary: "Heart beats from an ECG or a pulse, their artefacts, and how the intervals between them vary",
        input: InputKind::Recording,
        credits: 1,
        example: r#"{"source": "ecg"}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// Artefacts listed; the figures count all.
const MOST_ARTEFACTS: usize = 500;
/// Beats of the curve that is kept.
const MOST_BEATS: usize = 20_000;
const MOST_WINDOWS: usize = 2000;
/// Frequencies of the spectrum that is kept, from the lowest of VLF to above HF, and their step.
const FREQS_HZ: [f64; 2] = [0.0033, 0.5];
const STEP_HZ: f64 = 0.0025;
/// A slower channel tells the time of a beat to worse than 10 ms. Task Force 1996, section
/// "Duration and circumstances": 250 Hz or more, 100 Hz with interpolation.
const SLOW_HZ: f64 = 100.0;
/// Intervals times frequencies that Lomb and Scargle are given: half a minute.
const MOST_LOMB: f64 = 1e9;
/// Share of corrected beats above which the figures are called doubtful. Peltola 2012, Front.
/// Physiol. 3:148.
const DOUBTFUL_SHARE: f64 = 0.05;

/// Where beats are looked for, and how their intervals are measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct HrvRunParams {
    source: HeartSource,
    /// Name of the channel; absent: the first ECG or pulse channel.
    channel: Option<String>,
    polarity: BeatPolarity,
    /// Start of the stretch that is analysed, seconds; absent: the first sample.
    #[schemars(range(min = 0.0))]
    tmin_s: Option<f64>,
    /// End of the stretch, seconds; absent: the last sample.
    #[schemars(range(min = 0.0))]
    tmax_s: Option<f64>,
    /// Mains frequency that is smoothed away, hertz.
    #[schemars(range(min = 10.0, max = 400.0))]
    line_hz: f64,
    /// Implausible beats are corrected before anything is measured.
    correct: bool,
    spectrum: HrvSpectrum,
    /// Length of the stretches of which heart rate is given, seconds.
    #[schemars(range(min = 10.0, max = 3600.0))]
    window_s: f64,
}

impl Default for HrvRunParams {
    fn default() -> Self {
        Self {
            source: HeartSource::Ecg,
            channel: None,
            polarity: BeatPolarity::Auto,
            tmin_s: None,
            tmax_s: None,
            line_hz: 50.0,
            correct: true,
            spectrum: HrvSpectrum::Welch,
            window_s: 60.0,
        }
    }
}

/// What the beats are found in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum HeartSource {
    /// Electrocardiogram: R peaks.
    #[default]
    Ecg,
    /// Photoplethysmogram: pulse peaks.
    Ppg,
}

/// Which way the beats of the signal point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum BeatPolarity {
    /// An ECG whose beats point down is turned; a pulse is taken as it is.
    #[default]
    Auto,
    Up,
    Down,
}

/// Heart rate variability of one channel. Times are seconds from the first sample of the recording.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct HrvResult {
    channel: String,
    source: HeartSource,
    tmin_s: f64,
    duration_s: f64,
    n_beats: usize,
    /// Beats that were suspicious, by class and in all.
    n_ectopic: usize,
    n_missed: usize,
    n_extra: usize,
    n_long_short: usize,
    /// Suspicious beats over all beats.
    artefact_share: Option<f64>,
    /// Whether the figures below are of corrected beats.
    corrected: bool,
    time: Option<TimeDomain>,
    frequency: FrequencyDomain,
    nonlinear: NonlinearDomain,
    /// Figures that the recording is too short for.
    absent: Vec<AbsentFigure>,
    /// Heart rate over time.
    windows: Vec<HeartWindow>,
    /// The first 500 suspicious beats.
    artefacts: Vec<Artefact>,
    /// Time of beats and the interval that ends there; every n-th of more than 20 000.
    beats_s: Vec<f64>,
    rr_ms: Vec<f64>,
    spectrum: Option<HrvDensity>,
    findings: Vec<Finding>,
}

/// The heart in one stretch.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct HeartWindow {
    tmin_s: f64,
    n_beats: usize,
    mean_rate_bpm: Option<f64>,
    sdnn_ms: Option<f64>,
    rmssd_ms: Option<f64>,
}

/// A suspicious beat.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Artefact {
    at_s: f64,
    kind: ArtefactKind,
    /// Interval before it, as it was found.
    rr_ms: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ArtefactKind {
    Ectopic,
    Missed,
    Extra,
    LongShort,
}

fn run(inputs: Inputs, params: HrvRunParams, cx: &Context<'_>) -> Result<HrvResult, AnalysisError> {
    let (line_hz, window_s) = (params.line_hz, params.window_s);
    if !(10.0..=3600.0).contains(&window_s) || !(10.0..=400.0).contains(&line_hz) {
        return Err(AnalysisError::Params(format!(
            "window_s must be 10 to 3600 s and line_hz 10 to 400 Hz, got {window_s} s and {line_hz} Hz"
        )));
    }
    let mut reader = inputs.recording()?;
    cx.step(0.0, "reading")?;
    let mut findings = reader.findings().to_vec();
    let what = match params.source {
        HeartSource::Ecg => Measured::Ecg,
        HeartSource::Ppg => Measured::Pulse,
    };
    let pick = find(&reader, params.channel.as_deref(), what)?;
    let times = [params.tmin_s, params.tmax_s];
    let signal = Signal::read(&mut reader, pick, times, cx, [0.0, 0.5])?.unbroken(&mut findings);
    cx.step(0.5, "finding beats")?;
    let found = find_beats(&signal, &params, &mut findings)?;
    cx.step(0.75, "correcting beats")?;
    let rate = signal.info.rate;
    let (mut corrected, artefacts) = correct_beats(&found, rate);
    corrected.dedup();
    let beats = if params.correct { corrected } else { found.clone() };
    cx.step(0.8, "measuring")?;
    measure(&signal, &params, &found, &beats, &artefacts, findings)
}

fn find_beats(
    signal: &Signal,
    params: &HrvRunParams,
    findings: &mut Vec<Finding>,
) -> Result<Vec<usize>, AnalysisError> {
    let turned = |x: &[f32]| -> Vec<f32> { x.iter().map(|v| -v).collect() };
    let rate = signal.info.rate;
    let mut beats = if params.source == HeartSource::Ppg {
        let down = params.polarity == BeatPolarity::Down;
        let pulse = if down { turned(&signal.samples) } else { signal.samples.clone() };
        detect_pulse_peaks(&pulse, rate)?
    } else {
        let mut clean = clean_ecg(&signal.samples, rate, params.line_hz)?;
        if params.polarity == BeatPolarity::Down {
            clean = turned(&clean);
        }
        let (beats, mut doubts) = detect_r_peaks(&clean, rate)?;
        let inverted = doubts.iter().any(|f| f.code == "ecg.inverted");
        if inverted && params.polarity == BeatPolarity::Auto {
            let text = "most beats point down; they were looked for in the negative of the signal";
            let finding = Finding::new("ecg.turned", Severity::Info, text);
            findings.push(finding.on_channel(&signal.info.name));
            detect_r_peaks(&turned(&clean), rate)?.0
        } else {
            findings.append(&mut doubts);
            beats
        }
    };
    beats.dedup();
    Ok(beats)
}

fn measure(
    signal: &Signal,
    params: &HrvRunParams,
    found: &[usize],
    beats: &[usize],
    artefacts: &BeatArtefacts,
    mut findings: Vec<Finding>,
) -> Result<HrvResult, AnalysisError> {
    let rate = signal.info.rate;
    let how = HrvParams { spectrum: params.spectrum, ..HrvParams::default() };
    if params.spectrum == HrvSpectrum::LombScargle {
        check_lomb(beats.len(), signal.duration_s())?;
    }
    let hrv = measure_hrv(beats, rate, &how)?;
    let spectrum = hrv_density(beats, rate, &how)?.map(kept_spectrum);
    let at_s = |beat: usize| signal.tmin_s + rate.seconds(beat);
    let rr_ms = |w: &[usize]| 1000.0 * rate.seconds(w[1] - w[0]);
    let intervals: Vec<(f64, f64)> = beats.windows(2).map(|w| (at_s(w[1]), rr_ms(w))).collect();
    let (beats_s, rr_ms) = thinned(&intervals, MOST_BEATS).into_iter().map(|(_, p)| p).unzip();
    let artefact_share =
        (!found.is_empty()).then(|| n_suspicious(artefacts) as f64 / found.len() as f64);
    findings.extend(doubts(found.len(), artefact_share));
    if rate.hz() < SLOW_HZ {
        let text = format!(
            "{} is sampled at {} Hz: a beat is known to {:.0} ms only, which adds to the variability",
            signal.info.name,
            rate.hz(),
            1000.0 / rate.hz()
        );
        findings.push(Finding::new("heart.slow_channel", Severity::Warning, text));
    }
    Ok(HrvResult {
        channel: signal.info.name.clone(),
        source: params.source,
        tmin_s: signal.tmin_s,
        duration_s: signal.duration_s(),
        n_beats: beats.len(),
        n_ectopic: artefacts.ectopic.len(),
        n_missed: artefacts.missed.len(),
        n_extra: artefacts.extra.len(),
        n_long_short: artefacts.long_short.len(),
        artefact_share,
        corrected: params.correct,
        time: hrv.time,
        frequency: hrv.frequency,
        nonlinear: hrv.nonlinear,
        absent: hrv.absent,
        windows: windows(&intervals, signal, params.window_s),
        artefacts: listed(artefacts, found, &at_s, rate),
        beats_s,
        rr_ms,
        spectrum,
        findings,
    })
}

/// Beats in any class; one that is in two counts once.
fn n_suspicious(artefacts: &BeatArtefacts) -> usize {
    let BeatArtefacts { ectopic, missed, extra, long_short } = artefacts;
    let mut all = [ectopic.as_slice(), extra, long_short].concat();
    all.sort_unstable();
    all.dedup();
    all.len() + missed.len()
}

fn check_lomb(n_beats: usize, duration_s: f64) -> Result<(), AnalysisError> {
    // Five frequencies per independent one, up to 0.5 Hz.
    let work = n_beats as f64 * 2.5 * duration_s;
    if work <= MOST_LOMB {
        return Ok(());
    }
    Err(AnalysisError::Params(format!(
        "spectrum: lomb_scargle of {n_beats} beats in {duration_s:.0} s would take minutes; take `welch`, or a stretch (tmin_s, tmax_s) of up to {:.0} s",
        duration_s * (MOST_LOMB / work).sqrt()
    )))
}

/// The bins of the usual bands, neighbours averaged where they are finer than a picture shows.
fn kept_spectrum(all: HrvDensity) -> HrvDensity {
    let at = |hz: f64| all.freqs_hz.partition_point(|&f| f < hz);
    let kept = at(FREQS_HZ[0])..at(FREQS_HZ[1]);
    let step_hz = all.freqs_hz.get(1).map_or(STEP_HZ, |f| f - all.freqs_hz[0]);
    let width = (STEP_HZ / step_hz).floor().max(1.0) as usize;
    let means = |x: &[f64]| -> Vec<f64> {
        x[kept.clone()].chunks(width).map(|c| c.iter().sum::<f64>() / c.len() as f64).collect()
    };
    HrvDensity {
        freqs_hz: means(&all.freqs_hz),
        density_ms2_per_hz: means(&all.density_ms2_per_hz),
    }
}

/// Heart rate of successive stretches, which are longer than asked for where there would be too many.
fn windows(intervals: &[(f64, f64)], signal: &Signal, window_s: f64) -> Vec<HeartWindow> {
    let window_s = window_s.max(signal.duration_s() / MOST_WINDOWS as f64);
    let n = (signal.duration_s() / window_s).floor().max(1.0) as usize;
    let window = |i: usize| {
        let tmin_s = signal.tmin_s + i as f64 * window_s;
        let from = intervals.partition_point(|p| p.0 < tmin_s);
        let to = intervals.partition_point(|p| p.0 < tmin_s + window_s);
        let rr: Vec<f64> = intervals[from..to].iter().map(|p| p.1).collect();
        let mean = stats::mean(&rr);
        let squares = |x: Vec<f64>, less: usize| {
            let n = x.len().checked_sub(less).filter(|n| *n > 0)?;
            Some((x.iter().map(|v| v * v).sum::<f64>() / n as f64).sqrt())
        };
        let deviations = rr.iter().map(|v| v - mean.unwrap_or(0.0)).collect();
        HeartWindow {
            tmin_s,
            n_beats: rr.len(),
            mean_rate_bpm: mean.map(|rr| 60_000.0 / rr),
            sdnn_ms: squares(deviations, 1),
            rmssd_ms: squares(rr.windows(2).map(|w| w[1] - w[0]).collect(), 0),
        }
    };
    (0..n).map(window).collect()
}

fn listed(
    artefacts: &BeatArtefacts,
    found: &[usize],
    at_s: &dyn Fn(usize) -> f64,
    rate: SampleRate,
) -> Vec<Artefact> {
    let of = |kind: ArtefactKind, indices: &[usize]| -> Vec<Artefact> {
        let artefact = |&i: &usize| Artefact {
            at_s: at_s(found[i]),
            kind,
            rr_ms: i.checked_sub(1).map(|before| 1000.0 * rate.seconds(found[i] - found[before])),
        };
        indices.iter().map(artefact).collect()
    };
    let mut all = [
        of(ArtefactKind::Ectopic, &artefacts.ectopic),
        of(ArtefactKind::Missed, &artefacts.missed),
        of(ArtefactKind::Extra, &artefacts.extra),
        of(ArtefactKind::LongShort, &artefacts.long_short),
    ]
    .concat();
    all.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
    all.truncate(MOST_ARTEFACTS);
    all
}

fn doubts(n_beats: usize, artefact_share: Option<f64>) -> Option<Finding> {
    if n_beats < 3 {
        let text = format!("{n_beats} beats were found; this channel may not show the heart");
        return Some(Finding::new("heart.no_beats", Severity::Problem, text));
    }
    let share = artefact_share.filter(|share| *share > DOUBTFUL_SHARE)?;
    let text = format!(
        "{:.1} % of the beats are suspicious; above {:.0} % the figures of variability say more about artefacts than about the heart",
        100.0 * share,
        100.0 * DOUBTFUL_SHARE
    );
    Some(Finding::new("heart.artefacts", Severity::Warning, text))
}
