//! Against antropy 0.2.3 and NeuroKit2 0.2.13; see `fixtures/complexity.py`.

use clx_signal::complexity::*;
use proptest::prelude::*;
use serde_json::Value;

use crate::noise::noise;

fn cases() -> Value {
    serde_json::from_str(include_str!("../fixtures/complexity.json")).unwrap()
}

fn white(n: usize) -> Vec<f64> {
    noise(n).into_iter().map(f64::from).collect()
}

fn walk(n: usize) -> Vec<f64> {
    let mut sum = 0.0;
    let step = |v| {
        sum += v;
        sum
    };
    white(n).into_iter().map(step).collect()
}

fn signals() -> [(&'static str, Vec<f64>); 4] {
    [
        ("noise", white(1201)),
        ("walk", walk(1500).into_iter().map(|v| v * 1e-6 + 1e-3).collect()),
        ("ties", white(999).into_iter().map(|v| (v * 8.0).floor()).collect()),
        ("long", walk(5003)),
    ]
}

#[track_caller]
fn same(got: Option<f64>, expected: &Value, what: &str) {
    match (got, expected.as_f64()) {
        (Some(a), Some(b)) => {
            assert!((a - b).abs() <= 1e-10 * b.abs().max(1.0), "{what}: got {a}, expected {b}");
        }
        (None, None) => {}
        (a, b) => panic!("{what}: got {a:?}, expected {b:?}"),
    }
}

fn each<'a>(case: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    case[name].as_array().unwrap().iter()
}

fn int(case: &Value, name: &str) -> usize {
    case[name].as_u64().unwrap() as usize
}

#[test]
fn shannon_entropies_equal_antropy() {
    let cases = cases();
    for (name, x) in signals() {
        for (measure, of) in [
            ("permutation", permutation_entropy as fn(&[f64], usize, usize) -> Option<Entropy>),
            ("svd", svd_entropy),
        ] {
            for case in each(&cases[name], measure) {
                let got = of(&x, int(case, "order"), int(case, "delay"));
                same(got.map(|e| e.bits), &case["bits"], &format!("{name} {measure} {case}"));
                same(got.map(|e| e.normalised), &case["normalised"], &format!("{name} {case}"));
            }
        }
        let got = periodogram_entropy(&x);
        same(got.map(|e| e.bits), &cases[name]["spectral_bits"], name);
        same(got.map(|e| e.normalised), &cases[name]["spectral_normalised"], name);
    }
}

#[test]
fn sample_and_approximate_entropy_equal_antropy() {
    let cases = cases();
    for (name, x) in signals() {
        let r = default_tolerance(&x).unwrap();
        for case in each(&cases[name], "sample") {
            same(sample_entropy(&x, int(case, "order"), r), &case["value"], name);
        }
        for case in each(&cases[name], "approximate") {
            same(approximate_entropy(&x, int(case, "order"), r), &case["value"], name);
        }
        same(sample_entropy(&x, 2, 2.5 * r), &cases[name]["sample_half_sd"], name);
        same(sample_entropy(&x, 2, 1.0), &cases[name]["sample_unit"], name);
        same(approximate_entropy(&x, 2, 1.0), &cases[name]["approximate_unit"], name);
    }
}

#[test]
fn multiscale_entropy_equals_neurokit() {
    let cases = cases();
    for (name, x) in signals() {
        let case = &cases[name]["multiscale"];
        let r = case["tolerance"].as_f64().unwrap();
        let three = multiscale_entropy(&x, 3, r, 8).unwrap();
        each(case, "three").zip(&three.entropies).for_each(|(e, got)| same(*got, e, name));
        let two = multiscale_entropy(&x, 2, r, 5).unwrap();
        each(case, "two").zip(&two.entropies).for_each(|(e, got)| same(*got, e, name));
        same(Some(two.index), &case["two_index"], name);
    }
}

#[test]
fn fractal_dimensions_and_descriptors_equal_antropy() {
    let cases = cases();
    for (name, x) in signals() {
        let case = &cases[name];
        for higuchi in each(case, "higuchi") {
            same(higuchi_fd(&x, int(higuchi, "kmax")), &higuchi["value"], name);
        }
        same(petrosian_fd(&x), &case["petrosian"], name);
        same(katz_fd(&x), &case["katz"], name);
        same(detrended_fluctuation(&x), &case["dfa"], name);
        same(hjorth(&x).map(|h| h.mobility), &case["mobility"], name);
        same(hjorth(&x).map(|h| h.complexity), &case["complexity"], name);
        assert_eq!(zero_crossings(&x), Some(int(case, "zero_crossings")), "{name}");
        let parsed = lempel_ziv(&above_mean(&x)).unwrap();
        assert_eq!(parsed.phrases, int(case, "lempel_ziv"), "{name}");
        same(Some(parsed.normalised), &case["lempel_ziv_normalised"], name);
        let low = x.iter().copied().fold(f64::INFINITY, f64::min);
        let high = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let eight: Vec<u8> =
            x.iter().map(|v| ((v - low) / (high - low) * 7.99).floor() as u8).collect();
        assert_eq!(lempel_ziv(&eight).unwrap().phrases, int(case, "lempel_ziv_eight"), "{name}");
    }
}

