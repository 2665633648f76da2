//! The measures that come from cross-spectra.

use clx_eeg::connectivity::{
    ConnectivityParams, Measure, Range, Spectrum, SurrogateParams, connectivity_while,
};
use clx_signal::Band;

use super::{ConnectivityMeasure, ConnectivityMethod, ConnectivityRunParams, Found};
use crate::catalogue::eeg::pieces;
use crate::catalogue::eeg::prepare::Prepared;
use crate::{AnalysisError, Context};

/// Pairs × epochs × bins × passes that are done at most: some minutes.
const MOST_WORK: usize = 200_000_000_000;

pub(super) fn measure(
    prepared: &Prepared,
    starts: &[usize],
    n: usize,
    bands: &[Band],
    params: &ConnectivityRunParams,
    cx: &Context<'_>,
    until: f64,
) -> Result<Vec<Found>, AnalysisError> {
    let spectral = |m: &ConnectivityMeasure| Some((*m, m.spectral()?));
    let measures: Vec<(ConnectivityMeasure, Measure)> =
        params.measures.iter().filter_map(spectral).collect();
    if measures.is_empty() {
        return Ok(Vec::new());
    }
    let channels: Vec<usize> = (0..prepared.channels.len()).collect();
    let fmax_hz = bands.iter().map(|b| b.fmax_hz).fold(0.0, f64::max);
    let work = channels.len() * channels.len() / 2
        * starts.len()
        * (fmax_hz * params.epoch_s) as usize
        * (1 + params.surrogates);
    if work > MOST_WORK {
        return Err(AnalysisError::Params(format!(
            "{} surrogates of {} epochs of {} channels would take too long; take fewer surrogates or channels",
            params.surrogates,
            starts.len(),
            channels.len()
        )));
    }
    let range =
        |b: &Band| Range { name: b.name.to_owned(), fmin_hz: b.fmin_hz, fmax_hz: b.fmax_hz };
    let settings = ConnectivityParams {
        spectrum: match params.method {
            ConnectivityMethod::Hann => Spectrum::Fourier,
            ConnectivityMethod::Multitaper => {
                Spectrum::Multitaper { bandwidth_hz: Some(params.bandwidth_hz) }
            }
        },
        measures: measures.iter().map(|m| m.1).collect(),
        bands: bands.iter().map(range).collect(),
        surrogates: (params.surrogates > 0).then(|| SurrogateParams {
            count: params.surrogates,
            seed: params.seed,
            ..SurrogateParams::default()
        }),
    };
    let epochs = pieces::epochs(prepared, &channels, starts, n)?;
    let mut go_on = |share: f64| cx.step(0.4 + (until - 0.4) * share, "comparing").is_ok();
    let Some(found) = connectivity_while(&epochs, &prepared.names(), &settings, &mut go_on)? else {
        return Err(AnalysisError::Cancelled);
    };
    let of_band = |(i, result): (usize, clx_eeg::connectivity::BandConnectivity)| Found {
        measure: measures[i / bands.len()].0,
        band: bands[i % bands.len()],
        lower: result.values.lower.clone(),
        threshold: result.threshold,
        p_value: Box::new(move |value| result.p_value(value)),
    };
    Ok(found.results.into_iter().enumerate().map(of_band).collect())
}
