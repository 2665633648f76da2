//! Connectivity and microstates on signals whose answer is known.

use clx_signal::rng::SplitMix64;
use clx_signal::synth;
use serde_json::{Value, json};

use crate::bytes;
use crate::eeg_spectra::{assert_all_drawn, number, rate, run, sum};

/// Noise in five channels; O2 follows O1 by 20 ms, P4 is P3 with noise of its own.
fn coupled() -> Vec<(&'static str, Vec<f32>)> {
    let noise = |seed| synth::white(rate(), 10e-6, 120.0, seed);
    let (source, other) = (noise(1), noise(2));
    let late: Vec<f32> = [vec![0.0; 5], source[..source.len() - 5].to_vec()].concat();
    vec![
        ("Fz", noise(3)),
        ("O1", sum(&source, &noise(4))),
        ("O2", sum(&late, &noise(5))),
        ("P3", sum(&other, &noise(6))),
        ("P4", sum(&other, &noise(7))),
    ]
}

fn pair<'a>(output: &'a Value, measure: &str, first: &str, second: &str) -> &'a Value {
    let is = |p: &&Value| {
        let ends = [p["first"].as_str().unwrap(), p["second"].as_str().unwrap()];
        p["measure"] == measure
            && p["band"] == "alpha"
            && ends.contains(&first)
            && ends.contains(&second)
    };
    output["pairs"].as_array().unwrap().iter().find(is).unwrap()
}

#[test]
fn delayed_coupling_is_seen_by_all_and_shared_signal_only_by_coherence() {
    let measures = [
        "weighted_phase_lag_index",
        "coherence",
        "imaginary_coherence",
        "phase_locking_value",
        "phase_lag_index",
        "debiased_weighted_phase_lag_index_squared",
        "amplitude_correlation",
    ];
    let params = json!({"measures": measures, "surrogates": 40, "prepare": {"bads": "named"}});
    let output = run("eeg.connectivity", bytes::edf(&coupled()), &params).unwrap();
    assert_eq!(output["n_epochs"], 60);
    assert_eq!(output["bands"].as_array().unwrap().len(), 7 * 5);
    let value = |measure: &str, a: &str, b: &str| number(&pair(&output, measure, a, b)["value"]);
    // Equal parts of signal and noise at both ends: coherency 1/2. Of 60 epochs nothing gives 0.11.
    for (a, b) in [("O1", "O2"), ("P3", "P4")] {
        assert!((value("coherence", a, b) - 0.5).abs() < 0.15, "{}", value("coherence", a, b));
    }
    assert!(value("coherence", "Fz", "P3") < 0.3);
    // 20 ms are 90 degrees at 12.5 Hz: most of the coherence is imaginary; what is shared is not.
    assert!(value("weighted_phase_lag_index", "O1", "O2") > 0.7);
    assert!(value("weighted_phase_lag_index", "P3", "P4") < 0.5);
    assert!(value("imaginary_coherence", "O1", "O2").abs() > 0.3);
    let p = |a, b| number(&pair(&output, "weighted_phase_lag_index", a, b)["p_value"]);
    // The smallest p of 40 shuffles.
    assert!((p("O1", "O2") - 1.0 / 41.0).abs() < 1e-9 && p("P3", "P4") > 0.05);
    assert_eq!(pair(&output, "amplitude_correlation", "O1", "O2")["p_value"], Value::Null);
    assert_all_drawn("eeg.connectivity", &output);
}

#[test]
fn the_channel_that_leads_is_told_by_the_sign() {
    let params = json!({"measures": ["imaginary_coherence"], "surrogates": 0,
        "prepare": {"bads": "named"}});
    let output = run("eeg.connectivity", bytes::edf(&coupled()), &params).unwrap();
    let found = pair(&output, "imaginary_coherence", "O1", "O2");
    // Above 0 where the first one leads: O1 does.
    let sign = if found["first"] == "O1" { 1.0 } else { -1.0 };
    assert!(sign * number(&found["value"]) > 0.3, "{found}");
    assert_eq!(found["p_value"], Value::Null);
}

