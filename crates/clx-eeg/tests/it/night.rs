//! The synthetic night of `fixtures/night.py`, built from the same numbers.

use clx_eeg::sleep::Hypnogram;
use clx_signal::SampleRate;
use clx_signal::rng::SplitMix64;

const EPOCH: usize = 3000;

/// Frequency, radius and gains in wake, N1, N2, N3 and REM of each rhythm.
type Rhythms = &'static [(f64, f64, [f64; 5])];

const EEG: Rhythms = &[
    (0.9, 0.99, [0.5, 1.0, 4.0, 12.0, 1.0]),
    (5.0, 0.95, [4.0, 12.0, 8.0, 4.0, 10.0]),
    (10.0, 0.97, [40.0, 8.0, 4.0, 2.0, 6.0]),
    (13.5, 0.985, [3.0, 3.0, 24.0, 8.0, 2.0]),
    (22.0, 0.9, [20.0, 10.0, 6.0, 4.0, 8.0]),
    (0.0, 0.0, [6.0, 5.0, 4.0, 4.0, 5.0]),
];
const EOG: Rhythms = &[
    (0.6, 0.98, [12.0, 14.0, 2.0, 4.0, 25.0]),
    (10.0, 0.95, [12.0, 4.0, 2.0, 1.0, 2.0]),
    (0.0, 0.0, [8.0, 6.0, 5.0, 5.0, 6.0]),
];
const EMG: Rhythms =
    &[(28.0, 0.8, [30.0, 20.0, 10.0, 8.0, 3.0]), (0.0, 0.0, [20.0, 12.0, 8.0, 6.0, 2.0])];

pub(crate) fn rate() -> SampleRate {
    SampleRate::from_hz(100.0).unwrap()
}

pub(crate) fn hypnogram() -> Hypnogram {
    let parts: [(i64, usize); 6] = [(0, 6), (1, 4), (2, 10), (3, 10), (2, 2), (4, 8)];
    let numbers: Vec<i64> = parts.iter().flat_map(|&(stage, n)| vec![stage; n]).collect();
    Hypnogram::from_numbers(&numbers)
}

/// Volts.
pub(crate) fn eeg() -> Vec<f32> {
    channel(EEG, 100)
}

pub(crate) fn eog() -> Vec<f32> {
    channel(EOG, 200)
}

pub(crate) fn emg() -> Vec<f32> {
    channel(EMG, 300)
}

fn channel(rhythms: Rhythms, seed: u64) -> Vec<f32> {
    let stages: Vec<usize> = hypnogram().stages.iter().map(|s| s.number() as usize).collect();
    let mut total = vec![0.0_f64; stages.len() * EPOCH];
    for (k, (freq, radius, gains)) in rhythms.iter().enumerate() {
        let mut rng = SplitMix64::new(seed + k as u64);
        let a = 2.0 * radius * (2.0 * std::f64::consts::PI * freq / 100.0).cos();
        let b = -radius * radius;
        let (mut y1, mut y2) = (0.0, 0.0);
        for (t, sum) in total.iter_mut().enumerate() {
            let y = a * y1 + b * y2 + (rng.next_f64() - 0.5);
            *sum += gains[stages[t / EPOCH]] * y;
            (y1, y2) = (y, y1);
        }
    }
    total.iter().map(|&uv| (f64::from(uv as f32) * 1e-6) as f32).collect()
}
