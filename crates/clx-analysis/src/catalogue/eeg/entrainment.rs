//! `eeg.entrainment`: whether the EEG answers a periodic stimulus, and keeps time with it.

mod measure;
mod plots;

use clx_signal::{Finding, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::measure::{Drive, measure_channel};
use super::prepare::{BadChannelRule, Preparation, PrepareParams, prepare};
use super::spectra::four_digits;
use crate::analysis::{Entry, InputKind};
use crate::error::check_bounds;
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "eeg.entrainment",
        title: "Response to a rhythm",
        summary: "How far the response to a flicker or a modulated sound stands out at its rate, and how well its phase keeps time, beside sham rates",
        input: InputKind::Recording,
        credits: 2,
        example: r#"{"drive_hz": 40.0, "shuffles": 199}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// Settings of the response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct EntrainmentRunParams {
    prepare: PrepareParams,
    /// Rate of the stimulus, as exactly as it is known.
    #[schemars(range(min = 0.5, max = 500.0))]
    drive_hz: f64,
    /// Highest multiple of the rate that is looked at.
    #[schemars(range(min = 1, max = 10))]
    harmonics: usize,
    /// Length of a segment, seconds; best a whole number of cycles of the stimulus.
    #[schemars(range(min = 0.5, max = 60.0))]
    segment_s: f64,
    /// Nearest bin that a peak is compared with.
    #[schemars(range(min = 1, max = 100))]
    near_bins: usize,
    /// Farthest bin that a peak is compared with.
    #[schemars(range(min = 1, max = 200))]
    far_bins: usize,
    /// Rates that are no sham, such as the mains or a second stimulus, hertz.
    #[schemars(length(max = 32))]
    exclude_hz: Vec<f64>,
    /// Texts of annotations that mark where the stimulus begins anew, at one phase; empty: phase
    /// coherence is taken over segments of whole cycles.
    #[schemars(length(max = 64))]
    conditions: Vec<String>,
    /// Width of the band in which phase locking is measured, hertz.
    #[schemars(range(min = 1.0, max = 20.0))]
    locking_width_hz: f64,
    /// Random phases that the index is compared with.
    #[schemars(range(min = 100, max = 10_000))]
    shuffles: usize,
    seed: u64,
}

impl Default for EntrainmentRunParams {
    fn default() -> Self {
        Self {
            prepare: PrepareParams {
                highpass_hz: Some(0.5),
                // A response in one channel only would look like a fault of that channel.
                bads: BadChannelRule::Named,
                ..PrepareParams::default()
            },
            drive_hz: 40.0,
            harmonics: 3,
            segment_s: 4.0,
            near_bins: 3,
            far_bins: 12,
            exclude_hz: Vec::new(),
            conditions: Vec::new(),
            locking_width_hz: 4.0,
            shuffles: 999,
            seed: 1,
        }
    }
}

impl EntrainmentRunParams {
    fn check(&self) -> Result<(), AnalysisError> {
        check_bounds("drive_hz", self.drive_hz, 0.5..=500.0)?;
        check_bounds("harmonics", self.harmonics, 1..=10)?;
        check_bounds("segment_s", self.segment_s, 0.5..=60.0)?;
        check_bounds("near_bins", self.near_bins, 1..=100)?;
        check_bounds("far_bins", self.far_bins, self.near_bins..=200)?;
        check_bounds("exclude_hz", self.exclude_hz.len(), 0..=32)?;
        check_bounds("locking_width_hz", self.locking_width_hz, 1.0..=20.0)?;
        check_bounds("shuffles", self.shuffles, 100..=10_000)
    }
}

/// The response to a rhythm.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct EntrainmentResult {
    preparation: Preparation,
    drive_hz: f64,
    /// Where the response stands out most.
    clearest_channel: Option<String>,
    /// Segments of the index, from the longest unbroken stretch.
    n_segments: usize,
    n_sham: usize,
    channels: Vec<ChannelResponse>,
    responses: Vec<HarmonicResponse>,
    /// Bins of `ratios`.
    freqs_hz: Vec<f64>,
    /// Power over that of the neighbours, of the clearest channel.
    ratios: Vec<f64>,
    findings: Vec<Finding>,
}

