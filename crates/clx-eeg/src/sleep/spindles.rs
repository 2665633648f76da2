use clx_signal::peaks::{PeakParams, find_peaks};
use clx_signal::{Finding, SampleRate, Severity, SignalError, fir, stats};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::moving::{Coarse, moving_correlation, moving_rms, trimmed_sd};
use super::{Hypnogram, Stage};
use crate::EegError;
use crate::samples::{check_finite, check_long, filtered, microvolts};

mod local;
mod power;

use local::LocalPhase;

/// Broad band against which the rhythm is measured. Lacourse et al. 2019.
const BROAD_HZ: [f64; 2] = [1.0, 30.0];
/// Transition of the sigma filter. YASA 0.8.1.
const TRANSITION_HZ: f64 = 1.5;
/// Window and step of correlation and RMS. Lacourse et al. 2019; YASA 0.8.1.
const WINDOW_S: f64 = 0.3;
const STEP_S: f64 = 0.1;
/// No RMS threshold is above this, so that a channel full of spindles still has some. YASA 0.8.1.
const HIGHEST_RMS_UV: f64 = 10.0;
/// Least distance of two oscillations. YASA 0.8.1.
const OSCILLATION_S: f64 = 0.06;

/// What counts as a spindle; the defaults are YASA's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SpindleParams {
    pub fmin_hz: f64,
    pub fmax_hz: f64,
    pub min_duration_s: f64,
    pub max_duration_s: f64,
    /// Detections nearer than this are one.
    pub merge_s: f64,
    /// Least share of the power between 1 and 30 Hz that lies in the spindle band.
    pub relative_power: f64,
    /// Least correlation of the spindle band with the broad band.
    pub correlation: f64,
    /// Standard deviations by which the RMS of the spindle band exceeds its mean.
    pub rms_deviations: f64,
    /// Where to look, if there is a hypnogram.
    pub stages: Vec<Stage>,
}

impl Default for SpindleParams {
    fn default() -> Self {
        Self {
            fmin_hz: 12.0,
            fmax_hz: 15.0,
            min_duration_s: 0.5,
            max_duration_s: 2.0,
            merge_s: 0.5,
            relative_power: 0.2,
            correlation: 0.65,
            rms_deviations: 1.5,
            stages: vec![Stage::N1, Stage::N2, Stage::N3],
        }
    }
}

impl SpindleParams {
    fn check(&self) -> Result<(), EegError> {
        let durations_ok = self.min_duration_s > 0.0
            && self.min_duration_s < self.max_duration_s
            && self.max_duration_s <= 30.0;
        if durations_ok && self.merge_s >= 0.0 {
            return Ok(());
        }
        Err(SignalError::Parameter {
            name: "duration",
            expected: "0 < min_duration_s < max_duration_s <= 30 and merge_s at least 0",
            got: format!("{}..{} s, {} s", self.min_duration_s, self.max_duration_s, self.merge_s),
        }
        .into())
    }
}

/// A sleep spindle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Spindle {
    pub tmin_s: f64,
    pub tmax_s: f64,
    pub duration_s: f64,
    /// Time of its most prominent oscillation.
    pub peak_s: f64,
    /// Peak to peak between 1 and 30 Hz, linear trend removed.
    pub amplitude_uv: f64,
    /// Peak to peak in the spindle band.
    pub filtered_amplitude_uv: f64,
    pub rms_uv: f64,
    /// Median of log10 of the instantaneous power in the spindle band, µV².
    pub log_power_uv2: f64,
    /// Median share of the power between 1 and 30 Hz.
    pub relative_power: f64,
    /// Median instantaneous frequency.
    pub frequency_hz: f64,
    pub n_oscillations: usize,
    /// Where the peak lies in the spindle, 0 at its start and 1 at its end.
    pub symmetry: f64,
    /// Stage at its start, if there is a hypnogram.
    pub stage: Option<Stage>,
}

