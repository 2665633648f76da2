//! How strongly channels go together, frequency by frequency.
//!
//! [`connectivity`] makes every measure from one pass over the cross-spectra of the epochs. The
//! orthogonalised amplitude correlation and phase-amplitude coupling work on band-limited signals
//! and have functions of their own. None of them tells cause from effect, and only imaginary
//! coherence, the phase lag indices and the orthogonalised correlation are blind to what one source
//! puts into two electrodes at once.

use clx_signal::multitaper::{MultitaperParams, Taper};
use clx_signal::window::{Symmetry, Window};
use clx_signal::{Epochs, SignalError, stats};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::EegError;

mod amplitude;
mod cross;
mod pac;
mod pairs;
mod surrogate;

pub use amplitude::{AmplitudeParams, amplitude_correlation};
pub use pac::{PacParams, PhaseAmplitudeCoupling, modulation_index, phase_amplitude_coupling};
pub use pairs::{Mirror, PairMatrix};

/// A measure of connectivity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Length of the mean cross-spectrum over the powers, `0..=1`.
    Coherence,
    /// Its imaginary part, `-1..=1`; above 0 where the row's channel leads the column's.
    ImaginaryCoherence,
    /// Length of the mean phase difference, `0..=1`.
    PhaseLockingValue,
    /// Share by which one sign of the phase difference outweighs the other, `0..=1`.
    PhaseLagIndex,
    /// The same weighted by the imaginary part of the cross-spectrum, `0..=1`.
    WeightedPhaseLagIndex,
    /// Its square without the bias of few epochs; may be slightly below 0.
    DebiasedWeightedPhaseLagIndexSquared,
}

impl Measure {
    fn mirror(self) -> Mirror {
        if self == Measure::ImaginaryCoherence { Mirror::Opposite } else { Mirror::Same }
    }
}

/// How the spectra of an epoch are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Spectrum {
    /// Slepian tapers with concentrations above 0.9.
    Multitaper {
        /// Full width over which frequencies are smoothed, hertz; absent: 8 over the epoch's length.
        bandwidth_hz: Option<f64>,
    },
    /// One symmetric Hann window, as in MNE.
    #[default]
    Fourier,
}

impl Spectrum {
    fn taper(self) -> Taper {
        match self {
            Spectrum::Multitaper { bandwidth_hz } => Taper::Dpss { bandwidth_hz, low_bias: true },
            Spectrum::Fourier => Taper::Single(Window::Hann, Symmetry::Symmetric),
        }
    }
}

/// A named range, `fmin_hz <= f < fmax_hz`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    pub name: String,
    pub fmin_hz: f64,
    pub fmax_hz: f64,
}

/// Comparison with epochs shuffled independently in every channel, which leaves the channels' own
/// spectra but nothing in common.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SurrogateParams {
    /// Shuffles, 20 to 10,000; each costs as much as the measurement.
    #[schemars(range(min = 20, max = 10_000))]
    pub count: usize,
    /// Share of the shuffles in which no pair exceeds the threshold, 0.5 to 0.999.
    #[schemars(range(min = 0.5, max = 0.999))]
    pub level: f64,
    pub seed: u64,
}

impl Default for SurrogateParams {
    fn default() -> Self {
        Self { count: 200, level: 0.95, seed: 1 }
    }
}

/// Settings of [`connectivity`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ConnectivityParams {
    pub spectrum: Spectrum,
    pub measures: Vec<Measure>,
    pub bands: Vec<Range>,
    /// Absent: no threshold.
    pub surrogates: Option<SurrogateParams>,
}

impl Default for ConnectivityParams {
    fn default() -> Self {
        let band = |b: clx_signal::Band| Range {
            name: b.name.to_owned(),
            fmin_hz: b.fmin_hz,
            fmax_hz: b.fmax_hz,
        };
        Self {
            spectrum: Spectrum::default(),
            measures: vec![
                Measure::Coherence,
                Measure::ImaginaryCoherence,
                Measure::PhaseLockingValue,
                Measure::WeightedPhaseLagIndex,
            ],
            bands: clx_signal::Band::OVERVIEW.map(band).to_vec(),
            surrogates: None,
        }
    }
}

