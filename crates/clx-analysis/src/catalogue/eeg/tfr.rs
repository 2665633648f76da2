//! `eeg.tfr`: power and inter-trial coherence over time and frequency around events.

mod measure;
mod plots;

use clx_signal::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::measure::{Grid, Values, measure_map};
use super::events::{self, Conditions, Cut, Dropped};
use super::prepare::{Preparation, PrepareParams, Prepared, prepare};
use crate::analysis::{Entry, InputKind};
use crate::error::check_bounds;
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "eeg.tfr",
        title: "Time and frequency",
        summary: "How power changes around events and how steady its phase is, over time and frequency, by wavelets or tapers",
        input: InputKind::Recording,
        credits: 2,
        example: r#"{"conditions": ["*"], "fmin_hz": 4.0, "fmax_hz": 40.0}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// Maps are kept of so many conditions and channels; more conditions are named in a finding.
const MOST_CONDITIONS: usize = 4;
const MOST_PICKS: usize = 8;

/// Settings of the maps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct TfrParams {
    prepare: PrepareParams,
    /// Texts of annotations, one condition each; `*` stands for any text. Empty: each text is one.
    #[schemars(length(max = 64))]
    conditions: Vec<String>,
    /// Channels to map; empty: the one with the clearest average of the first condition.
    #[schemars(length(max = 8))]
    picks: Vec<String>,
    /// Start of the maps, seconds from the event.
    tmin_s: f64,
    /// End of the maps, seconds from the event.
    tmax_s: f64,
    method: TfrMethod,
    /// Lowest frequency.
    #[schemars(range(min = 0.5, max = 500.0))]
    fmin_hz: f64,
    /// Highest frequency.
    #[schemars(range(min = 1.0, max = 1000.0))]
    fmax_hz: f64,
    /// Frequencies, evenly spread on a logarithmic scale.
    #[schemars(range(min = 2, max = 60))]
    n_freqs: usize,
    /// Cycles of a wavelet at the lowest frequency: fewer are sharper in time.
    #[schemars(range(min = 1.0, max = 50.0))]
    cycles_low: f64,
    /// Cycles at the highest frequency; in between they grow with it.
    #[schemars(range(min = 1.0, max = 50.0))]
    cycles_high: f64,
    /// Time-bandwidth product of the tapers; only for the multitaper method.
    #[schemars(range(min = 3.0, max = 16.0))]
    time_bandwidth: f64,
    mode: Change,
    /// Start of the baseline, seconds from the event.
    baseline_tmin_s: f64,
    /// End of the baseline.
    baseline_tmax_s: f64,
    /// Epochs in which a channel spans more than this are left out, microvolts; absent: none are.
    reject_uv: Option<f64>,
}

/// What is laid over the signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum TfrMethod {
    /// A sine under a Gaussian.
    #[default]
    Morlet,
    /// Several Slepian tapers: smoother over frequency.
    Multitaper,
}

/// How power is compared with the baseline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Change {
    /// Ten times the logarithm of the ratio.
    #[default]
    Decibel,
    /// Logarithm of the ratio to base ten.
    LogRatio,
    /// Percent above or below.
    Percent,
    /// In standard deviations over the baseline.
    ZScore,
}

impl Default for TfrParams {
    fn default() -> Self {
        Self {
            prepare: PrepareParams { highpass_hz: Some(0.5), ..PrepareParams::default() },
            conditions: Vec::new(),
            picks: Vec::new(),
            tmin_s: -0.5,
            tmax_s: 1.0,
            method: TfrMethod::default(),
            fmin_hz: 4.0,
            fmax_hz: 40.0,
            n_freqs: 30,
            cycles_low: 3.0,
            cycles_high: 10.0,
            time_bandwidth: 4.0,
            mode: Change::default(),
            baseline_tmin_s: -0.4,
            baseline_tmax_s: -0.1,
            reject_uv: Some(150.0),
        }
    }
}

impl TfrParams {
    fn check(&self) -> Result<(), AnalysisError> {
        check_bounds("picks", self.picks.len(), 0..=MOST_PICKS)?;
        check_bounds("tmin_s", self.tmin_s, -60.0..=60.0)?;
        check_bounds("tmax_s", self.tmax_s, -60.0..=60.0)?;
        check_bounds("fmin_hz", self.fmin_hz, 0.5..=500.0)?;
        check_bounds("fmax_hz", self.fmax_hz, 1.0..=1000.0)?;
        check_bounds("n_freqs", self.n_freqs, 2..=60)?;
        check_bounds("cycles_low", self.cycles_low, 1.0..=50.0)?;
        check_bounds("cycles_high", self.cycles_high, 1.0..=50.0)?;
        check_bounds("time_bandwidth", self.time_bandwidth, 3.0..=16.0)?;
        let ascending = |names: &str, from: f64, to: f64| {
            let text =
                || format!("{names}: the first must be below the second, got {from} and {to}");
            if from < to { Ok(()) } else { Err(AnalysisError::Params(text())) }
        };
        ascending("fmin_hz and fmax_hz", self.fmin_hz, self.fmax_hz)?;
        ascending("tmin_s and tmax_s", self.tmin_s, self.tmax_s)?;
        ascending(
            "baseline_tmin_s and baseline_tmax_s",
            self.baseline_tmin_s,
            self.baseline_tmax_s,
        )?;
        if self.baseline_tmin_s < self.tmin_s || self.baseline_tmax_s > self.tmax_s {
            return Err(AnalysisError::Params(format!(
                "the baseline must lie between tmin_s and tmax_s, got {} to {} s in {} to {} s",
                self.baseline_tmin_s, self.baseline_tmax_s, self.tmin_s, self.tmax_s
            )));
        }
        Ok(())
    }
}

