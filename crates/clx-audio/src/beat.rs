//! Beats by dynamic programming (Ellis 2007, "Beat tracking by dynamic programming", J. New Music
//! Research 36(1):51-60): the sequence that best trades onset strength against even spacing.

use crate::overview::Tempo;
use crate::tempo::Pulse;

/// Weight of even spacing against onset strength, Ellis' value.
const TIGHTNESS: f64 = 100.0;

/// Frames (with fractions) of the beats in `envelope` at a period of `period` frames.
pub(crate) fn track(envelope: &[f32], period: f64) -> Vec<f64> {
    let score = local_score(envelope, period);
    if score.is_empty() {
        return Vec::new();
    }
    let (total, before) = accumulate(&score, period);
    let Some(mut at) = last_beat(&total) else { return Vec::new() };
    let mut beats = vec![at];
    while let Some(previous) = before[at] {
        at = previous;
        beats.push(at);
    }
    beats.reverse();
    trim(&mut beats, &score);
    beats.iter().map(|&b| b as f64 + summit(&score, b)).collect()
}

/// The envelope over its deviation, smoothed by a Gaussian of a 32nd of a beat.
fn local_score(envelope: &[f32], period: f64) -> Vec<f64> {
    let n = envelope.len() as f64;
    let mean = envelope.iter().map(|&e| f64::from(e)).sum::<f64>() / n.max(1.0);
    let variance =
        envelope.iter().map(|&e| (f64::from(e) - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    if variance <= 0.0 {
        return Vec::new();
    }
    let reach = period.round() as isize;
    let kernel: Vec<f64> =
        (-reach..=reach).map(|i| (-0.5 * (i as f64 * 32.0 / period).powi(2)).exp()).collect();
    // Beyond four deviations the kernel adds nothing.
    let reach = reach.min((period / 8.0).ceil() as isize);
    let centre = kernel.len() as isize / 2;
    (0..envelope.len() as isize)
        .map(|i| {
            let sum: f64 = (-reach..=reach)
                .filter_map(|d| {
                    let x = envelope.get(usize::try_from(i + d).ok()?)?;
                    Some(f64::from(*x) * kernel[(centre + d) as usize])
                })
                .sum();
            sum / variance.sqrt()
        })
        .collect()
}

fn accumulate(score: &[f64], period: f64) -> (Vec<f64>, Vec<Option<usize>>) {
    let nearest = (period / 2.0).round().max(1.0) as usize;
    let farthest = (period * 2.0).round() as usize;
    let costs: Vec<f64> =
        (nearest..=farthest).map(|d| -TIGHTNESS * (d as f64 / period).ln().powi(2)).collect();
    let threshold = 0.01 * score.iter().copied().fold(0.0, f64::max);
    let mut total = vec![0.0; score.len()];
    let mut before = vec![None; score.len()];
    let mut started = false;
    for i in 0..score.len() {
        let mut best = (f64::NEG_INFINITY, None);
        for (d, cost) in (nearest..=farthest).zip(&costs) {
            let Some(j) = i.checked_sub(d) else { break };
            let value = total[j] + cost;
            if value > best.0 {
                best = (value, Some(j));
            }
        }
        total[i] = score[i] + if best.1.is_some() { best.0 } else { 0.0 };
        // Before the first onset a beat has no predecessor.
        started |= score[i] >= threshold;
        before[i] = if started { best.1 } else { None };
    }
    (total, before)
}

/// The last local maximum of at least half the median height of all.
fn last_beat(total: &[f64]) -> Option<usize> {
    let is_peak = |i: usize| {
        let left = i.checked_sub(1).map_or(f64::NEG_INFINITY, |l| total[l]);
        let right = total.get(i + 1).copied().unwrap_or(f64::NEG_INFINITY);
        total[i] > left && total[i] >= right
    };
    let mut heights: Vec<f64> =
        (0..total.len()).filter(|&i| is_peak(i)).map(|i| total[i]).collect();
    heights.sort_by(f64::total_cmp);
    let median = *heights.get(heights.len() / 2)?;
    (0..total.len()).rev().find(|&i| is_peak(i) && total[i] * 2.0 > median)
}

/// Drops beats before the first and after the last onset: weaker than half the root mean square.
fn trim(beats: &mut Vec<usize>, score: &[f64]) {
    let power = beats.iter().map(|&b| score[b].powi(2)).sum::<f64>() / beats.len().max(1) as f64;
    let threshold = 0.5 * power.sqrt();
    let heard = |&b: &usize| score[b] > threshold;
    let first = beats.iter().position(heard).unwrap_or(0);
    let last = beats.iter().rposition(heard).map_or(beats.len(), |i| i + 1);
    beats.truncate(last);
    beats.drain(..first.min(last));
}

/// Adds the beats before the first that was tracked: a sound that starts at once shows no rise there.
pub(crate) fn extend_to_start(beats: &mut Vec<f64>, period: f64) {
    while let Some(earlier) = beats.first().map(|b| b - period).filter(|b| *b > -0.15 * period) {
        beats.insert(0, earlier.max(0.0));
    }
}

fn summit(score: &[f64], at: usize) -> f64 {
    let (Some(a), Some(c)) = (at.checked_sub(1).map(|i| score[i]), score.get(at + 1)) else {
        return 0.0;
    };
    let curve = a - 2.0 * score[at] + c;
    if curve < 0.0 { (0.5 * (a - c) / curve).clamp(-0.5, 0.5) } else { 0.0 }
}

/// The tempo of a pulse together with how evenly its beats fell.
pub(crate) fn tempo(pulse: Pulse, beats_s: &[f64]) -> Tempo {
    let intervals: Vec<f64> = beats_s.windows(2).map(|w| w[1] - w[0]).collect();
    let n = intervals.len() as f64;
    let mean = intervals.iter().sum::<f64>() / n.max(1.0);
    let variance = intervals.iter().map(|i| (i - mean).powi(2)).sum::<f64>() / n.max(1.0);
    Tempo {
        bpm: pulse.bpm,
        confidence: pulse.confidence,
        candidates: pulse.candidates,
        variability: if mean > 0.0 { variance.sqrt() / mean } else { 0.0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beats_fall_on_an_even_pulse_and_nowhere_else() {
        let mut envelope = vec![0.0_f32; 2_000];
        (0..18).for_each(|k| envelope[100 + k * 100] = 1.0);
        let beats = track(&envelope, 100.0);
        assert_eq!(beats.len(), 18);
        for (k, beat) in beats.iter().enumerate() {
            assert!((beat - (100.0 + 100.0 * k as f64)).abs() < 0.5, "{beat}");
        }
    }

    #[test]
    fn a_missing_onset_is_bridged() {
        let mut envelope = vec![0.0_f32; 2_000];
        (0..18).filter(|k| k % 5 != 3).for_each(|k| envelope[100 + k * 100] = 1.0);
        assert_eq!(track(&envelope, 100.0).len(), 18);
    }

    #[test]
    fn flat_envelope_has_no_beats() {
        assert!(track(&[0.5; 1_000], 50.0).is_empty());
    }
}
