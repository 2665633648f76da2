//! Intervals between heart beats: what is wrong with them, and their correction.

use clx_signal::SampleRate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod artefacts;
mod rolling;

use artefacts::classify;

/// Beats that were suspicious, as indices of the beats as given to the last round of correction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BeatArtefacts {
    /// Intervals that jump and jump back: ectopic beats.
    pub ectopic: Vec<usize>,
    /// Beats that are missing before the given one.
    pub missed: Vec<usize>,
    /// Beats that are none.
    pub extra: Vec<usize>,
    /// Intervals that are far too long or too short for other reasons.
    pub long_short: Vec<usize>,
}

impl BeatArtefacts {
    pub fn len(&self) -> usize {
        self.ectopic.len() + self.missed.len() + self.extra.len() + self.long_short.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Corrects implausible beats: extra ones go, missing ones are put half-way, misplaced ones moved
/// half-way between their neighbours.
///
/// `beats`: ascending sample indices of R peaks. Intervals are compared with time-varying thresholds
/// (5.2 quartile deviations over 91 beats) of their successive differences and of their distance from
/// the median of 11. Rounds are repeated as long as the number of artefacts falls. Returns the
/// corrected beats and what the last round that helped had found. Fewer than four beats are returned
/// as they are. The same beats as NeuroKit2 0.2.13 `signal_fixpeaks(method="Kubios")`.
///
/// Ectopic beats are real beats: their correction is for the figures of heart rate variability
/// only, and their number is a figure by itself.
///
/// # Source
/// Lipponen and Tarvainen 2019, J. Med. Eng. Technol. 43:173-181. Checked against
/// `tests/fixtures/heart.json`.
///
/// ```
/// use clx_signal::SampleRate;
/// let mut beats: Vec<usize> = (0..60).map(|i| 400 * i + 15 * (i % 3)).collect();
/// beats.remove(30);
/// let (corrected, _) = clx_eeg::correct_beats(&beats, SampleRate::from_hz(500.0)?);
/// assert_eq!(corrected.len(), 60);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn correct_beats(beats: &[usize], rate: SampleRate) -> (Vec<usize>, BeatArtefacts) {
    let mut corrected = beats.to_vec();
    if beats.len() < 4 {
        return (corrected, BeatArtefacts::default());
    }
    let mut artefacts = classify(&corrected, rate);
    corrected = apply(&artefacts, corrected);
    // Each further round must find fewer, so the number of rounds is bounded.
    while corrected.len() >= 4 {
        let again = classify(&corrected, rate);
        if again.len() >= artefacts.len() {
            break;
        }
        corrected = apply(&again, corrected);
        artefacts = again;
    }
    (corrected, artefacts)
}

fn apply(artefacts: &BeatArtefacts, beats: Vec<usize>) -> Vec<usize> {
    let BeatArtefacts { ectopic, missed, extra, long_short } = artefacts.clone();
    let mut beats = beats;
    let kept = |i: usize| !extra.contains(&i);
    if !extra.is_empty() {
        beats = beats.iter().enumerate().filter(|(i, _)| kept(*i)).map(|(_, &b)| b).collect();
    }
    let removed = |indices: Vec<usize>| shifted(indices, &extra, -1);
    let (missed, mut ectopic, mut long_short) =
        (removed(missed), removed(ectopic), removed(long_short));
    if !missed.is_empty() {
        beats = with_missed(&beats, &missed);
        ectopic = shifted(ectopic, &missed, 1);
        long_short = shifted(long_short, &missed, 1);
    }
    moved(moved(beats, &ectopic), &long_short)
}

/// Indices after elements at `sources` were taken out (-1) or put in (+1), one after the other.
fn shifted(indices: Vec<usize>, sources: &[usize], by: isize) -> Vec<usize> {
    let mut indices = indices;
    for &source in sources {
        for index in indices.iter_mut().filter(|i| **i > source) {
            *index = index.saturating_add_signed(by);
        }
    }
    indices.sort_unstable();
    indices.dedup();
    indices
}

/// Puts a beat half-way before each of `indices`.
fn with_missed(beats: &[usize], indices: &[usize]) -> Vec<usize> {
    let mut all = Vec::with_capacity(beats.len() + indices.len());
    for (i, &beat) in beats.iter().enumerate() {
        if i > 1 && indices.contains(&i) {
            all.push(beats[i - 1] + (beat - beats[i - 1]) / 2);
        }
        all.push(beat);
    }
    all
}

/// Moves each of `indices` half-way between its neighbours.
fn moved(mut beats: Vec<usize>, indices: &[usize]) -> Vec<usize> {
    let before = beats.clone();
    for &i in indices.iter().filter(|&&i| i > 1 && i + 1 < before.len()) {
        beats[i] = before[i - 1] + (before[i + 1] - before[i - 1]) / 2;
    }
    beats.sort_unstable();
    beats
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_heart_is_left_alone() {
        let rate = SampleRate::from_hz(250.0).unwrap();
        let beats: Vec<usize> = (0..100).map(|i| 200 * i + 6 * (i % 4)).collect();
        assert_eq!(correct_beats(&beats, rate), (beats, BeatArtefacts::default()));
    }

    #[test]
    fn few_and_coinciding_beats_are_survived() {
        let rate = SampleRate::from_hz(250.0).unwrap();
        assert!(correct_beats(&[], rate).0.is_empty());
        assert_eq!(correct_beats(&[5, 300, 610], rate).0, [5, 300, 610]);
        assert_eq!(correct_beats(&[7; 20], rate).0.len(), 20);
    }
}
