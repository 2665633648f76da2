use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EPOCH_S, Hypnogram, Stage};

/// Shortest NREM period of a cycle, epochs: 15 min. Feinberg and Floyd 1979.
const LEAST_NREM: usize = 30;
/// Shortest REM period, epochs: 5 min; the first of the night may be shorter. Feinberg and Floyd 1979.
const LEAST_REM: usize = 10;
/// REM of the same period may be interrupted for as long as this, epochs: 15 min. Feinberg and Floyd 1979.
const GAP: usize = 30;

/// One NREM period and the REM period after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SleepCycle {
    /// Start of the NREM period, seconds from the start of the hypnogram.
    pub tmin_s: f64,
    pub tmax_s: f64,
    /// Start of the REM period; absent in a cycle at the end of the night that reached none.
    pub rem_tmin_s: Option<f64>,
    /// Minutes scored NREM in it.
    pub nrem_min: f64,
    /// Minutes scored REM in it.
    pub rem_min: f64,
}

/// Divides a night into NREM-REM cycles.
///
/// A cycle starts with N1, N2 or N3 and needs at least 15 min from there to REM; its REM period, of
/// which interruptions below 15 min are part, lasts at least 5 min, except for the first of the
/// night. Shorter REM stays part of the NREM period. A last NREM period of 15 min or more without
/// REM is a cycle too, without a REM start.
///
/// # Source
/// Feinberg and Floyd 1979, Psychophysiology 16:283-291.
///
/// ```
/// use clx_eeg::sleep::{find_cycles, Hypnogram};
/// let night: Vec<i64> = [vec![0; 10], vec![2; 100], vec![4; 20], vec![2; 60]].concat();
/// let cycles = find_cycles(&Hypnogram::from_numbers(&night));
/// assert_eq!((cycles.len(), cycles[0].rem_tmin_s), (2, Some(3300.0)));
/// ```
pub fn find_cycles(hypnogram: &Hypnogram) -> Vec<SleepCycle> {
    let stages = &hypnogram.stages;
    let mut cycles: Vec<SleepCycle> = Vec::new();
    let mut at = 0;
    while let Some(start) = (at..stages.len()).find(|&i| stages[i].is_nrem()) {
        let least = if cycles.iter().any(|c| c.rem_tmin_s.is_some()) { LEAST_REM } else { 1 };
        let rem = rem_periods(stages, start)
            .into_iter()
            .find(|&(from, to)| from - start >= LEAST_NREM && to - from >= least);
        match rem {
            Some((from, to)) => {
                cycles.push(cycle(stages, start, to, Some(from)));
                at = to;
            }
            None => {
                let end = stages.iter().rposition(|s| s.is_sleep()).map_or(start, |i| i + 1);
                if end.saturating_sub(start) >= LEAST_NREM {
                    cycles.push(cycle(stages, start, end, None));
                }
                break;
            }
        }
    }
    cycles
}

/// Stretches of REM from `start` on, joined over gaps below 15 min.
fn rem_periods(stages: &[Stage], start: usize) -> Vec<(usize, usize)> {
    let mut periods: Vec<(usize, usize)> = Vec::new();
    for i in (start..stages.len()).filter(|&i| stages[i] == Stage::Rem) {
        match periods.last_mut() {
            Some(last) if i - last.1 < GAP => last.1 = i + 1,
            _ => periods.push((i, i + 1)),
        }
    }
    periods
}

fn cycle(stages: &[Stage], start: usize, end: usize, rem: Option<usize>) -> SleepCycle {
    let minutes = |is: fn(Stage) -> bool| {
        stages[start..end].iter().filter(|&&s| is(s)).count() as f64 * EPOCH_S / 60.0
    };
    SleepCycle {
        tmin_s: start as f64 * EPOCH_S,
        tmax_s: end as f64 * EPOCH_S,
        rem_tmin_s: rem.map(|i| i as f64 * EPOCH_S),
        nrem_min: minutes(Stage::is_nrem),
        rem_min: minutes(|s| s == Stage::Rem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cycles(parts: &[(i64, usize)]) -> Vec<SleepCycle> {
        let night: Vec<i64> = parts.iter().flat_map(|&(stage, n)| vec![stage; n]).collect();
        find_cycles(&Hypnogram::from_numbers(&night))
    }

    #[test]
    fn short_rem_counts_in_the_first_cycle_only() {
        let found = cycles(&[(2, 80), (4, 4), (2, 80), (4, 4), (2, 60), (4, 30)]);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].rem_min, found[1].rem_min), (2.0, 17.0));
    }

    #[test]
    fn an_interrupted_rem_period_is_one() {
        let found = cycles(&[(2, 80), (4, 15), (0, 4), (4, 15), (2, 90), (4, 20)]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].tmax_s, 114.0 * 30.0);
    }

    #[test]
    fn wake_and_naps_below_a_quarter_hour_have_no_cycle() {
        assert!(cycles(&[(0, 500)]).is_empty());
        assert!(cycles(&[(0, 50), (2, 20), (0, 50)]).is_empty());
        assert!(cycles(&[]).is_empty());
    }
}
