//! The synthetic sample, whose truth is known.

use clx_eeg::{OverviewParams, Reference};
use clx_signal::{Band, synth};

use crate::input::{codes, overview, overview_in_blocks};

#[test]
fn noisy_channel_is_found_and_only_it() {
    for seed in 1..=8 {
        let (recording, truth) = synth::eeg_sample(seed);
        let o = overview(&recording);
        assert_eq!(o.preparation.bads, [truth.noisy_channel], "seed {seed}: {:?}", o.findings);
        let t8 = o.channels.iter().find(|c| c.name == "T8").unwrap();
        assert!(t8.quality.line_noise_db.unwrap() > 10.0);
        assert!(codes(&o).contains(&"channel.line_noise"));
    }
}

#[test]
fn alpha_peak_is_found_within_a_tenth_of_a_hertz() {
    for seed in 1..=8 {
        let (recording, truth) = synth::eeg_sample(seed);
        let peak = overview(&recording).alpha_peak.unwrap();
        assert!((peak.peak_hz - truth.alpha_peak_hz).abs() <= 0.1, "seed {seed}: {peak:?}");
        assert!((peak.centre_of_gravity_hz - truth.alpha_peak_hz).abs() <= 0.1, "{peak:?}");
        let [low, high] = peak.ci95_hz.unwrap();
        assert!(low <= peak.peak_hz && peak.peak_hz <= high && high - low < 1.0, "{peak:?}");
    }
}

#[test]
fn alpha_rises_with_closed_eyes_as_much_as_was_put_in() {
    // Alpha of one narrow rhythm over 30 s has about 30 s · 0.25 Hz · 2 sqrt(pi) = 27 degrees of
    // freedom per half: the ratio of two such estimates scatters by 40 %. The mean of eight
    // independent seeds scatters by 14 % (of the log).
    let mut logs = Vec::new();
    for seed in 1..=8 {
        let (recording, truth) = synth::eeg_sample(seed);
        let o = overview(&recording);
        let by_id = |s: &&clx_eeg::overview::Statement| s.message == "eeg-state-alpha-reactivity";
        let ratio = o.state.statements.iter().find(by_id).unwrap().figures["ratio"];
        logs.push((ratio / truth.alpha_ratio).ln());
    }
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    // The background under alpha pulls the ratio towards 1 by a few percent.
    assert!(mean.abs() < 0.35, "{logs:?}");
}

#[test]
fn exponent_of_the_background_is_recovered() {
    let mut sum = 0.0;
    for seed in 1..=8 {
        let (recording, _) = synth::eeg_sample(seed);
        sum += overview(&recording).aperiodic.unwrap().exponent;
    }
    assert!((sum / 8.0 - 1.2).abs() < 0.08, "{}", sum / 8.0);
}

#[test]
fn result_does_not_depend_on_the_size_of_the_blocks() {
    let (recording, _) = synth::eeg_sample(3);
    let whole = overview_in_blocks(&recording, OverviewParams::default(), 60.0).unwrap();
    for block_s in [0.004, 0.3, 7.0] {
        let blocks = overview_in_blocks(&recording, OverviewParams::default(), block_s).unwrap();
        assert_eq!(blocks, whole, "{block_s}");
    }
}

#[test]
fn average_reference_takes_off_what_all_channels_share() {
    let (recording, _) = synth::eeg_sample(3);
    let params = OverviewParams { reference: Reference::Average, line_hz: None };
    let average = overview_in_blocks(&recording, params, 10.0).unwrap();
    assert!(codes(&average).contains(&"reference.bads"));
    let delta = |o: &clx_eeg::overview::EegOverview| o.mean_bands.as_ref().unwrap()[0].power_v2;
    assert!(delta(&average) < delta(&overview(&recording)));
}

#[test]
fn bands_share_the_whole_and_sit_in_their_intervals() {
    let (recording, _) = synth::eeg_sample(5);
    let o = overview(&recording);
    let bands = o.mean_bands.unwrap();
    assert_eq!(bands.len(), Band::OVERVIEW.len());
    assert!((bands.iter().map(|b| b.relative).sum::<f64>() - 1.0).abs() < 1e-12);
    for b in &bands {
        let [low, high] = b.ci95_v2.unwrap();
        assert!(low < b.power_v2 && b.power_v2 < high, "{b:?}");
    }
    assert_eq!(o.alpha_asymmetry.len(), 7); // eight pairs, one of them with the bad T8
}
