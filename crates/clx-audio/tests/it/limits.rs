//! What a sound without music, or without sound, gets: absent figures and findings, never NaN.

use clx_audio::{AudioError, AudioParams, OverviewBuilder};
use clx_signal::{SampleRate, SignalError, synth};

use crate::{assert_sound, click_track, overview, overview_in_blocks};

fn codes(overview: &clx_audio::AudioOverview) -> Vec<&str> {
    overview.findings.iter().map(|f| f.code.as_str()).collect()
}

#[test]
fn silence_has_no_figures_and_says_so() {
    let found = overview(44_100.0, &[vec![0.0; 441_000], vec![0.0; 441_000]]);
    assert_sound(&found);
    assert!(found.tempo.is_none() && found.key.is_none() && found.beats_s.is_empty());
    let loudness = &found.loudness;
    assert_eq!((loudness.integrated_lufs, loudness.true_peak_dbtp), (None, None));
    assert_eq!(loudness.short_term_lufs, vec![None; 10]);
    assert_eq!((found.dynamics.crest_db, found.dynamics.silence_share), (None, 1.0));
    assert!(codes(&found).contains(&"audio.silent"));
}

#[test]
fn constant_offset_is_a_finding_and_no_music() {
    let found = overview(44_100.0, &[vec![0.3; 441_000]]);
    assert_sound(&found);
    assert!(found.tempo.is_none() && found.key.is_none(), "{:?} {:?}", found.tempo, found.key);
    assert!(codes(&found).contains(&"audio.dc_offset"));
}

#[test]
fn white_noise_has_neither_pulse_nor_key() {
    let rate = SampleRate::from_hz(44_100.0).unwrap();
    for seed in 0..4 {
        let x: Vec<f32> = synth::white(rate, 0.1, 20.0, seed);
        let found = overview(44_100.0, &[x]);
        assert_sound(&found);
        assert!(found.tempo.is_none() && found.key.is_none(), "{:?} {:?}", found.tempo, found.key);
    }
}

#[test]
fn a_steady_tone_has_neither_pulse_nor_key() {
    let rate = SampleRate::from_hz(44_100.0).unwrap();
    let dither = synth::white(rate, 0.7 / 32_768.0, 20.0, 5);
    // As 16 bits store it: the steps of the converter must not be heard as a rhythm.
    let stored = |(x, d): (&f32, &f32)| ((x + d) * 32_768.0).round() / 32_768.0;
    let tone: Vec<f32> =
        synth::sine(rate, 440.0, 0.5, 20.0).iter().zip(&dither).map(stored).collect();
    let found = overview(44_100.0, &[tone]);
    assert_eq!((found.tempo, found.key), (None, None));
}

#[test]
fn clipped_sound_is_measured_as_clipped() {
    let rate = SampleRate::from_hz(48_000.0).unwrap();
    let x: Vec<f32> =
        synth::sine(rate, 100.0, 2.0, 5.0).iter().map(|x| x.clamp(-1.0, 1.0)).collect();
    let found = overview(48_000.0, &[x]);
    // |2 sin| exceeds 1 for two thirds of the time.
    assert!((found.dynamics.clipped_share - 2.0 / 3.0).abs() < 0.01);
    assert!(codes(&found).contains(&"audio.clipping"));
}

#[test]
fn one_sample_is_a_sound() {
    let found = overview(44_100.0, &[vec![0.5]]);
    assert_sound(&found);
    assert_eq!(found.duration_s, 1.0 / 44_100.0);
    assert!(codes(&found).contains(&"audio.short"));
}

#[test]
fn no_samples_and_wrong_blocks_are_errors() {
    assert_eq!(overview_in_blocks(44_100.0, &[vec![]], 1).unwrap_err(), AudioError::Empty);
    let rate = SampleRate::from_hz(44_100.0).unwrap();
    assert!(matches!(
        OverviewBuilder::new(rate, 0, AudioParams::default()),
        Err(AudioError::Layout { .. })
    ));
    let mut builder = OverviewBuilder::new(rate, 2, AudioParams::default()).unwrap();
    assert!(matches!(builder.push(&[vec![0.0]]), Err(AudioError::Block { .. })));
    assert!(matches!(builder.push(&[vec![0.0], vec![]]), Err(AudioError::Block { .. })));
    let error = builder.push(&[vec![0.0], vec![f32::NAN]]).unwrap_err();
    assert!(matches!(error, AudioError::Signal(SignalError::NotFinite { index: 0, .. })));
}

#[test]
fn telephone_and_studio_rates_work() {
    let telephone = overview(8_000.0, &[click_track(8_000.0, 100.0, 20.0)]);
    assert_sound(&telephone);
    assert!((telephone.tempo.unwrap().bpm - 100.0).abs() < 0.5);
    let x = click_track(192_000.0, 100.0, 10.0);
    let studio = overview(192_000.0, &vec![x; 8]);
    assert_sound(&studio);
    assert!((studio.tempo.unwrap().bpm - 100.0).abs() < 0.5);
}

#[test]
fn channels_that_cancel_are_not_silence() {
    let x = click_track(44_100.0, 100.0, 10.0);
    let opposite = x.iter().map(|v| -v).collect();
    let found = overview(44_100.0, &[x, opposite]);
    assert_sound(&found);
    assert!(codes(&found).contains(&"audio.opposite_phase"));
    assert!(!codes(&found).contains(&"audio.silent"));
}

#[test]
fn long_sounds_keep_their_curves_bounded() {
    let found = overview(8_000.0, &[vec![0.1; 8_000 * 900]]);
    assert_sound(&found);
    // 900 s at 62.5 frames a second: 32 frames per point leave 1,758.
    assert_eq!(found.descriptors.rms_dbfs.len(), 1_758);
    assert!((found.descriptors.hop_s - 0.512).abs() < 1e-9);
}
