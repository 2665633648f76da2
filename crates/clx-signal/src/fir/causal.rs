use std::collections::VecDeque;

use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

use super::Fir;
use crate::{SampleRate, SignalError};

/// FIR filter for live use: no look into the future, blocks of any size, output identical bit for
/// bit whatever the sizes.
///
/// Each output is one sum over the taps in `f64`, in the order of time. It starts as though each
/// channel had always had its first value.
///
/// ```
/// use clx_signal::{fir, fir::CausalFir, SampleRate};
/// let rate = SampleRate::from_hz(250.0)?;
/// let design = fir::design_bandpass(rate, None, Some(40.0))?;
/// let live = CausalFir::linear_phase(&design, 1);
/// assert!((live.group_delay_s(10.0).unwrap() - design.half_len() as f64 / 250.0).abs() < 1e-9);
/// let quick = CausalFir::minimum_phase(&design, 1);
/// assert!(quick.group_delay_s(10.0).unwrap() < 0.02); // of 0.042 s
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CausalFir {
    rate: SampleRate,
    /// The newest sample's first.
    taps: Vec<f64>,
    /// Per channel the last `taps.len()` samples, oldest first; empty before the first.
    past: Vec<VecDeque<f32>>,
}

impl CausalFir {
    /// The taps of `fir`, delayed by half their length at every frequency: shapes of waves are kept.
    pub fn linear_phase(fir: &Fir, n_channels: usize) -> Self {
        Self::with_taps(fir.rate(), fir.taps().to_vec(), n_channels)
    }

    /// Taps of the same gain whose delay is the least possible, different for each frequency.
    ///
    /// As `scipy.signal.minimum_phase(taps, half=False)`, by the cepstrum; used by MNE for
    /// `phase='minimum'`. The gain agrees with that of `fir` to its stop-band level.
    ///
    /// # Source
    /// Oppenheim and Schafer 2010, Discrete-Time Signal Processing, section 13.5.
    pub fn minimum_phase(fir: &Fir, n_channels: usize) -> Self {
        Self::with_taps(fir.rate(), minimum_phase(fir.taps()), n_channels)
    }

    fn with_taps(rate: SampleRate, taps: Vec<f64>, n_channels: usize) -> Self {
        Self { rate, taps, past: vec![VecDeque::new(); n_channels] }
    }

    /// The newest sample's coefficient first.
    pub fn taps(&self) -> &[f64] {
        &self.taps
    }

    /// Seconds by which a slow change of a rhythm at `freq_hz` is delayed; `None` where nothing
    /// passes.
    pub fn group_delay_s(&self, freq_hz: f64) -> Option<f64> {
        let omega = std::f64::consts::TAU * freq_hz / self.rate.hz();
        let mut gain = Complex { re: 0.0, im: 0.0 };
        let mut moment = gain;
        for (i, tap) in self.taps.iter().enumerate() {
            let term = Complex::from_polar(*tap, -omega * i as f64);
            gain += term;
            moment += i as f64 * term;
        }
        (gain.norm() > 1e-9).then(|| (moment / gain).re / self.rate.hz())
    }

    /// Filters one block in place; `channels[i]` continues channel `i`. Returns how many samples were
    /// not finite: each was taken for the one before it.
    ///
    /// # Errors
    /// [`SignalError::Mismatch`] if the number of channels is another than at the start.
    pub fn process(&mut self, channels: &mut [Vec<f32>]) -> Result<usize, SignalError> {
        if channels.len() != self.past.len() {
            return Err(SignalError::Mismatch {
                what: "number",
                left: self.past.len().to_string(),
                right: channels.len().to_string(),
            });
        }
        let n_taps = self.taps.len();
        let mut n_held = 0;
        for (x, past) in channels.iter_mut().zip(&mut self.past) {
            if past.is_empty() && !x.is_empty() {
                let first = x.iter().copied().find(|v| v.is_finite()).unwrap_or(0.0);
                past.resize(n_taps, first);
            }
            let mut line: Vec<f64> = past.iter().skip(1).map(|&v| v.into()).collect();
            let mut last = past.back().copied().unwrap_or(0.0);
            for v in x.iter() {
                if v.is_finite() {
                    last = *v;
                } else {
                    n_held += 1;
                }
                line.push(last.into());
                past.push_back(last);
                past.pop_front();
            }
            for (y, window) in x.iter_mut().zip(line.windows(n_taps)) {
                *y = dot_reversed(&self.taps, window) as f32;
            }
        }
        Ok(n_held)
    }
}

/// Sum of `taps[i] · x[last - i]`, in eight partial sums for the vector unit.
fn dot_reversed(taps: &[f64], x: &[f64]) -> f64 {
    let (x_rest, x_eights) = x.as_rchunks::<8>();
    let (eights, rest) = taps.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (t, x) in eights.iter().zip(x_eights.iter().rev()) {
        for lane in 0..8 {
            sums[lane] += t[lane] * x[7 - lane];
        }
    }
    let tail: f64 = rest.iter().zip(x_rest.iter().rev()).map(|(t, x)| t * x).sum();
    sums.iter().sum::<f64>() + tail
}

/// Minimum-phase taps by the cepstrum, on a grid fine enough for 1 % of the narrowest notch.
fn minimum_phase(taps: &[f64]) -> Vec<f64> {
    if taps.len() < 3 {
        return taps.to_vec();
    }
    let n_fft = (2.0 * (taps.len() - 1) as f64 / 0.01).log2().ceil().exp2() as usize;
    let mut planner = FftPlanner::<f64>::new();
    let (forward, inverse) = (planner.plan_fft_forward(n_fft), planner.plan_fft_inverse(n_fft));
    let mut work: Vec<Complex<f64>> = taps.iter().map(|&t| Complex::from(t)).collect();
    work.resize(n_fft, Complex::ZERO);
    forward.process(&mut work);
    let floor = work.iter().map(|c| c.norm()).filter(|g| *g > 0.0).fold(f64::INFINITY, f64::min);
    work.iter_mut().for_each(|c| *c = Complex::from((c.norm() + 1e-7 * floor).ln()));
    inverse.process(&mut work);
    for (i, c) in work.iter_mut().enumerate() {
        // The causal half of the cepstrum stands for both.
        let weight = match i {
            0 => 1.0,
            i if i < n_fft / 2 => 2.0,
            _ => 0.0,
        };
        *c = Complex::from(c.re * weight / n_fft as f64);
    }
    forward.process(&mut work);
    work.iter_mut().for_each(|c| *c = c.exp());
    inverse.process(&mut work);
    work[..taps.len()].iter().map(|c| c.re / n_fft as f64).collect()
}
