//! Decompositions against known mixtures, MNE, python-picard and scikit-learn (`fixtures/ica.py`).

use std::ops::ControlFlow;

use clx_eeg::{EegError, Ica, IcaMethod, IcaParams};
use clx_signal::rng::SplitMix64;
use clx_testkit::{Tolerance, assert_close};
use serde_json::Value;

use crate::decomposition::eeglab_channels;

const METHODS: [IcaMethod; 6] = [
    IcaMethod::FastIca,
    IcaMethod::Infomax,
    IcaMethod::ExtendedInfomax,
    IcaMethod::Picard,
    IcaMethod::ExtendedPicard,
    IcaMethod::PicardO,
];

fn fit(samples: &[Vec<f32>], method: IcaMethod, seed: u64) -> Ica {
    let params = IcaParams { method, seed, ..IcaParams::default() };
    Ica::fit(samples, &params, &mut |_| ControlFlow::Continue(())).unwrap()
}

fn fixture() -> Value {
    serde_json::from_str(include_str!("../fixtures/ica.json")).unwrap()
}

fn matrix(value: &Value) -> Vec<Vec<f64>> {
    serde_json::from_value(value.clone()).unwrap()
}

/// Six sources (three Laplacian, three uniform unless `all_peaked`) in eight channels, and the mixing.
fn mixture(all_peaked: bool) -> (Vec<Vec<f32>>, Vec<Vec<f64>>) {
    let n = 8000;
    let mut rng = SplitMix64::new(20261122);
    let mut source = |peaked: bool| -> Vec<f64> {
        let laplace = |u: f64| {
            let v = u - 0.5;
            -v.signum() * (1.0 - 2.0 * v.abs()).max(1e-12).ln()
        };
        (0..n)
            .map(|_| rng.next_f64())
            .map(|u| if peaked { laplace(u) } else { 2.0 * u - 1.0 })
            .collect()
    };
    let sources: Vec<Vec<f64>> = (0..6).map(|i| source(all_peaked || i < 3)).collect();
    let mut rng = SplitMix64::new(7);
    let mixing: Vec<Vec<f64>> =
        (0..8).map(|_| (0..6).map(|_| 1e-5 * (2.0 * rng.next_f64() - 1.0)).collect()).collect();
    let sample = |row: &Vec<f64>, t: usize| -> f32 {
        row.iter().zip(&sources).map(|(a, s)| a * s[t]).sum::<f64>() as f32
    };
    (mixing.iter().map(|row| (0..n).map(|t| sample(row, t)).collect()).collect(), mixing)
}

fn product(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let cell = |row: &Vec<f64>, j: usize| row.iter().zip(b).map(|(x, r)| x * r[j]).sum();
    a.iter().map(|row| (0..b[0].len()).map(|j| cell(row, j)).collect()).collect()
}

/// Amari distance of two unmixings from their product `w a`, 0 for a scaled permutation, 1 at most.
///
/// Amari, Cichocki and Yang 1996, NIPS 8:757-763, divided by `2 n (n - 1)`.
fn amari(p: &[Vec<f64>]) -> f64 {
    let n = p.len();
    let excess = |values: Vec<f64>| {
        values.iter().sum::<f64>() / values.iter().fold(0.0, |a: f64, b| a.max(*b)) - 1.0
    };
    let rows: f64 = p.iter().map(|row| excess(row.iter().map(|v| v.abs()).collect())).sum();
    let columns: f64 = (0..n).map(|j| excess(p.iter().map(|row| row[j].abs()).collect())).sum();
    (rows + columns) / (2 * n * (n - 1)) as f64
}

#[test]
fn known_mixtures_are_undone_by_every_method() {
    for method in METHODS {
        // Plain Infomax and Picard assume that all sources are peaked.
        let (samples, mixing) = mixture(matches!(method, IcaMethod::Infomax | IcaMethod::Picard));
        let ica = fit(&samples, method, 1);
        let distance = amari(&product(&ica.unmixing, &mixing));
        println!("{method:?}: {distance:.4} after {} iterations", ica.n_iter);
        assert!(ica.converged && ica.rank == 6, "{method:?}");
        // 8000 samples leave an error of the order of 1/sqrt(8000) = 0.011 in every entry.
        assert!(distance < 0.03, "{method:?} {distance}");
        assert_close(ica.explained_variance.iter().sum(), 1.0, Tolerance::Absolute(0.05));
    }
}

#[test]
fn unmixings_of_the_synthetic_mixture_are_those_of_other_programs() {
    let (samples, _) = mixture(false);
    for (name, method, bound) in [
        ("extended_picard", IcaMethod::ExtendedPicard, 1e-5),
        ("picard_o", IcaMethod::PicardO, 1e-5),
        ("fast_ica", IcaMethod::FastIca, 1e-3),
        ("extended_infomax", IcaMethod::ExtendedInfomax, 0.01),
    ] {
        let theirs = matrix(&fixture()["synthetic"][name]);
        let distance = amari(&product(&theirs, &fit(&samples, method, 1).mixing));
        println!("{name}: {distance:.2e}");
        assert!(distance < bound, "{name} {distance}");
    }
}

