use clx_signal::peaks::local_maxima;
use clx_signal::{Finding, SampleRate, SignalError, fir};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::spindles::{implausible_amplitude, searched};
use super::{Hypnogram, Stage};
use crate::EegError;
use crate::samples::{check_finite, check_long, filtered, microvolts};

/// Transition of the slow-wave filter. YASA 0.8.1.
pub(super) const TRANSITION_HZ: f64 = 0.2;

/// What counts as a slow wave; the defaults are YASA's. Limits are exclusive, those of the peaks
/// inclusive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SlowWaveParams {
    pub fmin_hz: f64,
    pub fmax_hz: f64,
    /// Duration of the negative half-wave.
    pub negative_s: [f64; 2],
    /// Duration of the positive half-wave after it.
    pub positive_s: [f64; 2],
    /// Depth of the trough, as a positive number.
    pub trough_uv: [f64; 2],
    pub crest_uv: [f64; 2],
    pub peak_to_peak_uv: [f64; 2],
    /// Where to look, if there is a hypnogram.
    pub stages: Vec<Stage>,
}

impl Default for SlowWaveParams {
    fn default() -> Self {
        Self {
            fmin_hz: 0.3,
            fmax_hz: 1.5,
            negative_s: [0.3, 1.5],
            positive_s: [0.1, 1.0],
            trough_uv: [40.0, 200.0],
            crest_uv: [10.0, 150.0],
            peak_to_peak_uv: [75.0, 350.0],
            stages: vec![Stage::N2, Stage::N3],
        }
    }
}

impl SlowWaveParams {
    fn check(&self) -> Result<(), EegError> {
        let ranges =
            [self.negative_s, self.positive_s, self.trough_uv, self.crest_uv, self.peak_to_peak_uv];
        if ranges.iter().all(|[low, high]| 0.0 <= *low && low < high) {
            return Ok(());
        }
        Err(SignalError::Parameter {
            name: "slow wave limits",
            expected: "0 <= lower < upper for each",
            got: format!("{ranges:?}"),
        }
        .into())
    }
}

/// A slow wave: a trough and the crest after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SlowWave {
    /// Last sample above zero before the trough.
    pub tmin_s: f64,
    pub trough_s: f64,
    /// Last sample below zero between trough and crest.
    pub crossing_s: f64,
    pub crest_s: f64,
    pub tmax_s: f64,
    pub duration_s: f64,
    /// Value at the trough, negative.
    pub trough_uv: f64,
    pub crest_uv: f64,
    pub peak_to_peak_uv: f64,
    /// Rise from the trough to the crossing.
    pub slope_uv_per_s: f64,
    /// One over the duration.
    pub frequency_hz: f64,
    /// Stage at the trough, if there is a hypnogram.
    pub stage: Option<Stage>,
}

/// Finds the slow waves of one channel.
///
/// `volts`: one EEG channel, best a frontal one against the mastoids. The signal is filtered to
/// 0.3-1.5 Hz (zero-phase FIR); a slow wave is a trough of 40-200 µV followed by a crest of
/// 10-150 µV, 75-350 µV in all, whose half-waves between zero crossings have the durations of
/// `params`. Waves that share their start or end with another are left out, both. Equal to
/// `yasa.sw_detect` 0.8.1. A channel whose amplitude is not that of an EEG has none and a finding.
///
/// # Errors
/// [`SignalError::NotFinite`], [`SignalError::TooShort`] below 5 s, [`SignalError::Band`] if the
/// rate is too low, [`SignalError::Parameter`] for limits out of order.
///
/// # Source
/// Massimini et al. 2004, J. Neurosci. 24:6862-6870; Carrier et al. 2011, Eur. J. Neurosci.
/// 33:758-766. Checked against `tests/fixtures/sleep.json`.
pub fn detect_slow_waves(
    volts: &[f32],
    rate: SampleRate,
    hypnogram: Option<&Hypnogram>,
    params: &SlowWaveParams,
) -> Result<(Vec<SlowWave>, Vec<Finding>), EegError> {
    params.check()?;
    check_finite("slow waves", volts)?;
    check_long(volts, rate, 5.0)?;
    let uv = microvolts(volts);
    if let Some(finding) = implausible_amplitude(&uv) {
        return Ok((Vec::new(), vec![finding]));
    }
    let filter = fir::design_bandpass_narrow(rate, params.fmin_hz, params.fmax_hz, TRANSITION_HZ)?;
    let slow: Vec<f64> = filtered(&filter, &uv).into_iter().map(f64::from).collect();
    let mask = searched(slow.len(), rate, hypnogram, &params.stages);
    let mut waves = waves(&slow, &mask, rate, params);
    for wave in &mut waves {
        wave.stage = hypnogram.map(|h| h.at(wave.trough_s));
    }
    Ok((waves, Vec::new()))
}

