//! Spectra, maps of time and frequency, and complexity, on signals whose answer is known.

use clx_analysis::{Context, Inputs, NoModels, Theme, Words, find};
use clx_signal::{SampleRate, synth};
use serde_json::{Value, json};

use crate::bytes;
use crate::folder::Folder;

pub(crate) fn run(id: &str, bytes: Vec<u8>, params: &Value) -> Result<Value, String> {
    let folder = Folder::default();
    let cx =
        Context { progress: &|_| {}, cancelled: &|| false, artifacts: &folder, models: &NoModels };
    let inputs = Inputs::of(bytes::open(bytes).map_err(|e| e.to_string())?);
    find(id).unwrap().run(inputs, params, &cx).map_err(|e| e.to_string())
}

/// Draws every picture of a full result and checks that none is missing.
pub(crate) fn assert_all_drawn(id: &str, output: &Value) {
    let analysis = find(id).unwrap();
    let drawn: Vec<&str> = analysis.plots(output).unwrap().iter().map(|p| p.name).collect();
    let all: Vec<&str> = analysis.all_plots().iter().map(|p| p.name).collect();
    assert_eq!(drawn, all);
    for name in all {
        let svg = analysis.plot(output, name, Theme::Light, &Words::default()).unwrap().unwrap();
        assert!(svg.starts_with("<svg"), "{name}");
    }
}

pub(crate) fn rate() -> SampleRate {
    SampleRate::from_hz(250.0).unwrap()
}

pub(crate) fn sum(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("not a number: {value}"))
}

/// Power-law noise of exponent 1.2 with 0.1 µV²/Hz at 1 Hz, and a tone of 10 µV at 10 Hz behind.
fn resting() -> Vec<(&'static str, Vec<f32>)> {
    let noise = |seed| synth::pink(rate(), 1e-13, 1.2, 120.0, seed);
    let tone = synth::sine(rate(), 10.0, 10e-6, 120.0);
    vec![
        ("Fz", noise(1)),
        ("Cz", noise(2)),
        ("Pz", sum(&noise(3), &tone)),
        ("O1", sum(&noise(4), &tone)),
        ("O2", sum(&noise(5), &tone)),
    ]
}

#[test]
fn a_spectrum_shows_the_tone_and_the_slope_that_were_put_in() {
    for method in ["welch", "multitaper"] {
        let params = json!({"method": method, "prepare": {"bads": "named"}});
        let output = run("eeg.spectrum", bytes::edf(&resting()), &params).unwrap();
        let channels = output["channels"].as_array().unwrap();
        for channel in channels {
            for fit in ["aperiodic", "irasa"] {
                let exponent = number(&channel[fit]["exponent"]);
                assert!((exponent - 1.2).abs() < 0.15, "{method} {fit} {exponent}");
            }
        }
        let band = |channel: &str| {
            let rows = output["band_powers"].as_array().unwrap();
            let is = |r: &&Value| r["channel"] == channel && r["band"] == "alpha";
            rows.iter().find(is).unwrap().clone()
        };
        // A sine of amplitude a has the power a²/2: 50 µV²; the noise between 8 and 13 Hz has 0.03.
        let (o1, fz) = (band("O1"), band("Fz"));
        let power = number(&o1["power_v2"]);
        assert!((power / 50e-12 - 1.0).abs() < 0.03, "{method} {power}");
        let ci = o1["power_ci95_v2"].as_array().unwrap();
        assert!(number(&ci[0]) <= power && power <= number(&ci[1]));
        assert!(number(&o1["relative"]) > 0.98 && number(&fz["relative"]) < 0.5);
        // Three of the five channels have the tone.
        let mean = number(&output["mean_bands"][2]["power_v2"]);
        assert!((mean / 30e-12 - 1.0).abs() < 0.03, "{mean}");
        assert_all_drawn("eeg.spectrum", &output);
    }
}

#[test]
fn the_alpha_peak_of_the_sample_is_found_at_the_back() {
    let (recording, truth) = synth::eeg_sample(1);
    let channels: Vec<(&str, Vec<f32>)> =
        recording.channels.iter().map(|c| (c.info.name.as_str(), c.samples.clone())).collect();
    let output = run("eeg.spectrum", bytes::edf(&channels), &json!({})).unwrap();
    let peak_hz = number(&output["alpha_peak"]["peak_hz"]);
    assert!((peak_hz - truth.alpha_peak_hz).abs() <= 0.1, "{peak_hz}");
}

