//! Seeded randomness: the same seed gives the same numbers on every machine, for ever.

/// SplitMix64 generator.
///
/// # Source
/// Steele, Lea and Flood 2014, OOPSLA, doi 10.1145/2660193.2660195.
///
/// ```
/// let mut rng = clx_signal::rng::SplitMix64::new(1234567);
/// assert_eq!(rng.next_u64(), 6457827717110365317); // reference output of the published C code
/// ```
#[derive(Clone, Debug)]
pub struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in `0.0..1.0`, 53 random bits.
    pub fn next_f64(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in `0..n` by multiplication; the bias is below `n / 2^64`. Zero for `n == 0`.
    pub fn next_index(&mut self, n: usize) -> usize {
        ((u128::from(self.next_u64()) * n as u128) >> 64) as usize
    }

    /// Standard normal by Box and Muller (one of the pair is dropped).
    pub fn next_normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.next_f64()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.next_f64()).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_has_zero_mean_and_unit_variance() {
        let mut rng = SplitMix64::new(7);
        let x: Vec<f64> = (0..100_000).map(|_| rng.next_normal()).collect();
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        let var = x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / x.len() as f64;
        // Five standard errors: 1/sqrt(1e5) = 0.0032 for the mean, sqrt(2/1e5) = 0.0045.
        assert!(mean.abs() < 0.016 && (var - 1.0).abs() < 0.023, "{mean} {var}");
    }

    #[test]
    fn index_covers_the_range_and_stays_in_it() {
        let mut rng = SplitMix64::new(1);
        let mut seen = [false; 5];
        (0..200).for_each(|_| seen[rng.next_index(5)] = true);
        assert_eq!(seen, [true; 5]);
        assert_eq!(rng.next_index(0), 0);
    }
}
