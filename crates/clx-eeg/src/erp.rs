//! Event-related potentials: averages with their uncertainty, and what is read off them.

use clx_signal::{Epochs, SignalError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EegError;

mod band;
mod measure;

pub use measure::{Peak, Polarity};

/// How an average and its confidence band are made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ErpParams {
    /// Share of the confidence band, `0..1`. It holds for each sample by itself, not for the wave as a
    /// whole.
    pub level: f64,
    pub band: BandMethod,
    /// Indices of the channels in the global field power; empty: all.
    pub gfp_channels: Vec<usize>,
}

impl Default for ErpParams {
    fn default() -> Self {
        Self { level: 0.95, band: BandMethod::T, gfp_channels: Vec::new() }
    }
}

/// Where the confidence band comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BandMethod {
    /// Student's t: mean ± t·standard error. Exact for normal noise.
    #[default]
    T,
    /// Percentiles of averages of epochs drawn with replacement.
    Bootstrap { resamples: usize, seed: u64 },
}

/// An average over epochs, or the difference of two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Erp {
    /// Epochs behind it; of both sides for a difference.
    pub n_epochs: usize,
    pub rate_hz: f64,
    /// First sample, seconds from the event.
    pub tmin_s: f64,
    pub channels: Vec<ErpChannel>,
    /// Global field power: standard deviation over the channels at each sample, microvolts.
    pub gfp_uv: Vec<f64>,
    /// Share of the confidence band.
    pub confidence_level: f64,
}

/// One channel of an [`Erp`]; one value per sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ErpChannel {
    pub name: String,
    pub mean_uv: Vec<f64>,
    /// Standard error of the mean; absent for a single epoch.
    pub standard_error_uv: Option<Vec<f64>>,
    /// Lower and upper end of the confidence band; absent for a single epoch.
    pub ci_uv: Option<Vec<[f64; 2]>>,
}

/// What is left of a channel's average when every second epoch is turned over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SignalToNoise {
    pub channel: String,
    /// Root mean square of the average in the window.
    pub average_uv: f64,
    /// Root mean square of the plus-minus average: the noise that is still in the average.
    pub noise_uv: f64,
    /// Power of the average beyond the noise, over the noise; absent where there is none beyond.
    pub snr_db: Option<f64>,
}

/// Average of epochs with standard error, confidence band and global field power.
///
/// `epochs` in volts, `names` one per channel. The standard error has `n - 1` in it. Samples are read
/// as f32, everything after is f64.
///
/// # Errors
/// [`EegError::Signal`] without epochs, for a level outside `0..1`, names or channels that do not fit.
///
/// # Source
/// Global field power: Lehmann and Skrandies 1980, Electroencephalogr. Clin. Neurophysiol. 48:609-621.
/// Checked against MNE in `tests/fixtures/events.py`.
///
/// ```
/// use clx_eeg::erp::{average, ErpParams};
/// use clx_signal::{Epochs, SampleRate};
/// let rate = SampleRate::from_hz(100.0)?;
/// let epochs = Epochs::from_samples(rate, 0.0, 1, 2, vec![1e-6, 2e-6, 3e-6, 2e-6])?;
/// let erp = average(&epochs, &["Cz".to_owned()], &ErpParams::default())?;
/// assert!((erp.channels[0].mean_uv[0] - 2.0).abs() < 1e-6);
/// // Two values 2 µV apart: standard error 1 µV.
/// assert!((erp.channels[0].standard_error_uv.as_ref().unwrap()[0] - 1.0).abs() < 1e-6);
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
pub fn average(epochs: &Epochs, names: &[String], params: &ErpParams) -> Result<Erp, EegError> {
    check(&[epochs], names, params)?;
    let channels = names
        .iter()
        .enumerate()
        .map(|(c, name)| {
            let rows = rows_uv(epochs, c);
            let moments = band::Moments::of(&rows);
            ErpChannel {
                name: name.clone(),
                standard_error_uv: moments.standard_error(),
                ci_uv: band::of_mean(&rows, &moments, params),
                mean_uv: moments.mean,
            }
        })
        .collect();
    Ok(finish(channels, epochs.len(), epochs, params))
}

/// Average of `a` minus average of `b`, with its confidence band.
///
/// The epochs are taken as independent: standard errors add as squares, the degrees of freedom are
/// Welch's; the bootstrap draws from both sides. For paired averages of several people take the
/// differences first and [`average`] them.
///
/// # Errors
/// As [`average`]; [`EegError::Signal`] if the two differ in rate, start, channels or length.
///
/// # Source
/// Welch 1947, Biometrika 34:28-35.
pub fn difference(
    a: &Epochs,
    b: &Epochs,
    names: &[String],
    params: &ErpParams,
) -> Result<Erp, EegError> {
    check(&[a, b], names, params)?;
    let channels = names
        .iter()
        .enumerate()
        .map(|(c, name)| {
            let rows = [rows_uv(a, c), rows_uv(b, c)];
            let moments = [band::Moments::of(&rows[0]), band::Moments::of(&rows[1])];
            let mean = moments[0].mean.iter().zip(&moments[1].mean).map(|(x, y)| x - y);
            ErpChannel {
                name: name.clone(),
                mean_uv: mean.collect(),
                standard_error_uv: band::standard_error_of_difference(&moments),
                ci_uv: band::of_difference(&rows, &moments, params),
            }
        })
        .collect();
    Ok(finish(channels, a.len() + b.len(), a, params))
}

