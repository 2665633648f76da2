//! `sleep.events`: spindles, slow waves, rapid eye movements, and how spindles sit on slow waves.

mod count;
mod plots;

use clx_eeg::sleep::{
    Coupling, CouplingParams, EyeMovement, Hypnogram, RemParams, SigmaPhase, SlowWave,
    SlowWaveParams, Spindle, SpindleParams, Stage, couple_sigma, detect_rems, detect_slow_waves,
    detect_spindles,
};
use clx_formats::RecordingReader;
use clx_signal::{Finding, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::count::{Bin, EventTotals, Kinds, StageEvents, bins, per_stage, totals};
use super::channels;
use super::hypnogram::annotated;
use crate::analysis::{Entry, InputKind};
use crate::catalogue::channel::Signal;
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "sleep.events",
        title: "Events of sleep",
        summary: "Spindles, slow waves and rapid eye movements, how often they come, and where on slow waves the spindle rhythm sits",
        input: InputKind::Recording,
        credits: 2,
        example: r#"{"spindle_fmin_hz": 12.0, "spindle_fmax_hz": 15.0}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// Events of one kind that are listed; the totals count all.
const MOST_EVENTS: usize = 500;

/// Where events are looked for, and what counts as one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct EventsParams {
    /// Name of the EEG channel; absent: C4, C3, Cz, Fpz-Cz or the next best.
    channel: Option<String>,
    /// Name of the channel of the left eye; absent: found by name.
    eog_left: Option<String>,
    /// Name of the channel of the right eye; absent: found by name.
    eog_right: Option<String>,
    /// Annotated stages say where to look.
    use_annotations: bool,
    /// Start of the stretch that is analysed, seconds; absent: the first sample.
    #[schemars(range(min = 0.0))]
    tmin_s: Option<f64>,
    /// End of the stretch, seconds; absent: the last sample.
    #[schemars(range(min = 0.0))]
    tmax_s: Option<f64>,
    /// Lower edge of the spindle band, hertz.
    #[schemars(range(min = 6.0, max = 20.0))]
    spindle_fmin_hz: f64,
    /// Upper edge of the spindle band, hertz.
    #[schemars(range(min = 8.0, max = 25.0))]
    spindle_fmax_hz: f64,
    /// Slow waves span at least this from trough to crest, microvolts.
    #[schemars(range(min = 1.0, max = 340.0))]
    slow_wave_least_uv: f64,
    /// Eye movements deflect both eyes by at least this, microvolts.
    #[schemars(range(min = 1.0, max = 320.0))]
    rem_least_uv: f64,
}

impl Default for EventsParams {
    fn default() -> Self {
        Self {
            channel: None,
            eog_left: None,
            eog_right: None,
            use_annotations: true,
            tmin_s: None,
            tmax_s: None,
            spindle_fmin_hz: 12.0,
            spindle_fmax_hz: 15.0,
            slow_wave_least_uv: 75.0,
            rem_least_uv: 50.0,
        }
    }
}

impl EventsParams {
    fn check(&self) -> Result<(), AnalysisError> {
        let (low, high) = (self.spindle_fmin_hz, self.spindle_fmax_hz);
        let band = (6.0..=20.0).contains(&low) && (8.0..=25.0).contains(&high) && low + 1.0 <= high;
        let limits = (1.0..=340.0).contains(&self.slow_wave_least_uv)
            && (1.0..=320.0).contains(&self.rem_least_uv);
        if band && limits {
            return Ok(());
        }
        Err(AnalysisError::Params(format!(
            "the spindle band must lie in 6 to 25 Hz and be 1 Hz wide or more, slow_wave_least_uv be 1 to 340 and rem_least_uv 1 to 320, got {low} to {high} Hz, {} and {} µV",
            self.slow_wave_least_uv, self.rem_least_uv
        )))
    }
}

/// Events of a night. Times are seconds from the first sample of the recording.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct EventsResult {
    channel: String,
    /// Left and right eye; none: eye movements were not looked for.
    eye_channels: Vec<String>,
    /// Whether annotated stages said where to look.
    staged: bool,
    tmin_s: f64,
    duration_s: f64,
    spindles: EventTotals,
    slow_waves: EventTotals,
    rems: Option<EventTotals>,
    coupling: CouplingFigures,
    /// With annotated stages.
    stages: Vec<StageEvents>,
    /// How often events came over the night, in equal stretches.
    timeline: Vec<Bin>,
    /// The first 500 of each kind.
    spindle_list: Vec<SpindleRow>,
    slow_wave_list: Vec<SlowWaveRow>,
    rem_list: Vec<EyeRow>,
    /// Stage of each 30 s: 0 wake, 1 to 3 N1 to N3, 4 REM, -2 not scored.
    hypnogram: Vec<i8>,
    findings: Vec<Finding>,
}