/// One measure in one band.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BandConnectivity {
    pub measure: Measure,
    pub band: Range,
    /// Bins of the spectrum that the values are the mean over.
    pub n_bins: usize,
    pub values: PairMatrix,
    /// Absolute value that the largest of all pairs stays below in the share `level` of the
    /// shuffles; absent without surrogates.
    pub threshold: Option<f64>,
    /// Largest absolute value of all pairs in each shuffle; empty without surrogates.
    pub chance: Vec<f64>,
}

impl BandConnectivity {
    /// Chance that any pair of uncoupled channels has at least this absolute value; `None` without
    /// surrogates.
    pub fn p_value(&self, value: f64) -> Option<f64> {
        let reached = self.chance.iter().filter(|c| **c >= value.abs()).count();
        (!self.chance.is_empty()).then(|| (1 + reached) as f64 / (1 + self.chance.len()) as f64)
    }
}

/// Result of [`connectivity`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Connectivity {
    pub n_epochs: usize,
    pub n_tapers: usize,
    /// Distance between bins, hertz.
    pub resolution_hz: f64,
    /// Measure by measure, in it band by band, in the order of the parameters.
    pub results: Vec<BandConnectivity>,
}

/// All measures between all pairs of channels, averaged over the bins of each band.
///
/// The mean of each epoch is taken off, its spectra taken and the cross-spectra of every pair summed
/// over tapers once; all measures come from the same sums. A measure is computed at each bin and then
/// averaged. `channels` names the channels of `epochs`. Equal to
/// `mne_connectivity.spectral_connectivity_epochs` 0.9.0 (modes `multitaper` and `fourier`,
/// `faverage=True`) to 1e-12 on the same `f32` samples. A pair of which one channel is silent has
/// value 0.
///
/// Few epochs bias every measure but the debiased one upwards: without any coupling, coherence and
/// phase locking of `n` epochs are about `0.89 / √n`. Compare equal numbers only.
///
/// # Errors
/// [`EegError::Signal`] with fewer than 2 epochs or channels, names that do not match, a band without
/// a bin below half the rate, unusable parameters, or a sample that is no number.
///
/// # Source
/// Nolte et al. 2004, Clin. Neurophysiol. 115:2292-2307; Lachaux et al. 1999, Hum. Brain Mapp.
/// 8:194-208; Stam et al. 2007, Hum. Brain Mapp. 28:1178-1193; Vinck et al. 2011, NeuroImage
/// 55:1548-1565. Checked against `tests/fixtures/connectivity.json`.
///
/// ```
/// use clx_eeg::connectivity::{ConnectivityParams, connectivity};
/// use clx_signal::{Epochs, SampleRate, synth};
/// let rate = SampleRate::from_hz(100.0)?;
/// let noise: Vec<Vec<f32>> = (0..3).map(|seed| synth::white(rate, 1e-6, 40.0, seed)).collect();
/// // The second channel is the first one; the third has nothing to do with them.
/// let samples = (0..20)
///     .flat_map(|e| [0, 0, 2].map(|c| &noise[c][e * 200..][..200]))
///     .flatten().copied().collect();
/// let epochs = Epochs::from_samples(rate, 0.0, 3, 200, samples)?;
/// let names = ["A", "B", "C"].map(str::to_owned);
/// let result = connectivity(&epochs, &names, &ConnectivityParams::default())?;
/// let coherence = &result.results[2].values; // alpha
/// assert!(coherence.get(1, 0).unwrap() > 0.999 && coherence.get(2, 0).unwrap() < 0.5);
/// # Ok::<(), clx_eeg::EegError>(())
/// ```
pub fn connectivity(
    epochs: &Epochs,
    channels: &[String],
    params: &ConnectivityParams,
) -> Result<Connectivity, EegError> {
    let whole = connectivity_while(epochs, channels, params, &mut |_| true)?;
    Ok(whole.expect("nobody stops it"))
}

