//! Bad channels by the criteria of the PREP pipeline.
//!
//! Each channel gets the figures that were measured and the reasons, if any, why it should not be
//! used. Nothing is removed here. What PREP calls iterative referencing is not done: give data of any
//! reference in which one bad channel does not spoil all others.

use clx_signal::fir::{self, Edge, Fir};
use clx_signal::{Finding, SampleRate, Severity, SignalError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EegError;
use crate::spatial::{check_equal, common_len};

mod correlation;
mod ransac;
mod robust;

pub(crate) use robust::median_in_place;
use robust::{iqr, mad, median_of_finite};

/// Scale from the interquartile range, and from the median absolute deviation, to the standard
/// deviation of a normal distribution; digits as in pyprep.
const IQR_TO_SD: f64 = 0.7413;
const MAD_TO_SD: f64 = 1.4826;

/// Settings; the defaults are those of the PREP pipeline (Bigdely-Shamlo et al. 2015) in pyprep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BadChannelParams {
    /// High-pass before anything is measured, hertz; absent for data that have no drifts.
    pub highpass_hz: Option<f64>,
    /// Largest standard deviation or median absolute deviation of a flat channel, volts.
    pub flat_v: f64,
    /// Robust z-score of the amplitude, to either side.
    pub deviation_z: f64,
    /// Robust z-score of the share of what lies above 50 Hz.
    pub noise_z: f64,
    /// Windows in which channels are correlated, seconds.
    pub correlation_window_s: f64,
    /// Least correlation with the channels that resemble it most.
    pub correlation_min: f64,
    /// Largest share of windows of too little correlation, or of dropouts, 0..=1.
    pub bad_window_share: f64,
    /// Absent: channels are not predicted from their neighbours.
    pub ransac: Option<RansacParams>,
}

impl Default for BadChannelParams {
    fn default() -> Self {
        Self {
            highpass_hz: Some(1.0),
            flat_v: 1e-15,
            deviation_z: 5.0,
            noise_z: 5.0,
            correlation_window_s: 1.0,
            correlation_min: 0.4,
            bad_window_share: 0.01,
            ransac: Some(RansacParams::default()),
        }
    }
}

/// Prediction of each channel from random subsets of the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RansacParams {
    /// Number of random subsets.
    pub n_subsets: usize,
    /// Share of the channels in a subset, 0..=1.
    pub subset_share: f64,
    /// Windows in which prediction and channel are correlated, seconds.
    pub window_s: f64,
    /// Least correlation of a channel with its prediction.
    pub correlation_min: f64,
    /// Largest share of windows below it, 0..=1.
    pub bad_window_share: f64,
    pub seed: u64,
}

impl Default for RansacParams {
    fn default() -> Self {
        Self {
            n_subsets: 50,
            subset_share: 0.25,
            window_s: 5.0,
            correlation_min: 0.75,
            bad_window_share: 0.4,
            seed: 20_261_122,
        }
    }
}

/// Why a channel should not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BadReason {
    /// Has samples that are not finite.
    NotFinite,
    /// Does not change.
    Flat,
    /// Much larger or smaller than most channels.
    Deviation,
    /// Much more of it lies above 50 Hz than of most channels.
    HighFrequencyNoise,
    /// Resembles no other channel for too much of the time.
    LowCorrelation,
    /// Flat for too much of the time.
    Dropout,
    /// Is not what its neighbours predict.
    Ransac,
}

/// What was measured on one channel; a figure that could not be measured is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChannelVerdict {
    /// Empty for a good channel.
    pub reasons: Vec<BadReason>,
    pub deviation_z: Option<f64>,
    pub noise_z: Option<f64>,
    /// Share of windows, 0..=1.
    pub low_correlation_share: Option<f64>,
    /// Share of windows, 0..=1.
    pub dropout_share: Option<f64>,
    /// Share of windows, 0..=1.
    pub ransac_share: Option<f64>,
}

/// Verdicts in the order of the channels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BadChannels {
    pub channels: Vec<ChannelVerdict>,
    /// What could not be judged, and why.
    pub findings: Vec<Finding>,
}

impl BadChannels {
    /// Indices of the channels with a reason.
    pub fn bads(&self) -> Vec<usize> {
        (0..self.channels.len()).filter(|&i| !self.channels[i].reasons.is_empty()).collect()
    }
}

