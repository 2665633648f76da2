//! `brainsync.compose`: a track in the measured key and tempo that leads towards a rhythm.

mod plots;
mod write;

use clx_audio::overview::{AudioOverview, Mode as MeasuredMode};
use clx_eeg::overview::EegOverview;
use clx_formats::encode::AudioFormat;
use clx_music::brief::{
    Breakpoint, Brief, MeasuredBrain, MeasuredMusic, Mode, MusicKey, Origin, Scale, Stimulus,
};
use clx_music::{Chord, Citation, Evidence};
use clx_signal::{Band, Finding, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::analysis::{Entry, InputKind};
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "brainsync.compose",
        title: "BrainSync track",
        summary: "A mastered track in the measured or given key and tempo whose modulation leads towards a rhythm",
        input: InputKind::Results,
        credits: 5,
        example: r#"{"mode": "relax", "duration_s": 60.0, "key": {"tonic": "E", "scale": "major"}}"#,
        run,
        plots: plots::PLOTS,
    })
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// The state the track leads towards.
    mode: Mode,
    /// How the rate is put into the sound.
    #[serde(default)]
    stimulus: Stimulus,
    /// Length, seconds, 10 to 10800.
    #[serde(default = "default_duration_s")]
    #[schemars(range(min = 10.0, max = 10_800.0))]
    duration_s: f64,
    /// Same seed and measurements, same bytes.
    #[serde(default = "default_seed")]
    seed: u64,
    /// Integrated loudness, LUFS, -23 to -18.
    #[serde(default = "default_level_lufs")]
    #[schemars(range(min = -23.0, max = -18.0))]
    level_lufs: f64,
    /// Overrides the measured key.
    #[serde(default)]
    key: Option<KeyName>,
    /// Overrides the measured tempo, beats per minute, 40 to 180.
    #[serde(default)]
    #[schemars(range(min = 40.0, max = 180.0))]
    tempo_bpm: Option<f64>,
    /// Overrides the mode's target rate, hertz.
    #[serde(default)]
    #[schemars(range(min = 0.5, max = 40.0))]
    target_hz: Option<f64>,
    /// Files to write.
    #[serde(default = "default_formats")]
    formats: Vec<TrackFormat>,
}

fn default_duration_s() -> f64 {
    600.0
}

fn default_seed() -> u64 {
    1
}

fn default_level_lufs() -> f64 {
    -20.0
}

fn default_formats() -> Vec<TrackFormat> {
    vec![TrackFormat::Flac, TrackFormat::Opus]
}

/// A key as people write it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct KeyName {
    /// `C`, `C#`, `Db`, ... `B`.
    tonic: String,
    scale: Scale,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum TrackFormat {
    Wav,
    Flac,
    Opus,
}

impl From<TrackFormat> for AudioFormat {
    fn from(format: TrackFormat) -> Self {
        match format {
            TrackFormat::Wav => Self::Wav,
            TrackFormat::Flac => Self::Flac,
            TrackFormat::Opus => Self::Opus,
        }
    }
}

/// What was composed, why, and what the rendered sound measures.
#[derive(Debug, Serialize, JsonSchema)]
struct Track {
    title: String,
    brief: Brief,
    chords: Vec<Chord>,
    /// Every decision with the feature that caused it.
    citations: Vec<Citation>,
    evidence: Evidence,
    duration_s: f64,
    rate_hz: f64,
    /// Measured on the rendered sound by EBU R128, LUFS.
    integrated_lufs: Option<f64>,
    /// Measured on the rendered sound, dBTP.
    true_peak_dbtp: Option<f64>,
    /// Names of the files written.
    files: Vec<String>,
    findings: Vec<Finding>,
}

fn run(inputs: Inputs, params: Params, cx: &Context<'_>) -> Result<Track, AnalysisError> {
    cx.step(0.0, "composing")?;
    let music = inputs.result::<AudioOverview>("audio.overview")?;
    let brain = inputs.result::<EegOverview>("eeg.overview")?;
    let findings = missing(music.as_ref(), brain.as_ref());
    let brief =
        brief(&params, music.as_ref().map(measured_music), brain.as_ref().map(measured_brain))?;
    let composition = clx_music::compose(&brief)?;
    let rendered = write::track(&composition, &params, cx)?;
    Ok(Track {
        title: composition.title.clone(),
        citations: composition.citations(),
        evidence: composition.evidence(),
        chords: composition.chords,
        duration_s: brief.duration_s,
        brief,
        rate_hz: f64::from(write::RATE_HZ),
        integrated_lufs: rendered.integrated_lufs,
        true_peak_dbtp: rendered.true_peak_dbtp,
        files: rendered.files,
        findings,
    })
}

