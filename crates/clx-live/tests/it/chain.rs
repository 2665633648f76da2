use clx_eeg::asr::AsrParams;
use clx_live::{
    AsrStage, Chain, ChainOutput, ChainParams, ChainReport, FilterKind, Grade, LiveError, Reason,
    ReferenceStage,
};
use clx_signal::{SampleRate, synth};
use clx_testkit::{Tolerance, assert_close};
use proptest::prelude::*;

fn rate() -> SampleRate {
    SampleRate::from_hz(100.0).unwrap()
}

/// Pink noise with a pop and some samples that are missing, from the first on.
fn noise(n_channels: u64, seconds: f64) -> Vec<Vec<f32>> {
    let mut x: Vec<Vec<f32>> =
        (0..n_channels).map(|i| synth::pink(rate(), 1e-11, 1.0, seconds, i)).collect();
    let n = x[0].len();
    x[1][n - 250..n - 220].iter_mut().for_each(|v| *v += 3e-3);
    x[0][..3].fill(f32::NAN);
    x[2][n / 2..n / 2 + 40].fill(f32::INFINITY);
    x
}

/// Runs a chain over `x` in blocks of the sizes that `sizes` gives, over and over.
fn run(params: &ChainParams, x: &[Vec<f32>], sizes: &[usize]) -> (ChainOutput, ChainReport) {
    let mut chain = Chain::new(params, rate(), x.len()).unwrap();
    let mut out = ChainOutput::new(x.len());
    let mut from = 0;
    for size in sizes.iter().cycle() {
        let to = (from + size).min(x[0].len());
        let block: Vec<Vec<f32>> = x.iter().map(|x| x[from..to].to_vec()).collect();
        chain.push(&block, &mut out).unwrap();
        from = to;
        if from == x[0].len() {
            break;
        }
    }
    let report = chain.finish(&mut out).unwrap();
    (out, report)
}

fn with_everything(filter: FilterKind) -> ChainParams {
    ChainParams {
        filter,
        notch_hz: vec![40.0],
        lowpass_hz: Some(30.0),
        reference: ReferenceStage::Average,
        asr: Some(AsrStage {
            params: AsrParams { cutoff: 5.0, ..AsrParams::default() },
            calibration_s: 10.0,
        }),
        ..ChainParams::default()
    }
}

