//! Integrated loudness by ITU-R BS.1770-4, for a stereo stream.

use crate::math::{cos_turns, exp2, sin_turns};

/// Offset of the scale: 0 dB full scale of a 1 kHz sine in one channel reads -3.01 LUFS.
const OFFSET: f64 = -0.691;
const ABSOLUTE_GATE_LUFS: f64 = -70.0;
/// The relative gate is 10 LU below the mean, a tenth of the power.
const RELATIVE_GATE: f64 = 0.1;

/// Second-order section, `a0 = 1`, transposed form, both channels side by side.
#[derive(Clone, Debug)]
struct Section {
    b: [f64; 3],
    a: [f64; 2],
    s1: [f64; 2],
    s2: [f64; 2],
}

impl Section {
    fn new(b: [f64; 3], a: [f64; 2]) -> Self {
        Self { b, a, s1: [0.0; 2], s2: [0.0; 2] }
    }

    #[inline(always)]
    fn step(&mut self, x: [f64; 2]) -> [f64; 2] {
        let mut y = [0.0; 2];
        for c in 0..2 {
            y[c] = self.b[0] * x[c] + self.s1[c];
            self.s1[c] = self.b[1] * x[c] - self.a[0] * y[c] + self.s2[c];
            self.s2[c] = self.b[2] * x[c] - self.a[1] * y[c];
        }
        y
    }
}

/// Gates over blocks of 400 ms every 100 ms; keeps one number per 100 ms.
#[derive(Clone, Debug)]
pub(super) struct LoudnessMeter {
    shelf: Section,
    high_pass: Section,
    hop: usize,
    n_in_hop: usize,
    energy: f64,
    hops: Vec<f64>,
}

impl LoudnessMeter {
    pub(super) fn new(rate_hz: u32) -> Self {
        let rate = f64::from(rate_hz);
        Self {
            shelf: shelf(rate),
            high_pass: high_pass(rate),
            hop: rate_hz as usize / 10,
            n_in_hop: 0,
            energy: 0.0,
            hops: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, left: &[f32], right: &[f32]) {
        let mut from = 0;
        while from < left.len() {
            let to = (from + self.hop - self.n_in_hop).min(left.len());
            self.energy += self.filter(&left[from..to], &right[from..to]);
            self.n_in_hop += to - from;
            from = to;
            if self.n_in_hop == self.hop {
                self.hops.push(self.energy);
                self.energy = 0.0;
                self.n_in_hop = 0;
            }
        }
    }

    fn filter(&mut self, left: &[f32], right: &[f32]) -> f64 {
        let (mut shelf, mut high_pass) = (self.shelf.clone(), self.high_pass.clone());
        let mut sum = [0.0; 2];
        for (&l, &r) in left.iter().zip(right) {
            let y = high_pass.step(shelf.step([f64::from(l), f64::from(r)]));
            sum[0] += y[0] * y[0];
            sum[1] += y[1] * y[1];
        }
        (self.shelf, self.high_pass) = (shelf, high_pass);
        sum[0] + sum[1]
    }

    /// Mean power of the blocks that pass both gates; zero for silence.
    fn gated_power(&self) -> f64 {
        let n = (4 * self.hop) as f64;
        let blocks: Vec<f64> = self.hops.windows(4).map(|w| w.iter().sum::<f64>() / n).collect();
        let absolute = power_of(ABSOLUTE_GATE_LUFS);
        let mean = mean_above(&blocks, absolute);
        mean_above(&blocks, absolute.max(mean * RELATIVE_GATE))
    }

    /// `-inf` for silence and for less than 400 ms.
    pub(super) fn integrated_lufs(&self) -> f64 {
        OFFSET + 10.0 * self.gated_power().log10()
    }

    /// Linear gain that brings what was measured to `level_lufs`; 1 for silence.
    pub(super) fn gain_to(&self, level_lufs: f64) -> f64 {
        let power = self.gated_power();
        if power > 0.0 { (power_of(level_lufs) / power).sqrt() } else { 1.0 }
    }
}

fn power_of(lufs: f64) -> f64 {
    exp2((lufs - OFFSET) * (std::f64::consts::LOG2_10 / 10.0))
}

fn mean_above(blocks: &[f64], gate: f64) -> f64 {
    let (sum, n) = blocks
        .iter()
        .filter(|&&power| power > gate)
        .fold((0.0, 0.0), |(sum, n), power| (sum + power, n + 1.0));
    if n > 0.0 { sum / n } else { 0.0 }
}

fn tan_turns(turns: f64) -> f64 {
    sin_turns(turns) / cos_turns(turns)
}

/// First stage of the K weighting: a shelf of +4 dB above 1.7 kHz. The analogue parameters are the
/// ones that reproduce the standard's table at 48 kHz (as in libebur128).
fn shelf(rate_hz: f64) -> Section {
    const Q: f64 = 0.707_175_236_955_419_6;
    const HIGH: f64 = 1.584_864_701_130_855;
    const MIDDLE: f64 = 1.258_720_930_232_562;
    let k = tan_turns(0.5 * 1_681.974_450_955_533 / rate_hz);
    let a0 = 1.0 + k / Q + k * k;
    Section::new(
        [
            (HIGH + MIDDLE * k / Q + k * k) / a0,
            2.0 * (k * k - HIGH) / a0,
            (HIGH - MIDDLE * k / Q + k * k) / a0,
        ],
        [2.0 * (k * k - 1.0) / a0, (1.0 - k / Q + k * k) / a0],
    )
}

/// Second stage: a high-pass at 38 Hz.
fn high_pass(rate_hz: f64) -> Section {
    const Q: f64 = 0.500_327_037_323_877_3;
    let k = tan_turns(0.5 * 38.135_470_876_024_44 / rate_hz);
    let a0 = 1.0 + k / Q + k * k;
    Section::new([1.0, -2.0, 1.0], [2.0 * (k * k - 1.0) / a0, (1.0 - k / Q + k * k) / a0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_have_the_coefficients_of_the_standard() {
        // ITU-R BS.1770-4, tables 1 and 2, at 48 kHz.
        let s = shelf(48_000.0);
        let expected = [1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85];
        for (got, expected) in s.b.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-9, "{got} {expected}");
        }
        let h = high_pass(48_000.0);
        assert!((h.a[0] + 1.990_047_454_833_98).abs() < 1e-9);
        assert!((h.a[1] - 0.990_072_250_366_21).abs() < 1e-9);
    }

    #[test]
    fn sine_in_one_channel_reads_as_the_standard_says() {
        // BS.1770-4: a 0 dBFS, 997 Hz sine in one channel reads -3.01 LKFS.
        let x: Vec<f32> = (0..48_000 * 5)
            .map(|i| (std::f64::consts::TAU * 997.0 * f64::from(i) / 48_000.0).sin() as f32)
            .collect();
        let mut meter = LoudnessMeter::new(48_000);
        meter.push(&x, &vec![0.0; x.len()]);
        assert!((meter.integrated_lufs() + 3.01).abs() < 0.01, "{}", meter.integrated_lufs());
    }
}