/// The response of one channel.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct ChannelResponse {
    channel: String,
    /// Power at the rate over that of the neighbouring bins; 1 without a response.
    snr: Option<f64>,
    /// Mean over the multiples.
    mean_snr: Option<f64>,
    /// Share of the power at the rate that keeps time with the stimulus, 0..=1; may be slightly below 0.
    index: Option<f64>,
    index_ci95: Option<[f64; 2]>,
    /// Of the part that keeps time.
    amplitude_uv: Option<f64>,
    /// Of that part at the start of the stretch, as a cosine.
    phase_rad: Option<f64>,
    /// Of the index: it must beat both random phases and the sham rates. Not corrected for the
    /// number of channels.
    p_value: Option<f64>,
    /// Mean and largest index at the sham rates.
    sham_mean: Option<f64>,
    sham_largest: Option<f64>,
    /// Length of the mean phase over segments, 0..=1.
    phase_coherence: Option<f64>,
    /// Rayleigh's test of it.
    phase_coherence_p: Option<f64>,
    /// Phase locking to a steady rhythm of this rate in a band around it, 0..=1.
    locking: Option<f64>,
    locking_p: Option<f64>,
}

/// Power at one multiple of the rate.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct HarmonicResponse {
    channel: String,
    harmonic: usize,
    frequency_hz: f64,
    snr: f64,
    snr_db: f64,
}

fn run(
    inputs: Inputs,
    params: EntrainmentRunParams,
    cx: &Context<'_>,
) -> Result<EntrainmentResult, AnalysisError> {
    params.check()?;
    let mut prepared = prepare(inputs, &params.prepare, cx, 0.4)?;
    let drive = Drive::of(&mut prepared, &params)?;
    let n = prepared.channels.len();
    let (mut channels, mut responses, mut spectra) = (Vec::new(), Vec::new(), Vec::new());
    let (mut n_segments, mut n_sham) = (0, 0);
    for c in 0..n {
        let share = |part: f64| 0.4 + 0.58 * (c as f64 + part) / n as f64;
        let step = |part: f64| cx.step(share(part), "measuring");
        let found = measure_channel(&prepared, c, &drive, &params, &step)?;
        let name = prepared.channels[c].name.clone();
        (n_segments, n_sham) = (n_segments.max(found.n_segments), n_sham.max(found.n_sham));
        for r in found.steady.iter().flat_map(|s| &s.responses) {
            responses.push(HarmonicResponse {
                channel: name.clone(),
                harmonic: r.harmonic,
                frequency_hz: r.bin_hz,
                snr: r.snr,
                snr_db: r.snr_db,
            });
        }
        channels.push(found.response(name));
        spectra.push(found.psd);
    }
    prepared.findings.extend(measure::on_mains(&params));
    let snr = |c: &usize| channels[*c].snr.unwrap_or(0.0);
    let clearest = (0..n).filter(|c| snr(c) > 0.0).max_by(|a, b| snr(a).total_cmp(&snr(b)));
    let (freqs_hz, ratios) =
        clearest.map(|c| measure::ratios(&spectra[c], &drive, &params)).unwrap_or_default();
    if clearest.is_none() {
        let text = "no channel has power around the rate of the stimulus";
        prepared.findings.push(Finding::new("entrainment.silent", Severity::Warning, text));
    }
    Ok(EntrainmentResult {
        preparation: prepared.preparation,
        drive_hz: params.drive_hz,
        clearest_channel: clearest.map(|c| channels[c].channel.clone()),
        n_segments,
        n_sham,
        channels,
        responses,
        freqs_hz,
        ratios: ratios.into_iter().map(four_digits).collect(),
        findings: prepared.findings,
    })
}
