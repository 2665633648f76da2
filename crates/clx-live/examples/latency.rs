//! What a live stream adds: 64 channels at 250 Hz through outlet, inlet and chain on this machine.
//!
//! ```sh
//! cargo run --release -p clx-live --example latency -- 60 64 250 asr
//! ```
//!
//! Arguments: seconds, channels, rate, and `asr` to take artifacts out as well. Every sample is pushed by itself with the time as its stamp;
//! its latency ends when the chain has put it out. The delay that filters have by their nature is not
//! in it and is printed apart.

#![expect(clippy::print_stdout, reason = "an example reports on the terminal")]

use std::error::Error;
use std::time::Duration;

use clx_eeg::asr::{AsrParams, calibrate};
use clx_live::lsl::{
    ChannelFormat, Discovery, Inlet, InletParams, Outlet, OutletParams, Query, StreamInfo, Values,
    now_s, resolve,
};
use clx_live::{
    AsrStage, Chain, ChainOutput, ChainParams, Intake, IntakeParams, LatencyHistogram,
    ReferenceStage,
};
use clx_signal::rng::SplitMix64;
use clx_signal::{SampleRate, synth};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |default: f64| arguments.next().map_or(Ok(default), |text| text.parse::<f64>());
    let (seconds, n_channels, rate_hz) = (next(60.0)?, next(64.0)? as usize, next(250.0)?);
    let rate = SampleRate::from_hz(rate_hz)?;

    let name = format!("latency {}", std::process::id());
    let info = StreamInfo::new(&name, "EEG", n_channels, rate_hz, ChannelFormat::Float32, &name)?;
    let outlet = Outlet::serve(info, &OutletParams::default()).await?;
    let query = Query::property("name", &name)?;
    let found = resolve(&query, &Discovery::this_machine(), 1, 10.0).await?;
    let mut inlet = Inlet::connect(&found[0], InletParams::default()).await?;
    outlet.wait_for_inlet(10.0).await?;

    let asr = arguments.next().is_some_and(|word| word == "asr");
    let params = ChainParams {
        asr: asr.then(AsrStage::default),
        notch_hz: vec![50.0, 100.0].into_iter().filter(|f| 2.0 * f < rate_hz).collect(),
        reference: ReferenceStage::Average,
        ..ChainParams::default()
    };
    let mut chain = Chain::new(&params, rate, n_channels)?;
    if asr {
        chain =
            chain.with_asr(&calibrate(&noise(n_channels, rate), rate, &AsrParams::default())?)?;
    }
    let mut intake = Intake::new(&found[0], &IntakeParams::default())?;
    let mut out = ChainOutput::new(n_channels);
    let n_samples = rate.samples(seconds);
    // The device is a thread of its own, as it would be another process.
    let device = std::thread::spawn(move || {
        send(&outlet, n_samples, n_channels, rate_hz);
        // Kept until all is fetched.
        std::thread::sleep(Duration::from_millis(500));
        outlet.stats()
    });

    let [mut transport, mut compute, mut total] = [(); 3].map(|()| LatencyHistogram::new());
    let (mut n_taken, mut n_features) = (0, 0);
    while n_taken < n_samples {
        let chunk = inlet.pull().await?;
        let started_s = now_s();
        intake.feed(&chunk, &mut chain, &mut out)?;
        let done_s = now_s();
        n_taken += chunk.sent_s.len();
        n_features += out.features.len();
        out.clear();
        compute.record_s(done_s - started_s);
        for sent_s in &chunk.sent_s {
            transport.record_s(chunk.received_s - sent_s);
            total.record_s(done_s - sent_s);
        }
    }
    println!(
        "{n_channels} channels at {rate_hz} Hz for {seconds} s, {n_features} sets of features"
    );
    for (what, histogram) in [
        ("stamp to inlet", &transport),
        ("chain, per chunk", &compute),
        ("stamp to chain's output", &total),
    ] {
        if let Some(s) = histogram.summary() {
            println!(
                "{what:24} p50 {:7.3}  p95 {:7.3}  p99 {:7.3}  max {:7.3} ms  ({} values)",
                s.p50_ms, s.p95_ms, s.p99_ms, s.max_ms, s.n
            );
        }
    }
    for delay in chain.delays() {
        println!("delay by nature: {} {:.1} ms", delay.stage, delay.delay_s * 1e3);
    }
    let gaps = intake.report();
    println!("missing {}, effective rate {:?} Hz", gaps.n_missing, gaps.effective_rate_hz);
    if let Ok(stats) = device.join() {
        println!("sent {}, lost {}", stats.n_samples, stats.n_lost);
    }
    Ok(())
}

/// A minute of what [`send`] sends, as the chain's filter would leave it, about.
fn noise(n_channels: usize, rate: SampleRate) -> Vec<Vec<f32>> {
    (0..n_channels as u64).map(|seed| synth::white(rate, 6e-6, 60.0, seed)).collect()
}

/// Pushes one sample per period, noise of 10 µV.
fn send(outlet: &Outlet, n_samples: usize, n_channels: usize, rate_hz: f64) {
    let mut rng = SplitMix64::new(1);
    let start_s = now_s();
    for i in 0..n_samples {
        let due_s = start_s + i as f64 / rate_hz;
        std::thread::sleep(Duration::from_secs_f64((due_s - now_s()).max(0.0)));
        let row = (0..n_channels).map(|_| 10.0 * rng.next_normal() as f32).collect();
        outlet.push(Values::Float32(row), Some(now_s())).expect("the sample is whole");
    }
}