#[test]
fn components_of_a_real_recording_are_those_of_mne() {
    let Some(samples) = eeglab_channels() else { return };
    // The likelihood of this recording has several maxima, for python-picard's seeds as for ours;
    // seed 2 leads to the one that MNE finds from its seed 97.
    let ica = fit(&samples, IcaMethod::ExtendedPicard, 2);
    assert!(ica.converged && ica.average_reference);
    assert_eq!((ica.rank, ica.n_components()), (29, 29));
    let expected = &fixture()["eeglab"];
    let theirs = matrix(&expected["unmixing"]);
    let p = product(&theirs, &ica.mixing);
    let distance = amari(&p);
    println!("Amari distance {distance:.2e} after {} iterations", ica.n_iter);
    assert!(distance < 1e-3, "{distance}");
    let ours = ica.sources(&samples).unwrap();
    let explained: Vec<f64> = serde_json::from_value(expected["explained"].clone()).unwrap();
    let mut worst: f64 = 1.0;
    for (weights, share) in theirs.iter().zip(explained) {
        let source: Vec<f64> = (0..samples[0].len())
            .map(|t| weights.iter().zip(&samples).map(|(w, x)| w * f64::from(x[t])).sum())
            .collect();
        let (best, at) = ours
            .iter()
            .enumerate()
            .map(|(i, o)| (correlation(&source, o).abs(), i))
            .fold((0.0, 0), |a, b| if b.0 > a.0 { b } else { a });
        worst = worst.min(best);
        assert_close(ica.explained_variance[at], share, Tolerance::Absolute(1e-4));
    }
    println!("smallest correlation of a component {worst:.9}");
    assert!(worst > 0.99, "{worst}");
}

fn correlation(a: &[f64], b: &[f32]) -> f64 {
    let n = a.len() as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().map(|v| f64::from(*v)).sum::<f64>() / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (x - ma, f64::from(*y) - mb);
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    ab / (aa * bb).sqrt()
}

#[test]
fn removing_nothing_changes_nothing_and_removing_all_leaves_the_means() {
    let (mut samples, _) = mixture(false);
    samples[3].iter_mut().for_each(|v| *v += 1e-4);
    let ica = fit(&samples, IcaMethod::PicardO, 4);
    assert_eq!(ica.remove(&samples, &[]).unwrap(), samples);
    let all: Vec<usize> = (0..6).collect();
    let rest = ica.remove(&samples, &all).unwrap();
    for (channel, mean) in rest.iter().zip(&ica.means_v) {
        // The samples are of the order of 1e-5 V and f32.
        assert!(channel.iter().all(|v| (f64::from(*v) - mean).abs() < 1e-10));
    }
}

#[test]
fn a_removed_source_is_gone_and_the_others_stay() {
    let (samples, _) = mixture(false);
    let ica = fit(&samples, IcaMethod::ExtendedPicard, 4);
    let before = ica.sources(&samples).unwrap();
    let after = ica.sources(&ica.remove(&samples, &[2]).unwrap()).unwrap();
    for (i, (b, a)) in before.iter().zip(&after).enumerate() {
        for (b, a) in b.iter().zip(a) {
            let expected = if i == 2 { 0.0 } else { *b };
            assert!((a - expected).abs() < 1e-4, "{i} {a} {expected}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let (samples, _) = mixture(false);
    for method in METHODS {
        assert_eq!(fit(&samples, method, 3), fit(&samples, method, 3), "{method:?}");
    }
}

#[test]
fn components_are_sorted_and_their_largest_weight_is_positive() {
    let (samples, _) = mixture(false);
    let ica = fit(&samples, IcaMethod::FastIca, 9);
    assert!(ica.explained_variance.windows(2).all(|w| w[0] >= w[1] - 1e-12));
    for i in 0..6 {
        let map = ica.map(i);
        let largest = map.iter().fold(0.0, |a: f64, b| if b.abs() > a.abs() { *b } else { a });
        assert!(largest > 0.0);
    }
}

#[test]
fn breaking_cancels_every_method() {
    let (samples, _) = mixture(false);
    for method in METHODS {
        let mut heard = 0;
        let cancelled =
            Ica::fit(&samples, &IcaParams { method, ..Default::default() }, &mut |_| {
                heard += 1;
                if heard == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
        assert_eq!((cancelled, heard), (Err(EegError::Cancelled), 2), "{method:?}");
    }
}

#[test]
fn an_unfinished_search_and_a_short_recording_are_findings() {
    let (samples, _) = mixture(false);
    let short: Vec<Vec<f32>> = samples.iter().map(|x| x[..300].to_vec()).collect();
    let params = IcaParams { max_iter: 2, ..Default::default() };
    let ica = Ica::fit(&short, &params, &mut |_| ControlFlow::Continue(())).unwrap();
    let codes: Vec<&str> = ica.findings.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(codes, ["ica.not_converged", "ica.short"]);
}

#[test]
fn unusable_input_gives_an_error_and_not_nan() {
    let noise = mixture(false).0;
    let mut holed = noise.clone();
    holed[1][5] = f32::NAN;
    let one: Vec<Vec<f32>> = noise.iter().map(|x| x[..1].to_vec()).collect();
    for samples in [vec![], vec![vec![]], vec![vec![0.0; 500]; 4], vec![vec![2.0; 9]], one, holed] {
        for method in METHODS {
            let params = IcaParams { method, ..Default::default() };
            let got = Ica::fit(&samples, &params, &mut |_| ControlFlow::Continue(()));
            assert!(got.is_err(), "{method:?} {samples:.1?}");
        }
    }
    let too_many = IcaParams { n_components: Some(7), ..Default::default() };
    assert!(Ica::fit(&noise, &too_many, &mut |_| ControlFlow::Continue(())).is_err());
    let ica = fit(&noise, IcaMethod::PicardO, 1);
    assert!(ica.remove(&noise, &[6]).is_err());
    assert!(ica.sources(&noise[..3]).is_err());
}

#[test]
fn one_component_is_the_first_principal_component() {
    let (samples, _) = mixture(false);
    for method in METHODS {
        let params = IcaParams { method, n_components: Some(1), ..Default::default() };
        let ica = Ica::fit(&samples, &params, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!((ica.n_components(), ica.n_channels()), (1, 8), "{method:?}");
    }
}
