//! Sleep events and statistics against YASA 0.8.1; see `fixtures/sleep.py`.

use std::io::Read;

use clx_eeg::sleep::{
    CouplingParams, Hypnogram, RemParams, SlowWaveParams, SpindleParams, Stage, couple_sigma,
    detect_rems, detect_slow_waves, detect_spindles, find_cycles, sleep_statistics,
    transition_counts, transition_probabilities,
};
use clx_signal::{SampleRate, rng::SplitMix64};
use clx_testkit::shared_data;
use serde_json::Value;

use crate::night;

fn fixture() -> Value {
    serde_json::from_str(include_str!("../fixtures/sleep.json")).unwrap()
}

fn rows(v: &Value) -> Vec<Vec<f64>> {
    let numbers =
        |row: &Value| row.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
    v.as_array().unwrap().iter().map(numbers).collect()
}

fn hz(rate: f64) -> SampleRate {
    SampleRate::from_hz(rate).unwrap()
}

/// Every figure of every event within `relative`, or `absolute` where it is a time.
#[track_caller]
fn assert_events(got: &[Vec<f64>], expected: &[Vec<f64>], n_times: usize, tolerance: &[f64]) {
    assert_eq!(got.len(), expected.len());
    for (i, (g, e)) in got.iter().zip(expected).enumerate() {
        for (k, (a, b)) in g.iter().zip(e).enumerate() {
            let scale = if k < n_times { 1.0 } else { b.abs() };
            let allowed = if k < n_times { 1e-9 } else { tolerance[k - n_times] * scale };
            assert!((a - b).abs() <= allowed, "event {i}, figure {k}: {a} and {b}\n{g:?}\n{e:?}");
        }
    }
}

fn spindle_rows(volts: &[f32], rate: SampleRate, hypnogram: Option<&Hypnogram>) -> Vec<Vec<f64>> {
    let (found, findings) =
        detect_spindles(volts, rate, hypnogram, &SpindleParams::default()).unwrap();
    assert!(findings.is_empty());
    found
        .iter()
        .map(|s| {
            vec![
                s.tmin_s,
                s.peak_s,
                s.tmax_s,
                s.duration_s,
                s.amplitude_uv,
                s.filtered_amplitude_uv,
                s.rms_uv,
                s.log_power_uv2,
                s.relative_power,
                s.frequency_hz,
                s.n_oscillations as f64,
                s.symmetry,
            ]
        })
        .collect()
}

/// Amplitudes 1e-5, share of power 1e-5, power and frequency from the local phase 1e-3.
const SPINDLE_TOLERANCE: [f64; 8] = [1e-5, 1e-5, 1e-5, 1e-3, 1e-5, 1e-3, 0.0, 1e-9];

#[test]
fn spindles_of_a_real_recording_equal_yasa() {
    let Some(path) = shared_data("eeg/yasa/N2_spindles_15sec_200Hz.txt") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let volts: Vec<f32> =
        text.lines().map(|l| (l.trim().parse::<f64>().unwrap() * 1e-6) as f32).collect();
    let got = spindle_rows(&volts, hz(200.0), None);
    assert_events(&got, &rows(&fixture()["spindles_real"]), 4, &SPINDLE_TOLERANCE);
}

#[test]
fn spindles_of_a_night_equal_yasa() {
    let hypnogram = night::hypnogram();
    let got = spindle_rows(&night::eeg(), night::rate(), Some(&hypnogram));
    assert_events(&got, &rows(&fixture()["spindles_night"]), 4, &SPINDLE_TOLERANCE);
}

#[test]
fn slow_waves_and_their_coupling_equal_yasa() {
    let hypnogram = night::hypnogram();
    let eeg = night::eeg();
    let params = SlowWaveParams::default();
    let (waves, _) = detect_slow_waves(&eeg, night::rate(), Some(&hypnogram), &params).unwrap();
    let coupling = couple_sigma(&eeg, night::rate(), &waves, &CouplingParams::default()).unwrap();
    let got: Vec<Vec<f64>> = waves
        .iter()
        .zip(&coupling.waves)
        .map(|(w, c)| {
            assert_eq!(w.trough_s, c.trough_s);
            vec![
                w.tmin_s,
                w.trough_s,
                w.crossing_s,
                w.crest_s,
                w.tmax_s,
                w.duration_s,
                w.trough_uv,
                w.crest_uv,
                w.peak_to_peak_uv,
                w.slope_uv_per_s,
                w.frequency_hz,
                c.peak_s,
                c.phase_rad,
                c.strength,
            ]
        })
        .collect();
    // YASA rounds durations to 0.1 ms; the rest differs by the f32 filter.
    let tolerance = [1e-5, 1e-5, 1e-5, 1e-5, 1e-4, 1e-9, 1e-3, 1e-3];
    let fixture = fixture();
    assert_events(&got, &rows(&fixture["waves"]), 6, &tolerance);
    let expected = |name: &str| fixture["coupling"][name].as_f64().unwrap();
    assert!((coupling.mean_vector_length.unwrap() - expected("length")).abs() < 1e-4);
    assert!((coupling.mean_phase_rad.unwrap() - expected("mean_phase")).abs() < 1e-3);
    assert!((coupling.rayleigh_p.unwrap() - expected("rayleigh")).abs() < 1e-3);
    assert!(waves.iter().all(|w| matches!(w.stage, Some(Stage::N2 | Stage::N3))));
}

