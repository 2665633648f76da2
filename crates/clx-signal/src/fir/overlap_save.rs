use std::fmt;
use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

use super::Fir;
use crate::SignalError;
use crate::resample::{self, gcd};

/// Largest factor of resampling inside the pass; it bounds the block.
const MAX_FACTOR: usize = 1024;

/// What is assumed beyond the ends of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Point reflection about the end sample (`2 x0 - x[i]`), zeros beyond the reflected length:
    /// `reflect_limited` of `mne.filter.filter_data`.
    Reflect,
    /// The end sample repeated: `edge`, the default of `mne.io.Raw.filter`.
    Repeat,
}

/// Zero-phase FIR filtering of one or many streams by overlap-save convolution.
///
/// Samples go in by any chunk size; the output is delay compensated, as long as the input, and
/// identical bit for bit whatever the chunking. Two successive blocks of a channel ride in the real
/// and imaginary part of one complex FFT: the kernel's spectrum is real because the kernel is
/// symmetric, so the blocks do not mix, and channels of very different size never share rounding
/// errors. A constant (the first sample) is taken off before the transform and its exact response
/// added after it, so millivolts of electrode offset do not cost microvolts their digits. Samples
/// and transforms are `f32`; the deviation from an `f64` convolution is below 1e-6 of the rms.
///
/// With [`OverlapSave::resampling`] the same pass also changes the sample rate by a rational factor:
/// the spectrum is repeated for each of the `up - 1` zeros between samples, multiplied by the product
/// of all responses, and folded, so that only the samples asked for are ever computed.
///
/// Memory per channel is two blocks. Non-finite samples spoil up to two blocks around them; remove
/// them first.
///
/// ```
/// use clx_signal::{fir, fir::{Edge, OverlapSave}, synth, SampleRate};
/// let rate = SampleRate::from_hz(250.0)?;
/// let x = synth::sine(rate, 10.0, 50e-6, 20.0);
/// let mut filter = OverlapSave::new(&fir::design_bandpass(rate, Some(1.0), Some(40.0))?, 1, Edge::Reflect);
/// let mut y = Vec::new();
/// x.chunks(100).for_each(|chunk| filter.push(0, chunk, &mut y));
/// filter.finish(0, &mut y);
/// assert_eq!(y.len(), x.len());
/// assert!((y[2500] - x[2500]).abs() < 2e-7); // no delay, pass-band ripple below 0.4 %
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub struct OverlapSave {
    kernel: Kernel,
    edge: Edge,
    work: Vec<Complex<f32>>,
    folded: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    channels: Vec<State>,
}

struct Kernel {
    /// Zero-phase response at each bin of the block with zeros between samples, times `1 / bins`.
    response: Vec<f32>,
    /// Responses to a constant one, of `up` successive outputs.
    dc_gains: Vec<f64>,
    /// Reach of the kernel in input samples, a multiple of `down`.
    half: usize,
    n_fft: usize,
    up: usize,
    down: usize,
    forward: Arc<dyn Fft<f32>>,
    inverse: Arc<dyn Fft<f32>>,
}

/// One channel's stream.
#[derive(Clone, Debug, Default)]
struct State {
    /// Padded signal not yet consumed, first sample taken off.
    buffer: Vec<f32>,
    offset: f32,
    n_in: u64,
    n_out: u64,
    started: bool,
}

impl fmt::Debug for OverlapSave {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OverlapSave")
            .field("n_fft", &self.kernel.n_fft)
            .field("up", &self.kernel.up)
            .field("down", &self.kernel.down)
            .field("half_len", &self.kernel.half)
            .field("edge", &self.edge)
            .field("n_channels", &self.channels.len())
            .finish_non_exhaustive()
    }
}

impl OverlapSave {
    /// Filter for `n_channels` independent streams.
    pub fn new(fir: &Fir, n_channels: usize, edge: Edge) -> Self {
        Self::with_kernel(Kernel::new(fir, 1, 1), n_channels, edge)
    }

    /// Filter that also resamples by `up / down`: what [`resample_poly`](crate::resample::resample_poly)
    /// makes of the filtered signal, in one pass.
    ///
    /// A channel of `n` samples gives `ceil(n · up / down)`. The anti-alias filter is that of
    /// `resample_poly` (Kaiser, shape 5); where the low-pass of `fir` already ends below half the new
    /// rate it changes nothing but the level of what is left.
    ///
    /// # Errors
    /// [`SignalError::Parameter`] if a factor is 0 or, after reduction, above 1024.
    ///
    /// ```
    /// use clx_signal::{fir, fir::{Edge, OverlapSave}, synth, SampleRate};
    /// let rate = SampleRate::from_hz(250.0)?;
    /// let design = fir::design_bandpass(rate, Some(1.0), Some(40.0))?.fuse(&fir::design_notch(rate, &[50.0])?)?;
    /// let mut pass = OverlapSave::resampling(&design, 2, 5, 1, Edge::Reflect)?;
    /// let mut y = Vec::new();
    /// pass.push(0, &synth::sine(rate, 10.0, 50e-6, 20.0), &mut y);
    /// pass.finish(0, &mut y);
    /// assert_eq!(y.len(), 2000); // 20 s at 100 Hz
    /// # Ok::<(), clx_signal::SignalError>(())
    /// ```
    pub fn resampling(
        fir: &Fir,
        up: usize,
        down: usize,
        n_channels: usize,
        edge: Edge,
    ) -> Result<Self, SignalError> {
        let divisor = gcd(up, down).max(1);
        let (up, down) = (up / divisor, down / divisor);
        if up == 0 || down == 0 || up.max(down) > MAX_FACTOR {
            return Err(SignalError::Parameter {
                name: "up / down",
                expected: "a ratio of whole numbers from 1 to 1024",
                got: format!("{up} / {down}"),
            });
        }
        Ok(Self::with_kernel(Kernel::new(fir, up, down), n_channels, edge))
    }