/// Events every 3 s, two of three "tone"; at "Cz" 10 Hz of fixed phase from 0.2 to 0.6 s after each.
fn answered() -> Vec<u8> {
    let onsets: Vec<f64> = (1..40).map(|i| f64::from(i) * 3.0).collect();
    let mut cz = synth::white(rate(), 2e-6, 123.0, 7);
    for onset in &onsets {
        let first = rate().samples(onset + 0.2);
        for i in 0..100 {
            let turns = 10.0 * i as f64 / 250.0;
            cz[first + i] += (8e-6 * (std::f64::consts::TAU * turns).sin()) as f32;
        }
    }
    let noise = |seed| synth::white(rate(), 2e-6, 123.0, seed);
    let channels = [("Fz", noise(8)), ("Cz", cz), ("Pz", noise(9))];
    let text = |i: usize| if i % 3 == 2 { "light" } else { "tone" };
    let events: Vec<(f64, &str)> =
        onsets.into_iter().enumerate().map(|(i, onset_s)| (onset_s, text(i))).collect();
    bytes::edf_with_events(&channels, &events)
}

#[test]
fn a_response_of_fixed_phase_shows_in_power_and_coherence_where_it_was_put() {
    let recording = answered();
    for method in ["morlet", "multitaper"] {
        for mode in ["decibel", "percent"] {
            let params = json!({"method": method, "mode": mode, "tmin_s": -0.6});
            let output = run("eeg.tfr", recording.clone(), &params).unwrap();
            let map = &output["maps"][0];
            assert_eq!(map["channel"], "Cz", "the clearest channel");
            assert_eq!((&map["condition"], &map["n_epochs"]), (&json!("tone"), &json!(26)));
            let largest = |kind: &str| {
                let rows = output["extremes"].as_array().unwrap();
                let row = rows.iter().find(|r| r["kind"] == kind).unwrap();
                [&row["frequency_hz"], &row["latency_s"], &row["value"]].map(number)
            };
            let [hz, at_s, value] = largest("rise");
            assert!((hz - 10.0).abs() < 2.0 && (0.2..0.6).contains(&at_s), "{hz} {at_s}");
            assert!(value > if mode == "decibel" { 6.0 } else { 300.0 }, "{value}");
            let [hz, at_s, value] = largest("coherence");
            assert!((hz - 10.0).abs() < 4.0 && (0.1..0.7).contains(&at_s), "{hz} {at_s}");
            assert!(value > 0.9, "{value}");
        }
    }
}

#[test]
fn maps_of_several_channels_have_their_size_and_their_pictures() {
    let recording = answered();
    let params = json!({"picks": ["Cz", "Fz"], "n_freqs": 12});
    let output = run("eeg.tfr", recording, &params).unwrap();
    assert_eq!(output["maps"].as_array().unwrap().len(), 4, "{}", output["findings"]);
    let columns = output["times_s"].as_array().unwrap().len();
    assert_eq!(output["maps"][0]["change"].as_array().unwrap().len(), 12 * columns);
    assert_all_drawn("eeg.tfr", &output);
}

#[test]
fn maps_refuse_what_they_cannot_do() {
    let recording = answered();
    for (params, reason) in [
        (json!({"fmax_hz": 125.0}), "half the rate"),
        (json!({"fmin_hz": 30.0, "fmax_hz": 20.0}), "below"),
        (json!({"baseline_tmin_s": -0.9}), "between tmin_s and tmax_s"),
        (json!({"picks": ["Oz"]}), "is not among"),
        (json!({"n_freqs": 61}), "2 to 60"),
    ] {
        let refused = run("eeg.tfr", recording.clone(), &params).unwrap_err();
        assert!(refused.contains(reason), "{params}: {refused}");
    }
    let without = bytes::edf(&[("Cz", synth::white(rate(), 1e-5, 20.0, 1))]);
    assert!(run("eeg.tfr", without, &json!({})).unwrap_err().contains("no events"));
}

#[test]
fn complexity_tells_noise_from_a_walk_and_a_tone() {
    let white = |seed| synth::white(rate(), 10e-6, 130.0, seed);
    let mut total = 0.0;
    let walk: Vec<f32> = white(1)
        .iter()
        .map(|v| {
            total += v;
            total
        })
        .collect();
    let tone = sum(&synth::sine(rate(), 10.0, 20e-6, 130.0), &synth::white(rate(), 1e-9, 130.0, 4));
    let channels = [("Fz", white(2)), ("Cz", walk), ("Pz", tone), ("Oz", white(3))];
    let as_recorded = json!({"bads": "named", "highpass_hz": null, "lowpass_hz": null});
    let params = json!({"prepare": as_recorded, "window_s": 10.0});
    let output = run("eeg.complexity", bytes::edf(&channels), &params).unwrap();
    assert_eq!(output["n_windows"], 13);
    let figure = |channel: usize, name: &str| number(&output["channels"][channel][name]);
    // Known values: Higuchi 2 and 1.5, fluctuation 0.5 and 1.5 for noise and its sum; all rankings
    // equally often in noise; Hjorth's complexity 1 for a sine.
    assert!((figure(0, "higuchi") - 2.0).abs() < 0.05 && (figure(1, "higuchi") - 1.5).abs() < 0.1);
    assert!((figure(0, "fluctuation") - 0.5).abs() < 0.1);
    assert!((figure(1, "fluctuation") - 1.5).abs() < 0.15);
    assert!(figure(0, "permutation_entropy") > 0.99 && figure(2, "spectral_entropy") < 0.1);
    assert!((figure(2, "hjorth_complexity") - 1.0).abs() < 0.05);
    // The sample entropy of Gaussian noise at 0.2 standard deviations is close to 2.2: minus the
    // logarithm of the chance erf(0.1) that two values differ by less.
    assert!((figure(0, "sample_entropy") - 2.18).abs() < 0.1, "{}", figure(0, "sample_entropy"));
    let ci = output["channels"][0]["ci95"]["higuchi"].as_array().unwrap();
    assert!(number(&ci[0]) <= figure(0, "higuchi") && figure(0, "higuchi") <= number(&ci[1]));
    let scales: Vec<f64> =
        output["channels"][0]["multiscale"].as_array().unwrap().iter().map(number).collect();
    assert!(scales.len() == 5 && scales[0] > scales[4], "{scales:?}");
    assert_all_drawn("eeg.complexity", &output);
}

