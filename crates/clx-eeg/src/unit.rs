//! Whether the unit that a file states can be right.

use clx_signal::{Finding, Severity};

/// Scalp EEG between 1 and 40 Hz has an rms within these limits: 2 to 60 microvolts awake, more in
/// deep sleep and in infants (Niedermeyer's Electroencephalography, 6th ed., ch. 10-11); less means
/// no electrode, more means an artefact all the time.
const PLAUSIBLE_V: std::ops::RangeInclusive<f64> = 0.2e-6..=1e-3;

/// Where a corrected rms must come to lie; narrower than the step of units, so that one unit fits.
const USUAL_V: std::ops::RangeInclusive<f64> = 1e-6..=300e-6;

/// Factors between what a file says and what its samples are, and how to say so.
const MISTAKES: [(f64, &str); 4] = [
    (1e-6, "a million times too large, as when microvolts are called volts"),
    (1e-3, "a thousand times too large, as when microvolts are called millivolts"),
    (1e3, "a thousand times too small, as when millivolts are called microvolts"),
    (1e6, "a million times too small, as when volts are called microvolts"),
];

/// The factor to the likely unit when `rms_v`, the typical rms of EEG channels between 1 and 40 Hz
/// in volts, cannot be EEG; `None` when it can, or when no unit would help.
///
/// ```
/// use clx_eeg::likely_unit_factor;
/// assert_eq!(likely_unit_factor(20e-6), None);
/// assert_eq!(likely_unit_factor(20.0), Some(1e-6));
/// ```
pub fn likely_unit_factor(rms_v: f64) -> Option<f64> {
    likely(rms_v).map(|(factor, _)| factor)
}

/// The same as a finding on the recording.
pub(crate) fn check(rms_v: f64) -> Option<Finding> {
    let (_, mistake) = likely(rms_v)?;
    let text = format!(
        "the EEG channels have a typical rms of {rms_v:.1e} V between 1 and 40 Hz, which is {mistake}; is the unit right?"
    );
    Some(Finding::new("recording.unit", Severity::Problem, text))
}

fn likely(rms_v: f64) -> Option<(f64, &'static str)> {
    if !rms_v.is_finite() || rms_v <= 0.0 || PLAUSIBLE_V.contains(&rms_v) {
        return None;
    }
    MISTAKES.into_iter().find(|(factor, _)| USUAL_V.contains(&(rms_v * factor)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_is_told_and_eeg_is_left_alone() {
        for (rms_v, factor) in [
            (0.0, None),
            (f64::NAN, None),
            (1e-13, None),
            (15e-12, Some(1e6)),
            (15e-9, Some(1e3)),
            (0.5e-6, None),
            (15e-6, None),
            (400e-6, None),
            (15e-3, Some(1e-3)),
            (15.0, Some(1e-6)),
            (1e9, None),
        ] {
            assert_eq!(likely_unit_factor(rms_v), factor, "{rms_v}");
        }
        assert!(check(15.0).is_some_and(|f| f.message.contains("microvolts are called volts")));
    }
}
