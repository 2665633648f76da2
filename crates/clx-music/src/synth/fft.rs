//! Radix-2 Fourier transform with the same bits on every machine.
//!
//! The usual libraries choose their kernels by processor, and the last bit follows that choice.

use crate::math::{cos_turns, sin_turns};

/// A complex number as `[re, im]`.
pub(super) type Complex = [f64; 2];

pub(super) struct Fft {
    n: usize,
    /// `exp(2πi k/n)`, k = 0..n/2.
    twiddles: Vec<Complex>,
}

impl Fft {
    /// `n`: a power of two.
    pub(super) fn new(n: usize) -> Self {
        assert!(n.is_power_of_two(), "length of the transform must be a power of two, got {n}");
        let turns = |k: usize| k as f64 / n as f64;
        let twiddles = (0..n / 2).map(|k| [cos_turns(turns(k)), sin_turns(turns(k))]).collect();
        Self { n, twiddles }
    }

    /// `x[t] = Σ X[k] exp(+2πi kt/n)`, in place, not scaled.
    pub(super) fn inverse(&self, x: &mut [Complex]) {
        let shift = usize::BITS - self.n.trailing_zeros();
        for i in 0..self.n {
            let j = i.reverse_bits() >> shift;
            if i < j {
                x.swap(i, j);
            }
        }
        let mut half = 1;
        while half < self.n {
            let stride = self.n / (2 * half);
            for pair in x.chunks_exact_mut(2 * half) {
                let (low, high) = pair.split_at_mut(half);
                let twiddles = self.twiddles.iter().step_by(stride);
                for ((a, b), w) in low.iter_mut().zip(high).zip(twiddles) {
                    let t = [b[0] * w[0] - b[1] * w[1], b[0] * w[1] + b[1] * w[0]];
                    *b = [a[0] - t[0], a[1] - t[1]];
                    *a = [a[0] + t[0], a[1] + t[1]];
                }
            }
            half *= 2;
        }
    }

    /// `X[k] = Σ x[t] exp(-2πi kt/n)`, in place.
    pub(super) fn forward(&self, x: &mut [Complex]) {
        // Conjugating before and after turns the inverse transform into the forward one.
        x.iter_mut().for_each(|v| v[1] = -v[1]);
        self.inverse(x);
        x.iter_mut().for_each(|v| v[1] = -v[1]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transform_agrees_with_the_definition() {
        let n = 16;
        let x: Vec<Complex> = (0..n).map(|i| [f64::from(i * i % 7), f64::from(i % 5)]).collect();
        let mut fast = x.clone();
        Fft::new(16).forward(&mut fast);
        for (k, got) in fast.iter().enumerate() {
            let mut sum = [0.0, 0.0];
            for (t, v) in x.iter().enumerate() {
                let angle = -std::f64::consts::TAU * (k * t) as f64 / 16.0;
                sum[0] += v[0] * angle.cos() - v[1] * angle.sin();
                sum[1] += v[0] * angle.sin() + v[1] * angle.cos();
            }
            assert!((got[0] - sum[0]).abs() < 1e-12 && (got[1] - sum[1]).abs() < 1e-12);
        }
    }
}
