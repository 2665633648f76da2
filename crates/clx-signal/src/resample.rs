//! Change of the sample rate by a rational factor.
//!
//! [`resample_poly`] works in time and costs the same near the ends as elsewhere; [`resample_fft`]
//! takes the whole signal for one period. To filter and resample at once, use
//! [`OverlapSave::resampling`](crate::fir::OverlapSave::resampling).

use pulp::{Arch, Simd, WithSimd};
use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

use crate::window::kaiser;
use crate::{SignalError, fir};

/// Longest interpolation filter, so that a hostile ratio cannot ask for gigabytes.
const MAX_FACTOR: usize = 1 << 20;

/// Resamples `x` by `up / down` with a zero-phase polyphase FIR.
///
/// Kaiser window (shape 5), half length `10 · max(up, down)` at the intermediate rate, cut-off at
/// the lower of the two Nyquist frequencies, zeros beyond the ends: the values of
/// `scipy.signal.resample_poly(x, up, down)`, accumulated in `f64`. Returns
/// `ceil(x.len() · up / down)` samples; the first ones and the last ones within 10 samples of the
/// slower rate lean towards zero, as in SciPy.
///
/// # Errors
/// [`SignalError::Parameter`] if a factor is 0 or, after reduction, above 2^20.
///
/// # Source
/// Crochiere and Rabiner 1983, Multirate Digital Signal Processing. Checked against
/// `tests/fixtures/scipy.json`.
///
/// ```
/// let x: Vec<f32> = (0..500).map(|i| (i as f32 * 0.05).sin()).collect();
/// let y = clx_signal::resample::resample_poly(&x, 2, 5)?;
/// assert_eq!(y.len(), 200);
/// assert!((y[100] - x[250]).abs() < 2e-3);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn resample_poly(x: &[f32], up: usize, down: usize) -> Result<Vec<f32>, SignalError> {
    if up == 0 || down == 0 {
        return Err(refused(up, down));
    }
    let divisor = gcd(up, down);
    let (up, down) = (up / divisor, down / divisor);
    if up.max(down) > MAX_FACTOR {
        return Err(refused(up, down));
    }
    if up == down || x.is_empty() {
        return Ok(x.to_vec());
    }
    let phases = Phases::new(up, down);
    let mut padded = vec![0.0; phases.reach];
    padded.extend(x.iter().map(|&v| f64::from(v)));
    let n_out = (x.len() * up).div_ceil(down);
    padded.resize(padded.len() + phases.n_taps, 0.0);
    let mut out = vec![0.0; n_out];
    Arch::new().dispatch(Interpolate { phases: &phases, padded: &padded, out: &mut out });
    Ok(out)
}

/// Taps of the interpolation filter at the rate `up · rate`: odd count, sum `up`; `[1.0]` without
/// resampling.
pub(crate) fn interpolation_taps(up: usize, down: usize) -> Vec<f64> {
    if up == down {
        return vec![1.0];
    }
    let most = up.max(down);
    let mut taps = fir::lowpass(&kaiser(20 * most + 1, 5.0), 1.0 / most as f64);
    taps.iter_mut().for_each(|t| *t *= up as f64);
    taps
}

/// The interpolation filter sorted by the place of an output between two inputs.
struct Phases {
    up: usize,
    down: usize,
    /// Input samples before the one at or before an output.
    reach: usize,
    /// A multiple of 4, for the vector unit.
    n_taps: usize,
    /// `up` rows of `n_taps`, in the order of the input samples they meet.
    taps: Vec<f64>,
}

impl Phases {
    fn new(up: usize, down: usize) -> Self {
        let all = interpolation_taps(up, down);
        let half = all.len() / 2;
        let reach = half / up;
        let n_taps = (reach + 1 + half.div_ceil(up)).next_multiple_of(4);
        let mut taps = vec![0.0; up * n_taps];
        for phase in 0..up {
            for (i, tap) in taps[phase * n_taps..][..n_taps].iter_mut().enumerate() {
                // Input sample `i - reach` after the one before the output.
                let at = (half + phase + reach * up).checked_sub(i * up);
                *tap = at.and_then(|at| all.get(at)).copied().unwrap_or(0.0);
            }
        }
        Self { up, down, reach, n_taps, taps }
    }
}

