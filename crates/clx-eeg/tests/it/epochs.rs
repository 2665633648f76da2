//! Epochs against MNE 1.13.2 (`fixtures/events.py`), and recordings nobody wants.

use std::collections::BTreeSet;

use clx_eeg::epochs::{
    AmplitudeLimit, Baseline, DropReason, EpochBuilder, EpochParams, EpochSet, EventRule,
    cut_epochs,
};
use clx_signal::{Annotation, ChannelInfo, ChannelKind, Gap, SampleRate, Unit};
use proptest::prelude::*;
use serde_json::Value;

use crate::tutorial::{Tutorial, all_close, numbers, oracle, tutorial};

fn params_of(case: &Value) -> EpochParams {
    let limit = |kind: &str, value| AmplitudeLimit {
        kind: if kind == "eeg" { ChannelKind::Eeg } else { ChannelKind::Eog },
        peak_to_peak_uv: (value == "reject").then(|| case["reject"][kind].as_f64()).flatten(),
        flat_uv: (value == "flat").then(|| case["flat"][kind].as_f64()).flatten(),
    };
    EpochParams {
        events: vec![EventRule { text: "sq*".into(), id: 2 }],
        baseline: case["baseline"]
            .as_array()
            .map(|b| Baseline { tmin_s: b[0].as_f64(), tmax_s: b[1].as_f64() }),
        decimation: case["decimation"].as_u64().unwrap() as usize,
        limits: vec![limit("eeg", "reject"), limit("eog", "reject"), limit("eeg", "flat")],
        ..EpochParams::default()
    }
}

fn cut(data: &Tutorial, params: &EpochParams) -> EpochSet {
    cut_epochs(&data.channels, &data.samples, &data.annotations, &[], params).unwrap()
}

#[test]
fn samples_equal_mne_to_their_own_rounding() {
    let Some(data) = tutorial() else { return };
    for case in oracle()["epochs"].as_array().unwrap() {
        let set = cut(&data, &params_of(case));
        let n_samples = case["n_samples"].as_u64().unwrap() as usize;
        assert_eq!(set.epochs.len() as u64, case["n_epochs"].as_u64().unwrap());
        assert_eq!(set.epochs.n_samples(), n_samples);
        assert_eq!(set.epochs.tmin_s, case["tmin_s"].as_f64().unwrap());
        let picked: Vec<f64> = (0..set.epochs.len())
            .step_by(20)
            .flat_map(|e| (0..32).step_by(8).map(move |c| (e, c)))
            .flat_map(|(e, c)| set.epochs.channel(e, c).iter().step_by(10))
            .map(|&v| f64::from(v))
            .collect();
        // Half a unit in the last place of an f32 below 512 µV: 1.5e-11 V.
        all_close(&picked, &numbers(&case["picked_v"]), 1.5e-11, "samples");
        let sum = |c: usize| -> f64 {
            (0..set.epochs.len())
                .flat_map(|e| set.epochs.channel(e, c))
                .map(|&v| f64::from(v))
                .sum()
        };
        let sums: Vec<f64> = (0..32).map(sum).collect();
        all_close(&sums, &numbers(&case["sum_v"]), 4e-9, "sums over 10,000 samples");
    }
}

#[test]
fn drops_and_their_channels_equal_mne() {
    let Some(data) = tutorial() else { return };
    let squares: Vec<usize> =
        (0..data.annotations.len()).filter(|&i| data.annotations[i].text == "square").collect();
    for case in oracle()["epochs"].as_array().unwrap() {
        let set = cut(&data, &params_of(case));
        let mut dropped = Vec::new();
        for (fate, index) in set.log.iter().zip(&squares) {
            let channels: BTreeSet<String> = fate.dropped.iter().map(channel_of).collect();
            if !channels.is_empty() {
                dropped.push((*index as u64, channels));
            }
        }
        let expected: Vec<(u64, BTreeSet<String>)> = case["dropped"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| {
                let names = d[1].as_array().unwrap().iter();
                (d[0].as_u64().unwrap(), names.map(|n| n.as_str().unwrap().to_owned()).collect())
            })
            .collect();
        assert_eq!(dropped, expected);
    }
}

fn channel_of(reason: &DropReason) -> String {
    match reason {
        DropReason::PeakToPeak { channel, .. } | DropReason::Flat { channel, .. } => {
            channel.clone()
        }
        other => panic!("{other:?}"),
    }
}

fn channel(name: &str, rate_hz: f64) -> ChannelInfo {
    ChannelInfo {
        name: name.into(),
        label: name.into(),
        kind: ChannelKind::Eeg,
        unit: Unit::Volt,
        rate: SampleRate::from_hz(rate_hz).unwrap(),
        n_samples: 0,
    }
}

fn note(onset_s: f64, duration_s: Option<f64>, text: &str) -> Annotation {
    Annotation { onset_s, duration_s, text: text.into(), channel: None }
}

fn short() -> EpochParams {
    EpochParams {
        events: vec![EventRule { text: "x".into(), id: 1 }],
        tmin_s: -0.1,
        tmax_s: 0.1,
        baseline: None,
        ..EpochParams::default()
    }
}

fn reasons(
    samples: &[f32],
    annotations: &[Annotation],
    gaps: &[Gap],
    params: &EpochParams,
) -> Vec<Vec<DropReason>> {
    let set =
        cut_epochs(&[channel("Cz", 10.0)], &[samples.to_vec()], annotations, gaps, params).unwrap();
    assert_eq!(set.epochs.len(), set.events.len());
    set.log.into_iter().map(|f| f.dropped).collect()
}

