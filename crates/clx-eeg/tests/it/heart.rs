//! Beats and heart rate variability against the annotations of MIT-BIH 100, NeuroKit2 0.2.13 and
//! SciPy; see `fixtures/heart.py`.

use clx_eeg::hrv::HrvSpectrum;
use clx_eeg::{
    HrvParams, LiveRPeaks, clean_ecg, correct_beats, detect_pulse_peaks, detect_r_peaks,
    measure_hrv,
};
use clx_signal::SampleRate;
use clx_testkit::shared_data;
use proptest::prelude::*;
use serde_json::Value;

fn fixture() -> Value {
    serde_json::from_str(include_str!("../fixtures/heart.json")).unwrap()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn indices(v: &Value) -> Vec<usize> {
    v.as_array().unwrap().iter().map(|x| x.as_u64().unwrap() as usize).collect()
}

fn hz(rate: f64) -> SampleRate {
    SampleRate::from_hz(rate).unwrap()
}

/// First lead in millivolts (format 212, 200 units per mV around 1024) and the annotated beats.
fn record_100() -> Option<(Vec<f32>, Vec<usize>)> {
    let samples = std::fs::read(shared_data("eeg/wfdb/100.dat")?).unwrap();
    let annotations = std::fs::read(shared_data("eeg/wfdb/100.atr")?).unwrap();
    let lead = samples.chunks_exact(3).map(|b| {
        let raw = u16::from(b[0]) | (u16::from(b[1]) & 0x0f) << 8;
        let signed = if raw >= 2048 { i32::from(raw) - 4096 } else { i32::from(raw) };
        (f64::from(signed - 1024) / 200.0) as f32
    });
    Some((lead.collect(), annotated_beats(&annotations)))
}

/// Beats of an MIT-format annotation file.
fn annotated_beats(bytes: &[u8]) -> Vec<usize> {
    let word = |i: usize| bytes.get(i..i + 2).map(|b| u16::from_le_bytes([b[0], b[1]]));
    let (mut at, mut time, mut beats) = (0, 0_usize, Vec::new());
    while let Some(w) = word(at) {
        let (code, value) = (w >> 10, usize::from(w & 0x3ff));
        at += 2;
        match code {
            0 if value == 0 => break,
            59 => {
                let high = usize::from(word(at).unwrap());
                time += high << 16 | usize::from(word(at + 2).unwrap());
                at += 4;
            }
            60..=62 => {}
            63 => at += value + value % 2,
            _ => {
                time += value;
                // Codes of beats; the others are rhythm changes and notes.
                if matches!(code, 1..=13 | 25 | 30 | 34 | 35 | 38 | 41) {
                    beats.push(time);
                }
            }
        }
    }
    beats
}

/// Beats found within 150 ms of an annotated one, each annotation used once.
fn matched(found: &[usize], truth: &[usize], rate: SampleRate) -> usize {
    let reach = rate.samples(0.15);
    let mut free = truth.iter().copied().peekable();
    let mut n = 0;
    for &beat in found {
        while free.next_if(|&t| t + reach < beat).is_some() {}
        n += usize::from(free.next_if(|&t| t <= beat + reach).is_some());
    }
    n
}

fn beats_of_neurokit() -> Vec<usize> {
    let mut at = 0;
    indices(&fixture()["beats"])
        .into_iter()
        .map(|step| {
            at += step;
            at
        })
        .collect()
}

#[test]
fn beats_of_record_100_are_those_annotated() {
    let Some((ecg, truth)) = record_100() else { return };
    assert_eq!(truth.len(), 2273);
    let rate = hz(360.0);
    let clean = clean_ecg(&ecg, rate, 50.0).unwrap();
    let expected = numbers(&fixture()["clean"]);
    let largest = expected.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    for (a, b) in clean.iter().step_by(1000).zip(&expected) {
        assert!((f64::from(*a) - b).abs() < 1e-6 * largest, "{a} {b}");
    }
    let (beats, findings) = detect_r_peaks(&clean, rate).unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    let right = matched(&beats, &truth, rate);
    println!("{right} of {} found, {} false", truth.len(), beats.len() - right);
    assert_eq!((right, beats.len()), (2270, 2270));
    assert_eq!(beats, beats_of_neurokit());
}

#[test]
fn live_beats_of_record_100_are_those_annotated() {
    let Some((ecg, truth)) = record_100() else { return };
    let rate = hz(360.0);
    let mut live = LiveRPeaks::new(rate, 60.0).unwrap();
    assert!(live.delay_s() < 0.5, "{}", live.delay_s());
    let beats: Vec<usize> = ecg.chunks(90).flat_map(|block| live.push(block).unwrap()).collect();
    let right = matched(&beats, &truth, rate);
    println!("{right} of {} found, {} false", truth.len(), beats.len() - right);
    // The same bar as offline, less the first beats, of which no length is known yet.
    assert!(right >= 2268 && beats.len() - right <= 2, "{right} {}", beats.len());
}

fn assert_hrv(beats: &[usize], expected: &Value, pairs: &[(&str, Option<f64>)], relative: f64) {
    for (name, got) in pairs {
        let expected = expected[format!("HRV_{name}")].as_f64().unwrap();
        let got = got.unwrap_or_else(|| panic!("{name} is absent"));
        let error = (got / expected - 1.0).abs();
        assert!(error < relative, "{name} of {} beats: {got} and {expected}", beats.len());
    }
}

#[test]
fn variability_of_record_100_equals_neurokit() {
    let beats = beats_of_neurokit();
    let hrv = measure_hrv(&beats, hz(360.0), &HrvParams::default()).unwrap();
    let time = hrv.time.as_ref().unwrap();
    let fixture = fixture();
    let expected = &fixture["hrv"];
    let time = [
        ("MeanNN", Some(time.mean_nn_ms)),
        ("MedianNN", Some(time.median_nn_ms)),
        ("MinNN", Some(time.min_nn_ms)),
        ("MaxNN", Some(time.max_nn_ms)),
        ("SDNN", Some(time.sdnn_ms)),
        ("RMSSD", Some(time.rmssd_ms)),
        ("SDSD", time.sdsd_ms),
        ("pNN50", Some(time.pnn50_percent)),
        ("pNN20", Some(time.pnn20_percent)),
        ("CVNN", Some(time.cvnn)),
        ("CVSD", Some(time.cvsd)),
        ("MadNN", Some(time.mad_nn_ms)),
        ("IQRNN", Some(time.iqr_nn_ms)),
        ("SDANN5", time.sdann5_ms),
        ("SDNNI5", time.sdnni5_ms),
        ("HTI", time.triangular_index),
    ];
    assert_hrv(&beats, expected, &time, 1e-9);
    let f = &hrv.frequency;
    let frequency = [("VLF", f.vlf_ms2), ("LF", f.lf_ms2), ("HF", f.hf_ms2), ("LFHF", f.lf_hf)];
    assert_hrv(&beats, expected, &frequency, 1e-3);
    assert!((f.lf_hf.unwrap() - 0.1985).abs() < 1e-4);
    let n = &hrv.nonlinear;
    let nonlinear = [
        ("SD1", n.sd1_ms),
        ("SD2", n.sd2_ms),
        ("SampEn", n.sample_entropy),
        ("DFA_alpha1", n.dfa_alpha1),
        ("DFA_alpha2", n.dfa_alpha2),
    ];
    assert_hrv(&beats, expected, &nonlinear, 1e-6);
    assert!(hrv.absent.iter().map(|a| a.name.as_str()).eq(["ulf_ms2"]), "{:?}", hrv.absent);
}

#[test]
fn a_short_recording_lacks_figures_and_says_why() {
    let beats = &beats_of_neurokit()[..130];
    let hrv = measure_hrv(beats, hz(360.0), &HrvParams::default()).unwrap();
    let fixture = fixture();
    let time = hrv.time.as_ref().unwrap();
    let short = [
        ("SDNN", Some(time.sdnn_ms)),
        ("RMSSD", Some(time.rmssd_ms)),
        ("SD1", hrv.nonlinear.sd1_ms),
    ];
    assert_hrv(beats, &fixture["short"], &short, 1e-9);
    // 106 s: long enough for HF (60 s), not for LF (120 s).
    assert!(hrv.frequency.hf_ms2.is_some() && hrv.frequency.lf_ms2.is_none());
    assert_eq!(hrv.frequency.lf_hf, None);
    let names: Vec<&str> = hrv.absent.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "sdann5_ms, sdnni5_ms",
            "triangular_index",
            "ulf_ms2",
            "vlf_ms2",
            "lf_ms2",
            "sample_entropy",
            "dfa_alpha2"
        ]
    );
    for beats in [&[][..], &[100], &[100, 400]] {
        let none = measure_hrv(beats, hz(360.0), &HrvParams::default()).unwrap();
        assert!(none.time.is_none() && !none.absent.is_empty());
    }
    assert!(measure_hrv(&[5, 5], hz(360.0), &HrvParams::default()).is_err());
}

