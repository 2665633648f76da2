//! Stretches of time that should not be used: too large, muscle, blinks, jumps, flat, missing.
//!
//! Each comes with a score that says how clearly, and turns into an annotation whose text starts with
//! `BAD_`, which MNE and EEGLAB leave out. Offline: filters are zero-phase.

use clx_signal::fir::{self, Edge, OverlapSave};
use clx_signal::{Annotation, Finding, SampleRate, Severity, SignalError, stats};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EegError;
use crate::spatial::common_len;

mod muscle;

pub use muscle::muscle_scores;

/// Pass band in which blinks are sought, hertz; that of `mne.preprocessing.find_eog_events`.
const BLINK_BAND_HZ: [f64; 2] = [1.0, 10.0];
/// A blink lasts from here to here between the points of half its height, seconds.
/// VanderWerf et al. 2003, J. Neurophysiol. 89:2784-2796, with room for the filter.
const BLINK_S: [f64; 2] = [0.05, 0.6];

/// Settings; a criterion that is absent is not applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SegmentParams {
    /// Largest peak-to-peak amplitude of a channel within `window_s`, volts.
    pub peak_to_peak_v: Option<f64>,
    /// Windows of the amplitude, seconds.
    pub window_s: f64,
    /// Muscle score (see [`muscle_scores`]) above which a stretch is bad.
    pub muscle_z: Option<f64>,
    /// Band of muscle activity, hertz.
    pub muscle_hz: [f64; 2],
    /// Robust z-score of a blink at the frontal channels.
    pub blink_z: Option<f64>,
    /// Least height of a blink, volts.
    pub blink_v: f64,
    /// Largest difference between successive samples of a channel, volts.
    pub jump_v: Option<f64>,
    /// Longest time for which a channel may stay within `flat_v`, seconds.
    pub flat_s: Option<f64>,
    /// Largest distance from its first sample of a flat stretch, volts.
    pub flat_v: f64,
    /// Good stretches shorter than this between two bad ones of a kind are bad too, seconds.
    pub min_good_s: f64,
}

impl Default for SegmentParams {
    fn default() -> Self {
        Self {
            peak_to_peak_v: Some(200e-6),
            window_s: 1.0,
            muscle_z: Some(4.0),
            muscle_hz: [110.0, 140.0],
            blink_z: Some(5.0),
            blink_v: 50e-6,
            jump_v: Some(100e-6),
            flat_s: Some(1.0),
            flat_v: 1e-8,
            min_good_s: 0.1,
        }
    }
}

/// What is wrong with a stretch.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    /// A channel swings too far. Score: the largest swing over the limit.
    Amplitude,
    /// Score: the largest muscle score.
    Muscle,
    /// Score: its height as a robust z-score.
    Blink,
    /// A channel steps from one sample to the next. Score: the step over the limit.
    Jump,
    /// A channel does not change. Score: the duration over the limit.
    Flat,
    /// A channel has samples that are not finite. Score: how many.
    Missing,
}

/// A stretch of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BadSegment {
    pub kind: SegmentKind,
    pub onset_s: f64,
    pub duration_s: f64,
    /// How clearly; 1 or the threshold is the least that is reported, see [`SegmentKind`].
    pub score: f64,
    /// Index of the channel that gave the score; absent for blinks and muscle.
    pub channel: Option<usize>,
}

impl BadSegment {
    /// `BAD_muscle`, `BAD_blink`, and so on, over all channels.
    pub fn annotation(&self) -> Annotation {
        let kind = match self.kind {
            SegmentKind::Amplitude => "amplitude",
            SegmentKind::Muscle => "muscle",
            SegmentKind::Blink => "blink",
            SegmentKind::Jump => "jump",
            SegmentKind::Flat => "flat",
            SegmentKind::Missing => "missing",
        };
        Annotation {
            onset_s: self.onset_s,
            duration_s: Some(self.duration_s),
            text: format!("BAD_{kind}"),
            channel: None,
        }
    }
}

/// Stretches in order of their onset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BadSegments {
    pub segments: Vec<BadSegment>,
    /// Share of the time in any of them, 0..=1.
    pub bad_share: f64,
    /// What could not be looked for, and why.
    pub findings: Vec<Finding>,
}

