//! Input that is empty, silent, broken or odd: errors or findings, never a panic or NaN.

use clx_eeg::{EegError, OverviewBuilder, OverviewParams};
use clx_signal::{Block, ChannelKind, Recording, SampleRate, Severity, synth};

use crate::input::{channel, codes, gap, header, note, overview, overview_in_blocks, recording};

fn pink(rate_hz: f64, duration_s: f64, seed: u64) -> Vec<f32> {
    let rate = SampleRate::from_hz(rate_hz).unwrap();
    synth::pink(rate, 1e-11, 1.0, duration_s, seed)
}

fn four(rate_hz: f64, duration_s: f64) -> Recording {
    let names = ["O1", "O2", "P3", "P4"];
    let make =
        |(i, name): (usize, &&str)| channel(name, rate_hz, pink(rate_hz, duration_s, i as u64));
    recording(names.iter().enumerate().map(make).collect())
}

#[test]
fn annotations_without_a_channel_are_kept() {
    let mut hypnogram = recording(vec![]);
    hypnogram.annotations =
        vec![note(0.0, 30.0, "Sleep stage W"), note(30.0, 60.0, "Sleep stage 2")];
    let o = overview(&hypnogram);
    assert_eq!((o.duration_s, o.annotations.len(), o.channels.len()), (90.0, 2, 0));
    assert_eq!(codes(&o), ["recording.annotations_only"]);
}

#[test]
fn no_channel_is_an_error() {
    let result = overview_in_blocks(&recording(vec![]), OverviewParams::default(), 1.0);
    assert_eq!(result, Err(EegError::NoChannel));
}

#[test]
fn no_sample_is_an_error() {
    let empty = recording(vec![channel("Cz", 250.0, vec![])]);
    let result = overview_in_blocks(&empty, OverviewParams::default(), 1.0);
    assert_eq!(result, Err(EegError::NoSample));
}

#[test]
fn one_sample_is_too_short_but_not_a_panic() {
    let o = overview(&recording(vec![channel("Cz", 250.0, vec![1e-5])]));
    assert!(codes(&o).contains(&"recording.too_short"));
    assert!(o.mean_bands.is_none() && o.channels[0].bands.is_empty());
    assert!(o.state.statements.iter().any(|s| s.message == "eeg-state-not-measured"));
}

#[test]
fn silence_is_flat_and_has_no_peak() {
    let o = overview(&recording(vec![channel("Cz", 250.0, vec![0.0; 25_000])]));
    assert!(o.findings.iter().any(|f| f.code == "channel.flat" && f.severity == Severity::Problem));
    assert!(!o.channels[0].quality.good && o.alpha_peak.is_none() && o.aperiodic.is_none());
    assert_eq!(o.preparation.bads, ["Cz"]);
}

#[test]
fn not_a_number_everywhere_or_somewhere() {
    let o = overview(&recording(vec![channel("Cz", 250.0, vec![f32::NAN; 5000])]));
    assert!(!o.channels[0].quality.good);
    let mut x = pink(250.0, 60.0, 1);
    x[1000..1100].fill(f32::NAN); // bridged
    x[4000..5000].fill(f32::INFINITY); // cut out
    x[14_999] = f32::NAN;
    let o = overview(&recording(vec![channel("Cz", 250.0, x.clone())]));
    assert!(codes(&o).contains(&"channel.missing"));
    let clean = overview(&recording(vec![channel("Cz", 250.0, pink(250.0, 60.0, 1))]));
    let ratio = o.channels[0].bands[2].power_v2 / clean.channels[0].bands[2].power_v2;
    assert!((ratio - 1.0).abs() < 0.15, "{ratio}");
    for c in x.iter_mut().step_by(2) {
        *c = f32::NAN;
    }
    overview(&recording(vec![channel("Cz", 250.0, x)]));
}

#[test]
fn pink_noise_has_no_alpha_peak() {
    for seed in 0..20 {
        let x = pink(250.0, 120.0, seed);
        let o = overview(&recording(vec![channel("Oz", 250.0, x)]));
        assert_eq!(o.alpha_peak, None, "seed {seed}");
        assert!(o.state.statements.iter().any(|s| s.message == "eeg-state-no-alpha-peak"));
    }
}

#[test]
fn recordings_without_eeg_say_so() {
    let mut r = recording(vec![channel("ECG", 250.0, pink(250.0, 10.0, 1))]);
    r.channels[0].info.kind = ChannelKind::Ecg;
    let o = overview(&r);
    assert!(codes(&o).contains(&"recording.no_eeg"));
    assert!(o.channels[0].psd_v2_per_hz.is_empty() && o.channels[0].quality.good);
    r.channels[0].info.kind = ChannelKind::Stim;
    let o = overview(&r);
    assert!(o.channels.is_empty() && codes(&o).contains(&"recording.other_channels"));
}

#[test]
fn flat_noisy_and_clipped_channels_are_told_apart() {
    let mut r = four(250.0, 60.0);
    let rate = SampleRate::from_hz(250.0).unwrap();
    r.channels.push(channel("Cz", 250.0, vec![1e-3; 15_000]));
    r.channels.push(channel("T7", 250.0, synth::white(rate, 300e-6, 60.0, 9)));
    let clip = pink(250.0, 60.0, 8).iter().map(|v| v.clamp(-4e-6, 4e-6)).collect();
    r.channels.push(channel("Pz", 250.0, clip));
    let o = overview(&r);
    assert_eq!(o.preparation.bads, ["Cz", "T7", "Pz"]);
    for (name, code) in [("Cz", "channel.flat"), ("T7", "channel.noisy"), ("Pz", "channel.clipped")]
    {
        let named = |f: &&clx_signal::Finding| f.code == code && f.channel.as_deref() == Some(name);
        assert!(o.findings.iter().any(|f| named(&f)), "{name}: {:?}", o.findings);
    }
}

