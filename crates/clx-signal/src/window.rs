//! Window functions, equal to `scipy.signal.get_window` and `scipy.signal.windows`.

/// Whether a window repeats seamlessly (for spectra) or is symmetric (for filter design).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symmetry {
    /// Period `n`; SciPy's `fftbins=True`, `sym=False`.
    Periodic,
    /// First and last sample equal; SciPy's `sym=True`.
    Symmetric,
}

/// Shape of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    Hann,
    Hamming,
    /// All ones.
    Boxcar,
}

impl Window {
    /// The `n` samples of the window.
    pub fn samples(self, n: usize, symmetry: Symmetry) -> Vec<f64> {
        match self {
            Window::Hann => hann(n, symmetry),
            Window::Hamming => hamming(n, symmetry),
            Window::Boxcar => vec![1.0; n],
        }
    }
}

/// Hann window, `0.5 - 0.5 cos(2 pi i / m)`.
///
/// `n` samples; `m` is `n` for [`Symmetry::Periodic`] and `n - 1` for [`Symmetry::Symmetric`].
/// One sample gives `[1.0]`, none gives an empty vector.
///
/// # Source
/// Harris 1978, Proc. IEEE 66(1):51-83. Checked against `tests/fixtures/scipy.json`.
///
/// ```
/// use clx_signal::window::{hann, Symmetry};
/// let w = hann(4, Symmetry::Periodic);
/// assert_eq!((w[0], w[2]), (0.0, 1.0));
/// assert!((w[1] - 0.5).abs() < 1e-15);
/// ```
pub fn hann(n: usize, symmetry: Symmetry) -> Vec<f64> {
    raised_cosine(n, symmetry, 0.5)
}

/// Hamming window, `0.54 - 0.46 cos(2 pi i / m)`; see [`hann`] for `m` and the edges.
///
/// ```
/// use clx_signal::window::{hamming, Symmetry};
/// assert!((hamming(5, Symmetry::Symmetric)[0] - 0.08).abs() < 1e-15);
/// ```
pub fn hamming(n: usize, symmetry: Symmetry) -> Vec<f64> {
    raised_cosine(n, symmetry, 0.54)
}

/// Kaiser window of shape `beta`, symmetric.
///
/// # Source
/// Kaiser and Schafer 1980, IEEE Trans. ASSP 28(1):105-107.
///
/// ```
/// let w = clx_signal::window::kaiser(21, 5.0);
/// assert_eq!(w[10], 1.0);
/// assert!((w[0] - 1.0 / 27.239871823604442).abs() < 1e-12); // 1 / I0(5)
/// ```
pub fn kaiser(n: usize, beta: f64) -> Vec<f64> {
    let alpha = (n as f64 - 1.0) / 2.0;
    let norm = bessel_i0(beta);
    (0..n)
        .map(|i| {
            if n == 1 {
                return 1.0;
            }
            let x = (i as f64 - alpha) / alpha;
            bessel_i0(beta * (1.0 - x * x).max(0.0).sqrt()) / norm
        })
        .collect()
}

fn raised_cosine(n: usize, symmetry: Symmetry, a: f64) -> Vec<f64> {
    if n == 1 {
        return vec![1.0];
    }
    let m = match symmetry {
        Symmetry::Periodic => n,
        Symmetry::Symmetric => n.max(2) - 1,
    } as f64;
    (0..n).map(|i| a - (1.0 - a) * (std::f64::consts::TAU * i as f64 / m).cos()).collect()
}

/// Modified Bessel function of the first kind, order 0, by its power series; the terms are all
/// positive, so nothing cancels and the sum is good to a few ulp.
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut k = 1.0;
    while term > sum * 1e-17 {
        term *= quarter / (k * k);
        sum += term;
        k += 1.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periodic_hann_halves_add_to_one_at_half_overlap() {
        let w = hann(500, Symmetry::Periodic);
        for i in 0..250 {
            assert!((w[i] + w[i + 250] - 1.0).abs() < 1e-15);
        }
    }

    #[test]
    fn symmetric_windows_mirror() {
        for n in [2, 3, 8, 825] {
            let w = hamming(n, Symmetry::Symmetric);
            assert!((0..n).all(|i| (w[i] - w[n - 1 - i]).abs() < 1e-14));
        }
    }

    #[test]
    fn tiny_sizes_are_defined() {
        assert!(hann(0, Symmetry::Periodic).is_empty());
        assert_eq!(hann(1, Symmetry::Symmetric), [1.0]);
        assert_eq!(kaiser(1, 5.0), [1.0]);
    }
}
