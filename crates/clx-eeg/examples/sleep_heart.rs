//! Work that `benches/versus/eeg/sleep_heart.py` times: the heart and sleep analyses on raw samples.
//!
//! `cargo run --release -p clx-eeg --example sleep_heart -- TASK FILE RATE_HZ ROUNDS`, where FILE holds
//! little-endian f32 samples (volts; for `staging` three channels one after the other) and TASK is one
//! of `ecg`, `hrv`, `staging`, `spindles`, `slow_waves`. Prints one figure, so that both sides can be
//! seen to do the same.
#![expect(clippy::print_stdout, reason = "an example reports on the terminal")]

use clx_eeg::sleep::{
    SleepSignals, SlowWaveParams, SpindleParams, detect_slow_waves, detect_spindles, stage_features,
};
use clx_eeg::{EegError, HrvParams, clean_ecg, detect_r_peaks, measure_hrv};
use clx_signal::SampleRate;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [task, file, rate_hz, rounds] = &args[..] else {
        return Err("usage: sleep_heart TASK FILE RATE_HZ ROUNDS".into());
    };
    let bytes = std::fs::read(file)?;
    let samples: Vec<f32> =
        bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    let rate = SampleRate::from_hz(rate_hz.parse()?)?;
    let rounds: usize = rounds.parse()?;
    let figure = match task.as_str() {
        "ecg" => repeat(rounds, || Ok(beats(&samples, rate)?.len() as f64)),
        "hrv" => {
            let beats = beats(&samples, rate)?;
            repeat(rounds, || {
                let hrv = measure_hrv(&beats, rate, &HrvParams::default())?;
                Ok(hrv.time.map_or(0.0, |t| t.rmssd_ms))
            })
        }
        "staging" => {
            let third = samples.len() / 3;
            let signals = SleepSignals {
                rate,
                eeg: &samples[..third],
                eog: Some(&samples[third..2 * third]),
                emg: Some(&samples[2 * third..3 * third]),
            };
            repeat(rounds, || {
                let (table, _) = stage_features(&signals, None)?;
                Ok(table.values.iter().map(|&v| f64::from(v)).sum())
            })
        }
        "spindles" => repeat(rounds, || {
            Ok(detect_spindles(&samples, rate, None, &SpindleParams::default())?.0.len() as f64)
        }),
        "slow_waves" => repeat(rounds, || {
            Ok(detect_slow_waves(&samples, rate, None, &SlowWaveParams::default())?.0.len() as f64)
        }),
        other => return Err(format!("unknown task {other}").into()),
    }?;
    println!("{figure}");
    Ok(())
}

fn beats(ecg: &[f32], rate: SampleRate) -> Result<Vec<usize>, EegError> {
    Ok(detect_r_peaks(&clean_ecg(ecg, rate, 50.0)?, rate)?.0)
}

/// The figure of the last round; 0 for none.
fn repeat(rounds: usize, mut work: impl FnMut() -> Result<f64, EegError>) -> Result<f64, EegError> {
    let mut figure = 0.0;
    for _ in 0..rounds {
        figure = work()?;
    }
    Ok(figure)
}