/// The preset of the mode, moved by what was measured and then by what was asked for.
fn brief(
    params: &Params,
    music: Option<MeasuredMusic>,
    brain: Option<MeasuredBrain>,
) -> Result<Brief, AnalysisError> {
    let Params { mode, stimulus, duration_s, seed, .. } = *params;
    let mut brief = Brief::preset(mode, music, brain, duration_s, stimulus, seed);
    brief.level_lufs = params.level_lufs;
    if let Some(key) = &params.key {
        brief.key = parse_key(key)?;
        brief.origin.key = Origin::Asked;
    }
    if let Some(bpm) = params.tempo_bpm {
        brief.tempo_bpm = bpm;
        brief.origin.tempo = Origin::Asked;
    }
    if let Some(hz) = params.target_hz {
        retarget(&mut brief, hz);
    }
    Ok(brief)
}

/// Glides from where the schedule starts to `target_hz`, no faster than a listener can follow.
fn retarget(brief: &mut Brief, target_hz: f64) {
    let Some(first) = brief.schedule.first().copied() else { return };
    let depth = brief.schedule.last().map_or(0.0, |point| point.depth);
    let rise_s = brief.schedule.get(1).map_or(0.0, |point| point.at_s);
    let change_hz = target_hz - first.rate_hz;
    let glide_s = (brief.duration_s / 2.0).max(change_hz.abs() / clx_music::MAX_GLIDE_HZ_PER_S);
    let rate_at = |at_s: f64| first.rate_hz + change_hz * (at_s / glide_s).min(1.0);
    let end_s = glide_s.min(brief.duration_s);
    brief.schedule = [0.0, rise_s, end_s]
        .into_iter()
        .map(|at_s| Breakpoint {
            at_s,
            rate_hz: rate_at(at_s),
            depth: if at_s > 0.0 { depth } else { 0.0 },
        })
        .collect();
    brief.schedule.dedup_by(|b, a| b.at_s <= a.at_s);
    brief.origin.rate = Origin::Asked;
}

fn measured_music(overview: &AudioOverview) -> MeasuredMusic {
    let key = overview.key.as_ref().and_then(|key| {
        let scale = match key.mode {
            MeasuredMode::Major => Scale::Major,
            MeasuredMode::Minor => Scale::Minor,
        };
        Some(MusicKey { tonic: pitch_class(&key.tonic)?, scale })
    });
    MeasuredMusic { key, tempo_bpm: overview.tempo.as_ref().map(|tempo| tempo.bpm) }
}

fn measured_brain(overview: &EegOverview) -> MeasuredBrain {
    let alpha_peak_hz = overview.alpha_peak.as_ref().map(|peak| peak.peak_hz);
    MeasuredBrain { alpha_peak_hz, dominant_hz: alpha_peak_hz.or_else(|| dominant_hz(overview)) }
}

/// Middle of the band whose power stands highest above the aperiodic background; `None` when no band
/// does by a tenth.
fn dominant_hz(overview: &EegOverview) -> Option<f64> {
    const LEAST_RATIO: f64 = 1.1;
    let aperiodic = overview.aperiodic.as_ref()?;
    let background = |band: &Band| background_v2(aperiodic.offset, aperiodic.exponent, band);
    let powers = overview.mean_bands.as_ref()?;
    let ratios = overview.bands.iter().zip(powers).map(|(b, p)| (b, p.power_v2 / background(b)));
    let (band, ratio) = ratios.max_by(|a, b| a.1.total_cmp(&b.1))?;
    (ratio > LEAST_RATIO).then_some((band.fmin_hz + band.fmax_hz) / 2.0)
}