/// [`connectivity`] that can be given up: `go_on` is told the share that is done, every some
/// hundred epochs, and the answer is `None` as soon as it says no.
///
/// # Errors
/// As [`connectivity`].
pub fn connectivity_while(
    epochs: &Epochs,
    channels: &[String],
    params: &ConnectivityParams,
    go_on: &mut dyn FnMut(f64) -> bool,
) -> Result<Option<Connectivity>, EegError> {
    check(epochs, channels, params)?;
    let n_passes = 1 + params.surrogates.map_or(0, |s| s.count);
    let mut watch = Watch { n_passes, passes: 0, go_on };
    let edges = |pick: fn(&Range) -> f64, of: fn(f64, f64) -> f64| {
        params.bands.iter().map(pick).reduce(of).unwrap_or(0.0)
    };
    let spectrum = MultitaperParams {
        taper: params.spectrum.taper(),
        fmin_hz: edges(|b| b.fmin_hz, f64::min),
        fmax_hz: Some(edges(|b| b.fmax_hz, f64::max)),
        ..MultitaperParams::default()
    };
    let mut pass = cross::Pass::new(epochs, spectrum, &params.measures)?;
    let bins: Vec<_> = params.bands.iter().map(|b| bins_of(pass.freqs_hz(), b)).collect();
    if let Some(empty) = bins.iter().position(|b| b.is_empty()) {
        let Range { fmin_hz, fmax_hz, .. } = params.bands[empty];
        return Err(SignalError::Band { fmin_hz, fmax_hz, rate_hz: epochs.rate.hz() }.into());
    }
    let Some(sums) = pass.run(epochs, |_, epoch| epoch, &mut watch)? else { return Ok(None) };
    let mut results = Vec::new();
    for &measure in &params.measures {
        for (band, bins) in params.bands.iter().zip(&bins) {
            let lower = sums.band_values(measure, bins.clone());
            let values = PairMatrix::new(channels.to_vec(), lower, measure.mirror());
            let (band, n_bins) = (band.clone(), bins.len());
            let (threshold, chance) = (None, Vec::new());
            results.push(BandConnectivity { measure, band, n_bins, values, threshold, chance });
        }
    }
    if let Some(surrogates) = params.surrogates {
        let finished = surrogate::set_thresholds(
            &mut results,
            &mut pass,
            epochs,
            &bins,
            surrogates,
            &mut watch,
        )?;
        if !finished {
            return Ok(None);
        }
    }
    Ok(Some(Connectivity {
        n_epochs: epochs.len(),
        n_tapers: pass.n_tapers(),
        resolution_hz: epochs.rate.hz() / epochs.n_samples() as f64,
        results,
    }))
}

/// Tells how far the passes are.
struct Watch<'a> {
    n_passes: usize,
    /// Passes that are finished.
    passes: usize,
    go_on: &'a mut dyn FnMut(f64) -> bool,
}

impl Watch<'_> {
    fn go_on(&mut self, share_of_pass: f64) -> bool {
        (self.go_on)((self.passes as f64 + share_of_pass) / self.n_passes as f64)
    }
}

fn bins_of(freqs_hz: &[f64], band: &Range) -> std::ops::Range<usize> {
    // A bin that should lie on an edge may miss it by rounding of k * rate / n.
    let slack = 1e-9 * band.fmax_hz.abs();
    let start = freqs_hz.partition_point(|&f| f < band.fmin_hz - slack);
    let end = freqs_hz.partition_point(|&f| f < band.fmax_hz - slack);
    start..end.max(start)
}

fn check(
    epochs: &Epochs,
    channels: &[String],
    params: &ConnectivityParams,
) -> Result<(), SignalError> {
    let refuse = |name, expected, got: String| Err(SignalError::Parameter { name, expected, got });
    if channels.len() != epochs.n_channels() {
        return Err(SignalError::Mismatch {
            what: "number of channels and names",
            left: epochs.n_channels().to_string(),
            right: channels.len().to_string(),
        });
    }
    if epochs.len() < 2 || epochs.n_channels() < 2 {
        let got = format!("{} epochs of {} channels", epochs.len(), epochs.n_channels());
        return refuse("epochs", "at least 2, of at least 2 channels", got);
    }
    if params.bands.is_empty() || params.measures.is_empty() {
        return refuse("bands and measures", "at least one of each", "none".to_owned());
    }
    if let Some(s) = params.surrogates
        && !((20..=10_000).contains(&s.count) && (0.5..=0.999).contains(&s.level))
    {
        let got = format!("{} at {}", s.count, s.level);
        return refuse("surrogates", "20 to 10,000 at a level of 0.5 to 0.999", got);
    }
    Ok(())
}

/// Percentile of the surrogates' largest values.
fn threshold_of(largest: &[f64], level: f64) -> Option<f64> {
    stats::percentile(largest, 100.0 * level)
}
