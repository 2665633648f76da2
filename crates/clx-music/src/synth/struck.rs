//! Bells, plucked notes and the pulse, each with its decay and its room.

use super::Table;
use super::fft::{Complex, Fft};
use crate::math::{Phasor, exp2, sin_turns};
use crate::random::Random;

/// Frames of a bell with its room: 5.9 s at 44.1 kHz.
const BELL_FRAMES: usize = 1 << 18;
const PLUCK_FRAMES: usize = 1 << 17;
const PULSE_FRAMES: usize = 1 << 15;

/// Partials as (ratio, amplitude, time to fall to 1/e in seconds).
type Partial = (f64, f64, f64);
const BELL: [Partial; 5] =
    [(1.0, 1.0, 0.75), (2.0, 0.32, 0.5), (3.0, 0.12, 0.3), (4.02, 0.05, 0.2), (6.3, 0.02, 0.08)];
const PLUCK: [Partial; 6] = [
    (1.0, 1.0, 0.32),
    (2.0, 0.45, 0.24),
    (3.0, 0.22, 0.17),
    (4.0, 0.12, 0.12),
    (5.0, 0.07, 0.09),
    (6.0, 0.04, 0.06),
];
const PULSE: [Partial; 2] = [(1.0, 1.0, 0.11), (2.0, 0.25, 0.05)];
const ATTACK_S: f64 = 0.004;
const PULSE_ATTACK_S: f64 = 0.008;
/// Corner of the four high-passes behind the pulse.
const PULSE_LOW_HZ: f64 = 40.0;
/// The room falls by 60 dB in this time.
const ROOM_S: f64 = 2.6;
const PRE_DELAY_S: f64 = 0.018;
/// Pole of the low-pass that makes the room's walls soft.
const ROOM_DAMPING: f64 = 0.72;

/// The spectrum of a stereo room, left in the real part and right in the imaginary part of time.
pub(crate) struct Room {
    fft: Fft,
    spectrum: Vec<Complex>,
    wet: f64,
    rate_hz: f64,
}

impl Room {
    /// `wet`: amplitude of the reverberation against the direct sound.
    fn new(n: usize, wet: f64, rate_hz: f64, seed: u64) -> Self {
        let mut random = Random::new(seed, 7);
        let mut response = vec![[0.0; 2]; n];
        let start = (PRE_DELAY_S * rate_hz) as usize;
        let end = n / 2;
        let per_frame = exp2(-3.0 * std::f64::consts::LOG2_10 / (ROOM_S * rate_hz));
        let mut level = 1.0;
        let mut soft = [0.0, 0.0];
        for (i, out) in response[start..end].iter_mut().enumerate() {
            // The response ends in a straight line to zero, where the table ends.
            let ending = 1.0 - i as f64 / (end - start) as f64;
            for (soft, out) in soft.iter_mut().zip(out) {
                *soft = ROOM_DAMPING * *soft + (1.0 - ROOM_DAMPING) * (random.uniform() - 0.5);
                *out = *soft * level * ending;
            }
            level *= per_frame;
        }
        let power: f64 = response.iter().map(|v| v[0] * v[0] + v[1] * v[1]).sum();
        let scale = (2.0 / power).sqrt();
        response.iter_mut().for_each(|v| *v = [v[0] * scale, v[1] * scale]);
        let fft = Fft::new(n);
        fft.forward(&mut response);
        Self { fft, spectrum: response, wet, rate_hz }
    }

    pub(crate) fn for_bells(rate_hz: f64, seed: u64) -> Self {
        Self::new(BELL_FRAMES, 0.55, rate_hz, seed)
    }

    pub(crate) fn for_plucks(rate_hz: f64, seed: u64) -> Self {
        Self::new(PLUCK_FRAMES, 0.3, rate_hz, seed)
    }

    /// Puts a dry sound into the room and scales the result to a peak of 1.
    fn place(&self, dry: &[f64]) -> Table {
        let n = self.spectrum.len();
        let mut x: Vec<Complex> = vec![[0.0; 2]; n];
        for (x, &d) in x.iter_mut().zip(dry) {
            x[0] = d;
        }
        self.fft.forward(&mut x);
        for (x, h) in x.iter_mut().zip(&self.spectrum) {
            *x = [x[0] * h[0] - x[1] * h[1], x[0] * h[1] + x[1] * h[0]];
        }
        self.fft.inverse(&mut x);
        let wet = self.wet / n as f64;
        for (i, x) in x.iter_mut().enumerate() {
            let direct = dry.get(i).copied().unwrap_or(0.0);
            *x = [x[0] * wet + direct, x[1] * wet + direct];
        }
        scaled(&x)
    }
}

pub(crate) fn bell(note_hz: f64, room: &Room) -> Table {
    room.place(&strike(&BELL, note_hz, ATTACK_S, BELL_FRAMES / 2, room.rate_hz))
}

pub(crate) fn pluck(note_hz: f64, room: &Room) -> Table {
    room.place(&strike(&PLUCK, note_hz, ATTACK_S, PLUCK_FRAMES / 2, room.rate_hz))
}

/// A dry, centred thump without the rumble of its own envelope: pulses come at the beat, and the
/// harmonics of the beat must not be heard or measured as a tone at the modulation rate.
pub(crate) fn pulse(note_hz: f64, rate_hz: f64) -> Table {
    let mut dry = strike(&PULSE, note_hz, PULSE_ATTACK_S, PULSE_FRAMES, rate_hz);
    let pole = exp2(-std::f64::consts::TAU * PULSE_LOW_HZ / rate_hz * std::f64::consts::LOG2_E);
    for _ in 0..4 {
        let (mut before, mut out) = (0.0, 0.0);
        for x in &mut dry {
            out = pole * (out + *x - before);
            before = *x;
            *x = out;
        }
    }
    scaled(&dry.iter().map(|&d| [d, d]).collect::<Vec<_>>())
}

fn scaled(x: &[Complex]) -> Table {
    let peak = x.iter().flatten().fold(0.0_f64, |peak, v| peak.max(v.abs()));
    let column = |i: usize| x.iter().map(|v| (v[i] / peak) as f32).collect();
    Table { left: column(0), right: column(1) }
}

/// Decaying partials with a raised-cosine attack and a last eighth that fades to zero.
fn strike(partials: &[Partial], note_hz: f64, attack_s: f64, n: usize, rate_hz: f64) -> Vec<f64> {
    let mut out = vec![0.0; n];
    for &(ratio, amplitude, decay_s) in partials {
        let hz = ratio * note_hz;
        if hz > 0.45 * rate_hz {
            continue;
        }
        let per_frame = exp2(-std::f64::consts::LOG2_E / (decay_s * rate_hz));
        let mut phasor = Phasor::new(0.0, n as f64 * hz / rate_hz, n);
        let mut level = amplitude;
        for y in &mut out {
            *y += level * phasor.sin;
            phasor.step();
            level *= per_frame;
        }
    }
    let n_attack = (attack_s * rate_hz) as usize;
    for (i, y) in out[..n_attack].iter_mut().enumerate() {
        let s = sin_turns(0.25 * i as f64 / n_attack as f64);
        *y *= s * s;
    }
    let n_ending = n / 8;
    for (i, y) in out.iter_mut().rev().take(n_ending).enumerate() {
        *y *= i as f64 / n_ending as f64;
    }
    out
}
