//! Tapers, multitaper spectra, wavelets and envelopes against SciPy 1.17.1, MNE 1.13.2 and antropy
//! 0.2.3; see `fixtures/spectral.py`.

use clx_signal::dpss::dpss;
use clx_signal::hilbert::Hilbert;
use clx_signal::multitaper::{Multitaper, MultitaperParams, Taper, Weights};
use clx_signal::tfr::{Average, Bank, Cycles, EpochAverage, Transform};
use clx_signal::window::Symmetry;
use clx_signal::{Band, SampleRate, spectrum};
use proptest::prelude::*;
use rustfft::num_complex::Complex64;
use serde_json::Value;

use crate::noise::noise;

fn cases(name: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("../fixtures/spectral.json")).unwrap();
    all[name].clone()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn count(case: &Value, name: &str) -> usize {
    case[name].as_u64().unwrap() as usize
}

fn rate_of(case: &Value) -> SampleRate {
    SampleRate::from_hz(case["rate_hz"].as_f64().unwrap()).unwrap()
}

/// Largest difference as a share of the largest expected value.
#[track_caller]
fn assert_agree(got: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let worst = got.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / largest;
    assert!(worst <= tolerance, "{what}: differs by {worst}, allowed {tolerance}");
}

#[test]
fn tapers_equal_scipy() {
    for case in cases("tapers").as_array().unwrap() {
        let symmetry =
            if case["symmetric"] == true { Symmetry::Symmetric } else { Symmetry::Periodic };
        let (n, k, step) = (count(case, "n"), count(case, "k"), count(case, "step"));
        let d = dpss(n, case["nw"].as_f64().unwrap(), k, symmetry).unwrap();
        let got: Vec<f64> = d.tapers.iter().flat_map(|t| t.iter().step_by(step).copied()).collect();
        assert_agree(&got, &numbers(&case["tapers"]), 1e-9, &format!("tapers {n}"));
        let expected = numbers(&case["concentrations"]);
        assert_agree(&d.concentrations, &expected, 1e-11, &format!("concentrations {n}"));
    }
}

#[test]
fn multitaper_densities_equal_mne() {
    for case in cases("densities").as_array().unwrap() {
        let (n, rate) = (count(case, "n"), rate_of(case));
        let adaptive = case["adaptive"] == true;
        let params = MultitaperParams {
            taper: Taper::Dpss {
                bandwidth_hz: case["bandwidth_hz"].as_f64(),
                low_bias: case["low_bias"] == true,
            },
            weights: if adaptive {
                Weights::Adaptive { max_iterations: 150 }
            } else {
                Weights::Concentration
            },
            fmin_hz: case["fmin_hz"].as_f64().unwrap(),
            fmax_hz: case["fmax_hz"].as_f64(),
        };
        let mut m = Multitaper::new(rate, n, params).unwrap();
        // The same sum in the same precisions as the script.
        let sine = |i: usize| {
            let turns = std::f64::consts::TAU * 11.3 * i as f64 / rate.hz();
            f64::from(3.0 * turns.sin() as f32)
        };
        let x: Vec<f32> =
            noise(n).iter().enumerate().map(|(i, v)| (f64::from(*v) + sine(i)) as f32).collect();
        let mut density = vec![0.0; m.freqs_hz().len()];
        assert!(m.density(&x, &mut density).unwrap());
        assert_agree(m.freqs_hz(), &numbers(&case["freqs"]), 1e-14, "frequencies");
        for (bin, (got, expected)) in density.iter().zip(numbers(&case["density"])).enumerate() {
            assert!((got / expected - 1.0).abs() < 1e-6, "{bin}: {got} {expected}");
        }
        assert_agree(
            &density,
            &numbers(&case["density"]),
            1e-9,
            &format!("{n} adaptive {adaptive}"),
        );
    }
}

