//! The rhythm that the brain may follow: modulation of the sound, or tones that carry it.
//!
//! Nothing here sounds at the target rate itself; it is a rhythm of audible sound.

use super::BLOCK;
use crate::brief::Stimulus;
use crate::math::{Phasor, from_db, sin_turns};

/// Root mean square of a stimulus tone at depth 1, relative to the pads.
const TONE_DB: f64 = -6.0;
/// Rise and fall of an isochronic pulse.
const EDGE_S: f64 = 0.005;
/// Part of a period during which an isochronic pulse sounds, edges included.
const DUTY: f64 = 0.5;

/// The modulation over one block: values at its start and at its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Modulation {
    pub(super) turns: (f64, f64),
    pub(super) depth: (f64, f64),
    pub(super) from_s: f64,
    pub(super) to_s: f64,
}

impl Modulation {
    /// Multiplies by `1 - depth (1 - cos φ) / 2`.
    pub(super) fn apply(&self, left: &mut [f32; BLOCK], right: &mut [f32; BLOCK]) {
        let mut phasor = Phasor::new(self.turns.0, self.turns.1 - self.turns.0, BLOCK);
        let mut half = self.depth.0 / 2.0;
        let step = (self.depth.1 - self.depth.0) / (2 * BLOCK) as f64;
        for (l, r) in left.iter_mut().zip(right) {
            let gain = (1.0 - half + half * phasor.cos) as f32;
            *l *= gain;
            *r *= gain;
            phasor.step();
            half += step;
        }
    }

    /// Multiplies by the root mean square of what [`Modulation::apply`] multiplies by, so that the
    /// control sounds equally loud with the same balance of layers.
    pub(super) fn apply_mean(&self, left: &mut [f32; BLOCK], right: &mut [f32; BLOCK]) {
        let mean = |depth: f64| {
            let half = depth / 2.0;
            ((1.0 - half) * (1.0 - half) + half * half / 2.0).sqrt()
        };
        let (mut gain, to) = (mean(self.depth.0) as f32, mean(self.depth.1) as f32);
        let step = (to - gain) / BLOCK as f32;
        for (l, r) in left.iter_mut().zip(right) {
            *l *= gain;
            *r *= gain;
            gain += step;
        }
    }
}

/// Adds the tone of a monaural, isochronic or binaural stimulus; depth is its level.
pub(super) fn play_tone(
    stimulus: Stimulus,
    carrier_hz: f64,
    modulation: Modulation,
    left: &mut [f32; BLOCK],
    right: &mut [f32; BLOCK],
) {
    let Modulation { turns, depth, from_s, to_s } = modulation;
    let amplitude = from_db(TONE_DB) * std::f64::consts::SQRT_2;
    let mut level = amplitude * depth.0;
    let step = amplitude * (depth.1 - depth.0) / BLOCK as f64;
    // A tone shifted by a part of the modulation's turns.
    let tone = |part: f64| {
        let start = carrier_hz * from_s + part * turns.0;
        let end = carrier_hz * to_s + part * turns.1;
        Phasor::new(start, end - start, BLOCK)
    };
    if stimulus == Stimulus::Isochronic {
        let mut phasor = tone(0.0);
        let per_frame = (turns.1 - turns.0) / BLOCK as f64;
        let edge = EDGE_S * (turns.1 - turns.0) / (to_s - from_s);
        for (i, (l, r)) in left.iter_mut().zip(right).enumerate() {
            let y = (phasor.sin * level * gate(turns.0 + per_frame * i as f64, edge)) as f32;
            *l += y;
            *r += y;
            phasor.step();
            level += step;
        }
        return;
    }
    let (mut low, mut high) = (tone(-0.5), tone(0.5));
    for (l, r) in left.iter_mut().zip(right) {
        let (a, b) = (low.sin * level, high.sin * level);
        if stimulus == Stimulus::Binaural {
            *l += a as f32;
            *r += b as f32;
        } else {
            let y = ((a + b) * std::f64::consts::FRAC_1_SQRT_2) as f32;
            *l += y;
            *r += y;
        }
        low.step();
        high.step();
        level += step;
    }
}

/// 1 during the first part of each turn, 0 during the rest, with raised-cosine edges of `edge` turns.
fn gate(turns: f64, edge: f64) -> f64 {
    let x = turns - turns.floor();
    let edge = edge.min(DUTY / 2.0);
    let inside = x.min(DUTY - x);
    if inside <= 0.0 {
        0.0
    } else if inside >= edge {
        1.0
    } else {
        let s = sin_turns(0.25 * inside / edge);
        s * s
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::cos_turns;

    #[test]
    fn gate_is_half_open_with_smooth_edges() {
        assert_eq!(gate(3.25, 0.05), 1.0);
        assert_eq!(gate(3.75, 0.05), 0.0);
        assert!((gate(7.025, 0.05) - 0.5).abs() < 1e-12);
        assert!((gate(7.475, 0.05) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn control_has_the_power_of_the_modulated_sound() {
        // Mean square of 1 - d/2 + d/2 cos φ over whole turns, computed here by summation.
        let turns = 64.0;
        let modulation =
            Modulation { turns: (0.0, turns), depth: (0.8, 0.8), from_s: 0.0, to_s: 1.0 };
        let power = |apply: fn(&Modulation, &mut [f32; BLOCK], &mut [f32; BLOCK])| {
            let (mut left, mut right) = ([1.0; BLOCK], [1.0; BLOCK]);
            apply(&modulation, &mut left, &mut right);
            left.iter().map(|v| f64::from(v * v)).sum::<f64>() / BLOCK as f64
        };
        let modulated = power(Modulation::apply);
        assert!((power(Modulation::apply_mean) - modulated).abs() < 1e-5, "{modulated}");
        let expected: f64 =
            (0..1000).map(|i| (0.6 + 0.4 * cos_turns(f64::from(i) / 1000.0)).powi(2)).sum::<f64>()
                / 1000.0;
        assert!((modulated - expected).abs() < 1e-5);
    }
}