fn waves(slow: &[f64], mask: &[bool], rate: SampleRate, params: &SlowWaveParams) -> Vec<SlowWave> {
    let inverted: Vec<f64> = slow.iter().map(|v| -v).collect();
    let within = |v: f64, [low, high]: [f64; 2]| low <= v && v <= high;
    let troughs = local_maxima(&inverted)
        .into_iter()
        .filter(|&i| mask[i] && within(inverted[i], params.trough_uv));
    let crests: Vec<usize> = local_maxima(slow)
        .into_iter()
        .filter(|&i| mask[i] && within(slow[i], params.crest_uv))
        .collect();
    // A crossing is the last sample before the sign changes.
    let crossings: Vec<usize> = (1..slow.len())
        .filter(|&i| (slow[i - 1] > 0.0) != (slow[i] > 0.0))
        .map(|i| i - 1)
        .collect();
    let mut found = Vec::new();
    for trough in troughs {
        let Some(&crest) = crests.get(crests.partition_point(|&c| c < trough)) else { break };
        let Some([start, middle]) = around(&crossings, trough) else { continue };
        let Some([before, end]) = around(&crossings, crest) else { continue };
        if before == middle && middle > trough && end > crest {
            let places = [start, trough, middle, crest, end];
            found.extend(wave(slow, places, rate, params).map(|w| (start, end, w)));
        }
    }
    without_shared(found)
}

/// The crossings before and not before a sample.
fn around(crossings: &[usize], sample: usize) -> Option<[usize; 2]> {
    let next = crossings.partition_point(|&c| c < sample);
    Some([*crossings.get(next.checked_sub(1)?)?, *crossings.get(next)?])
}

fn wave(
    slow: &[f64],
    [start, trough, middle, crest, end]: [usize; 5],
    rate: SampleRate,
    params: &SlowWaveParams,
) -> Option<SlowWave> {
    let between = |v: f64, [low, high]: [f64; 2]| low < v && v < high;
    let peak_to_peak_uv = slow[crest] - slow[trough];
    let negative_s = rate.seconds(middle - start);
    let positive_s = rate.seconds(end - middle);
    let fits = between(peak_to_peak_uv, params.peak_to_peak_uv)
        && between(negative_s, params.negative_s)
        && between(positive_s, params.positive_s);
    let duration_s = rate.seconds(end - start);
    fits.then(|| SlowWave {
        tmin_s: rate.seconds(start),
        trough_s: rate.seconds(trough),
        crossing_s: rate.seconds(middle),
        crest_s: rate.seconds(crest),
        tmax_s: rate.seconds(end),
        duration_s,
        trough_uv: slow[trough],
        crest_uv: slow[crest],
        peak_to_peak_uv,
        slope_uv_per_s: -slow[trough] / rate.seconds(middle - trough),
        frequency_hz: 1.0 / duration_s,
        stage: None,
    })
}

/// Drops all waves of one start, then all of one end: two troughs without a crossing between them.
fn without_shared(mut waves: Vec<(usize, usize, SlowWave)>) -> Vec<SlowWave> {
    let keep_single = |waves: &mut Vec<(usize, usize, SlowWave)>,
                       key: fn(&(usize, usize, SlowWave)) -> usize| {
        let keys: Vec<usize> = waves.iter().map(key).collect();
        // Waves are in order of their troughs, so equal keys are neighbours.
        let single = |i: usize| {
            (i == 0 || keys[i - 1] != keys[i])
                && keys.get(i + 1).is_none_or(|&next| next != keys[i])
        };
        let mut i = 0;
        waves.retain(|_| {
            i += 1;
            single(i - 1)
        });
    };
    keep_single(&mut waves, |w| w.0);
    keep_single(&mut waves, |w| w.1);
    waves.into_iter().map(|(_, _, wave)| wave).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sine_of_one_hertz_is_a_train_of_slow_waves() {
        let rate = SampleRate::from_hz(100.0).unwrap();
        let x = clx_signal::synth::sine(rate, 1.0, 60e-6, 60.0);
        let (waves, findings) =
            detect_slow_waves(&x, rate, None, &SlowWaveParams::default()).unwrap();
        assert!(findings.is_empty());
        assert!((57..=60).contains(&waves.len()), "{}", waves.len());
        for w in &waves[5..50] {
            assert!((w.peak_to_peak_uv - 120.0).abs() < 1.0 && (w.frequency_hz - 1.0).abs() < 0.03);
            // Straight line from the trough to the crossing, a quarter of a second later.
            assert!((w.slope_uv_per_s - 240.0).abs() < 15.0, "{w:?}");
        }
    }

    #[test]
    fn silence_has_no_slow_waves_but_a_finding() {
        let rate = SampleRate::from_hz(100.0).unwrap();
        let (waves, findings) =
            detect_slow_waves(&[0.0; 3000], rate, None, &SlowWaveParams::default()).unwrap();
        assert!(waves.is_empty());
        assert_eq!(findings[0].code, "sleep.amplitude");
    }
}
