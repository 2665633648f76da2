//! The overview of a recording: what a laboratory looks at first.

use std::collections::BTreeMap;

use clx_signal::{Annotation, Band, ChannelKind, Finding, Gap};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Result of the EEG overview. Powers are volts squared, frequencies hertz, times seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EegOverview {
    pub duration_s: f64,
    /// Rate shared by most analysed channels.
    pub rate_hz: f64,
    /// How the signal was prepared before the spectrum: filter, reference, excluded channels.
    pub preparation: Preparation,
    pub channels: Vec<ChannelOverview>,
    /// Frequencies of every `psd_v2_per_hz`, hertz.
    pub freqs_hz: Vec<f64>,
    /// The bands that `ChannelOverview::bands` and `mean_bands` refer to, in order.
    pub bands: Vec<Band>,
    /// Mean over the good EEG channels of rate `rate_hz`; absent when there is none.
    pub mean_bands: Option<Vec<BandPower>>,
    /// Of the mean spectrum over the good channels at the back of the head (sites that start with P
    /// or O), or over all good channels where there is none at the back; absent when no alpha peak
    /// rises above the aperiodic background.
    pub alpha_peak: Option<AlphaPeak>,
    /// Theta over beta power of `mean_bands`.
    pub theta_beta_ratio: Option<f64>,
    /// One entry per left-right pair of the 10-20 system whose two channels are good.
    pub alpha_asymmetry: Vec<Asymmetry>,
    /// Median over the good EEG channels.
    pub aperiodic: Option<Aperiodic>,
    pub annotations: Vec<Annotation>,
    pub gaps: Vec<Gap>,
    pub state: StateSummary,
    pub findings: Vec<Finding>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Preparation {
    pub reference: String,
    pub highpass_hz: f64,
    pub lowpass_hz: f64,
    pub notch_hz: Vec<f64>,
    /// `zero-phase` offline, `causal` live.
    pub phase: String,
    pub window_s: f64,
    pub overlap: f64,
    /// Names left out of means, with the reason in `findings`.
    pub bads: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChannelOverview {
    pub name: String,
    pub label: String,
    pub kind: ChannelKind,
    pub rate_hz: f64,
    /// Position on the unit head (x right, y front), where the name is a 10-20/10-10/10-05 site.
    pub position: Option<[f64; 2]>,
    pub quality: ChannelQuality,
    /// Density at `freqs_hz`, V²/Hz, after the filter; empty for channels that are not EEG or too
    /// short, and shorter than `freqs_hz` where the channel's rate ends its spectrum earlier.
    pub psd_v2_per_hz: Vec<f64>,
    /// One per band, in the order of `EegOverview::bands`, without those above half the channel's
    /// rate; empty for channels that are not EEG.
    pub bands: Vec<BandPower>,
    pub alpha_peak: Option<AlphaPeak>,
    pub aperiodic: Option<Aperiodic>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChannelQuality {
    pub good: bool,
    /// Root mean square after the filter, volts; about the mean for channels that are not EEG.
    pub rms_v: f64,
    /// Share of time without any change for half a second or more, 0..=1.
    pub flat_share: f64,
    /// Share of samples at the channel's own extremes in runs of three or more, 0..=1.
    pub clipped_share: f64,
    /// Robust z-score of `ln rms_v` among the EEG channels; absent with fewer than 4.
    pub amplitude_z: Option<f64>,
    /// Density at the mains frequency over its neighbourhood (2-6 Hz away), dB, before the filter.
    pub line_noise_db: Option<f64>,
    /// Quality per stretch of `strip_s` seconds: 0 bad to 1 good. Share of usable samples, lowered
    /// where the amplitude is more than 3 times or less than a tenth of what is usual in this
    /// recording; at most 0.4 for a channel that is bad as a whole. At most 512 entries.
    pub strip: Vec<f32>,
    pub strip_s: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BandPower {
    /// Name of the band.
    pub band: String,
    /// V².
    pub power_v2: f64,
    /// Share of the power between the lowest and highest band edge, 0..=1.
    pub relative: f64,
    /// 95 % interval of `power_v2`: bootstrap over pairs of Welch segments (or longer blocks), where
    /// there are at least 8.
    pub ci95_v2: Option<[f64; 2]>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlphaPeak {
    /// Frequency of the highest point above the aperiodic fit, interpolated.
    pub peak_hz: f64,
    /// Centre of gravity of 7-13 Hz above the aperiodic fit (Klimesch 1999).
    pub centre_of_gravity_hz: f64,
    /// Height of the peak above the aperiodic fit, dB.
    pub prominence_db: f64,
    /// 95 % interval of `peak_hz`, bootstrap over segments.
    pub ci95_hz: Option<[f64; 2]>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Asymmetry {
    pub left: String,
    pub right: String,
    /// ln(right alpha power) - ln(left alpha power).
    pub ln_ratio: f64,
}

/// `log10 P(f) = offset - exponent * log10 f`, fitted with peaks excluded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Aperiodic {
    pub exponent: f64,
    /// log10 V²/Hz at 1 Hz.
    pub offset: f64,
    pub r_squared: f64,
    pub fmin_hz: f64,
    pub fmax_hz: f64,
}

/// Statements about the state, each with the figures it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StateSummary {
    pub statements: Vec<Statement>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// Message id in the bundles, such as `eeg-state-alpha-peak`.
    pub message: String,
    /// Arguments of the message; each is a figure of this result.
    pub figures: BTreeMap<String, f64>,
    /// The sentence in English.
    pub text: String,
}
