//! IIR filters against scipy.signal (`fixtures/iir.py`) and against what defines them.

use clx_signal::iir::{
    Passband, Prototype, Sos, SosFilter, design, design_notch, filter_zero_phase,
    filter_zero_phase_f64,
};
use clx_signal::{SampleRate, SignalError};
use proptest::prelude::*;
use serde_json::Value;

use crate::noise::noise;

const PROTOTYPES: [Prototype; 5] = [
    Prototype::Butterworth,
    Prototype::Chebyshev1 { ripple_db: 0.5 },
    Prototype::Chebyshev2 { attenuation_db: 40.0 },
    Prototype::Elliptic { ripple_db: 0.5, attenuation_db: 40.0 },
    Prototype::Bessel,
];

fn rate() -> SampleRate {
    SampleRate::from_hz(250.0).unwrap()
}

fn fixture() -> Value {
    serde_json::from_str(include_str!("../fixtures/iir.json")).unwrap()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn passband(case: &Value) -> Passband {
    let edges = numbers(&case["edges"]);
    match case["btype"].as_str().unwrap() {
        "lowpass" => Passband::Lowpass { edge_hz: edges[0] },
        "highpass" => Passband::Highpass { edge_hz: edges[0] },
        "bandpass" => Passband::Bandpass { fmin_hz: edges[0], fmax_hz: edges[1] },
        _ => Passband::Bandstop { fmin_hz: edges[0], fmax_hz: edges[1] },
    }
}

fn prototype(family: &Value) -> Prototype {
    let names = ["butter", "cheby1", "cheby2", "ellip", "bessel"];
    PROTOTYPES[names.iter().position(|n| family == n).unwrap()]
}

fn order(case: &Value) -> usize {
    case["order"].as_u64().unwrap() as usize
}

#[track_caller]
fn assert_all_close(got: &[f64], expected: &[f64], allowed: f64, what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(1e-300_f64, |m, v| m.max(v.abs()));
    let worst = got.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / scale;
    assert!(worst <= allowed, "{what}: differs by {worst:e}, allowed {allowed:e}");
}

#[test]
fn sections_and_steady_state_equal_scipy() {
    for case in fixture()["designs"].as_array().unwrap() {
        let what = format!("{} {} {}", case["family"], case["btype"], case["order"]);
        let sos = design(rate(), order(case), prototype(&case["family"]), passband(case)).unwrap();
        let flat: Vec<f64> = sos.sections().concat();
        assert_all_close(&flat, &numbers(&case["sos"]), 1e-10, &what);
        assert_all_close(&sos.steady_state().concat(), &numbers(&case["zi"]), 1e-10, &what);
    }
}

#[test]
fn notch_equals_scipy() {
    for case in fixture()["notches"].as_array().unwrap() {
        let freq = case["freq"].as_f64().unwrap();
        let sos = design_notch(rate(), freq, case["q"].as_f64().unwrap()).unwrap();
        assert_all_close(&sos.sections().concat(), &numbers(&case["ba"]), 1e-14, "notch");
    }
}

#[test]
fn filtered_signals_equal_scipy() {
    let x = noise(1500);
    for case in fixture()["filtered"].as_array().unwrap() {
        let sos = design(rate(), order(case), Prototype::Butterworth, passband(case)).unwrap();
        let every_fifth =
            |y: &[f32]| -> Vec<f64> { y.iter().step_by(5).map(|&v| v.into()).collect() };
        let mut causal = vec![x.clone()];
        SosFilter::new(&sos, 1).process(&mut causal).unwrap();
        // Half an ulp of f32.
        assert_all_close(&every_fifth(&causal[0]), &numbers(&case["causal"]), 6e-8, "causal");
        let wide: Vec<f64> = x.iter().map(|&v| v.into()).collect();
        let y = filter_zero_phase_f64(&sos, &wide).unwrap();
        let y: Vec<f64> = y.into_iter().step_by(5).collect();
        assert_all_close(&y, &numbers(&case["zero_phase"]), 1e-10, "zero phase");
        let y = filter_zero_phase(&sos, std::slice::from_ref(&x)).unwrap();
        assert_all_close(
            &every_fifth(&y[0]),
            &numbers(&case["zero_phase"]),
            6e-8,
            "zero phase f32",
        );
    }
}

/// Real gain at a frequency where the response is real, its sign included.
fn sign_and_gain(sos: &Sos, freq_hz: f64) -> f64 {
    let g = sos.response_at(freq_hz);
    assert!(g.im.abs() < 1e-9, "{g}");
    g.re
}

#[test]
fn gains_at_both_ends_have_the_right_size_and_sign_for_every_order() {
    // A filter that inverts a rhythm passes every test of magnitude (brainflow issue 693).
    let passing = |p: Prototype, order: usize| match p {
        Prototype::Chebyshev1 { ripple_db } | Prototype::Elliptic { ripple_db, .. }
            if order.is_multiple_of(2) =>
        {
            10_f64.powf(-ripple_db / 20.0)
        }
        _ => 1.0,
    };
    let stopping = |p: Prototype, order: usize| match p {
        Prototype::Chebyshev2 { attenuation_db } | Prototype::Elliptic { attenuation_db, .. }
            if order.is_multiple_of(2) =>
        {
            10_f64.powf(-attenuation_db / 20.0)
        }
        _ => 0.0,
    };
    for p in PROTOTYPES {
        for order in 1..=8 {
            let [pass, stop] = [passing(p, order), stopping(p, order)];
            let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-7, "{p:?} {order}: {a} {b}");
            let low = design(rate(), order, p, Passband::Lowpass { edge_hz: 30.0 }).unwrap();
            close(sign_and_gain(&low, 0.0), pass);
            close(sign_and_gain(&low, 125.0).abs(), stop);
            let high = design(rate(), order, p, Passband::Highpass { edge_hz: 30.0 }).unwrap();
            close(sign_and_gain(&high, 125.0), pass);
            close(sign_and_gain(&high, 0.0).abs(), stop);
            let stopband = Passband::Bandstop { fmin_hz: 40.0, fmax_hz: 60.0 };
            let notch = design(rate(), order, p, stopband).unwrap();
            close(sign_and_gain(&notch, 0.0), pass);
            close(sign_and_gain(&notch, 125.0), pass);
        }
    }
}