#[test]
fn windows_of_too_many_samples_are_refused() {
    let channels = [("Fz", synth::white(rate(), 1e-5, 60.0, 2))];
    let refused =
        run("eeg.complexity", bytes::edf(&channels), &json!({"window_s": 50.0})).unwrap_err();
    assert!(refused.contains("10000") && refused.contains("rate_hz"), "{refused}");
}

#[test]
fn the_muse_recording_answers_as_it_does_with_numpy() {
    const FILE: &str = "eeg/muse/SSAEP_subject1_session1_2017-09-27-14.42.41.csv.gz";
    let Some(path) = clx_testkit::shared_data(FILE) else { return };
    let recording = std::fs::read(path).unwrap();
    // Figures of NumPy and SciPy on the same file: shared/data/eeg/SOURCES.md.
    for (drive_hz, expected) in [(45.0, [4.95, 2.42]), (40.0, [2.31, 2.73])] {
        let params = json!({"drive_hz": drive_hz, "shuffles": 199});
        let output = run("eeg.entrainment", recording.clone(), &params).unwrap();
        for (name, expected) in ["TP9", "TP10"].into_iter().zip(expected) {
            let channels = output["channels"].as_array().unwrap();
            let channel = channels.iter().find(|c| c["channel"] == name).unwrap();
            let snr = number(&channel["snr"]);
            assert!((snr / expected - 1.0).abs() < 0.05, "{name} {drive_hz} Hz: {snr} {expected}");
        }
        assert_eq!(output["clearest_channel"], if drive_hz == 45.0 { "TP9" } else { "TP10" });
        assert_all_drawn("eeg.entrainment", &output);
    }
}

#[test]
fn a_rhythm_that_keeps_time_is_told_from_one_that_does_not() {
    // Of the power in a bin of 4 s half is the tone's: its coefficient has the power of the noise,
    // 6 σ² / n with a Hann window over n = 1000 samples.
    let amplitude = 10e-6 * (6.0_f64 / 1000.0).sqrt();
    let noise = |seed| synth::white(rate(), 10e-6, 120.0, seed);
    let in_time = sum(&noise(1), &synth::sine(rate(), 40.0, amplitude, 120.0));
    let off = sum(&noise(2), &synth::sine(rate(), 40.11, 3.0 * amplitude, 120.0));
    let channels = [("Fz", in_time), ("Cz", off), ("Pz", noise(3))];
    let output = run("eeg.entrainment", bytes::edf(&channels), &json!({"drive_hz": 40.0})).unwrap();
    let figure = |channel: usize, name: &str| number(&output["channels"][channel][name]);
    assert!((figure(0, "index") - 0.5).abs() < 0.25 && figure(0, "p_value") < 0.05);
    // The coefficient's mean is the tone, in microvolts.
    assert!((figure(0, "amplitude_uv") / (amplitude * 1e6) - 1.0).abs() < 0.4);
    assert!(figure(0, "phase_coherence") > 0.5 && figure(0, "phase_coherence_p") < 0.01);
    for channel in [1, 2] {
        assert!(figure(channel, "index") < 0.2 && figure(channel, "p_value") > 0.02);
    }
    assert_eq!((&output["n_segments"], &output["n_sham"]), (&json!(30), &json!(44)));
}

#[test]
fn a_rate_without_neighbours_is_refused_and_mains_are_named() {
    let channels = [("Fz", synth::white(rate(), 1e-5, 60.0, 2))];
    let refused =
        run("eeg.entrainment", bytes::edf(&channels), &json!({"drive_hz": 124.0})).unwrap_err();
    assert!(refused.contains("half the rate"), "{refused}");
    let output = run("eeg.entrainment", bytes::edf(&channels), &json!({"drive_hz": 30.0})).unwrap();
    let codes: Vec<&str> =
        output["findings"].as_array().unwrap().iter().filter_map(|f| f["code"].as_str()).collect();
    assert_eq!(codes, ["entrainment.mains"]);
}
