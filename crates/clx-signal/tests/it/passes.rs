//! Fused, causal, exact and resampling filters against MNE and SciPy (`fixtures/passes.py`).

use clx_signal::fir::{self, CausalFir, Edge, Fir, OverlapSave, filter_zero_phase_f64};
use clx_signal::resample::{resample_fft, resample_poly};
use clx_signal::{SampleRate, SignalError};
use proptest::prelude::*;
use serde_json::Value;

use crate::noise::noise;

fn rate() -> SampleRate {
    SampleRate::from_hz(250.0).unwrap()
}

fn fixture() -> Value {
    serde_json::from_str(include_str!("../fixtures/passes.json")).unwrap()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn size(v: &Value) -> usize {
    v.as_u64().unwrap() as usize
}

/// Largest difference, in units of the expected rms.
fn deviation(got: impl IntoIterator<Item = f64>, expected: &[f64]) -> f64 {
    let rms = (expected.iter().map(|v| v * v).sum::<f64>() / expected.len() as f64).sqrt();
    let got: Vec<f64> = got.into_iter().collect();
    assert_eq!(got.len(), expected.len());
    got.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / rms
}

fn wide(x: &[f32]) -> Vec<f64> {
    x.iter().map(|&v| v.into()).collect()
}

fn band_and_notch() -> Fir {
    let band = fir::design_bandpass(rate(), Some(1.0), Some(40.0)).unwrap();
    band.fuse(&fir::design_notch(rate(), &[50.0]).unwrap()).unwrap()
}

fn pass(x: &[f32], up: usize, down: usize, sizes: &[usize]) -> Vec<f32> {
    let mut pass = OverlapSave::resampling(&band_and_notch(), up, down, 1, Edge::Reflect).unwrap();
    let (mut y, mut at) = (Vec::new(), 0);
    for size in sizes.iter().cycle() {
        let to = (at + size).min(x.len());
        pass.push(0, &x[at..to], &mut y);
        at = to;
        if at == x.len() {
            break;
        }
    }
    pass.finish(0, &mut y);
    y
}

#[test]
fn band_pass_notch_and_resampling_in_one_pass_equal_three() {
    let x = noise(6000);
    for case in fixture()["fused"].as_array().unwrap() {
        let (up, down) = (size(&case["up"]), size(&case["down"]));
        let y = pass(&x, up, down, &[6000]);
        assert_eq!(y.len(), size(&case["n"]));
        let expected = numbers(&case["output"]);
        let got = wide(&y).into_iter().skip(size(&case["first"])).step_by(size(&case["step"]));
        let off = deviation(got.take(expected.len()), &expected);
        assert!(off < 2e-6, "{up}/{down}: {off:e}");
    }
}

#[test]
fn constant_of_a_low_pass_survives_resampling() {
    let low = fir::design_bandpass(rate(), None, Some(40.0)).unwrap();
    let mut pass = OverlapSave::resampling(&low, 2, 5, 1, Edge::Repeat).unwrap();
    let mut y = Vec::new();
    pass.push(0, &[4e-3; 3000], &mut y);
    pass.finish(0, &mut y);
    // The images of 0 Hz are down by 55 dB, the side lobes of the Kaiser window, as in SciPy.
    let expected = resample_poly(&[4e-3; 3000], 2, 5).unwrap();
    assert!((200..1000).all(|i| (y[i] - expected[i]).abs() < 1e-8), "{:?}", &y[200..210]);
}

#[test]
fn exact_filter_equals_mne_to_1e_9() {
    let mne: Value = serde_json::from_str(include_str!("../fixtures/mne_fir.json")).unwrap();
    let band = fir::design_bandpass(rate(), Some(1.0), Some(40.0)).unwrap();
    for case in mne["filtered"].as_array().unwrap() {
        let n = size(&case["n"]);
        let edge = if case["pad"] == "edge" { Edge::Repeat } else { Edge::Reflect };
        let x: Vec<f64> = noise(n).iter().map(|&v| f64::from(v) + 3.0).collect();
        let y = filter_zero_phase_f64(&band, &x, edge).unwrap();
        let expected = numbers(&case["output"]);
        let worst = y.iter().step_by((n / 250).max(1)).zip(&expected).map(|(a, b)| (a - b).abs());
        let worst = worst.fold(0.0, f64::max);
        assert!(worst < 1e-9 * 0.2, "{}: {worst:e}", case["pad"]);
    }
    assert!(filter_zero_phase_f64(&band, &[f64::NAN], Edge::Repeat).is_err());
    assert!(filter_zero_phase_f64(&band, &[], Edge::Repeat).unwrap().is_empty());
}

#[test]
fn minimum_phase_equals_scipy_and_says_its_delay() {
    let low = fir::design_bandpass(rate(), None, Some(40.0)).unwrap();
    let live = CausalFir::minimum_phase(&low, 1);
    let expected = numbers(&fixture()["minimum"]);
    assert!(deviation(live.taps().iter().copied(), &expected) < 1e-9);
    for (freq, delay) in [5.0, 10.0, 20.0].iter().zip(numbers(&fixture()["delay_s"])) {
        assert!((live.group_delay_s(*freq).unwrap() - delay).abs() < 1e-9);
    }
    assert_eq!(CausalFir::linear_phase(&band_and_notch(), 1).group_delay_s(0.0), None);
}

#[test]
fn causal_filter_equals_lfilter_and_holds_missing_samples() {
    let low = fir::design_bandpass(rate(), None, Some(40.0)).unwrap();
    let mut live = CausalFir::linear_phase(&low, 1);
    // lfilter starts from silence; so does this, with one leading zero.
    let mut block = vec![vec![0.0]];
    live.process(&mut block).unwrap();
    let mut block = vec![noise(600)];
    live.process(&mut block).unwrap();
    let got = wide(&block[0]).into_iter().step_by(4);
    assert!(deviation(got, &numbers(&fixture()["causal"])) < 2e-7);
    let mut fresh = CausalFir::linear_phase(&low, 1);
    let mut block = vec![vec![f32::NAN, 1.0, f32::INFINITY]];
    assert_eq!(fresh.process(&mut block).unwrap(), 2);
    assert!(block[0].iter().all(|y| (y - 1.0).abs() < 1e-6));
    assert!(matches!(fresh.process(&mut []), Err(SignalError::Mismatch { .. })));
}

#[test]
fn fourier_resampling_equals_scipy() {
    let x = noise(6000);
    for case in fixture()["fft"].as_array().unwrap() {
        let (n_in, n_out) = (size(&case["n_in"]), size(&case["n_out"]));
        let y = wide(&resample_fft(&x[..n_in], n_out));
        assert!(deviation(y, &numbers(&case["output"])) < 3e-7, "{n_in} to {n_out}");
    }
}

#[test]
fn impossible_ratios_are_refused() {
    for (up, down) in [(0, 1), (1, 0), (0, 0), (1, 1025), (1025, 1024)] {
        assert!(OverlapSave::resampling(&band_and_notch(), up, down, 1, Edge::Reflect).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn fused_output_does_not_depend_on_the_chunking(
        n in 1_usize..12_000,
        sizes in proptest::collection::vec(1_usize..=1024, 1..4),
        ratio in prop_oneof![Just((1_usize, 1_usize)), Just((1, 2)), Just((2, 5)), Just((5, 4))],
    ) {
        let x = noise(n);
        let y = pass(&x, ratio.0, ratio.1, &sizes);
        prop_assert_eq!(&y, &pass(&x, ratio.0, ratio.1, &[n]));
        prop_assert_eq!(y.len(), (n * ratio.0).div_ceil(ratio.1));
    }

    #[test]
    fn causal_output_does_not_depend_on_the_chunking(
        n in 1_usize..2000,
        sizes in proptest::collection::vec(1_usize..=1024, 1..4),
    ) {
        let band = fir::design_bandpass(rate(), Some(4.0), Some(40.0)).unwrap();
        let mut whole = vec![noise(n)];
        CausalFir::minimum_phase(&band, 1).process(&mut whole).unwrap();
        let mut live = CausalFir::minimum_phase(&band, 1);
        let (x, mut y) = (noise(n), Vec::<f32>::new());
        let mut rest = &x[..];
        for size in sizes.iter().cycle() {
            let (now, later) = rest.split_at(rest.len().min(*size));
            let mut block = vec![now.to_vec()];
            live.process(&mut block).unwrap();
            y.extend(&block[0]);
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(&y, &whole[0]);
    }
}
