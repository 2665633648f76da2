//! Wavelets over the epochs of one channel.

use clx_eeg::ersp::{BaselineMode, ErspBuilder, ErspParams};
use clx_signal::{Epochs, Finding, SampleRate, Severity};

use super::{Change, Extreme, ExtremeKind, TfrMap, TfrMethod, TfrParams};
use crate::AnalysisError;
use crate::catalogue::eeg::spectra::four_digits;

/// Frequencies times samples of an epoch that are held at most.
const MOST_CELLS: usize = 2_000_000;
/// Values of all maps together that are stored at most, of each kind.
const MOST_VALUES: usize = 100_000;
const MOST_COLUMNS: usize = 200;

/// Frequencies and times of the maps.
pub(super) struct Grid {
    pub(super) freqs_hz: Vec<f64>,
    cycles: Vec<f64>,
    /// What the epochs are longer by at either end, so that no wavelet meets one.
    pub(super) margin_s: f64,
    rate: SampleRate,
    /// Seconds from the event to the first sample of an epoch, and samples of an epoch.
    epoch_tmin_s: f64,
    n_samples: usize,
    span_s: [f64; 2],
}

impl Grid {
    pub(super) fn of(params: &TfrParams, rate: SampleRate) -> Result<Self, AnalysisError> {
        if params.fmax_hz >= rate.nyquist_hz() {
            return Err(AnalysisError::Params(format!(
                "fmax_hz must be below half the rate, {} Hz, got {}",
                rate.nyquist_hz(),
                params.fmax_hz
            )));
        }
        let last = (params.n_freqs - 1) as f64;
        let freq =
            |i: usize| params.fmin_hz * (params.fmax_hz / params.fmin_hz).powf(i as f64 / last);
        let freqs_hz: Vec<f64> = (0..params.n_freqs).map(freq).collect();
        let share = |f: f64| (f - params.fmin_hz) / (params.fmax_hz - params.fmin_hz);
        let cycles: Vec<f64> = freqs_hz
            .iter()
            .map(|&f| params.cycles_low + share(f) * (params.cycles_high - params.cycles_low))
            .collect();
        // A Morlet wavelet is cut at five standard deviations, cycles / (2 pi f) each.
        let reach = match params.method {
            TfrMethod::Morlet => 5.0 / std::f64::consts::TAU,
            TfrMethod::Multitaper => 0.5,
        };
        let longest = freqs_hz.iter().zip(&cycles).map(|(f, c)| reach * c / f).fold(0.0, f64::max);
        let margin_s = longest + 2.0 / rate.hz();
        let sample = |s: f64| (s * rate.hz()).round_ties_even();
        let first = sample(params.tmin_s - margin_s);
        let n_samples = (sample(params.tmax_s + margin_s) - first) as usize + 1;
        if n_samples * params.n_freqs > MOST_CELLS {
            return Err(AnalysisError::Params(format!(
                "{} frequencies over epochs of {n_samples} samples are more than {MOST_CELLS} values; \
                 take fewer frequencies, shorter epochs, or a lower rate (prepare.rate_hz)",
                params.n_freqs
            )));
        }
        Ok(Self {
            freqs_hz,
            cycles,
            margin_s,
            rate,
            epoch_tmin_s: first / rate.hz(),
            n_samples,
            span_s: [params.tmin_s, params.tmax_s],
        })
    }

    pub(super) fn time_s(&self, sample: usize) -> f64 {
        self.epoch_tmin_s + self.rate.seconds(sample)
    }

    /// Samples of an epoch that become columns of each of `n_maps`.
    pub(super) fn columns(&self, n_maps: usize) -> Vec<usize> {
        let slack = 1e-9;
        let inside = |i: &usize| {
            (self.span_s[0] - slack..=self.span_s[1] + slack).contains(&self.time_s(*i))
        };
        let all: Vec<usize> = (0..self.n_samples).filter(inside).collect();
        let most = (MOST_VALUES / (n_maps.max(1) * self.freqs_hz.len())).clamp(20, MOST_COLUMNS);
        let every = all.len().div_ceil(most).max(1);
        all.into_iter().step_by(every).collect()
    }
}

/// What a map shows, frequency by frequency.
pub(super) struct Values {
    pub(super) change: Vec<f64>,
    pub(super) coherence: Vec<f64>,
}

/// Change of power and coherence at the columns `times`, frequency by frequency; `None` where the
/// baseline has no power.
pub(super) fn measure_map(
    epochs: &Epochs,
    channel: usize,
    grid: &Grid,
    params: &TfrParams,
    times: &[usize],
    step: &dyn Fn(f64) -> Result<(), AnalysisError>,
) -> Result<Option<Values>, AnalysisError> {
    let settings = ErspParams {
        freqs_hz: grid.freqs_hz.clone(),
        cycles: grid.cycles.clone(),
        time_bandwidth: (params.method == TfrMethod::Multitaper).then_some(params.time_bandwidth),
        mode: match params.mode {
            Change::Decibel => BaselineMode::Decibel,
            Change::LogRatio => BaselineMode::LogRatio,
            Change::Percent => BaselineMode::Percent,
            Change::ZScore => BaselineMode::ZScore,
        },
        baseline_tmin_s: params.baseline_tmin_s,
        baseline_tmax_s: params.baseline_tmax_s,
        decimation: 1,
    };
    let n = epochs.n_samples();
    let mut builder = ErspBuilder::new(epochs.rate, epochs.tmin_s, n, &settings)?;
    for epoch in 0..epochs.len() {
        step(epoch as f64 / epochs.len() as f64)?;
        builder.push(epochs.channel(epoch, channel))?;
    }
    // A share of the baseline is stored as percent of it.
    let scale = if params.mode == Change::Percent { 100.0 } else { 1.0 };
    let kept = |v: &[f64], scale: f64| -> Vec<f64> {
        let row = |r: &[f64]| times.iter().map(|&t| four_digits(r[t] * scale)).collect::<Vec<_>>();
        v.chunks_exact(n).flat_map(row).collect()
    };
    Ok(builder.finish().map(|found| Values {
        change: kept(&found.power, scale),
        coherence: kept(&found.coherence, 1.0),
    }))
}

pub(super) fn silent(channel: &str, condition: &str) -> Finding {
    let text = format!(
        "{channel} has no power in the baseline of `{condition}`, so nothing was compared with it"
    );
    Finding::new("tfr.baseline", Severity::Warning, text).on_channel(channel)
}

/// The largest rise, fall and coherence after the event.
pub(super) fn extremes(map: &TfrMap, grid: &Grid, times: &[usize]) -> Vec<Extreme> {
    let after: Vec<usize> =
        (0..map.change.len()).filter(|i| grid.time_s(times[i % times.len()]) >= 0.0).collect();
    let at = |kind: ExtremeKind, values: &[f64], sign: f64| {
        let top =
            after.iter().max_by(|&&a, &&b| (sign * values[a]).total_cmp(&(sign * values[b])))?;
        Some(Extreme {
            condition: map.condition.clone(),
            channel: map.channel.clone(),
            kind,
            frequency_hz: grid.freqs_hz[top / times.len()],
            latency_s: grid.time_s(times[top % times.len()]),
            value: values[*top],
        })
    };
    [
        at(ExtremeKind::Rise, &map.change, 1.0).filter(|e| e.value > 0.0),
        at(ExtremeKind::Fall, &map.change, -1.0).filter(|e| e.value < 0.0),
        at(ExtremeKind::Coherence, &map.coherence, 1.0),
    ]
    .into_iter()
    .flatten()
    .collect()
}