/// Finds the sleep spindles of one channel.
///
/// `volts`: one EEG channel, best a central one against the mastoids. Three figures must all be
/// high: the share of 1-30 Hz power in the spindle band (short-time transform, 2 s Hann windows
/// every 0.2 s), the correlation of the spindle band with the 1-30 Hz signal and the RMS of the
/// spindle band (windows of 0.3 s every 0.1 s). Their conjunction, smoothed over 0.1 s, merged over
/// gaps below `merge_s`, gives the spindles of a duration between the limits. With a hypnogram only
/// `params.stages` are searched, and the RMS threshold rests on them. A channel whose amplitude is
/// not that of an EEG has no spindles and a finding `sleep.amplitude`.
///
/// Equal to `yasa.spindles_detect` 0.8.1 in number, start and end. Frequency and power come from the
/// analytic signal around the spindle alone, and differ from YASA's by less than 1e-3.
///
/// # Errors
/// [`SignalError::NotFinite`] for a sample that is no number, [`SignalError::TooShort`] below 2 s,
/// [`SignalError::Band`] if the rate is too low for 30 Hz, [`SignalError::Parameter`] for
/// durations out of order.
///
/// # Source
/// Lacourse et al. 2019, J. Neurosci. Methods 316:3-11; Vallat and Walker 2021, eLife 10:e70092.
/// Checked against `tests/fixtures/sleep.json`.
pub fn detect_spindles(
    volts: &[f32],
    rate: SampleRate,
    hypnogram: Option<&Hypnogram>,
    params: &SpindleParams,
) -> Result<(Vec<Spindle>, Vec<Finding>), EegError> {
    params.check()?;
    check_finite("spindles", volts)?;
    check_long(volts, rate, 2.0)?;
    let uv = microvolts(volts);
    if let Some(finding) = implausible_amplitude(&uv) {
        return Ok((Vec::new(), vec![finding]));
    }
    let broad = filtered(&fir::design_bandpass(rate, Some(BROAD_HZ[0]), Some(BROAD_HZ[1]))?, &uv);
    let sigma_filter =
        fir::design_bandpass_narrow(rate, params.fmin_hz, params.fmax_hz, TRANSITION_HZ)?;
    let sigma = filtered(&sigma_filter, &uv);
    let share = power::relative_power(&broad, rate, BROAD_HZ, [params.fmin_hz, params.fmax_hz])?;
    let mask = searched(volts.len(), rate, hypnogram, &params.stages);
    let votes = votes(&broad, &sigma, &share, rate, &mask, params);
    let runs = runs(&votes, rate, params);
    let mut phase = LocalPhase::new(rate, params.max_duration_s, sigma.len())?;
    let mut spindles = Vec::with_capacity(runs.len());
    for run in runs {
        let mut spindle = describe(run, &broad, &sigma, &share, rate, &mut phase)?;
        spindle.stage = hypnogram.map(|h| h.at(spindle.tmin_s));
        spindles.push(spindle);
    }
    Ok((spindles, Vec::new()))
}

/// A finding if the signal cannot be an EEG in volts: the root mean square of its deviations, the
/// largest tenth left out, lies outside 0.1 to 1000 µV (YASA's limits). `uv`: microvolts.
pub fn implausible_amplitude(uv: &[f32]) -> Option<Finding> {
    // A hundred thousand samples tell the order of magnitude.
    let sample = || uv.iter().step_by(1 + uv.len() / 100_000).map(|&v| f64::from(v));
    let n = sample().count();
    let mean = sample().sum::<f64>() / n as f64;
    let mut deviations: Vec<f64> = sample().map(|v| (v - mean).abs()).collect();
    deviations.sort_by(f64::total_cmp);
    deviations.truncate(n - n / 10);
    let squares: f64 = deviations.iter().map(|d| d * d).sum();
    let spread = (squares / deviations.len() as f64).sqrt();
    if (0.1..1000.0).contains(&spread) {
        return None;
    }
    let message = format!(
        "The bulk of the signal deviates by {spread:.3} µV from its mean, which no EEG does; nothing was looked for."
    );
    Some(Finding::new("sleep.amplitude", Severity::Problem, message))
}

/// Which samples lie in the stages that are searched: all without a hypnogram.
pub(super) fn searched(
    n: usize,
    rate: SampleRate,
    hypnogram: Option<&Hypnogram>,
    stages: &[Stage],
) -> Vec<bool> {
    let Some(hypnogram) = hypnogram else { return vec![true; n] };
    let mut mask = vec![false; n];
    for (epoch, stage) in hypnogram.stages.iter().enumerate() {
        let start = rate.samples(epoch as f64 * super::EPOCH_S).min(n);
        let end = rate.samples((epoch + 1) as f64 * super::EPOCH_S).min(n);
        mask[start..end].fill(stages.contains(stage));
    }
    mask
}

/// How many of the three figures are high at each sample.
fn votes(
    broad: &[f32],
    sigma: &[f32],
    share: &Coarse,
    rate: SampleRate,
    mask: &[bool],
    params: &SpindleParams,
) -> Vec<u8> {
    let n = broad.len();
    let mut votes = vec![0_u8; n];
    share.for_each_sample(rate, n, |i, v| votes[i] += u8::from(v >= params.relative_power));
    let correlation = moving_correlation(sigma, broad, rate, WINDOW_S, STEP_S);
    correlation.for_each_sample(rate, n, |i, v| votes[i] += u8::from(v >= params.correlation));
    let mut rms = vec![0.0_f32; n];
    moving_rms(sigma, rate, WINDOW_S, STEP_S).for_each_sample(rate, n, |i, v| rms[i] = v as f32);
    let asleep: Vec<f32> =
        rms.iter().zip(mask).filter_map(|(&v, &searched)| searched.then_some(v)).collect();
    let mean = asleep.iter().map(|&v| f64::from(v)).sum::<f64>() / asleep.len().max(1) as f64;
    let threshold = (mean + params.rms_deviations * trimmed_sd(&asleep, 0.1)).min(HIGHEST_RMS_UV);
    for ((vote, &v), &searched) in votes.iter_mut().zip(&rms).zip(mask) {
        *vote = if searched { *vote + u8::from(f64::from(v) >= threshold) } else { 0 };
    }
    votes
}

