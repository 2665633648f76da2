//! Distribution of durations in a fixed amount of memory.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Buckets per doubling: a bucket is at most 1/32, about 3 %, wide.
const PER_DOUBLING: u64 = 32;
/// Bits of the longest duration told apart, in nanoseconds: 2^44 ns are almost five hours.
const MAX_BITS: u32 = 44;
const N_BUCKETS: usize = (MAX_BITS as usize - 4) * PER_DOUBLING as usize;

/// Counts durations in buckets of about 3 % width, 10 kB whatever comes.
///
/// Exact below 32 ns; everything above 2^44 ns falls into the last bucket. Quantiles are the upper
/// edge of their bucket, hence up to 1/32 too long and never too short; the largest is exact.
///
/// ```
/// use clx_live::LatencyHistogram;
/// let mut histogram = LatencyHistogram::new();
/// (1..=1000).for_each(|ms| histogram.record_s(f64::from(ms) * 1e-3));
/// let summary = histogram.summary().unwrap();
/// assert!((summary.p99_ms - 990.0).abs() < 990.0 / 32.0 && summary.max_ms == 1000.0);
/// ```
#[derive(Clone, Debug)]
pub struct LatencyHistogram {
    counts: Vec<u64>,
    n: u64,
    max_ns: u64,
    sum_ns: f64,
}

/// Figures of a [`LatencyHistogram`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LatencySummary {
    pub n: u64,
    pub mean_ms: f64,
    pub p50_ms: f64,
    pub p95_ms: f64,
    pub p99_ms: f64,
    pub max_ms: f64,
}

impl Default for LatencyHistogram {
    fn default() -> Self {
        Self::new()
    }
}

impl LatencyHistogram {
    pub fn new() -> Self {
        Self { counts: vec![0; N_BUCKETS], n: 0, max_ns: 0, sum_ns: 0.0 }
    }

    /// Counts one duration. Negative ones and NaN, as unequal clocks give, count as zero.
    pub fn record_s(&mut self, seconds: f64) {
        // The cast saturates, and takes NaN to 0.
        let ns = (seconds * 1e9).round() as u64;
        self.counts[bucket(ns)] += 1;
        self.n += 1;
        self.max_ns = self.max_ns.max(ns);
        self.sum_ns += ns as f64;
    }

    pub fn n(&self) -> u64 {
        self.n
    }

    /// Seconds that the share `quantile` of the durations do not exceed; `None` without any.
    pub fn quantile_s(&self, quantile: f64) -> Option<f64> {
        if self.n == 0 {
            return None;
        }
        let rank = ((quantile.clamp(0.0, 1.0) * self.n as f64).ceil() as u64).max(1);
        let mut below = 0;
        for (i, count) in self.counts.iter().enumerate() {
            below += count;
            if below >= rank && i + 1 < N_BUCKETS {
                return Some(upper_ns(i).min(self.max_ns) as f64 * 1e-9);
            }
        }
        Some(self.max_ns as f64 * 1e-9)
    }

    pub fn max_s(&self) -> Option<f64> {
        (self.n > 0).then_some(self.max_ns as f64 * 1e-9)
    }

    /// Adds the counts of another.
    pub fn merge(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(a, b)| *a += b);
        self.n += other.n;
        self.max_ns = self.max_ns.max(other.max_ns);
        self.sum_ns += other.sum_ns;
    }

    /// `None` before the first duration.
    pub fn summary(&self) -> Option<LatencySummary> {
        let ms = |quantile: f64| self.quantile_s(quantile).map(|s| s * 1e3);
        Some(LatencySummary {
            n: self.n,
            mean_ms: self.sum_ns / self.n.max(1) as f64 * 1e-6,
            p50_ms: ms(0.5)?,
            p95_ms: ms(0.95)?,
            p99_ms: ms(0.99)?,
            max_ms: self.max_ns as f64 / 1e6,
        })
    }
}

/// Values below 32 have a bucket each; then every doubling has 32.
fn bucket(ns: u64) -> usize {
    if ns < PER_DOUBLING {
        return ns as usize;
    }
    let shift = ns.ilog2() - PER_DOUBLING.ilog2();
    let at = u64::from(shift) * PER_DOUBLING + (ns >> shift);
    (at as usize).min(N_BUCKETS - 1)
}

/// Largest value of a bucket.
fn upper_ns(bucket: usize) -> u64 {
    let at = bucket as u64;
    if at < 2 * PER_DOUBLING {
        return at;
    }
    let shift = at / PER_DOUBLING - 1;
    ((at % PER_DOUBLING + PER_DOUBLING + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_recorded_has_no_figures() {
        let empty = LatencyHistogram::new();
        assert_eq!((empty.summary(), empty.max_s(), empty.quantile_s(0.5)), (None, None, None));
    }

    #[test]
    fn odd_durations_are_counted_without_a_panic() {
        let mut histogram = LatencyHistogram::new();
        for seconds in [f64::NAN, -1.0, 0.0, f64::INFINITY, 1e300] {
            histogram.record_s(seconds);
        }
        assert_eq!(histogram.n(), 5);
        assert_eq!(histogram.quantile_s(0.5), Some(0.0));
    }

    #[test]
    fn merging_is_recording_both() {
        let mut halves = [LatencyHistogram::new(), LatencyHistogram::new()];
        let mut whole = LatencyHistogram::new();
        for i in 0..200 {
            let seconds = f64::from(i) * 0.37e-3;
            halves[i as usize % 2].record_s(seconds);
            whole.record_s(seconds);
        }
        let [mut a, b] = halves;
        a.merge(&b);
        assert_eq!(a.counts, whole.counts);
        assert_eq!(a.quantile_s(0.95), whole.quantile_s(0.95));
    }

    proptest! {
        #[test]
        fn a_value_lies_in_its_bucket_which_is_narrow(ns in 0_u64..1 << MAX_BITS) {
            let upper = upper_ns(bucket(ns));
            prop_assert!(upper >= ns && (upper - ns) * PER_DOUBLING <= ns, "{} {}", ns, upper);
        }
    }
}
