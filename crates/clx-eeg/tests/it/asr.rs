//! Artifact subspace reconstruction against eegprep (`fixtures/asr.py`), and live against offline.

use clx_eeg::asr::{Asr, AsrParams, calibrate, clean};
use clx_signal::iir::{self, Passband, Prototype, SosFilter};
use clx_signal::rng::SplitMix64;
use clx_signal::{SampleRate, synth};
use clx_testkit::shared_data;
use proptest::prelude::*;
use serde_json::Value;

fn noise(n: usize, seed: u64) -> Vec<f32> {
    let mut rng = SplitMix64::new(seed);
    (0..n).map(|_| (rng.next_f64() - 0.5) as f32).collect()
}

/// A minute of ten channels of EEGLAB's sample with three bursts, high-passed.
fn bursts(case: &Value) -> Option<Vec<Vec<f32>>> {
    let bytes = std::fs::read(shared_data("eeg/eeglab/eeglab_data.fdt")?).unwrap();
    let values: Vec<f32> =
        bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b) * 1e-6).collect();
    let picks: Vec<usize> = serde_json::from_value(case["picks"].clone()).unwrap();
    let mut data: Vec<Vec<f32>> = picks
        .iter()
        .map(|&c| values.iter().skip(c).step_by(32).take(7680).copied().collect())
        .collect();
    let bursts: Vec<(usize, usize, f32)> = serde_json::from_value(case["bursts"].clone()).unwrap();
    for (seed, (start, stop, size)) in bursts.into_iter().enumerate() {
        let burst: Vec<f32> =
            noise(stop - start, 10 + seed as u64).iter().map(|v| size * v).collect();
        for (i, x) in data.iter_mut().enumerate() {
            let share = ((i * (seed + 2)) % 5) as f32 * 0.25;
            x[start..stop].iter_mut().zip(&burst).for_each(|(x, b)| *x += share * b);
        }
    }
    let rate = SampleRate::from_hz(128.0).unwrap();
    let passband = Passband::Highpass { edge_hz: 1.0 };
    let sos = iir::design(rate, 2, Prototype::Butterworth, passband).unwrap();
    SosFilter::new(&sos, data.len()).settle_on_first().process(&mut data).unwrap();
    Some(data)
}

#[test]
fn cleaned_signal_agrees_with_eegprep_within_a_percent() {
    let case: Value = serde_json::from_str(include_str!("../fixtures/asr.json")).unwrap();
    let Some(data) = bursts(&case) else { return };
    let rate = SampleRate::from_hz(128.0).unwrap();
    let params = AsrParams { cutoff: 10.0, ..AsrParams::default() };
    let calibration = calibrate(&data, rate, &params).unwrap();
    let kept = case["kept"].as_f64().unwrap();
    assert!((calibration.clean_share - kept).abs() < 0.01, "{} {kept}", calibration.clean_share);
    let (cleaned, report) = clean(&data, rate, &params).unwrap();
    let spans: Vec<(usize, usize, f32)> = serde_json::from_value(case["bursts"].clone()).unwrap();
    let expected: Vec<Vec<Vec<f64>>> = serde_json::from_value(case["cleaned_v"].clone()).unwrap();
    for ((start, stop, _), expected) in spans.iter().zip(&expected) {
        let (mut error, mut power, mut removed) = (0.0, 0.0, 0.0);
        for (i, row) in expected.iter().enumerate() {
            let at = start - 100..stop + 100;
            let ours = cleaned[i][at.clone()].iter().step_by(4);
            let raw = data[i][at].iter().step_by(4);
            for ((a, b), raw) in ours.zip(row).zip(raw) {
                error += (f64::from(*a) - b).powi(2);
                power += b * b;
                removed += (f64::from(*raw) - b).powi(2);
            }
        }
        let off = (error / power).sqrt();
        println!(
            "burst at {start}: {off:.1e} of the rms; {:.1} of it removed",
            (removed / power).sqrt()
        );
        assert!(off < 0.01, "{off}");
    }
    let changed = case["changed"].as_f64().unwrap();
    assert!((report.repaired_share - changed).abs() < 0.01, "{} {changed}", report.repaired_share);
}

#[test]
fn calibration_agrees_with_eegprep() {
    let case: Value = serde_json::from_str(include_str!("../fixtures/asr.json")).unwrap();
    let Some(data) = bursts(&case) else { return };
    let rate = SampleRate::from_hz(128.0).unwrap();
    let params = AsrParams { cutoff: 10.0, ..AsrParams::default() };
    let calibration = calibrate(&data, rate, &params).unwrap();
    for (ours, key) in [(calibration.mixing_uv(), "mixing_uv"), (calibration.limits_uv2(), "gram")]
    {
        let theirs: Vec<Vec<f64>> = serde_json::from_value(case[key].clone()).unwrap();
        let (mut error, mut size) = (0.0, 0.0);
        for (a, b) in ours.iter().flatten().zip(theirs.iter().flatten()) {
            error += (a - b) * (a - b);
            size += b * b;
        }
        println!("{key}: {:.1e}", f64::sqrt(error / size));
        assert!(f64::sqrt(error / size) < 0.005, "{key}");
    }
}

