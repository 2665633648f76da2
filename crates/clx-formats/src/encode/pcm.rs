//! Floating point to integers.

use super::SampleFormat;

/// Adding this to a number below 2^51 leaves the number, rounded to even, in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// Turns ±1 into integers; for 16 bit it adds triangular dither.
#[derive(Debug)]
pub(super) struct Quantiser {
    scale: f64,
    dithered: bool,
    seed: u64,
    n_drawn: u64,
}

impl Quantiser {
    pub(super) fn new(samples: SampleFormat, seed: u64) -> Self {
        let scale = if samples == SampleFormat::Int16 { 32_768.0 } else { 8_388_608.0 };
        Self {
            scale,
            dithered: samples == SampleFormat::Int16,
            seed: seed ^ 0x0D17_4E12_D17E,
            n_drawn: 0,
        }
    }

    /// Fills `out` (one vector per channel) with the block.
    ///
    /// Dither is drawn frame by frame, one number for two channels, so block size does not matter.
    pub(super) fn quantise(&mut self, block: &[&[f32]], out: &mut [Vec<i32>]) {
        let scale = self.scale;
        let pairs = block.chunks(2).zip(out.chunks_mut(2)).enumerate();
        let per_frame = block.len().div_ceil(2) as u64;
        for (pair, (samples, channels)) in pairs {
            for (half, (channel, samples)) in channels.iter_mut().zip(samples).enumerate() {
                channel.clear();
                if !self.dithered {
                    channel.extend(samples.iter().map(|&x| round(f64::from(x) * scale, scale)));
                    continue;
                }
                let dithered = samples.iter().zip(0_u64..).map(|(&x, frame)| {
                    let bits = self.draw(frame * per_frame + pair as u64) >> (32 * half);
                    round(f64::from(x) * scale + triangular(bits as u32), scale)
                });
                channel.extend(dithered);
            }
        }
        self.n_drawn += per_frame * block[0].len() as u64;
    }

    /// The random number `ahead` places after the last one used: SplitMix64 (Steele, Lea, Flood
    /// 2014), whose state is a counter.
    fn draw(&self, ahead: u64) -> u64 {
        let count = self.n_drawn.wrapping_add(ahead).wrapping_add(1);
        let mut z = self.seed.wrapping_add(count.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

fn round(value: f64, scale: f64) -> i32 {
    let clipped = if value.is_nan() { 0.0 } else { value };
    let clipped = clipped.max(-scale).min(scale - 1.0);
    (clipped + ROUND).to_bits() as i32
}

/// Sum of two uniform numbers, in -1..1 steps, from 2 × 16 bits.
fn triangular(bits: u32) -> f64 {
    let sum = (bits & 0xFFFF) as i32 + (bits >> 16) as i32 - 0xFFFF;
    f64::from(sum) * (1.0 / 65_536.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantise(samples: SampleFormat, block: &[f32]) -> Vec<i32> {
        let mut out = vec![Vec::new()];
        Quantiser::new(samples, 1).quantise(&[block], &mut out);
        out.remove(0)
    }

    #[test]
    fn full_scale_and_beyond_are_clipped_and_nan_is_silence() {
        let got = quantise(SampleFormat::Int24, &[1.0, -1.0, 7.0, -7.0, f32::NAN, 0.5]);
        assert_eq!(got, [8_388_607, -8_388_608, 8_388_607, -8_388_608, 0, 4_194_304]);
    }

    #[test]
    fn dither_makes_the_mean_of_a_constant_exact_below_one_step() {
        // A level of 0.25 steps is lost by plain rounding; with triangular dither the mean is
        // unbiased and the error has variance 1/4 step² (Lipshitz, Wannamaker, Vanderkooy 1992).
        let level = 0.25 / 32_768.0;
        let got = quantise(SampleFormat::Int16, &vec![level; 400_000]);
        let n = got.len() as f64;
        let mean = got.iter().map(|&v| f64::from(v)).sum::<f64>() / n;
        let variance = got.iter().map(|&v| (f64::from(v) - 0.25).powi(2)).sum::<f64>() / n;
        assert!((mean - 0.25).abs() < 0.004, "{mean}");
        assert!((variance - 0.25).abs() < 0.01, "{variance}");
    }
}
