//! Change of the sample rate by a rational factor.

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
    let half = 10 * up.max(down);
    let taps = fir::lowpass(&kaiser(2 * half + 1, 5.0), 1.0 / up.max(down) as f64);
    let n_out = (x.len() * up).div_ceil(down);
    Ok((0..n_out).map(|i| interpolate(x, &taps, half, up, i * down)).collect())
}

/// Value at index `at` of the signal that has `up - 1` zeros after each sample of `x`.
fn interpolate(x: &[f32], taps: &[f64], half: usize, up: usize, at: usize) -> f32 {
    let first = (at.saturating_sub(half)).div_ceil(up);
    let last = ((at + half) / up).min(x.len() - 1);
    let mut sum = 0.0;
    for (j, &v) in x.iter().enumerate().take(last + 1).skip(first) {
        sum += f64::from(v) * taps[at + half - j * up];
    }
    (sum * up as f64) as f32
}

fn refused(up: usize, down: usize) -> SignalError {
    SignalError::Parameter {
        name: "up / down",
        expected: "a ratio of whole numbers from 1 to 2^20",
        got: format!("{up} / {down}"),
    }
}

fn gcd(a: usize, b: usize) -> usize {
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
    }
}