fn eeg(seconds: f64) -> Vec<Vec<f32>> {
    let rate = SampleRate::from_hz(100.0).unwrap();
    let slow: Vec<Vec<f32>> = (0..5).map(|i| synth::pink(rate, 1e-11, 1.0, seconds, i)).collect();
    let passband = Passband::Highpass { edge_hz: 1.0 };
    let highpass = iir::design(rate, 4, Prototype::Butterworth, passband).unwrap();
    let mut x = iir::filter_zero_phase(&highpass, &slow).unwrap();
    let at = x[0].len() / 2;
    for (i, x) in x.iter_mut().enumerate().take(2) {
        x[at..at + 40]
            .iter_mut()
            .enumerate()
            .for_each(|(t, v)| *v += 1e-3 * (i + 1) as f32 * (t as f32 * 0.9).sin());
    }
    x
}

#[test]
fn burst_is_taken_out_and_the_rest_is_untouched() {
    let rate = SampleRate::from_hz(100.0).unwrap();
    let x = eeg(60.0);
    let (y, report) = clean(&x, rate, &AsrParams::default()).unwrap();
    assert!(y.iter().zip(&x).all(|(y, x)| y.len() == x.len()));
    let rms = |x: &[f32]| (x.iter().map(|v| v * v).sum::<f32>() / x.len() as f32).sqrt();
    assert!(rms(&x[1][3000..3040]) > 1e-3 && rms(&y[1][3000..3040]) < 1e-4);
    println!("{:?}", report.repaired_s);
    assert_eq!(y[3][..2800], x[3][..2800]);
    assert_eq!(report.repaired_s.len(), 1);
    let [from, to] = report.repaired_s[0];
    assert!(from < 30.0 && to > 30.4 && to - from < 2.0, "{from} {to}");
    assert!(report.mean_rebuilt.unwrap() >= 1.0);
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<clx_eeg::asr::AsrReport>(&text).unwrap(), report);
}

#[test]
fn poor_input_is_refused_or_reported() {
    let rate = SampleRate::from_hz(100.0).unwrap();
    let params = AsrParams::default();
    assert!(calibrate(&[], rate, &params).is_err());
    assert!(calibrate(&vec![vec![0.0; 100]; 3], rate, &params).is_err());
    assert!(calibrate(&vec![vec![0.0; 6000]; 3], rate, &params).is_err());
    assert!(clean(&eeg(20.0), rate, &AsrParams { cutoff: 0.0, ..params.clone() }).is_err());
    let mut x = eeg(20.0);
    x[2][500] = f32::NAN;
    let (y, report) = clean(&x, rate, &params).unwrap();
    assert!(y.iter().flatten().all(|v| v.is_finite()));
    assert_eq!(report.n_not_finite, 1);
    let codes: Vec<&str> = report.findings.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(codes, ["asr.short_calibration", "asr.not_finite"]);
    let calibration = calibrate(&x, rate, &params).unwrap();
    let mut asr = Asr::new(&calibration, &params).unwrap();
    assert!(asr.push(&x[..2], &mut vec![vec![]; 5]).is_err());
    assert!(asr.push(&x, &mut vec![vec![]; 2]).is_err());
    assert!(asr.latency_s() <= 0.5);
    // Nothing in, nothing out; one sample in, one out.
    let fresh = || Asr::new(&calibration, &params).unwrap();
    let mut out = vec![vec![]; 5];
    fresh().finish(&mut out).unwrap();
    assert!(out.iter().all(Vec::is_empty));
    let mut one = fresh();
    one.push(&vec![vec![1e-6]; 5], &mut out).unwrap();
    one.finish(&mut out).unwrap();
    assert!(out.iter().all(|o| o.len() == 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn live_output_equals_offline_for_blocks_of_any_size(
        sizes in proptest::collection::vec(1_usize..=1024, 1..5),
        n in 1_usize..2400,
    ) {
        let rate = SampleRate::from_hz(100.0).unwrap();
        let params = AsrParams::default();
        let x = eeg(24.0);
        let calibration = calibrate(&x, rate, &params).unwrap();
        let run = |sizes: &[usize]| {
            let mut asr = Asr::new(&calibration, &params).unwrap();
            let mut out = vec![Vec::new(); 5];
            let mut at = 0;
            for size in sizes.iter().cycle() {
                let to = (at + size).min(n);
                let block: Vec<Vec<f32>> = x.iter().map(|x| x[at..to].to_vec()).collect();
                asr.push(&block, &mut out).unwrap();
                at = to;
                if at == n {
                    break;
                }
            }
            let report = asr.finish(&mut out).unwrap();
            (out, report)
        };
        let (whole, report) = run(&[n]);
        let (live, live_report) = run(&sizes);
        prop_assert_eq!(&whole, &live);
        prop_assert_eq!(report, live_report);
        prop_assert!(whole.iter().all(|x| x.len() == n));
    }
}