#[test]
fn eye_movements_equal_yasa() {
    let Some(path) = shared_data("eeg/yasa/EOGs_REM_256Hz.npz") else { return };
    let [left, right] = read_eyes(&path);
    let (found, _) = detect_rems(&left, &right, hz(256.0), None, &RemParams::default()).unwrap();
    let got: Vec<Vec<f64>> = found
        .iter()
        .map(|m| {
            let pairs = [m.amplitude_uv, m.rise_uv_per_s, m.fall_uv_per_s];
            let mut row = vec![m.tmin_s, m.peak_s, m.tmax_s, m.duration_s];
            row.extend(pairs.iter().flatten());
            row
        })
        .collect();
    assert_events(&got, &rows(&fixture()["eyes"]), 4, &[1e-4; 6]);
}

/// Both channels of `data.npy` (2 x n, f64, microvolts), the first and deflated member of the
/// archive, as volts.
fn read_eyes(path: &std::path::Path) -> [Vec<f32>; 2] {
    let archive = std::fs::read(path).unwrap();
    let size = |at: usize| usize::from(u16::from_le_bytes([archive[at], archive[at + 1]]));
    let start = 30 + size(26) + size(28);
    let mut bytes = Vec::new();
    flate2::read::DeflateDecoder::new(&archive[start..]).read_to_end(&mut bytes).unwrap();
    let header = usize::from(u16::from_le_bytes([bytes[8], bytes[9]])) + 10;
    let values: Vec<f32> = bytes[header..]
        .chunks_exact(8)
        .map(|b| (f64::from_le_bytes(b.try_into().unwrap()) * 1e-6) as f32)
        .collect();
    let (left, right) = values.split_at(values.len() / 2);
    [left.to_vec(), right.to_vec()]
}

fn scored_night() -> Option<Hypnogram> {
    let path = shared_data("eeg/yasa/full_6hrs_100Hz_hypno_30s.txt")?;
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|l| !l.starts_with('#'));
    Some(Hypnogram::from_numbers(&lines.map(|l| l.trim().parse().unwrap()).collect::<Vec<i64>>()))
}

#[test]
fn statistics_of_a_scored_night_equal_yasa() {
    let Some(hypnogram) = scored_night() else { return };
    let s = sleep_statistics(&hypnogram).unwrap();
    let fixture = fixture();
    for (name, got) in [
        ("TIB", Some(s.time_in_bed_min)),
        ("SPT", Some(s.sleep_period_min)),
        ("WASO", s.wake_after_onset_min),
        ("TST", Some(s.total_sleep_min)),
        ("N1", Some(s.n1_min)),
        ("N2", Some(s.n2_min)),
        ("N3", Some(s.n3_min)),
        ("REM", Some(s.rem_min)),
        ("NREM", Some(s.nrem_min)),
        ("SOL", s.onset_latency_min),
        ("SOL_5min", s.sustained_latency_min),
        ("Lat_N1", s.n1_latency_min),
        ("Lat_N2", s.n2_latency_min),
        ("Lat_N3", s.n3_latency_min),
        ("Lat_REM", s.rem_latency_min),
        ("%N1", s.n1_percent),
        ("%N2", s.n2_percent),
        ("%N3", s.n3_percent),
        ("%REM", s.rem_percent),
        ("%NREM", s.nrem_percent),
        ("SE", Some(s.efficiency_percent)),
        ("SME", s.maintenance_percent),
        ("SFI", s.awakenings_per_h),
    ] {
        let expected = fixture["statistics"][name].as_f64().unwrap();
        // YASA rounds the fragmentation index to four digits.
        assert!((got.unwrap() - expected).abs() < 6e-5, "{name}: {got:?} {expected}");
    }
}

#[test]
fn transitions_of_a_scored_night_equal_yasa() {
    let Some(hypnogram) = scored_night() else { return };
    let counts = transition_counts(&hypnogram);
    let fixture = fixture();
    assert_eq!(serde_json::to_value(counts).unwrap(), fixture["transitions"]);
    let shares = transition_probabilities(&counts);
    for (row, expected) in shares.iter().zip(rows(&fixture["shares"])) {
        assert!(row.unwrap().iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}

#[test]
fn a_scored_night_has_cycles_of_usual_length() {
    let Some(hypnogram) = scored_night() else { return };
    let cycles = find_cycles(&hypnogram);
    // Six hours hold about four cycles of 70 to 120 min (Feinberg and Floyd 1979).
    assert!((3..=5).contains(&cycles.len()), "{cycles:?}");
    assert!(cycles.windows(2).all(|w| w[0].tmax_s <= w[1].tmin_s));
}

#[test]
fn noise_silence_and_nonsense_have_no_events() {
    let rate = night::rate();
    let mut rng = SplitMix64::new(8);
    let noise: Vec<f32> = (0..6000).map(|_| 20e-6 * rng.next_normal() as f32).collect();
    let spindles = |x: &[f32]| detect_spindles(x, rate, None, &SpindleParams::default());
    // A minute of white noise has a spindle by chance now and then.
    assert!(spindles(&noise).unwrap().0.len() <= 2);
    let (none, findings) = spindles(&[1e-5; 3000]).unwrap();
    assert!(none.is_empty() && findings[0].code == "sleep.amplitude");
    assert!(spindles(&[0.0; 1]).is_err());
    assert!(spindles(&[f32::NAN; 3000]).is_err());
    let huge: Vec<f32> = noise.iter().map(|v| v * 1e6).collect();
    assert_eq!(spindles(&huge).unwrap().1[0].code, "sleep.amplitude");
    assert!(detect_rems(&noise, &noise[1..], rate, None, &RemParams::default()).is_err());
    let (same, _) = detect_rems(&noise, &noise, rate, None, &RemParams::default()).unwrap();
    assert!(same.is_empty());
    let none = couple_sigma(&noise, rate, &[], &CouplingParams::default()).unwrap();
    assert_eq!((none.waves.len(), none.mean_vector_length), (0, None));
}
