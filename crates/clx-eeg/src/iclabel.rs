//! What ICLabel looks at in an independent component, and what follows from its answer.
//!
//! [`iclabel_features`] makes the three inputs of the network (map, spectrum, autocorrelation) as
//! mne-icalabel 0.10 does; the network itself is in `clx-models`. [`decide`] turns its probabilities
//! into a list of components to remove, with the rule that each was removed by. What ICLabel was
//! not made for is told as findings.

mod exclude;
mod spectrum;
mod topography;

use clx_signal::{Finding, SampleRate, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use exclude::{
    ComponentLabel, ExcludedComponent, ExclusionAudit, ExclusionRule, LabelledComponent, decide,
    default_rules,
};

use crate::EegError;
use crate::ica::{Ica, IcaMethod, parameter};

/// Every feature is scaled to this share of the range -1 to 1.
const SCALE: f64 = 0.99;
/// The pass band of ICLabel's training data, hertz, and how far a recording's may be from it.
const PASS_BAND_HZ: [f64; 2] = [1.0, 100.0];
const PASS_BAND_TOLERANCE: f64 = 0.05;
/// Recordings at a lower rate have no spectrum at the top of the 100 bins.
const FULL_RATE_HZ: f64 = 200.0;

/// Pixels along each side of the map.
pub const MAP_SIZE: usize = 32;
/// Bins of the spectrum (1 to 100 Hz) and lags of the autocorrelation (10 ms to 1 s).
pub const N_BINS: usize = 100;

/// The inputs of ICLabel's network for one component, all within -0.99 to 0.99.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IclabelFeatures {
    /// Map over the head, 32 × 32, row by row: rows from the back to the front of the head, columns
    /// from left to right; 0 outside.
    pub map: Vec<f32>,
    /// Power in dB at 1, 2, … 100 Hz over the largest magnitude.
    pub spectrum: Vec<f32>,
    /// Autocorrelation at 10, 20, … 1000 ms.
    pub autocorrelation: Vec<f32>,
}

/// A recording as it was decomposed.
#[derive(Clone, Copy, Debug)]
pub struct LabelInput<'a> {
    /// Channels of the fit, volts.
    pub samples: &'a [Vec<f32>],
    pub rate: SampleRate,
    /// Place of every channel as [`crate::position`] gives it.
    pub positions: &'a [[f64; 2]],
    /// Band-pass that the recording has been through; absent edges are unknown or none.
    pub highpass_hz: Option<f64>,
    pub lowpass_hz: Option<f64>,
}

/// Inputs of ICLabel's network for every component of `ica`.
///
/// The map interpolates the component's column of the mixing by biharmonic splines, as EEGLAB's
/// `topoplotFast`; the spectrum is the median over half-overlapping Hamming windows of 1 s, in dB, a
/// notch at 50 or 60 Hz filled in; the autocorrelation is averaged over windows of 3 s (over the
/// whole recording if it lasts 5 s or less) and resampled to 100 lags. Below a rate of 200 Hz the
/// spectrum is continued with its last value.
///
/// Findings say where the recording is not what ICLabel was trained on: an average reference, 1 to
/// 100 Hz, an extended Infomax decomposition.
///
/// # Errors
/// [`EegError::Picks`] if positions or channels are not those of the decomposition; less than a
/// second of samples or a rate below 4 Hz; a component without power.
///
/// # Source
/// Pion-Tonachini, Kreutz-Delgado and Makeig 2019, NeuroImage 198:181-197. Checked against
/// mne-icalabel 0.10.0 in `tests/it/iclabel.rs`.
pub fn iclabel_features(
    ica: &Ica,
    input: &LabelInput<'_>,
) -> Result<(Vec<IclabelFeatures>, Vec<Finding>), EegError> {
    if input.positions.len() != ica.n_channels() {
        return Err(EegError::Picks { expected: ica.n_channels(), got: input.positions.len() });
    }
    let sources = ica.sources(input.samples)?;
    let plan = spectrum::Plan::new(input.rate, sources[0].len())?;
    let maps = topography::maps(ica, input.positions)?;
    // mne-icalabel scales the sources to the pooled deviation of the channels, in microvolts.
    let scale = 1e6 * ica.channel_std_v;
    let mut features = Vec::with_capacity(sources.len());
    for (source, map) in sources.iter().zip(maps) {
        let source: Vec<f64> = source.iter().map(|v| scale * f64::from(*v)).collect();
        let narrow = |values: &[f64]| values.iter().map(|v| (SCALE * v) as f32).collect();
        features.push(IclabelFeatures {
            map: narrow(&map),
            spectrum: narrow(&plan.spectrum(&source)?),
            autocorrelation: narrow(&plan.autocorrelation(&source)?),
        });
    }
    Ok((features, preconditions(ica, input)))
}

/// What of the recording differs from ICLabel's training data.
fn preconditions(ica: &Ica, input: &LabelInput<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut warn = |code: &str, message: String| {
        findings.push(Finding::new(code, Severity::Warning, message));
    };
    if !ica.average_reference {
        warn(
            "iclabel.reference",
            "ICLabel expects an average reference, and the channels do not add up to zero".into(),
        );
    }
    let near = |edge: Option<f64>, expected: f64| {
        edge.is_some_and(|hz| (hz / expected - 1.0).abs() <= PASS_BAND_TOLERANCE)
    };
    if !(near(input.highpass_hz, PASS_BAND_HZ[0]) && near(input.lowpass_hz, PASS_BAND_HZ[1])) {
        let edge = |hz: Option<f64>| hz.map_or("none".to_owned(), |hz| format!("{hz} Hz"));
        let (high, low) = (edge(input.highpass_hz), edge(input.lowpass_hz));
        warn(
            "iclabel.filter",
            format!("ICLabel expects 1 to 100 Hz; high-pass {high}, low-pass {low}"),
        );
    }
    let rate_hz = input.rate.hz();
    if rate_hz < FULL_RATE_HZ {
        let top = rate_hz / 2.0;
        warn(
            "iclabel.rate",
            format!("the spectrum above {top} Hz is continued with its last value"),
        );
    }
    let method = ica.params.method;
    if !matches!(method, IcaMethod::ExtendedInfomax | IcaMethod::ExtendedPicard) {
        warn(
            "iclabel.method",
            format!("ICLabel expects extended Infomax or extended Picard, not {}", name(method)),
        );
    }
    findings
}

fn name(method: IcaMethod) -> &'static str {
    match method {
        IcaMethod::FastIca => "FastICA",
        IcaMethod::Infomax => "Infomax",
        IcaMethod::ExtendedInfomax => "extended Infomax",
        IcaMethod::Picard => "Picard",
        IcaMethod::ExtendedPicard => "extended Picard",
        IcaMethod::PicardO => "Picard-O",
    }
}

fn no_power(what: &'static str) -> EegError {
    parameter("sources", "varying", format!("a component without {what}"))
}