#[test]
fn too_little_for_connectivity_is_refused_with_advice() {
    let short = [("Fz", vec![1e-6; 500]), ("Cz", vec![2e-6; 500])];
    let refused = run("eeg.connectivity", bytes::edf(&short), &json!({})).unwrap_err();
    assert!(refused.contains("epoch_s"), "{refused}");
    let one = [("Fz", synth::white(rate(), 1e-5, 60.0, 1))];
    let refused = run("eeg.connectivity", bytes::edf(&one), &json!({})).unwrap_err();
    assert!(refused.contains("two good channels"), "{refused}");
    let refused =
        run("eeg.connectivity", bytes::edf(&coupled()), &json!({"surrogates": 5})).unwrap_err();
    assert!(refused.contains("20 to 2000"), "{refused}");
}

/// Three fixed maps on eight channels that take turns of 80 to 160 ms, the first for half the time.
fn switching() -> Vec<(&'static str, Vec<f32>)> {
    const NAMES: [&str; 8] = ["Fp1", "Fp2", "C3", "C4", "P3", "P4", "O1", "O2"];
    const MAPS: [[f64; 8]; 3] = [
        [1.0, 1.0, 0.2, 0.2, -0.4, -0.4, -0.8, -0.8],
        [1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0],
        [-1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0],
    ];
    let mut rng = SplitMix64::new(4);
    let n = 250 * 60;
    let mut samples = vec![Vec::with_capacity(n); NAMES.len()];
    let mut turn = 0;
    while samples[0].len() < n {
        // First, second, first, third and so on.
        let map = [0, 1, 0, 2][turn % 4];
        turn += 1;
        for _ in 0..20 + rng.next_index(20) {
            // A rhythm of 10 Hz, so that the strength comes and goes and the sign changes.
            let t = samples[0].len() as f64 / 250.0;
            let strength = 10e-6 * (std::f64::consts::TAU * 10.0 * t).sin();
            for (channel, weight) in samples.iter_mut().zip(MAPS[map]) {
                channel.push((strength * weight + 0.3e-6 * rng.next_normal()) as f32);
            }
        }
    }
    NAMES.into_iter().zip(samples).collect()
}

#[test]
fn three_maps_that_take_turns_are_found_with_their_shares() {
    let params = json!({"prepare": {"bads": "named"}, "fewest_states": 2, "most_states": 5,
        "permutations": 200});
    let output = run("eeg.microstates", bytes::edf(&switching()), &params).unwrap();
    assert_eq!(output["n_states"], 3, "{}", output["models"]);
    assert!(number(&output["explained_share"]) > 0.9);
    let states = output["states"].as_array().unwrap();
    let mut coverage: Vec<f64> = states.iter().map(|s| number(&s["coverage_share"])).collect();
    coverage.sort_by(f64::total_cmp);
    for (got, expected) in coverage.iter().zip([0.25, 0.25, 0.5]) {
        assert!((got - expected).abs() < 0.06, "{coverage:?}");
    }
    for state in states {
        // Turns last 80 to 160 ms, 120 on average.
        assert!((number(&state["duration_ms"]) - 118.0).abs() < 20.0, "{state}");
    }
    // The second and the third never follow each other.
    let first = states.iter().find(|s| number(&s["coverage_share"]) > 0.4).unwrap();
    let between = |t: &&Value| t["from_state"] != first["state"] && t["to_state"] != first["state"];
    for transition in output["transitions"].as_array().unwrap().iter().filter(between) {
        assert!(number(&transition["observed_share"]) < 0.1, "{transition}");
        assert!(number(&transition["p_value"]) < 0.05, "{transition}");
    }
    assert_all_drawn("eeg.microstates", &output);
}

#[test]
fn a_number_that_is_given_is_kept_and_too_few_channels_are_refused() {
    let params = json!({"prepare": {"bads": "named"}, "n_states": 4, "restarts": 5});
    let output = run("eeg.microstates", bytes::edf(&switching()), &params).unwrap();
    assert_eq!((&output["n_states"], &output["models"]), (&json!(4), &json!([])));
    let three = &switching()[..3];
    let refused = run("eeg.microstates", bytes::edf(three), &params).unwrap_err();
    assert!(refused.contains("4 good channels"), "{refused}");
}
