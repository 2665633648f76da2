use clx_music::brief::{
    Brief, MeasuredBrain, MeasuredMusic, Mode, MusicKey, Origin, Scale, Stimulus,
};
use clx_music::{Grade, compose, sample_song};
use proptest::prelude::*;

fn any_key() -> impl Strategy<Value = MusicKey> {
    (0_u8..12, prop_oneof![Just(Scale::Major), Just(Scale::Minor)])
        .prop_map(|(tonic, scale)| MusicKey { tonic, scale })
}

proptest! {
    #[test]
    fn every_note_belongs_to_the_key(
        key in any_key(),
        mode in proptest::sample::select(&Mode::ALL[..]),
        seed: u64,
        tempo in 20.0..300.0_f64,
    ) {
        let music = MeasuredMusic { key: Some(key), tempo_bpm: Some(tempo) };
        let brief = Brief::preset(mode, Some(music), None, 60.0, Stimulus::Binaural, seed);
        let score = compose(&brief).unwrap();
        for chord in &score.chords {
            prop_assert!(chord.pad.iter().all(|&n| key.contains(n)), "{chord:?}");
            prop_assert!(chord.pad.windows(2).all(|w| w[0] < w[1]), "{chord:?}");
            prop_assert!(key.contains(chord.bass));
        }
        for note in score.phrases.iter().flatten() {
            prop_assert!(key.contains(note.midi), "{note:?}");
            prop_assert!(note.start_beat < f64::from(score.loop_beats));
        }
        let carrier = score.carrier.unwrap();
        prop_assert_eq!(carrier.midi % 12, key.tonic);
        prop_assert!((200.0..=900.0).contains(&carrier.hz));
    }
}

#[test]
fn the_first_chord_is_the_tonic() {
    for mode in Mode::ALL {
        for scale in [Scale::Major, Scale::Minor] {
            let music = MeasuredMusic { key: Some(MusicKey { tonic: 4, scale }), tempo_bpm: None };
            let brief = Brief::preset(mode, Some(music), None, 60.0, Stimulus::Am, 1);
            let score = compose(&brief).unwrap();
            assert_eq!(score.chords[0].bass % 12, 4);
            assert_eq!(score.chords[0].degree, 0);
        }
    }
}

#[test]
fn citations_name_what_was_measured_and_what_was_not() {
    let brain = MeasuredBrain { alpha_peak_hz: Some(10.2), dominant_hz: None };
    let music = MeasuredMusic { key: None, tempo_bpm: Some(129.5) };
    let brief = Brief::preset(Mode::Relax, Some(music), Some(brain), 600.0, Stimulus::Am, 1);
    let citations = compose(&brief).unwrap().citations();
    let of = |decision| citations.iter().find(|c| c.decision == decision).unwrap();
    assert_eq!(of("rate").choice, "pulse 10.20 Hz");
    assert_eq!(of("rate").because, "10.20 Hz = your individual alpha peak");
    assert_eq!(of("tempo").choice, "64.75 BPM");
    assert_eq!(
        of("tempo").because,
        "129.5 BPM measured in your recording, divided by 2 for the relax mode"
    );
    assert_eq!(of("key").origin, Origin::NotMeasured);
    assert!(of("key").because.starts_with("not measured"));
}

#[test]
fn briefs_outside_their_limits_are_refused_by_name() {
    let good = Brief::preset(Mode::Relax, None, None, 60.0, Stimulus::Am, 1);
    let refused = |change: fn(&mut Brief)| {
        let mut brief = good.clone();
        change(&mut brief);
        compose(&brief).unwrap_err().to_string()
    };
    assert!(refused(|b| b.duration_s = 9.0).starts_with("duration_s must be 10..=10800"));
    assert!(refused(|b| b.tempo_bpm = f64::NAN).contains("got NaN"));
    assert!(refused(|b| b.level_lufs = -10.0).starts_with("level_lufs"));
    assert!(refused(|b| b.key.tonic = 12).starts_with("key.tonic"));
    assert!(refused(|b| b.schedule.clear()).starts_with("schedule must be 1 to 10000"));
    assert!(refused(|b| b.schedule[1].at_s = 0.0).contains("ascending"));
    assert!(refused(|b| b.schedule[0].rate_hz = 400.0).starts_with("schedule.rate_hz"));
}

#[test]
fn a_brief_survives_json_and_old_briefs_without_origin_are_read() {
    let brief = Brief::preset(Mode::Sleep, None, None, 60.0, Stimulus::Isochronic, 9);
    let json = serde_json::to_string(&brief).unwrap();
    assert_eq!(serde_json::from_str::<Brief>(&json).unwrap(), brief);
    let old = r#"{"mode":"focus","stimulus":"am","key":{"tonic":9,"scale":"minor"},"tempo_bpm":90,
        "duration_s":60,"schedule":[{"at_s":0,"rate_hz":16,"depth":0.5}],"level_lufs":-20,"seed":1}"#;
    let brief: Brief = serde_json::from_str(old).unwrap();
    assert_eq!(brief.origin.key, Origin::Asked);
    compose(&brief).unwrap();
}

#[test]
fn only_binaural_needs_headphones_and_every_note_warns() {
    for stimulus in Stimulus::ALL {
        let brief = Brief::preset(Mode::Relax, None, None, 60.0, stimulus, 1);
        let evidence = compose(&brief).unwrap().evidence();
        assert_eq!(evidence.headphones, stimulus == Stimulus::Binaural);
        assert_eq!(evidence.grade == Grade::None, stimulus == Stimulus::Sham);
        assert!(!evidence.safety.is_empty());
    }
}

#[test]
fn sample_song_has_its_length_its_beats_and_headroom() {
    let song = sample_song();
    assert_eq!(song.waveform.n_frames(), 30 * 44_100);
    // 12 bars of 4 beats, 0.625 s apart at 96 BPM.
    assert_eq!(song.truth.beats_s.len(), 48);
    assert_eq!(song.truth.beats_s[47], 29.375);
    let peak = song.waveform.channels().iter().flatten().fold(0.0_f32, |p, v| p.max(v.abs()));
    assert!((0.6..=0.71).contains(&peak), "{peak}");
}
