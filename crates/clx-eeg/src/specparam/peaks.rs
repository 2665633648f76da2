//! Gaussian peaks on the flattened spectrum.

use super::SpecparamParams;
use super::solve::{Bounds, least_squares};

/// A peak's centre may move this many first-guess standard deviations (specparam: twice 1.5).
const CENTRE_SIGMAS: f64 = 3.0;
/// Peaks nearer to each other than this many standard deviations of both are one.
const OVERLAP_SIGMAS: f64 = 0.75;

/// A bump of the flattened spectrum.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peak {
    pub(super) centre_hz: f64,
    /// log10 units.
    pub(super) height: f64,
    pub(super) sigma_hz: f64,
}

impl Peak {
    pub(super) fn at(self, f: f64) -> f64 {
        self.height * (-0.5 * ((f - self.centre_hz) / self.sigma_hz).powi(2)).exp()
    }
}

/// Peaks of the flattened spectrum by rising frequency.
pub(super) fn fit(freqs_hz: &[f64], flat: &[f64], params: SpecparamParams) -> Vec<Peak> {
    let guesses = separate(inside(guess(freqs_hz, flat, params), freqs_hz));
    let (first, last) = (freqs_hz[0], freqs_hz[freqs_hz.len() - 1]);
    let bounds: Vec<Bounds> = guesses
        .iter()
        .flat_map(|p| {
            let reach = CENTRE_SIGMAS * p.sigma_hz;
            [
                ((p.centre_hz - reach).max(first), (p.centre_hz + reach).min(last)),
                (0.0, f64::MAX),
                (params.width_min_hz / 2.0, params.width_max_hz / 2.0),
            ]
        })
        .collect();
    let mut values: Vec<f64> =
        guesses.iter().flat_map(|p| [p.centre_hz, p.height, p.sigma_hz]).collect();
    if !values.is_empty() {
        least_squares(freqs_hz.len(), &mut values, &bounds, |i, p, gradient| {
            let mut rest = flat[i];
            for (g, p) in gradient.chunks_exact_mut(3).zip(p.chunks_exact(3)) {
                let u = (freqs_hz[i] - p[0]) / p[2];
                let bell = (-0.5 * u * u).exp();
                rest -= p[1] * bell;
                let slope = p[1] * bell * u / p[2];
                g.copy_from_slice(&[slope, bell, slope * u]);
            }
            rest
        });
    }
    let mut peaks: Vec<Peak> = values
        .chunks_exact(3)
        .map(|v| Peak { centre_hz: v[0], height: v[1], sigma_hz: v[2] })
        .collect();
    peaks.sort_by(|a, b| a.centre_hz.total_cmp(&b.centre_hz));
    peaks
}

/// First guesses: the highest point, its width at half height, taken off, and again.
fn guess(freqs_hz: &[f64], flat: &[f64], params: SpecparamParams) -> Vec<Peak> {
    let mut rest = flat.to_vec();
    let mut peaks = Vec::new();
    while peaks.len() < params.max_peaks {
        let mut top = 0;
        for i in 1..rest.len() {
            if rest[i] > rest[top] {
                top = i;
            }
        }
        let height = rest[top];
        let mean = rest.iter().sum::<f64>() / rest.len() as f64;
        let variance = rest.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / rest.len() as f64;
        // A height of rounding errors is no peak.
        let enough = params.min_height.max(1e-9);
        if !(height > params.threshold * variance.sqrt() && height > enough) {
            break;
        }
        let sigma_hz = width(&rest, top, freqs_hz[1] - freqs_hz[0], params);
        let peak = Peak { centre_hz: freqs_hz[top], height, sigma_hz };
        rest.iter_mut().zip(freqs_hz).for_each(|(r, &f)| *r -= peak.at(f));
        peaks.push(peak);
    }
    peaks
}

/// Standard deviation from the nearer half-height side, as specparam (which sets a peak that is too
/// wide to the narrowest width).
fn width(rest: &[f64], top: usize, step_hz: f64, params: SpecparamParams) -> f64 {
    let (narrow, wide) = (params.width_min_hz / 2.0, params.width_max_hz / 2.0);
    let below = |i: &usize| rest[*i] <= rest[top] / 2.0;
    let left = (1..top).rev().find(below).map(|i| top - i);
    let right = (top + 1..rest.len()).find(below).map(|i| i - top);
    let Some(side) = left.into_iter().chain(right).min() else { return narrow };
    // Full width at half height of a Gaussian is 2.355 standard deviations.
    let sigma_hz = 2.0 * side as f64 * step_hz / 2.354_820_045_030_949;
    if sigma_hz < narrow || sigma_hz > wide { narrow } else { sigma_hz }
}

/// Peaks whose centre is more than a standard deviation from either end.
fn inside(mut peaks: Vec<Peak>, freqs_hz: &[f64]) -> Vec<Peak> {
    let ends = [freqs_hz[0], freqs_hz[freqs_hz.len() - 1]];
    peaks.retain(|p| ends.iter().all(|end| (p.centre_hz - end).abs() > p.sigma_hz));
    peaks
}

/// Of neighbours that overlap, the higher one; by rising frequency.
fn separate(mut peaks: Vec<Peak>) -> Vec<Peak> {
    peaks.sort_by(|a, b| a.centre_hz.total_cmp(&b.centre_hz));
    let mut dropped = vec![false; peaks.len()];
    for i in 1..peaks.len() {
        let (a, b) = (peaks[i - 1], peaks[i]);
        let reach = OVERLAP_SIGMAS * (a.sigma_hz + b.sigma_hz);
        if b.centre_hz - a.centre_hz < reach {
            // specparam compares the first of equals away.
            dropped[if a.height <= b.height { i - 1 } else { i }] = true;
        }
    }
    let mut keep = dropped.iter().map(|d| !d);
    peaks.retain(|_| keep.next().unwrap_or(true));
    peaks
}
