//! The part of a recording that is analysed, and reading it.

use clx_formats::RecordingReader;
use clx_signal::{Annotation, Gap, SampleRate};

use crate::{AnalysisError, Context};

/// Samples held in memory at most: 2 GiB of them.
const MOST_SAMPLES: u64 = 1 << 29;
/// Seconds read between two looks at whether the run was given up.
const BLOCK_S: f64 = 10.0;

/// The part of the recording that is analysed.
pub(crate) struct Stretch {
    pub(crate) tmin_s: f64,
    duration_s: f64,
    /// Seconds from the start of the stretch.
    pub(crate) gaps: Vec<Gap>,
}

impl Stretch {
    pub(crate) fn of(
        reader: &RecordingReader,
        [tmin_s, tmax_s]: [Option<f64>; 2],
        rate: SampleRate,
        n_channels: usize,
    ) -> Result<Self, AnalysisError> {
        let total_s = reader.header().duration_s;
        let tmin_s = tmin_s.unwrap_or(0.0);
        let tmax_s = tmax_s.unwrap_or(total_s).min(total_s);
        if !(0.0..total_s.max(f64::MIN_POSITIVE)).contains(&tmin_s) || tmax_s <= tmin_s {
            return Err(AnalysisError::Params(format!(
                "tmin_s and tmax_s must lie within the recording of {total_s} s, got {tmin_s} to {tmax_s} s"
            )));
        }
        let duration_s = tmax_s - tmin_s;
        let n = (duration_s * rate.hz()) as u64 * n_channels as u64;
        if n > MOST_SAMPLES {
            return Err(AnalysisError::Input(format!(
                "{n_channels} channels of {duration_s:.0} s at {} Hz do not fit into {} GiB of memory; \
                 analyse fewer channels or a stretch (tmin_s, tmax_s) of up to {:.0} s",
                rate.hz(),
                MOST_SAMPLES >> 28,
                MOST_SAMPLES as f64 / rate.hz() / n_channels as f64
            )));
        }
        let inside = |gap: &&Gap| gap.at_s > tmin_s && gap.at_s < tmax_s;
        let gaps = reader.header().gaps.iter().filter(inside);
        let gaps = gaps.map(|gap| Gap { at_s: gap.at_s - tmin_s, ..*gap }).collect();
        Ok(Self { tmin_s, duration_s, gaps })
    }

    pub(crate) fn n_samples(&self, rate: SampleRate) -> usize {
        rate.samples(self.duration_s)
    }

    /// Samples at which the recording was interrupted.
    pub(crate) fn breaks(&self, rate: SampleRate) -> Vec<usize> {
        self.gaps.iter().map(|gap| rate.samples(gap.at_s)).collect()
    }

    pub(crate) fn annotations(&self, all: Vec<Annotation>) -> Vec<Annotation> {
        let moved = |a: Annotation| Annotation { onset_s: a.onset_s - self.tmin_s, ..a };
        let ends = |a: &Annotation| a.onset_s + a.duration_s.unwrap_or(0.0);
        let inside = |a: &Annotation| ends(a) >= 0.0 && a.onset_s < self.duration_s;
        all.into_iter().map(moved).filter(inside).collect()
    }
}

/// Samples of channels of one rate; progress goes from `start` to `end`.
pub(crate) fn read(
    reader: &mut RecordingReader,
    picks: &[usize],
    stretch: &Stretch,
    cx: &Context<'_>,
    [start, end]: [f64; 2],
) -> Result<Vec<Vec<f32>>, AnalysisError> {
    let mut samples = vec![Vec::new(); picks.len()];
    let n_blocks = (stretch.duration_s / BLOCK_S).ceil() as usize;
    for block in 0..n_blocks {
        cx.step(start + (end - start) * block as f64 / n_blocks as f64, "reading")?;
        let from_s = block as f64 * BLOCK_S;
        let until_s = stretch.duration_s.min(from_s + BLOCK_S);
        let block = reader.read_block(picks, stretch.tmin_s + from_s, until_s - from_s)?;
        samples.iter_mut().zip(block.samples).for_each(|(all, new)| all.extend(new));
    }
    let n = samples.iter().map(Vec::len).min().unwrap_or(0);
    if n == 0 {
        return Err(clx_eeg::EegError::NoSample.into());
    }
    samples.iter_mut().for_each(|x| x.truncate(n));
    Ok(samples)
}
