//! The individual alpha peak.

use clx_signal::welch::Psd;
use clx_signal::{Band, stats};

use crate::overview::{AlphaPeak, Aperiodic};

/// Where the peak may be: the range of Klimesch 1999, Brain Res. Rev. 29:169-195.
const RANGE: Band = Band { name: "alpha search", fmin_hz: 7.0, fmax_hz: 13.0 };
/// The range with a margin for smoothing and for seeing that a maximum is one.
const MARGIN: Band = Band { name: "alpha margin", fmin_hz: 5.5, fmax_hz: 14.5 };
/// Savitzky-Golay smoothing, quadratic over five bins; Savitzky and Golay 1964, Anal. Chem. 36:1627.
const SMOOTHING: [f64; 5] = [-3.0 / 35.0, 12.0 / 35.0, 17.0 / 35.0, 12.0 / 35.0, -3.0 / 35.0];
/// Fewer blocks than this give no interval.
pub(crate) const MIN_BLOCKS: usize = 8;
const RESAMPLES: usize = 200;

/// Finds the alpha peak of a spectrum above its aperiodic fit.
///
/// The spectrum over the fit is smoothed (Savitzky-Golay, five bins, where bins are 0.25 Hz or
/// finer, as in Corcoran et al. 2018) and its highest interior maximum between 7 and 13 Hz taken,
/// interpolated by a parabola. The maximum must rise 2 dB above the fit and 3.5 standard deviations
/// of a Welch estimate with this many segments; otherwise there is no peak and the answer is
/// `None`. The centre of gravity is over 7-13 Hz of the power above the fit. The interval resamples
/// the blocks of `psd` (none below 8 blocks), with the aperiodic fit held.
///
/// # Source
/// Corcoran et al. 2018, Psychophysiology 55:e13064; Klimesch 1999, Brain Res. Rev. 29:169-195.
pub fn find_alpha_peak(psd: &Psd, aperiodic: &Aperiodic, seed: u64) -> Option<AlphaPeak> {
    let near = psd.restricted(MARGIN);
    let fit: Vec<f64> =
        near.freqs_hz.iter().map(|&f| 10_f64.powf(aperiodic.log_density(f))).collect();
    let (peak_hz, ratio) = highest(&near.freqs_hz, &near.density, &fit)?;
    let prominence_db = 10.0 * ratio.log10();
    // Half-overlapping Hann segments are worth about 0.95 independent ones each (Welch 1967); the
    // smoothing narrows the spread by sqrt(17/35), which is left as a margin.
    let sigma_db = 4.34 / (0.95 * psd.n_segments as f64).sqrt();
    if prominence_db < (3.5 * sigma_db).max(2.0) {
        return None;
    }
    let centre_of_gravity_hz = centre_of_gravity(&near.freqs_hz, &near.density, &fit)?;
    let ci95_hz = near.bootstrap(MIN_BLOCKS, RESAMPLES, seed, |density| {
        highest(&near.freqs_hz, density, &fit).map(|(hz, _)| hz)
    });
    Some(AlphaPeak { peak_hz, centre_of_gravity_hz, prominence_db, ci95_hz })
}

/// Frequency and height (ratio to the fit) of the highest interior maximum in the alpha range.
fn highest(freqs_hz: &[f64], density: &[f64], fit: &[f64]) -> Option<(f64, f64)> {
    let ratio: Vec<f64> = density.iter().zip(fit).map(|(d, a)| d / a).collect();
    let step = freqs_hz.get(1)? - freqs_hz[0];
    let smooth = if step <= 0.251 { smoothed(&ratio) } else { ratio };
    let inside = |i: &usize| (RANGE.fmin_hz..=RANGE.fmax_hz).contains(&freqs_hz[*i]);
    let is_maximum = |i: &usize| smooth[*i] > smooth[*i - 1] && smooth[*i] >= smooth[*i + 1];
    let top = (1..smooth.len().saturating_sub(1))
        .filter(inside)
        .filter(is_maximum)
        .max_by(|&a, &b| smooth[a].total_cmp(&smooth[b]))?;
    let [a, b, c] = [smooth[top - 1], smooth[top], smooth[top + 1]];
    let curvature = a - 2.0 * b + c;
    let shift = if curvature < 0.0 { 0.5 * (a - c) / curvature } else { 0.0 };
    let height = b - 0.25 * (a - c) * shift;
    let peak_hz = freqs_hz[top] + shift * step;
    (peak_hz.is_finite() && height > 0.0).then_some((peak_hz, height))
}