    fn with_kernel(kernel: Kernel, n_channels: usize, edge: Edge) -> Self {
        let scratch =
            kernel.forward.get_inplace_scratch_len().max(kernel.inverse.get_inplace_scratch_len());
        Self {
            edge,
            work: vec![Complex::ZERO; kernel.n_fft],
            folded: vec![Complex::ZERO; kernel.inverse.len()],
            scratch: vec![Complex::ZERO; scratch],
            channels: vec![State::default(); n_channels],
            kernel,
        }
    }

    /// Takes samples of one channel and appends to `out` whatever has become final.
    ///
    /// # Panics
    /// If `channel` is not below the number of channels.
    pub fn push(&mut self, channel: usize, samples: &[f32], out: &mut Vec<f32>) {
        let half = self.kernel.half;
        let state = &mut self.channels[channel];
        let Some(&first) = samples.first() else { return };
        if state.n_in == 0 {
            state.offset = first;
        }
        let offset = state.offset;
        state.n_in += samples.len() as u64;
        state.buffer.extend(samples.iter().map(|x| x - offset));
        if !state.started {
            if state.buffer.len() <= half {
                return;
            }
            pad_front(state, half, self.edge);
        }
        self.filter_pairs(channel, out);
    }

    /// Ends one channel's stream: appends the rest of its output and makes it ready for a new one.
    pub fn finish(&mut self, channel: usize, out: &mut Vec<f32>) {
        let Kernel { half, n_fft, up, down, .. } = self.kernel;
        let step = n_fft - 2 * half;
        let state = &mut self.channels[channel];
        if state.n_in > 0 {
            let tail_start =
                if state.started { state.buffer.len().saturating_sub(half + 1) } else { 0 };
            let tail = state.buffer[tail_start..].to_vec();
            if !state.started {
                pad_front(state, half, self.edge);
            }
            pad_back(state, &tail, half, self.edge);
            let total = (state.n_in * up as u64).div_ceil(down as u64);
            while self.channels[channel].n_out < total {
                // Zeros reach only outputs beyond the end, which are cut.
                let made = (2 * step / down * up) as u64;
                let left = (total - self.channels[channel].n_out).min(made);
                let buffer = &mut self.channels[channel].buffer;
                buffer.resize(buffer.len().max(n_fft + step), 0.0);
                let keep = out.len() + left as usize;
                self.filter_pair(channel, 0, out);
                self.channels[channel].buffer.drain(..2 * step);
                out.truncate(keep);
                self.channels[channel].n_out = self.channels[channel].n_out.min(total);
            }
        }
        self.channels[channel] = State::default();
    }

    fn filter_pairs(&mut self, channel: usize, out: &mut Vec<f32>) {
        let n_fft = self.kernel.n_fft;
        let step = n_fft - 2 * self.kernel.half;
        let mut at = 0;
        while self.channels[channel].buffer.len() - at >= n_fft + step {
            self.filter_pair(channel, at, out);
            at += 2 * step;
        }
        self.channels[channel].buffer.drain(..at);
    }

    /// Filters the two blocks that start `at` samples into the buffer.
    fn filter_pair(&mut self, channel: usize, at: usize, out: &mut Vec<f32>) {
        let Kernel { n_fft, half, up, down, .. } = self.kernel;
        let step = n_fft - 2 * half;
        let state = &mut self.channels[channel];
        let blocks = &state.buffer[at..at + n_fft + step];
        let (first, second) = (&blocks[..n_fft], &blocks[step..]);
        for ((w, &re), &im) in self.work.iter_mut().zip(first).zip(second) {
            *w = Complex { re, im };
        }
        self.kernel.forward.process_with_scratch(&mut self.work, &mut self.scratch);
        let spectrum = if up == 1 && down == 1 {
            scale(&mut self.work, &self.kernel.response);
            &mut self.work
        } else {
            fold(&self.work, &self.kernel.response, &mut self.folded);
            &mut self.folded
        };
        self.kernel.inverse.process_with_scratch(spectrum, &mut self.scratch);
        let made = step / down * up;
        let valid = &spectrum[half / down * up..][..made];
        let offset = f64::from(state.offset);
        if let [gain] = self.kernel.dc_gains[..] {
            let constant = (gain * offset) as f32;
            out.extend(valid.iter().map(|w| w.re + constant));
            out.extend(valid.iter().map(|w| w.im + constant));
        } else {
            let constants = || self.kernel.dc_gains.iter().map(|g| (g * offset) as f32).cycle();
            out.extend(valid.iter().zip(constants()).map(|(w, c)| w.re + c));
            out.extend(valid.iter().zip(constants()).map(|(w, c)| w.im + c));
        }
        state.n_out += 2 * made as u64;
    }
}

