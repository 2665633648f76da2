//! Steady-state responses and entrainment: the Muse recording of an auditory steady-state
//! experiment, simulated responses of known size, and signals without any.

use std::io::Read;

use clx_eeg::entrainment::{
    EntrainmentParams, LockingParams, SteadyStateParams, entrainment_index, phase_coherence,
    steady_state, stimulus_locking,
};
use clx_signal::rng::SplitMix64;
use clx_signal::welch::{Psd, Welch, WelchParams};
use clx_signal::{Epochs, SampleRate, synth};

/// Columns TP9 and TP10 in µV, 256 Hz.
fn muse() -> Option<[Vec<f32>; 2]> {
    let path =
        clx_testkit::shared_data("eeg/muse/SSAEP_subject1_session1_2017-09-27-14.42.41.csv.gz")?;
    let mut text = String::new();
    let file = std::fs::File::open(path).unwrap();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let column = |i: usize| -> Vec<f32> {
        text.lines().skip(1).map(|l| l.split(',').nth(i).unwrap().parse().unwrap()).collect()
    };
    Some([column(1), column(4)])
}

fn psd(x: &[f32], rate_hz: f64) -> Psd {
    let params = WelchParams { window_s: 4.0, ..WelchParams::default() };
    let mut welch = Welch::new(SampleRate::from_hz(rate_hz).unwrap(), params).unwrap();
    welch.push(x);
    welch.finish().unwrap()
}

#[test]
fn muse_recording_answers_at_45_and_40_hz() {
    let Some([tp9, tp10]) = muse() else { return };
    // Figures of NumPy and SciPy on the same file: shared/data/eeg/SOURCES.md.
    for (x, hz, expected) in
        [(&tp9, 45.0, 4.95), (&tp10, 45.0, 2.42), (&tp9, 40.0, 2.31), (&tp10, 40.0, 2.73)]
    {
        let got = steady_state(&psd(x, 256.0), hz, SteadyStateParams::default()).unwrap().unwrap();
        let snr = got.responses[0].snr;
        println!("{hz} Hz: {snr:.4}, expected {expected}");
        assert!((snr / expected - 1.0).abs() < 0.005, "{snr} {expected}");
    }
}

fn rate() -> SampleRate {
    SampleRate::from_hz(250.0).unwrap()
}

/// White noise with a tone of which the segments' signal-to-noise ratio is `ratio`.
fn driven(ratio: f64, duration_s: f64, seed: u64) -> Vec<f32> {
    let noise = synth::white(rate(), 1.0, duration_s, seed);
    // Hann over n samples: coefficient noise has power 4 σ² Σw² / (Σw)² = 6 σ² / n.
    let amplitude = (ratio * 6.0 / 1000.0).sqrt();
    let tone = synth::sine(rate(), 40.0, amplitude, duration_s);
    noise.iter().zip(&tone).map(|(a, b)| a + b).collect()
}

#[test]
fn index_is_the_share_of_power_that_keeps_time() {
    let params = EntrainmentParams { shuffles: 100, ..EntrainmentParams::default() };
    for ratio in [0.0, 0.25, 1.0, 4.0] {
        let truth = ratio / (1.0 + ratio);
        let trials = 60;
        let (mut sum, mut held) = (0.0, 0);
        for seed in 0..trials {
            let x = driven(ratio, 120.0, seed);
            let got = entrainment_index(&x, rate(), 40.0, &params).unwrap().unwrap();
            sum += got.index;
            held += usize::from(got.ci95[0] <= truth && truth <= got.ci95[1]);
        }
        let mean = sum / trials as f64;
        println!("truth {truth:.3}: mean index {mean:.3}, interval holds it in {held} of {trials}");
        // Standard error of the mean below 0.02; of 57 expected, 52 is 3 standard deviations off.
        assert!((mean - truth).abs() < 0.04, "{mean} {truth}");
        assert!(held >= 52, "{held}");
    }
}

#[test]
fn noise_is_called_entrained_as_seldom_as_stated() {
    let params = EntrainmentParams { shuffles: 199, ..EntrainmentParams::default() };
    let trials = 200;
    let false_alarms = (0..trials)
        .filter(|&seed| {
            let x = synth::pink(rate(), 1.0, 1.0, 60.0, 1000 + seed);
            let got = entrainment_index(&x, rate(), 40.0, &params).unwrap().unwrap();
            got.p <= 0.05
        })
        .count();
    println!("{false_alarms} of {trials} at p <= 0.05");
    // Two conditions that are not independent: at most 0.05; 3 standard deviations allow 19 of 200.
    assert!(false_alarms <= 19, "{false_alarms}");
}

#[test]
fn wrong_rhythm_is_not_entrained() {
    // Strong power at 40.1 Hz: the phase turns against the stimulus within 10 s.
    let rate = rate();
    let tone = synth::sine(rate, 40.1, 1.0, 120.0);
    let noise = synth::white(rate, 1.0, 120.0, 3);
    let x: Vec<f32> = tone.iter().zip(&noise).map(|(a, b)| a + b).collect();
    let got = entrainment_index(&x, rate, 40.0, &EntrainmentParams::default()).unwrap().unwrap();
    assert!(got.index < 0.05 && got.p > 0.05, "{got:?}");
    let snr = steady_state(&psd(&x, 250.0), 40.0, SteadyStateParams::default()).unwrap().unwrap();
    assert!(snr.responses[0].snr > 10.0, "power alone would have said yes: {snr:?}");
}