#[test]
fn lomb_and_scargle_agree_with_welch_on_a_breathing_heart() {
    // Intervals of 800 ms that follow 0.25 Hz by 40 ms: a power of 800 ms² in the HF band.
    let mut time_s = 0.0;
    let mut beats = Vec::new();
    for _ in 0..750 {
        beats.push((time_s * 1000.0_f64).round() as usize);
        time_s += 0.8 + 0.04 * (std::f64::consts::TAU * 0.25 * time_s).sin();
    }
    for spectrum in [HrvSpectrum::Welch, HrvSpectrum::LombScargle] {
        let params = HrvParams { spectrum, ..HrvParams::default() };
        let f = measure_hrv(&beats, hz(1000.0), &params).unwrap().frequency;
        assert!((f.hf_peak_hz.unwrap() - 0.25).abs() < 0.01, "{f:?}");
        assert!((f.hf_ms2.unwrap() / 800.0 - 1.0).abs() < 0.1, "{f:?}");
        assert!(f.lf_hf.unwrap() < 0.05, "{f:?}");
    }
}

#[test]
fn corrected_beats_equal_neurokit_and_artefacts_are_those_of_all_its_rounds() {
    for case in fixture()["corrections"].as_array().unwrap() {
        let (corrected, found) = correct_beats(&indices(&case["beats"]), hz(360.0));
        assert_eq!(corrected, indices(&case["corrected"]));
        let ours = [&found.ectopic, &found.missed, &found.extra, &found.long_short];
        let rounds = case["rounds"].as_array().unwrap();
        assert!(rounds.len() > 1);
        for (name, all) in ["ectopic", "missed", "extra", "longshort"].iter().zip(ours) {
            // The first round counts the beats as they were given.
            let first = indices(&rounds[0][name]);
            assert!(first.iter().all(|i| all.contains(i)), "{name}: {first:?} not in {all:?}");
            let total: usize = rounds.iter().map(|r| indices(&r[name]).len()).sum();
            assert!(all.len() <= total, "{name}: {} of {total}", all.len());
        }
        // Two beats were taken out and two put in, which the last round knows nothing of.
        assert_eq!((indices(&case["missed"]), indices(&case["extra"])), (vec![], vec![]));
        assert_eq!((&found.missed, &found.extra), (&vec![77, 200], &vec![151, 262]));
    }
}

