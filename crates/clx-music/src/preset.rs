//! Conventions of the modes, and the brief made from them and from measurements.
//!
//! The target rates and moods are conventions of the field. None of them is a proven effect; see
//! [`crate::Evidence`].

use crate::brief::{
    Breakpoint, Brief, MeasuredBrain, MeasuredMusic, Mode, MusicKey, Origin, Origins, RATE_HZ,
    Scale, Stimulus,
};

/// Fastest change of the modulation rate, so that a listener can follow it.
pub const MAX_GLIDE_HZ_PER_S: f64 = 0.1;
/// Loudness of a preset: the middle of the allowed range.
const LEVEL_LUFS: f64 = -20.0;
/// The depth rises from zero over this time, or a tenth of a short track.
const DEPTH_RISE_S: f64 = 30.0;
/// A measured alpha peak outside this range is not taken for one.
const ALPHA_PEAK_HZ: std::ops::RangeInclusive<f64> = 7.0..=14.0;

/// Colour of the noise texture.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum NoiseColour {
    White,
    Pink,
    Brown,
}

/// What a mode means in sound. Documented constants, used where nothing was measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ModeStyle {
    pub(crate) default_key: MusicKey,
    pub(crate) default_tempo_bpm: f64,
    /// The tempo is halved or doubled into `slowest_bpm .. 2 × slowest_bpm`.
    pub(crate) slowest_bpm: f64,
    pub(crate) target_hz: f64,
    /// Where the rate starts when no brain rhythm was measured.
    pub(crate) start_hz: f64,
    /// Part of the track after which the target is reached.
    pub(crate) glide_part: f64,
    pub(crate) depth: f64,
    pub(crate) noise: NoiseColour,
    /// Levels relative to the pads, dB.
    pub(crate) noise_db: f64,
    pub(crate) bass_db: f64,
    pub(crate) bell_db: f64,
    /// Fall of the pads' harmonics, as exponent of the harmonic number.
    pub(crate) pad_rolloff: f64,
    /// Lowest and highest pad note.
    pub(crate) pad_range: (u8, u8),
    pub(crate) chord_beats: u32,
    pub(crate) major: &'static [usize],
    pub(crate) minor: &'static [usize],
    /// Chance of a melody note on a beat.
    pub(crate) melody_density: f64,
    /// Plucked broken chords and a soft pulse on the beats.
    pub(crate) driving: bool,
}

const C_MAJOR: MusicKey = MusicKey { tonic: 0, scale: Scale::Major };
const D_MAJOR: MusicKey = MusicKey { tonic: 2, scale: Scale::Major };
const A_MINOR: MusicKey = MusicKey { tonic: 9, scale: Scale::Minor };
const F_MAJOR: MusicKey = MusicKey { tonic: 5, scale: Scale::Major };

