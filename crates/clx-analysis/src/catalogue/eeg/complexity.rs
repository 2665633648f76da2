//! `eeg.complexity`: how irregular the channels are, by fourteen figures over windows.

mod measures;
mod plots;

use clx_signal::{Finding, stats};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::measures::{Measures, N_MEASURES, measure_window};
use super::pieces;
use super::prepare::{Preparation, PrepareParams, Prepared, prepare};
use super::spectra::four_digits;
use crate::analysis::{Entry, InputKind};
use crate::error::check_bounds;
use crate::{Analysis, AnalysisError, Context, Inputs};

pub(super) fn entry() -> Analysis {
    Analysis::new(Entry {
        id: "eeg.complexity",
        title: "Complexity",
        summary: "How irregular each channel is: entropies, fractal dimensions, fluctuation, Lempel-Ziv complexity and Hjorth’s descriptors, as medians over windows with 95 % intervals",
        input: InputKind::Recording,
        credits: 2,
        example: r#"{"window_s": 10.0, "windows": 6}"#,
        run,
        plots: plots::PLOTS,
    })
}

/// Samples of a window: some measures compare all pairs of them.
const MOST_SAMPLES: usize = 10_000;
/// Below this many windows a median has no 95 % interval: both ends of six values miss it in 2 of 64 cases.
const FEWEST_FOR_INTERVAL: usize = 6;

/// Settings of the measures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct ComplexityParams {
    prepare: PrepareParams,
    /// Length of a window, seconds; at most 10,000 samples.
    #[schemars(range(min = 1.0, max = 120.0))]
    window_s: f64,
    /// Windows measured at most, evenly spread over the recording.
    #[schemars(range(min = 1, max = 500))]
    windows: usize,
    /// Values ranked together by permutation and SVD entropy.
    #[schemars(range(min = 2, max = 7))]
    order: usize,
    /// Samples between the values ranked.
    #[schemars(range(min = 1, max = 100))]
    delay: usize,
    /// Samples alike before the next is compared, by sample and approximate entropy.
    #[schemars(range(min = 1, max = 5))]
    embedding: usize,
    /// Scales of the multiscale entropy.
    #[schemars(range(min = 1, max = 20))]
    scales: usize,
    /// Largest step of Higuchi's dimension, samples.
    #[schemars(range(min = 2, max = 100))]
    higuchi_kmax: usize,
}

impl Default for ComplexityParams {
    fn default() -> Self {
        Self {
            prepare: PrepareParams {
                highpass_hz: Some(1.0),
                lowpass_hz: Some(40.0),
                ..PrepareParams::default()
            },
            window_s: 10.0,
            windows: 30,
            order: 3,
            delay: 1,
            embedding: 2,
            scales: 5,
            higuchi_kmax: 10,
        }
    }
}

impl ComplexityParams {
    fn check(&self) -> Result<(), AnalysisError> {
        check_bounds("window_s", self.window_s, 1.0..=120.0)?;
        check_bounds("windows", self.windows, 1..=500)?;
        check_bounds("order", self.order, 2..=7)?;
        check_bounds("delay", self.delay, 1..=100)?;
        check_bounds("embedding", self.embedding, 1..=5)?;
        check_bounds("scales", self.scales, 1..=20)?;
        check_bounds("higuchi_kmax", self.higuchi_kmax, 2..=100)
    }
}

/// Complexity of every channel.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct ComplexityResult {
    preparation: Preparation,
    n_windows: usize,
    /// Of the channels' medians.
    median: Measures<f64>,
    channels: Vec<ChannelComplexity>,
    findings: Vec<Finding>,
}

/// One channel: medians over the windows.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct ChannelComplexity {
    channel: String,
    #[serde(flatten)]
    median: Measures<f64>,
    /// 95 % intervals of the medians, by order statistics; absent below six windows.
    ci95: Measures<[f64; 2]>,
    /// Sample entropy at scale 1, 2 and so on, until a scale has none.
    multiscale: Vec<f64>,
}

