//! The aperiodic part of a spectrum: a straight line in log-log coordinates beneath the peaks.

use clx_signal::linear::{fit_line, solve_spd};
use clx_signal::stats;

use crate::overview::Aperiodic;

/// Most peaks that are modelled; more would fit noise.
const MAX_PEAKS: usize = 8;
/// A peak must rise this many standard deviations above the rest.
const PEAK_SIGMAS: f64 = 2.0;
/// Standard deviations of a peak, hertz: half of specparam's default `peak_width_limits`.
const SIGMA_HZ: [f64; 2] = [0.25, 6.0];

/// A bump on the flattened spectrum.
#[derive(Clone, Copy, Debug)]
struct Peak {
    centre_hz: f64,
    /// log10 units.
    height: f64,
    sigma_hz: f64,
}

impl Peak {
    fn at(self, f: f64) -> f64 {
        self.height * (-0.5 * ((f - self.centre_hz) / self.sigma_hz).powi(2)).exp()
    }
}

/// Fits `log10 P(f) = offset - exponent · log10 f` beneath the peaks of a spectrum.
///
/// `freqs_hz` ascending, equally spaced and above 0; `density` in V²/Hz, same length. As in
/// specparam's fixed mode: a line through the lowest 2.5 % of the residuals finds the floor,
/// Gaussian peaks above it are found one after the other and refined together, and the line is
/// fitted again to the spectrum without them. `r_squared` is that of line and peaks together.
/// Exponents differ from specparam 2.0.0rc7 by at most 0.0062 on `tests/fixtures/specparam.json`.
///
/// `None` with fewer than 12 bins or where a density is zero or not finite (a flat channel).
///
/// # Source
/// Donoghue et al. 2020, Nat. Neurosci. 23:1655-1665.
///
/// ```
/// let freqs: Vec<f64> = (4..=160).map(|k| k as f64 * 0.25).collect();
/// let density: Vec<f64> = freqs.iter().map(|f| 1e-11 * f.powf(-1.5)).collect();
/// let fit = clx_eeg::fit_aperiodic(&freqs, &density).unwrap();
/// assert!((fit.exponent - 1.5).abs() < 1e-9 && (fit.offset + 11.0).abs() < 1e-9);
/// ```
pub fn fit_aperiodic(freqs_hz: &[f64], density: &[f64]) -> Option<Aperiodic> {
    let usable = |p: &f64| p.is_finite() && *p > 0.0;
    if freqs_hz.len() < 12 || density.len() != freqs_hz.len() || !density.iter().all(usable) {
        return None;
    }
    let x: Vec<f64> = freqs_hz.iter().map(|f| f.log10()).collect();
    let y: Vec<f64> = density.iter().map(|p| p.log10()).collect();
    let floor = robust_line(&x, &y)?;
    let flat: Vec<f64> = x.iter().zip(&y).map(|(x, y)| y - floor(*x)).collect();
    let mut peaks = find_peaks(freqs_hz, &flat);
    refine(freqs_hz, &flat, &mut peaks);
    let model = |f: f64| peaks.iter().map(|p| p.at(f)).sum::<f64>();
    let without: Vec<f64> = freqs_hz.iter().zip(&y).map(|(&f, y)| y - model(f)).collect();
    let line = fit_line(&x, &without)?;
    let fitted: Vec<f64> =
        freqs_hz.iter().zip(&x).map(|(&f, x)| line.intercept + line.slope * x + model(f)).collect();
    let fit = Aperiodic {
        exponent: -line.slope,
        offset: line.intercept,
        r_squared: squared_correlation(&y, &fitted),
        fmin_hz: freqs_hz[0],
        fmax_hz: freqs_hz[freqs_hz.len() - 1],
    };
    (fit.exponent.is_finite() && fit.offset.is_finite()).then_some(fit)
}

