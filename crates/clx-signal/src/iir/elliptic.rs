//! The elliptic (Cauer) prototype, by Landen's transformation of the Jacobian functions.
//!
//! Orfanidis 2006, Lecture Notes on Elliptic Filter Design; equation numbers are his.

use std::f64::consts::{FRAC_PI_2, PI};

use rustfft::num_complex::Complex;

use super::prototype::product;
use super::transform::Zpk;

pub(super) fn poles(order: usize, ripple_db: f64, attenuation_db: f64) -> Zpk {
    let epsilon = (10_f64.powf(0.1 * ripple_db) - 1.0).sqrt();
    let k1 = epsilon / (10_f64.powf(0.1 * attenuation_db) - 1.0).sqrt();
    let n = order as f64;
    let k = modulus_of_nome(nome(k1).powf(1.0 / n));
    let ladder = Ladder::new(k);
    // Equation 65: sn(j v0 n K1, k1) = j / epsilon.
    let v0 = Ladder::new(k1).inverse_sn_imaginary(1.0 / epsilon) / n;
    let half_turns: Vec<f64> = (0..order / 2).map(|i| (2 * i + 1) as f64 / n).collect();
    let pairs = |c: Complex<f64>| [c, c.conj()];
    let zeros: Vec<_> = half_turns
        .iter()
        .flat_map(|&u| pairs(Complex::new(0.0, 1.0 / (k * ladder.cd(Complex::from(u)).re))))
        .collect();
    let mut poles: Vec<_> = half_turns
        .iter()
        .flat_map(|&u| pairs(Complex::<f64>::I * ladder.cd(Complex::new(u, -v0))))
        .collect();
    if order % 2 == 1 {
        // sn(j v0) = cd(1 - j v0); purely imaginary, so the pole is real.
        let sn = ladder.cd(Complex::new(1.0, -v0));
        poles.push(Complex::from(-sn.im.abs()));
    }
    let mut gain = (product(&poles, |p| -p) / product(&zeros, |z| -z)).re;
    if order.is_multiple_of(2) {
        gain /= (1.0 + epsilon * epsilon).sqrt();
    }
    Zpk { zeros, poles, gain }
}

/// `exp(-pi K'/K)` of the modulus `k`, by the arithmetic-geometric mean.
fn nome(k: f64) -> f64 {
    let complement = (1.0 - k * k).sqrt();
    (-PI * arithmetic_geometric_mean(complement) / arithmetic_geometric_mean(k)).exp()
}

fn arithmetic_geometric_mean(b: f64) -> f64 {
    let (mut a, mut b) = (1.0, b);
    while (a - b).abs() > 1e-15 * a {
        (a, b) = (0.5 * (a + b), f64::sqrt(a * b));
    }
    a
}

/// The inverse of [`nome`], by the theta series.
fn modulus_of_nome(q: f64) -> f64 {
    let series = |power: fn(i32) -> i32| (1..8).map(|m| q.powi(power(m))).sum::<f64>();
    let ratio = (1.0 + series(|m| m * (m + 1))) / (1.0 + 2.0 * series(|m| m * m));
    4.0 * q.sqrt() * ratio * ratio
}

/// The descending Landen sequence of a modulus (equation 50).
struct Ladder {
    moduli: Vec<f64>,
}

impl Ladder {
    fn new(k: f64) -> Self {
        let mut moduli = vec![k];
        let mut last = k;
        while last > 1e-17 && moduli.len() < 12 {
            last = (last / (1.0 + (1.0 - last * last).sqrt())).powi(2);
            moduli.push(last);
        }
        Self { moduli }
    }

    /// `cd(u K, k)` (equation 55).
    fn cd(&self, u: Complex<f64>) -> Complex<f64> {
        let start = (u * FRAC_PI_2).cos();
        self.moduli[1..].iter().rev().fold(start, |w, &v| (1.0 + v) * w / (1.0 + v * w * w))
    }

    /// The `v` for which `sn(j v K, k) = j x` (equation 56).
    fn inverse_sn_imaginary(&self, x: f64) -> f64 {
        let w = self
            .moduli
            .windows(2)
            .fold(x, |w, k| 2.0 * w / ((1.0 + k[1]) * (1.0 + (1.0 + w * w * k[0] * k[0]).sqrt())));
        w.asinh() / FRAC_PI_2
    }
}
