//! Pads, bass and noise: loops drawn as spectra with random phases.
//!
//! Each partial of a pad is a narrow hump instead of a line, which sounds like many players a
//! little out of tune (the idea of Paul Nasca's padsynth algorithm, 2005). Positive and negative
//! frequencies get independent phases, so that the real part (left) and the imaginary part (right)
//! are different players of the same chord.

use super::Table;
use super::fft::{Complex, Fft};
use crate::math::{cos_turns, exp2, pow, sin_turns};
use crate::preset::NoiseColour;
use crate::random::Random;

/// Frames of a loop: 5.9 s at 44.1 kHz.
pub(crate) const LOOP_FRAMES: usize = 1 << 18;
/// Pads carry nothing above this, so that they stay soft.
const PAD_TOP_HZ: f64 = 7_000.0;
/// Corner of the pads' gentle low-pass.
const PAD_CORNER_HZ: f64 = 1_800.0;
/// Width of a partial relative to its frequency: 2^(22 cents) - 1.
const PAD_WIDTH: f64 = 0.0128;
/// Below this nothing is drawn: no rumble, and no energy at the modulation rates.
const NOISE_LOW_HZ: f64 = 60.0;
const NOISE_CORNER_HZ: f64 = 6_000.0;
/// How much of the other channel is mixed in; 1 is mono.
const PAD_BLEND: f64 = 0.35;
const BASS_BLEND: f64 = 1.0;
const NOISE_BLEND: f64 = 0.25;

/// A sustained note; `rolloff` is the exponent by which harmonics fall.
pub(crate) fn pad(note_hz: f64, rolloff: f64, rate_hz: f64, random: &mut Random) -> Table {
    let mut drawing = Drawing::new(rate_hz);
    let mut harmonic = 1.0;
    while harmonic * note_hz < PAD_TOP_HZ {
        let hz = harmonic * note_hz;
        // Even harmonics a little weaker: the hollow colour of a clarinet, softened.
        let parity = if harmonic % 2.0 == 0.0 { 0.7 } else { 1.0 };
        let corner = hz / PAD_CORNER_HZ;
        let amplitude = parity * pow(harmonic, -rolloff) / (1.0 + corner * corner);
        drawing.hump(hz, hz * PAD_WIDTH, amplitude, random);
        harmonic += 1.0;
    }
    drawing.finish(PAD_BLEND)
}

/// A low note with few harmonics, steady and the same in both ears: humps of a few bins would fade
/// in and out for seconds.
pub(crate) fn bass(note_hz: f64, rate_hz: f64, random: &mut Random) -> Table {
    let mut drawing = Drawing::new(rate_hz);
    for (harmonic, amplitude) in [(1.0, 1.0), (2.0, 0.5), (3.0, 0.22), (4.0, 0.1), (5.0, 0.05)] {
        drawing.tone(harmonic * note_hz, amplitude, random);
    }
    drawing.finish(BASS_BLEND)
}

/// Noise of a colour: power falls by 0, 3 or 6 dB per octave, softly limited at both ends.
pub(crate) fn noise(colour: NoiseColour, rate_hz: f64, random: &mut Random) -> Table {
    let slope = match colour {
        NoiseColour::White => 0.0,
        NoiseColour::Pink => -0.5,
        NoiseColour::Brown => -1.0,
    };
    let mut drawing = Drawing::new(rate_hz);
    let first = (NOISE_LOW_HZ / drawing.bin_hz).ceil() as usize;
    let last = ((0.45 * rate_hz) / drawing.bin_hz) as usize;
    for bin in first..last {
        let hz = bin as f64 * drawing.bin_hz;
        let onset = 1.0 - NOISE_LOW_HZ / hz;
        let corner = hz / NOISE_CORNER_HZ;
        let amplitude = pow(hz / 1_000.0, slope) * onset / (1.0 + corner * corner);
        drawing.dot(bin, amplitude, random);
    }
    drawing.finish(NOISE_BLEND)
}

struct Drawing {
    spectrum: Vec<Complex>,
    bin_hz: f64,
}

impl Drawing {
    fn new(rate_hz: f64) -> Self {
        Self { spectrum: vec![[0.0; 2]; LOOP_FRAMES], bin_hz: rate_hz / LOOP_FRAMES as f64 }
    }

    /// A Gaussian hump with the given standard deviation and, over all bins, the given amplitude.
    fn hump(&mut self, hz: f64, deviation_hz: f64, amplitude: f64, random: &mut Random) {
        let deviation = (deviation_hz / self.bin_hz).max(0.7);
        let centre = hz / self.bin_hz;
        let first = (centre - 4.0 * deviation).max(1.0) as usize;
        let last = (centre + 4.0 * deviation) as usize + 1;
        // Powers add up, so the peak falls with the root of the width.
        let peak = amplitude / deviation.sqrt();
        for bin in first..last.min(LOOP_FRAMES / 2) {
            let x = (bin as f64 - centre) / deviation;
            self.dot(bin, peak * exp2(-0.5 * x * x * std::f64::consts::LOG2_E), random);
        }
    }

    /// A steady tone on the nearest bin, in the left channel only.
    fn tone(&mut self, hz: f64, amplitude: f64, random: &mut Random) {
        let bin = (hz / self.bin_hz).round() as usize;
        let turns = random.uniform();
        let (re, im) = (amplitude * cos_turns(turns), amplitude * sin_turns(turns));
        self.spectrum[bin] = [re, im];
        self.spectrum[LOOP_FRAMES - bin] = [re, -im];
    }

    fn dot(&mut self, bin: usize, amplitude: f64, random: &mut Random) {
        for at in [bin, LOOP_FRAMES - bin] {
            let turns = random.uniform();
            self.spectrum[at][0] += amplitude * cos_turns(turns);
            self.spectrum[at][1] += amplitude * sin_turns(turns);
        }
    }

    /// The loop with a mean square of 1 per channel.
    fn finish(mut self, blend: f64) -> Table {
        Fft::new(LOOP_FRAMES).inverse(&mut self.spectrum);
        for v in &mut self.spectrum {
            *v = [v[0] + blend * v[1], v[1] + blend * v[0]];
        }
        let power: f64 = self.spectrum.iter().map(|v| v[0] * v[0] + v[1] * v[1]).sum();
        let scale = 1.0 / (power / (2 * LOOP_FRAMES) as f64).sqrt();
        Table {
            left: self.spectrum.iter().map(|v| (v[0] * scale) as f32).collect(),
            right: self.spectrum.iter().map(|v| (v[1] * scale) as f32).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_have_no_seam_no_offset_and_unit_power() {
        let table = pad(220.0, 1.5, 44_100.0, &mut Random::new(1, 2));
        let n = table.len();
        let mean = table.left.iter().map(|&v| f64::from(v)).sum::<f64>() / n as f64;
        let power = table.left.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>() / n as f64;
        assert!(mean.abs() < 1e-4, "{mean}");
        assert!((power - 1.0).abs() < 0.15, "{power}");
        let step = |i: usize| (table.left[(i + 1) % n] - table.left[i]).abs();
        let largest = (0..n - 1).map(step).fold(0.0, f32::max);
        assert!(step(n - 1) <= largest);
    }
}