/// Signal to noise of each channel's average between two times, by the plus-minus reference.
///
/// Epochs are added with alternating sign, which cancels what they share; the last of an odd number is
/// left out there. Trust it from about 20 epochs on; slow drifts shared by neighbours
/// make the noise too small.
///
/// # Errors
/// As [`average`]; [`EegError::Signal`] for fewer than two epochs or a window without samples.
///
/// # Source
/// Schimmel 1967, Science 157:92-94.
pub fn signal_to_noise(
    epochs: &Epochs,
    names: &[String],
    tmin_s: f64,
    tmax_s: f64,
) -> Result<Vec<SignalToNoise>, EegError> {
    check(&[epochs], names, &ErpParams::default())?;
    let times =
        measure::within(epochs.rate.hz(), epochs.tmin_s, epochs.n_samples(), tmin_s, tmax_s);
    let pairs = epochs.len() / 2;
    if pairs == 0 || times.is_empty() {
        let got = format!("{} epochs, {} samples", epochs.len(), times.len());
        return Err(refuse("window", "at least two epochs and a sample", got));
    }
    let rms = |x: &[f64]| (x.iter().map(|v| v * v).sum::<f64>() / x.len() as f64).sqrt();
    let of_channel = |(c, name): (usize, &String)| {
        let rows = rows_uv(epochs, c);
        let mean = band::Moments::of(&rows).mean;
        let turned: Vec<f64> = times
            .clone()
            .map(|t| {
                let pair = |p: usize| rows[2 * p][t] - rows[2 * p + 1][t];
                (0..pairs).map(pair).sum::<f64>() / (2 * pairs) as f64
            })
            .collect();
        let (average_uv, noise_uv) = (rms(&mean[times.clone()]), rms(&turned));
        let beyond = average_uv.powi(2) / noise_uv.powi(2) - 1.0;
        let snr_db = (beyond > 0.0 && beyond.is_finite()).then(|| 10.0 * beyond.log10());
        SignalToNoise { channel: name.clone(), average_uv, noise_uv, snr_db }
    };
    Ok(names.iter().enumerate().map(of_channel).collect())
}

impl Erp {
    /// Seconds from the event to each sample.
    pub fn times_s(&self) -> Vec<f64> {
        (0..self.gfp_uv.len()).map(|i| self.tmin_s + i as f64 / self.rate_hz).collect()
    }
}

fn check(sides: &[&Epochs], names: &[String], params: &ErpParams) -> Result<(), EegError> {
    let first = sides[0];
    for side in sides {
        if side.is_empty() {
            return Err(refuse("epochs", "at least one", 0));
        }
        let shape = |e: &Epochs| (e.n_channels(), e.n_samples(), e.rate.hz(), e.tmin_s);
        if shape(side) != shape(first) {
            let text = |e: &Epochs| format!("{:?}", shape(e));
            let (left, right) = (text(first), text(side));
            return Err(SignalError::Mismatch { what: "epochs", left, right }.into());
        }
    }
    if names.len() != first.n_channels() {
        return Err(EegError::Picks { expected: first.n_channels(), got: names.len() });
    }
    if !(params.level > 0.0 && params.level < 1.0) {
        return Err(refuse("level", "between 0 and 1", params.level));
    }
    if let Some(&c) = params.gfp_channels.iter().find(|&&c| c >= names.len()) {
        return Err(refuse("gfp_channels", "indices of channels", c));
    }
    if let BandMethod::Bootstrap { resamples, .. } = params.band
        && !(100..=100_000).contains(&resamples)
    {
        return Err(refuse("resamples", "100 to 100000", resamples));
    }
    Ok(())
}

fn refuse(name: &'static str, expected: &'static str, got: impl ToString) -> EegError {
    SignalError::Parameter { name, expected, got: got.to_string() }.into()
}

/// One channel of every epoch, microvolts.
fn rows_uv(epochs: &Epochs, channel: usize) -> Vec<Vec<f64>> {
    let row = |e| epochs.channel(e, channel).iter().map(|&v| f64::from(v) * 1e6).collect();
    (0..epochs.len()).map(row).collect()
}

fn finish(channels: Vec<ErpChannel>, n_epochs: usize, of: &Epochs, params: &ErpParams) -> Erp {
    let all: Vec<usize> = (0..channels.len()).collect();
    let picks = if params.gfp_channels.is_empty() { &all } else { &params.gfp_channels };
    let gfp = |t: usize| {
        let n = picks.len() as f64;
        let mean = picks.iter().map(|&c| channels[c].mean_uv[t]).sum::<f64>() / n;
        let squares = picks.iter().map(|&c| (channels[c].mean_uv[t] - mean).powi(2));
        (squares.sum::<f64>() / n).sqrt()
    };
    let gfp_uv = (0..of.n_samples()).map(gfp).collect();
    let (rate_hz, tmin_s) = (of.rate.hz(), of.tmin_s);
    Erp { n_epochs, rate_hz, tmin_s, channels, gfp_uv, confidence_level: params.level }
}