#[test]
fn live_filter_holds_the_last_sample_over_missing_ones_and_says_so() {
    let sos =
        design(rate(), 2, Prototype::Butterworth, Passband::Lowpass { edge_hz: 30.0 }).unwrap();
    let mut filter = SosFilter::new(&sos, 1).settle_on_first();
    let mut block = vec![vec![2.0, f32::NAN, f32::INFINITY, 2.0]];
    assert_eq!(filter.process(&mut block).unwrap(), 2);
    assert!(block[0].iter().all(|y| (y - 2.0).abs() < 1e-6), "{block:?}");
    assert!(filter.process(&mut [vec![], vec![]]).is_err());
    assert_eq!(filter.process(&mut [vec![]]).unwrap(), 0);
}

#[test]
fn zero_phase_refuses_what_it_cannot_filter() {
    let sos =
        design(rate(), 2, Prototype::Butterworth, Passband::Lowpass { edge_hz: 30.0 }).unwrap();
    assert_eq!(sos.pad_len(), 9);
    assert!(matches!(filter_zero_phase(&sos, &[vec![0.0; 9]]), Err(SignalError::TooShort { .. })));
    let ten = vec![0.0; 10];
    let one = std::slice::from_ref(&ten);
    assert_eq!(filter_zero_phase(&sos, one).unwrap(), one);
    assert!(matches!(
        filter_zero_phase(&sos, &[ten.clone(), vec![f32::NAN; 10]]),
        Err(SignalError::NotFinite { .. })
    ));
    assert!(filter_zero_phase(&sos, &[ten, vec![0.0; 11]]).is_err());
}

fn live(sos: &Sos, channels: &[Vec<f32>], sizes: &[usize]) -> Vec<Vec<f32>> {
    let mut filter = SosFilter::new(sos, channels.len()).settle_on_first();
    let mut out = vec![Vec::new(); channels.len()];
    let mut at = 0;
    for size in sizes.iter().cycle() {
        let to = (at + size).min(channels[0].len());
        let mut block: Vec<Vec<f32>> = channels.iter().map(|x| x[at..to].to_vec()).collect();
        filter.process(&mut block).unwrap();
        out.iter_mut().zip(block).for_each(|(o, b)| o.extend(b));
        at = to;
        if at == channels[0].len() {
            return out;
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn live_output_does_not_depend_on_the_blocks_or_the_neighbours(
        n in 1_usize..3000,
        sizes in proptest::collection::vec(1_usize..=1024, 1..5),
        order in 1_usize..6,
    ) {
        let passband = Passband::Bandpass { fmin_hz: 1.0, fmax_hz: 40.0 };
        let sos = design(rate(), order, Prototype::Butterworth, passband).unwrap();
        let x = noise(n);
        let channels: Vec<Vec<f32>> = (0..11).map(|i| x.iter().map(|v| v * (i + 1) as f32).collect()).collect();
        let whole = live(&sos, &channels, &[n]);
        prop_assert_eq!(&live(&sos, &channels, &sizes), &whole);
        prop_assert_eq!(&live(&sos, &channels[..1], &sizes)[0], &whole[0]);
    }

    #[test]
    fn zero_phase_commutes_with_time_reversal(n in 100_usize..2000) {
        let sos = design(rate(), 3, Prototype::Butterworth, Passband::Lowpass { edge_hz: 40.0 }).unwrap();
        let x = noise(n);
        let reversed: Vec<f32> = x.iter().rev().copied().collect();
        let y = filter_zero_phase(&sos, &[x, reversed]).unwrap();
        // Exact only for an endless signal: what the padding cuts off decays by a factor of 0.5 per
        // sample, so compare away from the ends.
        for i in 50..n - 50 {
            prop_assert!((y[0][i] - y[1][n - 1 - i]).abs() < 1e-6);
        }
    }
}
