//! The sparse upper line, the broken chords and the pulse.

use super::{Chord, Instrument, Note};
use crate::brief::{Brief, Mode, Scale};
use crate::preset::ModeStyle;
use crate::random::Random;

/// Range of the bells: E4 to D6.
const BELL_LOW: u8 = 64;
const BELL_HIGH: u8 = 86;
/// Range of the plucked notes: G3 to G5.
const PLUCK_LOW: u8 = 55;
const PLUCK_HIGH: u8 = 79;
/// Note of the pulse: it has no pitch that matters, the tonic's octave keeps it in tune.
const PULSE_LOW: u8 = 36;

/// One pass through the chord loop.
pub(super) fn write_phrase(
    brief: &Brief,
    style: &ModeStyle,
    chords: &[Chord],
    number: u64,
) -> Vec<Note> {
    let mut random = Random::new(brief.seed, 100 + number);
    let mut notes = Vec::new();
    write_bells(brief, style, chords, &mut random, &mut notes);
    if style.driving {
        write_broken_chords(brief.mode, chords, &mut random, &mut notes);
        write_pulse(brief, chords, &mut notes);
    }
    notes.sort_by(|a, b| a.start_beat.total_cmp(&b.start_beat));
    notes
}

/// Degrees without semitone steps between them: nothing in them can clash with the chords for long.
fn pentatonic(scale: Scale) -> [usize; 5] {
    match scale {
        Scale::Major => [0, 1, 2, 4, 5],
        Scale::Minor => [0, 2, 3, 4, 6],
    }
}

fn write_bells(
    brief: &Brief,
    style: &ModeStyle,
    chords: &[Chord],
    random: &mut Random,
    notes: &mut Vec<Note>,
) {
    let classes = pentatonic(brief.key.scale).map(|degree| brief.key.pitch_class(degree));
    let ladder: Vec<u8> =
        (BELL_LOW..=BELL_HIGH).filter(|note| classes.contains(&(note % 12))).collect();
    let mut at = ladder.len() / 2;
    for chord in chords {
        for beat in 0..chord.beats {
            // Strong beats are twice as likely to carry a note as the ones between.
            let weight = if beat % 4 == 0 { 1.3 } else { 0.65 };
            if !random.chance(style.melody_density * weight) {
                continue;
            }
            at = step(at, ladder.len(), random);
            if beat % 4 == 0 {
                at = nearest_chord_tone(&ladder, at, chord);
            }
            let late = if random.chance(0.2) { 0.5 } else { 0.0 };
            notes.push(Note {
                instrument: Instrument::Bell,
                start_beat: f64::from(chord.start_beat + beat) + late,
                midi: ladder[at],
                velocity: 0.45 + 0.4 * random.uniform(),
            });
        }
    }
}

/// A step of one or two rungs, turning back at the ends.
fn step(at: usize, n: usize, random: &mut Random) -> usize {
    let size = 1 + usize::from(random.chance(0.3));
    let up = random.chance(0.5);
    let fits_up = at + size < n;
    let fits_down = at >= size;
    if (up && fits_up) || !fits_down { (at + size).min(n - 1) } else { at - size }
}

fn nearest_chord_tone(ladder: &[u8], at: usize, chord: &Chord) -> usize {
    let is_tone = |i: &usize| chord.pad[..].iter().any(|p| p % 12 == ladder[*i] % 12);
    (0..ladder.len()).filter(is_tone).min_by_key(|i| i.abs_diff(at)).unwrap_or(at)
}

/// Chord tones up and down in half beats.
fn write_broken_chords(mode: Mode, chords: &[Chord], random: &mut Random, notes: &mut Vec<Note>) {
    const PATTERNS: [[usize; 8]; 3] =
        [[0, 1, 2, 3, 4, 3, 2, 1], [0, 2, 1, 3, 2, 4, 3, 1], [0, 3, 2, 4, 1, 3, 2, 3]];
    let pattern = PATTERNS[random.below(PATTERNS.len())];
    let per_beat = if mode == Mode::Motivation { 2 } else { 1 };
    for chord in chords {
        let tones: Vec<u8> = (PLUCK_LOW..=PLUCK_HIGH)
            .filter(|note| chord.pad.iter().any(|p| p % 12 == note % 12))
            .collect();
        let base = tones.len().saturating_sub(5) / 2;
        for i in 0..chord.beats * per_beat {
            let rung = base + pattern[i as usize % pattern.len()];
            let accent = if i % (4 * per_beat) == 0 { 0.25 } else { 0.0 };
            notes.push(Note {
                instrument: Instrument::Pluck,
                start_beat: f64::from(chord.start_beat) + f64::from(i) / f64::from(per_beat),
                midi: tones[rung.min(tones.len() - 1)],
                velocity: 0.5 + accent + 0.1 * random.uniform(),
            });
        }
    }
}

fn write_pulse(brief: &Brief, chords: &[Chord], notes: &mut Vec<Note>) {
    let midi = super::note_at_or_above(brief.key.tonic, PULSE_LOW);
    let (every, velocity) = if brief.mode == Mode::Motivation { (1, 0.9) } else { (2, 0.4) };
    for chord in chords {
        for beat in (0..chord.beats).step_by(every) {
            let accent = if beat % 4 == 0 { 1.0 } else { 0.75 };
            notes.push(Note {
                instrument: Instrument::Pulse,
                start_beat: f64::from(chord.start_beat + beat),
                midi,
                velocity: velocity * accent,
            });
        }
    }
}
