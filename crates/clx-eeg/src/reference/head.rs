//! Potential of a current dipole at the surface of a head of concentric spherical shells.

use std::f64::consts::PI;

use clx_signal::SignalError;

use crate::EegError;
use crate::splines::dot;

/// Terms after which the series is cut at the latest.
const MAX_TERMS: usize = 500;

/// One tissue, from the shell inside it outwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shell {
    /// Outer radius as a share of the head's.
    pub radius: f64,
    /// Siemens per metre.
    pub conductivity: f64,
}

/// A spherical head; lengths in units of its radius.
#[derive(Clone, Debug, PartialEq)]
pub struct HeadModel {
    shells: Vec<Shell>,
}

impl HeadModel {
    /// Brain, cerebrospinal fluid, skull and scalp with the radii and conductivities of
    /// `mne.make_sphere_model`.
    pub fn four_shells() -> Self {
        let shell = |(radius, conductivity)| Shell { radius, conductivity };
        // Berg and Scherg 1994, Electroencephalogr. Clin. Neurophysiol. 90:58-64.
        Self { shells: [(0.9, 0.33), (0.92, 1.0), (0.97, 0.004), (1.0, 0.33)].map(shell).into() }
    }

    /// Shells from the inside to the outside.
    ///
    /// # Errors
    /// [`SignalError::Parameter`] unless radii grow from above zero to 1 and conductivities are above
    /// zero.
    pub fn from_shells(shells: &[Shell]) -> Result<Self, EegError> {
        let grows = shells.windows(2).all(|w| w[0].radius < w[1].radius);
        let positive = shells
            .iter()
            .all(|s| s.radius > 0.0 && s.conductivity > 0.0 && s.conductivity.is_finite());
        if grows && positive && shells.last().is_some_and(|s| s.radius == 1.0) {
            return Ok(Self { shells: shells.to_vec() });
        }
        Err(EegError::Signal(SignalError::Parameter {
            name: "shells",
            expected: "of growing radius, the last 1, and conductivities above 0",
            got: format!("{shells:?}"),
        }))
    }

    /// Outer radius of the innermost shell, where sources may lie.
    pub fn brain_radius(&self) -> f64 {
        self.shells[0].radius
    }

    /// Potentials at the electrodes (unit vectors) of a unit dipole at `at`, one for each direction of
    /// its moment: `[x, y, z]` per electrode.
    ///
    /// In units of the moment over conductivity times the squared radius of the head. Exact up to the
    /// cut of the Legendre series at 1e-12 of its first term.
    ///
    /// # Errors
    /// [`SignalError::Parameter`] unless the dipole lies inside the innermost shell.
    ///
    /// # Source
    /// Potential and normal current continuous at each boundary, no current through the scalp;
    /// de Munck 1988, J. Appl. Phys. 64:464-470, for the isotropic case.
    pub fn potentials(
        &self,
        electrodes: &[[f64; 3]],
        at: [f64; 3],
    ) -> Result<Vec<[f64; 3]>, EegError> {
        let depth = dot(&at, &at).sqrt();
        if depth.is_nan() || depth >= self.brain_radius() {
            return Err(EegError::Signal(SignalError::Parameter {
                name: "source",
                expected: "inside the innermost shell",
                got: format!("{at:?}"),
            }));
        }
        // Any direction does for a dipole at the centre.
        let radial = if depth > 0.0 { at.map(|v| v / depth) } else { [0.0, 0.0, 1.0] };
        let factors = self.factors(depth);
        Ok(electrodes.iter().map(|e| sum_series(e, &radial, &factors)).collect())
    }

    /// `gain(n) · depth^(n - 1)` for `n` from 1 until it vanishes.
    fn factors(&self, depth: f64) -> Vec<f64> {
        let scale = 1.0 / (4.0 * PI * self.shells[0].conductivity);
        let mut factors = Vec::new();
        for n in 1..=MAX_TERMS {
            let factor = scale * self.surface_gain(n) * depth.powi(n as i32 - 1);
            factors.push(factor);
            // The derivative of the n-th Legendre polynomial grows as n².
            if factor.abs() * (n * n) as f64 <= 1e-12 * factors[0].abs() {
                break;
            }
        }
        factors
    }

