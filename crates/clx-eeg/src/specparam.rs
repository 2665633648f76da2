//! Spectral parameterisation: an aperiodic part with or without a knee, and peaks above it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use clx_signal::SignalError;
use clx_signal::linear::fit_line;
use clx_signal::stats;

use crate::EegError;

mod aperiodic;
mod peaks;
mod solve;

use aperiodic::Shape;

/// Form of the aperiodic part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AperiodicMode {
    /// `offset - exponent · log10 f`.
    #[default]
    Fixed,
    /// `offset - log10(knee + f^exponent)`: flat below `knee^(1/exponent)` Hz.
    Knee,
}

/// Settings of [`parameterise`]; the defaults are specparam's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SpecparamParams {
    pub mode: AperiodicMode,
    /// Narrowest and widest peak, hertz (two standard deviations).
    pub width_min_hz: f64,
    pub width_max_hz: f64,
    /// Most peaks, 0 to 64.
    #[schemars(range(max = 64))]
    pub max_peaks: usize,
    /// Least height of a peak, log10 units.
    pub min_height: f64,
    /// Least height of a peak in standard deviations of what is left of the flattened spectrum.
    pub threshold: f64,
}

impl Default for SpecparamParams {
    fn default() -> Self {
        Self {
            mode: AperiodicMode::default(),
            width_min_hz: 0.5,
            width_max_hz: 12.0,
            max_peaks: 64,
            min_height: 0.0,
            threshold: 2.0,
        }
    }
}

/// A peak above the aperiodic part: a Gaussian in log10 power.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpectralPeak {
    pub centre_hz: f64,
    /// log10 units; 1 is ten times the aperiodic part.
    pub height_log10: f64,
    /// Two standard deviations of the Gaussian, hertz.
    pub bandwidth_hz: f64,
}

/// Result of [`parameterise`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Specparam {
    pub mode: AperiodicMode,
    /// log10 of the density's unit at 1 Hz (fixed mode).
    pub offset: f64,
    /// In knee mode, unit Hz^exponent.
    pub knee: Option<f64>,
    pub exponent: f64,
    /// By rising frequency.
    pub peaks: Vec<SpectralPeak>,
    /// Squared correlation of spectrum and model, log10 units.
    pub r_squared: f64,
    /// Mean absolute difference of spectrum and model, log10 units.
    pub mean_error: f64,
    pub fmin_hz: f64,
    pub fmax_hz: f64,
}

