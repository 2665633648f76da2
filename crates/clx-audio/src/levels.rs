//! Peaks, clipping, offset and the distribution of levels.

use crate::overview::Dynamics;

/// Full scale of 16-bit samples; converters and encoders that clip stop here.
const FULL_SCALE: f32 = 32_767.0 / 32_768.0;
/// Neighbours at full scale that make clipping; single ones occur in normalised music.
const MIN_RUN: u64 = 3;
/// Frames below this are silence.
pub(crate) const SILENCE_DBFS: f64 = -60.0;
/// Lowest level reported; digital silence has none.
pub(crate) const FLOOR_DBFS: f64 = -120.0;
const STEPS_PER_DB: f64 = 10.0;
const TOP_DBFS: f64 = 40.0;

#[derive(Clone, Debug, Default)]
struct Channel {
    sum: f64,
    power: f64,
    peak: f32,
    /// Length and sign of the run at full scale that is under way.
    run: u64,
    positive: bool,
    clipped: u64,
}

impl Channel {
    fn push(&mut self, samples: &[f32]) {
        for &x in samples {
            self.sum += f64::from(x);
            self.power += f64::from(x) * f64::from(x);
            self.peak = self.peak.max(x.abs());
            if x.abs() >= FULL_SCALE && (self.run == 0 || (x > 0.0) == self.positive) {
                self.run += 1;
                self.positive = x > 0.0;
                self.clipped += match self.run {
                    MIN_RUN => MIN_RUN,
                    run => u64::from(run > MIN_RUN),
                };
            } else {
                self.run = u64::from(x.abs() >= FULL_SCALE);
                self.positive = x > 0.0;
            }
        }
    }
}

#[derive(Debug)]
pub(crate) struct Levels {
    channels: Vec<Channel>,
    n_frames: u64,
    /// Frames of the level track by tenths of a decibel above the floor.
    histogram: Vec<u64>,
}

impl Levels {
    pub(crate) fn new(n_channels: usize) -> Self {
        let n_bins = ((TOP_DBFS - FLOOR_DBFS) * STEPS_PER_DB) as usize + 1;
        Self {
            channels: vec![Channel::default(); n_channels],
            n_frames: 0,
            histogram: vec![0; n_bins],
        }
    }

    pub(crate) fn push(&mut self, block: &[Vec<f32>]) {
        for (channel, samples) in self.channels.iter_mut().zip(block) {
            channel.push(samples);
        }
        self.n_frames += block[0].len() as u64;
    }

    /// Counts one frame of the level track, mean power of all channels.
    pub(crate) fn frame(&mut self, power: f64) {
        let bin = ((level_db(power) - FLOOR_DBFS) * STEPS_PER_DB).round() as usize;
        let last = self.histogram.len() - 1;
        self.histogram[bin.min(last)] += 1;
    }

    fn n_samples(&self) -> f64 {
        (self.n_frames * self.channels.len() as u64) as f64
    }

    pub(crate) fn peak(&self) -> f64 {
        f64::from(self.channels.iter().map(|c| c.peak).fold(0.0, f32::max))
    }

    /// Mean square of all samples.
    pub(crate) fn power(&self) -> f64 {
        self.channels.iter().map(|c| c.power).sum::<f64>() / self.n_samples().max(1.0)
    }

    /// Largest offset of a channel from zero.
    pub(crate) fn offset(&self) -> f64 {
        let n = (self.n_frames as f64).max(1.0);
        self.channels.iter().map(|c| (c.sum / n).abs()).fold(0.0, f64::max)
    }

    pub(crate) fn dynamics(&self) -> Dynamics {
        let (peak, power) = (self.peak(), self.power());
        let crest_db = (power > 0.0).then(|| 10.0 * (peak * peak / power).log10());
        let clipped: u64 = self.channels.iter().map(|c| c.clipped).sum();
        let silent_bins = ((SILENCE_DBFS - FLOOR_DBFS) * STEPS_PER_DB) as usize;
        let silent: u64 = self.histogram[..silent_bins].iter().sum();
        let total: u64 = self.histogram.iter().sum();
        Dynamics {
            crest_db,
            level_range_db: self.level_range_db(silent_bins, total - silent),
            silence_share: silent as f64 / total.max(1) as f64,
            clipped_share: clipped as f64 / self.n_samples().max(1.0),
        }
    }

    fn level_range_db(&self, from: usize, n: u64) -> Option<f64> {
        let percentile = |q: f64| {
            let mut left = (q * n as f64).ceil().max(1.0) as u64;
            self.histogram[from..].iter().position(|&count| {
                left = left.saturating_sub(count);
                left == 0
            })
        };
        Some((percentile(0.95)? as f64 - percentile(0.10)? as f64) / STEPS_PER_DB)
    }
}

/// Mean square to dBFS (a full-scale square wave is 0), not below the floor.
pub(crate) fn level_db(power: f64) -> f64 {
    (10.0 * power.max(1e-30).log10()).clamp(FLOOR_DBFS, TOP_DBFS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_three_at_full_scale_are_clipping_across_blocks() {
        let mut levels = Levels::new(1);
        levels.push(&[vec![0.0, 1.0, 1.0]]);
        levels.push(&[vec![1.0, 1.0, 0.5, 1.0, 1.0, -1.0, -1.0]]);
        // Four of ten samples; the pairs of opposite sign do not count.
        assert!((levels.dynamics().clipped_share - 0.4).abs() < 1e-12);
    }

    #[test]
    fn square_wave_has_no_crest_and_sine_three_decibels() {
        let mut square = Levels::new(1);
        square.push(&[(0..1_000).map(|i| if i % 10 < 5 { 0.5 } else { -0.5 }).collect()]);
        assert!(square.dynamics().crest_db.unwrap().abs() < 1e-9);
        let mut sine = Levels::new(1);
        let tau = std::f32::consts::TAU;
        sine.push(&[(0..48_000).map(|i| (tau * i as f32 / 480.0).sin()).collect()]);
        assert!((sine.dynamics().crest_db.unwrap() - 3.0103).abs() < 1e-3);
    }

    #[test]
    fn level_range_ignores_silence() {
        let mut levels = Levels::new(1);
        levels.push(&[vec![0.1]]);
        // 50 frames of silence, 40 at -40 dBFS, 60 at -10 dBFS.
        (0..50).for_each(|_| levels.frame(0.0));
        (0..40).for_each(|_| levels.frame(1e-4));
        (0..60).for_each(|_| levels.frame(1e-1));
        let dynamics = levels.dynamics();
        assert!((dynamics.level_range_db.unwrap() - 30.0).abs() < 0.11);
        assert!((dynamics.silence_share - 1.0 / 3.0).abs() < 1e-12);
    }
}
