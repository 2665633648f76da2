//! Averages and what is read off them, against MNE and SciPy (`fixtures/events.py`) and theory.

use clx_eeg::epochs::{EpochParams, EventRule, cut_epochs};
use clx_eeg::erp::{BandMethod, ErpParams, Polarity, average, difference, signal_to_noise};
use clx_signal::rng::SplitMix64;
use clx_signal::{Epochs, SampleRate};

use crate::tutorial::{all_close, numbers, oracle, tutorial};

fn squares() -> Option<(Epochs, Vec<String>)> {
    let data = tutorial()?;
    let events = vec![EventRule { text: "square".into(), id: 1 }];
    let params = EpochParams { events, ..EpochParams::default() };
    let set = cut_epochs(&data.channels, &data.samples, &data.annotations, &[], &params).unwrap();
    Some((set.epochs, data.channels.into_iter().map(|c| c.name).collect()))
}

fn index(names: &[String], name: &str) -> usize {
    names.iter().position(|n| n == name).unwrap()
}

#[test]
fn average_error_band_and_field_power_equal_mne_and_scipy() {
    let Some((epochs, names)) = squares() else { return };
    let eeg = (0..32).filter(|&i| !names[i].starts_with("EOG")).collect();
    let erp =
        average(&epochs, &names, &ErpParams { gfp_channels: eeg, ..ErpParams::default() }).unwrap();
    let case = &oracle()["erp"];
    for (i, pick) in case["picks"].as_array().unwrap().iter().enumerate() {
        let channel = &erp.channels[index(&names, pick.as_str().unwrap())];
        all_close(&channel.mean_uv, &numbers(&case["mean_uv"][i]), 1e-9, "mean");
        let error = channel.standard_error_uv.as_ref().unwrap();
        all_close(error, &numbers(&case["standard_error_uv"][i]), 1e-9, "standard error");
        let low: Vec<f64> = channel.ci_uv.as_ref().unwrap().iter().map(|b| b[0]).collect();
        all_close(&low, &numbers(&case["low_uv"][i]), 1e-9, "lower end");
    }
    all_close(&erp.gfp_uv, &numbers(&case["gfp_uv"]), 1e-9, "global field power");
}

#[test]
fn peaks_equal_mne() {
    let Some((epochs, names)) = squares() else { return };
    let erp = average(&epochs, &names, &ErpParams::default()).unwrap();
    for case in oracle()["erp"]["peaks"].as_array().unwrap() {
        let channels: Vec<usize> = case["channels"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| index(&names, n.as_str().unwrap()))
            .collect();
        let polarity = match case["mode"].as_str().unwrap() {
            "pos" => Polarity::Positive,
            "neg" => Polarity::Negative,
            _ => Polarity::Either,
        };
        let at = |name: &str| case[name].as_f64().unwrap();
        let peak = erp.peak(&channels, at("tmin_s"), at("tmax_s"), polarity).unwrap();
        assert_eq!(peak.channel, case["channel"].as_str().unwrap());
        assert_eq!(peak.latency_s, at("latency_s"));
        assert!((peak.amplitude_uv - at("amplitude_uv")).abs() < 1e-9);
    }
}

#[test]
fn difference_wave_and_its_band_equal_welch_of_scipy() {
    let Some((epochs, names)) = squares() else { return };
    let first: Vec<usize> = (0..45).collect();
    let rest: Vec<usize> = (45..80).collect();
    let (a, b) = (epochs.select(&first), epochs.select(&rest));
    let erp = difference(&a, &b, &names, &ErpParams::default()).unwrap();
    let pz = &erp.channels[index(&names, "Pz")];
    let case = &oracle()["erp"]["difference"];
    all_close(&pz.mean_uv, &numbers(&case["mean_uv"]), 1e-9, "difference");
    let end = |i: usize| pz.ci_uv.as_ref().unwrap().iter().map(|b| b[i]).collect::<Vec<f64>>();
    all_close(&end(0), &numbers(&case["low_uv"]), 1e-9, "lower end");
    all_close(&end(1), &numbers(&case["high_uv"]), 1e-9, "upper end");
}

/// Normal noise of 1 µV with `wave` added to each of `n` epochs of one channel, 100 Hz from 0 s.
fn noisy(n: usize, seed: u64, wave: impl Fn(usize) -> f64) -> Epochs {
    let mut rng = SplitMix64::new(seed);
    let samples = (0..n)
        .flat_map(|_| {
            (0..50).map(|t| ((wave(t) + rng.next_normal()) * 1e-6) as f32).collect::<Vec<_>>()
        })
        .collect();
    Epochs::from_samples(SampleRate::from_hz(100.0).unwrap(), 0.0, 1, 50, samples).unwrap()
}

