//! Spherical splines: the functions `g` and `h` of Perrin et al. 1989 (Electroencephalogr. Clin.
//! Neurophysiol. 72:184-187, with the corrections of 76:565).

use clx_signal::SignalError;

use crate::EegError;

/// Terms of the Legendre series, as MNE.
const TERMS: usize = 50;
/// Exponent `m` of the splines. Perrin et al. 1989 recommend 4.
const STIFFNESS: i32 = 4;

/// `g`: the spline itself, at the cosine of an angle.
pub(crate) fn g(cosine: f64) -> f64 {
    series(cosine, STIFFNESS)
}

/// `h`: minus its Laplacian on the unit sphere.
pub(crate) fn h(cosine: f64) -> f64 {
    series(cosine, STIFFNESS - 1)
}

fn series(cosine: f64, exponent: i32) -> f64 {
    let (mut before, mut legendre) = (1.0, cosine);
    let mut sum = 0.0;
    for n in 1..=TERMS {
        let k = n as f64;
        sum += (2.0 * k + 1.0) / (k * (k + 1.0)).powi(exponent) * legendre;
        (before, legendre) =
            (legendre, ((2.0 * k + 1.0) * cosine * legendre - k * before) / (k + 1.0));
    }
    sum / (4.0 * std::f64::consts::PI)
}

pub(crate) fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Positions projected on the unit sphere.
///
/// # Errors
/// [`SignalError::Parameter`] for a position at the centre or not finite.
pub(crate) fn unit(positions: &[[f64; 3]]) -> Result<Vec<[f64; 3]>, EegError> {
    positions
        .iter()
        .map(|p| {
            let length = dot(p, p).sqrt();
            if length.is_finite() && length > 0.0 {
                return Ok(p.map(|v| v / length));
            }
            Err(EegError::Signal(SignalError::Parameter {
                name: "electrode position",
                expected: "finite and away from the centre of the head",
                got: format!("{p:?}"),
            }))
        })
        .collect()
}
