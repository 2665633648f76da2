//! Small dense matrices: orthogonal starts, exponentials, determinants.

use faer::{Mat, MatRef, Scale, Side};

use clx_signal::rng::SplitMix64;

/// An orthogonal matrix drawn from `seed`.
pub(super) fn random_rotation(n: usize, seed: u64) -> Mat<f64> {
    let mut rng = SplitMix64::new(seed);
    let draw = Mat::from_fn(n, n, |_, _| rng.next_normal());
    // A draw that is singular to rounding has probability zero.
    decorrelate(draw.as_ref()).unwrap_or_else(|| Mat::identity(n, n))
}

/// The orthogonal matrix nearest to `w`: `(w wᵀ)^(-1/2) w`. `None` if `w` is singular.
pub(super) fn decorrelate(w: MatRef<'_, f64>) -> Option<Mat<f64>> {
    let n = w.nrows();
    let eigen = (w * w.transpose()).self_adjoint_eigen(Side::Lower).ok()?;
    let smallest = eigen.S()[0];
    if !(smallest > 0.0 && smallest.is_finite()) {
        return None;
    }
    let scaled = Mat::from_fn(n, n, |i, j| eigen.U()[(i, j)] / eigen.S()[j].sqrt());
    Some(scaled * (eigen.U().transpose() * w))
}

/// Matrix exponential by scaling, a Taylor series and squaring.
pub(super) fn exponential(a: MatRef<'_, f64>) -> Mat<f64> {
    let n = a.nrows();
    let norm = (0..n).map(|j| a.col(j).norm_l1()).fold(0.0, f64::max);
    // Below 1/4, fourteen terms leave 0.25^15 / 15! = 7e-22.
    let halvings = if norm > 0.25 { (4.0 * norm).log2().ceil().min(60.0) as i32 } else { 0 };
    let a = a * Scale(0.5_f64.powi(halvings));
    let mut sum = Mat::<f64>::identity(n, n);
    for k in (1..=14).rev() {
        sum = Mat::<f64>::identity(n, n) + (&a * sum) * Scale(1.0 / f64::from(k));
    }
    for _ in 0..halvings {
        sum = &sum * &sum;
    }
    sum
}

/// Logarithm of the magnitude of the determinant; negative infinity for a singular matrix.
pub(super) fn log_abs_det(w: MatRef<'_, f64>) -> f64 {
    let lu = w.partial_piv_lu();
    (0..w.nrows()).map(|i| lu.U()[(i, i)].abs().ln()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_of_a_turn_is_a_rotation() {
        for angle in [1e-9, 0.3, 2.0, 40.0] {
            let a = Mat::from_fn(2, 2, |i, j| angle * (i as f64 - j as f64));
            let e = exponential(a.as_ref());
            let off = (e[(0, 0)] - f64::cos(angle)).hypot(e[(1, 0)] - f64::sin(angle));
            assert!(off < 1e-13, "{angle} {off:e}");
        }
    }

    #[test]
    fn random_start_is_orthogonal_and_reproducible() {
        let w = random_rotation(7, 5);
        assert!((&w * w.transpose() - Mat::<f64>::identity(7, 7)).norm_max() < 1e-13);
        assert_eq!(w, random_rotation(7, 5));
        assert_ne!(w, random_rotation(7, 6));
        assert!(log_abs_det(w.as_ref()).abs() < 1e-13);
    }

    #[test]
    fn a_singular_matrix_cannot_be_decorrelated() {
        assert!(decorrelate(Mat::<f64>::zeros(3, 3).as_ref()).is_none());
    }
}