#[test]
fn bootstrap_band_is_that_of_normal_theory_for_many_epochs() {
    let epochs = noisy(200, 4, |_| 0.0);
    let names = ["a".to_owned()];
    let band = |band| {
        let erp = average(&epochs, &names, &ErpParams { band, ..ErpParams::default() }).unwrap();
        let ci = erp.channels[0].ci_uv.clone().unwrap();
        ci.iter().map(|b| b[1] - b[0]).sum::<f64>() / 50.0
    };
    let (t, bootstrap) =
        (band(BandMethod::T), band(BandMethod::Bootstrap { resamples: 1000, seed: 1 }));
    // 2 · 1.972 / sqrt(200) = 0.279; the mean over 50 samples of either is within 2 %.
    assert!((t - 0.279).abs() < 0.006 && (bootstrap / t - 1.0).abs() < 0.03, "{t} {bootstrap}");
}

#[test]
fn half_of_the_band_of_a_difference_excludes_zero_when_there_is_one() {
    let (a, b) = (noisy(60, 1, |t| if t >= 25 { 3.0 } else { 0.0 }), noisy(40, 2, |_| 0.0));
    let params = ErpParams {
        band: BandMethod::Bootstrap { resamples: 500, seed: 3 },
        ..ErpParams::default()
    };
    let erp = difference(&a, &b, &["a".into()], &params).unwrap();
    let apart: Vec<bool> =
        erp.channels[0].ci_uv.as_ref().unwrap().iter().map(|b| b[0] > 0.0).collect();
    assert!(apart[25..].iter().all(|x| *x));
    // 2.5 % each of 25 samples; nine or more have a probability below 1e-8.
    assert!(apart[..25].iter().filter(|x| **x).count() < 9);
}

#[test]
fn signal_to_noise_is_that_of_the_construction() {
    // A steady 2 µV in 100 epochs of 1 µV noise: noise of the average 0.1 µV, ratio 400, 26 dB.
    let found = &signal_to_noise(&noisy(100, 8, |_| 2.0), &["a".into()], 0.0, 0.49).unwrap()[0];
    assert!((found.noise_uv - 0.1).abs() < 0.03 && (found.average_uv - 2.0).abs() < 0.05);
    assert!((found.snr_db.unwrap() - 26.0).abs() < 3.0);
    let silent =
        Epochs::from_samples(SampleRate::from_hz(100.0).unwrap(), 0.0, 1, 5, vec![0.0; 20]);
    assert_eq!(signal_to_noise(&silent.unwrap(), &["a".into()], 0.0, 1.0).unwrap()[0].snr_db, None);
}

#[test]
fn area_latency_of_known_shapes_is_exact() {
    // A triangle from 10 to 30 with its top at 20; a ramp has half its area at 1/sqrt(2).
    let wave = |of: &dyn Fn(usize) -> f64| {
        let samples: Vec<f32> = (0..50).map(|t| (of(t) * 1e-6) as f32).collect();
        let rate = SampleRate::from_hz(100.0).unwrap();
        let epochs = Epochs::from_samples(rate, 0.0, 1, 50, samples).unwrap();
        average(&epochs, &["a".into()], &ErpParams::default()).unwrap()
    };
    let triangle = wave(&|t| (10.0 - (t as f64 - 20.0).abs()).max(0.0));
    let at = |erp: &clx_eeg::erp::Erp, polarity, share| {
        erp.fractional_area_latency_s(0, 0.0, 0.4, polarity, share)
    };
    let half = at(&triangle, Polarity::Positive, 0.5).unwrap();
    assert!((half - 0.2).abs() < 1e-6, "{half}");
    assert_eq!(at(&triangle, Polarity::Negative, 0.5), None);
    assert_eq!(at(&triangle, Polarity::Positive, 1.5), None);
    let ramp = wave(&|t| -(t as f64));
    let half = at(&ramp, Polarity::Negative, 0.5).unwrap();
    assert!((half - 0.4 / 2_f64.sqrt()).abs() < 1e-6, "{half}");
    // Mean of 0..=40 is 20.
    assert!((ramp.mean_amplitude_uv(0, 0.0, 0.4).unwrap() + 20.0).abs() < 1e-4);
    assert_eq!(ramp.mean_amplitude_uv(0, 2.0, 3.0), None);
    assert_eq!(ramp.mean_amplitude_uv(7, 0.0, 1.0), None);
    assert_eq!(ramp.peak(&[0], 0.4, 0.1, Polarity::Either), None);
}

#[test]
fn one_epoch_has_no_band_and_none_is_an_error() {
    let one = noisy(1, 1, |_| 0.0);
    let names = ["a".to_owned()];
    let erp = average(&one, &names, &ErpParams::default()).unwrap();
    assert_eq!((&erp.channels[0].standard_error_uv, &erp.channels[0].ci_uv), (&None, &None));
    assert!(average(&one.select(&[]), &names, &ErpParams::default()).is_err());
    assert!(average(&one, &[], &ErpParams::default()).is_err());
    assert!(average(&one, &names, &ErpParams { level: 1.0, ..ErpParams::default() }).is_err());
    let band = BandMethod::Bootstrap { resamples: 1, seed: 0 };
    assert!(average(&one, &names, &ErpParams { band, ..ErpParams::default() }).is_err());
    assert!(signal_to_noise(&one, &names, 0.0, 1.0).is_err());
}
