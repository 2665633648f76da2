//! Power spectral density of streams by Welch's method.

use std::fmt;
use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

use crate::window::{Symmetry, Window};
use crate::{SampleRate, SignalError, stats};

mod psd;

pub use psd::{BlockSpectrum, Psd};

/// How the segments are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Average {
    Mean,
    /// Median over segments divided by its bias for an exponential distribution, as SciPy. Robust
    /// to bursts, but keeps every segment in memory.
    Median,
}

/// Settings of [`Welch`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WelchParams {
    /// Length of a segment, seconds.
    pub window_s: f64,
    /// Share of a segment that the next one repeats, `0..1`.
    pub overlap: f64,
    pub window: Window,
    /// Take the mean off each segment (SciPy's `detrend="constant"`).
    pub detrend: bool,
    pub average: Average,
    /// Keep at most this many mean spectra of successive stretches, for bootstrap intervals and
    /// for spectra of parts; 0 keeps none. When they run out neighbours are merged.
    pub max_blocks: usize,
    /// Keep only the bins up to this frequency, hertz.
    pub fmax_hz: Option<f64>,
}

impl Default for WelchParams {
    fn default() -> Self {
        Self {
            window_s: 2.0,
            overlap: 0.5,
            window: Window::Hann,
            detrend: true,
            average: Average::Mean,
            max_blocks: 0,
            fmax_hz: None,
        }
    }
}

/// What streams of one rate share: window and transform.
struct Plan {
    rate: SampleRate,
    params: WelchParams,
    hop: usize,
    /// Bins of the result.
    n_bins: usize,
    /// Periodic window times the square root of the density scale.
    window: Vec<f64>,
    fft: Arc<dyn Fft<f64>>,
}

/// Streaming Welch estimate of one channel.
///
/// One-sided density, unit²/Hz: periodic window, each segment's mean removed, `|FFT|²` divided by
/// `rate · Σw²` and doubled except at 0 Hz and half the rate. Equal to `scipy.signal.welch` on the
/// same `f32` samples to 1e-12, for any chunking of the input. Sums and transforms are `f64`; two
/// segments share one complex transform. A sine of amplitude `a` in the middle of a bin gives `a²/2`
/// in total.
///
/// # Source
/// Welch 1967, IEEE Trans. Audio Electroacoust. 15(2):70-73. Checked against
/// `tests/fixtures/scipy.json`.
///
/// ```
/// use clx_signal::{synth, Band, SampleRate, welch::{Welch, WelchParams}};
/// let rate = SampleRate::from_hz(256.0)?;
/// let x = synth::sine(rate, 10.0, 50e-6, 8.0);
/// let mut welch = Welch::new(rate, WelchParams::default())?;
/// x.chunks(77).for_each(|chunk| welch.push(chunk));
/// let psd = welch.finish()?;
/// // 10 Hz is a bin centre, so Hann spreads into the two neighbours only.
/// let power: f64 = psd.density.iter().sum::<f64>() * psd.resolution_hz();
/// assert!((power / (50e-6_f64.powi(2) / 2.0) - 1.0).abs() < 1e-6); // f32 samples
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
#[derive(Clone)]
pub struct Welch {
    plan: Arc<Plan>,
    buffer: Vec<f32>,
    work: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
    n_segments: usize,
    n_samples: usize,
    sum: Vec<f64>,
    blocks: Vec<BlockSpectrum>,
    segments_per_block: usize,
    all: Vec<Vec<f64>>,
}

impl fmt::Debug for Welch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Welch")
            .field("params", &self.plan.params)
            .field("n_segments", &self.n_segments)
            .finish_non_exhaustive()
    }
}

impl Welch {
    /// # Errors
    /// [`SignalError::Parameter`] if a segment has fewer than 2 samples or more than 2^24, or the
    /// overlap is outside `0..1`.
    pub fn new(rate: SampleRate, params: WelchParams) -> Result<Self, SignalError> {
        let n = rate.samples(params.window_s);
        if !(2..=1 << 24).contains(&n) {
            return Err(SignalError::Parameter {
                name: "window_s",
                expected: "long enough for 2 samples and at most 2^24",
                got: format!("{} s = {n} samples", params.window_s),
            });
        }
        if !(0.0..1.0).contains(&params.overlap) {
            return Err(SignalError::Parameter {
                name: "overlap",
                expected: "at least 0 and below 1",
                got: params.overlap.to_string(),
            });
        }
        let mut window = params.window.samples(n, Symmetry::Periodic);
        let power: f64 = window.iter().map(|w| w * w).sum();
        let scale = (1.0 / (rate.hz() * power)).sqrt();
        window.iter_mut().for_each(|w| *w *= scale);
        let hop = n - ((n as f64 * params.overlap) as usize).min(n - 1);
        let fft = FftPlanner::new().plan_fft_forward(n);
        let kept =
            params.fmax_hz.map_or(f64::INFINITY, |f| (f / rate.hz() * n as f64 + 1e-9).floor());
        let n_bins = (n / 2 + 1).min((kept as usize).saturating_add(1));
        Ok(Self::from_plan(Arc::new(Plan { rate, params, hop, n_bins, window, fft })))
    }

