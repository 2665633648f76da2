//! What a BrainSync track is asked to be.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::MusicError;

/// The state a track leads towards. A convention of the field, not a proven effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    Relax,
    Focus,
    Sleep,
    Motivation,
    Creativity,
    Recovery,
}

/// How the target rate is put into the sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stimulus {
    /// Amplitude modulation of pads and noise; works on loudspeakers.
    #[default]
    Am,
    /// Two tones summed in both ears.
    Monaural,
    /// Gated tone pulses.
    Isochronic,
    /// One tone per ear; needs headphones.
    Binaural,
    /// The same sound without modulation, for blind self-tests.
    Sham,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    Major,
    Minor,
}

/// A musical key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MusicKey {
    /// Semitones above C, 0..=11.
    pub tonic: u8,
    pub scale: Scale,
}

/// One point of the modulation schedule; rates between points are interpolated linearly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Breakpoint {
    pub at_s: f64,
    pub rate_hz: f64,
    /// Modulation depth, 0..=1.
    pub depth: f64,
}

/// Everything that decides the track. The same brief gives the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Brief {
    pub mode: Mode,
    pub stimulus: Stimulus,
    pub key: MusicKey,
    /// Beats per minute, 40..=180.
    pub tempo_bpm: f64,
    /// Seconds, 10..=10800.
    pub duration_s: f64,
    /// Schedule of the modulation, at least one point, times ascending.
    pub schedule: Vec<Breakpoint>,
    /// Integrated loudness of the result, LUFS, -23..=-18.
    pub level_lufs: f64,
    pub seed: u64,
    /// Where key, tempo and rate came from.
    #[serde(default)]
    pub origin: Origins,
    /// What was measured, for the citations.
    #[serde(default)]
    pub music: Option<MeasuredMusic>,
    #[serde(default)]
    pub brain: Option<MeasuredBrain>,
}

/// Where a decision came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Measured in the listener's own recording.
    Measured,
    /// Written into the brief by whoever asked for the track.
    #[default]
    Asked,
    /// Nothing was measured and nothing was asked: the documented value of the mode.
    NotMeasured,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Origins {
    #[serde(default)]
    pub key: Origin,
    #[serde(default)]
    pub tempo: Origin,
    #[serde(default)]
    pub rate: Origin,
}

/// Features of a piece of music that a track can follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MeasuredMusic {
    #[serde(default)]
    pub key: Option<MusicKey>,
    #[serde(default)]
    pub tempo_bpm: Option<f64>,
}

/// Features of an EEG that a track can follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MeasuredBrain {
    /// Individual alpha peak.
    #[serde(default)]
    pub alpha_peak_hz: Option<f64>,
    /// Middle of the band with the most power above the aperiodic part.
    #[serde(default)]
    pub dominant_hz: Option<f64>,
}

impl Mode {
    pub const ALL: [Self; 6] =
        [Self::Relax, Self::Focus, Self::Sleep, Self::Motivation, Self::Creativity, Self::Recovery];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Relax => "relax",
            Self::Focus => "focus",
            Self::Sleep => "sleep",
            Self::Motivation => "motivation",
            Self::Creativity => "creativity",
            Self::Recovery => "recovery",
        }
    }
}

impl Stimulus {
    pub const ALL: [Self; 5] =
        [Self::Am, Self::Monaural, Self::Isochronic, Self::Binaural, Self::Sham];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Am => "am",
            Self::Monaural => "monaural",
            Self::Isochronic => "isochronic",
            Self::Binaural => "binaural",
            Self::Sham => "sham",
        }
    }
}

/// Limits of a brief, both ends included.
pub const DURATION_S: (f64, f64) = (10.0, 10_800.0);
pub const TEMPO_BPM: (f64, f64) = (40.0, 180.0);
pub const LEVEL_LUFS: (f64, f64) = (-23.0, -18.0);
pub const RATE_HZ: (f64, f64) = (0.5, 40.0);
const MAX_BREAKPOINTS: usize = 10_000;

impl Brief {
    /// # Errors
    /// [`MusicError::Brief`] naming the first field outside its limits.
    pub fn validate(&self) -> Result<(), MusicError> {
        in_range("duration_s", "10..=10800 seconds", self.duration_s, DURATION_S)?;
        in_range("tempo_bpm", "40..=180 beats per minute", self.tempo_bpm, TEMPO_BPM)?;
        in_range("level_lufs", "-23..=-18 LUFS", self.level_lufs, LEVEL_LUFS)?;
        in_range("key.tonic", "0..=11 semitones above C", f64::from(self.key.tonic), (0.0, 11.0))?;
        self.validate_schedule()
    }

    fn validate_schedule(&self) -> Result<(), MusicError> {
        let n = self.schedule.len();
        if !(1..=MAX_BREAKPOINTS).contains(&n) {
            return Err(refuse("schedule", "1 to 10000 breakpoints", format!("{n}")));
        }
        for point in &self.schedule {
            in_range("schedule.rate_hz", "0.5..=40 Hz", point.rate_hz, RATE_HZ)?;
            in_range("schedule.depth", "0..=1", point.depth, (0.0, 1.0))?;
            in_range("schedule.at_s", "0..=10800 seconds", point.at_s, (0.0, DURATION_S.1))?;
        }
        if let Some(pair) = self.schedule.windows(2).find(|w| w[1].at_s <= w[0].at_s) {
            let got = format!("{} s after {} s", pair[1].at_s, pair[0].at_s);
            return Err(refuse("schedule.at_s", "ascending", got));
        }
        Ok(())
    }
}

fn in_range(
    field: &'static str,
    expected: &'static str,
    got: f64,
    (low, high): (f64, f64),
) -> Result<(), MusicError> {
    // NaN is in no range.
    if (low..=high).contains(&got) { Ok(()) } else { Err(refuse(field, expected, got.to_string())) }
}

fn refuse(field: &'static str, expected: &'static str, got: String) -> MusicError {
    MusicError::Brief { field, expected, got }
}
