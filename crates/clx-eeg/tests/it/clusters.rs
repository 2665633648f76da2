//! Cluster tests against MNE 1.13.2 (`fixtures/events.py`) and data without effect.

use clx_eeg::cluster::{
    Adjacency, ClusterParams, ClusterTest, Tail, Threshold, one_sample, two_sample,
};
use clx_eeg::epochs::{EpochParams, EventRule, cut_epochs};
use clx_signal::rng::SplitMix64;
use clx_signal::{ChannelKind, Epochs};
use serde_json::Value;

use crate::tutorial::{all_close, numbers, oracle, tutorial};

/// The 30 EEG channels of the squares, and which of them is Pz.
fn squares() -> Option<(Epochs, usize)> {
    let mut data = tutorial()?;
    let eeg: Vec<usize> = (0..32).filter(|&i| data.channels[i].kind == ChannelKind::Eeg).collect();
    data.samples = eeg.iter().map(|&i| data.samples[i].clone()).collect();
    data.channels = eeg.iter().map(|&i| data.channels[i].clone()).collect();
    let events = vec![EventRule { text: "square".into(), id: 1 }];
    let params = EpochParams { events, ..EpochParams::default() };
    let set = cut_epochs(&data.channels, &data.samples, &data.annotations, &[], &params).unwrap();
    Some((set.epochs, data.channels.iter().position(|c| c.name == "Pz").unwrap()))
}

fn microvolts(x: &[f32]) -> impl Iterator<Item = f64> {
    x.iter().map(|&v| f64::from(v) * 1e6)
}

fn at_pz(epochs: &Epochs, pz: usize, range: std::ops::Range<usize>) -> Vec<Vec<f64>> {
    range.map(|e| microvolts(epochs.channel(e, pz)).collect()).collect()
}

/// Same clusters with the same masses, p values within `standard_errors` of two Monte-Carlo draws.
fn same_clusters(test: &ClusterTest, expected: &Value, n_samples: usize, n: f64, exact: bool) {
    let mut ours: Vec<(usize, usize, f64, f64)> = test
        .clusters
        .iter()
        .map(|c| (c.points[0][0] * n_samples + c.points[0][1], c.points.len(), c.mass, c.p_value))
        .collect();
    let number = |c: &Value, name: &str| c[name].as_f64().unwrap();
    let mut theirs: Vec<(usize, usize, f64, f64)> = expected
        .as_array()
        .unwrap()
        .iter()
        .map(|c| {
            (
                number(c, "first") as usize,
                number(c, "size") as usize,
                number(c, "mass"),
                number(c, "p"),
            )
        })
        .collect();
    ours.sort_by_key(|c| c.0);
    theirs.sort_by_key(|c| c.0);
    assert_eq!(ours.len(), theirs.len());
    for (a, b) in ours.iter().zip(&theirs) {
        assert_eq!((a.0, a.1), (b.0, b.1));
        assert!((a.2 - b.2).abs() < 1e-9 * b.2.abs(), "mass {} {}", a.2, b.2);
        // Two independent draws: variance 2 p (1 - p) / n; four standard errors and the grain.
        let allowed =
            if exact { 1e-12 } else { 4.0 * (2.0 * b.3 * (1.0 - b.3) / n).sqrt() + 1.0 / n };
        assert!((a.3 - b.3).abs() <= allowed, "p {} {} (allowed {allowed})", a.3, b.3);
    }
}

#[test]
fn one_sample_clusters_over_time_equal_mne() {
    let Some((epochs, pz)) = squares() else { return };
    for case in oracle()["clusters"]["one"].as_array().unwrap() {
        let tail = match case["tail"].as_i64().unwrap() {
            0 => Tail::Both,
            1 => Tail::Positive,
            _ => Tail::Negative,
        };
        let n = case["n"].as_u64().unwrap() as usize;
        let params =
            ClusterParams { tail, n_permutations: 2000, seed: 20, ..ClusterParams::default() };
        let test = one_sample(&at_pz(&epochs, pz, 0..n), &Adjacency::none(1), &params).unwrap();
        let head: Vec<f64> = test.t.iter().copied().step_by(16).collect();
        all_close(&head, &numbers(&case["t_head"]), 1e-9, "t");
        // Ten observations have 512 different sign patterns: both tests are exact.
        assert_eq!(test.exact, n == 10);
        same_clusters(&test, &case["clusters"], 129, 2000.0, test.exact);
    }
}

#[test]
fn two_sample_clusters_equal_mne() {
    let Some((epochs, pz)) = squares() else { return };
    let params = ClusterParams {
        tail: Tail::Positive,
        n_permutations: 2000,
        seed: 1,
        ..ClusterParams::default()
    };
    let (a, b) = (at_pz(&epochs, pz, 0..45), at_pz(&epochs, pz, 45..80));
    let test = two_sample(&a, &b, &Adjacency::none(1), &params).unwrap();
    same_clusters(&test, &oracle()["clusters"]["two"], 129, 2000.0, false);
}

