//! Event-related power changes and inter-trial coherence over time and frequency.

use clx_signal::tfr::{Average, Bank, Cycles, EpochAverage, Transform};
use clx_signal::{Epochs, SampleRate, SignalError};
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
    /// Centres of the wavelets, hertz.
    pub freqs_hz: Vec<f64>,
    /// Cycles of each wavelet: one number for all frequencies, or one for each.
    pub cycles: Vec<f64>,
    /// Slepian tapers of this time-bandwidth product, 3 to 64; absent: Morlet wavelets.
    pub time_bandwidth: Option<f64>,
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
            time_bandwidth: None,
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
/// Morlet wavelets as [`Bank::morlet`], or tapers as [`Bank::multitaper`]. Power is averaged over
/// epochs first and then compared with its mean over the baseline. Equal to MNE's
/// `tfr_array_morlet(output="avg_power_itc")` followed by `mne.baseline.rescale` to 1e-9. `None` where
/// the baseline has no power (or, for z-scores, does not vary). Values within `edge_samples` of an end
/// are too small.
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
    if epochs.is_empty() || channel >= epochs.n_channels() {
        let got = format!("channel {channel} of {} epochs", epochs.len());
        return Err(refused("epochs", "a channel of at least one epoch", got));
    }
    let mut builder = ErspBuilder::new(epochs.rate, epochs.tmin_s, epochs.n_samples(), params)?;
    for epoch in 0..epochs.len() {
        builder.push(epochs.channel(epoch, channel))?;
    }
    Ok(builder.finish())
}

/// [`ersp`] epoch by epoch.
#[derive(Debug)]
pub struct ErspBuilder {
    params: ErspParams,
    rate: SampleRate,
    tmin_s: f64,
    /// Samples of the baseline; absent if nothing is compared with it.
    baseline: Option<std::ops::Range<usize>>,
    edge_samples: Vec<usize>,
    transform: Transform,
    average: EpochAverage,
}

impl ErspBuilder {
    /// For epochs of `n_samples` that begin `tmin_s` after their event.
    ///
    /// # Errors
    /// As [`ersp`].
    pub fn new(
        rate: SampleRate,
        tmin_s: f64,
        n_samples: usize,
        params: &ErspParams,
    ) -> Result<Self, EegError> {
        if params.decimation == 0 {
            return Err(refused("decimation", "above 0", "0".to_owned()));
        }
        let cycles = match params.cycles[..] {
            [one] => Cycles::Fixed(one),
            _ => Cycles::Each(params.cycles.clone()),
        };
        let bank = match params.time_bandwidth {
            None => Bank::morlet(rate, &params.freqs_hz, &cycles, false)?,
            Some(product) => Bank::multitaper(rate, &params.freqs_hz, &cycles, product, true)?,
        };
        let n_tapers = bank.wavelets().len() / params.freqs_hz.len().max(1);
        let first_tapers = bank.wavelets().iter().step_by(n_tapers.max(1));
        let transform = Transform::new(&bank, n_samples)?;
        let average = EpochAverage::new(&transform, Average::PowerAndCoherence);
        let mut builder = Self {
            params: params.clone(),
            rate,
            tmin_s,
            baseline: None,
            edge_samples: first_tapers.map(|w| w.len() / 2).collect(),
            transform,
            average,
        };
        if params.mode != BaselineMode::None {
            builder.baseline = Some(builder.samples_of_baseline()?);
        }
        Ok(builder)
    }

    /// Takes one epoch of the channel.
    ///
    /// # Errors
    /// [`EegError::Signal`] for another length or a sample that is no number.
    pub fn push(&mut self, epoch: &[f32]) -> Result<(), EegError> {
        Ok(self.average.push(&mut self.transform, epoch)?)
    }

    /// What was taken so far; `None` where the baseline has no power, and without an epoch.
    pub fn finish(self) -> Option<Ersp> {
        let n = self.transform.n_samples();
        let mut power = self.average.power();
        if let Some(baseline) = &self.baseline {
            for row in power.chunks_exact_mut(n) {
                if !rescale(row, baseline.clone(), self.params.mode) {
                    return None;
                }
            }
        }
        let every = self.params.decimation;
        let kept = |v: &[f64]| -> Vec<f64> {
            v.chunks_exact(n).flat_map(|r| r.iter().step_by(every).copied()).collect()
        };
        self.average.coherence().map(|coherence| Ersp {
            freqs_hz: self.params.freqs_hz.clone(),
            times_s: (0..n).step_by(every).map(|i| self.time_s(i)).collect(),
            mode: self.params.mode,
            n_epochs: self.average.n_epochs(),
            power: kept(&power),
            coherence: kept(&coherence),
            edge_samples: self.edge_samples.clone(),
        })
    }

    fn time_s(&self, sample: usize) -> f64 {
        self.tmin_s + self.rate.seconds(sample)
    }

    fn samples_of_baseline(&self) -> Result<std::ops::Range<usize>, EegError> {
        let ErspParams { baseline_tmin_s, baseline_tmax_s, .. } = self.params;
        let slack = 1e-9 / self.rate.hz();
        let inside = |i: &usize| {
            (baseline_tmin_s - slack..=baseline_tmax_s + slack).contains(&self.time_s(*i))
        };
        let n = self.transform.n_samples();
        let (first, last) = ((0..n).find(inside), (0..n).rev().find(inside));
        let (Some(first), Some(last)) = (first, last) else {
            let got = format!("{baseline_tmin_s} to {baseline_tmax_s} s");
            return Err(refused("baseline", "around at least one sample of the epoch", got));
        };
        Ok(first..last + 1)
    }
}

fn refused(name: &'static str, expected: &'static str, got: String) -> EegError {
    SignalError::Parameter { name, expected, got }.into()
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