#[test]
fn mains_at_sixty_hertz_is_recognised() {
    let mut r = four(250.0, 30.0);
    let rate = SampleRate::from_hz(250.0).unwrap();
    let hum = synth::sine(rate, 60.0, 5e-6, 30.0);
    r.channels[1].samples.iter_mut().zip(&hum).for_each(|(x, h)| *x += h);
    let o = overview(&r);
    assert!(
        o.findings.iter().any(|f| f.code == "channel.line_noise" && f.message.contains("60 Hz"))
    );
    // a²/2 = 1.25e-11 V² in three bins of 0.5 Hz over 1e-11 / 60 Hz: 17 dB.
    assert!((o.channels[1].quality.line_noise_db.unwrap() - 17.0).abs() < 2.0);
    assert!(o.channels[0].quality.line_noise_db.unwrap() < 6.0);
}

#[test]
fn rates_may_differ() {
    let mut r = four(250.0, 60.0);
    r.channels.push(channel("Cz", 128.0, pink(128.0, 60.0, 7)));
    r.channels.push(channel("Fz", 64.0, pink(64.0, 60.0, 8)));
    r.channels.push(channel("Fp1", 1.0, vec![0.5; 60]));
    let o = overview(&r);
    assert_eq!(o.rate_hz, 250.0);
    assert_eq!(o.channels[4].psd_v2_per_hz.len(), o.freqs_hz.len());
    assert_eq!(o.channels[5].bands.len(), 4); // no gamma below 32 Hz
    assert!(o.channels[6].psd_v2_per_hz.is_empty());
    assert_eq!(codes(&o).iter().filter(|c| **c == "channel.rate").count(), 3);
    // Equal noise at another rate has equal power within the scatter of one minute.
    let ratio = o.channels[4].bands[2].power_v2 / o.channels[0].bands[2].power_v2;
    assert!((0.5..2.0).contains(&ratio), "{ratio}");
}

#[test]
fn nothing_reaches_across_a_gap() {
    // A step of 1 mV across a gap would ring for seconds if the filter saw it.
    let mut x = pink(250.0, 60.0, 3);
    x[7500..].iter_mut().for_each(|v| *v += 1e-3);
    let mut r = recording(vec![channel("Cz", 250.0, x)]);
    let across = overview(&r).channels[0].bands[0].power_v2;
    r.gaps = vec![gap(30.0, 100.0)];
    let o = overview(&r);
    let apart = o.channels[0].bands[0].power_v2;
    let clean = overview(&recording(vec![channel("Cz", 250.0, pink(250.0, 60.0, 3))]));
    assert!((apart / clean.channels[0].bands[0].power_v2 - 1.0).abs() < 0.2);
    assert!(across > 3.0 * apart && codes(&o).contains(&"recording.gaps"));
}

#[test]
fn line_frequency_inside_the_pass_band_gets_a_notch() {
    let mut r = four(250.0, 60.0);
    let rate = SampleRate::from_hz(250.0).unwrap();
    let hum = synth::sine(rate, 16.7, 20e-6, 60.0); // railway power
    r.channels.iter_mut().for_each(|c| c.samples.iter_mut().zip(&hum).for_each(|(x, h)| *x += h));
    let params = OverviewParams { line_hz: Some(16.7), ..OverviewParams::default() };
    let o = overview_in_blocks(&r, params, 10.0).unwrap();
    assert_eq!(o.preparation.notch_hz, [16.7, 33.4]);
    let beta = |o: &clx_eeg::overview::EegOverview| o.mean_bands.as_ref().unwrap()[3].power_v2;
    assert!(beta(&o) < 0.1 * beta(&overview(&r)));
}

#[test]
fn wrong_use_is_refused() {
    let r = four(250.0, 10.0);
    let params = OverviewParams { line_hz: Some(f64::NAN), ..OverviewParams::default() };
    assert!(matches!(OverviewBuilder::new(&header(&r), params), Err(EegError::Line(_))));
    let mut builder = OverviewBuilder::new(&header(&r), OverviewParams::default()).unwrap();
    let block = Block { tmin_s: 0.0, samples: vec![vec![]; 3] };
    assert_eq!(builder.push(&block), Err(EegError::Picks { expected: 4, got: 3 }));
}

#[test]
fn conditions_without_enough_time_are_not_compared() {
    let mut r = four(250.0, 60.0);
    r.annotations = vec![note(0.0, 5.0, "Eyes open"), note(5.0, 5.0, "eyes closed")];
    let o = overview(&r);
    assert_eq!(o.annotations, r.annotations);
    assert!(o.state.statements.iter().all(|s| s.message != "eeg-state-alpha-reactivity"));
}

#[test]
fn a_day_of_many_channels_keeps_memory_bounded() {
    // The strip and the blocks are what could grow; their bounds are checked on a long, slow
    // recording: 24 h at 25 Hz.
    let rate = SampleRate::from_hz(25.0).unwrap();
    let x = synth::white(rate, 1e-5, 86_400.0, 1);
    let o = overview(&recording(vec![channel("Cz", 25.0, x)]));
    assert_eq!(o.channels[0].quality.strip_s, 169.0); // ceil(86400 / 512)
    assert_eq!(o.channels[0].quality.strip.len(), 512);
    assert!(o.channels[0].bands.iter().all(|b| b.ci95_v2.is_some()));
}
