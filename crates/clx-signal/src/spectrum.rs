//! Figures of the shape of a power spectrum.

use crate::Band;

/// Frequency below which `share` of the power of `band` lies, hertz.
///
/// `freqs_hz` ascending and equally spaced, `density` of the same length. The power of a bin counts
/// as spread evenly over its width, so the answer is not bound to the grid; it is kept inside the
/// band. `None` with fewer than two bins in `fmin <= f < fmax`, a share outside `0..=1`, a density
/// that is negative or no number, or no power at all.
///
/// # Source
/// Szeto 1990, Pediatr. Res. 27(2):125-128; 0.95 is the usual share.
///
/// ```
/// use clx_signal::{spectrum::edge_hz, Band};
/// let freqs: Vec<f64> = (0..41).map(f64::from).collect();
/// let band = Band { name: "all", fmin_hz: 0.5, fmax_hz: 40.5 };
/// let edge = edge_hz(&freqs, &[1.0; 41], band, 0.5).unwrap();
/// assert!((edge - 20.5).abs() < 1e-12); // half of 0.5..40.5 Hz
/// ```
pub fn edge_hz(freqs_hz: &[f64], density: &[f64], band: Band, share: f64) -> Option<f64> {
    let bins = inside(freqs_hz, density, band)?;
    if !(0.0..=1.0).contains(&share) {
        return None;
    }
    let half_step = (freqs_hz[1] - freqs_hz[0]) / 2.0;
    let total: f64 = density[bins.clone()].iter().sum();
    let goal = share * total;
    let mut below = 0.0;
    for k in bins.clone() {
        let part = density[k];
        if below + part >= goal && part > 0.0 {
            let edge = freqs_hz[k] - half_step + 2.0 * half_step * (goal - below) / part;
            return Some(edge.clamp(band.fmin_hz, band.fmax_hz));
        }
        below += part;
    }
    Some((freqs_hz[bins.end - 1] + half_step).min(band.fmax_hz))
}

/// Shannon entropy of the power in `band` as a share of that of a flat spectrum, `0..=1`.
///
/// `-Σ p log p / log n` over the `n` bins with `fmin <= f < fmax`, where `p` is each bin's share of
/// their power: 1 for white noise, near 0 for a pure tone. As
/// `antropy.spectral_entropy(normalize=True)` on the same density. `None` as for [`edge_hz`].
///
/// # Source
/// Inouye et al. 1991, Electroencephalogr. Clin. Neurophysiol. 79(3):204-210. Checked against
/// `tests/fixtures/spectral.json`.
///
/// ```
/// use clx_signal::{spectrum::entropy, Band};
/// let band = Band { name: "all", fmin_hz: 0.0, fmax_hz: 9.0 };
/// assert_eq!(entropy(&[0.0, 1.0, 2.0, 3.0], &[2.0; 4], band), Some(1.0));
/// assert_eq!(entropy(&[0.0, 1.0, 2.0, 3.0], &[0.0, 2.0, 0.0, 0.0], band), Some(0.0));
/// ```
pub fn entropy(freqs_hz: &[f64], density: &[f64], band: Band) -> Option<f64> {
    let bins = inside(freqs_hz, density, band)?;
    let n = bins.len() as f64;
    let total: f64 = density[bins.clone()].iter().sum();
    let sum: f64 =
        density[bins].iter().filter(|d| **d > 0.0).map(|d| d / total).map(|p| -p * p.ln()).sum();
    Some((sum / n.ln()).clamp(0.0, 1.0))
}

fn inside(freqs_hz: &[f64], density: &[f64], band: Band) -> Option<std::ops::Range<usize>> {
    if freqs_hz.len() != density.len() {
        return None;
    }
    let slack = match freqs_hz {
        [a, b, ..] => 1e-9 * (b - a),
        _ => return None,
    };
    let start = freqs_hz.partition_point(|&f| f < band.fmin_hz - slack);
    let end = freqs_hz.partition_point(|&f| f < band.fmax_hz - slack);
    let bins = start..end.max(start);
    let values = &density[bins.clone()];
    let usable = values.iter().all(|d| d.is_finite() && *d >= 0.0);
    (bins.len() >= 2 && usable && values.iter().sum::<f64>() > 0.0).then_some(bins)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BAND: Band = Band { name: "x", fmin_hz: 1.0, fmax_hz: 5.0 };

    #[test]
    fn power_outside_the_band_does_not_count() {
        let freqs = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
        let density = [99.0, 1.0, 1.0, 1.0, 1.0, 99.0];
        let edge = edge_hz(&freqs, &density, BAND, 0.75).unwrap();
        assert!((edge - 3.5).abs() < 1e-12, "{edge}");
        assert_eq!(entropy(&freqs, &density, BAND), Some(1.0));
        // The first bin begins at 0.5 Hz, below the band.
        assert_eq!(edge_hz(&freqs, &density, BAND, 0.0), Some(1.0));
    }

    #[test]
    fn silence_nan_and_empty_bands_have_neither() {
        let freqs = [0.0, 1.0, 2.0, 3.0];
        for density in [[0.0; 4], [f64::NAN; 4], [-1.0; 4]] {
            assert_eq!(edge_hz(&freqs, &density, BAND, 0.95), None);
            assert_eq!(entropy(&freqs, &density, BAND), None);
        }
        let above = Band { name: "x", fmin_hz: 10.0, fmax_hz: 20.0 };
        assert_eq!(edge_hz(&freqs, &[1.0; 4], above, 0.95), None);
        assert_eq!(entropy(&[], &[], BAND), None);
        assert_eq!(edge_hz(&freqs, &[1.0; 4], BAND, 1.5), None);
    }
}