    /// An empty estimate with the settings of `self`, sharing its tables.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self::from_plan(Arc::clone(&self.plan))
    }

    fn from_plan(plan: Arc<Plan>) -> Self {
        let n = plan.window.len();
        Self {
            work: vec![Complex::ZERO; n],
            scratch: vec![Complex::ZERO; plan.fft.get_inplace_scratch_len()],
            sum: vec![0.0; plan.n_bins],
            buffer: Vec::new(),
            n_segments: 0,
            n_samples: 0,
            blocks: Vec::new(),
            segments_per_block: 1,
            all: Vec::new(),
            plan,
        }
    }

    /// Samples per segment.
    pub fn segment_len(&self) -> usize {
        self.plan.window.len()
    }

    /// Takes the next samples of the stream.
    pub fn push(&mut self, samples: &[f32]) {
        let n = self.segment_len();
        let hop = self.plan.hop;
        self.n_samples += samples.len();
        self.buffer.extend_from_slice(samples);
        let mut at = 0;
        while self.buffer.len() - at >= n + hop {
            self.transform(at, Some(at + hop));
            at += 2 * hop;
        }
        self.buffer.drain(..at.min(self.buffer.len()));
    }

    /// Ends a contiguous stretch: no segment will span this point. The remainder that fills no
    /// segment is dropped.
    pub fn interrupt(&mut self) {
        if self.buffer.len() >= self.segment_len() {
            self.transform(0, None);
        }
        self.buffer.clear();
    }

    /// The estimate over everything pushed.
    ///
    /// # Errors
    /// [`SignalError::TooShort`] if not one segment was filled.
    pub fn finish(mut self) -> Result<Psd, SignalError> {
        self.interrupt();
        let Plan { rate, params, .. } = *self.plan;
        let n = self.segment_len();
        if self.n_segments == 0 {
            return Err(SignalError::TooShort {
                needed: n,
                window_s: params.window_s,
                got: self.n_samples,
            });
        }
        let density = match params.average {
            Average::Mean => self.sum.iter().map(|s| s / self.n_segments as f64).collect(),
            Average::Median => medians(&self.all),
        };
        for block in &mut self.blocks {
            block.density.iter_mut().for_each(|d| *d /= block.n_segments as f64);
        }
        Ok(Psd {
            freqs_hz: (0..self.plan.n_bins).map(|k| k as f64 * rate.hz() / n as f64).collect(),
            density,
            n_segments: self.n_segments,
            blocks: self.blocks,
        })
    }

    /// Adds the segment that starts at `first` and, where given, the one at `second`.
    fn transform(&mut self, first: usize, second: Option<usize>) {
        let n = self.segment_len();
        let a = &self.buffer[first..first + n];
        let mean_a = self.mean(a);
        if let Some(second) = second {
            let b = &self.buffer[second..second + n];
            let mean_b = self.mean(b);
            let pairs = self.work.iter_mut().zip(&self.plan.window).zip(a.iter().zip(b));
            for ((z, w), (&x, &y)) in pairs {
                *z = Complex { re: (f64::from(x) - mean_a) * w, im: (f64::from(y) - mean_b) * w };
            }
        } else {
            for ((z, w), &x) in self.work.iter_mut().zip(&self.plan.window).zip(a) {
                *z = Complex { re: (f64::from(x) - mean_a) * w, im: 0.0 };
            }
        }
        self.plan.fft.process_with_scratch(&mut self.work, &mut self.scratch);
        let Average::Mean = self.plan.params.average else {
            self.keep_segments(second.is_some());
            return;
        };
        let count = 1 + usize::from(second.is_some());
        self.n_segments += count;
        if self.plan.params.max_blocks == 0 {
            add_pair(&self.work, &mut self.sum);
            return;
        }
        // Blocks hold whole pairs, so that nothing has to be separated.
        let mut pair = vec![0.0; self.plan.n_bins];
        add_pair(&self.work, &mut pair);
        self.sum.iter_mut().zip(&pair).for_each(|(s, p)| *s += p);
        self.add_to_blocks(pair, count);
    }

    fn mean(&self, x: &[f32]) -> f64 {
        if !self.plan.params.detrend {
            return 0.0;
        }
        // Four partial sums let the compiler keep four lanes busy.
        let mut lanes = [0.0_f64; 4];
        let chunks = x.chunks_exact(4);
        let rest: f64 = chunks.remainder().iter().map(|&v| f64::from(v)).sum();
        for chunk in chunks {
            lanes.iter_mut().zip(chunk).for_each(|(l, &v)| *l += f64::from(v));
        }
        (lanes.iter().sum::<f64>() + rest) / x.len() as f64
    }

    fn add_to_blocks(&mut self, pair: Vec<f64>, count: usize) {
        let first_segment = self.n_segments - count;
        match self.blocks.last_mut() {
            Some(last) if last.n_segments + count <= self.segments_per_block => {
                last.n_segments += count;
                last.density.iter_mut().zip(&pair).for_each(|(d, p)| *d += p);
            }
            _ => {
                self.blocks.push(BlockSpectrum { first_segment, n_segments: count, density: pair })
            }
        }
        if self.blocks.len() > self.plan.params.max_blocks.max(2) {
            self.segments_per_block = (2 * self.segments_per_block).max(4);
            self.blocks = merge_neighbours(std::mem::take(&mut self.blocks));
        }
    }

    fn keep_segments(&mut self, two: bool) {
        let n = self.work.len();
        let one_sided = |power: &dyn Fn(usize) -> f64| {
            (0..self.plan.n_bins).map(|k| power(k) * side_factor(k, n)).collect::<Vec<f64>>()
        };
        let z = &self.work;
        let mirror = |k: usize| z[(n - k) % n];
        let first = one_sided(&|k| (z[k] + mirror(k).conj()).norm_sqr() / 4.0);
        let second = one_sided(&|k| (z[k] - mirror(k).conj()).norm_sqr() / 4.0);
        self.all.push(first);
        if two {
            self.all.push(second);
        }
        self.n_segments = self.all.len();
    }
}