impl Mode {
    /// Progressions are scale degrees counted from 0: `[0, 5, 3, 4]` is I vi IV V.
    pub(crate) const fn style(self) -> ModeStyle {
        let base = ModeStyle {
            default_key: C_MAJOR,
            default_tempo_bpm: 60.0,
            slowest_bpm: 50.0,
            target_hz: 10.0,
            start_hz: 10.0,
            glide_part: 0.5,
            depth: 0.5,
            noise: NoiseColour::Pink,
            noise_db: -14.0,
            bass_db: -3.0,
            bell_db: -5.0,
            pad_rolloff: 1.5,
            pad_range: (52, 76),
            chord_beats: 8,
            major: &[0, 5, 3, 4],
            minor: &[0, 5, 3, 4],
            melody_density: 0.35,
            driving: false,
        };
        match self {
            Self::Relax => base,
            Self::Focus => ModeStyle {
                default_key: D_MAJOR,
                default_tempo_bpm: 80.0,
                slowest_bpm: 60.0,
                target_hz: 16.0,
                start_hz: 12.0,
                glide_part: 0.2,
                noise_db: -12.0,
                bell_db: -11.0,
                chord_beats: 16,
                major: &[0, 3, 0, 1],
                minor: &[0, 3, 0, 5],
                melody_density: 0.15,
                driving: true,
                ..base
            },
            Self::Sleep => ModeStyle {
                default_key: F_MAJOR,
                default_tempo_bpm: 50.0,
                slowest_bpm: 40.0,
                target_hz: 2.5,
                start_hz: 8.0,
                glide_part: 0.6,
                noise: NoiseColour::Brown,
                noise_db: -8.0,
                bass_db: -4.0,
                bell_db: -12.0,
                pad_rolloff: 1.9,
                pad_range: (48, 69),
                chord_beats: 16,
                major: &[0, 3],
                minor: &[0, 3],
                melody_density: 0.08,
                ..base
            },
            Self::Motivation => ModeStyle {
                default_key: D_MAJOR,
                default_tempo_bpm: 110.0,
                slowest_bpm: 80.0,
                target_hz: 20.0,
                start_hz: 14.0,
                glide_part: 0.2,
                noise: NoiseColour::White,
                noise_db: -26.0,
                bass_db: -2.0,
                bell_db: -4.0,
                pad_rolloff: 1.3,
                pad_range: (52, 77),
                major: &[0, 4, 5, 3],
                minor: &[0, 5, 6, 0],
                melody_density: 0.5,
                driving: true,
                ..base
            },
            Self::Creativity => ModeStyle {
                default_key: A_MINOR,
                default_tempo_bpm: 76.0,
                slowest_bpm: 60.0,
                target_hz: 7.0,
                start_hz: 10.0,
                noise_db: -17.0,
                bell_db: -3.0,
                major: &[0, 2, 5, 3],
                minor: &[0, 2, 5, 0],
                melody_density: 0.45,
                ..base
            },
            Self::Recovery => ModeStyle {
                default_key: F_MAJOR,
                default_tempo_bpm: 56.0,
                slowest_bpm: 45.0,
                target_hz: 4.0,
                start_hz: 8.0,
                glide_part: 0.7,
                noise_db: -12.0,
                bell_db: -7.0,
                pad_rolloff: 1.7,
                pad_range: (50, 72),
                major: &[0, 1, 3, 0],
                minor: &[0, 3, 6, 0],
                melody_density: 0.25,
                ..base
            },
        }
    }
}

impl Brief {
    /// The brief of a mode, moved as far as the measurements allow.
    ///
    /// * Key: the measured one, else the mode's.
    /// * Tempo: the measured one, halved or doubled into the mode's range (relax 50..100, focus
    ///   60..120, sleep 40..80, motivation 80..160, creativity 60..120, recovery 45..90), else the
    ///   mode's.
    /// * Rate: starts at the measured dominant rhythm (else the alpha peak, else the mode's start)
    ///   and glides to the mode's target at no more than [`MAX_GLIDE_HZ_PER_S`]; on a track too
    ///   short for that it ends on the way. Relax aims at the individual alpha peak itself.
    ///
    /// What was not measured is marked [`Origin::NotMeasured`].
    ///
    /// ```
    /// use clx_music::brief::{Brief, MeasuredBrain, Mode, Stimulus};
    /// let brain = MeasuredBrain { alpha_peak_hz: Some(10.2), dominant_hz: None };
    /// let brief = Brief::preset(Mode::Relax, None, Some(brain), 600.0, Stimulus::Am, 1);
    /// assert_eq!(brief.schedule.last().map(|p| p.rate_hz), Some(10.2));
    /// ```
    pub fn preset(
        mode: Mode,
        music: Option<MeasuredMusic>,
        brain: Option<MeasuredBrain>,
        duration_s: f64,
        stimulus: Stimulus,
        seed: u64,
    ) -> Self {
        let style = mode.style();
        let key = music.and_then(|m| m.key);
        let tempo = music.and_then(|m| m.tempo_bpm).filter(|t| t.is_finite() && *t > 0.0);
        let (start_hz, target_hz, rate) = rates(mode, brain);
        let origin = |measured: bool| if measured { Origin::Measured } else { Origin::NotMeasured };
        Self {
            mode,
            stimulus,
            key: key.unwrap_or(style.default_key),
            tempo_bpm: tempo.map_or(style.default_tempo_bpm, |t| fold_tempo(t, style.slowest_bpm)),
            duration_s,
            schedule: glide(start_hz, target_hz, &style, duration_s),
            level_lufs: LEVEL_LUFS,
            seed,
            origin: Origins { key: origin(key.is_some()), tempo: origin(tempo.is_some()), rate },
            music,
            brain,
        }
    }
}