/// Fits an aperiodic part and peaks to a spectrum.
///
/// `freqs_hz` ascending, equally spaced and above 0; `density` positive, same length. A robust fit of
/// the aperiodic part finds the floor; Gaussians are guessed from the highest point down, those at the
/// edges or on top of each other dropped, the rest fitted together within bounds; the aperiodic part is
/// fitted again to the spectrum without them. On `tests/fixtures/specparam_peaks.json` exponents agree
/// with specparam 2.0.0rc7 to 0.01 and peaks to 0.1 Hz.
///
/// `None` where a density is zero or no number (a silent channel). A fit always exists otherwise: look
/// at `r_squared` and `mean_error` before using it.
///
/// # Errors
/// [`EegError::Signal`] with fewer than 12 bins, unequal lengths, frequencies that do not rise evenly
/// from above 0, or unusable settings.
///
/// # Source
/// Donoghue et al. 2020, Nat. Neurosci. 23:1655-1665.
///
/// ```
/// use clx_eeg::specparam::{SpecparamParams, parameterise};
/// let freqs: Vec<f64> = (4..=160).map(|k| k as f64 * 0.25).collect();
/// let bump = |f: f64| 0.8 * (-0.5 * ((f - 10.0) / 1.0_f64).powi(2)).exp();
/// let density: Vec<f64> = freqs.iter().map(|f| 10_f64.powf(-11.0 - 1.5 * f.log10() + bump(*f))).collect();
/// let fit = parameterise(&freqs, &density, SpecparamParams::default())?.unwrap();
/// assert!((fit.exponent - 1.5).abs() < 0.02 && (fit.peaks[0].centre_hz - 10.0).abs() < 0.02);
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
pub fn parameterise(
    freqs_hz: &[f64],
    density: &[f64],
    params: SpecparamParams,
) -> Result<Option<Specparam>, EegError> {
    check(freqs_hz, density, params)?;
    if !density.iter().all(|p| p.is_finite() && *p > 0.0) {
        return Ok(None);
    }
    let y: Vec<f64> = density.iter().map(|p| p.log10()).collect();
    let x: Vec<f64> = freqs_hz.iter().map(|f| f.log10()).collect();
    let Some(floor) = robust_floor(&x, &y, params.mode) else { return Ok(None) };
    let flat: Vec<f64> = x.iter().zip(&y).map(|(x, y)| y - floor.at(*x)).collect();
    let found = peaks::fit(freqs_hz, &flat, params);
    let bumps = |f: f64| found.iter().map(|p| p.at(f)).sum::<f64>();
    let without: Vec<f64> = freqs_hz.iter().zip(&y).map(|(&f, y)| y - bumps(f)).collect();
    let Some(shape) = Shape::fit(&x, &without, params.mode, None) else { return Ok(None) };
    let model: Vec<f64> = freqs_hz.iter().zip(&x).map(|(&f, x)| shape.at(*x) + bumps(f)).collect();
    let errors = y.iter().zip(&model).map(|(a, b)| (a - b).abs());
    Ok(Some(Specparam {
        mode: params.mode,
        offset: shape.offset,
        knee: (params.mode == AperiodicMode::Knee).then_some(shape.knee),
        exponent: shape.exponent,
        peaks: found
            .iter()
            .map(|p| SpectralPeak {
                centre_hz: p.centre_hz,
                height_log10: p.height,
                bandwidth_hz: 2.0 * p.sigma_hz,
            })
            .collect(),
        r_squared: fit_line(&y, &model).map_or(0.0, |line| line.r_squared),
        mean_error: errors.sum::<f64>() / y.len() as f64,
        fmin_hz: freqs_hz[0],
        fmax_hz: freqs_hz[freqs_hz.len() - 1],
    }))
}

/// Aperiodic part through the points that lie lowest above a first fit.
fn robust_floor(x: &[f64], y: &[f64], mode: AperiodicMode) -> Option<Shape> {
    let first = Shape::fit(x, y, mode, None)?;
    let residuals: Vec<f64> = x.iter().zip(y).map(|(x, y)| (y - first.at(*x)).max(0.0)).collect();
    // specparam writes 0.025 where it means 2.5 %; the points below the first fit are chosen either
    // way unless nearly all lie above it.
    let threshold = stats::percentile(&residuals, 0.025)?;
    let keep: Vec<usize> = (0..x.len()).filter(|&i| residuals[i] <= threshold).collect();
    let pick = |v: &[f64]| keep.iter().map(|&i| v[i]).collect::<Vec<_>>();
    Shape::fit(&pick(x), &pick(y), mode, Some(first)).or(Some(first))
}

fn check(freqs_hz: &[f64], density: &[f64], params: SpecparamParams) -> Result<(), SignalError> {
    let refuse = |name, expected, got: String| Err(SignalError::Parameter { name, expected, got });
    if freqs_hz.len() < 12 || freqs_hz.len() != density.len() {
        let got = format!("{} frequencies and {} values", freqs_hz.len(), density.len());
        return refuse("spectrum", "at least 12 frequencies with a value each", got);
    }
    let step = freqs_hz[1] - freqs_hz[0];
    let even = freqs_hz.windows(2).all(|w| ((w[1] - w[0]) / step - 1.0).abs() < 1e-6);
    if !(freqs_hz[0] > 0.0 && step > 0.0 && even) {
        let got = format!("{} Hz and {} Hz first", freqs_hz[0], freqs_hz[1]);
        return refuse("freqs_hz", "above 0 and evenly rising", got);
    }
    let widths = 0.0 < params.width_min_hz && params.width_min_hz < params.width_max_hz;
    let heights = params.min_height >= 0.0 && params.threshold >= 0.0;
    if !(widths && heights && params.max_peaks <= 64) {
        return refuse(
            "settings",
            "widths above 0 and rising, heights from 0",
            format!("{params:?}"),
        );
    }
    Ok(())
}