struct Interpolate<'a> {
    phases: &'a Phases,
    /// The signal after `reach` zeros and before `n_taps` more.
    padded: &'a [f64],
    out: &'a mut [f32],
}

impl WithSimd for Interpolate<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Phases { up, down, n_taps, taps, .. } = self.phases;
        let (mut input, mut phase) = (0, 0);
        for y in self.out {
            let (taps, _) = taps[phase * n_taps..][..*n_taps].as_chunks::<4>();
            let (x, _) = self.padded[input..][..*n_taps].as_chunks::<4>();
            let mut sums = [0.0; 4];
            for (t, x) in taps.iter().zip(x) {
                for lane in 0..4 {
                    sums[lane] += t[lane] * x[lane];
                }
            }
            *y = ((sums[0] + sums[1]) + (sums[2] + sums[3])) as f32;
            phase += down;
            input += phase / up;
            phase %= up;
        }
    }
}

/// Resamples `x` to `n_out` samples over the same duration by its Fourier series.
///
/// Exact for a signal that repeats after its end; any other rings at the ends. The values of
/// `scipy.signal.resample(x, n_out)`, computed in `f64`. Without input or output, no samples.
///
/// ```
/// let x: Vec<f32> = (0..100).map(|i| (i as f32 * std::f32::consts::TAU / 20.0).sin()).collect();
/// let y = clx_signal::resample::resample_fft(&x, 40);
/// assert!((y[2] - x[5]).abs() < 1e-6);
/// ```
pub fn resample_fft(x: &[f32], n_out: usize) -> Vec<f32> {
    let n_in = x.len();
    if n_in == 0 || n_out == 0 || n_in == n_out {
        return if n_out == 0 { Vec::new() } else { x.to_vec() };
    }
    let mut planner = FftPlanner::<f64>::new();
    let mut spectrum: Vec<Complex<f64>> = x.iter().map(|&v| Complex::from(f64::from(v))).collect();
    planner.plan_fft_forward(n_in).process(&mut spectrum);
    let mut resampled = vec![Complex::ZERO; n_out];
    let kept = n_in.min(n_out);
    let positive = kept / 2 + 1;
    resampled[..positive].copy_from_slice(&spectrum[..positive]);
    if kept.is_multiple_of(2) {
        // The bin at half the lower rate stands for both signs of its frequency.
        let edge = &mut resampled[kept / 2];
        *edge = if n_out < n_in { Complex::from(2.0 * edge.re) } else { *edge * 0.5 };
        if n_out > n_in {
            let mirrored = resampled[kept / 2].conj();
            resampled[n_out - kept / 2] = mirrored;
        }
    }
    for k in 1..kept.div_ceil(2) {
        resampled[n_out - k] = spectrum[n_in - k];
    }
    planner.plan_fft_inverse(n_out).process(&mut resampled);
    resampled.iter().map(|c| (c.re / n_in as f64) as f32).collect()
}

fn refused(up: usize, down: usize) -> SignalError {
    SignalError::Parameter {
        name: "up / down",
        expected: "a ratio of whole numbers from 1 to 2^20",
        got: format!("{up} / {down}"),
    }
}

pub(crate) fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_zero_and_huge_factors() {
        assert!(resample_poly(&[1.0], 0, 1).is_err());
        assert!(resample_poly(&[1.0], 1, 0).is_err());
        assert!(resample_poly(&[1.0], 1, (1 << 21) + 1).is_err());
    }

    #[test]
    fn equal_factors_change_nothing() {
        assert_eq!(resample_poly(&[1.0, 2.0], 7, 7).unwrap(), [1.0, 2.0]);
        assert!(resample_poly(&[], 2, 1).unwrap().is_empty());
        assert_eq!(resample_fft(&[1.0, 2.0], 2), [1.0, 2.0]);
        assert!(resample_fft(&[], 3).is_empty() && resample_fft(&[1.0], 0).is_empty());
    }
}