#[test]
fn clusters_over_channels_and_time_equal_mne() {
    let Some((epochs, _)) = squares() else { return };
    let case = &oracle()["clusters"];
    let places: Vec<[f64; 2]> = case["places"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| [p[0].as_f64().unwrap(), p[1].as_f64().unwrap()])
        .collect();
    let adjacency = Adjacency::from_positions(&places).unwrap();
    let index = |p: &Value, i: usize| p[i].as_u64().unwrap() as usize;
    let pairs: Vec<[usize; 2]> =
        case["pairs"].as_array().unwrap().iter().map(|p| [index(p, 0), index(p, 1)]).collect();
    assert_eq!(adjacency, Adjacency::from_pairs(30, &pairs).unwrap());
    let observations: Vec<Vec<f64>> = (0..30)
        .map(|e| {
            let channel = |c| microvolts(epochs.channel(e, c)).step_by(4);
            (0..30).flat_map(channel).collect()
        })
        .collect();
    let params = ClusterParams {
        threshold: Threshold::Value(3.5),
        n_permutations: 1000,
        seed: 5,
        ..ClusterParams::default()
    };
    let test = one_sample(&observations, &adjacency, &params).unwrap();
    same_clusters(&test, &case["space_time"], 33, 1000.0, false);
}

#[test]
fn threshold_free_p_values_agree_with_mne() {
    let Some((epochs, pz)) = squares() else { return };
    let observations: Vec<Vec<f64>> =
        at_pz(&epochs, pz, 0..25).into_iter().map(|x| x.into_iter().step_by(3).collect()).collect();
    let params = ClusterParams {
        threshold: Threshold::Tfce { start: 0.0, step: 0.2 },
        n_permutations: 1000,
        seed: 9,
        ..ClusterParams::default()
    };
    let test = one_sample(&observations, &Adjacency::none(1), &params).unwrap();
    let scores = numbers(&oracle()["clusters"]["tfce_score"]);
    all_close(test.point_score.as_ref().unwrap(), &scores, 1e-9, "score");
    let expected = numbers(&oracle()["clusters"]["tfce_p"]);
    for (a, b) in test.point_p.unwrap().iter().zip(&expected) {
        // As above; points of one map are not independent, so five standard errors.
        let allowed = 5.0 * (2.0 * b * (1.0 - b) / 1000.0).sqrt() + 2e-3;
        assert!((a - b).abs() <= allowed, "{a} {b}");
    }
    assert!(test.clusters.is_empty());
}

#[test]
fn noise_is_called_an_effect_about_as_often_as_stated() {
    let mut rng = SplitMix64::new(77);
    let params = ClusterParams { n_permutations: 100, ..ClusterParams::default() };
    let mut false_alarms = 0;
    for seed in 0..200 {
        let observations: Vec<Vec<f64>> =
            (0..12).map(|_| (0..40).map(|_| rng.next_normal()).collect()).collect();
        let params = ClusterParams { seed, ..params.clone() };
        let test = one_sample(&observations, &Adjacency::none(1), &params).unwrap();
        false_alarms += usize::from(test.clusters.first().is_some_and(|c| c.p_value <= 0.05));
    }
    // Binomial 200 × 0.05: 10 ± 3.1; 22 or more has a probability of 5e-4.
    assert!((1..22).contains(&false_alarms), "{false_alarms}");
}

#[test]
fn constants_have_no_cluster_and_bad_input_is_refused() {
    let one = |x: &[Vec<f64>], params: &ClusterParams| one_sample(x, &Adjacency::none(1), params);
    let params = ClusterParams::default();
    for value in [0.0, 2.5] {
        let test = one(&vec![vec![value; 20]; 8], &params).unwrap();
        assert!(test.clusters.is_empty() && test.t.iter().all(|t| *t == 0.0));
    }
    assert!(one(&[vec![1.0; 5]], &params).is_err());
    assert!(one(&[vec![1.0; 5], vec![1.0; 4]], &params).is_err());
    assert!(one(&[vec![], vec![]], &params).is_err());
    assert!(one(&[vec![f64::NAN; 5], vec![1.0; 5]], &params).is_err());
    assert!(one_sample(&vec![vec![1.0; 5]; 4], &Adjacency::none(2), &params).is_err());
    for threshold in [
        Threshold::Probability(0.0),
        Threshold::Probability(f64::NAN),
        Threshold::Value(-1.0),
        Threshold::Tfce { start: 0.0, step: 0.0 },
    ] {
        let params = ClusterParams { threshold, ..ClusterParams::default() };
        assert!(one(&vec![vec![1.0; 5]; 4], &params).is_err(), "{threshold:?}");
    }
    assert!(two_sample(&[vec![1.0]], &[], &Adjacency::none(1), &params).is_err());
    assert!(Adjacency::from_pairs(2, &[[0, 2]]).is_err());
    assert!(Adjacency::from_positions(&[[f64::NAN, 0.0]]).is_err());
}