#[test]
fn harmonics_are_found_and_their_neighbours_are_not_them() {
    let mut x = synth::white(rate(), 1.0, 60.0, 8);
    for hz in [10.0, 20.0] {
        x.iter_mut().zip(synth::sine(rate(), hz, 0.5, 60.0)).for_each(|(a, b)| *a += b);
    }
    let got = steady_state(&psd(&x, 250.0), 10.0, SteadyStateParams::default()).unwrap().unwrap();
    let snr: Vec<f64> = got.responses.iter().map(|r| r.snr).collect();
    assert!(snr[0] > 10.0 && snr[1] > 10.0 && snr[2] < 2.5, "{snr:?}");
}

#[test]
fn phase_coherence_is_one_for_a_locked_rhythm_and_small_for_a_free_one() {
    let mut rng = SplitMix64::new(2);
    let n = 250;
    let mut samples = Vec::new();
    for _ in 0..40 {
        let free = rng.next_f64() * std::f64::consts::TAU;
        for phase in [0.7, free] {
            samples.extend(
                (0..n).map(|i| {
                    (std::f64::consts::TAU * 20.0 * i as f64 / 250.0 + phase).cos() as f32
                }),
            );
        }
        samples.extend(vec![0.0; n]);
    }
    let epochs = Epochs::from_samples(rate(), 0.0, 3, n, samples).unwrap();
    let got = phase_coherence(&epochs, 20.0).unwrap();
    let (locked, free) = (got[0].as_ref().unwrap(), got[1].as_ref().unwrap());
    assert!((locked.coherence - 1.0).abs() < 1e-6 && (locked.phase_rad - 0.7).abs() < 1e-6);
    assert!(free.coherence < 0.4 && free.p > 0.001 && locked.p < 1e-10);
    assert_eq!(got[2], None);
    // Time zero moves with tmin: a quarter cycle of 20 Hz is 12.5 ms.
    let mut later = epochs.clone();
    later.tmin_s = 0.0125;
    let shifted = phase_coherence(&later, 20.0).unwrap()[0].as_ref().unwrap().phase_rad;
    assert!((shifted - (0.7 - std::f64::consts::FRAC_PI_2)).abs() < 1e-6);
    assert!(phase_coherence(&epochs, 130.0).is_err() && phase_coherence(&epochs, 1.0).is_err());
}

#[test]
fn locking_finds_the_lag_of_a_response_to_a_changing_rhythm() {
    // The stimulus speeds up from 8 to 12 Hz, so that only the true lag fits.
    let rate = rate();
    let stimulus = synth::sweep(rate, 8.0, 12.0, 1.0, 60.0);
    let lag = 30; // 120 ms
    let noise = synth::white(rate, 1.0, 60.0, 5);
    let x: Vec<f32> = (0..stimulus.len())
        .map(|i| noise[i] + if i >= lag { 0.7 * stimulus[i - lag] } else { 0.0 })
        .collect();
    let params =
        LockingParams { fmin_hz: 7.0, fmax_hz: 13.0, max_lag_s: 0.3, ..LockingParams::default() };
    let got = stimulus_locking(&x, &stimulus, rate, params).unwrap().unwrap();
    assert!((got.lag_s - 0.12).abs() < 0.016, "{got:?}");
    assert!(got.locking > 0.6 && got.p <= 0.01, "{got:?}");
    let none = stimulus_locking(&noise, &stimulus, rate, params).unwrap().unwrap();
    assert!(none.locking < got.locking / 2.0 && none.p > 0.02, "{none:?}");
    assert_eq!(stimulus_locking(&vec![1.0; x.len()], &stimulus, rate, params).unwrap(), None);
    assert!(stimulus_locking(&x[1..], &stimulus, rate, params).is_err());
}

#[test]
fn silence_has_no_index_and_poor_input_is_refused() {
    let params = EntrainmentParams::default();
    assert_eq!(entrainment_index(&[0.0; 10_000], rate(), 40.0, &params).unwrap(), None);
    assert_eq!(entrainment_index(&[3.0; 10_000], rate(), 40.0, &params).unwrap(), None);
    let mut x = synth::white(rate(), 1.0, 40.0, 1);
    assert!(entrainment_index(&x[..4000], rate(), 40.0, &params).is_err());
    for hz in [0.0, 0.2, 125.0, 200.0, f64::NAN] {
        assert!(entrainment_index(&x, rate(), hz, &params).is_err(), "{hz}");
    }
    x[77] = f32::INFINITY;
    assert!(entrainment_index(&x, rate(), 40.0, &params).is_err());
    let quiet = psd(&[0.0; 2000], 250.0);
    assert_eq!(steady_state(&quiet, 40.0, SteadyStateParams::default()).unwrap(), None);
    for hz in [0.0, 1.0, 124.0, f64::NAN] {
        assert!(steady_state(&quiet, hz, SteadyStateParams::default()).is_err(), "{hz}");
    }
}