/// Stretches (first sample, last sample) of a spindle's duration.
fn runs(votes: &[u8], rate: SampleRate, params: &SpindleParams) -> Vec<(usize, usize)> {
    let width = ((0.1 * rate.hz()) as usize).max(1);
    let (behind, ahead) = (width - 1 - (width - 1) / 2, (width - 1) / 2);
    let merge = params.merge_s * rate.hz();
    let mut sum: u32 = votes.iter().take(ahead).map(|&v| u32::from(v)).sum();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for i in 0..votes.len() {
        sum += votes.get(i + ahead).map_or(0, |&v| u32::from(v));
        if i > behind {
            sum -= u32::from(votes[i - behind - 1]);
        }
        // A mean above two: at least some samples have all three votes.
        if sum as usize > 2 * width {
            match runs.last_mut() {
                Some(last) if i - last.1 == 1 || ((i - last.1) as f64) < merge => last.1 = i,
                _ => runs.push((i, i)),
            }
        }
    }
    let duration = |&(first, last): &(usize, usize)| rate.seconds(last) - rate.seconds(first);
    runs.retain(|r| duration(r) > params.min_duration_s && duration(r) < params.max_duration_s);
    runs
}

fn describe(
    (first, last): (usize, usize),
    broad: &[f32],
    sigma: &[f32],
    share: &Coarse,
    rate: SampleRate,
    phase: &mut LocalPhase,
) -> Result<Spindle, EegError> {
    let level = detrended(&broad[first..=last]);
    let [amplitude_uv, filtered_amplitude_uv] = [
        peak_to_peak(level.iter().copied()),
        peak_to_peak(sigma[first..=last].iter().map(|&v| f64::from(v))),
    ];
    let rms_uv = (level.iter().map(|v| v * v).sum::<f64>() / level.len() as f64).sqrt();
    let spaced = PeakParams { distance: Some(OSCILLATION_S * rate.hz()), ..PeakParams::default() };
    let oscillations = find_peaks(&level, spaced);
    let top = oscillations
        .iter()
        .rev()
        .max_by(|a, b| a.prominence.total_cmp(&b.prominence))
        .map_or(level.len() / 2, |p| p.index);
    let (frequency_hz, log_power_uv2) = phase.frequency_and_power(sigma, first, last)?;
    let (tmin_s, tmax_s) = (rate.seconds(first), rate.seconds(last));
    Ok(Spindle {
        tmin_s,
        tmax_s,
        duration_s: tmax_s - tmin_s,
        peak_s: rate.seconds(first + top),
        amplitude_uv,
        filtered_amplitude_uv,
        rms_uv,
        log_power_uv2,
        relative_power: median_between(share, tmin_s, tmax_s),
        frequency_hz,
        n_oscillations: oscillations.len(),
        symmetry: top as f64 / level.len() as f64,
        stage: None,
    })
}

fn detrended(x: &[f32]) -> Vec<f64> {
    let n = x.len() as f64;
    let mean = x.iter().map(|&v| f64::from(v)).sum::<f64>() / n;
    let time = |i: usize| i as f64 - (n - 1.0) / 2.0;
    let (mut with_time, mut of_time) = (0.0, 0.0);
    for (i, &v) in x.iter().enumerate() {
        with_time += time(i) * f64::from(v);
        of_time += time(i).powi(2);
    }
    let slope = if of_time > 0.0 { with_time / of_time } else { 0.0 };
    x.iter().enumerate().map(|(i, &v)| f64::from(v) - mean - slope * time(i)).collect()
}

fn peak_to_peak(x: impl Iterator<Item = f64>) -> f64 {
    let (low, high) =
        x.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    high - low
}

/// Median of the values at times inside the stretch, or the one nearest to its middle.
fn median_between(coarse: &Coarse, tmin_s: f64, tmax_s: f64) -> f64 {
    let times = &coarse.times_s;
    let start = times.partition_point(|&t| t < tmin_s);
    let end = times.partition_point(|&t| t <= tmax_s);
    if start < end {
        return stats::median(&coarse.values[start..end]).unwrap_or(0.0);
    }
    let middle = (tmin_s + tmax_s) / 2.0;
    let distance = |i: &usize| (times[*i] - middle).abs();
    let nearest = (0..times.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.map_or(0.0, |i| coarse.values[i])
}
