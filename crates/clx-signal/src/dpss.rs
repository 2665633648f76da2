//! Discrete prolate spheroidal sequences: the tapers of multitaper spectra.

use rustfft::FftPlanner;
use rustfft::num_complex::Complex64;

use crate::SignalError;
use crate::window::Symmetry;

/// Tapers of one length and half bandwidth, most concentrated first.
#[derive(Clone, Debug, PartialEq)]
pub struct Dpss {
    /// Each of unit energy in its symmetric form.
    pub tapers: Vec<Vec<f64>>,
    /// Share of each taper's energy inside the half bandwidth, 0..=1.
    pub concentrations: Vec<f64>,
}

/// The first `n_tapers` Slepian sequences of `n` samples and time half-bandwidth product `nw`.
///
/// Eigenvectors of the tridiagonal matrix that commutes with the concentration problem: eigenvalues
/// by bisection, vectors by inverse iteration. Even tapers have a positive sum, odd ones begin with
/// a positive lobe. With [`Symmetry::Periodic`] the sequence of `n + 1` samples without its last
/// one, as `scipy.signal.windows.dpss(n, nw, n_tapers, sym=False, return_ratios=True)`, with which
/// tapers agree to 1e-11 and concentrations to 1e-12. One sample gives `[1.0]`.
///
/// # Errors
/// [`SignalError::Parameter`] unless `1 <= n_tapers <= n`, `0 < nw < n / 2` and `n <= 2^24`.
///
/// # Source
/// Slepian 1978, Bell Syst. Tech. J. 57(5):1371-1430; Percival and Walden 1993, Spectral Analysis
/// for Physical Applications, section 8.3. Checked against `tests/fixtures/spectral.json`.
///
/// ```
/// use clx_signal::{dpss::dpss, window::Symmetry};
/// let d = dpss(64, 2.5, 4, Symmetry::Symmetric)?;
/// let dot = |i: usize, j: usize| d.tapers[i].iter().zip(&d.tapers[j]).map(|(a, b)| a * b).sum::<f64>();
/// assert!((dot(0, 0) - 1.0).abs() < 1e-12 && dot(0, 2).abs() < 1e-12);
/// assert!(d.concentrations[0] > 0.9999 && d.concentrations[3] > 0.9);
/// # Ok::<(), clx_signal::SignalError>(())
/// ```
pub fn dpss(n: usize, nw: f64, n_tapers: usize, symmetry: Symmetry) -> Result<Dpss, SignalError> {
    if n_tapers == 0 || n_tapers > n || n > 1 << 24 {
        let got = format!("{n_tapers} tapers of {n} samples");
        return Err(refused("n_tapers", "1 to the number of samples, of which at most 2^24", got));
    }
    if n == 1 {
        return Ok(Dpss { tapers: vec![vec![1.0]], concentrations: vec![1.0] });
    }
    if !(nw > 0.0 && nw < n as f64 / 2.0) {
        return Err(refused("nw", "above 0 and below half the number of samples", nw.to_string()));
    }
    let full = if symmetry == Symmetry::Periodic { n + 1 } else { n };
    let w = nw / full as f64;
    let matrix = Tridiagonal::new(full, w);
    let mut tapers: Vec<Vec<f64>> = Vec::with_capacity(n_tapers);
    for k in 0..n_tapers {
        let mut taper = matrix.eigenvector(matrix.eigenvalue(k), k);
        orient(&mut taper, k);
        tapers.push(taper);
    }
    let concentrations = concentrations(&tapers, w);
    tapers.iter_mut().for_each(|t| t.truncate(n));
    Ok(Dpss { tapers, concentrations })
}

fn refused(name: &'static str, expected: &'static str, got: String) -> SignalError {
    SignalError::Parameter { name, expected, got }
}

/// Symmetric tridiagonal matrix, scaled by `4 / n²` so that its entries are of order one.
struct Tridiagonal {
    diagonal: Vec<f64>,
    /// `off[i]` couples `i` and `i + 1`.
    off: Vec<f64>,
}

impl Tridiagonal {
    fn new(n: usize, w: f64) -> Self {
        let size = n as f64;
        let scale = 4.0 / (size * size);
        let cosine = (std::f64::consts::TAU * w).cos();
        let at = |i: usize| (size - 1.0 - 2.0 * i as f64) / 2.0;
        Self {
            diagonal: (0..n).map(|i| at(i).powi(2) * cosine * scale).collect(),
            off: (1..n).map(|i| i as f64 * (size - i as f64) / 2.0 * scale).collect(),
        }
    }

    /// Number of eigenvalues above `x`, by Sturm's sequence.
    fn count_above(&self, x: f64) -> usize {
        let mut count = 0;
        let mut q = self.diagonal[0] - x;
        for i in 0..self.diagonal.len() {
            if i > 0 {
                // A pivot of zero stands for a tiny one of either sign.
                let pivot = if q.abs() < 1e-290 { -1e-290 } else { q };
                q = self.diagonal[i] - x - self.off[i - 1].powi(2) / pivot;
            }
            count += usize::from(q > 0.0);
        }
        count
    }

