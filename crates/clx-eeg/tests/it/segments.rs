//! Bad segments against MNE (`fixtures/segments.py`) and against artifacts put in by hand.

use clx_eeg::segments::{BadSegment, SegmentKind, SegmentParams, find_bad_segments, muscle_scores};
use clx_signal::rng::SplitMix64;
use clx_signal::{SampleRate, synth};
use serde_json::Value;

fn noise(n: usize, seed: u64) -> Vec<f32> {
    let mut rng = SplitMix64::new(seed);
    (0..n).map(|_| (rng.next_f64() - 0.5) as f32).collect()
}

#[test]
fn muscle_scores_and_segments_equal_mne() {
    let case: Value = serde_json::from_str(include_str!("../fixtures/segments.json")).unwrap();
    let rate = SampleRate::from_hz(500.0).unwrap();
    let mut data: Vec<Vec<f32>> =
        (0..3).map(|i| noise(5000, 20 + i).iter().map(|v| 1e-5 * v).collect()).collect();
    data[..2].iter_mut().for_each(|x| x[2000..2150].iter_mut().for_each(|v| *v *= 6.0));
    let scores = muscle_scores(&data, rate, [110.0, 140.0]).unwrap().unwrap();
    let expected: Vec<f64> = serde_json::from_value(case["scores"].clone()).unwrap();
    let worst =
        scores.iter().step_by(10).zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    println!("muscle scores differ by {worst:.1e}");
    // The band-passed signal is rounded to f32 before its envelope is taken.
    assert!(worst < 1e-5, "{worst}");
    let params = SegmentParams { peak_to_peak_v: None, ..SegmentParams::default() };
    let found = find_bad_segments(&data, rate, &[], &params).unwrap();
    let muscle: Vec<&BadSegment> =
        found.segments.iter().filter(|s| s.kind == SegmentKind::Muscle).collect();
    let numbers = |key: &str| -> Vec<f64> { serde_json::from_value(case[key].clone()).unwrap() };
    let (onsets, durations) = (numbers("onset_s"), numbers("duration_s"));
    assert_eq!(muscle.len(), onsets.len());
    for (segment, (onset, duration)) in muscle.iter().zip(onsets.iter().zip(&durations)) {
        assert!((segment.onset_s - onset).abs() < 1e-9);
        // MNE ends an annotation at the last bad sample or the one after it.
        assert!(
            (segment.duration_s - duration).abs() < 0.0041,
            "{} {duration}",
            segment.duration_s
        );
        assert!(segment.score > 4.0);
        assert_eq!(segment.annotation().text, "BAD_muscle");
    }
}

#[test]
fn artifacts_put_in_by_hand_are_found_where_they_are() {
    let rate = SampleRate::from_hz(250.0).unwrap();
    let mut data: Vec<Vec<f32>> = (0..4)
        .map(|i| synth::shaped(rate, 20.0, i, |f| if f < 1.0 { 0.0 } else { 2e-11 / f }))
        .collect();
    // A blink of 200 µV and 0.3 s at 5 s in the two frontal channels.
    for x in &mut data[..2] {
        for t in 0..75 {
            let wave = (std::f32::consts::PI * t as f32 / 75.0).sin().powi(2);
            x[1250 + t] += 2e-4 * wave;
        }
    }
    data[2][2500..].iter_mut().for_each(|v| *v += 3e-4);
    data[3][3750..4250].fill(1e-6);
    data[3][4500] = f32::NAN;
    let found = find_bad_segments(&data, rate, &[0, 1], &SegmentParams::default()).unwrap();
    let of = |kind: SegmentKind| -> Vec<&BadSegment> {
        found.segments.iter().filter(|s| s.kind == kind).collect()
    };
    let blinks = of(SegmentKind::Blink);
    assert_eq!(blinks.len(), 1, "{blinks:?}");
    assert!((blinks[0].onset_s + blinks[0].duration_s / 2.0 - 5.15).abs() < 0.03, "{blinks:?}");
    let jumps = of(SegmentKind::Jump);
    assert_eq!((jumps.len(), jumps[0].channel), (1, Some(2)));
    assert!((jumps[0].onset_s - 2499.0 / 250.0).abs() < 1e-9 && jumps[0].score > 2.0);
    let flat = of(SegmentKind::Flat);
    assert_eq!((flat.len(), flat[0].channel), (1, Some(3)));
    assert!((flat[0].onset_s - 15.0).abs() < 1e-9 && (flat[0].duration_s - 2.0).abs() < 1e-9);
    let missing = of(SegmentKind::Missing);
    assert_eq!((missing.len(), missing[0].score), (1, 1.0));
    assert!(of(SegmentKind::Amplitude).iter().any(|s| s.onset_s == 5.0 || s.channel == Some(2)));
    assert!(found.bad_share > 0.1 && found.bad_share < 0.6);
    // 250 Hz cannot hold 110 to 140 Hz.
    assert_eq!(found.findings[0].code, "segments.muscle_not_judged");
}

#[test]
fn quiet_input_has_no_bad_segment_and_odd_settings_are_refused() {
    let rate = SampleRate::from_hz(500.0).unwrap();
    let data: Vec<Vec<f32>> =
        (0..3).map(|i| noise(5000, i).iter().map(|v| 1e-5 * v).collect()).collect();
    let found = find_bad_segments(&data, rate, &[0], &SegmentParams::default()).unwrap();
    assert!(found.segments.is_empty(), "{:?}", found.segments);
    assert_eq!(found.bad_share, 0.0);
    for data in [vec![], vec![vec![]], vec![vec![1e-6]], vec![vec![f32::NAN; 10]]] {
        let found = find_bad_segments(&data, rate, &[], &SegmentParams::default()).unwrap();
        let json = serde_json::to_string(&found).unwrap();
        assert!(!json.contains("null,\"channel\""), "{json}");
    }
    let silence = vec![vec![0.0; 1000]; 2];
    let found = find_bad_segments(&silence, rate, &[0], &SegmentParams::default()).unwrap();
    assert!(found.segments.iter().all(|s| s.kind == SegmentKind::Flat));
    assert_eq!(found.bad_share, 1.0);
    let wrong = SegmentParams { muscle_hz: [140.0, 110.0], ..SegmentParams::default() };
    assert!(find_bad_segments(&data, rate, &[], &wrong).is_err());
    assert!(find_bad_segments(&data, rate, &[3], &SegmentParams::default()).is_err());
}