#[test]
fn unusable_input_has_no_figure() {
    let mut broken = white(200);
    broken[100] = f64::NAN;
    let mut infinite = white(200);
    infinite[0] = f64::INFINITY;
    for x in [&[][..], &[1.0], &[0.0; 200], &[3.5; 200], &broken, &infinite, &[1.0, 2.0]] {
        let all = [
            permutation_entropy(x, 3, 1).map(|e| e.bits),
            periodogram_entropy(x).filter(|_| x.len() > 2).map(|e| e.bits),
            svd_entropy(x, 3, 1).map(|e| e.bits),
            sample_entropy(x, 2, 0.1),
            approximate_entropy(x, 2, 0.1),
            multiscale_entropy(x, 2, 0.1, 3).map(|m| m.index),
            higuchi_fd(x, 10),
            petrosian_fd(x),
            katz_fd(x),
            detrended_fluctuation(x),
            hjorth(x).map(|h| h.mobility),
        ];
        assert_eq!(all, [None; 11], "{} samples from {:?}", x.len(), x.first());
    }
    assert_eq!(lempel_ziv(&above_mean(&broken)), None);
    assert_eq!(lempel_ziv(&[1; 50]), None);
    assert_eq!(zero_crossings(&broken), None);
    assert_eq!(permutation_entropy(&white(50), 1, 1), None);
    assert_eq!(permutation_entropy(&white(50), 3, usize::MAX), None);
    assert_eq!(higuchi_fd(&white(50), 0), None);
    assert_eq!(sample_entropy(&white(50), usize::MAX, 0.1), None);
    assert_eq!(sample_entropy(&white(50), 2, f64::NAN), None);
}

/// The definition of Lempel and Ziv, searched for from each place.
fn phrases_by_search(s: &[u8]) -> usize {
    let (mut start, mut phrases) = (0, 0);
    while start < s.len() {
        let seen = |len: usize| (0..start).any(|p| s[p..p + len] == s[start..start + len]);
        let len = (1..=s.len() - start).find(|&len| !seen(len)).unwrap_or(s.len() - start);
        start += len;
        phrases += 1;
    }
    phrases
}

/// The definition of sample entropy, pair by pair.
fn sample_entropy_by_pairs(x: &[f64], order: usize, r: f64) -> Option<f64> {
    let alike = |i: usize, j: usize, m: usize| (0..m).all(|k| (x[i + k] - x[j + k]).abs() < r);
    let n = x.len() - order;
    let count = |m: usize| {
        (0..n).map(|i| (i + 1..n).filter(|&j| alike(i, j, m)).count()).sum::<usize>() as f64
    };
    let (short, long) = (count(order), count(order + 1));
    (long > 0.0).then(|| (short / long).ln())
}

proptest! {
    #[test]
    fn phrases_are_those_of_the_definition(s in prop::collection::vec(0_u8..3, 2..120)) {
        if let Some(parsed) = lempel_ziv(&s) {
            prop_assert_eq!(parsed.phrases, phrases_by_search(&s));
        }
    }

    #[test]
    fn sample_entropy_is_that_of_the_definition(
        x in prop::collection::vec(-4_i8..4, 8..60),
        order in 1_usize..4,
        r in 0.1..4.0_f64,
    ) {
        let x: Vec<f64> = x.into_iter().map(f64::from).collect();
        if x.iter().any(|v| *v != x[0]) {
            prop_assert_eq!(sample_entropy(&x, order, r), sample_entropy_by_pairs(&x, order, r));
        }
    }

    #[test]
    fn scale_and_offset_leave_dimensions_alone(
        x in prop::collection::vec(-1.0..1.0_f64, 60..200),
        power in -20_i32..4,
    ) {
        // A power of two scales without rounding.
        let y: Vec<f64> = x.iter().map(|v| v * 2_f64.powi(power)).collect();
        prop_assert_eq!(permutation_entropy(&x, 4, 1), permutation_entropy(&y, 4, 1));
        prop_assert_eq!(petrosian_fd(&x), petrosian_fd(&y));
        let (a, b) = (higuchi_fd(&x, 10).unwrap(), higuchi_fd(&y, 10).unwrap());
        prop_assert!((a - b).abs() < 1e-9);
        let (a, b) = (svd_entropy(&x, 3, 1).unwrap(), svd_entropy(&y, 3, 1).unwrap());
        prop_assert!((a.bits - b.bits).abs() < 1e-9);
    }
}
