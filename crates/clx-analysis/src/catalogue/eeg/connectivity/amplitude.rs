//! Orthogonalised correlation of envelopes.

use clx_eeg::connectivity::{AmplitudeParams, amplitude_correlation};
use clx_signal::fir::{Edge, OverlapSave, design_bandpass};
use clx_signal::{Band, Epochs};

use super::{ConnectivityMeasure, Found};
use crate::catalogue::eeg::pieces;
use crate::catalogue::eeg::prepare::Prepared;
use crate::{AnalysisError, Context};

/// Pairs × samples × bands that are done at most: some minutes.
const MOST_WORK: usize = 20_000_000_000;

pub(super) fn measure(
    prepared: &Prepared,
    starts: &[usize],
    n: usize,
    bands: &[Band],
    cx: &Context<'_>,
    from: f64,
) -> Result<Vec<Found>, AnalysisError> {
    let n_channels = prepared.channels.len();
    let n_pairs = n_channels * (n_channels - 1) / 2;
    if n_pairs * starts.len() * n * bands.len() > MOST_WORK {
        return Err(AnalysisError::Params(format!(
            "amplitude_correlation of {n_channels} channels over {} epochs of {n} samples would take \
             too long; name channels (prepare.channels) or lower the rate (prepare.rate_hz)",
            starts.len()
        )));
    }
    let names = prepared.names();
    let mut all = Vec::new();
    for (b, band) in bands.iter().enumerate() {
        let share = |part: f64| from + (0.98 - from) * (b as f64 + part) / bands.len() as f64;
        let filtered = filter(prepared, band, cx, share(0.0))?;
        let mut lower = vec![0.0; n_pairs];
        for (e, &start) in starts.iter().enumerate() {
            cx.step(share(e as f64 / starts.len() as f64), "comparing")?;
            let samples: Vec<f32> =
                filtered.iter().flat_map(|x| x[start..start + n].iter().copied()).collect();
            let epoch = Epochs::from_samples(prepared.rate, 0.0, n_channels, n, samples)?;
            let found = amplitude_correlation(&epoch, &names, AmplitudeParams::default())?;
            lower.iter_mut().zip(&found.lower).for_each(|(sum, v)| *sum += v / starts.len() as f64);
        }
        all.push(Found {
            measure: ConnectivityMeasure::AmplitudeCorrelation,
            band: *band,
            lower,
            threshold: None,
            p_value: Box::new(|_| None),
        });
    }
    Ok(all)
}

/// Every channel inside the band, each stretch between interruptions by itself.
fn filter(
    prepared: &Prepared,
    band: &Band,
    cx: &Context<'_>,
    share: f64,
) -> Result<Vec<Vec<f32>>, AnalysisError> {
    let design = design_bandpass(prepared.rate, Some(band.fmin_hz), Some(band.fmax_hz))?;
    let breaks = pieces::breaks(prepared);
    let mut all = Vec::with_capacity(prepared.samples.len());
    for x in &prepared.samples {
        cx.step(share, "comparing")?;
        let mut out = Vec::with_capacity(x.len());
        let mut from = 0;
        for to in breaks.iter().copied().chain([x.len()]) {
            let mut pass = OverlapSave::new(&design, 1, Edge::Reflect);
            pass.push(0, &x[from.min(x.len())..to.min(x.len())], &mut out);
            pass.finish(0, &mut out);
            from = to;
        }
        all.push(out);
    }
    Ok(all)
}
