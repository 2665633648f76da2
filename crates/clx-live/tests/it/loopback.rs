use std::time::Duration;

use clx_live::lsl::{
    ChannelFormat, Chunk, Discovery, Inlet, InletParams, Outlet, OutletParams, Query, StreamInfo,
    Values, describe, now_s, resolve,
};
use clx_live::{LiveError, StampParams};
use tokio::time::timeout;

/// Long enough for a busy machine; nothing here waits for it to pass.
const PATIENCE_S: f64 = 20.0;

fn info(name: &str, n_channels: usize, format: ChannelFormat) -> StreamInfo {
    // Tests of other processes may serve streams at the same time.
    let name = format!("{name} {}", std::process::id());
    let mut info = StreamInfo::new(&name, "EEG", n_channels, 100.0, format, &name).unwrap();
    info.describe_channels(&[("Fz", "microvolts")]);
    info
}

async fn serve(info: StreamInfo) -> Outlet {
    Outlet::serve(info, &OutletParams::default()).await.unwrap()
}

async fn find(name: &str) -> StreamInfo {
    let query = Query::property("name", name).unwrap();
    let found = resolve(&query, &Discovery::this_machine(), 1, PATIENCE_S).await.unwrap();
    found.into_iter().next().unwrap()
}

async fn connect(outlet: &Outlet) -> Inlet {
    let info = find(&outlet.info().name).await;
    let inlet = Inlet::connect(&info, InletParams::default()).await.unwrap();
    outlet.wait_for_inlet(PATIENCE_S).await.unwrap();
    inlet
}

/// Pulls until `n` samples are there.
async fn pull(inlet: &mut Inlet, n: usize) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    while chunks.iter().map(|c| c.sent_s.len()).sum::<usize>() < n {
        let pulled = timeout(Duration::from_secs_f64(PATIENCE_S), inlet.pull()).await;
        chunks.push(pulled.expect("samples come").unwrap());
    }
    chunks
}

fn stamps(chunks: &[Chunk]) -> Vec<f64> {
    chunks.iter().flat_map(|c| c.sent_s.clone()).collect()
}

async fn check_format(values: Values) {
    let format = values.format();
    let outlet = serve(info(&format!("loop {}", format.as_str()), 2, format)).await;
    let mut inlet = connect(&outlet).await;
    let sent = [10.0, 10.5, 12.25];
    outlet.push_stamped(values.clone(), &sent).unwrap();
    let chunks = pull(&mut inlet, 3).await;
    assert_eq!(stamps(&chunks), sent);
    assert_eq!(chunks.len(), 1, "one push is one write");
    assert_eq!(chunks[0].values, values);
}

#[tokio::test]
async fn every_format_arrives_as_it_was_sent() {
    check_format(Values::Float32(vec![1.5, -2.0, 3.0, f32::MIN, 5.0, 6.0])).await;
    check_format(Values::Double64(vec![0.1, -0.2, 1e300, 0.0, 5.0, 6.0])).await;
    check_format(Values::Int32(vec![i32::MIN, 2, 3, 4, 5, i32::MAX])).await;
    check_format(Values::Int16(vec![i16::MIN, 2, 3, 4, 5, i16::MAX])).await;
    check_format(Values::Int8(vec![-128, 2, 3, 4, 5, 127])).await;
    check_format(Values::Int64(vec![i64::MIN, 2, 3, 4, 5, i64::MAX])).await;
    let texts = ["", "start", "ä", "x", "y", &"long ".repeat(100)];
    check_format(Values::Text(texts.map(str::to_owned).to_vec())).await;
}

#[tokio::test]
async fn stamps_within_a_chunk_follow_from_its_last_one_and_the_rate() {
    let outlet = serve(info("deduced", 1, ChannelFormat::Int16)).await;
    let mut inlet = connect(&outlet).await;
    outlet.push(Values::Int16((0..50).collect()), Some(100.49)).unwrap();
    let got = stamps(&pull(&mut inlet, 50).await);
    for (i, stamp) in got.iter().enumerate() {
        assert!((stamp - (100.0 + i as f64 * 0.01)).abs() < 1e-9, "{i}: {stamp}");
    }
}

#[tokio::test]
async fn the_whole_description_can_be_asked_for() {
    let outlet = serve(info("described", 1, ChannelFormat::Float32)).await;
    let short = find(&outlet.info().name).await;
    assert_eq!(short.channels()[0].label, "");
    let full = describe(&short, InletParams::default()).await.unwrap();
    assert_eq!(full.channels()[0].label, "Fz");
    assert_eq!((full.uid, full.address), (outlet.info().uid.clone(), short.address));
}

