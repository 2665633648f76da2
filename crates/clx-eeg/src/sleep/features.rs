use clx_signal::complexity::{
    higuchi_fd, hjorth, permutation_entropy, petrosian_fd, zero_crossings,
};
use clx_signal::welch::{Average, Psd, Welch, WelchParams};
use clx_signal::window::Window;
use clx_signal::{Band, Finding, SampleRate, Severity, SignalError, fir};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EPOCH_S;
use crate::EegError;
use crate::samples::{at_rate, check_finite, check_long, filtered, microvolts};

mod smooth;

use smooth::{centred_triangle, past_mean, robust_scaled};

/// Rate at which all features are taken, hertz. YASA 0.8.1.
const RATE_HZ: u32 = 100;
/// Pass band of all channels. YASA 0.8.1.
const BROAD: Band = Band { name: "broad", fmin_hz: 0.4, fmax_hz: 30.0 };
/// Bands of the relative powers. YASA 0.8.1.
const BANDS: [Band; 6] = [
    Band { name: "sdelta", fmin_hz: 0.4, fmax_hz: 1.0 },
    Band { name: "fdelta", fmin_hz: 1.0, fmax_hz: 4.0 },
    Band { name: "theta", fmin_hz: 4.0, fmax_hz: 8.0 },
    Band { name: "alpha", fmin_hz: 8.0, fmax_hz: 12.0 },
    Band { name: "sigma", fmin_hz: 12.0, fmax_hz: 16.0 },
    Band { name: "beta", fmin_hz: 16.0, fmax_hz: 30.0 },
];

/// The channels of a night, volts, all of one rate and length.
#[derive(Clone, Copy, Debug)]
pub struct SleepSignals<'a> {
    pub rate: SampleRate,
    /// Best a central electrode against the opposite mastoid.
    pub eeg: &'a [f32],
    /// Best the left eye against the opposite mastoid.
    pub eog: Option<&'a [f32]>,
    /// Chin.
    pub emg: Option<&'a [f32]>,
}

/// What is known of the sleeper; changes which model applies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SleepMetadata {
    /// 1 to 119.
    pub age_years: u32,
    pub male: bool,
}

/// Features of every epoch, as a classifier takes them.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureTable {
    /// Names of the columns, ascending.
    pub names: Vec<String>,
    /// Epoch by epoch.
    pub values: Vec<f32>,
    pub n_epochs: usize,
}

impl FeatureTable {
    pub fn epoch(&self, epoch: usize) -> &[f32] {
        &self.values[epoch * self.names.len()..][..self.names.len()]
    }

    /// All epochs of one column; `None` for a name that is not there.
    pub fn column(&self, name: &str) -> Option<Vec<f32>> {
        let column = self.names.iter().position(|n| n == name)?;
        Some((0..self.n_epochs).map(|epoch| self.epoch(epoch)[column]).collect())
    }
}

/// One feature over the epochs; NaN inside this module only.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) values: Vec<f64>,
}

/// Computes YASA's staging features of every whole 30-second epoch.
///
/// Signals are resampled to 100 Hz where they are not, filtered to 0.4-30 Hz and scaled to µV. Per
/// channel (prefix `eeg_`, `eog_`, `emg_`): standard deviation, interquartile range, skewness,
/// kurtosis, zero crossings, Hjorth mobility and complexity, power (Welch, 5 s Hamming windows,
/// median) absolute and, not for EMG, relative in six bands, four ratios (EEG), permutation entropy,
/// Higuchi and Petrosian fractal dimension; each also as triangular mean over 7.5 min and as mean
/// over the past 2 min, both scaled by the median and the 5-95 % range of the night. `time_hour`,
/// `time_norm` and, with `metadata`, `age` and `male` follow.
///
/// Equal to `yasa.SleepStaging(...).get_features()` 0.8.1 to 1e-4 relative at 100 Hz. Other rates are
/// resampled by a polyphase filter where YASA cuts the spectrum, which differs in the top hertz.
/// A feature that an epoch does not have, because the channel is flat, is 0 there, as the models
/// take it, and the finding `sleep.flat` names the epochs.
///
/// # Errors
/// [`SignalError::TooShort`] below one epoch, [`SignalError::Mismatch`] for channels of unequal
/// length, [`SignalError::NotFinite`], [`SignalError::Parameter`] for a rate below 80 Hz or an age
/// outside 1 to 119.
///
/// # Source
/// Vallat and Walker 2021, eLife 10:e70092. Checked against `tests/fixtures/staging.json`.
pub fn stage_features(
    signals: &SleepSignals<'_>,
    metadata: Option<SleepMetadata>,
) -> Result<(FeatureTable, Vec<Finding>), EegError> {
    check(signals, metadata)?;
    let rate = SampleRate::from_hz(f64::from(RATE_HZ))?;
    let filter = fir::design_bandpass(rate, Some(BROAD.fmin_hz), Some(BROAD.fmax_hz))?;
    let mut columns = Vec::new();
    let mut findings = Vec::new();
    let channels = [("eeg", Some(signals.eeg)), ("eog", signals.eog), ("emg", signals.emg)];
    for (name, volts) in channels {
        let Some(volts) = volts else { continue };
        let uv = microvolts(volts);
        let uv = if signals.rate == rate { uv } else { at_rate(&uv, signals.rate, RATE_HZ)? };
        let (own, flat) = channel_columns(name, &filtered(&filter, &uv), rate)?;
        columns.extend(own);
        findings.extend(flat_finding(name, &flat));
    }
    let n_epochs = columns.first().map_or(0, |c: &Column| c.values.len());
    let smoothed: Vec<Column> = columns.iter().flat_map(smoothed).collect();
    columns.extend(smoothed);
    columns.extend(constants(n_epochs, metadata));
    columns.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((table(columns, n_epochs), findings))
}

