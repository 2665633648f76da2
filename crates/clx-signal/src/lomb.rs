//! Spectra of series whose samples do not come at equal intervals.

use std::f64::consts::TAU;

/// Power of `x` at each of `freqs_hz` by the periodogram of Lomb and Scargle, not normalised: a sine
/// of amplitude `a` in `n` samples gives about `n a² / 4` at its frequency.
///
/// `times_s` and `x`: equally long, mean removed by the caller. The values of
/// `scipy.signal.lombscargle(times, x, TAU * freqs)`. Work is samples times frequencies.
///
/// # Source
/// Scargle 1982, Astrophys. J. 263:835-853; Lomb 1976, Astrophys. Space Sci. 39:447-462. Checked
/// against `tests/fixtures/peaks.json`.
///
/// ```
/// let t: Vec<f64> = (0..200).map(|i| i as f64 * 0.3 + 0.1 * (i % 3) as f64).collect();
/// let x: Vec<f64> = t.iter().map(|t| (std::f64::consts::TAU * 0.2 * t).sin()).collect();
/// let p = clx_signal::lomb::lomb_scargle(&t, &x, &[0.1, 0.2]);
/// assert!((p[1] / 50.0 - 1.0).abs() < 0.02 && p[0] < 1.0);
/// ```
pub fn lomb_scargle(times_s: &[f64], x: &[f64], freqs_hz: &[f64]) -> Vec<f64> {
    freqs_hz.iter().map(|&f| power(times_s, x, f)).collect()
}

fn power(times_s: &[f64], x: &[f64], freq_hz: f64) -> f64 {
    let [mut xc, mut xs, mut cc, mut cs] = [0.0; 4];
    for (t, v) in times_s.iter().zip(x) {
        let (s, c) = (TAU * (freq_hz * t).fract()).sin_cos();
        xc += v * c;
        xs += v * s;
        cc += c * c;
        cs += c * s;
    }
    let n = times_s.len() as f64;
    let ss = n - cc;
    // The phase at which sine and cosine are orthogonal on these samples.
    let (sin, cos) = (0.5 * (2.0 * cs).atan2(cc - ss)).sin_cos();
    let along = cos * cos * cc + 2.0 * cos * sin * cs + sin * sin * ss;
    let across = cos * cos * ss - 2.0 * cos * sin * cs + sin * sin * cc;
    let part = |sum: f64, norm: f64| if norm > 1e-12 * n { sum * sum / norm } else { 0.0 };
    0.5 * (part(cos * xc + sin * xs, along) + part(cos * xs - sin * xc, across))
}
