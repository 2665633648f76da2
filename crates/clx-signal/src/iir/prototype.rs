//! Zeros and poles of the analog low-pass filters with their edge at 1 rad/s.

use std::f64::consts::PI;

use rustfft::num_complex::Complex;

use super::transform::Zpk;
use super::{MAX_ORDER, Prototype, elliptic};
use crate::SignalError;

impl Prototype {
    pub(super) fn poles(self, order: usize) -> Result<Zpk, SignalError> {
        if !(1..=MAX_ORDER).contains(&order) {
            return Err(SignalError::Parameter {
                name: "order",
                expected: "from 1 to 20",
                got: order.to_string(),
            });
        }
        let decibels_ok = match self {
            Prototype::Butterworth | Prototype::Bessel => true,
            Prototype::Chebyshev1 { ripple_db: db }
            | Prototype::Chebyshev2 { attenuation_db: db } => db > 0.0 && db < 300.0,
            Prototype::Elliptic { ripple_db, attenuation_db } => {
                ripple_db > 0.0 && ripple_db < attenuation_db && attenuation_db < 300.0
            }
        };
        if !decibels_ok {
            return Err(SignalError::Parameter {
                name: "ripple_db and attenuation_db",
                expected: "above 0 and below 300, the ripple below the attenuation",
                got: format!("{self:?}"),
            });
        }
        Ok(match self {
            Prototype::Butterworth => butterworth(order),
            Prototype::Chebyshev1 { ripple_db } => chebyshev1(order, ripple_db),
            Prototype::Chebyshev2 { attenuation_db } => chebyshev2(order, attenuation_db),
            Prototype::Elliptic { ripple_db, attenuation_db } => {
                elliptic::poles(order, ripple_db, attenuation_db)
            }
            Prototype::Bessel => bessel(order),
        })
    }
}

/// `-(n - 1), -(n - 3), … n - 1`, times `pi / (2 n)`: the angles from the negative real axis.
fn angles(order: usize) -> impl Iterator<Item = f64> {
    let n = order as f64;
    (0..order).map(move |i| (2.0 * i as f64 - (n - 1.0)) * PI / (2.0 * n))
}

fn butterworth(order: usize) -> Zpk {
    Zpk { zeros: Vec::new(), poles: angles(order).map(|a| -Complex::cis(a)).collect(), gain: 1.0 }
}

fn chebyshev1(order: usize, ripple_db: f64) -> Zpk {
    let epsilon = (10_f64.powf(0.1 * ripple_db) - 1.0).sqrt();
    let mu = (1.0 / epsilon).asinh() / order as f64;
    let poles: Vec<_> = angles(order).map(|a| -Complex::new(mu, a).sinh()).collect();
    let mut gain = product(&poles, |p| -p).re;
    if order.is_multiple_of(2) {
        gain /= (1.0 + epsilon * epsilon).sqrt();
    }
    Zpk { zeros: Vec::new(), poles, gain }
}

fn chebyshev2(order: usize, attenuation_db: f64) -> Zpk {
    let epsilon = 1.0 / (10_f64.powf(0.1 * attenuation_db) - 1.0).sqrt();
    let mu = (1.0 / epsilon).asinh() / order as f64;
    let is_middle = |i: usize| 2 * i + 1 == order;
    let zeros: Vec<_> = angles(order)
        .enumerate()
        .filter(|&(i, _)| !is_middle(i))
        .map(|(_, a)| Complex::new(0.0, 1.0 / a.sin()))
        .collect();
    let poles: Vec<_> = angles(order)
        .map(|a| 1.0 / Complex::new(-mu.sinh() * a.cos(), -mu.cosh() * a.sin()))
        .collect();
    let gain = (product(&poles, |p| -p) / product(&zeros, |z| -z)).re;
    Zpk { zeros, poles, gain }
}

/// Roots of the reverse Bessel polynomial by Aberth's simultaneous iteration, scaled so that the
/// asymptotes of the phase are those of a Butterworth filter.
fn bessel(order: usize) -> Zpk {
    let mut roots: Vec<Complex<f64>> =
        angles(order).map(|a| -Complex::from_polar(order as f64, a + 0.05)).collect();
    for _ in 0..200 {
        let mut step: f64 = 0.0;
        for i in 0..order {
            let [value, slope] = bessel_polynomial(order, roots[i]);
            let newton = value / slope;
            let others: Complex<f64> =
                (0..order).filter(|&j| j != i).map(|j| 1.0 / (roots[i] - roots[j])).sum();
            let change = newton / (1.0 - newton * others);
            roots[i] -= change;
            step = step.max(change.norm());
        }
        if step < 1e-15 {
            break;
        }
    }
    // The constant term, (2n)! / (2^n n!).
    let last: f64 = (1..=order).map(|k| (2 * k - 1) as f64).product();
    let scale = last.powf(-1.0 / order as f64);
    Zpk { zeros: Vec::new(), poles: roots.iter().map(|r| r * scale).collect(), gain: 1.0 }
}

/// Value and derivative of the reverse Bessel polynomial.
/// Grosswald 1978, Bessel Polynomials, chapter 3: the recurrence, and `θn' = θn - s θ(n-1)`.
fn bessel_polynomial(order: usize, s: Complex<f64>) -> [Complex<f64>; 2] {
    let (mut before, mut value) = (Complex::from(1.0), s + 1.0);
    for k in 2..=order {
        (before, value) = (value, (2 * k - 1) as f64 * value + s * s * before);
    }
    [value, value - s * before]
}

pub(super) fn product(
    values: &[Complex<f64>],
    factor: impl Fn(Complex<f64>) -> Complex<f64>,
) -> Complex<f64> {
    values.iter().map(|&v| factor(v)).product()
}
