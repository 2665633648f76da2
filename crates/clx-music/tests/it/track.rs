use std::convert::Infallible;
use std::ops::ControlFlow;

use clx_music::brief::{Brief, Mode, Stimulus};
use clx_music::{MusicError, RenderError, RenderOptions, compose, render};
use ebur128::{EbuR128, Mode as R128};

use crate::measure::{play, play_in_blocks};

fn short(mode: Mode, stimulus: Stimulus) -> Brief {
    Brief::preset(mode, None, None, 20.0, stimulus, 11)
}

#[test]
fn loudness_and_true_peak_agree_with_another_meter() {
    for mode in Mode::ALL {
        for level_lufs in [-23.0, -18.0] {
            let mut brief = short(mode, Stimulus::Am);
            brief.level_lufs = level_lufs;
            let (left, right, outcome) = play(&brief);
            let mut meter = EbuR128::new(2, 44_100, R128::I | R128::TRUE_PEAK).unwrap();
            meter.add_frames_planar_f32(&[&left, &right]).unwrap();
            let lufs = meter.loudness_global().unwrap();
            assert!((lufs - level_lufs).abs() < 0.1, "{mode:?}: {lufs}");
            assert!((lufs - outcome.level_lufs).abs() < 0.02, "{mode:?}: {lufs} {outcome:?}");
            let peak = meter.true_peak(0).unwrap().max(meter.true_peak(1).unwrap());
            let peak_db = 20.0 * peak.log10();
            assert!(peak_db <= -1.0, "{mode:?}: {peak_db}");
            assert!((peak_db - outcome.true_peak_dbtp).abs() < 0.3, "{peak_db} {outcome:?}");
        }
    }
}

#[test]
fn same_brief_gives_the_same_samples_and_another_seed_others() {
    let brief = short(Mode::Creativity, Stimulus::Monaural);
    let first = play(&brief);
    assert_eq!(first, play(&brief));
    let other = Brief { seed: 12, ..brief };
    assert_ne!(first.0, play(&other).0);
}

#[test]
fn block_size_does_not_change_the_sound() {
    let brief = Brief { duration_s: 10.3, ..short(Mode::Motivation, Stimulus::Am) };
    let whole = play_in_blocks(&brief, usize::MAX);
    assert_eq!(whole.0.len(), 454_230);
    for block_frames in [1, 997, 4_096] {
        assert_eq!(whole, play_in_blocks(&brief, block_frames));
    }
}

#[test]
fn track_fades_in_and_out_without_offset_or_clicks() {
    for mode in Mode::ALL {
        let (left, right, _) = play(&Brief { duration_s: 60.0, ..short(mode, Stimulus::Am) });
        let level = |from: usize, to: usize| {
            (left[from..to].iter().map(|&v| f64::from(v).powi(2)).sum::<f64>() / (to - from) as f64)
                .sqrt()
        };
        let n = left.len();
        let middle = level(n / 3, 2 * n / 3);
        assert!(left[0].abs() < 1e-6 && left[n - 1].abs() < 1e-4);
        // A raised-cosine fade of 5 s is at 2.4 % of the level after half a second.
        assert!(level(0, 22_050) < 0.03 * middle, "{mode:?}");
        assert!(level(n - 22_050, n) < 0.03 * middle, "{mode:?}");
        for channel in [&left, &right] {
            let mean = channel.iter().map(|&v| f64::from(v)).sum::<f64>() / n as f64;
            assert!(mean.abs() < 1e-4, "{mode:?}: offset {mean}");
            let jump = channel.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
            // The steepest sounds are bells below 1.2 kHz at half of full scale: 0.085 a sample.
            assert!(jump < 0.12, "{mode:?}: jump {jump}");
        }
    }
}

#[test]
fn breaking_progress_cancels_in_either_pass() {
    let score = compose(&short(Mode::Relax, Stimulus::Am)).unwrap();
    for stage in ["loudness", "rendering"] {
        let result = render(
            &score,
            RenderOptions::at(48_000),
            &mut |p| {
                if p.stage == stage { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
            &mut |_| Ok::<(), Infallible>(()),
        );
        assert!(matches!(result, Err(RenderError::Cancelled)), "{stage}");
    }
}

#[test]
fn sink_errors_and_odd_rates_are_handed_back() {
    let score = compose(&short(Mode::Relax, Stimulus::Am)).unwrap();
    let mut go_on = |_| ControlFlow::Continue(());
    let full = render(&score, RenderOptions::at(44_100), &mut go_on, &mut |_| Err("disk full"));
    assert!(matches!(full, Err(RenderError::Sink("disk full"))));
    let odd = render(&score, RenderOptions::at(22_050), &mut go_on, &mut |_| Err("never"));
    assert!(matches!(odd, Err(RenderError::Music(MusicError::Rate(22_050)))));
}
