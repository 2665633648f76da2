//! The hyperbolic tangent of a whole slice, written so that the compiler uses vector instructions.
//!
//! `tanh |x| = (1 - e) / (1 + e)` with `e = exp(-2|x|)`, and `log cosh x = |x| - log(1 + tanh |x|)`.

use std::f64::consts::{LN_2, LOG2_E};

use pulp::Arch;

/// Beyond this `tanh` is 1 to the last bit: `exp(-40)` is 4e-18.
const SATURATION: f64 = 20.0;
/// Adding 1.5 · 2^52 to a number below 2^51 leaves its nearest integer in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// `out[i] = tanh(x[i])`, with an absolute error below 1e-15; NaN stays NaN.
///
/// `x` and `out` have one length.
pub(super) fn tanh(x: &[f64], out: &mut [f64]) {
    let arch = Arch::new();
    if matches!(arch, Arch::Scalar) {
        tanh_all::<false>(x, out);
    } else {
        arch.dispatch(|| tanh_all::<true>(x, out));
    }
}

/// `FMA`: the processor has fused multiply-add; without, `mul_add` would be a slow function.
#[inline(always)]
fn tanh_all<const FMA: bool>(x: &[f64], out: &mut [f64]) {
    for (out, x) in out.iter_mut().zip(x) {
        *out = tanh_one::<FMA>(*x);
    }
}

#[inline(always)]
fn tanh_one<const FMA: bool>(x: f64) -> f64 {
    let a = x.abs();
    // Not `min`, which would turn NaN into a number.
    let a = if a > SATURATION { SATURATION } else { a };
    // exp(-2a) = 2^n · exp(r) with |r| <= ln(2) / 2.
    let shifted = multiply_add::<FMA>(a, -2.0 * LOG2_E, ROUND);
    let n = shifted - ROUND;
    let r = multiply_add::<FMA>(n, -LN_2, -2.0 * a);
    let power = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    // exp(r) = (even + odd) / (even - odd), the diagonal Padé approximant of order 5, whose
    // relative error is below (5!)² r^11 / (10! 11!) = 9e-16.
    let s = r * r;
    let even = multiply_add::<FMA>(multiply_add::<FMA>(30.0, s, 3360.0), s, 30240.0);
    let odd = r * multiply_add::<FMA>(s + 420.0, s, 15120.0);
    let (above, below) = (even - odd, power * (even + odd));
    ((above - below) / (above + below)).copysign(x)
}

#[inline(always)]
fn multiply_add<const FMA: bool>(a: f64, b: f64, c: f64) -> f64 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Largest absolute difference from the C library's function.
    fn worst<const FMA: bool>(x: &[f64]) -> f64 {
        let mut y = vec![0.0; x.len()];
        tanh_all::<FMA>(x, &mut y);
        x.iter().zip(&y).map(|(x, y)| (x.tanh() - y).abs()).fold(0.0, f64::max)
    }

    #[test]
    fn tanh_is_that_of_libm_to_1e_15() {
        let mut x: Vec<f64> = (-250_000..=250_000).map(|i| f64::from(i) * 1e-4).collect();
        x.extend([0.0, 1e-300, 1e-20, 1e-9, -1e-9, 0.17, 19.99, 20.0, 700.0, 1e300, f64::INFINITY]);
        let (fused, plain) = (worst::<true>(&x), worst::<false>(&x));
        println!("fused {fused:e} plain {plain:e}");
        assert!(fused < 1e-15 && plain < 1e-15, "{fused:e} {plain:e}");
    }

    #[test]
    fn log_cosh_follows_from_tanh_to_1e_14() {
        for i in -3000..3000 {
            let x = f64::from(i) * 0.007;
            let ours = x.abs() - tanh_one::<true>(x).abs().ln_1p();
            // |x| + log(1 + exp(-2|x|)) - log 2, with the C library's functions.
            let exact = x.abs() + (-2.0 * x.abs()).exp().ln_1p() - LN_2;
            assert!((ours - exact).abs() < 1e-14, "{x}");
        }
    }

    #[test]
    fn tanh_is_odd_and_keeps_nan() {
        let x = [-0.0, 0.5, -0.5, f64::NAN, f64::NEG_INFINITY];
        let mut y = [0.0; 5];
        tanh(&x, &mut y);
        assert!(y[0] == 0.0 && y[0].is_sign_negative());
        assert_eq!(y[1], -y[2]);
        assert!(y[3].is_nan());
        assert_eq!(y[4], -1.0);
    }
}
