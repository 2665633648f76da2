use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Hypnogram, Stage};

/// What a night amounts to; minutes and per cent. Absent where it has no meaning, such as the
/// latency of a stage that did not occur.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SleepStatistics {
    /// Time in bed: the whole hypnogram.
    pub time_in_bed_min: f64,
    /// From the first to the last epoch of sleep.
    pub sleep_period_min: f64,
    /// Epochs of sleep.
    pub total_sleep_min: f64,
    /// Wake after sleep onset: wake inside the sleep period.
    pub wake_after_onset_min: Option<f64>,
    /// Sleep onset latency: time to the first epoch of sleep.
    pub onset_latency_min: Option<f64>,
    /// Time to the first ten epochs of sleep in a row.
    pub sustained_latency_min: Option<f64>,
    pub n1_min: f64,
    pub n2_min: f64,
    pub n3_min: f64,
    pub rem_min: f64,
    pub nrem_min: f64,
    pub unscored_min: f64,
    /// Time from the start of the hypnogram to the first epoch of the stage.
    pub n1_latency_min: Option<f64>,
    pub n2_latency_min: Option<f64>,
    pub n3_latency_min: Option<f64>,
    pub rem_latency_min: Option<f64>,
    /// Share of the total sleep.
    pub n1_percent: Option<f64>,
    pub n2_percent: Option<f64>,
    pub n3_percent: Option<f64>,
    pub rem_percent: Option<f64>,
    pub nrem_percent: Option<f64>,
    /// Total sleep over time in bed.
    pub efficiency_percent: f64,
    /// Total sleep over sleep period.
    pub maintenance_percent: Option<f64>,
    /// Changes from sleep to wake per hour of sleep.
    pub awakenings_per_h: Option<f64>,
}

/// Statistics of a hypnogram, which should run from lights off to lights on.
///
/// Unscored epochs are neither sleep nor wake. `None` for an empty hypnogram. The figures of
/// `yasa.sleep_statistics` and `yasa.Hypnogram.sleep_statistics` 0.8.1.
///
/// # Source
/// Iber et al. 2007, AASM Manual for the Scoring of Sleep. Checked against
/// `tests/fixtures/sleep.json`.
///
/// ```
/// use clx_eeg::sleep::{sleep_statistics, Hypnogram};
/// let night = sleep_statistics(&Hypnogram::from_numbers(&[0, 0, 1, 2, 0, 4])).unwrap();
/// assert_eq!((night.total_sleep_min, night.onset_latency_min), (1.5, Some(1.0)));
/// assert_eq!(night.efficiency_percent, 50.0);
/// ```
pub fn sleep_statistics(hypnogram: &Hypnogram) -> Option<SleepStatistics> {
    let stages = &hypnogram.stages;
    if stages.is_empty() {
        return None;
    }
    let minutes = |epochs: usize| epochs as f64 / 2.0;
    let count = |is: &dyn Fn(Stage) -> bool| stages.iter().filter(|&&s| is(s)).count();
    let of = |stage: Stage| minutes(count(&|s| s == stage));
    let latency = |stage: Stage| stages.iter().position(|&s| s == stage).map(minutes);
    let first = stages.iter().position(|s| s.is_sleep());
    let last = stages.iter().rposition(|s| s.is_sleep());
    let period = first.zip(last).map(|(first, last)| &stages[first..=last]);
    let n_asleep = count(&Stage::is_sleep);
    let total_sleep_min = minutes(n_asleep);
    let percent = |part: f64| (n_asleep > 0).then(|| 100.0 * part / total_sleep_min);
    let nrem_min = minutes(count(&Stage::is_nrem));
    let sleep_period_min = minutes(period.map_or(0, <[Stage]>::len));
    let awakenings = stages.windows(2).filter(|w| w[0].is_sleep() && w[1] == Stage::Wake).count();
    Some(SleepStatistics {
        time_in_bed_min: minutes(stages.len()),
        sleep_period_min,
        total_sleep_min,
        wake_after_onset_min: period
            .map(|p| minutes(p.iter().filter(|&&s| s == Stage::Wake).count())),
        onset_latency_min: first.map(minutes),
        sustained_latency_min: stages
            .windows(10)
            .position(|w| w.iter().all(|s| s.is_sleep()))
            .map(minutes),
        n1_min: of(Stage::N1),
        n2_min: of(Stage::N2),
        n3_min: of(Stage::N3),
        rem_min: of(Stage::Rem),
        nrem_min,
        unscored_min: of(Stage::Unscored),
        n1_latency_min: latency(Stage::N1),
        n2_latency_min: latency(Stage::N2),
        n3_latency_min: latency(Stage::N3),
        rem_latency_min: latency(Stage::Rem),
        n1_percent: percent(of(Stage::N1)),
        n2_percent: percent(of(Stage::N2)),
        n3_percent: percent(of(Stage::N3)),
        rem_percent: percent(of(Stage::Rem)),
        nrem_percent: percent(nrem_min),
        efficiency_percent: 100.0 * total_sleep_min / minutes(stages.len()),
        maintenance_percent: period.map(|_| 100.0 * total_sleep_min / sleep_period_min),
        awakenings_per_h: (n_asleep > 0).then(|| awakenings as f64 / (total_sleep_min / 60.0)),
    })
}

/// How often an epoch of one stage (row) was followed by one of another (column), in the order of
/// [`Stage::ALL`]. Pairs with an unscored epoch are left out.
pub fn transition_counts(hypnogram: &Hypnogram) -> [[u32; 5]; 5] {
    let mut counts = [[0; 5]; 5];
    for pair in hypnogram.stages.windows(2) {
        let place = |s: Stage| Stage::ALL.iter().position(|&a| a == s);
        if let (Some(from), Some(to)) = (place(pair[0]), place(pair[1])) {
            counts[from][to] += 1;
        }
    }
    counts
}

/// Shares of each row of [`transition_counts`]; a row is absent for a stage that nothing followed.
pub fn transition_probabilities(counts: &[[u32; 5]; 5]) -> [Option<[f64; 5]>; 5] {
    counts.map(|row| {
        let sum: u32 = row.iter().sum();
        (sum > 0).then(|| row.map(|n| f64::from(n) / f64::from(sum)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_without_sleep_has_no_latency_and_no_shares() {
        let night = sleep_statistics(&Hypnogram::from_numbers(&[0; 20])).unwrap();
        assert_eq!((night.total_sleep_min, night.efficiency_percent), (0.0, 0.0));
        assert_eq!(
            (night.onset_latency_min, night.rem_percent, night.awakenings_per_h),
            (None, None, None)
        );
        assert_eq!(sleep_statistics(&Hypnogram::default()), None);
    }

    #[test]
    fn unscored_epochs_are_neither_sleep_nor_wake() {
        let night = sleep_statistics(&Hypnogram::from_numbers(&[2, -2, 2, 0])).unwrap();
        assert_eq!((night.sleep_period_min, night.total_sleep_min), (1.5, 1.0));
        assert_eq!((night.wake_after_onset_min, night.unscored_min), (Some(0.0), 0.5));
    }
}
