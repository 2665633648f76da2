//! Intervals between heart beats: what is wrong with them, and their correction.

use clx_signal::SampleRate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod artefacts;
mod rolling;

use artefacts::classify;

/// Beats that were suspicious, as indices of the beats as they were given, ascending.
///
/// A beat that a round put in stands under the beat after it. A beat counts once in a class, however
/// many rounds found it; of several beats missing before one, each counts.
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

    /// Adds what a further round found among `beats`.
    fn add(&mut self, round: &Self, beats: &[Beat]) {
        let merge = |all: &mut Vec<usize>, new: &[usize]| {
            all.extend(new.iter().map(|&i| beats[i].origin));
            all.sort_unstable();
        };
        merge(&mut self.missed, &round.missed);
        for (all, new) in [
            (&mut self.ectopic, &round.ectopic),
            (&mut self.extra, &round.extra),
            (&mut self.long_short, &round.long_short),
        ] {
            merge(all, new);
            all.dedup();
        }
    }
}

/// A beat while it is corrected.
#[derive(Clone, Copy)]
struct Beat {
    sample: usize,
    /// Index among the beats as given.
    origin: usize,
}

/// Corrects implausible beats: extra ones go, missing ones are put half-way, misplaced ones moved
/// half-way between their neighbours.
///
/// `beats`: ascending sample indices of R peaks. Intervals are compared with time-varying thresholds
/// (5.2 quartile deviations over 91 beats) of their successive differences and of their distance from
/// the median of 11. Rounds are repeated as long as the number of artefacts falls. Returns the
/// corrected beats and the artefacts of all rounds. Fewer than four beats are returned as they are.
///
/// The corrected beats are those of NeuroKit2 0.2.13 `signal_fixpeaks(method="Kubios")`. The
/// artefacts are not: NeuroKit2 gives those of the last round only, which is what was left after the
/// others, as indices of the beats that round began with.
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
/// let (corrected, artefacts) = clx_eeg::correct_beats(&beats, SampleRate::from_hz(500.0)?);
/// assert_eq!((corrected.len(), artefacts.missed), (60, vec![30]));
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn correct_beats(beats: &[usize], rate: SampleRate) -> (Vec<usize>, BeatArtefacts) {
    let mut all = BeatArtefacts::default();
    if beats.len() < 4 {
        return (beats.to_vec(), all);
    }
    let mut beats: Vec<Beat> =
        beats.iter().enumerate().map(|(origin, &sample)| Beat { sample, origin }).collect();
    let mut before = usize::MAX;
    // Each further round must find fewer, so the number of rounds is bounded.
    while beats.len() >= 4 {
        let round = classify(&samples(&beats), rate);
        if round.len() >= before {
            break;
        }
        before = round.len();
        all.add(&round, &beats);
        beats = apply(&round, beats);
    }
    (samples(&beats), all)
}

fn samples(beats: &[Beat]) -> Vec<usize> {
    beats.iter().map(|beat| beat.sample).collect()
}

fn apply(artefacts: &BeatArtefacts, beats: Vec<Beat>) -> Vec<Beat> {
    let BeatArtefacts { ectopic, missed, extra, long_short } = artefacts.clone();
    let mut beats = beats;
    let kept = |i: usize| extra.binary_search(&i).is_err();
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
fn with_missed(beats: &[Beat], indices: &[usize]) -> Vec<Beat> {
    let mut all = Vec::with_capacity(beats.len() + indices.len());
    for (i, &beat) in beats.iter().enumerate() {
        if i > 1 && indices.binary_search(&i).is_ok() {
            all.push(Beat { sample: half_way(beats[i - 1], beat), ..beat });
        }
        all.push(beat);
    }
    all
}

/// Moves each of `indices` half-way between its neighbours.
fn moved(mut beats: Vec<Beat>, indices: &[usize]) -> Vec<Beat> {
    let before = beats.clone();
    for &i in indices.iter().filter(|&&i| i > 1 && i + 1 < before.len()) {
        beats[i].sample = half_way(before[i - 1], before[i + 1]);
    }
    beats.sort_by_key(|beat| beat.sample);
    beats
}

fn half_way(from: Beat, to: Beat) -> usize {
    from.sample + (to.sample - from.sample) / 2
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
