//! Pitch classes: spectral peaks and the tuning they agree on.
//!
//! A pitch class profile of peaks (Gómez 2006, "Tonal description of music audio signals") instead
//! of bins, so that noise and the window's width count little. Overtones are not folded down to
//! possible fundamentals: every third partial would vote for the key a fifth below. Kept at 10
//! cents so that the tuning can be applied at the end.

use clx_signal::stft::Stft;
use clx_signal::{SampleRate, SignalError};

use crate::decimate::Decimator;
use crate::frames::Framer;

/// Steps per octave: 10 cents.
pub(crate) const STEPS: usize = 120;
/// C2 to C6: below, semitones are narrower than the window's main lobe; above, there are hardly any
/// fundamentals but overtones, which vote for the dominant.
const FMIN_HZ: f64 = 65.0;
const FMAX_HZ: f64 = 1_050.0;
/// Peaks weaker than this against the frame's strongest are left out (-50 dB).
const PEAK_RANGE: f32 = 3e-3;

#[derive(Debug)]
pub(crate) struct ChromaMeter {
    decimator: Decimator,
    decimated: Vec<f32>,
    framer: Framer,
    stft: Stft,
    rate_hz: f64,
    magnitude: Vec<f32>,
    profile: [f64; STEPS],
    /// Sum of unit vectors of the peaks' deviation from equal temperament at 440 Hz.
    deviation: (f64, f64),
    weight: f64,
    n_frames: u64,
    /// Twelve classes since the last [`take`](Self::take).
    recent: [f64; 12],
}

impl ChromaMeter {
    pub(crate) fn new(rate: SampleRate) -> Result<Self, SignalError> {
        let factor = (rate.hz() / 11_025.0).floor().max(1.0) as usize;
        let rate_hz = rate.hz() / factor as f64;
        // The power of two nearest to 0.37 s (4,096 at 11,025 Hz): 2.7 Hz bins part the semitones
        // from 65 Hz up.
        let n_fft = 1_usize << (rate_hz * 0.3715).log2().round().clamp(5.0, 15.0) as u32;
        Ok(Self {
            decimator: Decimator::new(factor),
            decimated: Vec::new(),
            framer: Framer::new(n_fft, n_fft / 2),
            stft: Stft::new(n_fft)?,
            rate_hz,
            magnitude: vec![0.0; n_fft / 2 + 1],
            profile: [0.0; STEPS],
            deviation: (0.0, 0.0),
            weight: 0.0,
            n_frames: 0,
            recent: [0.0; 12],
        })
    }

    pub(crate) fn push(&mut self, mono: &[f32]) {
        let mut decimated = std::mem::take(&mut self.decimated);
        self.decimator.push(mono, &mut decimated);
        self.cut(|framer, each| framer.push(&decimated, each));
        self.decimated = decimated;
    }

    pub(crate) fn flush(&mut self) {
        self.cut(|framer, each| framer.finish(each));
    }

    /// The classes gathered since the last call, unit sum, or zeros.
    pub(crate) fn take(&mut self) -> [f64; 12] {
        let recent = std::mem::take(&mut self.recent);
        let sum: f64 = recent.iter().sum();
        if sum > 0.0 { recent.map(|x| x / sum) } else { recent }
    }

    fn cut(&mut self, feed: impl FnOnce(&mut Framer, &mut dyn FnMut(&[f32]))) {
        let n_fft = self.stft.n_fft();
        let mut framer = std::mem::replace(&mut self.framer, Framer::new(n_fft, n_fft / 2));
        feed(&mut framer, &mut |samples| self.frame(samples));
        self.framer = framer;
    }

    fn frame(&mut self, samples: &[f32]) {
        let bins = self.stft.transform(samples);
        for (m, bin) in self.magnitude.iter_mut().zip(bins) {
            *m = bin.norm();
        }
        let bin_hz = self.rate_hz / self.stft.n_fft() as f64;
        let first = (FMIN_HZ / bin_hz).ceil() as usize;
        let last = ((FMAX_HZ / bin_hz) as usize).min(self.magnitude.len().saturating_sub(2));
        let loudest = self.magnitude.iter().copied().fold(0.0, f32::max);
        // 1e-4 of a full-scale sine: below lies what dither and coding leave.
        let audible = 1e-4 * self.stft.n_fft() as f32 / 4.0;
        if first >= last || loudest < audible {
            return;
        }
        self.n_frames += 1;
        // Loud passages count more, by the root only: a bang must not outvote the piece.
        let frame_weight = f64::from(loudest).sqrt();
        for i in first..=last {
            let (a, b, c) = (self.magnitude[i - 1], self.magnitude[i], self.magnitude[i + 1]);
            if b <= a || b < c || b < loudest * PEAK_RANGE {
                continue;
            }
            let (offset, height) = parabola(a, b, c);
            let f = (i as f64 + offset) * bin_hz;
            self.add_peak(f, (height / f64::from(loudest)).sqrt() * frame_weight);
        }
    }

    fn add_peak(&mut self, f: f64, weight: f64) {
        let semitones = 12.0 * (f / 440.0).log2();
        let angle = std::f64::consts::TAU * semitones;
        self.deviation.0 += weight * angle.cos();
        self.deviation.1 += weight * angle.sin();
        self.weight += weight;
        // From C: A4 is nine semitones above.
        let class = semitones + 9.0;
        let step = class.rem_euclid(12.0) * (STEPS as f64 / 12.0);
        let low = step.floor();
        let part = step - low;
        self.profile[low as usize % STEPS] += weight * (1.0 - part);
        self.profile[(low as usize + 1) % STEPS] += weight * part;
        self.recent[class.round().rem_euclid(12.0) as usize % 12] += weight;
    }

    pub(crate) fn finish(&self) -> Chroma {
        let (x, y) = self.deviation;
        let agreement = if self.weight > 0.0 { x.hypot(y) / self.weight } else { 0.0 };
        // With peaks spread evenly there is no tuning to correct.
        let tuning_cents =
            if agreement > 0.05 { y.atan2(x) / std::f64::consts::TAU * 100.0 } else { 0.0 };
        let mut classes = [0.0; 12];
        for (step, value) in self.profile.iter().enumerate() {
            let semitones = (step as f64 * 10.0 - tuning_cents) / 100.0;
            for (class, sum) in classes.iter_mut().enumerate() {
                let distance = (semitones - class as f64 + 6.0).rem_euclid(12.0) - 6.0;
                if distance.abs() < 0.5 {
                    *sum += value * (std::f64::consts::PI * distance).cos().powi(2);
                }
            }
        }
        let sum: f64 = classes.iter().sum();
        if sum > 0.0 {
            classes.iter_mut().for_each(|c| *c /= sum);
        }
        Chroma { classes, tuning_cents, agreement, n_frames: self.n_frames }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Chroma {
    /// C first, unit sum (zeros when nothing sounded).
    pub(crate) classes: [f64; 12],
    pub(crate) tuning_cents: f64,
    /// How far the peaks agree on one tuning, 0..=1.
    pub(crate) agreement: f64,
    pub(crate) n_frames: u64,
}

/// Place (±0.5) and height of the maximum of a parabola through three points.
fn parabola(a: f32, b: f32, c: f32) -> (f64, f64) {
    let (a, b, c) = (f64::from(a), f64::from(b), f64::from(c));
    let curve = a - 2.0 * b + c;
    if curve >= 0.0 {
        return (0.0, b);
    }
    let offset = (0.5 * (a - c) / curve).clamp(-0.5, 0.5);
    (offset, b - 0.25 * (a - c) * offset)
}