#[track_caller]
fn check_any_blocks(params: &ChainParams, x: &[Vec<f32>], sizes: &[usize]) {
    let (live, live_report) = run(params, x, sizes);
    let (offline, offline_report) = run(params, x, &[x[0].len()]);
    let bits = |out: &ChainOutput| -> Vec<Vec<u32>> {
        out.samples.iter().map(|x| x.iter().map(|v| v.to_bits()).collect()).collect()
    };
    assert_eq!(bits(&live), bits(&offline));
    assert_eq!(live.features, offline.features);
    assert_eq!(live_report, offline_report);
    assert_eq!(live.samples[0].len(), x[0].len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn live_and_offline_give_the_same_bits_for_any_blocks(
        sizes in prop::collection::vec(1_usize..=1024, 1..8), which in 0_usize..3,
    ) {
        let filters =
            [FilterKind::Iir, FilterKind::FirLinearPhase, FilterKind::FirMinimumPhase];
        check_any_blocks(&with_everything(filters[which]), &noise(5, 25.0), &sizes);
    }
}

#[test]
fn sample_by_sample_gives_the_bits_of_the_whole() {
    check_any_blocks(&with_everything(FilterKind::Iir), &noise(4, 20.0), &[1]);
}

#[test]
fn artifacts_are_taken_out_once_it_is_known_what_is_normal() {
    let x = noise(5, 30.0);
    let (out, report) = run(&with_everything(FilterKind::Iir), &x, &[25]);
    let off = ChainParams { asr: None, ..with_everything(FilterKind::Iir) };
    let (loud, _) = run(&off, &x, &[25]);
    let peak =
        |out: &ChainOutput| out.samples[1][2700..].iter().fold(0.0_f32, |m, v| m.max(v.abs()));
    assert!(peak(&out) < 0.3 * peak(&loud), "{} of {}", peak(&out), peak(&loud));
    assert!(report.asr.unwrap().repaired_share > 0.0);
    assert_eq!(report.filtering, "causal");
}

#[test]
fn a_sine_has_half_its_squared_amplitude_as_power() {
    let x = vec![synth::sine(rate(), 10.0, 20e-6, 10.0)];
    let (out, _) = run(&ChainParams::default(), &x, &[33]);
    let last = out.features.last().unwrap();
    // 10 Hz is a bin of 1 s segments, and the pass band has a gain of 1 within 1e-3 there; the
    // start has died away after 8 s.
    assert_close(last.bands[2].power_uv2[0], 200.0, Tolerance::Relative(3e-3));
    assert!(last.bands[2].relative[0].unwrap() > 0.99);
    assert_eq!(last.quality[0].grade, Grade::Good);
    assert_close(last.quality[0].rms_uv, 200_f64.sqrt(), Tolerance::Relative(3e-3));
}

#[test]
fn features_come_every_hop_from_the_first_full_window_on() {
    let (out, _) = run(&ChainParams::default(), &noise(3, 10.0), &[7]);
    let ends: Vec<u64> = out.features.iter().map(|f| f.end_sample).collect();
    assert_eq!(ends, (200..=1000).step_by(25).collect::<Vec<u64>>());
}

#[test]
fn silence_is_unusable_and_has_no_share_of_power() {
    let (out, _) = run(&ChainParams::default(), &[vec![0.0; 400]], &[100]);
    let last = out.features.last().unwrap();
    assert_eq!(last.bands[0].relative, [None]);
    assert_eq!(
        (last.quality[0].grade, &last.quality[0].reasons[..]),
        (Grade::Unusable, &[Reason::Flat][..])
    );
}

#[test]
fn a_stream_of_nothing_but_missing_samples_gives_no_nan() {
    let (out, report) = run(&ChainParams::default(), &[vec![f32::NAN; 500]], &[64]);
    assert!(out.samples[0].iter().all(|v| v.is_finite()));
    let last = out.features.last().unwrap();
    assert!(last.bands.iter().all(|b| b.power_uv2[0] == 0.0));
    assert_eq!(last.quality[0].reasons, [Reason::Missing]);
    assert_eq!(report.n_held, 500);
}

#[test]
fn an_empty_block_and_an_empty_stream_are_fine() {
    let mut chain = Chain::new(&with_everything(FilterKind::Iir), rate(), 2).unwrap();
    let mut out = ChainOutput::new(2);
    chain.push(&[vec![], vec![]], &mut out).unwrap();
    assert_eq!(chain.finish(&mut out).unwrap().n_samples, 0);
}

#[test]
fn data_without_a_clean_part_leave_the_stream_as_it_is_and_say_so() {
    let (out, report) = run(&with_everything(FilterKind::Iir), &vec![vec![0.0; 3000]; 3], &[10]);
    assert_eq!(out.samples[0].len(), 3000);
    assert!(report.findings.iter().any(|f| f.code == "asr.not_calibrated"), "{report:?}");
}

#[test]
fn every_stage_states_its_delay() {
    let chain = Chain::new(&with_everything(FilterKind::FirLinearPhase), rate(), 3).unwrap();
    let delays = chain.delays();
    let stages: Vec<&str> = delays.iter().map(|d| d.stage.as_str()).collect();
    assert_eq!(stages, ["filter, at 10 Hz", "asr", "features"]);
    // 3.3 s of band-pass and 6.6 s of notch, half their lengths.
    assert_close(delays[0].delay_s, 1.65 + 3.3, Tolerance::Absolute(0.02));
    assert_eq!(delays[2].delay_s, 1.0);
}

#[test]
fn blocks_that_do_not_fit_are_refused_and_take_nothing() {
    let mut chain = Chain::new(&ChainParams::default(), rate(), 2).unwrap();
    let mut out = ChainOutput::new(2);
    for block in [vec![vec![0.0]], vec![vec![0.0], vec![0.0, 0.0]]] {
        assert!(matches!(chain.push(&block, &mut out), Err(LiveError::Block { expected: 2, .. })));
    }
    assert!(chain.push(&[vec![0.0], vec![0.0]], &mut ChainOutput::new(1)).is_err());
    assert_eq!(chain.finish(&mut out).unwrap().n_samples, 0);
}

#[test]
fn settings_out_of_their_bounds_are_refused() {
    let default = ChainParams::default;
    for params in [
        ChainParams { window_s: f64::NAN, ..default() },
        ChainParams { window_s: 61.0, ..default() },
        ChainParams { segment_s: 3.0, ..default() },
        ChainParams { segment_s: 0.01, ..default() },
        ChainParams { hop_s: 0.0, ..default() },
        ChainParams { highpass_hz: Some(0.0), ..default() },
        ChainParams { lowpass_hz: Some(50.0), ..default() },
        ChainParams { notch_hz: vec![50.0], ..default() },
        ChainParams { notch_hz: vec![20.0; 17], ..default() },
        ChainParams { reference: ReferenceStage::Channels(vec![]), ..default() },
        ChainParams { reference: ReferenceStage::Channels(vec![2]), ..default() },
        ChainParams {
            asr: Some(AsrStage { calibration_s: 1.0, ..AsrStage::default() }),
            ..default()
        },
        ChainParams {
            asr: Some(AsrStage {
                params: AsrParams { window_s: 1e18, ..AsrParams::default() },
                ..AsrStage::default()
            }),
            ..default()
        },
    ] {
        assert!(Chain::new(&params, rate(), 2).is_err(), "{params:?}");
    }
    assert!(Chain::new(&default(), rate(), 0).is_err());
    assert!(Chain::new(&default(), SampleRate::from_hz(1e9).unwrap(), 64).is_err());
}

#[test]
fn settings_survive_json_and_unknown_ones_are_refused() {
    let params = with_everything(FilterKind::FirMinimumPhase);
    let json = serde_json::to_string(&params).unwrap();
    assert_eq!(serde_json::from_str::<ChainParams>(&json).unwrap(), params);
    assert_eq!(serde_json::from_str::<ChainParams>("{}").unwrap(), ChainParams::default());
    assert!(serde_json::from_str::<ChainParams>("{\"windows\": 2}").is_err());
}
