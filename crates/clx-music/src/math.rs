//! Elementary functions with the same bits on every machine.
//!
//! The C library picks variants of `sin` and `exp` by processor, and they differ in the last bit.
//! Only additions, multiplications and square roots are used here, which IEEE 754 fixes exactly.

/// Reciprocals of odd factorials with alternating sign: Taylor series of the sine.
const SINE: [f64; 11] = [
    1.0,
    -1.0 / 6.0,
    1.0 / 120.0,
    -1.0 / 5_040.0,
    1.0 / 362_880.0,
    -1.0 / 39_916_800.0,
    1.0 / 6_227_020_800.0,
    -1.0 / 1_307_674_368_000.0,
    1.0 / 355_687_428_096_000.0,
    -1.0 / 121_645_100_408_832_000.0,
    1.0 / 51_090_942_171_709_440_000.0,
];

/// Sine of an angle in turns: `sin(2π·turns)`, absolute error below 1e-15 near zero turns.
pub(crate) fn sin_turns(turns: f64) -> f64 {
    let x = turns - (turns + 0.5).floor();
    // Fold -1/2..1/2 onto -1/4..1/4, where the series converges fast.
    let x = if x > 0.25 {
        0.5 - x
    } else if x < -0.25 {
        -0.5 - x
    } else {
        x
    };
    let angle = x * std::f64::consts::TAU;
    let square = angle * angle;
    angle * SINE.iter().rev().fold(0.0, |sum, c| sum * square + c)
}

pub(crate) fn cos_turns(turns: f64) -> f64 {
    sin_turns(turns + 0.25)
}

/// `2^x` for `|x| < 1000`, relative error below 1e-15.
pub(crate) fn exp2(x: f64) -> f64 {
    let whole = (x + 0.5).floor();
    let y = (x - whole) * std::f64::consts::LN_2;
    let series = (1..=16).rev().fold(1.0, |sum, k| 1.0 + sum * y / f64::from(k));
    series * f64::from_bits(((1023 + whole as i64) as u64) << 52)
}

/// Binary logarithm of a positive normal number, absolute error below 1e-14.
pub(crate) fn log2(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = (bits >> 52) as i64 - 1023;
    let mut mantissa = f64::from_bits((bits & ((1 << 52) - 1)) | (1023 << 52));
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa /= 2.0;
        exponent += 1;
    }
    // ln m = 2 artanh((m-1)/(m+1)).
    let z = (mantissa - 1.0) / (mantissa + 1.0);
    let square = z * z;
    let series = (0..12).rev().fold(0.0, |sum, k| sum * square + 1.0 / f64::from(2 * k + 1));
    exponent as f64 + 2.0 * z * series * std::f64::consts::LOG2_E
}

/// `x^power` for positive `x`.
pub(crate) fn pow(x: f64, power: f64) -> f64 {
    exp2(power * log2(x))
}

/// `10^(db/20)`.
pub(crate) fn from_db(db: f64) -> f64 {
    exp2(db * (std::f64::consts::LOG2_10 / 20.0))
}

/// A turn advanced sample by sample: exact at block starts, rotated in between.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phasor {
    pub(crate) cos: f64,
    pub(crate) sin: f64,
    step_cos: f64,
    step_sin: f64,
}

impl Phasor {
    /// Starts at `turns` and reaches `turns + advance` after `n` steps.
    pub(crate) fn new(turns: f64, advance: f64, n: usize) -> Self {
        let step = advance / n as f64;
        Self {
            cos: cos_turns(turns),
            sin: sin_turns(turns),
            step_cos: cos_turns(step),
            step_sin: sin_turns(step),
        }
    }

    #[inline]
    pub(crate) fn step(&mut self) {
        let cos = self.cos * self.step_cos - self.sin * self.step_sin;
        self.sin = self.sin * self.step_cos + self.cos * self.step_sin;
        self.cos = cos;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sine_and_exponential_agree_with_the_standard_library() {
        for i in -2_000..2_000 {
            let x = f64::from(i) * 0.001_37;
            let sine = (x * std::f64::consts::TAU).sin();
            assert!((sin_turns(x) - sine).abs() < 4e-15, "{x}");
            assert!((exp2(x * 9.0) / (x * 9.0).exp2() - 1.0).abs() < 1e-14, "{x}");
            let y = f64::from(i + 2_001) * 0.37;
            assert!((log2(y) - y.log2()).abs() < 1e-14, "{y}");
        }
    }

    #[test]
    fn phasor_arrives_where_it_should() {
        let mut phasor = Phasor::new(0.1, 10.25, 1024);
        for _ in 0..1024 {
            phasor.step();
        }
        assert!((phasor.sin - sin_turns(10.35)).abs() < 1e-12);
    }
}
