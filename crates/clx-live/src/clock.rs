//! Time stamps of another machine's clock, brought to ours and smoothed.
//!
//! Three steps, in this order, each optional, as liblsl's post-processing: add the clock offset
//! ([`OffsetFilter`] measures it), take the jitter off by regression ([`Dejitter`]), never go back.
//! Nothing here reads a clock.

mod dejitter;
mod offset;

pub use dejitter::Dejitter;
pub use offset::{ClockOffset, OffsetFilter, Probe};

use clx_signal::SampleRate;
use serde::{Deserialize, Serialize};

/// Which corrections [`StampCorrection`] makes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StampParams {
    /// Add the offset of the other clock, so that stamps are on ours.
    pub clocksync: bool,
    /// Replace stamps by those of a steady rate fitted to them. Of no effect on irregular streams.
    pub dejitter: bool,
    /// Never give a stamp below the one before.
    pub monotonize: bool,
    /// Half-life of the memory of the fit, seconds. liblsl's `SmoothingHalftime`.
    pub halftime_s: f64,
}

impl Default for StampParams {
    /// Stamps as they were sent; 90 s, liblsl's default, for when dejittering is turned on.
    fn default() -> Self {
        Self { clocksync: false, dejitter: false, monotonize: false, halftime_s: 90.0 }
    }
}

impl StampParams {
    /// Everything on, as liblsl's `proc_ALL`.
    pub fn all() -> Self {
        Self { clocksync: true, dejitter: true, monotonize: true, ..Self::default() }
    }
}

/// Applies the corrections to one stream, sample by sample.
///
/// ```
/// use clx_live::{StampCorrection, StampParams};
/// let params = StampParams { clocksync: true, monotonize: true, ..StampParams::default() };
/// let mut correction = StampCorrection::new(params, None);
/// correction.set_offset(-100.0);
/// assert_eq!(correction.apply(105.0), 5.0);
/// assert_eq!(correction.apply(104.0), 5.0);
/// ```
#[derive(Clone, Debug)]
pub struct StampCorrection {
    params: StampParams,
    rate: Option<SampleRate>,
    offset_s: f64,
    dejitter: Option<Dejitter>,
    last_s: f64,
}

impl StampCorrection {
    /// `rate`: the nominal one, absent for an irregular stream.
    pub fn new(params: StampParams, rate: Option<SampleRate>) -> Self {
        Self { params, rate, offset_s: 0.0, dejitter: None, last_s: f64::NEG_INFINITY }
    }

    /// What is added to a stamp to bring it to our clock, from now on.
    pub fn set_offset(&mut self, offset_s: f64) {
        if offset_s.is_finite() {
            self.offset_s = offset_s;
        }
    }

    /// The stream starts anew, on a clock that may be another one.
    pub fn reset(&mut self) {
        self.dejitter = None;
        self.last_s = f64::NEG_INFINITY;
    }

    /// Tells the fit that samples are missing here, so that the time that they took counts.
    pub fn skip(&mut self, n_samples: u64) {
        if let Some(fit) = &mut self.dejitter {
            fit.skip(n_samples);
        }
    }

    /// The corrected stamp of the next sample. One that is no number comes back as it is.
    pub fn apply(&mut self, stamp_s: f64) -> f64 {
        if !stamp_s.is_finite() {
            return stamp_s;
        }
        let mut stamp = stamp_s;
        if self.params.clocksync {
            stamp += self.offset_s;
        }
        if self.params.dejitter
            && let Some(rate) = self.rate
        {
            let halftime_s = self.params.halftime_s;
            stamp = self
                .dejitter
                .get_or_insert_with(|| Dejitter::new(stamp, rate, halftime_s))
                .apply(stamp);
        }
        if self.params.monotonize {
            self.last_s = self.last_s.max(stamp);
            stamp = self.last_s;
        }
        stamp
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_any_correction_stamps_pass_bit_for_bit() {
        let mut off = StampCorrection::new(StampParams::default(), None);
        off.set_offset(3.0);
        for stamp in [1e9 + 0.1, -4.0, 7.25] {
            assert_eq!(off.apply(stamp).to_bits(), stamp.to_bits());
        }
    }

    #[test]
    fn an_irregular_stream_is_not_dejittered() {
        let mut markers = StampCorrection::new(StampParams::all(), None);
        assert_eq!([1.0, 1.5, 9.0].map(|s| markers.apply(s)), [1.0, 1.5, 9.0]);
    }

    #[test]
    fn a_reset_forgets_the_old_clock() {
        let rate = SampleRate::from_hz(100.0).unwrap();
        let mut correction = StampCorrection::new(StampParams::all(), Some(rate));
        (0..500).for_each(|i| {
            correction.apply(1000.0 + f64::from(i) / 100.0);
        });
        correction.reset();
        assert!((correction.apply(5.0) - 5.0).abs() < 1e-9);
    }

    #[test]
    fn a_stamp_that_is_no_number_spoils_nothing() {
        let rate = SampleRate::from_hz(100.0).unwrap();
        let mut correction = StampCorrection::new(StampParams::all(), Some(rate));
        correction.set_offset(f64::NAN);
        assert!(correction.apply(f64::NAN).is_nan());
        assert!((correction.apply(2.0) - 2.0).abs() < 1e-9);
    }
}