fn check(signals: &SleepSignals<'_>, metadata: Option<SleepMetadata>) -> Result<(), EegError> {
    check_long(signals.eeg, signals.rate, EPOCH_S)?;
    let channels = [("eeg", Some(signals.eeg)), ("eog", signals.eog), ("emg", signals.emg)];
    for (name, x) in channels.into_iter().filter_map(|(name, x)| x.map(|x| (name, x))) {
        check_finite(name, x)?;
        if x.len() != signals.eeg.len() {
            let [left, right] = [signals.eeg, x].map(|x| x.len().to_string());
            return Err(SignalError::Mismatch { what: "number of samples", left, right }.into());
        }
    }
    let refused =
        |name, expected, got: String| Err(SignalError::Parameter { name, expected, got }.into());
    if signals.rate.hz() < 80.0 {
        return refused("rate", "at least 80 Hz for staging", signals.rate.hz().to_string());
    }
    match metadata {
        Some(m) if !(1..120).contains(&m.age_years) => {
            refused("age_years", "1 to 119", m.age_years.to_string())
        }
        _ => Ok(()),
    }
}

fn flat_finding(channel: &str, epochs: &[usize]) -> Option<Finding> {
    let first = epochs.first()?;
    let message = format!(
        "{} epochs of the channel are flat, the first at {} s; their features are 0 and their stage is a guess.",
        epochs.len(),
        *first as f64 * EPOCH_S
    );
    Some(Finding::new("sleep.flat", Severity::Warning, message).on_channel(channel))
}

/// Features of one filtered channel, and the epochs that lack some.
fn channel_columns(
    channel: &str,
    uv: &[f32],
    rate: SampleRate,
) -> Result<(Vec<Column>, Vec<usize>), EegError> {
    let welch = Welch::new(
        rate,
        WelchParams {
            window_s: 5.0,
            window: Window::Hamming,
            average: Average::Median,
            fmax_hz: Some(BROAD.fmax_hz),
            ..WelchParams::default()
        },
    )?;
    let mut columns: Vec<Column> = Vec::new();
    let mut flat = Vec::new();
    for (index, epoch) in uv.chunks_exact(rate.samples(EPOCH_S)).enumerate() {
        let mut spectrum = welch.fresh();
        spectrum.push(epoch);
        let features =
            [shape_features(epoch), power_features(channel, &spectrum.finish()?)].concat();
        if columns.is_empty() {
            let name = |(name, _): &(&str, f64)| Column {
                name: format!("{channel}_{name}"),
                values: Vec::new(),
            };
            columns = features.iter().map(name).collect();
        }
        if features.iter().any(|(_, value)| !value.is_finite()) {
            flat.push(index);
        }
        for (column, (_, value)) in columns.iter_mut().zip(features) {
            column.values.push(if value.is_finite() { value } else { f64::NAN });
        }
    }
    Ok((columns, flat))
}

