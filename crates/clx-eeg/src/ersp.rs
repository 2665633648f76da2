//! Event-related power changes and inter-trial coherence over time and frequency.

use clx_signal::tfr::{Average, Bank, Cycles, EpochAverage, Transform};
use clx_signal::{Epochs, SignalError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EegError;

/// What the power is compared with the mean `m` (and standard deviation `s`) of the baseline by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BaselineMode {
    /// Not at all; V²·s of the unit-norm wavelets.
    None,
    /// `10 log10(p / m)`, decibels.
    #[default]
    Decibel,
    /// `log10(p / m)`.
    LogRatio,
    /// `(p - m) / m`; 1 is twice the baseline.
    Percent,
    /// `(p - m) / s` over the samples of the baseline.
    ZScore,
}

/// Settings of [`ersp`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ErspParams {
    /// Centres of the Morlet wavelets, hertz.
    pub freqs_hz: Vec<f64>,
    /// Cycles of each wavelet: one number for all frequencies, or one for each.
    pub cycles: Vec<f64>,
    pub mode: BaselineMode,
    /// The baseline, seconds from the event, both ends included.
    pub baseline_tmin_s: f64,
    pub baseline_tmax_s: f64,
    /// Keep every n-th sample of the result.
    pub decimation: usize,
}

impl Default for ErspParams {
    fn default() -> Self {
        Self {
            freqs_hz: (4..=40).map(f64::from).collect(),
            cycles: (4..=40).map(|f| f64::from(f) / 2.0).collect(),
            mode: BaselineMode::default(),
            baseline_tmin_s: -0.5,
            baseline_tmax_s: -0.1,
            decimation: 1,
        }
    }
}

/// Result of [`ersp`] for one channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ersp {
    pub freqs_hz: Vec<f64>,
    /// Seconds from the event.
    pub times_s: Vec<f64>,
    pub mode: BaselineMode,
    pub n_epochs: usize,
    /// Mean over epochs of the power, compared with the baseline; frequency by frequency.
    pub power: Vec<f64>,
    /// Inter-trial coherence, `0..=1`, in the same order; `0.89 / √n` without common phase.
    pub coherence: Vec<f64>,
    /// Samples at either end that each frequency's wavelet reaches beyond the epoch.
    pub edge_samples: Vec<usize>,
}

/// Event-related spectral perturbation and inter-trial coherence of one channel.
///
/// Morlet wavelets as [`Bank::morlet`]. Power is averaged over epochs first and then compared with its
/// mean over the baseline. Equal to MNE's `tfr_array_morlet(output="avg_power_itc")` followed by
/// `mne.baseline.rescale` to 1e-9. `None` where the baseline has no power (or, for z-scores, does not
/// vary). Values within `edge_samples` of an end are too small.
///
/// # Errors
/// [`EegError::Signal`] without an epoch, for a wavelet longer than the epoch, frequencies that do
/// not fit below half the rate, a baseline without a sample, or a sample that is no number.
///
/// # Source
/// Makeig 1993, Electroencephalogr. Clin. Neurophysiol. 86:283-293; Grandchamp and Delorme 2011,
/// Front. Psychol. 2:236. Checked against `tests/fixtures/ersp.json`.
pub fn ersp(
    epochs: &Epochs,
    channel: usize,
    params: &ErspParams,
) -> Result<Option<Ersp>, EegError> {
    let n = epochs.n_samples();
    if epochs.is_empty() || channel >= epochs.n_channels() || params.decimation == 0 {
        let got = format!("channel {channel} of {} epochs", epochs.len());
        let expected = "a channel of at least one epoch, and a decimation above 0";
        return Err(SignalError::Parameter { name: "epochs", expected, got }.into());
    }
    let cycles = match params.cycles[..] {
        [one] => Cycles::Fixed(one),
        _ => Cycles::Each(params.cycles.clone()),
    };
    let bank = Bank::morlet(epochs.rate, &params.freqs_hz, &cycles, false)?;
    let mut transform = Transform::new(&bank, n)?;
    let mut average = EpochAverage::new(&transform, Average::PowerAndCoherence);
    for epoch in 0..epochs.len() {
        average.push(&mut transform, epochs.channel(epoch, channel))?;
    }
    let time_s = |i: usize| epochs.tmin_s + epochs.rate.seconds(i);
    let mut power = average.power();
    if params.mode != BaselineMode::None {
        let slack = 1e-9 / epochs.rate.hz();
        let (from, to) = (params.baseline_tmin_s - slack, params.baseline_tmax_s + slack);
        let inside = |i: &usize| (from..=to).contains(&time_s(*i));
        let (first, last) = ((0..n).find(inside), (0..n).rev().find(inside));
        let (Some(first), Some(last)) = (first, last) else {
            let got = format!("{} to {} s", params.baseline_tmin_s, params.baseline_tmax_s);
            let expected = "around at least one sample of the epoch";
            return Err(SignalError::Parameter { name: "baseline", expected, got }.into());
        };
        for row in power.chunks_exact_mut(n) {
            if !rescale(row, first..last + 1, params.mode) {
                return Ok(None);
            }
        }
    }
    let kept = |v: &[f64]| -> Vec<f64> {
        v.chunks_exact(n).flat_map(|r| r.iter().step_by(params.decimation).copied()).collect()
    };
    Ok(average.coherence().map(|coherence| Ersp {
        freqs_hz: params.freqs_hz.clone(),
        times_s: (0..n).step_by(params.decimation).map(time_s).collect(),
        mode: params.mode,
        n_epochs: epochs.len(),
        power: kept(&power),
        coherence: kept(&coherence),
        edge_samples: bank.wavelets().iter().map(|w| w.len() / 2).collect(),
    }))
}

/// Whether the comparison is defined.
fn rescale(row: &mut [f64], baseline: std::ops::Range<usize>, mode: BaselineMode) -> bool {
    let n = baseline.len() as f64;
    let mean = row[baseline.clone()].iter().sum::<f64>() / n;
    let variance = row[baseline].iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
    let of: &dyn Fn(f64) -> f64 = match mode {
        BaselineMode::None => return true,
        BaselineMode::Decibel => &|p| 10.0 * (p / mean).log10(),
        BaselineMode::LogRatio => &|p| (p / mean).log10(),
        BaselineMode::Percent => &|p| (p - mean) / mean,
        BaselineMode::ZScore => &|p| (p - mean) / variance.sqrt(),
    };
    row.iter_mut().for_each(|v| *v = of(*v));
    row.iter().all(|v| v.is_finite())
}
