//! What one channel's samples look like, counted while they stream by.

/// Most entries of a quality strip.
pub(crate) const MAX_STRETCHES: usize = 512;
/// Samples without change count as flat from this duration on, seconds.
const FLAT_S: f64 = 0.5;
/// Equal samples in a row at an extreme that count as clipped.
const CLIP_RUN: u64 = 3;

/// Counts over one stretch of the strip.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stretch {
    n: u32,
    /// Samples that are flat or not finite.
    unusable: u32,
    n_filtered: u32,
    sum_sq: f64,
}

impl Stretch {
    /// Share of usable samples; 0 without samples.
    pub(crate) fn usable_share(&self) -> f64 {
        if self.n == 0 {
            0.0
        } else {
            1.0 - f64::from(self.unusable.min(self.n)) / f64::from(self.n)
        }
    }

    pub(crate) fn rms(&self) -> Option<f64> {
        (self.n_filtered > 0).then(|| (self.sum_sq / f64::from(self.n_filtered)).sqrt())
    }
}

/// Running counts of one channel.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    stretch_len: u64,
    flat_len: u64,
    n: u64,
    n_missing: u64,
    n_flat: u64,
    last: f32,
    /// Samples in a row that equal `last`.
    run: u64,
    min: f32,
    max: f32,
    clipped_min: u64,
    clipped_max: u64,
    mean: f64,
    /// Sum of squared deviations from the running mean.
    deviations: f64,
    n_filtered: u64,
    sum_sq: f64,
    stretches: Vec<Stretch>,
}

impl Counts {
    pub(crate) fn new(rate_hz: f64, strip_s: f64) -> Self {
        Self {
            stretch_len: ((strip_s * rate_hz).round() as u64).max(1),
            flat_len: ((FLAT_S * rate_hz).ceil() as u64).max(4),
            n: 0,
            n_missing: 0,
            n_flat: 0,
            last: f32::NAN,
            run: 0,
            min: f32::INFINITY,
            max: f32::NEG_INFINITY,
            clipped_min: 0,
            clipped_max: 0,
            mean: 0.0,
            deviations: 0.0,
            n_filtered: 0,
            sum_sq: 0.0,
            stretches: Vec::new(),
        }
    }

    fn stretch(&mut self, sample: u64) -> &mut Stretch {
        let at = ((sample / self.stretch_len) as usize).min(MAX_STRETCHES - 1);
        if at >= self.stretches.len() {
            self.stretches.resize(at + 1, Stretch::default());
        }
        &mut self.stretches[at]
    }

    /// Takes samples as recorded.
    pub(crate) fn push_raw(&mut self, samples: &[f32]) {
        for &x in samples {
            let at = self.n;
            self.n += 1;
            self.stretch(at).n += 1;
            if !x.is_finite() {
                self.n_missing += 1;
                self.run = 0;
                self.last = f32::NAN;
                self.stretch(at).unusable += 1;
                continue;
            }
            let finite = (self.n - self.n_missing) as f64;
            let delta = f64::from(x) - self.mean;
            self.mean += delta / finite;
            self.deviations += delta * (f64::from(x) - self.mean);
            self.count_run(x, at);
        }
    }

    fn count_run(&mut self, x: f32, at: u64) {
        self.run = if x == self.last { self.run + 1 } else { 1 };
        self.last = x;
        if self.run == self.flat_len {
            self.n_flat += self.flat_len;
            self.stretch(at).unusable += self.flat_len.min(u64::from(u32::MAX)) as u32;
        } else if self.run > self.flat_len {
            self.n_flat += 1;
            self.stretch(at).unusable += 1;
        }
        if x > self.max {
            (self.max, self.clipped_max) = (x, 0);
        }
        if x < self.min {
            (self.min, self.clipped_min) = (x, 0);
        }
        // A run that grows long is a flat line and no longer a clipped peak.
        let change = |count: &mut u64| {
            if self.run == CLIP_RUN {
                *count += CLIP_RUN;
            } else if self.run > CLIP_RUN && self.run < self.flat_len {
                *count += 1;
            } else if self.run == self.flat_len {
                *count = count.saturating_sub(self.flat_len - 1);
            }
        };
        if x == self.max {
            change(&mut self.clipped_max);
        } else if x == self.min {
            change(&mut self.clipped_min);
        }
    }