/// Judges each channel by the criteria of PREP.
///
/// `channels`: EEG, volts, equally long. `positions`: electrodes relative to the centre of the head,
/// any unit, one per channel; without them RANSAC is left out and a finding says so. Offline: filters
/// are zero-phase. The criteria, in the words of [`BadReason`]: amplitude is the scaled interquartile
/// range; noise is the median absolute deviation above 50 Hz over that below; correlation is the 98th
/// percentile of the absolute correlations with all other channels, below 50 Hz, per window.
///
/// # Errors
/// [`SignalError::TooShort`] below two windows; [`SignalError::Mismatch`] for unequal lengths or
/// counts; [`SignalError::Parameter`] for settings out of range.
///
/// # Source
/// Bigdely-Shamlo et al. 2015, Front. Neuroinform. 9:16. Checked against pyprep 0.9 on a recording with
/// three spoiled channels, `tests/it/bads.rs`.
pub fn find_bad_channels(
    channels: &[Vec<f32>],
    rate: SampleRate,
    positions: Option<&[[f64; 3]]>,
    params: &BadChannelParams,
) -> Result<BadChannels, EegError> {
    let n = common_len(channels, channels.len())?;
    params.check(rate, n)?;
    if let Some(positions) = positions {
        check_equal("number", channels.len(), positions.len())?;
    }
    let mut found =
        BadChannels { channels: vec![ChannelVerdict::default(); channels.len()], findings: vec![] };
    let mut usable = Vec::new();
    let mut data = Vec::new();
    for (i, x) in channels.iter().enumerate() {
        if x.iter().any(|v| !v.is_finite()) {
            found.channels[i].reasons.push(BadReason::NotFinite);
            continue;
        }
        let x = detrend(x, rate, params.highpass_hz)?;
        if mad(&x) < params.flat_v || standard_deviation(&x) < params.flat_v {
            found.channels[i].reasons.push(BadReason::Flat);
        } else {
            usable.push(i);
            data.push(x);
        }
    }
    let slow = below_50_hz(&data, rate)?;
    judge_amplitude(&data, &usable, params, &mut found);
    judge_noise(&data, slow.as_deref(), &usable, params, &mut found);
    let slow = slow.as_deref().unwrap_or(&data);
    correlation::judge(&data, slow, rate, &usable, params, &mut found);
    if let Some(ransac) = &params.ransac {
        ransac::judge(slow, rate, positions, &usable, ransac, &mut found);
    }
    Ok(found)
}

impl BadChannelParams {
    fn check(&self, rate: SampleRate, n: usize) -> Result<(), EegError> {
        let share = |s: f64| (0.0..=1.0).contains(&s);
        let positive = |v: f64| v > 0.0 && v.is_finite();
        let ransac_ok = self.ransac.as_ref().is_none_or(|r| {
            (1..=1000).contains(&r.n_subsets)
                && share(r.subset_share)
                && positive(r.window_s)
                && share(r.correlation_min)
                && share(r.bad_window_share)
        });
        let ok = self.flat_v >= 0.0
            && positive(self.deviation_z)
            && positive(self.noise_z)
            && positive(self.correlation_window_s)
            && share(self.correlation_min)
            && share(self.bad_window_share)
            && ransac_ok;
        if !ok {
            return Err(EegError::Signal(SignalError::Parameter {
                name: "settings of the bad channels",
                expected: "thresholds and windows above 0, shares from 0 to 1, up to 1000 subsets",
                got: format!("{self:?}"),
            }));
        }
        let needed = 2 * rate.samples(self.correlation_window_s).max(2);
        if n < needed {
            let window_s = 2.0 * self.correlation_window_s;
            return Err(EegError::Signal(SignalError::TooShort { needed, window_s, got: n }));
        }
        Ok(())
    }
}

fn detrend(x: &[f32], rate: SampleRate, highpass_hz: Option<f64>) -> Result<Vec<f64>, EegError> {
    if highpass_hz.is_none() {
        return Ok(x.iter().map(|&v| v.into()).collect());
    }
    let filter = fir::design_bandpass(rate, highpass_hz, None)?;
    let wide: Vec<f64> = x.iter().map(|&v| v.into()).collect();
    Ok(fir::filter_zero_phase_f64(&filter, &wide, Edge::Reflect)?)
}