/// Power of `10^offset / f^exponent` inside `band`, by the trapezoid rule in steps of 0.1 Hz.
fn background_v2(offset: f64, exponent: f64, band: &Band) -> f64 {
    const STEP_HZ: f64 = 0.1;
    let n = ((band.fmax_hz - band.fmin_hz) / STEP_HZ).round() as usize;
    let density =
        |i: usize| 10f64.powf(offset) / (band.fmin_hz + i as f64 * STEP_HZ).powf(exponent);
    (0..n).map(|i| (density(i) + density(i + 1)) / 2.0 * STEP_HZ).sum()
}

fn parse_key(key: &KeyName) -> Result<MusicKey, AnalysisError> {
    let tonic = pitch_class(&key.tonic).ok_or_else(|| {
        AnalysisError::Params(format!("key.tonic must be like E, F# or Bb, got '{}'", key.tonic))
    })?;
    Ok(MusicKey { tonic, scale: key.scale })
}

/// Semitones above C of a note name with sharps or flats.
fn pitch_class(name: &str) -> Option<u8> {
    let mut letters = name.trim().chars();
    let base = match letters.next()?.to_ascii_uppercase() {
        'C' => 0,
        'D' => 2,
        'E' => 4,
        'F' => 5,
        'G' => 7,
        'A' => 9,
        'B' => 11,
        _ => return None,
    };
    let shift = match letters.as_str() {
        "" => 0,
        "#" | "♯" => 1,
        "b" | "♭" => 11,
        _ => return None,
    };
    Some((base + shift) % 12)
}

/// Says what the given results did not have, so that nobody takes a convention for a measurement.
fn missing(music: Option<&AudioOverview>, brain: Option<&EegOverview>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut note = |code: &str, message: &str| {
        findings.push(Finding::new(code, Severity::Info, message));
    };
    if music.is_some_and(|music| music.key.is_none()) {
        note("brainsync.no_key", "the sound has no stable key; the mode's key was taken");
    }
    if music.is_some_and(|music| music.tempo.is_none()) {
        note("brainsync.no_tempo", "the sound has no clear pulse; the mode's tempo was taken");
    }
    if brain.is_some_and(|brain| brain.alpha_peak.is_none()) {
        note(
            "brainsync.no_alpha_peak",
            "the EEG shows no alpha peak; the mode's start rate was taken unless another band stood out",
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn note_names_are_semitones_above_c() {
        let named =
            ["C", "C#", "Db", "E", "F♯", "Bb", "Cb", "B#"].map(|name| pitch_class(name).unwrap());
        assert_eq!(named, [0, 1, 1, 4, 6, 10, 11, 0]);
        assert_eq!(pitch_class("H"), None);
    }

    #[test]
    fn what_is_asked_for_overrides_what_was_measured() {
        let params: Params = serde_json::from_value(serde_json::json!({
            "mode": "relax", "key": {"tonic": "F#", "scale": "minor"}, "tempo_bpm": 90.0,
        }))
        .unwrap();
        let music = MeasuredMusic {
            key: Some(MusicKey { tonic: 0, scale: Scale::Major }),
            tempo_bpm: Some(60.0),
        };
        let brief = brief(&params, Some(music), None).unwrap();
        assert_eq!(brief.key, MusicKey { tonic: 6, scale: Scale::Minor });
        assert_eq!((brief.tempo_bpm, brief.origin.key), (90.0, Origin::Asked));
    }

    #[test]
    fn a_target_is_reached_no_faster_than_a_listener_follows() {
        let mut brief = Brief::preset(Mode::Relax, None, None, 600.0, Stimulus::Am, 1);
        retarget(&mut brief, 4.0);
        let steepest = brief
            .schedule
            .windows(2)
            .map(|w| ((w[1].rate_hz - w[0].rate_hz) / (w[1].at_s - w[0].at_s)).abs())
            .fold(0.0, f64::max);
        assert!(steepest <= clx_music::MAX_GLIDE_HZ_PER_S + 1e-12, "{steepest}");
        assert!((brief.schedule.last().unwrap().rate_hz - 4.0).abs() < 1e-12);
    }

    #[test]
    fn the_background_of_a_flat_spectrum_is_width_times_density() {
        // 10^-12 V²/Hz over the 4 Hz of theta.
        let power = background_v2(-12.0, 0.0, &Band::THETA);
        assert!((power - 4e-12).abs() < 1e-20);
    }
}