/// Start and target of the modulation.
fn rates(mode: Mode, brain: Option<MeasuredBrain>) -> (f64, f64, Origin) {
    let style = mode.style();
    let usable = |hz: &f64| (RATE_HZ.0..=RATE_HZ.1).contains(hz);
    let alpha = brain.and_then(|b| b.alpha_peak_hz).filter(|hz| ALPHA_PEAK_HZ.contains(hz));
    let dominant = brain.and_then(|b| b.dominant_hz).filter(usable);
    let target_hz = match (mode, alpha) {
        (Mode::Relax, Some(peak_hz)) => peak_hz,
        _ => style.target_hz,
    };
    match dominant.or(alpha) {
        Some(start_hz) => (start_hz, target_hz, Origin::Measured),
        None => (style.start_hz, target_hz, Origin::NotMeasured),
    }
}

/// Multiplies by powers of two into `slowest .. 2 × slowest`.
pub(crate) fn fold_tempo(mut tempo_bpm: f64, slowest_bpm: f64) -> f64 {
    while tempo_bpm < slowest_bpm {
        tempo_bpm *= 2.0;
    }
    while tempo_bpm >= 2.0 * slowest_bpm {
        tempo_bpm /= 2.0;
    }
    tempo_bpm
}

/// Breakpoints: depth rises first, the rate glides, both then stay.
fn glide(start_hz: f64, target_hz: f64, style: &ModeStyle, duration_s: f64) -> Vec<Breakpoint> {
    let rise_s = DEPTH_RISE_S.min(duration_s / 10.0);
    let wanted_s = (duration_s * style.glide_part).max(rise_s);
    let change_hz = target_hz - start_hz;
    let glide_s = wanted_s.max(change_hz.abs() / MAX_GLIDE_HZ_PER_S);
    let rate_at = |at_s: f64| start_hz + change_hz * (at_s / glide_s).min(1.0);
    let depth = style.depth;
    let mut points = vec![
        Breakpoint { at_s: 0.0, rate_hz: start_hz, depth: 0.0 },
        Breakpoint { at_s: rise_s, rate_hz: rate_at(rise_s), depth },
    ];
    let end_s = glide_s.min(duration_s);
    if change_hz != 0.0 && end_s > rise_s {
        points.push(Breakpoint { at_s: end_s, rate_hz: rate_at(end_s), depth });
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tempo_is_folded_by_octaves_only() {
        // 129.5 BPM of a dance track becomes 64.75 for sleep (40..80) and stays for motivation.
        assert_eq!(fold_tempo(129.5, 40.0), 64.75);
        assert_eq!(fold_tempo(129.5, 80.0), 129.5);
        assert_eq!(fold_tempo(30.0, 60.0), 60.0);
    }

    #[test]
    fn every_preset_is_valid_and_never_glides_faster_than_allowed() {
        let brains = [
            None,
            Some(MeasuredBrain { alpha_peak_hz: Some(9.1), dominant_hz: Some(21.0) }),
            Some(MeasuredBrain { alpha_peak_hz: Some(99.0), dominant_hz: Some(f64::NAN) }),
        ];
        for mode in Mode::ALL {
            for brain in brains {
                for duration_s in [10.0, 60.0, 10_800.0] {
                    let brief = Brief::preset(mode, None, brain, duration_s, Stimulus::Am, 3);
                    brief.validate().unwrap();
                    for w in brief.schedule.windows(2) {
                        let slope = (w[1].rate_hz - w[0].rate_hz) / (w[1].at_s - w[0].at_s);
                        assert!(slope.abs() <= MAX_GLIDE_HZ_PER_S + 1e-12, "{mode:?} {slope}");
                    }
                }
            }
        }
    }

    #[test]
    fn unmeasured_rates_are_the_conventions() {
        for (mode, hz) in [
            (Mode::Relax, 10.0),
            (Mode::Focus, 16.0),
            (Mode::Sleep, 2.5),
            (Mode::Creativity, 7.0),
            (Mode::Motivation, 20.0),
            (Mode::Recovery, 4.0),
        ] {
            let brief = Brief::preset(mode, None, None, 3600.0, Stimulus::Am, 3);
            assert_eq!(brief.schedule.last().unwrap().rate_hz, hz);
            assert_eq!(brief.origin.rate, Origin::NotMeasured);
        }
    }
}
