use clx_signal::SampleRate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::QualityParams;
use crate::{LiveError, Ring};

/// Equal samples in a row at the highest or lowest value of the window that count as clipped, as in
/// the overview's quality.
const CLIP_RUN: usize = 3;

/// How far a channel's figures of a window can be trusted.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    Good,
    /// Use with care: artifact, clipping, some samples missing.
    Poor,
    /// There is no signal to speak of.
    Unusable,
}

/// Why a channel is not good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Missing,
    Flat,
    Clipped,
    Loud,
}

/// One channel in one window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChannelQuality {
    pub grade: Grade,
    pub reasons: Vec<Reason>,
    /// Share of the samples that were missing or not finite, 0..=1.
    pub missing_share: f64,
    /// Share of the samples within a flat line, 0..=1.
    pub flat_share: f64,
    /// Share of the samples stuck at the window's highest or lowest value, 0..=1.
    pub clipped_share: f64,
    /// From the lowest to the highest cleaned sample, µV.
    pub peak_to_peak_uv: f64,
    /// Root mean square of the cleaned samples, µV.
    pub rms_uv: f64,
}

/// The last raw samples, as many as ASR may still hold back and a window before them.
#[derive(Clone, Debug)]
pub(crate) struct RawWindow {
    ring: Ring,
    window: usize,
}

impl RawWindow {
    pub(crate) fn new(
        n_channels: usize,
        window: usize,
        capacity: usize,
    ) -> Result<Self, LiveError> {
        Ok(Self { ring: Ring::new(n_channels, capacity)?, window })
    }

    pub(crate) fn push(&mut self, block: &[Vec<f32>]) {
        self.ring.push(block).expect("the block was checked");
    }

    /// Raw samples of the window that ends before sample number `end`.
    pub(crate) fn ending_at(&self, end: u64) -> Vec<Vec<f32>> {
        self.ring.read_from(end.saturating_sub(self.window as u64), self.window).channels
    }
}

/// Judges a channel by its raw and its cleaned samples of the same window.
pub(crate) fn judge(
    raw: &[f32],
    clean: &[f32],
    rate: SampleRate,
    params: &QualityParams,
) -> ChannelQuality {
    let n = raw.len().max(1) as f64;
    let n_missing = raw.iter().filter(|v| !v.is_finite()).count();
    let (n_flat, n_clipped) = flat_and_clipped(raw, rate.samples(params.flat_s).max(CLIP_RUN + 1));
    let (low, high) = clean
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &v| (l.min(v.into()), h.max(v.into())));
    let power: f64 = clean.iter().map(|&v| f64::from(v) * f64::from(v)).sum();
    let peak_to_peak_uv = (high - low).max(0.0) * 1e6;
    let mut quality = ChannelQuality {
        grade: Grade::Good,
        reasons: Vec::new(),
        missing_share: n_missing as f64 / n,
        flat_share: n_flat as f64 / n,
        clipped_share: n_clipped as f64 / n,
        peak_to_peak_uv,
        rms_uv: (power / clean.len().max(1) as f64).sqrt() * 1e6,
    };
    let mut blame = |grade: Grade, reason| {
        quality.grade = quality.grade.max(grade);
        quality.reasons.push(reason);
    };
    let severity = |share: f64| if share > 0.5 { Grade::Unusable } else { Grade::Poor };
    if quality.missing_share > params.max_missing_share {
        blame(severity(quality.missing_share), Reason::Missing);
    }
    if n_flat > 0 {
        blame(severity(n_flat as f64 / n), Reason::Flat);
    }
    if n_clipped > 0 {
        blame(Grade::Poor, Reason::Clipped);
    }
    if peak_to_peak_uv > params.max_peak_to_peak_uv {
        blame(Grade::Poor, Reason::Loud);
    }
    quality
}

/// Samples in runs of equal ones: long ones are flat, shorter ones at an extreme clipped.
fn flat_and_clipped(raw: &[f32], flat_len: usize) -> (usize, usize) {
    let finite = raw.iter().copied().filter(|v| v.is_finite());
    let (low, high) =
        finite.fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let (mut n_flat, mut n_clipped) = (0, 0);
    for run in raw.chunk_by(|a, b| a == b).filter(|run| run[0].is_finite()) {
        if run.len() >= flat_len {
            n_flat += run.len();
        } else if run.len() >= CLIP_RUN && (run[0] == low || run[0] == high) {
            n_clipped += run.len();
        }
    }
    (n_flat, n_clipped)
}

#[cfg(test)]
mod tests {
    use clx_signal::synth;

    use super::*;

    #[track_caller]
    fn check(raw: &[f32], grade: Grade, reasons: &[Reason]) {
        let rate = SampleRate::from_hz(250.0).unwrap();
        let clean: Vec<f32> = raw.iter().map(|v| if v.is_finite() { *v } else { 0.0 }).collect();
        let quality = judge(raw, &clean, rate, &QualityParams::default());
        assert_eq!((quality.grade, &quality.reasons[..]), (grade, reasons), "{quality:?}");
    }

    fn noise() -> Vec<f32> {
        synth::white(SampleRate::from_hz(250.0).unwrap(), 10e-6, 2.0, 3)
    }

    #[test]
    fn noise_of_ten_microvolts_is_good() {
        check(&noise(), Grade::Good, &[]);
    }

    #[test]
    fn silence_is_unusable() {
        check(&[0.0; 500], Grade::Unusable, &[Reason::Flat]);
    }

    #[test]
    fn missing_samples_are_poor_and_many_unusable() {
        let mut x = noise();
        x[..100].fill(f32::NAN);
        check(&x, Grade::Poor, &[Reason::Missing]);
        x.fill(f32::NAN);
        check(&x, Grade::Unusable, &[Reason::Missing]);
    }

    #[test]
    fn clipping_is_poor() {
        let clipped: Vec<f32> = noise().iter().map(|v| v.clamp(-8e-6, 2e-6)).collect();
        check(&clipped, Grade::Poor, &[Reason::Clipped]);
    }

    #[test]
    fn a_pop_is_loud() {
        let mut x = noise();
        x[250] = 500e-6;
        check(&x, Grade::Poor, &[Reason::Loud]);
    }
}
