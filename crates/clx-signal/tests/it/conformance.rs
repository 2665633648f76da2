//! Values computed by SciPy 1.17.1 and MNE 1.13.2; see `fixtures/make_fixtures.py`.

use clx_signal::fir::{self, Edge, OverlapSave};
use clx_signal::resample::resample_poly;
use clx_signal::welch::{Average, Welch, WelchParams};
use clx_signal::window::{Symmetry, Window, hamming, hann, kaiser};
use clx_signal::{Band, SampleRate, stats};
use serde_json::Value;

use crate::noise::noise;

fn fixture(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn mne() -> Value {
    fixture(include_str!("../fixtures/mne_fir.json"))
}

fn scipy() -> Value {
    fixture(include_str!("../fixtures/scipy.json"))
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn rate_of(case: &Value) -> SampleRate {
    SampleRate::from_hz(case["rate_hz"].as_f64().unwrap()).unwrap()
}

#[track_caller]
fn assert_all_close(got: &[f64], expected: &[f64], absolute: f64, what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let worst = got.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(worst <= absolute, "{what}: differs by {worst}, allowed {absolute}");
}

#[test]
fn bandpass_taps_equal_mne() {
    for case in mne()["bandpass"].as_array().unwrap() {
        let (low, high) = (case["highpass_hz"].as_f64(), case["lowpass_hz"].as_f64());
        let fir = fir::design_bandpass(rate_of(case), low, high).unwrap();
        let half = &fir.taps()[fir.half_len()..];
        assert_all_close(half, &numbers(&case["half"]), 1e-12, &format!("{low:?} {high:?}"));
    }
}

#[test]
fn notch_taps_equal_mne() {
    for case in mne()["notch"].as_array().unwrap() {
        let fir = fir::design_notch(rate_of(case), &numbers(&case["freqs_hz"])).unwrap();
        assert_all_close(&fir.taps()[fir.half_len()..], &numbers(&case["half"]), 1e-12, "notch");
    }
}

#[test]
fn filtered_signal_equals_mne() {
    let rate = SampleRate::from_hz(250.0).unwrap();
    let fir = fir::design_bandpass(rate, Some(1.0), Some(40.0)).unwrap();
    for case in mne()["filtered"].as_array().unwrap() {
        let n = case["n"].as_u64().unwrap() as usize;
        let edge = if case["pad"] == "edge" { Edge::Repeat } else { Edge::Reflect };
        // The fixture adds 3 to the f32 noise in f64; the sum rounds to f32 here: 1.2e-7.
        let x: Vec<f32> = noise(n).iter().map(|v| v + 3.0).collect();
        let mut filter = OverlapSave::new(&fir, 1, edge);
        let mut y = Vec::new();
        filter.push(0, &x, &mut y);
        filter.finish(0, &mut y);
        let got: Vec<f64> = y.iter().step_by((n / 250).max(1)).map(|&v| f64::from(v)).collect();
        assert_all_close(&got, &numbers(&case["output"]), 5e-7, &case["pad"].to_string());
    }
}

#[test]
fn welch_equals_scipy() {
    for case in scipy()["welch"].as_array().unwrap() {
        let rate = rate_of(case);
        let n = case["nperseg"].as_f64().unwrap();
        let params = WelchParams {
            window_s: n / rate.hz(),
            window: if case["window"] == "hann" { Window::Hann } else { Window::Hamming },
            detrend: case["detrend"] == true,
            average: if case["average"] == "mean" { Average::Mean } else { Average::Median },
            ..WelchParams::default()
        };
        let mut welch = Welch::new(rate, params).unwrap();
        // 5 is added in f64 by the fixture and in f32 here, which rounds by up to 2.4e-7.
        let x: Vec<f32> = noise(3001).iter().map(|v| v + 5.0).collect();
        welch.push(&x);
        let psd = welch.finish().unwrap();
        let expected = numbers(&case["density"]);
        let scale = expected[1..].iter().copied().fold(0.0, f64::max);
        assert_all_close(&psd.density, &expected, 1e-6 * scale.max(expected[0]), "density");
        if params.detrend {
            let alpha = case["alpha_trapezoid"].as_f64().unwrap();
            assert!((psd.band_power_trapezoid(Band::ALPHA) / alpha - 1.0).abs() < 1e-6);
            let alpha = case["alpha_simpson"].as_f64().unwrap();
            assert!((psd.band_power_simpson(Band::ALPHA) / alpha - 1.0).abs() < 1e-6);
        }
    }
}

#[test]
fn resampling_equals_scipy() {
    let x = noise(300);
    for case in scipy()["resample"].as_array().unwrap() {
        let factor = |name: &str| case[name].as_u64().unwrap() as usize;
        let y = resample_poly(&x, factor("up"), factor("down")).unwrap();
        let y: Vec<f64> = y.iter().map(|&v| f64::from(v)).collect();
        // Output is f32: half an ulp of values up to 1.
        assert_all_close(&y, &numbers(&case["output"]), 6e-8, "resampled");
    }
}

#[test]
fn windows_equal_scipy() {
    let expected = &scipy()["windows"];
    for (name, got) in [
        ("hann_periodic", hann(16, Symmetry::Periodic)),
        ("hann_symmetric", hann(16, Symmetry::Symmetric)),
        ("hamming_periodic", hamming(15, Symmetry::Periodic)),
        ("hamming_symmetric", hamming(15, Symmetry::Symmetric)),
        ("kaiser_5", kaiser(15, 5.0)),
    ] {
        assert_all_close(&got, &numbers(&expected[name]), 1e-14, name);
    }
}

#[test]
fn percentiles_equal_numpy() {
    let case = &scipy()["percentiles"];
    let x: Vec<f64> = noise(101).iter().map(|&v| f64::from(v)).collect();
    let got: Vec<f64> =
        numbers(&case["q"]).iter().map(|&q| stats::percentile(&x, q).unwrap()).collect();
    assert_all_close(&got, &numbers(&case["value"]), 1e-15, "percentiles");
}