/// Maps of power and coherence.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct TfrResult {
    preparation: Preparation,
    mode: Change,
    /// Span that the power is compared with, seconds from the event.
    baseline_tmin_s: f64,
    baseline_tmax_s: f64,
    maps: Vec<TfrMap>,
    /// The largest rise, fall and coherence of every map after the event.
    extremes: Vec<Extreme>,
    /// Rows of the maps.
    freqs_hz: Vec<f64>,
    /// Columns of the maps, seconds from the event.
    times_s: Vec<f64>,
    findings: Vec<Finding>,
}

/// Power and coherence of one channel in one condition.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct TfrMap {
    condition: String,
    channel: String,
    n_events: usize,
    n_epochs: usize,
    dropped: Dropped,
    /// Coherence that so many epochs have without any common phase, on average.
    chance_coherence: f64,
    /// Frequency by frequency, against the baseline in the unit of `mode`.
    change: Vec<f64>,
    /// Inter-trial coherence, 0..=1, in the same order.
    coherence: Vec<f64>,
}

/// The place of a largest value. That it was chosen for being the largest biases it up.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Extreme {
    condition: String,
    channel: String,
    kind: ExtremeKind,
    frequency_hz: f64,
    latency_s: f64,
    /// In the unit of `mode`, or a coherence.
    value: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ExtremeKind {
    Rise,
    Fall,
    Coherence,
}

fn run(inputs: Inputs, params: TfrParams, cx: &Context<'_>) -> Result<TfrResult, AnalysisError> {
    params.check()?;
    let mut prepared = prepare(inputs, &params.prepare, cx, 0.6)?;
    let grid = Grid::of(&params, prepared.rate)?;
    let cut = Cut {
        conditions: &params.conditions,
        tmin_s: params.tmin_s - grid.margin_s,
        tmax_s: params.tmax_s + grid.margin_s,
        baseline: None,
        reject_uv: params.reject_uv,
    };
    let events = events::cut(&prepared, &cut)?;
    prepared.samples = Vec::new();
    cx.step(0.7, "averaging")?;
    let picks = pick(&prepared, &events, &params)?;
    let rules = &events.rules[..events.rules.len().min(MOST_CONDITIONS)];
    prepared.findings.extend(events::left_out(&events.rules, MOST_CONDITIONS));
    let n_maps = rules.len() * picks.len();
    let (mut maps, mut extremes) = (Vec::new(), Vec::new());
    let times = grid.columns(n_maps);
    for (r, rule) in rules.iter().enumerate() {
        let (n_events, dropped) = events.count(rule);
        let epochs = events.epochs(rule);
        if epochs.is_empty() {
            prepared.findings.push(events::no_epoch(rule, n_events));
            continue;
        }
        for (k, &channel) in picks.iter().enumerate() {
            let done = (r * picks.len() + k) as f64;
            let step =
                |share: f64| cx.step(0.7 + 0.28 * (done + share) / n_maps as f64, "averaging");
            let name = prepared.channels[channel].name.clone();
            let Some(Values { change, coherence }) =
                measure_map(&epochs, channel, &grid, &params, &times, &step)?
            else {
                prepared.findings.push(measure::silent(&name, &rule.text));
                continue;
            };
            let map = TfrMap {
                condition: rule.text.clone(),
                channel: name,
                n_events,
                n_epochs: epochs.len(),
                dropped,
                chance_coherence: (std::f64::consts::FRAC_PI_4 / epochs.len() as f64)
                    .sqrt()
                    .min(1.0),
                change,
                coherence,
            };
            extremes.extend(measure::extremes(&map, &grid, &times));
            maps.push(map);
        }
    }
    Ok(TfrResult {
        preparation: prepared.preparation,
        mode: params.mode,
        baseline_tmin_s: params.baseline_tmin_s,
        baseline_tmax_s: params.baseline_tmax_s,
        maps,
        extremes,
        freqs_hz: grid.freqs_hz.clone(),
        times_s: times.iter().map(|&t| grid.time_s(t)).collect(),
        findings: prepared.findings,
    })
}

/// Indices of the channels asked for, or of the one with the clearest average.
fn pick(
    prepared: &Prepared,
    events: &Conditions,
    params: &TfrParams,
) -> Result<Vec<usize>, AnalysisError> {
    let names = prepared.names();
    if params.picks.is_empty() {
        let epochs = events.epochs(&events.rules[0]);
        let clearest = events::clearest(&epochs, &names, params.tmin_s.max(0.0), params.tmax_s);
        let found = clearest.and_then(|c| names.iter().position(|n| *n == c.channel));
        return Ok(vec![found.unwrap_or(0)]);
    }
    let find = |name: &String| {
        names.iter().position(|n| n == name).ok_or_else(|| {
            let text =
                format!("picks: `{name}` is not among the channels used: {}", names.join(", "));
            AnalysisError::Params(text)
        })
    };
    params.picks.iter().map(find).collect()
}