    /// Takes filtered samples; `first` is the index of the first in the recording.
    pub(crate) fn push_filtered(&mut self, first: u64, samples: &[f32]) {
        let mut rest = samples;
        let mut at = first;
        while !rest.is_empty() {
            let room = self.stretch_len - at % self.stretch_len;
            let (now, later) = rest.split_at(rest.len().min(room as usize));
            let sum: f64 = now.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
            let stretch = self.stretch(at);
            stretch.sum_sq += sum;
            stretch.n_filtered = stretch.n_filtered.saturating_add(now.len() as u32);
            self.sum_sq += sum;
            self.n_filtered += now.len() as u64;
            at += now.len() as u64;
            rest = later;
        }
    }

    pub(crate) fn n(&self) -> u64 {
        self.n
    }

    fn share(&self, count: u64) -> f64 {
        if self.n == 0 { 0.0 } else { (count as f64 / self.n as f64).min(1.0) }
    }

    pub(crate) fn flat_share(&self) -> f64 {
        self.share(self.n_flat)
    }

    pub(crate) fn missing_share(&self) -> f64 {
        self.share(self.n_missing)
    }

    pub(crate) fn clipped_share(&self) -> f64 {
        if self.max > self.min { self.share(self.clipped_min + self.clipped_max) } else { 0.0 }
    }

    /// Root mean square after the filter or, without one, about the mean.
    pub(crate) fn rms(&self) -> f64 {
        let (sum, n) = if self.n_filtered > 0 {
            (self.sum_sq, self.n_filtered)
        } else {
            (self.deviations, self.n - self.n_missing)
        };
        if n == 0 { 0.0 } else { (sum / n as f64).max(0.0).sqrt() }
    }

    pub(crate) fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(samples: &[f32]) -> Counts {
        let mut c = Counts::new(100.0, 1.0);
        samples.chunks(7).for_each(|chunk| c.push_raw(chunk));
        c
    }

    #[test]
    fn flat_line_is_flat_and_not_clipped() {
        let c = counts(&[3e-5; 1000]);
        assert_eq!((c.flat_share(), c.clipped_share(), c.rms()), (1.0, 0.0, 0.0));
    }

    #[test]
    fn half_flat_is_half() {
        let x: Vec<f32> = (0..1000).map(|i| if i < 500 { i as f32 } else { 0.0 }).collect();
        assert_eq!(counts(&x).flat_share(), 0.5);
    }

    #[test]
    fn clipped_sine_has_the_share_theory_says() {
        let x: Vec<f32> =
            (0..10_000).map(|i| ((i as f32 * 0.0503).sin() * 1.25).clamp(-1.0, 1.0)).collect();
        // |sin| > 0.8 for 2 acos(0.8) / pi = 41 % of the time.
        assert!((counts(&x).clipped_share() - 0.41).abs() < 0.01, "{}", counts(&x).clipped_share());
    }

    #[test]
    fn unclipped_sine_and_missing_samples_are_told_apart() {
        let mut x: Vec<f32> = (0..1000).map(|i| (i as f32 * 0.0503).sin()).collect();
        assert_eq!(counts(&x).clipped_share(), 0.0);
        x[..100].fill(f32::NAN);
        let c = counts(&x);
        assert_eq!((c.missing_share(), c.flat_share()), (0.1, 0.0));
        assert_eq!(c.stretches()[0].usable_share(), 0.0);
        assert!((c.rms() - 0.7).abs() < 0.03);
    }

    #[test]
    fn strip_is_bounded_for_any_length() {
        let mut c = Counts::new(1.0, 1.0);
        c.push_raw(&[0.0; 5000]);
        assert_eq!(c.stretches().len(), MAX_STRETCHES);
    }
}
