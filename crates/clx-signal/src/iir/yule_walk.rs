//! Recursive filters of any magnitude response, by the modified Yule-Walker method.

use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

use super::transform::Zpk;
use super::{Sos, sections};
use crate::{SampleRate, SignalError};

/// Points from 0 Hz to half the rate at which the wanted response is sampled, as MATLAB's `yulewalk`.
const GRID: usize = 512;

/// IIR filter of `order` whose gain follows straight lines through `points` (frequency Hz, gain).
///
/// Denominator by least squares on the tapered autocorrelation of the response, reflected into the
/// unit circle; numerator from the minimum-phase part of what is left. The method and grid of
/// MATLAB's `yulewalk`. The response is approximated, not met.
///
/// # Errors
/// [`SignalError::Parameter`] unless the points start at 0 Hz, end at half the rate, grow by more
/// than 1/512 of it, and have gains above zero, and the order is from 1 to 20.
///
/// # Source
/// Friedlander and Porat 1984, IEEE Trans. Aerosp. Electron. Syst. 20(2):158-173.
///
/// ```
/// use clx_signal::{iir, SampleRate};
/// let rate = SampleRate::from_hz(250.0)?;
/// let points = [(0.0, 1.0), (40.0, 1.0), (60.0, 0.1), (125.0, 0.1)];
/// let sos = iir::design_yule_walk(rate, 8, &points)?;
/// assert!((sos.response_at(20.0).norm() - 1.0).abs() < 0.1 && sos.response_at(90.0).norm() < 0.15);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn design_yule_walk(
    rate: SampleRate,
    order: usize,
    points: &[(f64, f64)],
) -> Result<Sos, SignalError> {
    let half = sampled(rate, points).filter(|_| (1..=super::MAX_ORDER).contains(&order));
    let Some(half) = half else {
        return Err(SignalError::Parameter {
            name: "points and order",
            expected: "from 0 Hz to half the rate in growing order, gains above 0, order 1 to 20",
            got: format!("{points:?}, {order}"),
        });
    };
    let n = 2 * GRID;
    let n_lags = 4 * order;
    let power: Vec<f64> = (0..n).map(|k| half[k.min(n - k)].powi(2)).collect();
    let lags: Vec<f64> = (0..n_lags)
        .map(|lag| {
            let turn = |k: usize| std::f64::consts::TAU * (k * lag % n) as f64 / n as f64;
            let sum: f64 = power.iter().enumerate().map(|(k, p)| p * turn(k).cos()).sum();
            let taper = std::f64::consts::PI * lag as f64 / (n_lags - 1) as f64;
            sum / n as f64 * (0.54 + 0.46 * taper.cos())
        })
        .collect();
    let denominator = denominator(&lags, order);
    // The sum of a causal and an anti-causal filter has the response; its minimum-phase root is ours.
    let mut causal = lags.clone();
    causal[0] /= 2.0;
    let additive = numerator(&causal, &denominator, order);
    let impulse = minimum_phase_root(&additive, &denominator, n);
    let numerator = numerator(&impulse[..n_lags], &denominator, order);
    let zpk = Zpk { zeros: roots(&numerator), poles: roots(&denominator), gain: numerator[0] };
    Ok(Sos { sections: sections::pair(zpk), rate })
}

/// The wanted gain at `0..=GRID` steps from 0 Hz to half the rate.
fn sampled(rate: SampleRate, points: &[(f64, f64)]) -> Option<Vec<f64>> {
    let (first, last) = (points.first()?, points.last()?);
    let ends = first.0 == 0.0 && (last.0 / rate.nyquist_hz() - 1.0).abs() < 1e-12;
    if !ends || !points.iter().all(|p| p.1 > 0.0 && p.1.is_finite()) {
        return None;
    }
    let mut response = vec![first.1; GRID + 1];
    // MATLAB's grid counts from 1 and puts a corner at the sample below it.
    let mut start = 1;
    for pair in points.windows(2) {
        let stop = (pair[1].0 / rate.nyquist_hz() * (GRID + 1) as f64).trunc() as usize;
        if stop <= start || stop > GRID + 1 {
            return None;
        }
        for at in start..=stop {
            let t = (at - start) as f64 / (stop - start) as f64;
            response[at - 1] = t * pair[1].1 + (1.0 - t) * pair[0].1;
        }
        start = stop + 1;
    }
    Some(response)
}

/// Monic, with all roots inside the unit circle.
fn denominator(lags: &[f64], order: usize) -> Vec<f64> {
    let rows = lags.len() - 1 - order;
    let matrix: Vec<Vec<f64>> =
        (0..rows).map(|i| (0..order).map(|j| lags[(order + i).abs_diff(j)]).collect()).collect();
    let right: Vec<f64> = (0..rows).map(|i| -lags[order + 1 + i]).collect();
    let mut a = vec![1.0];
    a.extend(least_squares(matrix, right));
    let inside = roots(&a).into_iter().map(|r| if r.norm() > 1.0 { 1.0 / r.conj() } else { r });
    let mut polynomial = vec![Complex::from(1.0)];
    for root in inside {
        polynomial.push(Complex::ZERO);
        for i in (1..polynomial.len()).rev() {
            let before = polynomial[i - 1];
            polynomial[i] -= root * before;
        }
    }
    polynomial.iter().map(|c| c.re).collect()
}