    /// Potential at the surface of a source whose potential in an endless medium is `r^-(n+1)`.
    ///
    /// In each shell it is `a r^n + b r^-(n+1)`; both terms are carried through the boundaries.
    fn surface_gain(&self, n: usize) -> f64 {
        let k = n as f64;
        // What becomes of (a, b) = (1, 0) and (0, 1) of the innermost shell.
        let mut terms = [[1.0, 0.0], [0.0, 1.0]];
        for pair in self.shells.windows(2) {
            let ratio = pair[0].conductivity / pair[1].conductivity;
            let power = pair[0].radius.powf(2.0 * k + 1.0);
            for [a, b] in &mut terms {
                // In units of r^n at this boundary.
                let below = *b / power;
                let rising = ((k * ratio + k + 1.0) * *a + (k + 1.0) * (1.0 - ratio) * below)
                    / (2.0 * k + 1.0);
                let falling =
                    (k * (1.0 - ratio) * *a + (k + (k + 1.0) * ratio) * below) / (2.0 * k + 1.0);
                (*a, *b) = (rising, falling * power);
            }
        }
        let [[p, q], [u, v]] = terms;
        // No current leaves the scalp: n a = (n + 1) b.
        let reflected = ((k + 1.0) * v - k * u) / (k * p - (k + 1.0) * q);
        reflected * (p + q) + u + v
    }
}

fn sum_series(electrode: &[f64; 3], radial: &[f64; 3], factors: &[f64]) -> [f64; 3] {
    let cosine = dot(electrode, radial);
    let (mut before, mut legendre) = (1.0, cosine);
    let (mut slope_before, mut slope) = (0.0, 1.0);
    let (mut along, mut across) = (0.0, 0.0);
    for (i, factor) in factors.iter().enumerate() {
        let n = (i + 1) as f64;
        along += factor * n * legendre;
        across += factor * slope;
        let next = ((2.0 * n + 1.0) * cosine * legendre - n * before) / (n + 1.0);
        // P'(n+1) = P'(n-1) + (2n + 1) P(n).
        let next_slope = slope_before + (2.0 * n + 1.0) * legendre;
        (before, legendre) = (legendre, next);
        (slope_before, slope) = (slope, next_slope);
    }
    std::array::from_fn(|axis| {
        along * radial[axis] + across * (electrode[axis] - cosine * radial[axis])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dipole_at_the_centre_of_a_uniform_sphere_has_the_textbook_potential() {
        let head = HeadModel::from_shells(&[Shell { radius: 1.0, conductivity: 0.33 }]).unwrap();
        let v = head.potentials(&[[0.0, 0.6, 0.8]], [0.0; 3]).unwrap()[0];
        // 3 cos / (4 pi sigma).
        let expected = [0.0, 0.6, 0.8].map(|c| 3.0 * c / (4.0 * PI * 0.33));
        assert!((0..3).all(|i| (v[i] - expected[i]).abs() < 1e-12), "{v:?}");
    }

    #[test]
    fn shells_of_one_conductivity_are_one_sphere() {
        let one = HeadModel::from_shells(&[Shell { radius: 1.0, conductivity: 0.33 }]).unwrap();
        let four = [0.9, 0.92, 0.97, 1.0].map(|radius| Shell { radius, conductivity: 0.33 });
        let four = HeadModel::from_shells(&four).unwrap();
        let (e, at) = ([[0.0, 0.6, 0.8], [0.6, 0.0, -0.8]], [0.3, -0.2, 0.6]);
        let (a, b) = (one.potentials(&e, at).unwrap(), four.potentials(&e, at).unwrap());
        for (a, b) in a.iter().zip(&b) {
            assert!((0..3).all(|i| (a[i] - b[i]).abs() < 1e-9));
        }
        // Brody, Terry and Ideker 1973: the closed form of a radial dipole at eccentricity 0.7.
        let (f, c) = (0.7_f64, 0.8);
        let d = (1.0 + f * f - 2.0 * f * c).sqrt();
        let expected = ((1.0 - f * f) / d.powi(3) - 1.0) / f / (4.0 * PI * 0.33);
        let v = one.potentials(&[[0.0, 0.6, 0.8]], [0.0, 0.0, f]).unwrap()[0];
        assert!((v[2] - expected).abs() < 1e-9 * expected, "{} {expected}", v[2]);
    }

    #[test]
    fn impossible_heads_and_sources_are_refused() {
        let shell = |radius, conductivity| Shell { radius, conductivity };
        for shells in
            [vec![], vec![shell(0.9, 1.0)], vec![shell(1.0, 0.0)], vec![shell(1.0, 1.0); 2]]
        {
            assert!(HeadModel::from_shells(&shells).is_err());
        }
        let head = HeadModel::four_shells();
        assert!(head.potentials(&[[0.0, 0.0, 1.0]], [0.0, 0.0, 0.95]).is_err());
        assert!(head.potentials(&[[0.0, 0.0, 1.0]], [f64::NAN; 3]).is_err());
    }
}
