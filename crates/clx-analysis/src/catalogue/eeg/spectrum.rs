//! `eeg.spectrum`: power spectra, band powers with intervals, and the shape of the spectrum.

mod measure;
mod plots;

use clx_eeg::mean_psd;
use clx_eeg::overview::{AlphaPeak, Aperiodic};
use clx_eeg::site::is_posterior;
use clx_signal::welch::Psd;
use clx_signal::{Band, Finding, Severity, stats};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::measure::{alpha_peak, fit, measure_channel};
use super::prepare::{Preparation, PrepareParams, Prepared, prepare};
use super::spectra::curve;
use crate::analysis::{Entry, InputKind};
use crate::error::check_bounds;
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "eeg.spectrum",
        title: "Spectrum and bands",
        summary: "Power spectra and band powers of every channel with 95 % intervals, spectral edge and entropy, alpha peak, and the aperiodic background by two methods",
        input: InputKind::Recording,
        credits: 2,
        example: r#"{"method": "welch", "window_s": 4.0}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// Values of all curves together that are stored at most.
const MOST_VALUES: usize = 80_000;

/// Settings of the spectra.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct SpectrumParams {
    prepare: PrepareParams,
    method: SpectrumMethod,
    /// Length of a segment, seconds.
    #[schemars(range(min = 0.5, max = 60.0))]
    window_s: f64,
    /// Share of a segment that the next one repeats.
    #[schemars(range(min = 0.0, max = 0.9))]
    overlap: f64,
    /// Full width over which the multitaper method smooths, hertz.
    #[schemars(range(min = 0.1, max = 20.0))]
    bandwidth_hz: f64,
    /// Last frequency of the curves, hertz.
    #[schemars(range(min = 5.0, max = 1000.0))]
    fmax_hz: f64,
    /// First frequency of the aperiodic fits, hertz.
    #[schemars(range(min = 0.1, max = 100.0))]
    fit_fmin_hz: f64,
    /// Last frequency of the aperiodic fits, hertz.
    #[schemars(range(min = 5.0, max = 500.0))]
    fit_fmax_hz: f64,
    /// Draws of the bootstrap behind the intervals.
    #[schemars(range(min = 100, max = 10_000))]
    resamples: usize,
    seed: u64,
}

/// How the spectrum of a segment is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum SpectrumMethod {
    /// One Hann window for each segment.
    #[default]
    Welch,
    /// Several Slepian tapers for each segment: smoother, with broader peaks.
    Multitaper,
}

impl Default for SpectrumParams {
    fn default() -> Self {
        Self {
            prepare: PrepareParams { highpass_hz: Some(0.5), ..PrepareParams::default() },
            method: SpectrumMethod::default(),
            window_s: 4.0,
            overlap: 0.5,
            bandwidth_hz: 2.0,
            fmax_hz: 45.0,
            fit_fmin_hz: 2.0,
            fit_fmax_hz: 40.0,
            resamples: 1000,
            seed: 1,
        }
    }
}

impl SpectrumParams {
    fn check(&self) -> Result<(), AnalysisError> {
        check_bounds("window_s", self.window_s, 0.5..=60.0)?;
        check_bounds("overlap", self.overlap, 0.0..=0.9)?;
        check_bounds("bandwidth_hz", self.bandwidth_hz, 0.1..=20.0)?;
        check_bounds("fmax_hz", self.fmax_hz, 5.0..=1000.0)?;
        check_bounds("fit_fmin_hz", self.fit_fmin_hz, 0.1..=100.0)?;
        check_bounds("fit_fmax_hz", self.fit_fmax_hz, 5.0..=500.0)?;
        check_bounds("resamples", self.resamples, 100..=10_000)?;
        if self.fit_fmin_hz >= self.fit_fmax_hz {
            let text = format!(
                "fit_fmin_hz must be below fit_fmax_hz, got {} and {}",
                self.fit_fmin_hz, self.fit_fmax_hz
            );
            return Err(AnalysisError::Params(text));
        }
        Ok(())
    }
}

/// Spectra and what is read off them.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct SpectrumResult {
    preparation: Preparation,
    /// Of the mean spectrum over the channels at the back of the head, or over all where there is
    /// none at the back; absent when no peak rises above the background.
    alpha_peak: Option<AlphaPeak>,
    /// Median over the channels, of the fit beneath the peaks.
    aperiodic: Option<Aperiodic>,
    /// Segments of each channel.
    n_segments: usize,
    /// Mean over the channels.
    mean_bands: Vec<MeanBand>,
    channels: Vec<ChannelSpectrum>,
    band_powers: Vec<ChannelBand>,
    /// Frequencies of every curve.
    freqs_hz: Vec<f64>,
    findings: Vec<Finding>,
}

/// Mean power of a band over the channels.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct MeanBand {
    band: String,
    power_v2: f64,
    /// Mean share of the power between 1 and 40 Hz, 0..=1.
    relative: Option<f64>,
}

/// The spectrum of one channel.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct ChannelSpectrum {
    channel: String,
    /// 95 % of the power between 1 and 40 Hz lies below.
    spectral_edge_hz: Option<f64>,
    /// Of the power between 1 and 40 Hz: 0 a tone, 1 a flat spectrum.
    spectral_entropy: Option<f64>,
    alpha_peak: Option<AlphaPeak>,
    /// Fit beneath the peaks of the spectrum.
    aperiodic: Option<Aperiodic>,
    /// The same by irregular resampling.
    irasa: Option<Aperiodic>,
    psd_v2_per_hz: Vec<f64>,
}