fn scale(spectrum: &mut [Complex<f32>], response: &[f32]) {
    for (w, &g) in spectrum.iter_mut().zip(response) {
        w.re *= g;
        w.im *= g;
    }
}

/// Repeats `spectrum` over the whole of `response` and adds up what falls on the same output bin.
fn fold(spectrum: &[Complex<f32>], response: &[f32], out: &mut [Complex<f32>]) {
    out.fill(Complex::ZERO);
    let mut at = 0;
    // Runs that end where either the input or the output starts over.
    while at < response.len() {
        let (from, to) = (at % spectrum.len(), at % out.len());
        let n = (spectrum.len() - from).min(out.len() - to);
        let run = spectrum[from..from + n].iter().zip(&response[at..at + n]);
        for (y, (x, &g)) in out[to..to + n].iter_mut().zip(run) {
            y.re += x.re * g;
            y.im += x.im * g;
        }
        at += n;
    }
}

impl Kernel {
    fn new(fir: &Fir, up: usize, down: usize) -> Self {
        let interpolation = resample::interpolation_taps(up, down);
        // The interpolation filter lies at `up` times the rate.
        let reach = fir.half_len() + (interpolation.len() / 2).div_ceil(up);
        let half = reach.next_multiple_of(down);
        let n_fft = block_len(2 * half + 1, down);
        let bins = n_fft * up;
        let response: Vec<f64> = if up == 1 && down == 1 {
            zero_phase_response(fir.taps(), n_fft)
        } else {
            let slow = zero_phase_response(fir.taps(), n_fft);
            let fast = zero_phase_response(&interpolation, bins);
            fast.iter().zip(slow.iter().cycle()).map(|(a, b)| a * b).collect()
        };
        let dc_gain = |output: usize| -> f64 {
            let phase = (output * down % up) as f64 / up as f64;
            let image = |j: usize| (std::f64::consts::TAU * j as f64 * phase).cos();
            (0..up).map(|j| response[j * n_fft] * image(j)).sum::<f64>() / up as f64
        };
        let mut planner = FftPlanner::<f32>::new();
        Self {
            dc_gains: (0..up).map(dc_gain).collect(),
            response: response.iter().map(|g| (g / bins as f64) as f32).collect(),
            half,
            n_fft,
            up,
            down,
            forward: planner.plan_fft_forward(n_fft),
            inverse: planner.plan_fft_inverse(bins / down),
        }
    }
}

/// Spectrum of the taps with the centre one at index 0, so that it is real.
pub(super) fn zero_phase_response(taps: &[f64], n_fft: usize) -> Vec<f64> {
    let half = taps.len() / 2;
    let mut spectrum = vec![Complex { re: 0.0, im: 0.0 }; n_fft];
    for (i, &tap) in taps.iter().enumerate() {
        spectrum[(i + n_fft - half) % n_fft].re += tap;
    }
    FftPlanner::<f64>::new().plan_fft_forward(n_fft).process(&mut spectrum);
    spectrum.iter().map(|c| c.re).collect()
}

/// Power of two times `factor` with the least arithmetic per output sample. Blocks above 4096 fall
/// out of the first-level cache, which costs more than their longer step saves (measured), so they
/// are taken only when the filter needs them.
pub(super) fn block_len(n_taps: usize, factor: usize) -> usize {
    let cost = |n: usize| n as f64 * (n as f64).log2() / (n - n_taps + 1) as f64;
    let least = (2 * n_taps).max(64);
    let smallest = factor * least.div_ceil(factor).next_power_of_two();
    let mut best = smallest;
    while best < 4096 && cost(2 * best) < cost(best) {
        best *= 2;
    }
    best
}

fn pad_front(state: &mut State, half: usize, edge: Edge) {
    let x = &state.buffer;
    let pad: Vec<f32> = (0..half)
        .map(|i| match edge {
            // The first sample is zero here: it was taken off.
            Edge::Reflect => x.get(half - i).map_or(-state.offset, |v| -v),
            Edge::Repeat => 0.0,
        })
        .collect();
    state.buffer.splice(0..0, pad);
    state.started = true;
}

fn pad_back(state: &mut State, tail: &[f32], half: usize, edge: Edge) {
    let Some(&last) = tail.last() else { return };
    let offset = state.offset;
    state.buffer.extend((1..=half).map(|i| match edge {
        Edge::Reflect => tail.len().checked_sub(1 + i).map_or(-offset, |at| 2.0 * last - tail[at]),
        Edge::Repeat => last,
    }));
}