#[tokio::test]
async fn the_clock_of_the_same_machine_is_ours_within_half_a_round_trip() {
    let outlet = serve(info("clock", 1, ChannelFormat::Float32)).await;
    let short = find(&outlet.info().name).await;
    let stamps = StampParams { clocksync: true, ..StampParams::default() };
    let params = InletParams { stamps, ..InletParams::default() };
    let mut inlet = Inlet::connect(&short, params).await.unwrap();
    let offset = inlet.wait_for_clock(PATIENCE_S).await.unwrap();
    assert!(offset.correction_s.abs() <= offset.round_trip_s / 2.0 + 1e-6, "{offset:?}");
    outlet.wait_for_inlet(PATIENCE_S).await.unwrap();
    outlet.push(Values::Float32(vec![1.0]), Some(now_s())).unwrap();
    let chunk = &pull(&mut inlet, 1).await[0];
    let moved = chunk.stamps_s[0] - chunk.sent_s[0];
    assert!((moved - inlet.clock_offset().unwrap().correction_s).abs() < 1e-9);
}

#[tokio::test]
async fn two_inlets_each_get_everything() {
    let outlet = serve(info("two", 1, ChannelFormat::Int32)).await;
    let mut first = connect(&outlet).await;
    let mut second = connect(&outlet).await;
    while outlet.stats().n_inlets < 2 {
        tokio::task::yield_now().await;
    }
    for i in 0..100 {
        outlet.push(Values::Int32(vec![i]), Some(f64::from(i))).unwrap();
    }
    let expected: Vec<f64> = (0..100).map(f64::from).collect();
    assert_eq!(stamps(&pull(&mut first, 100).await), expected);
    assert_eq!(stamps(&pull(&mut second, 100).await), expected);
    assert_eq!(outlet.stats().n_lost, 0);
}

#[tokio::test]
async fn an_ended_stream_is_lost_and_found_again_by_its_source() {
    let outlet = serve(info("restart", 1, ChannelFormat::Int32)).await;
    let mut inlet = connect(&outlet).await;
    let before = inlet.info().uid.clone();
    drop(outlet);
    let lost = timeout(Duration::from_secs_f64(PATIENCE_S), inlet.pull()).await.unwrap();
    assert!(matches!(lost, Err(LiveError::Lost(_))), "{lost:?}");
    let outlet = serve(info("restart", 1, ChannelFormat::Int32)).await;
    inlet.reconnect(&Discovery::this_machine(), PATIENCE_S).await.unwrap();
    assert_ne!(inlet.info().uid, before);
    outlet.wait_for_inlet(PATIENCE_S).await.unwrap();
    outlet.push(Values::Int32(vec![7]), Some(1.0)).unwrap();
    assert_eq!(pull(&mut inlet, 1).await[0].values, Values::Int32(vec![7]));
}

#[tokio::test]
async fn a_stream_that_is_gone_is_refused() {
    let outlet = serve(info("gone", 1, ChannelFormat::Int32)).await;
    let mut other = find(&outlet.info().name).await;
    other.uid = "another".to_owned();
    let refused = Inlet::connect(&other, InletParams::default()).await;
    assert!(
        matches!(&refused, Err(LiveError::Refused(why)) if why == "404 Not found"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_search_without_success_says_for_what() {
    let query = Query::property("name", "no such stream").unwrap();
    let nothing = resolve(&query, &Discovery::this_machine(), 1, 0.1).await.unwrap_err();
    assert!(nothing.to_string().contains("no such stream"), "{nothing}");
    assert!(resolve(&query, &Discovery::this_machine(), 0, 0.1).await.unwrap().is_empty());
}

#[tokio::test]
async fn values_that_do_not_fit_the_stream_are_not_sent() {
    let outlet = serve(info("refuses", 2, ChannelFormat::Int16)).await;
    assert!(outlet.push(Values::Int32(vec![1, 2]), None).is_err());
    assert!(outlet.push(Values::Int16(vec![1]), None).is_err());
    assert!(outlet.push(Values::Int16(vec![1, 2]), Some(f64::NAN)).is_err());
    assert!(outlet.push_stamped(Values::Int16(vec![1, 2]), &[]).is_err());
    outlet.push(Values::Int16(vec![]), None).unwrap();
    assert_eq!(outlet.stats().n_samples, 0);
}
