use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Probes that a wave of [`OffsetFilter`] keeps at most.
const MAX_PROBES: usize = 64;

/// Four times of one question and its answer, seconds: asked and answered on our clock, received and
/// sent on the other one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probe {
    pub asked_s: f64,
    pub received_s: f64,
    pub sent_s: f64,
    pub answered_s: f64,
}

/// How far the other clock is from ours.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClockOffset {
    /// Added to a stamp of the other clock it gives ours, seconds.
    pub correction_s: f64,
    /// Time on the way there and back: the offset is wrong by half of it at most.
    pub round_trip_s: f64,
    /// When it was measured, on our clock.
    pub measured_s: f64,
    pub n_probes: usize,
}

/// Takes, of a wave of probes, the one that was underway the shortest, as NTP does: what is
/// asymmetric about a way costs less the shorter it is.
///
/// # Source
/// Mills 1991, IEEE Trans. Commun. 39:1482-1493 (clock filter of NTP).
///
/// ```
/// use clx_live::{OffsetFilter, Probe};
/// let mut filter = OffsetFilter::new(1);
/// // The other clock is 10 s ahead; the ways take 1 ms and 1 ms, then 30 ms and 1 ms.
/// filter.push(Probe { asked_s: 0.0, received_s: 10.001, sent_s: 10.001, answered_s: 0.002 });
/// filter.push(Probe { asked_s: 1.0, received_s: 11.030, sent_s: 11.030, answered_s: 1.031 });
/// let offset = filter.finish().unwrap();
/// assert!((offset.correction_s + 10.0).abs() < 1e-9);
/// ```
#[derive(Clone, Debug)]
pub struct OffsetFilter {
    min_probes: usize,
    probes: Vec<Probe>,
}

impl OffsetFilter {
    /// A wave that needs at least `min_probes` answers.
    pub fn new(min_probes: usize) -> Self {
        Self { min_probes: min_probes.clamp(1, MAX_PROBES), probes: Vec::new() }
    }

    /// Takes one probe. Refused, with `false`, are those that cannot be: a time that is no number, an
    /// answer before the question, more time spent there than here; and what exceeds 64.
    pub fn push(&mut self, probe: Probe) -> bool {
        let Probe { asked_s, received_s, sent_s, answered_s } = probe;
        let finite = [asked_s, received_s, sent_s, answered_s].iter().all(|t| t.is_finite());
        // Clocks have a resolution, so a round trip may look a little shorter than nothing.
        let possible = answered_s >= asked_s && probe.round_trip_s() > -1e-3;
        let taken = finite && possible && self.probes.len() < MAX_PROBES;
        if taken {
            self.probes.push(probe);
        }
        taken
    }

    /// Ends the wave: the offset of its quickest probe, `None` with fewer than needed.
    pub fn finish(&mut self) -> Option<ClockOffset> {
        let probes = std::mem::take(&mut self.probes);
        if probes.len() < self.min_probes {
            return None;
        }
        let quickest =
            probes.iter().min_by(|a, b| a.round_trip_s().total_cmp(&b.round_trip_s()))?;
        Some(ClockOffset {
            correction_s: quickest.correction_s(),
            round_trip_s: quickest.round_trip_s().max(0.0),
            measured_s: (quickest.asked_s + quickest.answered_s) / 2.0,
            n_probes: probes.len(),
        })
    }
}

impl Probe {
    fn round_trip_s(&self) -> f64 {
        (self.answered_s - self.asked_s) - (self.sent_s - self.received_s)
    }

    fn correction_s(&self) -> f64 {
        ((self.asked_s - self.received_s) + (self.answered_s - self.sent_s)) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_answers_give_no_offset_and_the_next_wave_starts_empty() {
        let probe = Probe { asked_s: 0.0, received_s: 1.0, sent_s: 1.0, answered_s: 0.1 };
        let mut filter = OffsetFilter::new(3);
        assert!(filter.push(probe) && filter.push(probe));
        assert_eq!(filter.finish(), None);
        assert!(filter.push(probe));
        assert_eq!(filter.finish(), None);
    }

    #[test]
    fn impossible_probes_are_refused() {
        let good = Probe { asked_s: 1.0, received_s: 5.0, sent_s: 5.0, answered_s: 1.1 };
        let mut filter = OffsetFilter::new(1);
        for bad in [
            Probe { asked_s: f64::NAN, ..good },
            Probe { sent_s: f64::INFINITY, ..good },
            Probe { answered_s: 0.9, ..good },
            Probe { sent_s: 6.0, ..good },
        ] {
            assert!(!filter.push(bad), "{bad:?}");
        }
        assert_eq!((0..200).filter(|_| filter.push(good)).count(), MAX_PROBES);
    }

    #[test]
    fn the_offset_errs_by_half_the_asymmetry_at_most() {
        for (there, back) in [(0.001, 0.001), (0.02, 0.0), (0.0, 0.02)] {
            let mut filter = OffsetFilter::new(1);
            let received_s = 7.0 + there + 3.0;
            let answered_s = 7.0 + there + 0.5 + back;
            filter.push(Probe { asked_s: 7.0, received_s, sent_s: received_s + 0.5, answered_s });
            let offset = filter.finish().unwrap();
            assert!((offset.round_trip_s - (there + back)).abs() < 1e-12);
            assert!((offset.correction_s + 3.0).abs() <= offset.round_trip_s / 2.0 + 1e-12);
        }
    }
}