#[test]
fn wavelet_transforms_equal_mne() {
    for case in cases("wavelets").as_array().unwrap() {
        let (n, n_epochs, rate) = (count(case, "n"), count(case, "n_epochs"), rate_of(case));
        let cycles = match case["cycles"].as_f64() {
            Some(c) => Cycles::Fixed(c),
            None => Cycles::Each(numbers(&case["cycles"])),
        };
        let (freqs, zero_mean) = (numbers(&case["freqs"]), case["zero_mean"] == true);
        let bank = match case["time_bandwidth"].as_f64() {
            None => Bank::morlet(rate, &freqs, &cycles, zero_mean),
            Some(product) => Bank::multitaper(rate, &freqs, &cycles, product, zero_mean),
        }
        .unwrap();
        let mut transform = Transform::new(&bank, n).unwrap();
        let x = noise(n * n_epochs);
        let kind = case["kind"].as_str().unwrap();
        let sampled = |v: &[f64]| -> Vec<f64> {
            v.chunks(n).flat_map(|row| row.iter().step_by(count(case, "step")).copied()).collect()
        };

        let mut z = vec![Complex64::ZERO; freqs.len() * transform.n_tapers() * n];
        transform.complex(&x[..n], &mut z).unwrap();
        let re: Vec<f64> = z.iter().map(|z| z.re).collect();
        let im: Vec<f64> = z.iter().map(|z| z.im).collect();
        assert_agree(&sampled(&re), &numbers(&case["re"]), 1e-9, &format!("{kind} real"));
        assert_agree(&sampled(&im), &numbers(&case["im"]), 1e-9, &format!("{kind} imaginary"));

        let mut power = vec![0.0; freqs.len() * n];
        transform.power(&x[..n], &mut power).unwrap();
        assert_agree(&sampled(&power), &numbers(&case["power"]), 1e-9, &format!("{kind} power"));

        let mut average = EpochAverage::new(&transform, Average::PowerAndCoherence);
        x.chunks(n).for_each(|epoch| average.push(&mut transform, epoch).unwrap());
        let expected = numbers(&case["mean_power"]);
        assert_agree(&sampled(&average.power()), &expected, 1e-9, &format!("{kind} mean power"));
        let coherence = sampled(&average.coherence().unwrap());
        assert_agree(&coherence, &numbers(&case["coherence"]), 1e-9, &format!("{kind} coherence"));
    }
}

#[test]
fn analytic_signals_equal_scipy() {
    for case in cases("envelopes").as_array().unwrap() {
        let (n, n_fft) = (count(case, "n"), count(case, "n_fft"));
        let mut hilbert = Hilbert::new(n, n_fft).unwrap();
        let mut z = vec![Complex64::ZERO; n];
        hilbert.analytic(&noise(n), &mut z).unwrap();
        let im: Vec<f64> = z.iter().map(|z| z.im).collect();
        assert_agree(&im, &numbers(&case["im"]), 1e-12, "imaginary part");
        let mut envelope = vec![0.0; n];
        hilbert.envelope(&noise(n), &mut envelope).unwrap();
        assert_agree(&envelope, &numbers(&case["envelope"]), 1e-12, "envelope");
    }
}

