//! Short-time Fourier transform and spectrograms.

use std::fmt;
use std::sync::Arc;

use realfft::{RealFftPlanner, RealToComplex};
use rustfft::num_complex::Complex32;

use crate::window::{Symmetry, hann};
use crate::{SampleRate, SignalError};

/// Real short-time Fourier transform, one frame at a time, periodic Hann window.
///
/// No scaling: a sine of amplitude `a` at a bin centre has magnitude `a · n_fft / 4`.
///
/// ```
/// use clx_signal::{stft::Stft, synth, SampleRate};
/// let x = synth::sine(SampleRate::from_hz(64.0)?, 8.0, 1.0, 1.0);
/// let mut stft = Stft::new(64)?;
/// let bins = stft.transform(&x);
/// assert!((bins[8].norm() - 16.0).abs() < 1e-4 && bins[20].norm() < 1e-4);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub struct Stft {
    window: Vec<f32>,
    fft: Arc<dyn RealToComplex<f32>>,
    input: Vec<f32>,
    output: Vec<Complex32>,
    scratch: Vec<Complex32>,
}

impl fmt::Debug for Stft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stft").field("n_fft", &self.window.len()).finish_non_exhaustive()
    }
}

impl Stft {
    /// # Errors
    /// [`SignalError::Parameter`] unless `2 <= n_fft <= 2^24`.
    pub fn new(n_fft: usize) -> Result<Self, SignalError> {
        if !(2..=1 << 24).contains(&n_fft) {
            return Err(SignalError::Parameter {
                name: "n_fft",
                expected: "between 2 and 2^24",
                got: n_fft.to_string(),
            });
        }
        let fft = RealFftPlanner::<f32>::new().plan_fft_forward(n_fft);
        Ok(Self {
            window: hann(n_fft, Symmetry::Periodic).iter().map(|&w| w as f32).collect(),
            input: fft.make_input_vec(),
            output: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            fft,
        })
    }

    pub fn n_fft(&self) -> usize {
        self.window.len()
    }

    /// The `n_fft / 2 + 1` bins of one frame; a frame shorter than `n_fft` is followed by zeros, a
    /// longer one is cut.
    pub fn transform(&mut self, frame: &[f32]) -> &[Complex32] {
        self.input.fill(0.0);
        for ((i, x), w) in self.input.iter_mut().zip(frame).zip(&self.window) {
            *i = x * w;
        }
        self.fft
            .process_with_scratch(&mut self.input, &mut self.output, &mut self.scratch)
            .expect("the buffers were made by this transform");
        &self.output
    }
}

/// What [`spectrogram`] should draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpectrogramParams {
    /// Time steps of the result.
    pub columns: usize,
    /// Frequency steps of the result.
    pub rows: usize,
    pub fmin_hz: f64,
    pub fmax_hz: f64,
    /// Length of the transform, seconds.
    pub window_s: f64,
}

/// Power over time and frequency, as wide as the picture that shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrogram {
    pub columns: usize,
    pub rows: usize,
    /// One-sided density, unit²/Hz; column after column, low frequency first.
    pub density: Vec<f32>,
}

