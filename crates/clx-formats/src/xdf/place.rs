//! Streams on one axis of sample time.
//!
//! Sample time is that of the main stream: sample `k` of it is at `k / rate`, whatever the clock
//! says, with its interruptions taken out. A sample of another stream goes to the moment at which
//! the main stream was when it was taken; by this it is right to half a sample for hours, though
//! the two devices' clocks drift apart.

use clx_signal::Gap;

use super::stamps::Segment;

/// Between clock time and sample time.
#[derive(Clone, Debug, Default)]
pub(super) struct Axis {
    segments: Vec<Segment>,
    rate_hz: f64,
}

impl Axis {
    pub(super) fn new(segments: &[Segment], rate_hz: f64) -> Self {
        Self { segments: monotone(segments), rate_hz }
    }

    /// Interruptions of the main stream.
    pub(super) fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for pair in self.segments.windows(2) {
            let duration_s = pair[1].start_s - (pair[0].end_s() + pair[0].step_s);
            if duration_s > 0.0 {
                gaps.push(Gap { at_s: pair[1].first as f64 / self.rate_hz, duration_s });
            }
        }
        gaps
    }

    /// Clock time of sample time `t_s`.
    pub(super) fn clock_s(&self, t_s: f64) -> f64 {
        let sample = t_s * self.rate_hz;
        let index = self.segments.partition_point(|s| s.first as f64 <= sample).saturating_sub(1);
        self.segments.get(index).map_or(t_s, |s| s.time_s(sample))
    }

    /// Sample time of clock time `clock_s`. What lies in an interruption moves to it.
    pub(super) fn sample_s(&self, clock_s: f64) -> f64 {
        let index = self.segments.partition_point(|s| s.start_s <= clock_s).saturating_sub(1);
        let Some(segment) = self.segments.get(index) else { return clock_s };
        let step_s = if segment.step_s > 0.0 { segment.step_s } else { 1.0 / self.rate_hz };
        let sample = segment.first as f64 + (clock_s - segment.start_s) / step_s;
        let limit = match self.segments.get(index + 1) {
            Some(next) => next.first as f64,
            None => f64::INFINITY,
        };
        sample.min(limit) / self.rate_hz
    }
}

/// Which sample of a stream belongs to each sample of its channel in the recording.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// The main stream: each to itself.
    Same,
    /// Another stream: the sample that was taken next to the moment.
    Nearest { segments: Vec<Segment>, rate_hz: f64 },
}

impl Place {
    pub(super) fn nearest(segments: &[Segment], rate_hz: f64) -> Self {
        Self::Nearest { segments: monotone(segments), rate_hz }
    }

    /// The sample of the stream for sample `k` of the channel.
    pub(super) fn source(&self, axis: &Axis, k: u64) -> u64 {
        match self {
            Self::Same => k,
            Self::Nearest { segments, rate_hz } => {
                nearest(segments, axis.clock_s(k as f64 / rate_hz))
            }
        }
    }
}

/// The sample whose time is nearest to `clock_s`.
fn nearest(segments: &[Segment], clock_s: f64) -> u64 {
    let index = segments.partition_point(|s| s.start_s <= clock_s).saturating_sub(1);
    let Some(s) = segments.get(index) else { return 0 };
    let k = if s.step_s > 0.0 { ((clock_s - s.start_s) / s.step_s).round() } else { 0.0 };
    if k >= s.n as f64
        && let Some(next) = segments.get(index + 1)
        && next.start_s - clock_s < clock_s - s.end_s()
    {
        return next.first;
    }
    s.first + (k.max(0.0) as u64).min(s.n - 1)
}

/// Segments whose times never step back: after a clock that was put back, the next segment follows
/// without a gap.
fn monotone(segments: &[Segment]) -> Vec<Segment> {
    let mut out: Vec<Segment> = Vec::with_capacity(segments.len());
    for segment in segments {
        let mut segment = *segment;
        segment.step_s = segment.step_s.max(0.0);
        if let Some(last) = out.last() {
            segment.start_s = segment.start_s.max(last.end_s() + last.step_s);
        }
        out.push(segment);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(first: u64, n: u64, start_s: f64, step_s: f64) -> Segment {
        Segment { first, n, start_s, step_s }
    }

    #[test]
    fn sample_time_leaves_interruptions_out() {
        let axis = Axis::new(&[segment(0, 100, 50.0, 0.01), segment(100, 100, 60.0, 0.01)], 100.0);
        let gaps = axis.gaps();
        assert_eq!(gaps.len(), 1);
        assert!((gaps[0].at_s - 1.0).abs() < 1e-12 && (gaps[0].duration_s - 9.0).abs() < 1e-9);
        for (clock, sample) in [(50.0, 0.0), (50.5, 0.5), (55.0, 1.0), (60.25, 1.25), (49.0, -1.0)]
        {
            assert!((axis.sample_s(clock) - sample).abs() < 1e-9, "{clock}");
        }
        assert!((axis.clock_s(1.25) - 60.25).abs() < 1e-9);
    }

    #[test]
    fn a_drifting_stream_is_placed_to_half_a_sample() {
        let axis = Axis::new(&[segment(0, 100_000, 0.0, 0.01)], 100.0);
        // 50.01 Hz, started 0.3 s late.
        let place = Place::nearest(&[segment(0, 50_010, 0.3, 1.0 / 50.01)], 50.0);
        assert_eq!(place.source(&axis, 0), 0);
        for k in [15, 100, 40_000, 49_999] {
            let taken_s = 0.3 + place.source(&axis, k) as f64 / 50.01;
            assert!((taken_s - k as f64 / 50.0).abs() <= 0.5 / 50.0, "{k}");
        }
    }
}
