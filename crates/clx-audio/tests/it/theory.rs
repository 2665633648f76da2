//! Sounds whose figures follow from their construction.

use clx_audio::overview::Mode;
use clx_signal::{SampleRate, synth};

use crate::{click_track, overview};

fn rate(hz: f64) -> SampleRate {
    SampleRate::from_hz(hz).unwrap()
}

/// A sine whose *peak* is `dbfs` below full scale, on both channels.
fn stereo_sine(f: f64, dbfs: f64, seconds: f64) -> Vec<f32> {
    synth::sine(rate(48_000.0), f, 10_f64.powf(dbfs / 20.0), seconds)
}

#[test]
fn ebu_3341_case_1_and_2_stereo_sines_read_their_level() {
    // EBU Tech 3341 table 1: 1 kHz, -23 and -33 dBFS on both channels for 20 s read M = S = I.
    for level in [-23.0, -33.0] {
        let x = stereo_sine(1_000.0, level, 20.0);
        let loudness = overview(48_000.0, &[x.clone(), x]).loudness;
        assert!((loudness.integrated_lufs.unwrap() - level).abs() < 0.1, "{loudness:?}");
        let settled = loudness.short_term_lufs[5].unwrap();
        assert!((settled - level).abs() < 0.1, "{settled}");
        assert!((loudness.sample_peak_dbfs.unwrap() - level).abs() < 0.01);
    }
}

#[test]
fn ebu_3341_case_3_and_4_quiet_parts_are_gated() {
    for parts in [
        vec![(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)],
        vec![(-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)],
    ] {
        let x: Vec<f32> =
            parts.iter().flat_map(|&(level, s)| stereo_sine(1_000.0, level, s)).collect();
        let loudness = overview(48_000.0, &[x.clone(), x]).loudness;
        assert!((loudness.integrated_lufs.unwrap() + 23.0).abs() < 0.1, "{loudness:?}");
    }
}

#[test]
fn ebu_3342_cases_1_to_3_give_the_range_between_their_levels() {
    // EBU Tech 3342 table 1: 20 s at each level, tolerance 1 LU.
    for (a, b, expected) in [(-20.0, -30.0, 10.0), (-20.0, -15.0, 5.0), (-40.0, -20.0, 20.0)] {
        let mut x = stereo_sine(1_000.0, a, 20.0);
        x.extend(stereo_sine(1_000.0, b, 20.0));
        let range = overview(48_000.0, &[x.clone(), x]).loudness.range_lu.unwrap();
        assert!((range - expected).abs() < 1.0, "{a} {b}: {range}");
    }
}

#[test]
fn true_peak_finds_what_lies_between_samples() {
    // EBU Tech 3341 case 16: fs/4 at 45 degrees peaks 3.01 dB above its samples (-6.0 dBTP).
    let x: Vec<f32> = (0..48_000)
        .map(|i| {
            let phase = std::f64::consts::FRAC_PI_2 * f64::from(i) + std::f64::consts::FRAC_PI_4;
            (0.5 * phase.sin()) as f32
        })
        .collect();
    let loudness = overview(48_000.0, &[x]).loudness;
    assert!((loudness.sample_peak_dbfs.unwrap() + 9.03).abs() < 0.01);
    let peak = loudness.true_peak_dbtp.unwrap();
    assert!((-6.4..=-5.8).contains(&peak), "{peak}");
}

#[test]
fn click_tracks_give_their_tempo_and_beats_at_the_clicks() {
    for (hz, bpm) in [(44_100.0, 90.0), (44_100.0, 128.0), (48_000.0, 73.0), (22_050.0, 150.0)] {
        let found = overview(hz, &[click_track(hz, bpm, 30.0)]);
        let tempo = found.tempo.unwrap();
        assert!((tempo.bpm / bpm - 1.0).abs() < 2e-3, "{bpm}: {}", tempo.bpm);
        assert!(tempo.variability < 0.02);
        let n_clicks = (29.5 * bpm / 60.0).floor() + 1.0;
        assert!((found.beats_s.len() as f64 - n_clicks).abs() <= 2.0, "{}", found.beats_s.len());
        for beat in &found.beats_s {
            let clicks = (beat - 0.5) * bpm / 60.0;
            let late_s = (clicks - clicks.round()) * 60.0 / bpm;
            // One hop is 11.6 ms.
            assert!(late_s.abs() < 0.018, "{bpm}: beat at {beat} is {late_s} s off");
        }
    }
}

