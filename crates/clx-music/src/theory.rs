//! Scales, chords and voice leading.

use crate::brief::{MusicKey, Scale};

const NAMES: [&str; 12] = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"];

/// `2^(n/12)`, n = 0..12.
const SEMITONES: [f64; 12] = [
    1.0,
    1.059_463_094_359_295_3,
    1.122_462_048_309_373,
    1.189_207_115_002_721,
    1.259_921_049_894_873_2,
    1.334_839_854_170_034_4,
    std::f64::consts::SQRT_2,
    1.498_307_076_876_681_5,
    1.587_401_051_968_199_4,
    1.681_792_830_507_429,
    1.781_797_436_280_678_5,
    1.887_748_625_363_386_8,
];

/// Frequency of a MIDI note in equal temperament, A4 = note 69 = 440 Hz.
pub fn note_hz(midi: u8) -> f64 {
    // Counted from the A at note -3, 6.875 Hz.
    let above = usize::from(midi) + 3;
    let octave = f64::from(1_u32 << (above / 12));
    6.875 * octave * SEMITONES[above % 12]
}

impl Scale {
    /// Semitones above the tonic: major, and natural minor.
    pub const fn steps(self) -> [u8; 7] {
        match self {
            Self::Major => [0, 2, 4, 5, 7, 9, 11],
            Self::Minor => [0, 2, 3, 5, 7, 8, 10],
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::Minor => "minor",
        }
    }
}

impl MusicKey {
    /// Pitch class (0 = C) of a scale degree; degrees count on beyond the octave.
    pub fn pitch_class(self, degree: usize) -> u8 {
        (self.tonic + self.scale.steps()[degree % 7]) % 12
    }

    /// Whether a note belongs to the scale.
    pub fn contains(self, midi: u8) -> bool {
        (0..7).any(|degree| self.pitch_class(degree) == midi % 12)
    }
}

impl std::fmt::Display for MusicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", NAMES[usize::from(self.tonic % 12)], self.scale.name())
    }
}

/// The tone added to a triad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    Seventh,
    Ninth,
}

/// Pitch classes of the chord on `degree`: root, third, fifth and the added tone, all in the key.
pub(crate) fn chord_classes(key: MusicKey, degree: usize, colour: Colour) -> [u8; 4] {
    let added = match colour {
        Colour::Seventh => 6,
        Colour::Ninth => 8,
    };
    [0, 2, 4, added].map(|step| key.pitch_class(degree + step))
}

/// A minor second between neighbouring voices costs as much as an octave of movement.
const SEMITONE_COST: f64 = 12.0;

/// Name of the chord on `degree`, such as `Am7` or `Fadd9`.
pub(crate) fn chord_symbol(key: MusicKey, degree: usize, colour: Colour) -> String {
    let classes = chord_classes(key, degree, colour);
    let above = |i: usize| (classes[i] + 12 - classes[0]) % 12;
    let root = NAMES[usize::from(classes[0])];
    let triad = match (above(1), above(2)) {
        (4, 7) => "",
        (3, 7) => "m",
        (3, 6) => "dim",
        _ => "aug",
    };
    let added = match (colour, above(3)) {
        (Colour::Seventh, 11) => "maj7",
        (Colour::Seventh, _) => "7",
        (Colour::Ninth, 1) => "addb9",
        (Colour::Ninth, _) => "add9",
    };
    format!("{root}{triad}{added}")
}

/// Places four pitch classes inside `low..=high`, nearest to the voices before.
///
/// Voices are ascending. A minor second inside a chord is avoided where the range allows it: a minor
/// triad with a ninth has only one place for it in a narrow range. Without a predecessor the voicing nearest to an even spread is taken.
pub(crate) fn lead_voices(classes: [u8; 4], before: Option<[u8; 4]>, low: u8, high: u8) -> [u8; 4] {
    let width = f64::from(high - low) / 5.0;
    let target = before.map_or_else(
        || [1.0, 2.0, 3.0, 4.0].map(|i| f64::from(low) + width * i),
        |voices| voices.map(f64::from),
    );
    let places: Vec<Vec<u8>> =
        classes.iter().map(|&c| (low..=high).filter(|n| n % 12 == c).collect()).collect();
    let mut best = (f64::INFINITY, [low; 4]);
    for &a in &places[0] {
        for &b in &places[1] {
            for &c in &places[2] {
                for &d in &places[3] {
                    let mut voices = [a, b, c, d];
                    voices.sort_unstable();
                    let close = voices.windows(2).filter(|w| w[1] - w[0] < 2).count();
                    let cost = movement(voices, target) + SEMITONE_COST * close as f64;
                    if cost < best.0 {
                        best = (cost, voices);
                    }
                }
            }
        }
    }
    best.1
}

fn movement(voices: [u8; 4], target: [f64; 4]) -> f64 {
    voices.iter().zip(target).map(|(&v, t)| (f64::from(v) - t).abs()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const A_MINOR: MusicKey = MusicKey { tonic: 9, scale: Scale::Minor };

    #[test]
    fn notes_have_the_frequencies_of_equal_temperament() {
        for (midi, hz) in [(69, 440.0), (57, 220.0), (60, 261.625_565), (21, 27.5)] {
            assert!((note_hz(midi) - hz).abs() < 1e-5, "{midi}: {}", note_hz(midi));
        }
    }

    #[test]
    fn chords_of_a_minor_are_named_as_in_a_harmony_book() {
        let symbols: Vec<String> =
            (0..7).map(|d| chord_symbol(A_MINOR, d, Colour::Seventh)).collect();
        assert_eq!(symbols, ["Am7", "Bdim7", "Cmaj7", "Dm7", "Em7", "Fmaj7", "G7"]);
    }

    #[test]
    fn common_tones_stay_where_they_are() {
        // Am7 = A C E G and Cadd… = C E G B share three tones; only the A moves.
        let first = lead_voices(chord_classes(A_MINOR, 0, Colour::Seventh), None, 50, 74);
        let next = lead_voices(chord_classes(A_MINOR, 2, Colour::Seventh), Some(first), 50, 74);
        let kept = next.iter().filter(|n| first.contains(n)).count();
        assert_eq!(kept, 3, "{first:?} {next:?}");
    }
}
