//! Integer decimation of a stream, for features that need low frequencies only.

/// Low-pass by a Blackman-windowed sinc, then every `factor`-th sample.
#[derive(Debug)]
pub(crate) struct Decimator {
    factor: usize,
    taps: Vec<f32>,
    pending: Vec<f32>,
}

/// Side lobes of the sinc kept on each side, in output samples.
const LOBES: usize = 12;

impl Decimator {
    pub(crate) fn new(factor: usize) -> Self {
        let half = if factor == 1 { 0 } else { LOBES * factor };
        let n = 2 * half + 1;
        // Cut at 0.8 of the new Nyquist frequency: aliases stay above 0.6 of it... the features
        // use less than half.
        let cut = 0.8 / factor as f64;
        let mut taps: Vec<f64> = (0..n)
            .map(|i| {
                let x = i as f64 - half as f64;
                let phase = std::f64::consts::TAU * (i as f64 + 1.0) / (n as f64 + 1.0);
                let window = 0.42 - 0.5 * phase.cos() + 0.08 * (2.0 * phase).cos();
                let arg = std::f64::consts::PI * x * cut;
                window * if x == 0.0 { 1.0 } else { arg.sin() / arg }
            })
            .collect();
        let sum: f64 = taps.iter().sum();
        taps.iter_mut().for_each(|t| *t /= sum);
        Self { factor, taps: taps.iter().map(|&t| t as f32).collect(), pending: vec![0.0; half] }
    }

    pub(crate) fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        out.clear();
        if self.factor == 1 {
            out.extend_from_slice(samples);
            return;
        }
        self.pending.extend_from_slice(samples);
        let mut at = 0;
        while at + self.taps.len() <= self.pending.len() {
            out.push(dot(&self.taps, &self.pending[at..]));
            at += self.factor;
        }
        self.pending.drain(..at);
    }
}

/// Eight running sums, so that the compiler may use vector registers.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let n = a.len() / 8 * 8;
    let mut sums = [0.0_f32; 8];
    for (x, y) in a[..n].chunks_exact(8).zip(b[..n].chunks_exact(8)) {
        for ((s, x), y) in sums.iter_mut().zip(x).zip(y) {
            *s += x * y;
        }
    }
    let rest: f32 = a[n..].iter().zip(&b[n..a.len()]).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use clx_signal::{SampleRate, synth};

    use super::*;

    #[test]
    fn keeps_the_pass_band_and_removes_what_would_fold_into_it() {
        let rate = SampleRate::from_hz(44_100.0).unwrap();
        let level = |f: f64| {
            let mut out = Vec::new();
            Decimator::new(4).push(&synth::sine(rate, f, 1.0, 0.5), &mut out);
            let tail = &out[500..];
            (tail.iter().map(|x| x * x).sum::<f32>() / tail.len() as f32).sqrt() * 2_f32.sqrt()
        };
        assert!((level(1_000.0) - 1.0).abs() < 0.01);
        assert!((level(2_500.0) - 1.0).abs() < 0.01);
        // 9 kHz would fold to 2,025 Hz.
        assert!(level(9_000.0) < 1e-3, "{}", level(9_000.0));
    }
}
