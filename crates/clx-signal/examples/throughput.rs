//! Time of the 1-40 Hz filter and of Welch's method for 64 channels of 600 s at 250 Hz.
//!
//! `cargo run --release -p clx-signal --example throughput -- [rounds]`; on a busy machine compare the
//! user times of two numbers of rounds.
#![expect(clippy::print_stdout, reason = "an example reports on the terminal")]

use std::time::Instant;

use clx_signal::fir::{self, Edge, OverlapSave};
use clx_signal::welch::{Welch, WelchParams};
use clx_signal::{Band, SampleRate, SignalError, synth};

fn main() -> Result<(), SignalError> {
    let rate = SampleRate::from_hz(250.0)?;
    let channels: Vec<Vec<f32>> =
        (0..64).map(|seed| synth::pink(rate, 1e-11, 1.0, 600.0, seed)).collect();
    let rounds = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(5);
    for _ in 0..rounds {
        let start = Instant::now();
        let design = fir::design_bandpass(rate, Some(1.0), Some(40.0))?;
        let mut filter = OverlapSave::new(&design, 64, Edge::Reflect);
        let mut filtered: Vec<Vec<f32>> =
            channels.iter().map(|x| Vec::with_capacity(x.len())).collect();
        for block in 0..60 {
            for (i, x) in channels.iter().enumerate() {
                filter.push(i, &x[block * 2500..(block + 1) * 2500], &mut filtered[i]);
            }
        }
        filtered.iter_mut().enumerate().for_each(|(i, y)| filter.finish(i, y));
        let filter_ms = start.elapsed().as_secs_f64() * 1e3;
        let start = Instant::now();
        let plan = Welch::new(rate, WelchParams::default())?;
        let mut total = 0.0;
        for y in &filtered {
            let mut welch = plan.fresh();
            y.chunks(2500).for_each(|chunk| welch.push(chunk));
            let psd = welch.finish()?;
            total += Band::OVERVIEW.iter().map(|&b| psd.band_power(b)).sum::<f64>();
        }
        let welch_ms = start.elapsed().as_secs_f64() * 1e3;
        println!("filter {filter_ms:.1} ms, Welch {welch_ms:.1} ms, power {total:.3e} V²");
    }
    Ok(())
}
