//! Microstates against pycrostates 0.6.1 (`fixtures/events.py`) and maps of known origin.

use clx_eeg::microstates::{
    Maps, MicrostateParams, SegmentParams, describe, fit, fit_from, gfp_peaks, segment, select_k,
};
use clx_signal::rng::SplitMix64;
use clx_signal::{ChannelKind, SampleRate};
use serde_json::Value;

use crate::tutorial::{all_close, numbers, tutorial};

fn oracle() -> Value {
    serde_json::from_str(include_str!("../fixtures/microstates.json")).unwrap()
}

fn int(case: &Value, name: &str) -> usize {
    case[name].as_u64().unwrap() as usize
}

fn ints(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect()
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

/// The EEG channels in microvolts against their average, rounded to f32 as in the fixture.
fn averaged() -> Option<Vec<Vec<f32>>> {
    let data = tutorial()?;
    let eeg: Vec<Vec<f64>> = (0..32)
        .filter(|&i| data.channels[i].kind == ChannelKind::Eeg)
        .map(|i| data.samples[i].iter().map(|&v| f64::from(v) * 1e6).collect())
        .collect();
    let n = eeg.len() as f64;
    let mean: Vec<f64> =
        (0..eeg[0].len()).map(|t| eeg.iter().map(|x| x[t]).sum::<f64>() / n).collect();
    let off = |x: &Vec<f64>| x.iter().zip(&mean).map(|(v, m)| (v - m) as f32).collect();
    Some(eeg.iter().map(off).collect())
}

fn likeness(a: &[f64], b: &[f64]) -> f64 {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    (dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()).abs()
}

#[test]
fn clustering_equals_pycrostates_from_equal_starts() {
    let Some(samples) = averaged() else { return };
    let oracle = oracle();
    let peaks = gfp_peaks(&samples).unwrap();
    assert_eq!(peaks.len(), int(&oracle, "n_peaks"));
    assert_eq!(peaks[..50], ints(&oracle["peaks"]));
    let maps = Maps::at(&samples, Some(&peaks)).unwrap();
    for case in oracle["fits"].as_array().unwrap() {
        let run = fit_from(&maps, &ints(&case["initial"]), 300, 1e-6).unwrap();
        assert!(run.converged);
        let expected = case["gev"].as_f64().unwrap();
        assert!((run.gev - expected).abs() < 1e-9, "GEV {} {expected}", run.gev);
        for (ours, theirs) in run.maps.iter().zip(rows(&case["maps"])) {
            assert!(likeness(ours, &theirs) > 1.0 - 1e-9);
        }
    }
}

/// Smoothed labels are beside a transcription of the paper: pycrostates' noise estimate is negative there.
#[test]
fn labels_and_statistics_equal_pycrostates() {
    let Some(samples) = averaged() else { return };
    let samples: Vec<Vec<f32>> = samples.iter().map(|x| x[..3840].to_vec()).collect();
    let oracle = oracle();
    let maps = rows(&oracle["fits"][0]["maps"]);
    let mut all = Vec::new();
    for case in oracle["segmentations"].as_array().unwrap() {
        let params = SegmentParams {
            smoothing: case["smoothing"].as_f64().unwrap(),
            half_window: int(case, "half_window"),
            tolerance: 1e-5,
            min_length: int(case, "min_length"),
            drop_edges: case["drop_edges"] == true,
        };
        let labels = segment(&samples, &maps, &params).unwrap();
        let expected: Vec<Option<usize>> = case["runs"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|run| {
                let label = usize::try_from(run[0].as_i64().unwrap()).ok();
                std::iter::repeat_n(label, run[1].as_u64().unwrap() as usize)
            })
            .collect();
        let wrong = labels.iter().zip(&expected).filter(|(a, b)| a != b).count();
        assert_eq!((labels.len(), wrong), (expected.len(), 0), "{params:?}");
        all.push(labels);
    }
    let rate = SampleRate::from_hz(128.0).unwrap();
    let found = describe(&samples, rate, &maps, &all[2], 0, 0).unwrap();
    for (i, state) in found.states.iter().enumerate() {
        let expected =
            |name: &str| oracle["parameters"][format!("{}_{name}", i + 1)].as_f64().unwrap();
        let got = [
            state.gev,
            state.mean_correlation.unwrap(),
            state.coverage,
            state.mean_duration_s.unwrap(),
            state.occurrence_per_s,
        ];
        let theirs = ["gev", "mean_corr", "timecov", "meandurs", "occurrences"].map(expected);
        all_close(&got, &theirs, 1e-9, "state");
    }
    let unlabelled = oracle["parameters"]["unlabeled"].as_f64().unwrap();
    assert!((found.unlabelled_share - unlabelled).abs() < 1e-12);
    for (a, b) in found.transitions.iter().zip(rows(&oracle["transitions"])) {
        all_close(a, &b, 1e-12, "transitions");
    }
    for (a, b) in found.expected_transitions.iter().zip(rows(&oracle["expected"])) {
        all_close(a, &b, 1e-12, "expected transitions");
    }
}

/// `k` random maps of 16 channels that take turns of 20 samples, with noise a fifth as strong.
fn turns(k: usize, n: usize, seed: u64) -> (Vec<Vec<f64>>, Vec<Vec<f32>>) {
    let mut rng = SplitMix64::new(seed);
    let mut map = || -> Vec<f64> {
        let raw: Vec<f64> = (0..16).map(|_| rng.next_normal()).collect();
        let mean = raw.iter().sum::<f64>() / 16.0;
        raw.iter().map(|v| v - mean).collect()
    };
    let maps: Vec<Vec<f64>> = (0..k).map(|_| map()).collect();
    let mut samples = vec![Vec::new(); 16];
    let mut state = 0;
    for t in 0..n {
        if t % 20 == 0 {
            state = (state + 1 + rng.next_index(k - 1)) % k;
        }
        let strength = (t as f64 * 0.7).sin();
        for (x, m) in samples.iter_mut().zip(&maps[state]) {
            x.push((strength * m + 0.1 * rng.next_normal()) as f32);
        }
    }
    (maps, samples)
}

#[test]
fn known_maps_are_found_whatever_their_sign() {
    let (truth, samples) = turns(4, 4000, 12);
    let peaks = gfp_peaks(&samples).unwrap();
    let maps = Maps::at(&samples, Some(&peaks)).unwrap();
    let params = MicrostateParams { n_restarts: 20, seed: 3, ..MicrostateParams::default() };
    let found = fit(&maps, &params).unwrap();
    for map in &truth {
        let best = found.maps.iter().map(|m| likeness(m, map)).fold(0.0, f64::max);
        assert!(best > 0.99, "{best}");
    }
    assert!(found.gev > 0.9);
    assert_eq!(found, fit(&maps, &params).unwrap());
    let selection = select_k(&maps, 2, 7, &params).unwrap();
    assert_eq!(selection.best_by_cross_validation, 4, "{selection:?}");
    assert_eq!(selection.best_by_krzanowski_lai, Some(4), "{selection:?}");
}

#[test]
fn a_cycle_of_states_is_told_from_chance() {
    let (truth, _) = turns(4, 20, 12);
    // 0 1 2 3 0 1 2 3 ..., twenty samples each.
    let label = |t: usize| t / 20 % 4;
    let samples: Vec<Vec<f32>> =
        (0..16).map(|c| (0..4000).map(|t| truth[label(t)][c] as f32).collect()).collect();
    let labels: Vec<Option<usize>> = (0..4000).map(|t| Some(label(t))).collect();
    let rate = SampleRate::from_hz(100.0).unwrap();
    let found = describe(&samples, rate, &truth, &labels, 500, 1).unwrap();
    assert_eq!(found.transitions[0], [0.0, 1.0, 0.0, 0.0]);
    assert_eq!(found.states[2].mean_duration_s, Some(0.2));
    assert!((found.gev - 1.0).abs() < 1e-6);
    let p = found.transition_p.unwrap();
    assert!(p[0][1] < 0.01 && p[0][2] < 0.01);
}

#[test]
fn unusable_recordings_are_refused_and_silence_has_no_state_of_its_own() {
    assert!(gfp_peaks(&[]).is_err());
    assert!(gfp_peaks(&[vec![0.0; 4]]).is_err());
    assert!(gfp_peaks(&[vec![0.0; 4], vec![0.0; 3]]).is_err());
    assert!(gfp_peaks(&[vec![f32::NAN; 4], vec![0.0; 4]]).is_err());
    let silence = vec![vec![0.0_f32; 50]; 6];
    assert!(gfp_peaks(&silence).unwrap().is_empty());
    let maps = Maps::at(&silence, None).unwrap();
    assert!(fit(&maps, &MicrostateParams::default()).is_err());
    assert!(Maps::at(&silence, Some(&[50])).is_err());
    let states = [vec![1.0, -1.0, 0.0, 0.0, 0.0, 0.0]];
    let labels = segment(&silence, &states, &SegmentParams::default()).unwrap();
    // One stretch from end to end: both of its ends are unknown.
    assert_eq!(labels, vec![None; 50]);
    let rate = SampleRate::from_hz(100.0).unwrap();
    let found = describe(&silence, rate, &states, &labels, 10, 1).unwrap();
    assert_eq!((found.gev, found.states[0].mean_duration_s), (0.0, None));
    assert!(segment(&silence, &[vec![1.0]], &SegmentParams::default()).is_err());
    let bad = MicrostateParams { n_states: 0, ..MicrostateParams::default() };
    assert!(fit(&maps, &bad).is_err());
}