impl Aperiodic {
    /// log10 of the aperiodic density at `freq_hz`.
    pub(crate) fn log_density(&self, freq_hz: f64) -> f64 {
        self.offset - self.exponent * freq_hz.log10()
    }
}

/// Line through the points that lie lowest above a first line.
fn robust_line(x: &[f64], y: &[f64]) -> Option<impl Fn(f64) -> f64 + use<>> {
    let first = fit_line(x, y)?;
    let residual = |i: usize| (y[i] - first.intercept - first.slope * x[i]).max(0.0);
    let residuals: Vec<f64> = (0..x.len()).map(residual).collect();
    let threshold = stats::percentile(&residuals, 2.5)?;
    let keep: Vec<usize> = (0..x.len()).filter(|&i| residuals[i] <= threshold).collect();
    let pick = |v: &[f64]| keep.iter().map(|&i| v[i]).collect::<Vec<_>>();
    let line = fit_line(&pick(x), &pick(y)).unwrap_or(first);
    Some(move |x: f64| line.intercept + line.slope * x)
}

/// First guesses: the highest point, its width at half height, taken off, and again.
fn find_peaks(freqs_hz: &[f64], flat: &[f64]) -> Vec<Peak> {
    let mut rest = flat.to_vec();
    let step = freqs_hz[1] - freqs_hz[0];
    let mut peaks = Vec::new();
    while peaks.len() < MAX_PEAKS {
        let Some((top, &height)) = rest.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)) else {
            break;
        };
        let mean = rest.iter().sum::<f64>() / rest.len() as f64;
        let variance = rest.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / rest.len() as f64;
        if !(height > PEAK_SIGMAS * variance.sqrt() && height > 1e-6) {
            break;
        }
        let below = |i: &usize| rest[*i] <= height / 2.0;
        let left = (0..top).rev().find(below).map(|i| top - i);
        let right = (top + 1..rest.len()).find(below).map(|i| i - top);
        let half_width = left.into_iter().chain(right).min().unwrap_or(1) as f64 * step;
        // Full width at half height of a Gaussian is 2.355 standard deviations.
        let sigma_hz = (2.0 * half_width / 2.354_820_045).clamp(SIGMA_HZ[0], SIGMA_HZ[1]);
        let peak = Peak { centre_hz: freqs_hz[top], height, sigma_hz };
        rest.iter_mut().zip(freqs_hz).for_each(|(r, &f)| *r -= peak.at(f));
        peaks.push(peak);
    }
    drop_overlapping(peaks, freqs_hz)
}

/// Peaks whose centre is within one width of the edge, or within 0.75 widths of a higher peak, are
/// not peaks of their own (specparam's edge and overlap rules).
fn drop_overlapping(peaks: Vec<Peak>, freqs_hz: &[f64]) -> Vec<Peak> {
    let (fmin, fmax) = (freqs_hz[0], freqs_hz[freqs_hz.len() - 1]);
    let mut kept: Vec<Peak> = Vec::new();
    for p in peaks {
        let inside = p.centre_hz - fmin > p.sigma_hz && fmax - p.centre_hz > p.sigma_hz;
        let free = kept
            .iter()
            .all(|k| (k.centre_hz - p.centre_hz).abs() > 0.75 * (k.sigma_hz + p.sigma_hz));
        if inside && free {
            kept.push(p);
        }
    }
    kept
}