/// Where in the slow waves the spindle rhythm is strongest: 0 the crest, ±π the trough.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct CouplingFigures {
    n_waves: usize,
    mean_phase_rad: Option<f64>,
    /// 0: no phase is preferred; 1: always the same.
    mean_vector_length: Option<f64>,
    /// Probability of such a length if every phase were equally likely.
    rayleigh_p: Option<f64>,
    mean_strength: Option<f64>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct SpindleRow {
    tmin_s: f64,
    duration_s: f64,
    frequency_hz: f64,
    /// Peak to peak between 1 and 30 Hz.
    amplitude_uv: f64,
    n_oscillations: usize,
    stage: Option<Stage>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct SlowWaveRow {
    tmin_s: f64,
    duration_s: f64,
    frequency_hz: f64,
    /// From trough to crest.
    amplitude_uv: f64,
    /// Rise from the trough.
    slope_uv_per_s: f64,
    /// Phase at which the spindle rhythm is strongest.
    phase_rad: Option<f64>,
    stage: Option<Stage>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct EyeRow {
    tmin_s: f64,
    duration_s: f64,
    left_uv: f64,
    right_uv: f64,
    stage: Option<Stage>,
}

fn run(
    inputs: Inputs,
    params: EventsParams,
    cx: &Context<'_>,
) -> Result<EventsResult, AnalysisError> {
    params.check()?;
    let mut reader = inputs.recording()?;
    cx.step(0.0, "reading")?;
    let mut findings = reader.findings().to_vec();
    let pick = channels::eeg(&reader, params.channel.as_deref())?;
    let times = [params.tmin_s, params.tmax_s];
    let eeg = Signal::read(&mut reader, pick, times, cx, [0.0, 0.3])?.unbroken(&mut findings);
    let (tmin_s, tmax_s) = (eeg.tmin_s, eeg.tmin_s + eeg.duration_s());
    let annotations = reader.annotations()?;
    let hypnogram =
        params.use_annotations.then(|| annotated(&annotations, tmin_s, tmax_s)).flatten();
    if hypnogram.is_none() {
        let text = "no annotated stages: events were looked for everywhere, in wakefulness too, where alpha rhythm and blinks look like them";
        findings.push(Finding::new("sleep.unstaged", Severity::Info, text));
    }
    let eyes = eyes(&mut reader, &params, [tmin_s, tmax_s], &mut findings, cx)?;
    let night = hypnogram.as_ref();
    let rate = eeg.info.rate;
    cx.step(0.5, "finding spindles")?;
    let band = SpindleParams {
        fmin_hz: params.spindle_fmin_hz,
        fmax_hz: params.spindle_fmax_hz,
        ..SpindleParams::default()
    };
    let (spindles, found) = detect_spindles(&eeg.samples, rate, night, &band)?;
    findings.extend(found.into_iter().map(|f| f.on_channel(&eeg.info.name)));
    cx.step(0.7, "finding slow waves")?;
    let (least, most) = (params.slow_wave_least_uv, SlowWaveParams::default().peak_to_peak_uv[1]);
    let limits = SlowWaveParams { peak_to_peak_uv: [least, most], ..SlowWaveParams::default() };
    let (waves, _) = detect_slow_waves(&eeg.samples, rate, night, &limits)?;
    cx.step(0.8, "measuring coupling")?;
    let coupling = couple_sigma(&eeg.samples, rate, &waves, &CouplingParams::default())?;
    cx.step(0.9, "finding eye movements")?;
    let rems = match &eyes {
        Some([left, right]) => {
            let most = RemParams::default().amplitude_uv[1];
            let limits =
                RemParams { amplitude_uv: [params.rem_least_uv, most], ..RemParams::default() };
            let rate = left.info.rate;
            let (rems, found) = detect_rems(&left.samples, &right.samples, rate, night, &limits)?;
            findings.extend(found);
            Some(rems)
        }
        None => None,
    };
    let events = Events { spindles, waves, rems, coupling };
    Ok(result(&eeg, eyes.as_ref(), hypnogram.as_ref(), events, findings))
}

/// Everything that was found, in seconds from the start of the stretch.
struct Events {
    spindles: Vec<Spindle>,
    waves: Vec<SlowWave>,
    /// Absent without two eyes.
    rems: Option<Vec<EyeMovement>>,
    coupling: Coupling,
}

/// Both eyes, if there are two of one rate without a value that is no number.
fn eyes(
    reader: &mut RecordingReader,
    params: &EventsParams,
    [tmin_s, tmax_s]: [f64; 2],
    findings: &mut Vec<Finding>,
    cx: &Context<'_>,
) -> Result<Option<[Signal; 2]>, AnalysisError> {
    let named = [params.eog_left.as_deref(), params.eog_right.as_deref()];
    let mut without = |why: &str| {
        let text = format!("eye movements were not looked for: {why}");
        findings.push(Finding::new("sleep.eyes", Severity::Info, text));
    };
    let [Some(left), Some(right)] = channels::eyes(reader, named[0], named[1])? else {
        without(
            "no two channels are known to be left and right eye; name them in eog_left and eog_right",
        );
        return Ok(None);
    };
    let times = [Some(tmin_s), Some(tmax_s)];
    let left = Signal::read(reader, left, times, cx, [0.3, 0.4])?;
    let right = Signal::read(reader, right, times, cx, [0.4, 0.5])?;
    if left.info.rate != right.info.rate || left.samples.len() != right.samples.len() {
        without("the channels of the eyes differ in rate or length");
        return Ok(None);
    }
    if left.samples.iter().chain(&right.samples).any(|v| !v.is_finite()) {
        without("the channels of the eyes have samples that are no numbers");
        return Ok(None);
    }
    Ok(Some([left, right]))
}

fn result(
    eeg: &Signal,
    eyes: Option<&[Signal; 2]>,
    hypnogram: Option<&Hypnogram>,
    events: Events,
    findings: Vec<Finding>,
) -> EventsResult {
    let Events { spindles, waves, rems, coupling } = events;
    let (tmin_s, duration_s) = (eeg.tmin_s, eeg.duration_s());
    let kinds = Kinds {
        spindles: spindles.iter().map(|s| s.tmin_s).collect(),
        slow_waves: waves.iter().map(|w| w.trough_s).collect(),
        rems: rems.as_ref().map(|rems| rems.iter().map(|r| r.tmin_s).collect()),
    };
    let searched = |stages: &[Stage]| match hypnogram {
        Some(h) => h.stages.iter().filter(|s| stages.contains(s)).count() as f64 / 2.0,
        None => duration_s / 60.0,
    };
    let spindle = |s: &Spindle| [s.duration_s, s.amplitude_uv, s.frequency_hz];
    let wave = |w: &SlowWave| [w.duration_s, w.peak_to_peak_uv, w.frequency_hz];
    let eye = |r: &EyeMovement| {
        [r.duration_s, (r.amplitude_uv[0] + r.amplitude_uv[1]) / 2.0, 1.0 / r.duration_s]
    };
    EventsResult {
        channel: eeg.info.name.clone(),
        eye_channels: eyes.into_iter().flatten().map(|s| s.info.name.clone()).collect(),
        staged: hypnogram.is_some(),
        tmin_s,
        duration_s,
        spindles: totals(&spindles, searched(&SpindleParams::default().stages), spindle),
        slow_waves: totals(&waves, searched(&SlowWaveParams::default().stages), wave),
        rems: rems.as_ref().map(|r| totals(r, searched(&RemParams::default().stages), eye)),
        coupling: CouplingFigures {
            n_waves: coupling.waves.len(),
            mean_phase_rad: coupling.mean_phase_rad,
            mean_vector_length: coupling.mean_vector_length,
            rayleigh_p: coupling.rayleigh_p,
            mean_strength: coupling.mean_strength,
        },
        stages: hypnogram.map(|h| per_stage(h, &kinds)).unwrap_or_default(),
        timeline: bins(&kinds, tmin_s, duration_s),
        spindle_list: spindles
            .iter()
            .take(MOST_EVENTS)
            .map(|s| SpindleRow {
                tmin_s: tmin_s + s.tmin_s,
                duration_s: s.duration_s,
                frequency_hz: s.frequency_hz,
                amplitude_uv: s.amplitude_uv,
                n_oscillations: s.n_oscillations,
                stage: s.stage,
            })
            .collect(),
        slow_wave_list: waves
            .iter()
            .take(MOST_EVENTS)
            .map(|w| slow_wave_row(w, &coupling.waves, tmin_s))
            .collect(),
        rem_list: rems
            .iter()
            .flatten()
            .take(MOST_EVENTS)
            .map(|r| EyeRow {
                tmin_s: tmin_s + r.tmin_s,
                duration_s: r.duration_s,
                left_uv: r.amplitude_uv[0],
                right_uv: r.amplitude_uv[1],
                stage: r.stage,
            })
            .collect(),
        hypnogram: hypnogram
            .map(|h| h.stages.iter().map(|s| s.number()).collect())
            .unwrap_or_default(),
        findings,
    }
}

fn slow_wave_row(wave: &SlowWave, phases: &[SigmaPhase], tmin_s: f64) -> SlowWaveRow {
    let at = phases.partition_point(|p| p.trough_s < wave.trough_s);
    let phase = phases.get(at).filter(|p| p.trough_s == wave.trough_s);
    SlowWaveRow {
        tmin_s: tmin_s + wave.tmin_s,
        duration_s: wave.duration_s,
        frequency_hz: wave.frequency_hz,
        amplitude_uv: wave.peak_to_peak_uv,
        slope_uv_per_s: wave.slope_uv_per_s,
        phase_rad: phase.map(|p| p.phase_rad),
        stage: wave.stage,
    }
}
