//! Peaks, interpolation, uneven spectra and narrow band-passes against SciPy and MNE; see `fixtures/peaks.py`.

use clx_signal::interpolate::{linear, monotone, quadratic};
use clx_signal::lomb::lomb_scargle;
use clx_signal::peaks::{PeakParams, find_peaks};
use clx_signal::rng::SplitMix64;
use clx_signal::{SampleRate, fir};
use serde_json::Value;

fn fixture() -> Value {
    serde_json::from_str(include_str!("../fixtures/peaks.json")).unwrap()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

/// `noise(n, seed)` of the script.
fn seeded(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = SplitMix64::new(seed);
    (0..n).map(|_| f64::from((rng.next_f64() - 0.5) as f32)).collect()
}

fn walk(seed: u64) -> Vec<f64> {
    let mut sum = 0.0;
    seeded(600, seed)
        .into_iter()
        .map(|v| {
            sum += v;
            sum
        })
        .collect()
}

#[track_caller]
fn assert_all_close(got: &[f64], expected: &[f64], absolute: f64, what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let worst = got.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(worst <= absolute, "{what}: differs by {worst}, allowed {absolute}");
}

#[test]
fn peaks_their_prominence_and_bases_equal_scipy() {
    let stepped: Vec<f64> = walk(3).iter().map(|v| (v * 10.0).round_ties_even() / 10.0).collect();
    let smooth = walk(5);
    let all = PeakParams::default();
    for case in fixture()["peaks"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let (x, params) = match name {
            "plateaus" => (&stepped, all),
            "height" => (&smooth, PeakParams { height: Some([0.2, 2.0]), ..all }),
            "distance" => (&smooth, PeakParams { distance: Some(7.5), ..all }),
            "prominence" => (&smooth, PeakParams { prominence: Some(1.0), ..all }),
            _ => {
                let height = Some([0.0, f64::INFINITY]);
                let near = PeakParams { distance: Some(10.0), prominence: Some(0.5), ..all };
                (&smooth, PeakParams { height, prominence_window: Some(41), ..near })
            }
        };
        let found = find_peaks(x, params);
        let column =
            |of: fn(&clx_signal::peaks::Peak) -> f64| found.iter().map(of).collect::<Vec<_>>();
        assert!(found.len() > 5, "{name}");
        assert_all_close(&column(|p| p.index as f64), &numbers(&case["index"]), 0.0, name);
        assert_all_close(&column(|p| p.prominence), &numbers(&case["prominence"]), 1e-12, name);
        assert_all_close(&column(|p| p.left_base as f64), &numbers(&case["left"]), 0.0, name);
        assert_all_close(&column(|p| p.right_base as f64), &numbers(&case["right"]), 0.0, name);
    }
}

#[test]
fn curves_equal_scipy() {
    let mut end = 0.0;
    let x: Vec<f64> = seeded(40, 7)
        .into_iter()
        .map(|v| {
            end += v.abs() + 0.1;
            end
        })
        .collect();
    let y = seeded(40, 9);
    let fixture = fixture();
    let curves = &fixture["curves"];
    let at = numbers(&curves["at"]);
    let got = quadratic(&x, &y, &at).unwrap();
    assert_all_close(&got, &numbers(&curves["quadratic"]), 1e-11, "quadratic");
    let got = monotone(&x, &y, &at).unwrap();
    assert_all_close(&got, &numbers(&curves["monotone"]), 1e-12, "monotone");
    let got = linear(&x, &y, &at, [0.25, -0.25]);
    assert_all_close(&got, &numbers(&curves["linear"]), 1e-12, "linear");
}

#[test]
fn lomb_and_scargle_equal_scipy() {
    let mut end = 0.0;
    let times: Vec<f64> = seeded(200, 11)
        .into_iter()
        .map(|v| {
            end += v.abs() + 0.1;
            end
        })
        .collect();
    let x = seeded(200, 13);
    let mean = x.iter().sum::<f64>() / 200.0;
    let x: Vec<f64> = x.iter().map(|v| v - mean).collect();
    let fixture = fixture();
    let got = lomb_scargle(&times, &x, &numbers(&fixture["lomb"]["freqs"]));
    assert_all_close(&got, &numbers(&fixture["lomb"]["power"]), 1e-9, "lomb");
}

#[test]
fn narrow_bandpass_taps_equal_mne() {
    for case in fixture()["narrow"].as_array().unwrap() {
        let rate = SampleRate::from_hz(case["rate_hz"].as_f64().unwrap()).unwrap();
        let band = numbers(&case["band"]);
        let width_hz = case["width_hz"].as_f64().unwrap();
        let fir = fir::design_bandpass_narrow(rate, band[0], band[1], width_hz).unwrap();
        assert_eq!(fir.taps().len() as u64, case["n"].as_u64().unwrap());
        let half: Vec<f64> = fir.taps()[fir.half_len()..].iter().step_by(16).copied().collect();
        assert_all_close(&half, &numbers(&case["half"]), 1e-12, &format!("{band:?}"));
    }
}
