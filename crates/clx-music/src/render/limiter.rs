//! Look-ahead limiter that sees the peaks between samples.

use std::collections::VecDeque;

use super::BLOCK;
use crate::math::from_db;

/// Frames the limiter looks ahead, and over which its gain moves: 20 ms at 44.1 kHz.
const REACH: usize = 882;
const TAPS: usize = 12;
/// Half the filter: a peak found at frame `n` concerns the frames around `n - TAPS / 2`.
const CENTRE: usize = TAPS / 2;
/// No interpolated value exceeds the largest sample around it by more than this factor: the largest
/// sum of absolute taps of a phase is 2.02 (checked by a test).
const OVERSHOOT: f32 = 2.1;

/// The four-fold interpolation filter of ITU-R BS.1770-4 annex 2, by phase.
const PHASES: [[f32; TAPS]; 4] = [
    [
        0.001_708_984_4,
        0.010_986_328,
        -0.019_653_32,
        0.033_203_125,
        -0.059_448_242,
        0.137_329_1,
        0.972_167_97,
        -0.102_294_92,
        0.047_607_422,
        -0.026_611_328,
        0.014_892_578,
        -0.008_300_781,
    ],
    [
        -0.029_174_805,
        0.029_296_875,
        -0.051_757_813,
        0.089_111_33,
        -0.166_503_9,
        0.465_087_9,
        0.779_785_16,
        -0.200_317_38,
        0.101_562_5,
        -0.058_227_54,
        0.033_081_055,
        -0.018_920_898,
    ],
    [
        -0.018_920_898,
        0.033_081_055,
        -0.058_227_54,
        0.101_562_5,
        -0.200_317_38,
        0.779_785_16,
        0.465_087_9,
        -0.166_503_9,
        0.089_111_33,
        -0.051_757_813,
        0.029_296_875,
        -0.029_174_805,
    ],
    [
        -0.008_300_781,
        0.014_892_578,
        -0.026_611_328,
        0.047_607_422,
        -0.102_294_92,
        0.972_167_97,
        0.137_329_1,
        -0.059_448_242,
        0.033_203_125,
        -0.019_653_32,
        0.010_986_328,
        0.001_708_984_4,
    ],
];

/// Keeps peaks between samples below a ceiling, without distortion where nothing exceeds it.
///
/// Where a peak exceeds the ceiling, the needed gain is held for [`REACH`] frames before and
/// averaged over as many, so the gain arrives in time and moves smoothly. Output has no delay
/// against the input: [`Limiter::finish`] delivers what was looked ahead at.
#[derive(Debug)]
pub(super) struct Limiter {
    ceiling: f32,
    /// Input not yet delivered, preceded by `TAPS` frames of context.
    left: Vec<f32>,
    right: Vec<f32>,
    /// Gain needed, from `REACH + CENTRE` frames before the next delivered one on.
    needed: VecDeque<f32>,
    /// Frames of `needed` that ask for a reduction.
    n_reduced: usize,
    /// The last frames delivered, for peaks across the seams.
    tails: [Vec<f32>; 2],
    highest: f32,
    lowest_gain: f32,
}

impl Limiter {
    pub(super) fn new(ceiling_db: f64) -> Self {
        Self {
            ceiling: from_db(ceiling_db) as f32,
            left: vec![0.0; TAPS],
            right: vec![0.0; TAPS],
            needed: VecDeque::from(vec![1.0; REACH]),
            n_reduced: 0,
            tails: [Vec::new(), Vec::new()],
            highest: 0.0,
            lowest_gain: 1.0,
        }
    }

    /// Takes a block and appends the frames that are ready.
    pub(super) fn push(
        &mut self,
        left: &[f32; BLOCK],
        right: &[f32; BLOCK],
        out_left: &mut Vec<f32>,
        out_right: &mut Vec<f32>,
    ) {
        self.left.extend_from_slice(left);
        self.right.extend_from_slice(right);
        self.detect();
        self.deliver(out_left, out_right);
    }

    /// Appends the remaining frames; silence is assumed behind them.
    pub(super) fn finish(&mut self, out_left: &mut Vec<f32>, out_right: &mut Vec<f32>) {
        for _ in 0..(2 * REACH).div_ceil(BLOCK) + 1 {
            self.push(&[0.0; BLOCK], &[0.0; BLOCK], out_left, out_right);
        }
    }

    /// Highest peak between samples of what was delivered, dB.
    pub(super) fn true_peak_db(&self) -> f64 {
        20.0 * f64::from(self.highest).log10()
    }

    pub(super) fn reduction_db(&self) -> f64 {
        -20.0 * f64::from(self.lowest_gain).log10()
    }

    /// Computes the gain needed by the last block of frames.
    fn detect(&mut self) {
        let from = self.left.len() - BLOCK - (TAPS - 1);
        let (left, right) = (&self.left[from..], &self.right[from..]);
        if peak_of(left).max(peak_of(right)) * OVERSHOOT <= self.ceiling {
            self.needed.extend(std::iter::repeat_n(1.0, BLOCK));
            return;
        }
        for (l, r) in left.windows(TAPS).zip(right.windows(TAPS)) {
            let peak = interpolated_peak(l).max(interpolated_peak(r));
            let gain = if peak > self.ceiling { self.ceiling / peak } else { 1.0 };
            self.n_reduced += usize::from(gain < 1.0);
            self.needed.push_back(gain);
        }
    }