#[test]
fn a_missed_and_an_extra_beat_are_counted_and_the_rhythm_restored() {
    let whole: Vec<usize> = (0..120).map(|i| 300 * i + 7 * (i % 4) + 3 * (i % 3)).collect();
    let mut beats = whole.clone();
    beats.remove(30);
    beats.insert(80, beats[79] + 120);
    let (corrected, found) = correct_beats(&beats, hz(360.0));
    assert_eq!((found.missed.as_slice(), found.extra.len()), (&[30][..], 1), "{found:?}");
    assert_eq!(corrected.len(), whole.len());
    assert!(corrected.iter().zip(&whole).all(|(a, b)| a.abs_diff(*b) < 20), "{corrected:?}");
}

#[test]
fn pulse_peaks_equal_neurokit() {
    let fixture = fixture();
    let ppg: Vec<f32> = numbers(&fixture["ppg"]).iter().map(|&v| v as f32).collect();
    assert_eq!(detect_pulse_peaks(&ppg, hz(100.0)).unwrap(), indices(&fixture["pulses"]));
}

#[test]
fn silence_noise_and_an_inverted_lead() {
    let rate = hz(250.0);
    let clean = clean_ecg(&[0.3; 2500], rate, 50.0).unwrap();
    assert!(clean.iter().all(|v| v.abs() < 1e-6));
    assert!(detect_r_peaks(&[0.0; 2500], rate).unwrap().0.is_empty());
    assert!(clean_ecg(&[0.0; 1], rate, 50.0).is_err());
    assert!(clean_ecg(&[f32::NAN; 2500], rate, 50.0).is_err());
    assert!(clean_ecg(&[0.0; 2500], rate, 0.0).is_err());
    assert!(detect_pulse_peaks(&[0.0; 2500], rate).unwrap().is_empty());
    let Some((ecg, _)) = record_100() else { return };
    let turned: Vec<f32> = ecg[..36_000].iter().map(|v| -v).collect();
    let clean = clean_ecg(&turned, hz(360.0), 50.0).unwrap();
    assert_eq!(detect_r_peaks(&clean, hz(360.0)).unwrap().1[0].code, "ecg.inverted");
}

/// A pulse of 80 ms each 0.8 s on a drifting baseline.
fn pulses(n: usize) -> Vec<f32> {
    let shape = |i: usize| (-((i % 200) as f32 - 100.0).powi(2) / 18.0).exp();
    (0..n).map(|i| shape(i) + 0.2 * (i as f32 * 0.004).sin()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn live_beats_do_not_depend_on_the_blocks(sizes in prop::collection::vec(1_usize..700, 1..40)) {
        let ecg = pulses(6000);
        let whole = LiveRPeaks::new(hz(250.0), 50.0).unwrap().push(&ecg).unwrap();
        prop_assert!(whole.len() > 20);
        let mut live = LiveRPeaks::new(hz(250.0), 50.0).unwrap();
        let (mut rest, mut beats) = (&ecg[..], Vec::new());
        for size in sizes.iter().cycle() {
            let (block, after) = rest.split_at((*size).min(rest.len()));
            beats.extend(live.push(block).unwrap());
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(beats, whole);
    }
}
