//! Aperiodic and oscillatory spectrum by irregular resampling (IRASA).

use clx_signal::linear::fit_line;
use clx_signal::resample::resample_poly;
use clx_signal::welch::{Average, Psd, Welch, WelchParams};
use clx_signal::window::Window;
use clx_signal::{SampleRate, SignalError, stats};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EegError;

/// Resampling factors are these numbers of twentieths: 1.1, 1.15 to 1.9, as Wen and Liu 2016.
const TWENTIETHS: std::ops::RangeInclusive<usize> = 22..=38;

/// Settings of [`irasa`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IrasaParams {
    /// Length of a Welch segment, seconds.
    pub window_s: f64,
    pub fmin_hz: f64,
    /// The resampling reads up to 1.9 times this; what a low-pass removed there bends the result.
    pub fmax_hz: f64,
}

impl Default for IrasaParams {
    fn default() -> Self {
        Self { window_s: 4.0, fmin_hz: 1.0, fmax_hz: 30.0 }
    }
}

/// Result of [`irasa`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Irasa {
    pub freqs_hz: Vec<f64>,
    /// V²/Hz.
    pub aperiodic_v2_per_hz: Vec<f64>,
    /// Spectrum less the aperiodic part, V²/Hz; below 0 where the estimate is above the spectrum.
    pub oscillatory_v2_per_hz: Vec<f64>,
    /// `log10 P = offset - exponent · log10 f` over the aperiodic part.
    pub exponent: f64,
    /// log10 V²/Hz at 1 Hz.
    pub offset: f64,
    pub r_squared: f64,
}

/// Separates what follows a power law from what has a frequency of its own.
///
/// `x`: one channel, volts. The signal is resampled by `h` and `1/h` for 17 factors from 1.1 to 1.9;
/// the geometric mean of the two spectra keeps a power law in place and moves rhythms away, and the
/// median over the factors is the aperiodic part. Welch: Hamming segments, half overlapping, mean
/// removed, median over segments. Equal to `yasa.irasa` 0.8.1 to 1e-5 of each value (the resampled
/// signals are `f32`). Wide rhythms are not moved far enough and stay in the aperiodic part.
///
/// `None` where the aperiodic part has a bin without power.
///
/// # Errors
/// [`EegError::Signal`] unless `0 < fmin < fmax < rate / 2`, with fewer samples than 1.9 windows, or a
/// sample that is no number.
///
/// # Source
/// Wen and Liu 2016, Brain Topogr. 29:13-26. Checked against `tests/fixtures/irasa.json`.
pub fn irasa(x: &[f32], rate: SampleRate, params: IrasaParams) -> Result<Option<Irasa>, EegError> {
    let IrasaParams { window_s, fmin_hz, fmax_hz } = params;
    if !(0.0 < fmin_hz && fmin_hz < fmax_hz && fmax_hz < rate.nyquist_hz()) {
        return Err(SignalError::Band { fmin_hz, fmax_hz, rate_hz: rate.hz() }.into());
    }
    let n = (window_s * rate.hz()) as usize;
    let needed = (n * *TWENTIETHS.end()).div_ceil(20);
    if n < 2 || x.len() < needed {
        let window_s = 1.9 * window_s;
        return Err(SignalError::TooShort { needed: needed.max(4), window_s, got: x.len() }.into());
    }
    if let Some(index) = x.iter().position(|v| !v.is_finite()) {
        return Err(SignalError::NotFinite { channel: "given".to_owned(), index }.into());
    }
    let whole = psd(x, rate.hz(), n)?;
    let mut moved = Vec::new();
    for twentieths in TWENTIETHS {
        let h = twentieths as f64 / 20.0;
        let up = psd(&resample_poly(x, twentieths, 20)?, rate.hz() * h, n)?;
        let down = psd(&resample_poly(x, 20, twentieths)?, rate.hz() / h, n)?;
        let both = up.density.iter().zip(&down.density);
        moved.push(both.map(|(a, b)| (a * b).sqrt()).collect::<Vec<_>>());
    }
    let inside: Vec<usize> = (0..whole.freqs_hz.len())
        .filter(|&k| (fmin_hz..=fmax_hz).contains(&whole.freqs_hz[k]))
        .collect();
    let middle =
        |k: usize| stats::median(&moved.iter().map(|m| m[k]).collect::<Vec<_>>()).unwrap_or(0.0);
    let aperiodic: Vec<f64> = inside.iter().map(|&k| middle(k)).collect();
    let freqs_hz: Vec<f64> = inside.iter().map(|&k| whole.freqs_hz[k]).collect();
    let log = |v: &[f64]| v.iter().map(|v| v.log10()).collect::<Vec<_>>();
    let Some(line) = fit_line(&log(&freqs_hz), &log(&aperiodic)) else { return Ok(None) };
    let oscillatory = inside.iter().zip(&aperiodic).map(|(&k, a)| whole.density[k] - a).collect();
    Ok(Some(Irasa {
        freqs_hz,
        aperiodic_v2_per_hz: aperiodic,
        oscillatory_v2_per_hz: oscillatory,
        exponent: -line.slope,
        offset: line.intercept,
        r_squared: line.r_squared,
    }))
}

/// Spectrum of segments of `n` samples whatever the rate, so that all have the same bins.
fn psd(x: &[f32], rate_hz: f64, n: usize) -> Result<Psd, SignalError> {
    let rate = SampleRate::from_hz(rate_hz)?;
    let params = WelchParams {
        window_s: n as f64 / rate_hz,
        window: Window::Hamming,
        average: Average::Median,
        ..WelchParams::default()
    };
    let mut welch = Welch::new(rate, params)?;
    welch.push(x);
    welch.finish()
}