/// Spectrogram decimated to a given number of columns and rows.
///
/// Each column is the mean over up to 16 evenly spread frames centred inside its stretch of time,
/// zeros beyond the ends; each row is the mean over the bins inside its band of frequencies, or the
/// linear interpolation between bins where a row is narrower than a bin. The mean of `samples` is
/// taken off first. Non-finite samples count as zero.
///
/// # Errors
/// [`SignalError::Band`] if the frequencies do not fit below half the rate;
/// [`SignalError::Parameter`] for an empty picture (or one above 2^24 cells) or a window outside
/// 2 to 2^24 samples; [`SignalError::TooShort`] without samples.
///
/// ```
/// use clx_signal::{stft::{spectrogram, SpectrogramParams}, synth, SampleRate};
/// let rate = SampleRate::from_hz(250.0)?;
/// let x = synth::sine(rate, 10.0, 1.0, 8.0);
/// let params = SpectrogramParams { columns: 4, rows: 40, fmin_hz: 0.0, fmax_hz: 40.0, window_s: 1.0 };
/// let s = spectrogram(&x, rate, params)?;
/// let column = &s.density[40..80];
/// let loudest = (0..40).max_by(|&a, &b| column[a].total_cmp(&column[b])).unwrap();
/// assert!(loudest == 9 || loudest == 10); // rows 9.0-10.0 Hz and 10.0-11.0 Hz
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn spectrogram(
    samples: &[f32],
    rate: SampleRate,
    params: SpectrogramParams,
) -> Result<Spectrogram, SignalError> {
    let SpectrogramParams { columns, rows, fmin_hz, fmax_hz, window_s } = params;
    crate::Band { name: "spectrogram", fmin_hz, fmax_hz }.check(rate)?;
    if columns == 0 || rows == 0 || columns.saturating_mul(rows) > 1 << 24 {
        return Err(SignalError::Parameter {
            name: "columns x rows",
            expected: "1 to 2^24 cells",
            got: format!("{columns} x {rows}"),
        });
    }
    if samples.is_empty() {
        return Err(SignalError::TooShort { needed: 1, window_s: rate.seconds(1), got: 0 });
    }
    let mut stft = Stft::new(rate.samples(window_s))?;
    let n_fft = stft.n_fft();
    let finite = |x: f32| if x.is_finite() { x } else { 0.0 };
    let mean = samples.iter().map(|&x| f64::from(finite(x))).sum::<f64>() / samples.len() as f64;
    let window_power: f64 = stft.window.iter().map(|&w| f64::from(w * w)).sum();
    let scale = 2.0 / (rate.hz() * window_power);
    let width = samples.len() as f64 / columns as f64;
    let frames = ((width / (n_fft as f64 / 2.0)).ceil() as usize).clamp(1, 16);
    let mut density = Vec::with_capacity(columns * rows);
    let mut frame = vec![0.0; n_fft];
    let mut power = vec![0.0; n_fft / 2 + 1];
    for column in 0..columns {
        power.fill(0.0);
        for k in 0..frames {
            let centre = width * (column as f64 + (k as f64 + 0.5) / frames as f64);
            let start = centre.round() as i64 - n_fft as i64 / 2;
            for (i, f) in frame.iter_mut().enumerate() {
                let at = usize::try_from(start + i as i64).ok().and_then(|at| samples.get(at));
                *f = at.map_or(0.0, |&x| finite(x) - mean as f32);
            }
            let bins = stft.transform(&frame);
            power.iter_mut().zip(bins).for_each(|(p, z)| *p += f64::from(z.norm_sqr()));
        }
        let step_hz = rate.hz() / n_fft as f64;
        let row_hz = (fmax_hz - fmin_hz) / rows as f64;
        density.extend((0..rows).map(|row| {
            let low = (fmin_hz + row as f64 * row_hz) / step_hz;
            (row_mean(&power, low, low + row_hz / step_hz) * scale / frames as f64) as f32
        }));
    }
    Ok(Spectrogram { columns, rows, density })
}

/// Mean of the bins with `low <= bin < high`, or the interpolated middle if there is none.
fn row_mean(power: &[f64], low: f64, high: f64) -> f64 {
    let first = low.ceil() as usize;
    let end = (high.ceil() as usize).min(power.len());
    if first < end {
        return power[first..end].iter().sum::<f64>() / (end - first) as f64;
    }
    let middle = ((low + high) / 2.0).clamp(0.0, (power.len() - 1) as f64);
    let below = middle.floor() as usize;
    let above = (below + 1).min(power.len() - 1);
    power[below] + (power[above] - power[below]) * (middle - below as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_noise_has_its_density_everywhere() {
        let rate = SampleRate::from_hz(256.0).unwrap();
        let x = crate::synth::white(rate, 1.0, 600.0, 5);
        let params = SpectrogramParams {
            columns: 10,
            rows: 4,
            fmin_hz: 10.0,
            fmax_hz: 110.0,
            window_s: 1.0,
        };
        let s = spectrogram(&x, rate, params).unwrap();
        // Variance 1 over 128 Hz; each cell averages 16 frames x 25 bins, so 5 % per sigma.
        assert!(s.density.iter().all(|&d| (d * 128.0 - 1.0).abs() < 0.3), "{:?}", s.density);
    }

    #[test]
    fn silence_not_a_number_and_tiny_inputs_stay_finite() {
        let rate = SampleRate::from_hz(100.0).unwrap();
        let params =
            SpectrogramParams { columns: 3, rows: 200, fmin_hz: 0.0, fmax_hz: 50.0, window_s: 0.5 };
        for x in [vec![0.0; 500], vec![f32::NAN; 10], vec![1.0]] {
            let s = spectrogram(&x, rate, params).unwrap();
            assert!(s.density.iter().all(|d| d.is_finite()));
        }
        assert!(spectrogram(&[], rate, params).is_err());
    }
}
