//! Figures of a window that moves in steps, and their values between the steps.

use clx_signal::SampleRate;

/// A figure at successive times.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Coarse {
    pub(super) times_s: Vec<f64>,
    pub(super) values: Vec<f64>,
}

impl Coarse {
    /// Calls `each(sample, value)` for every sample between the first and the last time, values by
    /// straight lines.
    pub(super) fn for_each_sample(
        &self,
        rate: SampleRate,
        n_samples: usize,
        mut each: impl FnMut(usize, f64),
    ) {
        let first_at = |t: f64| {
            let near = (t * rate.hz()).ceil().max(0.0) as usize;
            if near > 0 && rate.seconds(near - 1) >= t { near - 1 } else { near }
        };
        for (times, values) in self.times_s.windows(2).zip(self.values.windows(2)) {
            let slope = (values[1] - values[0]) / (times[1] - times[0]);
            for i in first_at(times[0])..first_at(times[1]).min(n_samples) {
                each(i, values[0] + slope * (rate.seconds(i) - times[0]));
            }
        }
        if let (Some(&t), Some(&value)) = (self.times_s.last(), self.values.last()) {
            let i = first_at(t);
            if i < n_samples && rate.seconds(i) == t {
                each(i, value);
            }
        }
    }
}

/// First sample and end of the window of `window_s` around each multiple of `step_s`, cut at the
/// ends of the signal and rounded towards zero, as `yasa.moving_transform`.
fn windows(
    n: usize,
    rate: SampleRate,
    window_s: f64,
    step_s: f64,
) -> impl Iterator<Item = (usize, usize)> {
    let n_windows = (rate.seconds(n) / step_s).ceil() as usize;
    (0..n_windows).map(move |k| {
        let centre_s = k as f64 * step_s;
        let start = ((centre_s - window_s / 2.0) * rate.hz()).max(0.0) as usize;
        let end = ((centre_s + window_s / 2.0) * rate.hz()) as usize;
        (start, if end >= n { n } else { end })
    })
}

fn coarse(
    n: usize,
    rate: SampleRate,
    window_s: f64,
    step_s: f64,
    of: impl Fn(usize, usize) -> f64,
) -> Coarse {
    let (times_s, values) = windows(n, rate, window_s, step_s)
        .filter(|(start, end)| start < end)
        .map(|(start, end)| ((start + end) as f64 / 2.0 / rate.hz(), of(start, end)))
        .unzip();
    Coarse { times_s, values }
}

/// Root mean square of a moving window.
pub(super) fn moving_rms(x: &[f32], rate: SampleRate, window_s: f64, step_s: f64) -> Coarse {
    coarse(x.len(), rate, window_s, step_s, |start, end| {
        let sum: f64 = x[start..end].iter().map(|&v| f64::from(v).powi(2)).sum();
        (sum / (end - start) as f64).sqrt()
    })
}

/// Pearson correlation of two signals in a moving window; 0 where one of them is flat.
pub(super) fn moving_correlation(
    x: &[f32],
    y: &[f32],
    rate: SampleRate,
    window_s: f64,
    step_s: f64,
) -> Coarse {
    coarse(x.len(), rate, window_s, step_s, |start, end| {
        let n = (end - start) as f64;
        let [mut sx, mut sy, mut sxx, mut syy, mut sxy] = [0.0; 5];
        for (&a, &b) in x[start..end].iter().zip(&y[start..end]) {
            let (a, b) = (f64::from(a), f64::from(b));
            sx += a;
            sy += b;
            sxx += a * a;
            syy += b * b;
            sxy += a * b;
        }
        let spread = ((sxx - sx * sx / n).max(0.0) * (syy - sy * sy / n).max(0.0)).sqrt();
        if spread > 0.0 { (sxy - sx * sy / n) / spread } else { 0.0 }
    })
}

/// Standard deviation of what remains when the share `cut` is taken off at either end of the order;
/// values from 0 up. 0 with fewer than two values left.
///
/// A histogram of the leading bits finds the two ends without sorting.
pub(super) fn trimmed_sd(values: &[f32], cut: f64) -> f64 {
    let low_rank = (cut * values.len() as f64) as usize;
    let high_rank = values.len() - low_rank;
    let mut counts = vec![0_u32; 1 << 16];
    let bin = |v: f32| (v.max(0.0).to_bits() >> 16) as usize;
    values.iter().for_each(|&v| counts[bin(v)] += 1);
    let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
    let mut add = |v: f64| {
        n += 1.0;
        sum += v;
        squares += v * v;
    };
    let mut before = 0_usize;
    let mut inside = vec![false; counts.len()];
    let mut split = Vec::new();
    for (i, &count) in counts.iter().enumerate() {
        let range = before..before + count as usize;
        inside[i] = low_rank <= range.start && range.end <= high_rank;
        if !inside[i] && count > 0 && range.end > low_rank && range.start < high_rank {
            split.push((i, range.start));
        }
        before = range.end;
    }
    values.iter().filter(|v| inside[bin(**v)]).for_each(|&v| add(f64::from(v)));
    for (i, first_rank) in split {
        let mut members: Vec<f32> = values.iter().copied().filter(|&v| bin(v) == i).collect();
        members.sort_by(f32::total_cmp);
        for (rank, v) in (first_rank..).zip(members) {
            if (low_rank..high_rank).contains(&rank) {
                add(f64::from(v));
            }
        }
    }
    if n < 2.0 { 0.0 } else { ((squares - sum * sum / n).max(0.0) / (n - 1.0)).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trimming_equals_sorting() {
        let mut rng = clx_signal::rng::SplitMix64::new(5);
        let mut x: Vec<f32> = (0..1234).map(|_| (rng.next_f64() * 9.0).exp() as f32).collect();
        let got = trimmed_sd(&x, 0.1);
        x.sort_by(f32::total_cmp);
        let kept: Vec<f64> = x[123..1111].iter().map(|&v| f64::from(v)).collect();
        let mean = kept.iter().sum::<f64>() / kept.len() as f64;
        let expected =
            (kept.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (kept.len() - 1) as f64).sqrt();
        assert!((got / expected - 1.0).abs() < 1e-10, "{got} {expected}");
        assert_eq!((trimmed_sd(&[], 0.1), trimmed_sd(&[2.0; 50], 0.1)), (0.0, 0.0));
    }

    #[test]
    fn values_between_steps_lie_on_lines() {
        let rate = SampleRate::from_hz(10.0).unwrap();
        let coarse = Coarse { times_s: vec![0.15, 0.4, 0.8], values: vec![1.0, 2.0, 0.0] };
        let mut got = [f64::NAN; 20];
        coarse.for_each_sample(rate, 20, |i, v| got[i] = v);
        assert!(got[1].is_nan() && got[9].is_nan());
        assert!((got[2] - 1.2).abs() < 1e-12 && got[4] == 2.0 && got[8] == 0.0);
    }
}