/// Adds the one-sided power of both segments in `z` (real and imaginary input) to the bins of `sum`.
fn add_pair(z: &[Complex<f64>], sum: &mut [f64]) {
    let n = z.len();
    // |X|² + |Y|² = (|Z[k]|² + |Z[n-k]|²) / 2, doubled for the negative frequencies.
    sum[0] += z[0].norm_sqr();
    let inner = ((n - 1) / 2).min(sum.len() - 1);
    let mirrored = z.iter().rev();
    for ((s, a), b) in sum[1..=inner].iter_mut().zip(&z[1..=inner]).zip(mirrored) {
        *s += a.norm_sqr() + b.norm_sqr();
    }
    if let (true, Some(nyquist)) = (n.is_multiple_of(2), sum.get_mut(n / 2)) {
        *nyquist += z[n / 2].norm_sqr();
    }
}

fn side_factor(k: usize, n: usize) -> f64 {
    if k == 0 || 2 * k == n { 1.0 } else { 2.0 }
}

fn merge_neighbours(blocks: Vec<BlockSpectrum>) -> Vec<BlockSpectrum> {
    let mut merged: Vec<BlockSpectrum> = Vec::with_capacity(blocks.len() / 2 + 1);
    for (i, block) in blocks.into_iter().enumerate() {
        match merged.last_mut() {
            Some(last) if i % 2 == 1 => {
                last.n_segments += block.n_segments;
                last.density.iter_mut().zip(&block.density).for_each(|(d, p)| *d += p);
            }
            _ => merged.push(block),
        }
    }
    merged
}

fn medians(segments: &[Vec<f64>]) -> Vec<f64> {
    let bias = median_bias(segments.len());
    (0..segments[0].len())
        .map(|k| {
            let column: Vec<f64> = segments.iter().map(|s| s[k]).collect();
            stats::median(&column).unwrap_or(0.0) / bias
        })
        .collect()
}

/// Expected median over expected mean of `n` exponential variables.
/// Allen et al. 2012, Phys. Rev. D 85:122006, appendix B; SciPy's `_median_bias`.
fn median_bias(n: usize) -> f64 {
    let pairs = (n - 1) / 2;
    1.0 + (1..=pairs).map(|i| 2.0 * i as f64).map(|ii| 1.0 / (ii + 1.0) - 1.0 / ii).sum::<f64>()
}
