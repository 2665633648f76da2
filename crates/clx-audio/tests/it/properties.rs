//! What must not matter: how the sound was cut, and how loud it is.

use clx_signal::{SampleRate, synth};
use proptest::prelude::*;

use crate::{click_track, overview, overview_in_blocks};

/// A chord over clicks, so that every part of the overview has something to say.
fn piece(bpm: f64) -> Vec<f32> {
    let rate = SampleRate::from_hz(22_050.0).unwrap();
    let mut x = click_track(22_050.0, bpm, 12.0);
    for f in [220.0, 277.18, 329.63] {
        x.iter_mut().zip(synth::sine(rate, f, 0.05, 12.0)).for_each(|(a, b)| *a += b);
    }
    x
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn block_size_does_not_matter(block in 1_usize..70_000, bpm in 80.0..150.0) {
        let x = piece(bpm);
        let channels = [x.clone(), x.iter().map(|v| 0.5 * v).collect()];
        let whole = overview_in_blocks(22_050.0, &channels, usize::MAX).unwrap();
        let cut = overview_in_blocks(22_050.0, &channels, block).unwrap();
        prop_assert_eq!(whole, cut);
    }

    #[test]
    fn gain_changes_levels_only(gain_db in -30.0_f32..12.0, bpm in 80.0..150.0) {
        let x = piece(bpm);
        let gain = 10_f32.powf(gain_db / 20.0);
        let before = overview(22_050.0, std::slice::from_ref(&x));
        let after = overview(22_050.0, &[x.iter().map(|v| v * gain).collect()]);
        let (tempo, louder) = (before.tempo.unwrap(), after.tempo.unwrap());
        prop_assert!((tempo.bpm / louder.bpm - 1.0).abs() < 1e-3);
        prop_assert_eq!(before.beats_s.len(), after.beats_s.len());
        let (key, louder) = (before.key.unwrap(), after.key.unwrap());
        prop_assert_eq!((key.tonic, key.mode), (louder.tonic, louder.mode));
        let gained = after.loudness.integrated_lufs.unwrap() - before.loudness.integrated_lufs.unwrap();
        prop_assert!((gained - f64::from(gain_db)).abs() < 0.05, "{}", gained);
    }
}

#[test]
fn one_sample_blocks_give_the_same() {
    let x = piece(100.0)[..60_000].to_vec();
    let whole = overview_in_blocks(22_050.0, std::slice::from_ref(&x), 60_000).unwrap();
    assert_eq!(whole, overview_in_blocks(22_050.0, &[x], 1).unwrap());
}
