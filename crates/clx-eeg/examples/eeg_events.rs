//! Entropies and event averages for `benches/versus/eeg/events.py`: prints what was computed, once.
//!
//! usage: eeg_events TASK SAMPLES ROUNDS [EVENTS]; SAMPLES holds little-endian f32, EVENTS onsets in seconds.
//! Tasks: `entropies` and `sample` on 64 channels one after another, in volts; `average` on 32 interleaved
//! channels in microvolts at 128 Hz.
#![expect(clippy::print_stdout, reason = "an example reports on the terminal")]

use std::error::Error;

use clx_eeg::epochs::{EpochParams, cut_epochs};
use clx_eeg::erp::{ErpParams, average};
use clx_signal::complexity::{
    default_tolerance, higuchi_fd, periodogram_entropy, permutation_entropy, sample_entropy,
    svd_entropy,
};
use clx_signal::{Annotation, ChannelInfo, ChannelKind, SampleRate, Unit};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, task, samples, rounds, events @ ..] = args.as_slice() else {
        return Err("usage: eeg_events entropies|sample|average SAMPLES ROUNDS [EVENTS]".into());
    };
    let bytes = std::fs::read(samples)?;
    let x: Vec<f32> =
        bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    let mut values = Vec::new();
    for _ in 0..rounds.parse()? {
        values = match task.as_str() {
            "entropies" => channels(&x).iter().flat_map(|x| four_measures(x)).collect(),
            "sample" => {
                channels(&x).iter().map(|x| sample_entropy(x, 2, default_tolerance(x)?)).collect()
            }
            _ => event_average(&x, events.first().ok_or("EVENTS is missing")?)?,
        };
    }
    for value in values {
        println!("{}", value.ok_or("a figure is absent")?);
    }
    Ok(())
}

fn channels(x: &[f32]) -> Vec<Vec<f64>> {
    x.chunks(x.len() / 64).map(|c| c.iter().map(|&v| f64::from(v)).collect()).collect()
}

fn four_measures(x: &[f64]) -> [Option<f64>; 4] {
    [
        permutation_entropy(x, 3, 1).map(|e| e.bits),
        periodogram_entropy(x).map(|e| e.bits),
        svd_entropy(x, 3, 1).map(|e| e.bits),
        higuchi_fd(x, 10),
    ]
}

fn event_average(x: &[f32], events: &str) -> Result<Vec<Option<f64>>, Box<dyn Error>> {
    let rate = SampleRate::from_hz(128.0)?;
    let names: Vec<String> = (0..32).map(|i| i.to_string()).collect();
    let info = |name: &String| ChannelInfo {
        name: name.clone(),
        label: name.clone(),
        kind: ChannelKind::Eeg,
        unit: Unit::Volt,
        rate,
        n_samples: (x.len() / 32) as u64,
    };
    let infos: Vec<ChannelInfo> = names.iter().map(info).collect();
    let volts = |c: usize| x.iter().skip(c).step_by(32).map(|&v| (f64::from(v) * 1e-6) as f32);
    let samples: Vec<Vec<f32>> = (0..32).map(|c| volts(c).collect()).collect();
    let mut annotations = Vec::new();
    for line in std::fs::read_to_string(events)?.lines() {
        let onset_s = line.parse()?;
        annotations.push(Annotation { onset_s, duration_s: None, text: "e".into(), channel: None });
    }
    let set = cut_epochs(&infos, &samples, &annotations, &[], &EpochParams::default())?;
    let erp = average(&set.epochs, &names, &ErpParams::default())?;
    Ok(erp.channels.into_iter().flat_map(|c| c.mean_uv).map(Some).collect())
}