fn run(
    inputs: Inputs,
    params: ComplexityParams,
    cx: &Context<'_>,
) -> Result<ComplexityResult, AnalysisError> {
    params.check()?;
    let prepared = prepare(inputs, &params.prepare, cx, 0.3)?;
    let (n, starts) = windows(&prepared, &params)?;
    let n_channels = prepared.channels.len();
    let mut channels = Vec::with_capacity(n_channels);
    for (c, info) in prepared.channels.iter().enumerate() {
        let mut values: Vec<[Option<f64>; N_MEASURES]> = Vec::with_capacity(starts.len());
        let mut scales: Vec<Vec<f64>> = Vec::new();
        for (w, &start) in starts.iter().enumerate() {
            let done = (c * starts.len() + w) as f64 / (n_channels * starts.len()) as f64;
            cx.step(0.3 + 0.68 * done, "measuring")?;
            let x: Vec<f64> =
                prepared.samples[c][start..start + n].iter().map(|&v| f64::from(v)).collect();
            let (measured, multiscale) = measure_window(&x, &params);
            values.push(measured);
            scales.push(multiscale);
        }
        let column = |m: usize| values.iter().filter_map(|v| v[m]).collect::<Vec<f64>>();
        channels.push(ChannelComplexity {
            channel: info.name.clone(),
            median: Measures::of(|m| stats::median(&column(m)).map(four_digits)),
            ci95: Measures::of(|m| interval_of_median(&column(m)).map(|ci| ci.map(four_digits))),
            multiscale: medians(&scales),
        });
    }
    let over = |m: usize| {
        let all: Vec<f64> = channels.iter().filter_map(|c| c.median.get(m)).collect();
        stats::median(&all).map(four_digits)
    };
    Ok(ComplexityResult {
        n_windows: starts.len(),
        median: Measures::of(over),
        preparation: prepared.preparation,
        channels,
        findings: prepared.findings,
    })
}

/// Samples of a window, and where the windows begin.
fn windows(
    prepared: &Prepared,
    params: &ComplexityParams,
) -> Result<(usize, Vec<usize>), AnalysisError> {
    let n = prepared.rate.samples(params.window_s);
    if n > MOST_SAMPLES {
        return Err(AnalysisError::Params(format!(
            "window_s: {} s at {} Hz are {n} samples, of which {MOST_SAMPLES} are the most; \
             shorten the window or lower the rate (prepare.rate_hz)",
            params.window_s,
            prepared.rate.hz()
        )));
    }
    let starts = pieces::spread(&pieces::starts(prepared, n, n), params.windows);
    if starts.is_empty() {
        return Err(AnalysisError::Input(format!(
            "the recording has no unbroken window of {} s; shorten window_s",
            params.window_s
        )));
    }
    Ok((n, starts))
}

/// Ends between which the true median lies in at least 95 of 100 cases, whatever the distribution: the
/// order statistics that leave a binomial tail of at most 2.5 % on either side.
fn interval_of_median(values: &[f64]) -> Option<[f64; 2]> {
    let n = values.len();
    if n < FEWEST_FOR_INTERVAL {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut probability = 0.5_f64.powi(n as i32);
    let mut tail = probability;
    let mut rank = 0;
    while tail <= 0.025 {
        rank += 1;
        probability *= (n - rank + 1) as f64 / rank as f64;
        tail += probability;
    }
    Some([sorted[rank - 1], sorted[n - rank]])
}

/// Median at each scale, as far as every window has one.
fn medians(windows: &[Vec<f64>]) -> Vec<f64> {
    let n = windows.iter().map(Vec::len).min().unwrap_or(0);
    let at = |scale: usize| windows.iter().map(|w| w[scale]).collect::<Vec<f64>>();
    (0..n).filter_map(|scale| stats::median(&at(scale)).map(four_digits)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_a_median_are_those_of_the_sign_test() {
        // Table of the sign test: for 6, 10 and 25 values the 1st, 2nd and 8th from either end.
        for (n, rank) in [(6, 1), (10, 2), (25, 8)] {
            let values: Vec<f64> = (1..=n).map(f64::from).collect();
            let expected = [f64::from(rank), f64::from(n - rank + 1)];
            assert_eq!(interval_of_median(&values), Some(expected));
        }
        assert_eq!(interval_of_median(&[1.0; 5]), None);
    }
}