/// Features of the samples of an epoch.
fn shape_features(epoch: &[f32]) -> Vec<(&'static str, f64)> {
    let x: Vec<f64> = epoch.iter().map(|&v| f64::from(v)).collect();
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let [mut m2, mut m3, mut m4] = [0.0; 3];
    for v in &x {
        let (d, d2) = (v - mean, (v - mean) * (v - mean));
        m2 += d2;
        m3 += d2 * d;
        m4 += d2 * d2;
    }
    let [m2, m3, m4] = [m2, m3, m4].map(|m| m / n);
    let hjorth = hjorth(&x);
    let or_nan = |value: Option<f64>| value.unwrap_or(f64::NAN);
    vec![
        ("std", (m2 * n / (n - 1.0)).sqrt()),
        ("iqr", interquartile_range(epoch)),
        ("skew", m3 / m2.powf(1.5)),
        ("kurt", m4 / (m2 * m2) - 3.0),
        ("nzc", or_nan(zero_crossings(&x).map(|c| c as f64))),
        ("hmob", or_nan(hjorth.map(|h| h.mobility))),
        ("hcomp", or_nan(hjorth.map(|h| h.complexity))),
        ("perm", or_nan(permutation_entropy(&x, 3, 1).map(|e| e.normalised))),
        ("higuchi", or_nan(higuchi_fd(&x, 10))),
        ("petrosian", or_nan(petrosian_fd(&x))),
    ]
}

/// Difference of the 75th and 25th percentile, by selection instead of sorting.
fn interquartile_range(x: &[f32]) -> f64 {
    let mut x = x.to_vec();
    let mut quantile = |q: f64| {
        let at = q * (x.len() - 1) as f64;
        let (low, share) = (at.floor() as usize, at.fract());
        let (_, &mut value, above) = x.select_nth_unstable_by(low, f32::total_cmp);
        let next = above.iter().copied().min_by(f32::total_cmp).unwrap_or(value);
        f64::from(value) + (f64::from(next) - f64::from(value)) * share
    };
    quantile(0.75) - quantile(0.25)
}

/// Features of the spectrum of an epoch.
fn power_features(channel: &str, psd: &Psd) -> Vec<(&'static str, f64)> {
    let mut features = vec![("abspow", psd.band_power_trapezoid(BROAD))];
    if channel == "emg" {
        return features;
    }
    let total = psd.band_power_simpson(BROAD);
    let shares = BANDS.map(|band| psd.band_power_simpson(band) / total);
    features.extend(BANDS.iter().map(|b| b.name).zip(shares));
    if channel == "eeg" {
        let [slow, fast, theta, alpha, sigma, beta] = shares;
        let delta = slow + fast;
        features.extend([
            ("dt", delta / theta),
            ("ds", delta / sigma),
            ("db", delta / beta),
            ("at", alpha / theta),
        ]);
    }
    features
}

/// The two smoothed and scaled variants of a feature.
fn smoothed(column: &Column) -> [Column; 2] {
    let variant = |suffix: &str, values: Vec<f64>| Column {
        name: format!("{}{suffix}", column.name),
        values: robust_scaled(values),
    };
    [
        variant("_c7min_norm", centred_triangle(&column.values)),
        variant("_p2min_norm", past_mean(&column.values)),
    ]
}

/// Time of the night and the sleeper.
fn constants(n_epochs: usize, metadata: Option<SleepMetadata>) -> Vec<Column> {
    let column = |name: &str, of: &dyn Fn(f64) -> f64| Column {
        name: name.to_owned(),
        values: (0..n_epochs).map(|i| of(i as f64 * EPOCH_S)).collect(),
    };
    let last_s = n_epochs.saturating_sub(1) as f64 * EPOCH_S;
    let mut columns = vec![
        column("time_hour", &|t| t / 3600.0),
        column("time_norm", &|t| if last_s > 0.0 { t / last_s } else { 0.0 }),
    ];
    if let Some(m) = metadata {
        columns.push(column("age", &|_| f64::from(m.age_years)));
        columns.push(column("male", &|_| f64::from(u8::from(m.male))));
    }
    columns
}

fn table(columns: Vec<Column>, n_epochs: usize) -> FeatureTable {
    let cast = |v: f64| if v.is_nan() { 0.0 } else { v as f32 };
    let values = (0..n_epochs)
        .flat_map(|epoch| columns.iter().map(move |c| cast(c.values[epoch])))
        .collect();
    FeatureTable { names: columns.into_iter().map(|c| c.name).collect(), values, n_epochs }
}