    /// The `k`-th largest eigenvalue, to the last bits.
    fn eigenvalue(&self, k: usize) -> f64 {
        // Gershgorin: no row of the scaled matrix sums to more than 3.
        let (mut low, mut high) = (-3.0, 3.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if self.count_above(middle) > k {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }

    /// Unit eigenvector by inverse iteration from a start without symmetry.
    fn eigenvector(&self, eigenvalue: f64, k: usize) -> Vec<f64> {
        let n = self.diagonal.len();
        let mut x: Vec<f64> = (0..n)
            .map(|i| {
                let t = (i as f64 + 0.5) / n as f64;
                (std::f64::consts::PI * (k + 1) as f64 * t).sin() + 0.01 * (1.0 - t)
            })
            .collect();
        for _ in 0..4 {
            self.solve_shifted(eigenvalue, &mut x);
            let largest = x.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            x.iter_mut().for_each(|v| *v /= largest);
            let norm = x.iter().map(|v| v * v).sum::<f64>().sqrt();
            x.iter_mut().for_each(|v| *v /= norm);
        }
        x
    }

    /// Solves `(T - shift) y = x` in place by elimination with row exchanges.
    fn solve_shifted(&self, shift: f64, x: &mut [f64]) {
        let n = x.len();
        let mut main: Vec<f64> = self.diagonal.iter().map(|d| d - shift).collect();
        let mut upper = self.off.clone();
        upper.push(0.0);
        let mut second = vec![0.0; n];
        for i in 0..n - 1 {
            let below = self.off[i];
            if main[i].abs() >= below.abs() {
                let factor = below / nonzero(main[i]);
                main[i + 1] -= factor * upper[i];
                x[i + 1] -= factor * x[i];
            } else {
                let factor = main[i] / below;
                (main[i], upper[i], main[i + 1], second[i]) =
                    (below, main[i + 1], upper[i] - factor * main[i + 1], upper[i + 1]);
                upper[i + 1] *= -factor;
                x.swap(i, i + 1);
                x[i + 1] -= factor * x[i];
            }
        }
        for i in (0..n).rev() {
            let mut rest = x[i];
            if i + 1 < n {
                rest -= upper[i] * x[i + 1];
            }
            if i + 2 < n {
                rest -= second[i] * x[i + 2];
            }
            x[i] = rest / nonzero(main[i]);
        }
    }
}

/// The shift is an eigenvalue, so the last pivot vanishes up to rounding.
fn nonzero(pivot: f64) -> f64 {
    if pivot.abs() < 1e-18 { 1e-18 } else { pivot }
}

/// Percival and Walden's convention of signs.
fn orient(taper: &mut [f64], k: usize) {
    let threshold = (1.0 / taper.len() as f64).max(1e-7);
    let sign = if k.is_multiple_of(2) {
        taper.iter().sum::<f64>()
    } else {
        taper.iter().copied().find(|v| v * v > threshold).unwrap_or(1.0)
    };
    if sign < 0.0 {
        taper.iter_mut().for_each(|v| *v = -*v);
    }
}

/// Energy within `±w` cycles per sample: the autocorrelation of each taper against a sinc.
fn concentrations(tapers: &[Vec<f64>], w: f64) -> Vec<f64> {
    let n = tapers.first().map_or(0, Vec::len);
    let size = (2 * n).next_power_of_two();
    let mut planner = FftPlanner::<f64>::new();
    let (forward, inverse) = (planner.plan_fft_forward(size), planner.plan_fft_inverse(size));
    let mut work = vec![Complex64::ZERO; size];
    tapers
        .iter()
        .map(|taper| {
            work.fill(Complex64::ZERO);
            work.iter_mut().zip(taper).for_each(|(z, v)| z.re = *v);
            forward.process(&mut work);
            work.iter_mut().for_each(|z| *z = Complex64::new(z.norm_sqr(), 0.0));
            inverse.process(&mut work);
            let lagged = |lag: usize| {
                let angle = std::f64::consts::TAU * w * lag as f64;
                work[lag].re / size as f64 * 4.0 * w * angle.sin() / angle
            };
            work[0].re / size as f64 * 2.0 * w + (1..n).map(lagged).sum::<f64>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tapers_are_orthonormal_whatever_the_length() {
        for (n, nw, k) in [(2, 0.7, 2), (5, 1.0, 2), (63, 3.0, 5), (500, 4.0, 7), (4001, 10.0, 19)]
        {
            let d = dpss(n, nw, k, Symmetry::Symmetric).unwrap();
            for i in 0..k {
                for j in 0..=i {
                    let dot: f64 = d.tapers[i].iter().zip(&d.tapers[j]).map(|(a, b)| a * b).sum();
                    let expected = f64::from(u8::from(i == j));
                    assert!((dot - expected).abs() < 1e-9, "{n} {i} {j}: {dot}");
                }
            }
        }
    }

    #[test]
    fn impossible_tapers_are_refused() {
        for (n, nw, k) in
            [(0, 1.0, 1), (8, 4.0, 2), (8, 0.0, 2), (8, f64::NAN, 2), (8, 2.0, 9), (8, 2.0, 0)]
        {
            assert!(dpss(n, nw, k, Symmetry::Symmetric).is_err(), "{n} {nw} {k}");
        }
    }
}