fn smoothed(x: &[f64]) -> Vec<f64> {
    let n = x.len();
    (0..n)
        .map(|i| {
            if i < 2 || i + 2 >= n {
                return x[i];
            }
            SMOOTHING.iter().zip(&x[i - 2..=i + 2]).map(|(c, v)| c * v).sum()
        })
        .collect()
}

fn centre_of_gravity(freqs_hz: &[f64], density: &[f64], fit: &[f64]) -> Option<f64> {
    let (mut weight, mut moment) = (0.0, 0.0);
    for ((&f, d), a) in freqs_hz.iter().zip(density).zip(fit) {
        if (RANGE.fmin_hz..=RANGE.fmax_hz).contains(&f) {
            let above = (d - a).max(0.0);
            weight += above;
            moment += f * above;
        }
    }
    (weight > 0.0).then(|| moment / weight).filter(|f| f.is_finite())
}

/// Alpha power of stretches of time over that of others, from the blocks of a spectrum.
///
/// `in_first` and `in_second` say whether the block from `tmin_s` to `tmax_s` belongs; segments are
/// `window_s` long and start every `hop_s`. `None` unless each has at least two blocks.
pub(crate) fn alpha_ratio(
    psd: &Psd,
    window_s: f64,
    hop_s: f64,
    in_first: impl Fn(f64, f64) -> bool,
    in_second: impl Fn(f64, f64) -> bool,
) -> Option<f64> {
    let bins = psd.bins(Band::ALPHA);
    let mean = |belongs: &dyn Fn(f64, f64) -> bool| {
        let powers: Vec<f64> = psd
            .blocks
            .iter()
            .filter(|b| {
                let tmin_s = b.first_segment as f64 * hop_s;
                belongs(tmin_s, tmin_s + (b.n_segments - 1) as f64 * hop_s + window_s)
            })
            .map(|b| b.density[bins.clone()].iter().sum())
            .collect();
        (powers.len() >= 2).then(|| stats::mean(&powers)).flatten()
    };
    let (first, second) = (mean(&in_first)?, mean(&in_second)?);
    (second > 0.0).then(|| first / second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spectrum(peak: impl Fn(f64) -> f64) -> (Psd, Aperiodic) {
        let freqs_hz: Vec<f64> = (0..=160).map(|k| k as f64 * 0.25).collect();
        let density = freqs_hz.iter().map(|&f| 1e-12 / f.max(0.25) * (1.0 + peak(f))).collect();
        let aperiodic =
            Aperiodic { exponent: 1.0, offset: -12.0, r_squared: 1.0, fmin_hz: 2.0, fmax_hz: 40.0 };
        (Psd { freqs_hz, density, n_segments: 100, blocks: Vec::new() }, aperiodic)
    }

    #[test]
    fn peak_is_interpolated_between_bins() {
        for truth in [8.3, 9.0, 10.2, 11.87] {
            let (psd, fit) = spectrum(|f| 8.0 * (-0.5 * ((f - truth) / 0.7_f64).powi(2)).exp());
            let peak = find_alpha_peak(&psd, &fit, 1).unwrap();
            assert!((peak.peak_hz - truth).abs() < 0.02, "{truth}: {peak:?}");
            assert!((peak.prominence_db - 10.0 * 9_f64.log10()).abs() < 0.3);
            assert_eq!(peak.ci95_hz, None);
        }
    }

    #[test]
    fn background_and_slopes_at_the_edge_are_not_peaks() {
        let (flat, fit) = spectrum(|_| 0.0);
        assert!(find_alpha_peak(&flat, &fit, 1).is_none());
        let (theta, fit) = spectrum(|f| 8.0 * (-0.5 * ((f - 5.0) / 1.0_f64).powi(2)).exp());
        assert!(find_alpha_peak(&theta, &fit, 1).is_none());
    }
}