#[test]
fn an_epoch_across_a_gap_is_dropped_and_one_beside_it_is_kept() {
    // Epochs are samples e-1..=e+1; a gap at 1.0 s lies between the samples 9 and 10.
    let ramp: Vec<f32> = (0..40).map(|i| i as f32).collect();
    let at =
        [note(0.8, None, "x"), note(0.9, None, "x"), note(1.0, None, "x"), note(1.1, None, "x")];
    let gap = Gap { at_s: 1.0, duration_s: 5.0 };
    let cut = vec![DropReason::Gap { at_s: 1.0 }];
    let expected = vec![vec![], cut.clone(), cut, vec![]];
    assert_eq!(reasons(&ramp, &at, &[gap], &short()), expected);
    // EEGLAB writes the same place as half a sample earlier.
    let mut with_boundary = at.to_vec();
    with_boundary.push(note(0.95, None, "boundary"));
    assert_eq!(reasons(&ramp, &with_boundary, &[], &short()), expected);
}

#[test]
fn every_reason_is_told() {
    let mut x: Vec<f32> = (0..60).map(|i| i as f32 * 1e-6).collect();
    x[20] = f32::NAN;
    x[29..32].fill(0.0);
    x[40] = 1e-3;
    let at: Vec<Annotation> =
        [0.0, 1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.9].map(|s| note(s, None, "x")).to_vec();
    let mut annotations = at;
    annotations.push(note(4.95, Some(0.02), "BAD_jump"));
    let limits = vec![AmplitudeLimit {
        kind: ChannelKind::Eeg,
        peak_to_peak_uv: Some(500.0),
        flat_uv: Some(0.5),
    }];
    let got = reasons(&x, &annotations, &[], &EpochParams { limits, ..short() });
    assert_eq!(got[0], [DropReason::Outside]);
    assert!(got[1].is_empty());
    assert_eq!(got[2], [DropReason::Duplicate]);
    assert_eq!(got[3], [DropReason::NotFinite { channel: "Cz".into() }]);
    assert_eq!(got[4], [DropReason::Flat { channel: "Cz".into(), value_uv: 0.0 }]);
    assert!(matches!(&got[5][..], [DropReason::PeakToPeak { value_uv, .. }] if *value_uv > 900.0));
    assert_eq!(got[6], [DropReason::Annotated { text: "BAD_jump".into() }]);
    assert_eq!(got[7], [DropReason::Outside]);
}

#[test]
fn silence_and_recordings_without_samples_or_events_are_no_errors() {
    assert!(reasons(&[0.0; 40], &[note(1.0, None, "x")], &[], &short())[0].is_empty());
    assert_eq!(reasons(&[], &[note(1.0, None, "x")], &[], &short()), [[DropReason::Outside]]);
    assert!(reasons(&[1.0; 40], &[], &[], &short()).is_empty());
    let odd = [note(f64::NAN, None, "x"), note(-1.0, None, "x"), note(1e300, None, "x")];
    assert!(reasons(&[1.0; 40], &odd, &[], &short()).is_empty());
    assert_eq!(
        reasons(&[1.0; 40], &[note(1e9, None, "x")], &[], &short()),
        [[DropReason::Outside]]
    );
}

#[test]
fn senseless_parameters_are_refused() {
    let new = |params: EpochParams| EpochBuilder::new(&[channel("Cz", 10.0)], &[], &[], &params);
    let bad = [
        EpochParams { tmax_s: -1.0, ..short() },
        EpochParams { tmin_s: f64::NAN, ..short() },
        EpochParams { tmax_s: 1e9, ..short() },
        EpochParams { decimation: 0, ..short() },
        EpochParams { tmin_s: 0.1, decimation: 50, ..short() },
        EpochParams { baseline: Some(Baseline { tmin_s: Some(-5.0), tmax_s: None }), ..short() },
        EpochParams {
            limits: vec![AmplitudeLimit {
                kind: ChannelKind::Eeg,
                peak_to_peak_uv: Some(-1.0),
                flat_uv: None,
            }],
            ..short()
        },
    ];
    for params in bad {
        assert!(new(params.clone()).is_err(), "{params:?}");
    }
    let rates = [channel("a", 10.0), channel("b", 20.0)];
    assert!(EpochBuilder::new(&rates, &[], &[], &short()).is_err());
    assert!(EpochBuilder::new(&[], &[], &[], &short()).is_err());
    let mut builder = new(short()).unwrap();
    assert!(builder.push(&[]).is_err());
}

proptest! {
    #[test]
    fn blocks_of_any_size_give_the_same_epochs(
        sizes in prop::collection::vec(1_usize..70, 1..60),
        events in prop::collection::vec(0.0..12.0_f64, 0..12),
        decimation in 1_usize..5,
    ) {
        let total: usize = sizes.iter().sum();
        let wave = |c: usize| -> Vec<f32> { (0..total).map(|i| ((i * (c + 3)) as f32).sin()).collect() };
        let samples = [wave(0), wave(1)];
        let channels = [channel("a", 100.0), channel("b", 100.0)];
        let notes: Vec<Annotation> = events.iter().map(|&s| note(s, None, "x")).collect();
        let params = EpochParams { decimation, baseline: Some(Baseline::default()), ..short() };
        let whole = cut_epochs(&channels, &samples, &notes, &[], &params).unwrap();
        let mut builder = EpochBuilder::new(&channels, &notes, &[], &params).unwrap();
        let mut at = 0;
        for size in sizes {
            let block: Vec<Vec<f32>> = samples.iter().map(|x| x[at..at + size].to_vec()).collect();
            builder.push(&block).unwrap();
            at += size;
        }
        prop_assert_eq!(builder.finish().unwrap(), whole);
    }
}
