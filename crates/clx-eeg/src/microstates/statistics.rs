use clx_signal::rng::SplitMix64;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EegError, SampleRate, check, correlation, field_power, refuse};

/// Times and transitions of a divided recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MicrostateStatistics {
    pub states: Vec<StateStatistics>,
    /// Share of samples without a state.
    pub unlabelled_share: f64,
    /// Global explained variance of the recording, `0..=1`.
    pub gev: f64,
    /// `transitions[i][j]`: share of the changes from state `i` that go to `j`; a row of zeros where `i`
    /// never ends.
    pub transitions: Vec<Vec<f64>>,
    /// What those shares would be if only the time spent in each state mattered.
    pub expected_transitions: Vec<Vec<f64>>,
    /// Two-sided p value of each transition: how often shuffled stretches give a count as far from their
    /// mean. Not corrected for their number. Absent without permutations.
    pub transition_p: Option<Vec<Vec<f64>>>,
}

/// One state over a recording.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StateStatistics {
    /// Share of the explained variance of the recording, `0..=1`.
    pub gev: f64,
    /// Mean absolute correlation with the map; absent if the state does not occur.
    pub mean_correlation: Option<f64>,
    /// Share of the labelled samples.
    pub coverage: f64,
    /// Mean length of a stretch, seconds; absent if the state does not occur.
    pub mean_duration_s: Option<f64>,
    /// Stretches per labelled second.
    pub occurrence_per_s: f64,
}

/// Coverage, durations, occurrences and transitions of the states in a recording.
///
/// `labels` from [`segment`](super::segment), one per sample. `n_permutations` shuffles of the stretches
/// give the p values of the transitions; 0 leaves them out. Stretches at the ends count as they are.
///
/// # Errors
/// [`EegError::Signal`] for labels or maps that do not fit, and as [`gfp_peaks`](super::gfp_peaks).
///
/// # Source
/// Lehmann et al. 2005, Psychiatry Res. Neuroimaging 138:141-156. Equal to pycrostates'
/// `compute_parameters` and transition matrices.
pub fn describe(
    samples: &[Vec<f32>],
    rate: SampleRate,
    maps: &[Vec<f64>],
    labels: &[Option<usize>],
    n_permutations: usize,
    seed: u64,
) -> Result<MicrostateStatistics, EegError> {
    let n = check(samples)?;
    let fits = maps.iter().all(|m| m.len() == samples.len());
    if labels.len() != n || !fits || labels.iter().flatten().any(|&l| l >= maps.len()) {
        return Err(refuse("labels", "one state or none per sample", labels.len()));
    }
    let power = field_power(samples, n);
    // Samples without a state are part of what is to be explained. Silence has nothing to explain.
    let total: f64 = power.iter().map(|p| p * p).sum();
    let total = if total > 0.0 { total } else { 1.0 };
    let labelled = labels.iter().flatten().count();
    let stretches = stretches(labels);
    let mut sums = vec![(0.0, 0.0, 0.0); maps.len()];
    let mut field = vec![0.0; samples.len()];
    for (t, label) in labels.iter().enumerate() {
        let Some(label) = *label else { continue };
        field.iter_mut().zip(samples).for_each(|(f, x)| *f = f64::from(x[t]));
        let likeness = correlation(&field, &maps[label]).abs();
        let sum = &mut sums[label];
        *sum = (sum.0 + 1.0, sum.1 + likeness, sum.2 + (power[t] * likeness).powi(2));
    }
    let of_state = |(state, (count, likeness, explained)): (usize, &(f64, f64, f64))| {
        let runs = stretches.iter().filter(|s| s.0 == Some(state)).count() as f64;
        let time = (labelled.max(1)) as f64;
        StateStatistics {
            gev: explained / total,
            mean_correlation: (*count > 0.0).then(|| likeness / count),
            coverage: count / time,
            mean_duration_s: (runs > 0.0).then(|| count / runs / rate.hz()),
            occurrence_per_s: runs / time * rate.hz(),
        }
    };
    let states: Vec<StateStatistics> = sums.iter().enumerate().map(of_state).collect();
    let sequence: Vec<Option<usize>> = stretches.iter().map(|s| s.0).collect();
    let counts = changes(&sequence, maps.len());
    let transition_p = (n_permutations > 0)
        .then(|| permutation_p(&sequence, &counts, maps.len(), n_permutations, seed));
    Ok(MicrostateStatistics {
        gev: states.iter().map(|s| s.gev).sum(),
        states,
        unlabelled_share: 1.0 - labelled as f64 / n.max(1) as f64,
        transitions: counts.iter().map(|row| shares(row)).collect(),
        expected_transitions: expected(&sums),
        transition_p,
    })
}

/// Runs of equal labels with their lengths.
fn stretches(labels: &[Option<usize>]) -> Vec<(Option<usize>, usize)> {
    labels.chunk_by(|a, b| a == b).map(|run| (run[0], run.len())).collect()
}

/// How often each state changes to each other one; unknown stretches interrupt.
fn changes(sequence: &[Option<usize>], n_states: usize) -> Vec<Vec<f64>> {
    let mut counts = vec![vec![0.0; n_states]; n_states];
    for pair in sequence.windows(2) {
        if let [Some(from), Some(to)] = *pair
            && from != to
        {
            counts[from][to] += 1.0;
        }
    }
    counts
}

fn shares(row: &[f64]) -> Vec<f64> {
    let total: f64 = row.iter().sum();
    row.iter().map(|v| if total > 0.0 { v / total } else { 0.0 }).collect()
}

fn expected(sums: &[(f64, f64, f64)]) -> Vec<Vec<f64>> {
    let row = |from: usize| {
        let weight = |(to, s): (usize, &(f64, f64, f64))| if to == from { 0.0 } else { s.0 };
        let row: Vec<f64> = sums.iter().enumerate().map(weight).collect();
        if sums[from].0 > 0.0 { shares(&row) } else { vec![0.0; sums.len()] }
    };
    (0..sums.len()).map(row).collect()
}

fn permutation_p(
    sequence: &[Option<usize>],
    observed: &[Vec<f64>],
    n_states: usize,
    n_permutations: usize,
    seed: u64,
) -> Vec<Vec<f64>> {
    let mut rng = SplitMix64::new(seed);
    let mut order = sequence.to_vec();
    let mut drawn = Vec::with_capacity(n_permutations);
    for _ in 0..n_permutations {
        for i in (1..order.len()).rev() {
            order.swap(i, rng.next_index(i + 1));
        }
        // Neighbours that became equal merge: what follows them is a share of fewer changes.
        drawn.push(changes(&order, n_states).iter().map(|r| shares(r)).collect::<Vec<_>>());
    }
    let p = |from: usize, to: usize| {
        let values = drawn.iter().map(|d| d[from][to]);
        let mean = values.clone().sum::<f64>() / drawn.len() as f64;
        let far = (shares(&observed[from])[to] - mean).abs() * (1.0 - 1e-12);
        let as_far = values.filter(|v| (v - mean).abs() >= far).count();
        (as_far + 1) as f64 / (drawn.len() + 1) as f64
    };
    (0..n_states).map(|from| (0..n_states).map(|to| p(from, to)).collect()).collect()
}