/// The channels below 45 to 50 Hz, or `None` where the rate leaves nothing above.
fn below_50_hz(data: &[Vec<f64>], rate: SampleRate) -> Result<Option<Vec<Vec<f64>>>, EegError> {
    if rate.hz() <= 100.0 {
        return Ok(None);
    }
    let once = prep_lowpass(rate)?;
    // PREP filters forwards and backwards.
    let twice = once.fuse(&once)?;
    let filtered = data.iter().map(|x| fir::filter_zero_phase_f64(&twice, x, Edge::Reflect));
    Ok(Some(filtered.collect::<Result<_, _>>()?))
}

/// Low-pass of order 100: the ideal response on a grid of 512 steps, a smooth step from 45 to 50 Hz,
/// Hamming window. Bigdely-Shamlo et al. 2015, as pyprep designs it.
fn prep_lowpass(rate: SampleRate) -> Result<Fir, EegError> {
    const HALF: usize = 50;
    const GRID: usize = 512;
    let knot = |hz: f64| (GRID as f64 * 2.0 * hz / rate.hz()).round_ties_even();
    let (pass, stop) = (knot(45.0), knot(50.0));
    let gain = |k: usize| {
        let t = ((k as f64 - pass) / (stop - pass)).clamp(0.0, 1.0);
        1.0 - t * t * (3.0 - 2.0 * t)
    };
    let taps = (0..=2 * HALF).map(|i| {
        let at = i as f64 - HALF as f64;
        let cosine = |k: usize| (std::f64::consts::PI * k as f64 * at / GRID as f64).cos();
        let inner: f64 = (1..GRID).map(|k| gain(k) * cosine(k)).sum();
        let sum = gain(0) + 2.0 * inner + gain(GRID) * cosine(GRID);
        let window = 0.54 - 0.46 * (std::f64::consts::PI * i as f64 / HALF as f64).cos();
        sum / (2 * GRID) as f64 * window
    });
    let taps: Vec<f64> = taps.collect();
    let mirrored = (0..taps.len()).map(|i| (taps[i] + taps[taps.len() - 1 - i]) / 2.0);
    Ok(Fir::from_taps(rate, mirrored.collect())?)
}

fn standard_deviation(x: &[f64]) -> f64 {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    (x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / x.len() as f64).sqrt()
}

fn judge_amplitude(
    data: &[Vec<f64>],
    usable: &[usize],
    params: &BadChannelParams,
    found: &mut BadChannels,
) {
    let amplitudes: Vec<f64> = data.iter().map(|x| iqr(x) * IQR_TO_SD).collect();
    let spread = iqr(&amplitudes) * IQR_TO_SD;
    let Some(centre) = median_of_finite(&amplitudes) else { return };
    for (&i, a) in usable.iter().zip(&amplitudes) {
        let z = (a - centre) / spread;
        let verdict = &mut found.channels[i];
        verdict.deviation_z = z.is_finite().then_some(z);
        if z.abs() > params.deviation_z {
            verdict.reasons.push(BadReason::Deviation);
        }
    }
}

fn judge_noise(
    data: &[Vec<f64>],
    slow: Option<&[Vec<f64>]>,
    usable: &[usize],
    params: &BadChannelParams,
    found: &mut BadChannels,
) {
    let Some(slow) = slow else {
        let message = "the sample rate is too low to tell noise above 50 Hz";
        found.findings.push(Finding::new("bads.noise_not_judged", Severity::Info, message));
        return;
    };
    let noisiness: Vec<f64> =
        data.iter().zip(slow).map(|(x, s)| mad(&difference(x, s)) / mad(s)).collect();
    let Some(centre) = median_of_finite(&noisiness) else { return };
    let distances: Vec<f64> = noisiness.iter().map(|v| (v - centre).abs()).collect();
    let spread = robust::median(&distances) * MAD_TO_SD;
    for (&i, v) in usable.iter().zip(&noisiness) {
        let z = (v - centre) / spread;
        let verdict = &mut found.channels[i];
        verdict.noise_z = z.is_finite().then_some(z);
        if z > params.noise_z {
            verdict.reasons.push(BadReason::HighFrequencyNoise);
        }
    }
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prep_lowpass_passes_40_hz_and_stops_55() {
        for hz in [128.0, 250.0, 1000.0] {
            let f = prep_lowpass(SampleRate::from_hz(hz).unwrap()).unwrap();
            assert!((f.gain_at(10.0) - 1.0).abs() < 0.01 && f.gain_at(62.0).abs() < 0.05, "{hz}");
        }
    }
}
