//! From the analog low-pass prototype to the digital filter: zeros, poles and gain.

use rustfft::num_complex::Complex;

use super::prototype::product;

/// Twice the sample rate of the bilinear transform; edges are warped for it.
const DOUBLE_RATE: f64 = 4.0;

#[derive(Clone, Debug)]
pub(super) struct Zpk {
    pub(super) zeros: Vec<Complex<f64>>,
    pub(super) poles: Vec<Complex<f64>>,
    pub(super) gain: f64,
}

impl Zpk {
    /// How many zeros lie at infinity.
    fn relative_degree(&self) -> usize {
        self.poles.len() - self.zeros.len()
    }

    pub(super) fn to_lowpass(&self, edge: f64) -> Zpk {
        Zpk {
            zeros: self.zeros.iter().map(|z| z * edge).collect(),
            poles: self.poles.iter().map(|p| p * edge).collect(),
            gain: self.gain * edge.powi(self.relative_degree() as i32),
        }
    }

    pub(super) fn to_highpass(&self, edge: f64) -> Zpk {
        let mut zeros: Vec<_> = self.zeros.iter().map(|z| edge / z).collect();
        zeros.resize(self.poles.len(), Complex::ZERO);
        Zpk {
            zeros,
            poles: self.poles.iter().map(|p| edge / p).collect(),
            gain: self.gain * self.gain_at_infinity(),
        }
    }

    pub(super) fn to_bandpass(&self, low: f64, high: f64) -> Zpk {
        let half = (high - low) / 2.0;
        let mut zeros = split(self.zeros.iter().map(|z| z * half), low * high);
        zeros.resize(zeros.len() + self.relative_degree(), Complex::ZERO);
        Zpk {
            zeros,
            poles: split(self.poles.iter().map(|p| p * half), low * high),
            gain: self.gain * (high - low).powi(self.relative_degree() as i32),
        }
    }

    pub(super) fn to_bandstop(&self, low: f64, high: f64) -> Zpk {
        let half = (high - low) / 2.0;
        let centre = (low * high).sqrt();
        let mut zeros = split(self.zeros.iter().map(|z| half / z), low * high);
        for _ in 0..self.relative_degree() {
            zeros.extend([Complex::new(0.0, centre), Complex::new(0.0, -centre)]);
        }
        Zpk {
            zeros,
            poles: split(self.poles.iter().map(|p| half / p), low * high),
            gain: self.gain * self.gain_at_infinity(),
        }
    }

    fn gain_at_infinity(&self) -> f64 {
        (product(&self.zeros, |z| -z) / product(&self.poles, |p| -p)).re
    }

    /// Bilinear transform; zeros at infinity go to half the rate.
    pub(super) fn to_digital(&self) -> Zpk {
        let map = |s: &Complex<f64>| (DOUBLE_RATE + s) / (DOUBLE_RATE - s);
        let mut zeros: Vec<_> = self.zeros.iter().map(map).collect();
        zeros.resize(self.poles.len(), Complex::from(-1.0));
        let warp =
            product(&self.zeros, |z| DOUBLE_RATE - z) / product(&self.poles, |p| DOUBLE_RATE - p);
        Zpk { zeros, poles: self.poles.iter().map(map).collect(), gain: self.gain * warp.re }
    }
}

/// Each root becomes the two of the band filter around the centre whose square is given.
fn split(
    roots: impl Iterator<Item = Complex<f64>> + Clone,
    centre_squared: f64,
) -> Vec<Complex<f64>> {
    let root = |r: Complex<f64>| (r * r - centre_squared).sqrt();
    let above = roots.clone().map(|r| r + root(r));
    above.chain(roots.map(|r| r - root(r))).collect()
}
