//! Axes: which values get a tick, how they are written, and where they fall.

use crate::Words;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub(crate) value: f64,
    pub(crate) label: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scale {
    Linear,
    Log,
}

/// One axis: a range of values, its ticks and its label with the unit.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) scale: Scale,
    pub(crate) ticks: Vec<Tick>,
    pub(crate) label: String,
}

impl Axis {
    pub(crate) fn linear(min: f64, max: f64, about: usize, label: &str, words: &Words) -> Self {
        let (min, max) = widen(min, max);
        let ticks = linear_ticks(min, max, about, words);
        Self { min, max, scale: Scale::Linear, ticks, label: label.to_owned() }
    }

    /// Widens the range outwards to whole ticks.
    pub(crate) fn rounded(min: f64, max: f64, about: usize, label: &str, words: &Words) -> Self {
        let (min, max) = widen(min, max);
        let step = nice_step((max - min) / about.max(1) as f64);
        let (min, max) = ((min / step).floor() * step, (max / step).ceil() * step);
        Self::linear(min, max, about, label, words)
    }

    /// `min` and `max` above zero.
    pub(crate) fn log(min: f64, max: f64, label: &str, words: &Words) -> Self {
        let ticks = log_ticks(min, max, words);
        Self { min, max, scale: Scale::Log, ticks, label: label.to_owned() }
    }

    /// Seconds, written as s, min:s or h:min after the length of the range.
    pub(crate) fn time(tmin_s: f64, tmax_s: f64, about: usize, words: &Words) -> Self {
        let (min, max) = widen(tmin_s, tmax_s);
        let clock = if max <= 180.0 {
            return Self::linear(min, max, about, &words.time_s, words);
        } else if max <= 5400.0 {
            60
        } else {
            3600
        };
        let label = if clock == 60 { &words.time_min } else { &words.time_h };
        let wanted = (max - min) / about.max(1) as f64;
        let step = CLOCK_STEPS_S.iter().copied().find(|s| *s >= wanted * 0.75);
        // Beyond the table: whole days.
        let step = step.unwrap_or_else(|| (wanted / 86_400.0).ceil() * 86_400.0);
        let step = if clock == 3600 { step.max(60.0) } else { step };
        let ticks = multiples(step, min, max)
            .map(|value| Tick { value, label: clock_label(value, clock) })
            .collect();
        Self { min, max, scale: Scale::Linear, ticks, label: label.clone() }
    }

    /// Position of `value` along the axis, 0 at `min` and 1 at `max`; not clipped.
    pub(crate) fn share(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => (value - self.min) / (self.max - self.min),
            Scale::Log => (value / self.min).ln() / (self.max / self.min).ln(),
        }
    }
}

const CLOCK_STEPS_S: [f64; 15] = [
    1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0,
    14_400.0,
];

fn clock_label(value_s: f64, clock: i64) -> String {
    let total = value_s.round() as i64;
    let small = if clock == 60 { total % 60 } else { total / 60 % 60 };
    format!("{}:{small:02}", total / clock)
}

/// A range without width gets one, so that flat data lie in the middle of the plot.
fn widen(min: f64, max: f64) -> (f64, f64) {
    if max > min {
        (min, max)
    } else {
        let half = if min == 0.0 { 1.0 } else { min.abs() * 0.1 };
        (min - half, min + half)
    }
}

/// The step of the form 1, 2 or 5 times a power of ten nearest to `rough`.
///
/// Heckbert 1990, "Nice numbers for graph labels", Graphics Gems.
pub(crate) fn nice_step(rough: f64) -> f64 {
    let power = 10f64.powf(rough.log10().floor());
    let mantissa = rough / power;
    let nice = match mantissa {
        m if m < 1.5 => 1.0,
        m if m < 3.5 => 2.0,
        m if m < 7.5 => 5.0,
        _ => 10.0,
    };
    nice * power
}

fn multiples(step: f64, min: f64, max: f64) -> impl Iterator<Item = f64> {
    let slack = step * 1e-9;
    let first = ((min - slack) / step).ceil() as i64;
    let last = ((max + slack) / step).floor() as i64;
    // A thousand ticks are far beyond any plot: the bound only stops a runaway.
    (first..=last.min(first.saturating_add(1000))).map(move |i| i as f64 * step)
}

pub(crate) fn linear_ticks(min: f64, max: f64, about: usize, words: &Words) -> Vec<Tick> {
    let step = nice_step((max - min) / about.max(1) as f64);
    let decimals = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
    multiples(step, min, max)
        .map(|value| Tick { value, label: words.number(value, decimals) })
        .collect()
}

fn log_ticks(min: f64, max: f64, words: &Words) -> Vec<Tick> {
    let mut ticks = Vec::new();
    let (low, high) = (min.log10().floor() as i32, max.log10().ceil() as i32);
    // The EEG range of 1-40 Hz is less than two decades and has room for more than 1, 2, 5.
    let mantissas: &[f64] =
        if max / min < 100.0 { &[1.0, 2.0, 3.0, 4.0, 6.0, 8.0] } else { &[1.0, 2.0, 5.0] };
    for exponent in low..=high {
        for mantissa in mantissas {
            let value = mantissa * 10f64.powi(exponent);
            if value >= min * (1.0 - 1e-9) && value <= max * (1.0 + 1e-9) {
                let decimals = (-exponent).max(0) as usize;
                ticks.push(Tick { value, label: words.number(value, decimals) });
            }
        }
    }
    ticks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|t| t.label.as_str()).collect()
    }

    #[test]
    fn ticks_are_round_numbers_with_equal_decimals() {
        let words = Words::default();
        assert_eq!(
            labels(&linear_ticks(0.0, 1.0, 5, &words)),
            ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
        );
        assert_eq!(labels(&linear_ticks(-23.0, 12.0, 4, &words)), ["−20", "−10", "0", "10"]);
        assert_eq!(
            labels(&Axis::log(1.0, 40.0, "", &words).ticks),
            ["1", "2", "3", "4", "6", "8", "10", "20", "30", "40"]
        );
        assert_eq!(labels(&Axis::log(1.0, 100.0, "", &words).ticks).len(), 7);
    }

    #[test]
    fn long_times_read_as_a_clock() {
        let words = Words::default();
        let axis = Axis::time(0.0, 600.0, 5, &words);
        assert_eq!(labels(&axis.ticks), ["0:00", "2:00", "4:00", "6:00", "8:00", "10:00"]);
        assert_eq!(axis.label, "Time (min:s)");
        let axis = Axis::time(0.0, 8.0 * 3600.0, 4, &words);
        assert_eq!(labels(&axis.ticks), ["0:00", "2:00", "4:00", "6:00", "8:00"]);
    }

    #[test]
    fn a_flat_range_gets_a_width() {
        let axis = Axis::linear(5.0, 5.0, 4, "", &Words::default());
        assert!((axis.share(5.0) - 0.5).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn any_range_gets_a_few_ticks_inside_it(min in -1e6f64..1e6, width in 1e-6f64..1e6) {
            let max = min + width;
            prop_assume!(width > min.abs() * 1e-9);
            let ticks = linear_ticks(min, max, 5, &Words::default());
            prop_assert!((2..=12).contains(&ticks.len()), "{}", ticks.len());
            for tick in &ticks {
                prop_assert!(tick.value >= min - width * 1e-6 && tick.value <= max + width * 1e-6);
            }
        }
    }
}