    fn deliver(&mut self, out_left: &mut Vec<f32>, out_right: &mut Vec<f32>) {
        // `needed[i]` belongs to the frame `i - REACH - CENTRE` counted from the next delivered one,
        // and `REACH` frames ahead must be known to hold the minimum.
        let n = (self.left.len() - TAPS).min(self.needed.len().saturating_sub(2 * REACH + CENTRE));
        let from = out_left.len();
        out_left.extend_from_slice(&self.left[TAPS..TAPS + n]);
        out_right.extend_from_slice(&self.right[TAPS..TAPS + n]);
        if self.n_reduced > 0 {
            let gains = self.smooth(n);
            for ((l, r), &g) in out_left[from..].iter_mut().zip(&mut out_right[from..]).zip(&gains)
            {
                *l *= g;
                *r *= g;
                self.lowest_gain = self.lowest_gain.min(g);
            }
        }
        self.note_peak(0, &out_left[from..]);
        self.note_peak(1, &out_right[from..]);
        self.left.drain(..n);
        self.right.drain(..n);
        let gone = self.needed.drain(..n);
        self.n_reduced -= gone.filter(|&g| g < 1.0).count();
    }

    /// The gain of the next `n` frames: minimum over the reach ahead, mean over the reach behind.
    fn smooth(&self, n: usize) -> Vec<f32> {
        let needed: Vec<f32> = self.needed.iter().copied().collect();
        let needed = &needed[CENTRE..];
        let held: Vec<f32> = (0..n + REACH)
            .map(|i| needed[i..=i + REACH].iter().fold(1.0_f32, |m, &g| m.min(g)))
            .collect();
        held.windows(REACH + 1)
            .map(|w| (w.iter().map(|&g| f64::from(g)).sum::<f64>() / w.len() as f64) as f32)
            .take(n)
            .collect()
    }

    /// Interpolates only where a new maximum is possible.
    fn note_peak(&mut self, channel: usize, delivered: &[f32]) {
        let mut x = std::mem::take(&mut self.tails[channel]);
        x.extend_from_slice(delivered);
        for start in (0..x.len()).step_by(256) {
            let chunk = &x[start..(start + 256 + TAPS - 1).min(x.len())];
            let peak = peak_of(chunk);
            if peak * OVERSHOOT > self.highest {
                let between = chunk.windows(TAPS).map(interpolated_peak).fold(peak, f32::max);
                self.highest = self.highest.max(between);
            }
        }
        x.drain(..x.len().saturating_sub(TAPS - 1));
        self.tails[channel] = x;
    }
}

fn peak_of(x: &[f32]) -> f32 {
    x.iter().fold(0.0, |peak, v| peak.max(v.abs()))
}

fn interpolated_peak(x: &[f32]) -> f32 {
    PHASES.iter().fold(0.0, |peak, taps| {
        let y: f32 = taps.iter().zip(x).map(|(h, v)| h * v).sum();
        peak.max(y.abs())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(x: &[f32]) -> (Vec<f32>, Limiter) {
        let mut limiter = Limiter::new(-1.0);
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for chunk in x.chunks(BLOCK) {
            let mut block = [0.0; BLOCK];
            block[..chunk.len()].copy_from_slice(chunk);
            limiter.push(&block, &block, &mut left, &mut right);
        }
        limiter.finish(&mut left, &mut right);
        left.truncate(x.len());
        (left, limiter)
    }

    #[test]
    fn filter_gain_is_what_the_shortcut_assumes() {
        for taps in PHASES {
            assert!(taps.iter().map(|t| t.abs()).sum::<f32>() <= OVERSHOOT);
        }
    }

    #[test]
    fn quiet_sound_passes_unchanged_and_in_time() {
        let x: Vec<f32> = (0..5_000).map(|i| 0.7 * (i as f32 * 0.05).sin()).collect();
        let (y, limiter) = limit(&x);
        assert_eq!(x, y);
        assert_eq!(limiter.reduction_db(), 0.0);
    }

    #[test]
    fn a_peak_between_samples_is_found_and_held_down() {
        // A quarter-rate sine at 45 degrees has samples at 0.707 of its peak (EBU Tech 3341).
        let x: Vec<f32> = (0..20_000)
            .map(|i| {
                let level = if (8_000..9_000).contains(&i) { 1.3 } else { 0.3 };
                level * (std::f32::consts::FRAC_PI_2 * i as f32 + std::f32::consts::FRAC_PI_4).sin()
            })
            .collect();
        let (y, limiter) = limit(&x);
        let peak = y.windows(TAPS).map(interpolated_peak).fold(0.0, f32::max);
        assert!(peak <= from_db(-0.95) as f32, "{peak}");
        assert!(limiter.reduction_db() > 2.5);
        assert_eq!(y[..6_000], x[..6_000]);
        assert_eq!(y[12_000..], x[12_000..]);
    }
}
