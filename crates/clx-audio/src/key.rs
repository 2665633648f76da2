//! Key and mode by correlation of the chroma with key profiles.

use crate::chroma::Chroma;
use crate::overview::{Key, Mode};

const NAMES: [&str; 12] = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];

/// Profiles of the major and the minor mode, tonic first.
type Profiles = [[f64; 12]; 2];

// Krumhansl & Kessler 1982, Psychological Review 89:334-368 (probe-tone ratings).
const KRUMHANSL: Profiles = [
    [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
    [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
];
// Temperley 2007, Music and Probability (Kostka-Payne corpus).
const TEMPERLEY: Profiles = [
    [0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400],
    [0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330],
];
// Albrecht & Shanahan 2013, Music Perception 31(1):59-67 (490 and 250 pieces).
const ALBRECHT: Profiles = [
    [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081],
    [0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052],
];

/// Standard deviation over mean of the chroma below which no class stands out.
const MIN_CONTRAST: f64 = 0.12;
/// Fewest pitch classes that make a key, and the share of the chroma that counts as sounding. A single
/// tone or an interval belongs to many keys.
const MIN_CLASSES: usize = 3;
const MIN_SHARE: f64 = 0.02;
/// Correlation below which no key fits; twelve random values reach about 0.6 with some key.
const MIN_STRENGTH: f64 = 0.5;
/// Peaks of noise do not agree on a tuning.
const MIN_AGREEMENT: f64 = 0.05;

/// The key, or `None` when the sound has no stable pitch content.
///
/// `strength` is the mean Pearson correlation over the three profile sets, `margin` the distance
/// to the second best of the 24 keys. Relative and parallel keys share most tones: a margin below
/// 0.05 means that the choice between two of them is open.
pub(crate) fn estimate(chroma: &Chroma) -> Option<Key> {
    let (mean, sd) = moments(&chroma.classes);
    let stable = mean > 0.0 && sd / mean >= MIN_CONTRAST && chroma.agreement >= MIN_AGREEMENT;
    let sounding = chroma.classes.iter().filter(|share| **share >= MIN_SHARE).count();
    if chroma.n_frames < 4 || !stable || sounding < MIN_CLASSES {
        return None;
    }
    let mut keys: Vec<(f64, usize, Mode)> = (0..12)
        .flat_map(|tonic| [(tonic, Mode::Major), (tonic, Mode::Minor)])
        .map(|(tonic, mode)| (fit(&chroma.classes, tonic, mode), tonic, mode))
        .collect();
    keys.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (strength, tonic, mode) = keys[0];
    (strength >= MIN_STRENGTH).then(|| Key {
        tonic: NAMES[tonic].to_owned(),
        mode,
        strength,
        margin: strength - keys[1].0,
        tuning_cents: chroma.tuning_cents,
        chroma: chroma.classes,
    })
}

fn fit(chroma: &[f64; 12], tonic: usize, mode: Mode) -> f64 {
    let sum: f64 = [&KRUMHANSL, &TEMPERLEY, &ALBRECHT]
        .iter()
        .map(|set| {
            let profile = &set[usize::from(mode == Mode::Minor)];
            let rotated: [f64; 12] = std::array::from_fn(|i| chroma[(i + tonic) % 12]);
            correlation(&rotated, profile)
        })
        .sum();
    sum / 3.0
}

fn correlation(x: &[f64; 12], y: &[f64; 12]) -> f64 {
    let ((mx, sx), (my, sy)) = (moments(x), moments(y));
    if sx == 0.0 || sy == 0.0 {
        return 0.0;
    }
    x.iter().zip(y).map(|(a, b)| (a - mx) * (b - my)).sum::<f64>() / (12.0 * sx * sy)
}

fn moments(x: &[f64; 12]) -> (f64, f64) {
    let mean = x.iter().sum::<f64>() / 12.0;
    let variance = x.iter().map(|a| (a - mean).powi(2)).sum::<f64>() / 12.0;
    (mean, variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chroma(classes: [f64; 12]) -> Chroma {
        let sum: f64 = classes.iter().sum();
        Chroma {
            classes: classes.map(|c| c / sum),
            tuning_cents: 0.0,
            agreement: 1.0,
            n_frames: 100,
        }
    }

    #[test]
    fn each_profile_is_recognised_as_itself_in_all_24_keys() {
        for set in [KRUMHANSL, TEMPERLEY, ALBRECHT] {
            for tonic in 0..12 {
                for (profile, mode) in set.iter().zip([Mode::Major, Mode::Minor]) {
                    let rotated = std::array::from_fn(|i| profile[(i + 12 - tonic) % 12]);
                    let key = estimate(&chroma(rotated)).unwrap();
                    assert_eq!((key.tonic.as_str(), key.mode), (NAMES[tonic], mode));
                    assert!(key.strength > 0.9 && key.margin > 0.0);
                }
            }
        }
    }

    #[test]
    fn even_chroma_has_no_key() {
        assert!(estimate(&chroma([1.0; 12])).is_none());
    }
}
