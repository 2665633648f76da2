//! Where the modulation is at any moment of the track.

use crate::brief::Breakpoint;

/// The modulation schedule as functions of time.
///
/// Between breakpoints rate and depth run in straight lines, so the phase is a parabola and is
/// computed exactly rather than summed up: any moment can be asked for, in any order.
#[derive(Clone, Debug)]
pub struct Schedule {
    points: Vec<Breakpoint>,
    /// Turns made up to each breakpoint.
    turns: Vec<f64>,
}

impl Schedule {
    /// `points`: at least one, times ascending.
    pub fn new(points: &[Breakpoint]) -> Self {
        let mut turns = Vec::with_capacity(points.len());
        let mut total = points.first().map_or(0.0, |p| p.at_s * p.rate_hz);
        for (i, point) in points.iter().enumerate() {
            if let Some(before) = i.checked_sub(1).map(|j| points[j]) {
                total += (point.at_s - before.at_s) * (point.rate_hz + before.rate_hz) / 2.0;
            }
            turns.push(total);
        }
        Self { points: points.to_vec(), turns }
    }

    /// Rate in hertz and depth at `at_s`; constant before the first and after the last point.
    pub fn at(&self, at_s: f64) -> (f64, f64) {
        let (i, part) = self.locate(at_s);
        let from = self.points[i];
        let to = self.points.get(i + 1).copied().unwrap_or(from);
        (
            from.rate_hz + (to.rate_hz - from.rate_hz) * part,
            from.depth + (to.depth - from.depth) * part,
        )
    }

    /// Turns of the modulation from 0 s to `at_s`: the integral of the rate.
    pub fn turns(&self, at_s: f64) -> f64 {
        let (i, _) = self.locate(at_s);
        let from = self.points[i];
        let elapsed = at_s - from.at_s;
        let (rate_hz, _) = self.at(at_s);
        if elapsed <= 0.0 {
            return self.turns[i] + elapsed * from.rate_hz;
        }
        self.turns[i] + elapsed * (from.rate_hz + rate_hz) / 2.0
    }

    /// Index of the point before `at_s` and the part of the way to the next one, 0..=1.
    fn locate(&self, at_s: f64) -> (usize, f64) {
        let i = self.points.partition_point(|p| p.at_s <= at_s).saturating_sub(1);
        let Some(to) = self.points.get(i + 1) else { return (i, 0.0) };
        let span = to.at_s - self.points[i].at_s;
        (i, ((at_s - self.points[i].at_s) / span).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_the_integral_of_the_rate() {
        let point = |at_s, rate_hz, depth| Breakpoint { at_s, rate_hz, depth };
        let schedule = Schedule::new(&[point(0.0, 8.0, 0.0), point(20.0, 4.0, 0.5)]);
        // 8 Hz falling to 4 Hz over 20 s: 120 turns; at 10 s the rate is 6 Hz after 70 turns.
        assert!((schedule.turns(20.0) - 120.0).abs() < 1e-12);
        assert!((schedule.turns(10.0) - 70.0).abs() < 1e-12);
        assert!((schedule.turns(25.0) - 140.0).abs() < 1e-12);
        assert_eq!(schedule.at(10.0), (6.0, 0.25));
        assert_eq!(schedule.at(99.0), (4.0, 0.5));
    }
}