/// Levenberg-Marquardt fit of all peaks to the flattened spectrum.
fn refine(freqs_hz: &[f64], flat: &[f64], peaks: &mut Vec<Peak>) {
    let error = |peaks: &[Peak]| -> f64 {
        let misfit =
            |(f, y): (&f64, &f64)| (y - peaks.iter().map(|p| p.at(*f)).sum::<f64>()).powi(2);
        freqs_hz.iter().zip(flat).map(misfit).sum()
    };
    let starts = peaks.clone();
    let mut best = error(peaks);
    let mut damping = 1e-3;
    for _ in 0..60 {
        let Some(step) = normal_step(freqs_hz, flat, peaks, damping) else { return };
        let moved: Vec<Peak> = peaks
            .iter()
            .zip(&starts)
            .zip(step.chunks_exact(3))
            .map(|((p, s), d)| Peak {
                centre_hz: (p.centre_hz + d[0])
                    .clamp(s.centre_hz - 3.0 * s.sigma_hz, s.centre_hz + 3.0 * s.sigma_hz),
                height: (p.height + d[1]).max(0.0),
                sigma_hz: (p.sigma_hz + d[2]).clamp(SIGMA_HZ[0], SIGMA_HZ[1]),
            })
            .collect();
        let after = error(&moved);
        if after < best {
            let gain = (best - after) / best.max(f64::MIN_POSITIVE);
            *peaks = moved;
            best = after;
            damping = (damping / 5.0).max(1e-9);
            if gain < 1e-9 {
                return;
            }
        } else {
            damping *= 5.0;
            if damping > 1e6 {
                return;
            }
        }
    }
}

/// Solves the damped normal equations for (centre, height, width) of every peak.
fn normal_step(freqs_hz: &[f64], flat: &[f64], peaks: &[Peak], damping: f64) -> Option<Vec<f64>> {
    let n = 3 * peaks.len();
    if n == 0 {
        return None;
    }
    let mut a = vec![0.0; n * n];
    let mut b = vec![0.0; n];
    let mut gradient = vec![0.0; n];
    for (&f, y) in freqs_hz.iter().zip(flat) {
        let mut rest = *y;
        for (g, p) in gradient.chunks_exact_mut(3).zip(peaks) {
            let u = (f - p.centre_hz) / p.sigma_hz;
            let bell = (-0.5 * u * u).exp();
            rest -= p.height * bell;
            let slope = p.height * bell * u / p.sigma_hz;
            g.copy_from_slice(&[slope, bell, slope * u]);
        }
        for i in 0..n {
            b[i] += gradient[i] * rest;
            for j in 0..=i {
                a[i * n + j] += gradient[i] * gradient[j];
            }
        }
    }
    for i in 0..n {
        a[i * n + i] = a[i * n + i] * (1.0 + damping) + 1e-12;
    }
    solve_spd(&a, &b)
}

fn squared_correlation(a: &[f64], b: &[f64]) -> f64 {
    fit_line(a, b).map_or(0.0, |line| line.r_squared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_do_not_bend_the_line() {
        let freqs: Vec<f64> = (8..=160).map(|k| k as f64 * 0.25).collect();
        let bump = |f: f64, c: f64, h: f64, s: f64| h * (-0.5 * ((f - c) / s).powi(2)).exp();
        let density: Vec<f64> = freqs
            .iter()
            .map(|&f| {
                let log =
                    -11.0 - 1.3 * f.log10() + bump(f, 10.2, 0.9, 1.0) + bump(f, 21.0, 0.3, 2.0);
                10_f64.powf(log)
            })
            .collect();
        let fit = fit_aperiodic(&freqs, &density).unwrap();
        assert!((fit.exponent - 1.3).abs() < 0.02, "{fit:?}");
        assert!(fit.r_squared > 0.99);
    }

    #[test]
    fn silence_and_short_spectra_have_no_fit() {
        let freqs: Vec<f64> = (1..=40).map(f64::from).collect();
        assert_eq!(fit_aperiodic(&freqs, &[0.0; 40]), None);
        assert_eq!(fit_aperiodic(&freqs, &[f64::NAN; 40]), None);
        assert_eq!(fit_aperiodic(&freqs[..5], &[1.0; 5]), None);
    }

    #[test]
    fn white_noise_has_exponent_zero() {
        let freqs: Vec<f64> = (1..=40).map(f64::from).collect();
        let fit = fit_aperiodic(&freqs, &[1e-12; 40]).unwrap();
        assert!(fit.exponent.abs() < 1e-12 && (fit.offset + 12.0).abs() < 1e-12);
    }
}
