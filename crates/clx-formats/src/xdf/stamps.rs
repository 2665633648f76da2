//! Time stamps of one stream, freed of jitter.
//!
//! Stamps of a stream with a rate carry the jitter of the sender's operating system. Between
//! breaks (a step of more than 1 s and 500 samples) they are replaced by the least-squares line
//! through them, as pyxdf does, so that two numbers per segment are all that is kept.

/// Step between two stamps that is a break: this many seconds and samples.
const BREAK_S: f64 = 1.0;
const BREAK_SAMPLES: f64 = 500.0;

/// Consecutive samples on a line of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Segment {
    pub(super) first: u64,
    pub(super) n: u64,
    /// Time of the first sample, seconds.
    pub(super) start_s: f64,
    /// Seconds from one sample to the next.
    pub(super) step_s: f64,
}

impl Segment {
    pub(super) fn time_s(&self, sample: f64) -> f64 {
        self.start_s + self.step_s * (sample - self.first as f64)
    }

    /// Time of its last sample.
    pub(super) fn end_s(&self) -> f64 {
        self.time_s((self.first + self.n.max(1) - 1) as f64)
    }
}

/// Sums with the rounding error carried along (Neumaier).
#[derive(Clone, Copy, Debug, Default)]
struct Sum(f64, f64);

impl Sum {
    fn add(&mut self, x: f64) {
        let total = self.0 + x;
        self.1 += if self.0.abs() >= x.abs() { (self.0 - total) + x } else { (x - total) + self.0 };
        self.0 = total;
    }

    fn total(self) -> f64 {
        self.0 + self.1
    }
}

/// Takes stamps in order and makes segments of them.
#[derive(Debug)]
pub(super) struct Dejitter {
    threshold_s: f64,
    segments: Vec<Segment>,
    n: u64,
    /// Number of the sample and stamp with which the segment at hand began.
    first: u64,
    origin_s: f64,
    last_s: f64,
    sum_t: Sum,
    sum_kt: Sum,
}

impl Dejitter {
    pub(super) fn new(nominal_hz: f64) -> Self {
        Self {
            threshold_s: BREAK_S.max(BREAK_SAMPLES / nominal_hz),
            segments: Vec::new(),
            n: 0,
            first: 0,
            origin_s: 0.0,
            last_s: 0.0,
            sum_t: Sum::default(),
            sum_kt: Sum::default(),
        }
    }

    pub(super) fn push(&mut self, stamp_s: f64) {
        if self.n == 0 || (stamp_s - self.last_s).abs() > self.threshold_s {
            self.close();
            self.first = self.n;
            self.origin_s = stamp_s;
            (self.sum_t, self.sum_kt) = (Sum::default(), Sum::default());
        }
        let t = stamp_s - self.origin_s;
        self.sum_t.add(t);
        self.sum_kt.add(t * (self.n - self.first) as f64);
        self.last_s = stamp_s;
        self.n += 1;
    }

    pub(super) fn n_segments(&self) -> usize {
        self.segments.len()
    }

    pub(super) fn finish(mut self) -> Vec<Segment> {
        self.close();
        self.segments.shrink_to_fit();
        self.segments
    }

    fn close(&mut self) {
        let n = self.n - self.first;
        if n == 0 {
            return;
        }
        let count = n as f64;
        let middle = (count - 1.0) / 2.0;
        let mean_t = self.sum_t.total() / count;
        // Sum over k of (k - middle)^2 for k = 0..n.
        let spread = count * (count * count - 1.0) / 12.0;
        let step_s = match n {
            1 => 0.0,
            _ => (self.sum_kt.total() - middle * self.sum_t.total()) / spread,
        };
        let start_s = self.origin_s + (mean_t - step_s * middle);
        self.segments.push(Segment { first: self.first, n, start_s, step_s });
    }
}

/// Samples per second over all segments, breaks left out; `None` below two samples in a segment.
pub(super) fn effective_hz(segments: &[Segment]) -> Option<f64> {
    let steps: u64 = segments.iter().map(|s| s.n - 1).sum();
    let seconds: f64 = segments.iter().map(|s| s.end_s() - s.start_s).sum();
    (steps > 0 && seconds > 0.0).then(|| steps as f64 / seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_averages_out_and_breaks_stay() {
        let mut dejitter = Dejitter::new(100.0);
        let jitter = |i: u32| f64::from(i * 7_919 % 13) * 1e-3;
        for i in 0..1_300 {
            dejitter.push(50.0 + f64::from(i) * 0.01 + jitter(i));
        }
        for i in 0..1_300 {
            dejitter.push(100.0 + f64::from(i) * 0.01 + jitter(i));
        }
        let segments = dejitter.finish();
        assert_eq!(segments.len(), 2);
        assert_eq!((segments[1].first, segments[1].n), (1_300, 1_300));
        assert!((segments[0].step_s - 0.01).abs() < 1e-7, "{}", segments[0].step_s);
        // The mean of the jitter is 6 ms.
        assert!((segments[1].start_s - 100.006).abs() < 1e-4, "{}", segments[1].start_s);
        assert!((effective_hz(&segments).unwrap() - 100.0).abs() < 1e-3);
    }

    #[test]
    fn one_sample_keeps_its_time() {
        let mut dejitter = Dejitter::new(10.0);
        dejitter.push(7.5);
        let segments = dejitter.finish();
        assert_eq!(segments, [Segment { first: 0, n: 1, start_s: 7.5, step_s: 0.0 }]);
        assert_eq!(effective_hz(&segments), None);
    }
}