const NAMES: [&str; 12] = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];

/// Triads of four partials in the given tuning, 1.5 s each.
fn chords(roots_thirds: &[(f64, f64)], tonic: f64, a4_hz: f64) -> Vec<f32> {
    let hz = 22_050.0;
    roots_thirds
        .iter()
        .flat_map(|&(root, third)| {
            let n = (1.5 * hz) as usize;
            (0..n).map(move |i| {
                let t = i as f64 / hz;
                let fade = (t * 50.0).min((1.5 - t) * 50.0).min(1.0);
                let notes = [0.0, third, 7.0].map(|step| {
                    // MIDI 60 is C4.
                    let f = a4_hz * 2_f64.powf((60.0 + tonic + root + step - 69.0) / 12.0);
                    (1..=4)
                        .map(|p| {
                            (std::f64::consts::TAU * f * f64::from(p) * t).sin() / f64::from(p * p)
                        })
                        .sum::<f64>()
                });
                (0.1 * fade * notes.iter().sum::<f64>()) as f32
            })
        })
        .collect()
}

#[test]
fn cadences_are_heard_in_all_24_keys() {
    // I IV V I, and i iv V i with the major dominant of harmonic minor.
    let major = [(0.0, 4.0), (5.0, 4.0), (7.0, 4.0), (0.0, 4.0)];
    let minor = [(0.0, 3.0), (5.0, 3.0), (7.0, 4.0), (0.0, 3.0)];
    for (tonic, name) in NAMES.iter().enumerate() {
        for (cadence, mode) in [(major, Mode::Major), (minor, Mode::Minor)] {
            let key = overview(22_050.0, &[chords(&cadence, tonic as f64, 440.0)]).key.unwrap();
            assert_eq!((key.tonic.as_str(), key.mode), (*name, mode), "{key:?}");
            assert!(key.strength > 0.7 && key.margin > 0.0);
            assert!(key.tuning_cents.abs() < 3.0, "{}", key.tuning_cents);
            assert!((key.chroma.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }
}

#[test]
fn tuning_is_measured_and_corrected() {
    let major = [(0.0, 4.0), (5.0, 4.0), (7.0, 4.0), (0.0, 4.0)];
    for cents in [-40.0, -20.0, 30.0, 45.0] {
        let a4 = 440.0 * 2_f64.powf(cents / 1_200.0);
        let key = overview(22_050.0, &[chords(&major, 2.0, a4)]).key.unwrap();
        assert_eq!(key.tonic, "D");
        assert!((key.tuning_cents - cents).abs() < 3.0, "{cents}: {}", key.tuning_cents);
    }
}

#[test]
fn parts_in_other_keys_and_colours_become_segments() {
    let cadence = [(0.0, 4.0), (5.0, 4.0), (7.0, 4.0), (0.0, 4.0)];
    let part = |tonic: f64, bright: f32| -> Vec<f32> {
        let once = chords(&cadence, tonic, 440.0);
        let noise = synth::white(rate(22_050.0), 1.0, 24.0, 7);
        once.iter().cycle().take(24 * 22_050).zip(noise).map(|(x, n)| x + bright * n).collect()
    };
    let (a, b) = (part(0.0, 0.0), part(6.0, 0.01));
    let x: Vec<f32> = [a.as_slice(), &b, &a].concat();
    let segments = overview(22_050.0, &[x]).segments;
    let labels: String = segments.iter().map(|s| s.label.as_str()).collect();
    assert_eq!(labels, "ABA", "{segments:?}");
    assert!((segments[1].tmin_s - 24.0).abs() < 1.5 && (segments[1].tmax_s - 48.0).abs() < 1.5);
}
