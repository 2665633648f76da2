//! Spectrum, band powers and aperiodic background of one channel.

use clx_eeg::band_power::{BandPowerParams, BandSpectrum, band_spectrum};
use clx_eeg::connectivity::Range;
use clx_eeg::irasa::{Irasa, IrasaParams, irasa};
use clx_eeg::overview::{AlphaPeak, Aperiodic};
use clx_eeg::{find_alpha_peak, fit_aperiodic};
use clx_signal::welch::Psd;
use clx_signal::{Band, stats};

use super::{SpectrumMethod, SpectrumParams};
use crate::catalogue::eeg::pieces;
use crate::catalogue::eeg::prepare::Prepared;
use crate::{AnalysisError, Context};

/// The resampling goes over stretches of this length, seconds, of which the median is taken.
const IRASA_STRETCH_S: f64 = 60.0;
/// Stretches that are resampled at most, evenly spread.
const MOST_STRETCHES: usize = 10;
/// Segment of the resampled spectra, seconds, and how much more of the signal it reads.
const IRASA_WINDOW_S: f64 = 4.0;
const IRASA_REACH: f64 = 1.9;

/// What shares, edge and entropy are of.
pub(super) fn total(prepared: &Prepared) -> Band {
    Band { name: "total", fmin_hz: 1.0, fmax_hz: prepared.rate.nyquist_hz().min(40.0) }
}

/// The spectrum with the powers of `bands`, and the background by irregular resampling.
pub(super) fn measure_channel(
    prepared: &Prepared,
    channel: usize,
    bands: &[Band],
    params: &SpectrumParams,
    cx: &Context<'_>,
    share: &dyn Fn(f64) -> f64,
) -> Result<(BandSpectrum, Option<Aperiodic>), AnalysisError> {
    let range =
        |b: &Band| Range { name: b.name.to_owned(), fmin_hz: b.fmin_hz, fmax_hz: b.fmax_hz };
    let settings = BandPowerParams {
        bands: bands.iter().map(range).collect(),
        total: range(&total(prepared)),
        window_s: params.window_s,
        overlap: params.overlap,
        bandwidth_hz: (params.method == SpectrumMethod::Multitaper).then_some(params.bandwidth_hz),
        resamples: params.resamples,
        seed: params.seed,
        ..BandPowerParams::default()
    };
    let x = &prepared.samples[channel];
    let spectrum = band_spectrum(x, prepared.rate, &pieces::breaks(prepared), &settings)?;
    Ok((spectrum, background(prepared, x, params, cx, share)?))
}

/// Median over stretches of what irregular resampling finds; `None` without a long enough stretch.
fn background(
    prepared: &Prepared,
    x: &[f32],
    params: &SpectrumParams,
    cx: &Context<'_>,
    share: &dyn Fn(f64) -> f64,
) -> Result<Option<Aperiodic>, AnalysisError> {
    let rate = prepared.rate;
    let end = prepared.preparation.lowpass_hz.unwrap_or(rate.nyquist_hz());
    let fmax_hz = params.fit_fmax_hz.min(end / (1.05 * IRASA_REACH));
    if fmax_hz <= 2.0 * params.fit_fmin_hz {
        return Ok(None);
    }
    let settings = IrasaParams { window_s: IRASA_WINDOW_S, fmin_hz: params.fit_fmin_hz, fmax_hz };
    let least = rate.samples(IRASA_REACH * IRASA_WINDOW_S) + 1;
    let n = rate.samples(IRASA_STRETCH_S).min(x.len()).max(least);
    let starts = pieces::spread(&pieces::starts(prepared, n, n), MOST_STRETCHES);
    let mut fits = Vec::new();
    for (k, &start) in starts.iter().enumerate() {
        cx.step(share((k + 1) as f64 / (starts.len() + 1) as f64), "measuring")?;
        let found = irasa(&x[start..start + n], rate, settings)?;
        fits.extend(found.map(|Irasa { exponent, offset, r_squared, .. }| Aperiodic {
            exponent,
            offset,
            r_squared,
            fmin_hz: settings.fmin_hz,
            fmax_hz: settings.fmax_hz,
        }));
    }
    fits.retain(|f| f.exponent.is_finite() && f.offset.is_finite() && f.r_squared.is_finite());
    Ok(median_of(&fits.iter().collect::<Vec<_>>()))
}

/// The line beneath the peaks, up to where a filter or the rate ends the spectrum.
pub(super) fn fit(psd: &Psd, params: &SpectrumParams, prepared: &Prepared) -> Option<Aperiodic> {
    let end = prepared.preparation.lowpass_hz.unwrap_or(0.9 * prepared.rate.nyquist_hz());
    let fmax_hz = params.fit_fmax_hz.min(end);
    let part = psd.restricted(Band { name: "fit", fmin_hz: params.fit_fmin_hz, fmax_hz });
    fit_aperiodic(&part.freqs_hz, &part.density)
}

pub(super) fn alpha_peak(psd: &Psd, fit: Option<&Aperiodic>, seed: u64) -> Option<AlphaPeak> {
    find_alpha_peak(psd, fit?, seed)
}

pub(super) fn median_of(fits: &[&Aperiodic]) -> Option<Aperiodic> {
    let middle = |of: &dyn Fn(&Aperiodic) -> f64| {
        stats::median(&fits.iter().map(|a| of(a)).collect::<Vec<_>>())
    };
    Some(Aperiodic {
        exponent: middle(&|a| a.exponent)?,
        offset: middle(&|a| a.offset)?,
        r_squared: middle(&|a| a.r_squared)?,
        fmin_hz: middle(&|a| a.fmin_hz)?,
        fmax_hz: middle(&|a| a.fmax_hz)?,
    })
}