/// Looks for bad stretches.
///
/// `channels`: good EEG channels, volts, high-passed or at least without drifts, equally long.
/// `frontal`: indices of those next to the eyes (Fp1, Fp2); none: blinks are not looked for. A sample
/// that is not finite is taken for the last finite one of its channel by all criteria but its own.
///
/// # Errors
/// [`SignalError::Mismatch`] for unequal lengths; [`SignalError::Parameter`] for settings out of
/// range or a frontal channel that does not exist.
///
/// # Source
/// Muscle as `mne.preprocessing.annotate_muscle_zscore`, checked against MNE 1.13 in
/// `tests/it/segments.rs`; the others by their words.
pub fn find_bad_segments(
    channels: &[Vec<f32>],
    rate: SampleRate,
    frontal: &[usize],
    params: &SegmentParams,
) -> Result<BadSegments, EegError> {
    let n = common_len(channels, channels.len())?;
    params.check(frontal, channels.len())?;
    let mut look = Look { rate, min_good: rate.samples(params.min_good_s), segments: Vec::new() };
    let mut findings = Vec::new();
    let mut held = channels.to_vec();
    for (i, x) in held.iter_mut().enumerate() {
        look.missing(i, x);
        look.single(i, x, params);
    }
    if let Some(limit) = params.muscle_z {
        match muscle_scores(&held, rate, params.muscle_hz)? {
            Some(scores) => look.above(SegmentKind::Muscle, &scores, limit),
            None => findings.push(Finding::new(
                "segments.muscle_not_judged",
                Severity::Info,
                "the sample rate or the length is too low to tell muscle activity",
            )),
        }
    }
    if let (Some(limit), false, true) = (params.blink_z, frontal.is_empty(), n > 1) {
        let picked: Vec<&[f32]> = frontal.iter().map(|&i| &held[i][..]).collect();
        look.blinks(&picked, limit, params.blink_v)?;
    }
    let mut segments = look.segments;
    segments.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s).then(a.kind.cmp(&b.kind)));
    let bad_share = covered_s(&segments) / rate.seconds(n.max(1));
    Ok(BadSegments { segments, bad_share: bad_share.min(1.0), findings })
}

impl SegmentParams {
    fn check(&self, frontal: &[usize], n_channels: usize) -> Result<(), EegError> {
        let positive = |v: f64| v > 0.0 && v.is_finite();
        let limits = [self.peak_to_peak_v, self.muscle_z, self.blink_z, self.jump_v, self.flat_s];
        let [low, high] = self.muscle_hz;
        let ok = limits.into_iter().flatten().all(positive)
            && positive(self.window_s)
            && self.blink_v >= 0.0
            && self.flat_v >= 0.0
            && self.min_good_s >= 0.0
            && positive(low)
            && low < high
            && frontal.iter().all(|&i| i < n_channels);
        if ok {
            return Ok(());
        }
        Err(EegError::Signal(SignalError::Parameter {
            name: "settings of the bad segments",
            expected: "limits above 0, a growing band, frontal channels that exist",
            got: format!("{self:?}, {frontal:?}"),
        }))
    }
}

/// Seconds that lie in at least one segment; they are in order of onset.
fn covered_s(segments: &[BadSegment]) -> f64 {
    let (mut covered, mut end) = (0.0, 0.0_f64);
    for s in segments {
        let stop = s.onset_s + s.duration_s;
        covered += (stop - s.onset_s.max(end)).max(0.0);
        end = end.max(stop);
    }
    covered
}

struct Look {
    rate: SampleRate,
    min_good: usize,
    segments: Vec<BadSegment>,
}

impl Look {
    fn add(&mut self, kind: SegmentKind, at: [usize; 2], score: f64, channel: Option<usize>) {
        let onset_s = self.rate.seconds(at[0]);
        let duration_s = self.rate.seconds(at[1] - at[0]);
        self.segments.push(BadSegment { kind, onset_s, duration_s, score, channel });
    }

    /// Runs of samples for which `is_bad`, joined over short good ones.
    fn runs(&self, n: usize, is_bad: impl Fn(usize) -> bool) -> Vec<[usize; 2]> {
        let mut runs: Vec<[usize; 2]> = Vec::new();
        for t in (0..n).filter(|&t| is_bad(t)) {
            match runs.last_mut() {
                Some(run) if t - run[1] < self.min_good || t == run[1] => run[1] = t + 1,
                _ => runs.push([t, t + 1]),
            }
        }
        runs
    }

