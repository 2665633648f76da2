//! From a brief to a score.

mod melody;

use schemars::JsonSchema;
use serde::Serialize;

use crate::brief::{Brief, MusicKey, Origin, Scale, Stimulus};
use crate::evidence::Evidence;
use crate::preset::{ModeStyle, NoiseColour};
use crate::random::Random;
use crate::theory::{Colour, chord_classes, chord_symbol, lead_voices, note_hz};
use crate::{MusicError, Schedule};

/// Lowest note of the bass octave: C2 (65.4 Hz), which small loudspeakers still hint at.
const BASS_LOW: u8 = 36;
/// Lowest carrier: G#3 (207.7 Hz); twelve notes up stays within the 200..900 Hz of the literature.
const CARRIER_LOW: u8 = 56;
/// Different phrases that the passes through the chord loop choose from.
const N_PHRASES: usize = 6;

/// One chord of the loop.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Chord {
    pub symbol: String,
    /// Scale degree of the root, 0..=6.
    pub degree: usize,
    pub start_beat: u32,
    pub beats: u32,
    /// MIDI notes of the pad voices, ascending.
    pub pad: [u8; 4],
    /// MIDI note of the bass.
    pub bass: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Instrument {
    Bell,
    Pluck,
    /// A soft low pulse on the beat.
    Pulse,
}

/// One struck note, timed inside the chord loop.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Note {
    pub instrument: Instrument,
    pub start_beat: f64,
    pub midi: u8,
    /// Linear gain, 0..=1.
    pub velocity: f64,
}

/// The tone that carries a monaural, isochronic or binaural stimulus.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Carrier {
    pub midi: u8,
    pub hz: f64,
}

/// A decision and what caused it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Citation {
    /// `key`, `tempo`, `rate`, `chords`, `texture`, `stimulus`, `loudness`.
    pub decision: &'static str,
    pub choice: String,
    pub because: String,
    pub origin: Origin,
}

/// The score of a track: everything the renderer plays.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Composition {
    pub title: String,
    pub brief: Brief,
    pub loop_beats: u32,
    pub chords: Vec<Chord>,
    pub noise: NoiseColour,
    pub carrier: Option<Carrier>,
    pub phrases: Vec<Vec<Note>>,
    /// Phrase of each pass through the chord loop.
    pub arrangement: Vec<usize>,
}

/// Writes the score of a brief: same brief, same score.
///
/// The chords are a loop diatonic in the key (progression by mode, colour tones by seed), led
/// voice by voice; above it lies a sparse melody on the beat grid of the tempo.
///
/// # Errors
/// [`MusicError::Brief`] if the brief is outside its limits.
///
/// ```
/// use clx_music::brief::{Brief, Mode, Stimulus};
/// let brief = Brief::preset(Mode::Sleep, None, None, 60.0, Stimulus::Am, 1);
/// let score = clx_music::compose(&brief)?;
/// assert!(score.chords.iter().all(|c| c.pad.iter().all(|&note| brief.key.contains(note))));
/// # Ok::<(), clx_music::MusicError>(())
/// ```
pub fn compose(brief: &Brief) -> Result<Composition, MusicError> {
    brief.validate()?;
    let style = brief.mode.style();
    let chords = write_chords(brief, &style);
    let loop_beats = chords.iter().map(|c| c.beats).sum();
    let phrases: Vec<Vec<Note>> =
        (0..N_PHRASES).map(|i| melody::write_phrase(brief, &style, &chords, i as u64)).collect();
    let carrier = match brief.stimulus {
        Stimulus::Am | Stimulus::Sham => None,
        Stimulus::Monaural | Stimulus::Isochronic | Stimulus::Binaural => {
            let midi = note_at_or_above(brief.key.tonic, CARRIER_LOW);
            Some(Carrier { midi, hz: note_hz(midi) })
        }
    };
    Ok(Composition {
        title: title(brief),
        brief: brief.clone(),
        loop_beats,
        arrangement: arrange(brief, loop_beats),
        chords,
        noise: style.noise,
        carrier,
        phrases,
    })
}

fn title(brief: &Brief) -> String {
    let mode = brief.mode.name();
    let (first, rest) = mode.split_at(1);
    format!("{}{rest} in {}, {:.0} BPM", first.to_uppercase(), brief.key, brief.tempo_bpm)
}

fn write_chords(brief: &Brief, style: &ModeStyle) -> Vec<Chord> {
    let degrees = match brief.key.scale {
        Scale::Major => style.major,
        Scale::Minor => style.minor,
    };
    let (low, high) = style.pad_range;
    let mut random = Random::new(brief.seed, 1);
    let mut before = None;
    let mut chords = Vec::with_capacity(degrees.len());
    for (i, &degree) in degrees.iter().enumerate() {
        let colour = choose_colour(brief.key, degree, &mut random);
        let pad = lead_voices(chord_classes(brief.key, degree, colour), before, low, high);
        before = Some(pad);
        chords.push(Chord {
            symbol: chord_symbol(brief.key, degree, colour),
            degree,
            start_beat: i as u32 * style.chord_beats,
            beats: style.chord_beats,
            pad,
            bass: note_at_or_above(brief.key.pitch_class(degree), BASS_LOW),
        });
    }
    chords
}

/// A ninth where it is a whole tone above the root (on the tonic always), else a seventh.
fn choose_colour(key: MusicKey, degree: usize, random: &mut Random) -> Colour {
    let whole_tone = (key.pitch_class(degree + 1) + 12 - key.pitch_class(degree)) % 12 == 2;
    let wants_ninth = random.chance(0.5);
    if whole_tone && (degree == 0 || wants_ninth) { Colour::Ninth } else { Colour::Seventh }
}

/// The note of a pitch class in the octave that begins at `low`.
fn note_at_or_above(class: u8, low: u8) -> u8 {
    low + (class + 12 - low % 12) % 12
}

/// Which phrase sounds in which pass; never the same twice in a row.
fn arrange(brief: &Brief, loop_beats: u32) -> Vec<usize> {
    let loop_s = f64::from(loop_beats) * 60.0 / brief.tempo_bpm;
    let n_passes = (brief.duration_s / loop_s).ceil() as usize;
    let mut random = Random::new(brief.seed, 2);
    let mut last = 0;
    (0..n_passes)
        .map(|_| {
            last = (last + 1 + random.below(N_PHRASES - 1)) % N_PHRASES;
            last
        })
        .collect()
}

impl Composition {
    /// The evidence note of the track's stimulus.
    pub fn evidence(&self) -> Evidence {
        Evidence::of(&self.brief)
    }

    pub fn schedule(&self) -> Schedule {
        Schedule::new(&self.brief.schedule)
    }

    /// Length of one pass through the chord loop, in seconds.
    pub fn loop_s(&self) -> f64 {
        f64::from(self.loop_beats) * self.beat_s()
    }

    pub fn beat_s(&self) -> f64 {
        60.0 / self.brief.tempo_bpm
    }
}