#[test]
fn spectral_entropy_equals_antropy() {
    let case = cases("entropy");
    let density = numbers(&case["density"]);
    let step = rate_of(&case).hz() / count(&case, "n") as f64;
    let freqs: Vec<f64> = (0..density.len()).map(|k| k as f64 * step).collect();
    let band = Band { name: "all", fmin_hz: 0.0, fmax_hz: 51.0 };
    let got = spectrum::entropy(&freqs, &density, band).unwrap();
    assert!((got - case["entropy"].as_f64().unwrap()).abs() < 1e-10, "{got}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn taper_energy_is_the_power_of_the_spectrum(n in 16_usize..400) {
        // Parseval: the density through one taper of unit energy, summed over the bins, is the
        // energy of the tapered stretch.
        let rate = SampleRate::from_hz(100.0).unwrap();
        let taper = Taper::Single(clx_signal::window::Window::Hann, Symmetry::Periodic);
        let params = MultitaperParams { taper, ..MultitaperParams::default() };
        let mut m = Multitaper::new(rate, n, params).unwrap();
        let x = noise(n);
        let mut density = vec![0.0; n / 2 + 1];
        m.density(&x, &mut density).unwrap();
        let mean = x.iter().map(|&v| f64::from(v)).sum::<f64>() / n as f64;
        let w = clx_signal::window::hann(n, Symmetry::Periodic);
        let norm: f64 = w.iter().map(|w| w * w).sum();
        let energy: f64 = x.iter().zip(&w).map(|(x, w)| ((f64::from(*x) - mean) * w).powi(2)).sum::<f64>() / norm;
        let sum: f64 = density.iter().sum::<f64>() * rate.hz() / n as f64;
        prop_assert!((sum / energy - 1.0).abs() < 1e-9, "{} {}", sum, energy);
    }

    #[test]
    fn transform_equals_convolution_by_definition(n in 80_usize..200, f in 20.0_f64..50.0) {
        let rate = SampleRate::from_hz(100.0).unwrap();
        let bank = Bank::morlet(rate, &[f], &Cycles::Fixed(3.0), false).unwrap();
        let w = &bank.wavelets()[0];
        let half = w.len() / 2;
        let x = noise(n);
        let mut z = vec![Complex64::ZERO; n];
        Transform::new(&bank, n).unwrap().complex(&x, &mut z).unwrap();
        for (t, got) in z.iter().enumerate() {
            let expected: Complex64 = (0..w.len())
                .filter(|j| (t + half).checked_sub(*j).is_some_and(|i| i < n))
                .map(|j| w[j] * f64::from(x[t + half - j]))
                .sum();
            prop_assert!((got - expected).norm() < 1e-12);
        }
    }

    #[test]
    fn envelope_bounds_the_signal(n in 1_usize..600, gain in 1e-6_f32..1e6) {
        let x: Vec<f32> = noise(n).iter().map(|v| v * gain).collect();
        let mut envelope = vec![0.0; n];
        Hilbert::new(n, n).unwrap().envelope(&x, &mut envelope).unwrap();
        for (e, x) in envelope.iter().zip(&x) {
            prop_assert!(*e >= f64::from(x.abs()) * (1.0 - 1e-12));
        }
    }
}

#[test]
fn wavelets_longer_than_the_stretch_are_refused() {
    let rate = SampleRate::from_hz(100.0).unwrap();
    let bank = Bank::morlet(rate, &[1.0], &Cycles::Fixed(7.0), false).unwrap();
    assert!(Transform::new(&bank, 200).is_err());
    for (freqs, cycles) in [
        (vec![], 7.0),
        (vec![0.0], 7.0),
        (vec![51.0], 7.0),
        (vec![f64::NAN], 7.0),
        (vec![10.0], 0.0),
    ] {
        assert!(Bank::morlet(rate, &freqs, &Cycles::Fixed(cycles), false).is_err());
        assert!(Bank::multitaper(rate, &freqs, &Cycles::Fixed(cycles), 4.0, false).is_err());
    }
    assert!(Bank::morlet(rate, &[10.0], &Cycles::Each(vec![1.0, 2.0]), false).is_err());
    assert!(Bank::multitaper(rate, &[10.0], &Cycles::Fixed(7.0), 2.5, false).is_err());
}

#[test]
fn silence_has_no_coherence_and_no_nan() {
    let rate = SampleRate::from_hz(100.0).unwrap();
    let bank = Bank::morlet(rate, &[20.0], &Cycles::Fixed(3.0), false).unwrap();
    let mut transform = Transform::new(&bank, 100).unwrap();
    let mut average = EpochAverage::new(&transform, Average::PowerAndCoherence);
    assert_eq!(average.coherence(), None);
    average.push(&mut transform, &[0.0; 100]).unwrap();
    assert_eq!(average.coherence(), Some(vec![0.0; 100]));
    assert_eq!(average.power(), [0.0; 100]);
    assert!(average.push(&mut transform, &[f32::NAN; 100]).is_err());
    assert_eq!(average.n_epochs(), 1);
}