/// Power of one band in one channel.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct ChannelBand {
    channel: String,
    band: String,
    power_v2: f64,
    power_ci95_v2: Option<[f64; 2]>,
    /// Share of the power between 1 and 40 Hz, 0..=1.
    relative: Option<f64>,
    relative_ci95: Option<[f64; 2]>,
}

fn run(
    inputs: Inputs,
    params: SpectrumParams,
    cx: &Context<'_>,
) -> Result<SpectrumResult, AnalysisError> {
    params.check()?;
    let mut prepared = prepare(inputs, &params.prepare, cx, 0.4)?;
    let bands = bands_below(&mut prepared)?;
    let most_bins = (MOST_VALUES / prepared.channels.len()).clamp(40, 1000);
    let (mut channels, mut band_powers, mut psds) = (Vec::new(), Vec::new(), Vec::new());
    let (mut freqs_hz, mut n_segments) = (Vec::new(), 0);
    for i in 0..prepared.channels.len() {
        let share = |part: f64| 0.4 + 0.55 * (i as f64 + part) / prepared.channels.len() as f64;
        cx.step(share(0.0), "measuring")?;
        let name = prepared.channels[i].name.clone();
        let (spectrum, irasa) = measure_channel(&prepared, i, &bands, &params, cx, &share)?;
        let psd = spectrum.psd;
        // What the high-pass left below its edge is no spectrum of the brain.
        let span = [prepared.preparation.highpass_hz.unwrap_or(0.0), params.fmax_hz];
        let (freqs, density) = curve(&psd.freqs_hz, &psd.density, span, most_bins);
        let aperiodic = fit(&psd, &params, &prepared);
        (freqs_hz, n_segments) = (freqs, psd.n_segments);
        channels.push(ChannelSpectrum {
            spectral_edge_hz: clx_signal::spectrum::edge_hz(
                &psd.freqs_hz,
                &psd.density,
                measure::total(&prepared),
                0.95,
            ),
            spectral_entropy: clx_signal::spectrum::entropy(
                &psd.freqs_hz,
                &psd.density,
                measure::total(&prepared),
            ),
            alpha_peak: alpha_peak(&psd, aperiodic.as_ref(), params.seed),
            aperiodic,
            irasa,
            psd_v2_per_hz: density,
            channel: name.clone(),
        });
        band_powers.extend(spectrum.bands.into_iter().map(|b| ChannelBand {
            channel: name.clone(),
            band: b.band.name,
            power_v2: b.power_v2,
            power_ci95_v2: b.power_ci_v2,
            relative: b.relative,
            relative_ci95: b.relative_ci,
        }));
        psds.push(psd);
    }
    cx.step(0.96, "summarising")?;
    let mean = mean_of_back(&prepared, &psds);
    let alpha_peak = mean
        .as_ref()
        .and_then(|psd| alpha_peak(psd, fit(psd, &params, &prepared).as_ref(), params.seed));
    Ok(SpectrumResult {
        preparation: prepared.preparation,
        alpha_peak,
        aperiodic: median_aperiodic(&channels),
        n_segments,
        mean_bands: bands.iter().map(|band| mean_band(band, &band_powers)).collect(),
        channels,
        band_powers,
        freqs_hz,
        findings: prepared.findings,
    })
}

/// The bands that the rate reaches; others are named in a finding.
fn bands_below(prepared: &mut Prepared) -> Result<Vec<Band>, AnalysisError> {
    let (fits, beyond): (Vec<Band>, Vec<Band>) =
        Band::OVERVIEW.iter().partition(|band| band.fmax_hz <= prepared.rate.nyquist_hz());
    if fits.is_empty() {
        let text = format!("a rate of {} Hz holds no band", prepared.rate.hz());
        return Err(AnalysisError::Input(text));
    }
    if !beyond.is_empty() {
        let names: Vec<&str> = beyond.iter().map(|b| b.name).collect();
        let text = format!(
            "{} lies above half the rate of {} Hz and was not measured",
            names.join(", "),
            prepared.rate.hz()
        );
        prepared.findings.push(Finding::new("spectrum.bands", Severity::Info, text));
    }
    Ok(fits)
}

fn mean_of_back(prepared: &Prepared, psds: &[Psd]) -> Option<Psd> {
    let of = |back: bool| {
        let channels = prepared.channels.iter().zip(psds);
        channels.filter(move |(c, _)| !back || is_posterior(&c.name)).map(|(_, psd)| psd)
    };
    mean_psd(of(true)).or_else(|| mean_psd(of(false)))
}

fn median_aperiodic(channels: &[ChannelSpectrum]) -> Option<Aperiodic> {
    let fits: Vec<&Aperiodic> = channels.iter().filter_map(|c| c.aperiodic.as_ref()).collect();
    measure::median_of(&fits)
}

fn mean_band(band: &Band, all: &[ChannelBand]) -> MeanBand {
    let of_band = || all.iter().filter(|b| b.band == band.name);
    let powers: Vec<f64> = of_band().map(|b| b.power_v2).collect();
    let shares: Vec<f64> = of_band().filter_map(|b| b.relative).collect();
    MeanBand {
        band: band.name.to_owned(),
        power_v2: stats::mean(&powers).unwrap_or(0.0),
        relative: stats::mean(&shares),
    }
}