    fn above(&mut self, kind: SegmentKind, scores: &[f64], limit: f64) {
        for [from, to] in self.runs(scores.len(), |t| scores[t] > limit) {
            let largest = scores[from..to].iter().copied().fold(f64::NEG_INFINITY, f64::max);
            self.add(kind, [from, to], largest, None);
        }
    }

    /// Reports samples that are not finite and replaces each by the last one that is.
    fn missing(&mut self, channel: usize, x: &mut [f32]) {
        if x.iter().all(|v| v.is_finite()) {
            return;
        }
        for [from, to] in self.runs(x.len(), |t| !x[t].is_finite()) {
            let count = x[from..to].iter().filter(|v| !v.is_finite()).count();
            self.add(SegmentKind::Missing, [from, to], count as f64, Some(channel));
        }
        let mut last = x.iter().copied().find(|v| v.is_finite()).unwrap_or(0.0);
        for v in x {
            if v.is_finite() {
                last = *v;
            } else {
                *v = last;
            }
        }
    }

    /// What one channel shows by itself.
    fn single(&mut self, channel: usize, x: &[f32], params: &SegmentParams) {
        let n = x.len();
        if let Some(limit) = params.peak_to_peak_v {
            let window = self.rate.samples(params.window_s).max(2);
            for (k, stretch) in x.chunks(window).enumerate() {
                let largest = stretch.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let least = stretch.iter().copied().fold(f32::INFINITY, f32::min);
                let score = f64::from(largest - least) / limit;
                if score > 1.0 {
                    let from = k * window;
                    self.add(
                        SegmentKind::Amplitude,
                        [from, from + stretch.len()],
                        score,
                        Some(channel),
                    );
                }
            }
        }
        if let Some(limit) = params.jump_v {
            let step = |t: usize| f64::from((x[t] - x[t - 1]).abs()) / limit;
            for [from, to] in self.runs(n, |t| t > 0 && step(t) > 1.0) {
                let largest = (from..to).map(step).fold(0.0, f64::max);
                self.add(SegmentKind::Jump, [from - 1, to], largest, Some(channel));
            }
        }
        if let Some(longest_s) = params.flat_s {
            let mut from = 0;
            for t in 1..=n {
                let stays = t < n && f64::from((x[t] - x[from]).abs()) <= params.flat_v;
                let score = self.rate.seconds(t - from) / longest_s;
                if !stays && score > 1.0 {
                    self.add(SegmentKind::Flat, [from, t], score, Some(channel));
                }
                if !stays {
                    from = t;
                }
            }
        }
    }

    /// Peaks of the slow part of the mean of the frontal channels, upward as a closing lid makes them.
    fn blinks(&mut self, frontal: &[&[f32]], limit: f64, least_v: f64) -> Result<(), EegError> {
        let n = frontal[0].len();
        let mean: Vec<f32> = (0..n)
            .map(|t| {
                let sum: f64 = frontal.iter().map(|x| f64::from(x[t])).sum();
                (sum / frontal.len() as f64) as f32
            })
            .collect();
        let [low, high] = BLINK_BAND_HZ;
        let design = fir::design_bandpass(self.rate, Some(low), Some(high))?;
        let mut slow = Vec::with_capacity(n);
        let mut filter = OverlapSave::new(&design, 1, Edge::Reflect);
        filter.push(0, &mean, &mut slow);
        filter.finish(0, &mut slow);
        let wide: Vec<f64> = slow.iter().map(|&v| v.into()).collect();
        let sigma = 1.4826 * stats::mad(&wide).unwrap_or(0.0);
        let threshold = (limit * sigma).max(least_v);
        let mut t = 0;
        while t < n {
            if wide[t] <= threshold || sigma == 0.0 {
                t += 1;
                continue;
            }
            let end = (t..n).find(|&k| wide[k] <= threshold).unwrap_or(n);
            let peak = wide[t..end].iter().copied().fold(0.0, f64::max);
            let from = (0..t).rev().find(|&k| wide[k] < peak / 2.0).map_or(0, |k| k + 1);
            let to = (end..n).find(|&k| wide[k] < peak / 2.0).unwrap_or(n);
            let width = self.rate.seconds(to - from);
            if (BLINK_S[0]..=BLINK_S[1]).contains(&width) {
                self.add(SegmentKind::Blink, [from, to], peak / sigma, None);
            }
            t = to.max(end);
        }
        Ok(())
    }
}
