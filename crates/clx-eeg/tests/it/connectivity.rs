//! Connectivity against mne-connectivity 0.9.0 and tensorpac 0.6.5; see `fixtures/connectivity.py`.

use clx_eeg::connectivity::{
    AmplitudeParams, ConnectivityParams, Measure, PacParams, Range, Spectrum, SurrogateParams,
    amplitude_correlation, connectivity, connectivity_while, modulation_index,
    phase_amplitude_coupling,
};
use clx_signal::rng::SplitMix64;
use clx_signal::{Epochs, SampleRate, synth};
use serde_json::Value;

const N_EPOCHS: usize = 12;
const N_CHANNELS: usize = 5;
const MEASURES: [Measure; 6] = [
    Measure::Coherence,
    Measure::ImaginaryCoherence,
    Measure::PhaseLockingValue,
    Measure::PhaseLagIndex,
    Measure::WeightedPhaseLagIndex,
    Measure::DebiasedWeightedPhaseLagIndexSquared,
];

fn fixture(name: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../fixtures/connectivity.json")).unwrap();
    all[name].as_array().unwrap().clone()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn names(n: usize) -> Vec<String> {
    (0..n).map(|i| format!("C{i}")).collect()
}

fn rate() -> SampleRate {
    SampleRate::from_hz(100.0).unwrap()
}

fn noise(n: usize, seed: u64) -> Vec<f32> {
    let mut rng = SplitMix64::new(seed);
    (0..n).map(|_| (rng.next_f64() - 0.5) as f32).collect()
}

/// The input of the script.
fn mixed(n: usize) -> Epochs {
    let samples = noise(N_EPOCHS * N_CHANNELS * n, 1);
    let mut epochs = Epochs::from_samples(rate(), 0.0, N_CHANNELS, n, samples).unwrap();
    for e in 0..N_EPOCHS {
        for c in 1..N_CHANNELS {
            let before = epochs.channel(e, c - 1).to_vec();
            let x = epochs.channel_mut(e, c);
            (3..n).for_each(|i| x[i] += 0.5 * before[i - 3]);
        }
    }
    epochs
}

#[track_caller]
fn assert_agree(got: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let worst = got.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(worst <= tolerance, "{what}: differs by {worst}");
}

#[test]
fn all_measures_equal_mne_connectivity() {
    for case in fixture("spectral") {
        let spectrum = match case["mode"].as_str().unwrap() {
            "fourier" => Spectrum::Fourier,
            _ => Spectrum::Multitaper { bandwidth_hz: case["bandwidth_hz"].as_f64() },
        };
        let bands = numbers(&case["fmin"]).into_iter().zip(numbers(&case["fmax"]));
        let params = ConnectivityParams {
            spectrum,
            measures: MEASURES.to_vec(),
            bands: bands
                .map(|(fmin_hz, fmax_hz)| Range { name: "x".to_owned(), fmin_hz, fmax_hz })
                .collect(),
            surrogates: None,
        };
        let epochs = mixed(case["n"].as_u64().unwrap() as usize);
        let got = connectivity(&epochs, &names(N_CHANNELS), &params).unwrap();
        for (i, result) in got.results.iter().enumerate() {
            let expected = numbers(&case["values"][i / 3][i % 3]);
            let what = format!("{spectrum:?} {:?}", result.measure);
            assert_agree(&result.values.lower, &expected, 1e-9, &what);
        }
    }
}

#[test]
fn a_measure_does_not_depend_on_which_others_are_asked_for() {
    let epochs = mixed(100);
    let all = ConnectivityParams { measures: MEASURES.to_vec(), ..ConnectivityParams::default() };
    let whole = connectivity(&epochs, &names(N_CHANNELS), &all).unwrap();
    for (i, measure) in MEASURES.into_iter().enumerate() {
        let one = ConnectivityParams { measures: vec![measure], ..all.clone() };
        let alone = connectivity(&epochs, &names(N_CHANNELS), &one).unwrap();
        let n = one.bands.len();
        assert_eq!(alone.results, whole.results[i * n..(i + 1) * n]);
    }
}

#[test]
fn amplitude_correlation_equals_mne_connectivity() {
    for case in fixture("envelope") {
        let params =
            AmplitudeParams { log: case["log"] == true, absolute: case["absolute"] == true };
        let got = amplitude_correlation(&mixed(201), &names(N_CHANNELS), params).unwrap();
        assert_agree(&got.lower, &numbers(&case["values"]), 1e-9, &format!("{params:?}"));
    }
}

#[test]
fn modulation_index_equals_tensorpac() {
    let turn = 2.0 * std::f64::consts::PI * 0.999;
    let phase: Vec<f64> = noise(4000, 5).iter().map(|v| f64::from(*v) * turn).collect();
    let amplitude: Vec<f64> =
        phase.iter().zip(noise(4000, 6)).map(|(p, v)| 1.0 + p.cos() + f64::from(v)).collect();
    for case in fixture("pac") {
        let (got, share) =
            modulation_index(&phase, &amplitude, case["n_bins"].as_u64().unwrap() as usize)
                .unwrap();
        assert!((got - case["value"].as_f64().unwrap()).abs() < 1e-9, "{got} {case}");
        assert!((share.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn coupled_rhythms_stand_out_from_their_surrogates() {
    let rate = SampleRate::from_hz(250.0).unwrap();
    let slow = synth::sine(rate, 6.0, 1.0, 60.0);
    let fast = synth::sine(rate, 45.0, 1.0, 60.0);
    let floor = synth::white(rate, 0.3, 60.0, 4);
    let coupled: Vec<f32> =
        (0..slow.len()).map(|i| slow[i] + 0.5 * (1.0 + slow[i]) * fast[i] + floor[i]).collect();
    let apart: Vec<f32> = (0..slow.len()).map(|i| slow[i] + 0.5 * fast[i] + floor[i]).collect();
    let params = PacParams::default();
    let strong = phase_amplitude_coupling(&coupled, &coupled, rate, &params).unwrap().unwrap();
    let none = phase_amplitude_coupling(&apart, &apart, rate, &params).unwrap().unwrap();
    assert!(strong.modulation_index > 10.0 * none.modulation_index, "{strong:?} {none:?}");
    // A pure 6 Hz rhythm never loses its phase, so turned amplitudes couple as well: p cannot help
    // here, and the comparison above must.
    assert_eq!(strong.amplitude_share.len(), 18);
    assert_eq!(phase_amplitude_coupling(&[0.0; 9000], &[0.0; 9000], rate, &params).unwrap(), None);
    assert!(phase_amplitude_coupling(&apart[..500], &apart[..500], rate, &params).is_err());
    assert!(phase_amplitude_coupling(&apart, &apart[1..], rate, &params).is_err());
}

#[test]
fn noise_stays_below_the_surrogate_threshold_and_coupling_above() {
    let n = 100;
    let samples = noise(20 * 4 * n, 9);
    let mut epochs = Epochs::from_samples(rate(), 0.0, 4, n, samples).unwrap();
    for e in 0..20 {
        let first = epochs.channel(e, 0).to_vec();
        epochs.channel_mut(e, 1).iter_mut().zip(&first).for_each(|(x, f)| *x += f);
    }
    let params = ConnectivityParams {
        measures: vec![Measure::Coherence],
        surrogates: Some(SurrogateParams { count: 100, level: 0.95, seed: 3 }),
        ..ConnectivityParams::default()
    };
    let got = connectivity(&epochs, &names(4), &params).unwrap();
    let beta = &got.results[3];
    let threshold = beta.threshold.unwrap();
    let passing: Vec<f64> = beta.values.lower.iter().copied().filter(|v| *v > threshold).collect();
    assert_eq!(passing, [beta.values.get(1, 0).unwrap()]);
    assert_eq!(connectivity(&epochs, &names(4), &params).unwrap(), got);
}

#[test]
fn silence_gives_zero_and_nan_an_error() {
    let mut epochs = mixed(100);
    (0..N_EPOCHS).for_each(|e| epochs.channel_mut(e, 2).fill(1.0));
    let params =
        ConnectivityParams { measures: MEASURES.to_vec(), ..ConnectivityParams::default() };
    let got = connectivity(&epochs, &names(N_CHANNELS), &params).unwrap();
    for result in &got.results {
        assert_eq!(result.values.between("C2", "C0"), Some(0.0), "{:?}", result.measure);
        assert!(result.values.lower.iter().all(|v| v.is_finite()));
    }
    (0..N_EPOCHS).for_each(|e| epochs.channel_mut(e, 2).fill(0.0));
    let amplitude =
        amplitude_correlation(&epochs, &names(N_CHANNELS), AmplitudeParams::default()).unwrap();
    assert_eq!(amplitude.get(2, 0), Some(0.0));
    epochs.channel_mut(3, 1)[7] = f32::NAN;
    assert!(connectivity(&epochs, &names(N_CHANNELS), &params).is_err());
    assert!(connectivity(&mixed(100), &names(2), &params).is_err());
    let high = Range { name: "high".to_owned(), fmin_hz: 60.0, fmax_hz: 70.0 };
    let params = ConnectivityParams { bands: vec![high], ..params };
    assert!(connectivity(&mixed(100), &names(N_CHANNELS), &params).is_err());
}

#[test]
fn a_pass_that_is_given_up_has_no_result_and_one_that_is_not_tells_chances() {
    let epochs = mixed(100);
    let params = ConnectivityParams {
        measures: vec![Measure::Coherence],
        surrogates: Some(SurrogateParams { count: 20, level: 0.95, seed: 3 }),
        ..ConnectivityParams::default()
    };
    let mut shares = Vec::new();
    let stopped = connectivity_while(&epochs, &names(N_CHANNELS), &params, &mut |share| {
        shares.push(share);
        share < 0.5
    });
    assert_eq!(stopped.unwrap(), None);
    assert!(shares.windows(2).all(|w| w[0] <= w[1]) && shares.len() < 21, "{shares:?}");
    let whole = connectivity_while(&epochs, &names(N_CHANNELS), &params, &mut |_| true);
    let alpha = &whole.unwrap().unwrap().results[2];
    // Among 20 shuffles nothing is rarer than 1 in 21; everything reaches 0.
    assert_eq!((alpha.p_value(1.0), alpha.p_value(0.0)), (Some(1.0 / 21.0), Some(1.0)));
}
