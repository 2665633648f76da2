use clx_signal::peaks::{PeakParams, find_peaks};
use clx_signal::{Finding, SampleRate, SignalError, fir};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::spindles::{implausible_amplitude, searched};
use super::{Hypnogram, Stage};
use crate::EegError;
use crate::samples::{check_finite, check_long, filtered, microvolts};

/// What counts as a rapid eye movement; the defaults are YASA's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RemParams {
    pub fmin_hz: f64,
    pub fmax_hz: f64,
    /// Amplitude of both eyes (the square root of their negative product).
    pub amplitude_uv: [f64; 2],
    pub duration_s: [f64; 2],
    /// Least prominence as a share of the least height.
    pub prominence: f64,
    /// Where to look, if there is a hypnogram.
    pub stages: Vec<Stage>,
}

impl Default for RemParams {
    fn default() -> Self {
        Self {
            fmin_hz: 0.5,
            fmax_hz: 5.0,
            amplitude_uv: [50.0, 325.0],
            duration_s: [0.3, 1.2],
            prominence: 0.8,
            stages: vec![Stage::Rem],
        }
    }
}

/// A movement of both eyes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EyeMovement {
    pub tmin_s: f64,
    pub peak_s: f64,
    pub tmax_s: f64,
    pub duration_s: f64,
    /// Absolute value at the peak, left and right eye.
    pub amplitude_uv: [f64; 2],
    /// Absolute slope from the start to the peak, left and right eye.
    pub rise_uv_per_s: [f64; 2],
    /// Absolute slope from the peak to the end, left and right eye.
    pub fall_uv_per_s: [f64; 2],
    /// Stage at its start, if there is a hypnogram.
    pub stage: Option<Stage>,
}

/// Finds eye movements that deflect the two electro-oculograms in opposite directions.
///
/// `left_volts` and `right_volts`: outer canthus of each eye, against the same mastoid, equally
/// long. Both are filtered to 0.5-5 Hz; peaks of the negative product of the two that are high,
/// prominent and short enough count. Equal to `yasa.rem_detect` 0.8.1. Channels whose amplitude is
/// not that of an electro-oculogram have none and a finding.
///
/// # Errors
/// [`SignalError::Mismatch`] for unequal lengths, [`SignalError::NotFinite`],
/// [`SignalError::TooShort`] below 2 s, [`SignalError::Band`] if the rate is too low.
///
/// # Source
/// Agarwal et al. 2005, IEEE Trans. Biomed. Eng. 52:1390-1396; Yetton et al. 2016, J. Neurosci.
/// Methods 259:72-82. Checked against `tests/fixtures/sleep.json`.
pub fn detect_rems(
    left_volts: &[f32],
    right_volts: &[f32],
    rate: SampleRate,
    hypnogram: Option<&Hypnogram>,
    params: &RemParams,
) -> Result<(Vec<EyeMovement>, Vec<Finding>), EegError> {
    if left_volts.len() != right_volts.len() {
        let [left, right] = [left_volts, right_volts].map(|x| x.len().to_string());
        return Err(SignalError::Mismatch { what: "number of samples", left, right }.into());
    }
    let filter = fir::design_bandpass(rate, Some(params.fmin_hz), Some(params.fmax_hz))?;
    let mut eyes = Vec::with_capacity(2);
    for (name, volts) in [("left eye", left_volts), ("right eye", right_volts)] {
        check_finite(name, volts)?;
        check_long(volts, rate, 2.0)?;
        let uv = microvolts(volts);
        if let Some(finding) = implausible_amplitude(&uv) {
            return Ok((Vec::new(), vec![finding.on_channel(name)]));
        }
        eyes.push(filtered(&filter, &uv));
    }
    let product: Vec<f64> =
        eyes[0].iter().zip(&eyes[1]).map(|(&l, &r)| -f64::from(l) * f64::from(r)).collect();
    let [low, high] = params.amplitude_uv.map(|a| a * a);
    let peaks = find_peaks(
        &product,
        PeakParams {
            height: Some([low, high]),
            distance: Some(params.duration_s[0] * rate.hz()),
            prominence: Some(params.prominence * low),
            prominence_window: Some((params.duration_s[1] * rate.hz()).ceil() as usize),
        },
    );
    let mask = searched(product.len(), rate, hypnogram, &params.stages);
    let [shortest, longest] = params.duration_s;
    let movements = peaks.into_iter().filter(|p| mask[p.index]).filter_map(|p| {
        let places = [p.left_base, p.index, p.right_base];
        let movement = describe(&eyes, places, rate, hypnogram)?;
        (shortest <= movement.duration_s && movement.duration_s < longest).then_some(movement)
    });
    Ok((movements.collect(), Vec::new()))
}

/// `None` for a peak that is its own base.
fn describe(
    eyes: &[Vec<f32>],
    [start, peak, end]: [usize; 3],
    rate: SampleRate,
    hypnogram: Option<&Hypnogram>,
) -> Option<EyeMovement> {
    if start == peak || peak == end {
        return None;
    }
    let value = |eye: usize, at: usize| f64::from(eyes[eye][at]);
    let slope = |eye: usize, from: usize, to: usize| {
        (value(eye, to) - value(eye, from)).abs() / rate.seconds(to - from)
    };
    let tmin_s = rate.seconds(start);
    Some(EyeMovement {
        tmin_s,
        peak_s: rate.seconds(peak),
        tmax_s: rate.seconds(end),
        duration_s: rate.seconds(end) - tmin_s,
        amplitude_uv: [0, 1].map(|eye| value(eye, peak).abs()),
        rise_uv_per_s: [0, 1].map(|eye| slope(eye, start, peak)),
        fall_uv_per_s: [0, 1].map(|eye| slope(eye, peak, end)),
        stage: hypnogram.map(|h| h.at(tmin_s)),
    })
}