/// Numerator whose response through the denominator is nearest to `impulse`.
fn numerator(impulse: &[f64], denominator: &[f64], order: usize) -> Vec<f64> {
    let mut decay: Vec<f64> = Vec::with_capacity(impulse.len());
    for t in 0..impulse.len() {
        let past: f64 =
            (1..denominator.len().min(t + 1)).map(|i| denominator[i] * decay[t - i]).sum();
        decay.push(if t == 0 { 1.0 } else { 0.0 } - past);
    }
    let at = |t: usize, j: usize| if j <= t { decay[t - j] } else { 0.0 };
    let matrix = (0..impulse.len()).map(|t| (0..=order).map(|j| at(t, j)).collect()).collect();
    least_squares(matrix, impulse.to_vec())
}

/// Impulse response of the minimum-phase filter whose squared gain is `2 Re(numerator / denominator)`.
fn minimum_phase_root(numerator: &[f64], denominator: &[f64], n: usize) -> Vec<f64> {
    let at = |c: &[f64], z1: Complex<f64>| {
        c.iter().rev().fold(Complex::ZERO, |sum: Complex<f64>, &v| sum * z1 + v)
    };
    let mut planner = FftPlanner::<f64>::new();
    let (forward, inverse) = (planner.plan_fft_forward(n), planner.plan_fft_inverse(n));
    let mut work: Vec<Complex<f64>> = (0..n)
        .map(|k| {
            let z1 = Complex::cis(-std::f64::consts::TAU * k as f64 / n as f64);
            let power = 2.0 * (at(numerator, z1) / at(denominator, z1)).re;
            // Where the fit overshoots below zero the logarithm is complex.
            Complex::from(power).ln()
        })
        .collect();
    inverse.process(&mut work);
    for (i, c) in work.iter_mut().enumerate() {
        let keep = if i == 0 {
            0.5
        } else if i < n.div_ceil(2) {
            1.0
        } else {
            0.0
        };
        *c *= keep / n as f64;
    }
    forward.process(&mut work);
    work.iter_mut().for_each(|c| *c = c.exp());
    inverse.process(&mut work);
    work.iter().map(|c| c.re / n as f64).collect()
}

/// Least-squares solution by Householder reflections; `rows` has at least as many rows as columns.
fn least_squares(mut rows: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let n = rows[0].len();
    for k in 0..n {
        let norm = rows[k..].iter().map(|r| r[k] * r[k]).sum::<f64>().sqrt();
        if norm == 0.0 {
            continue;
        }
        let alpha = if rows[k][k] > 0.0 { -norm } else { norm };
        let mut v: Vec<f64> = rows[k..].iter().map(|r| r[k]).collect();
        v[0] -= alpha;
        let square: f64 = v.iter().map(|x| x * x).sum();
        for j in k..n {
            let dot: f64 = v.iter().zip(&rows[k..]).map(|(v, r)| v * r[j]).sum();
            v.iter().zip(&mut rows[k..]).for_each(|(v, r)| r[j] -= 2.0 * dot / square * v);
        }
        let dot: f64 = v.iter().zip(&right[k..]).map(|(v, r)| v * r).sum();
        v.iter().zip(&mut right[k..]).for_each(|(v, r)| *r -= 2.0 * dot / square * v);
    }
    let mut x = vec![0.0; n];
    for k in (0..n).rev() {
        let known: f64 = (k + 1..n).map(|j| rows[k][j] * x[j]).sum();
        x[k] = (right[k] - known) / rows[k][k];
    }
    x
}

/// Roots of a polynomial, highest power first, by Aberth's simultaneous iteration.
fn roots(coefficients: &[f64]) -> Vec<Complex<f64>> {
    let n = coefficients.len() - 1;
    // On a circle of the geometric mean of the roots, at angles without symmetry.
    let radius = (coefficients[n] / coefficients[0]).abs().powf(1.0 / n as f64).max(1e-3);
    let angle = |k: usize| std::f64::consts::TAU * k as f64 / n as f64 + 0.4;
    let mut roots: Vec<Complex<f64>> =
        (0..n).map(|k| Complex::from_polar(radius, angle(k))).collect();
    for _ in 0..500 {
        let mut step: f64 = 0.0;
        for i in 0..n {
            let (mut value, mut slope) = (Complex::from(coefficients[0]), Complex::ZERO);
            for c in &coefficients[1..] {
                slope = slope * roots[i] + value;
                value = value * roots[i] + *c;
            }
            let newton = value / slope;
            let others: Complex<f64> =
                (0..n).filter(|&j| j != i).map(|j| 1.0 / (roots[i] - roots[j])).sum();
            let change = newton / (1.0 - newton * others);
            roots[i] -= change;
            step = step.max(change.norm() / roots[i].norm().max(1e-300));
        }
        if step < 1e-15 {
            break;
        }
    }
    // Conjugates made exact, or a section would keep an imaginary part.
    for root in &mut roots {
        if root.im.abs() < 1e-10 * root.norm() {
            root.im = 0.0;
        }
    }
    roots
}
