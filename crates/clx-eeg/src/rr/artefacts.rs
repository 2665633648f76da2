use clx_signal::SampleRate;

use super::BeatArtefacts;
use super::rolling::rolling_quantiles;

/// Slope and offset of the ectopic region. Lipponen and Tarvainen 2019, figure 1.
const C1: f64 = 0.13;
const C2: f64 = 0.17;
/// Quartile deviations of the thresholds, and beats over which they are taken. Same, equation 2.
const ALPHA: f64 = 5.2;
const THRESHOLD_WIDTH: usize = 91;
/// Beats of the median that an interval is compared with. Same, equation 5.
const MEDIAN_WIDTH: usize = 11;

/// Intervals, their successive differences and their distance from the median, each over its
/// threshold.
struct Subspaces {
    rr: Vec<f64>,
    difference: Vec<f64>,
    /// The larger neighbouring difference, against its own sign.
    s12: Vec<f64>,
    /// The smaller of the next two differences, against its own sign.
    s22: Vec<f64>,
    median: Vec<f64>,
    from_median: Vec<f64>,
    median_threshold: Vec<f64>,
}

/// Sorts the beats into artefact classes; `beats` has at least four.
pub(super) fn classify(beats: &[usize], rate: SampleRate) -> BeatArtefacts {
    let s = subspaces(beats, rate);
    let n = s.rr.len();
    let mut found = BeatArtefacts::default();
    let mut i = 0;
    while i + 2 < n {
        let d = s.difference[i];
        if d.abs() <= 1.0 {
            i += 1;
            continue;
        }
        let opposite =
            (d > 1.0 && s.s12[i] < -C1 * d - C2) || (d < -1.0 && s.s12[i] > -C1 * d + C2);
        if opposite {
            found.ectopic.push(i);
            i += 1;
            continue;
        }
        // The next interval is a candidate too if the change goes on after it.
        let both = s.difference[i + 1].abs() < s.difference[i + 2].abs();
        for j in [i, i + 1].into_iter().take(1 + usize::from(both)) {
            s.sort_interval(j, &mut found);
            i += 1;
        }
    }
    found
}

impl Subspaces {
    fn sort_interval(&self, j: usize, found: &mut BeatArtefacts) {
        let d = self.difference[j];
        let long = d > 1.0 && self.s22[j] < -1.0;
        let short = d < -1.0 && self.s22[j] > 1.0;
        if !(long || short || self.from_median[j].abs() > 3.0) {
            return;
        }
        let near_median =
            |interval: f64| (interval - self.median[j]).abs() < self.median_threshold[j];
        if short && near_median(self.rr[j] + self.rr[j + 1]) {
            found.extra.push(j);
        } else if long && near_median(self.rr[j] / 2.0) {
            found.missed.push(j);
        } else {
            found.long_short.push(j);
        }
    }
}

fn subspaces(beats: &[usize], rate: SampleRate) -> Subspaces {
    let rr = with_mean_first(beats.windows(2).map(|w| rate.seconds(w[1] - w[0])).collect());
    let difference = with_mean_first(rr.windows(2).map(|w| w[1] - w[0]).collect());
    let difference = over(&difference, &thresholds(&difference));
    let n = difference.len() as isize;
    // Reflected about the ends, which have fewer than two neighbours.
    let at = |i: isize| {
        let i = if i < 0 { -i } else { i };
        difference[if i >= n { 2 * (n - 1) - i } else { i } as usize]
    };
    let (mut s12, mut s22) = (Vec::new(), Vec::new());
    for i in 0..n {
        let (d, before, next, after) = (at(i), at(i - 1), at(i + 1), at(i + 2));
        s12.push(match d {
            d if d > 0.0 => before.max(next),
            d if d < 0.0 => before.min(next),
            _ => 0.0,
        });
        s22.push(match d {
            d if d >= 0.0 => next.min(after),
            d if d < 0.0 => next.max(after),
            _ => 0.0,
        });
    }
    let median: Vec<f64> =
        rolling_quantiles(&rr, MEDIAN_WIDTH, [0.5]).into_iter().map(|[m]| m).collect();
    let from_median: Vec<f64> = rr
        .iter()
        .zip(&median)
        .map(|(r, m)| r - m)
        .map(|d| if d < 0.0 { 2.0 * d } else { d })
        .collect();
    let median_threshold = thresholds(&from_median);
    let from_median = over(&from_median, &median_threshold);
    Subspaces { rr, difference, s12, s22, median, from_median, median_threshold }
}

/// The values, and their mean before them in the place that has no predecessor.
fn with_mean_first(values: Vec<f64>) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    [vec![mean], values].concat()
}

fn thresholds(x: &[f64]) -> Vec<f64> {
    let size: Vec<f64> = x.iter().map(|v| v.abs()).collect();
    rolling_quantiles(&size, THRESHOLD_WIDTH, [0.25, 0.75])
        .into_iter()
        .map(|[low, high]| ALPHA * (high - low) / 2.0)
        .collect()
}

/// Values over their thresholds; where the threshold is zero nothing can be said, and 0 stands for it.
fn over(x: &[f64], thresholds: &[f64]) -> Vec<f64> {
    x.iter().zip(thresholds).map(|(v, &t)| if t > 0.0 { v / t } else { 0.0 }).collect()
}
