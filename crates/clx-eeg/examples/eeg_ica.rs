//! Decomposes channels and describes the components to ICLabel: what `benches/versus/eeg` measures.
//!
//! `eeg_ica SAMPLES N_CHANNELS RATE_HZ METHOD MAX_ITER TOL` reads 32-bit floats, channel after channel in
//! volts, and prints one JSON object with CPU seconds. Electrodes are placed on a spiral, as their
//! places do not change the work.
#![expect(clippy::print_stdout, reason = "the program's output is its result")]

use std::error::Error;
use std::ops::ControlFlow;

use clx_eeg::{Ica, IcaParams, LabelInput, iclabel_features};
use clx_signal::SampleRate;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, n_channels, rate_hz, method, max_iter, tol] = args.as_slice() else {
        return Err("usage: eeg_ica SAMPLES N_CHANNELS RATE_HZ METHOD MAX_ITER TOL".into());
    };
    let bytes = std::fs::read(file)?;
    let value = |b: &[u8]| f32::from_le_bytes([b[0], b[1], b[2], b[3]]);
    let all: Vec<f32> = bytes.chunks_exact(4).map(value).collect();
    let n_channels: usize = n_channels.parse()?;
    let samples: Vec<Vec<f32>> =
        all.chunks_exact(all.len() / n_channels).map(<[f32]>::to_vec).collect();
    let params: IcaParams = serde_json::from_value(serde_json::json!({
        "method": method, "max_iter": max_iter.parse::<usize>()?, "tol": tol.parse::<f64>()?, "seed": 2,
    }))?;
    let start = cpu_s()?;
    let ica = Ica::fit(&samples, &params, &mut |_| ControlFlow::Continue(()))?;
    let fitted = cpu_s()?;
    let positions: Vec<[f64; 2]> = (0..n_channels)
        .map(|i| {
            let (radius, turn) = ((i as f64 / n_channels as f64).sqrt(), 2.4 * i as f64);
            [radius * turn.sin(), radius * turn.cos()]
        })
        .collect();
    let input = LabelInput {
        samples: &samples,
        rate: SampleRate::from_hz(rate_hz.parse()?)?,
        positions: &positions,
        highpass_hz: None,
        lowpass_hz: None,
    };
    let described = cpu_s()?;
    iclabel_features(&ica, &input)?;
    let ended = cpu_s()?;
    let result = serde_json::json!({
        "components": ica.n_components(), "n_iter": ica.n_iter, "converged": ica.converged,
        "fit_cpu_s": fitted - start, "features_cpu_s": ended - described, "unmixing": ica.unmixing,
    });
    println!("{result}");
    Ok(())
}

/// CPU seconds of this process so far, from the scheduler.
fn cpu_s() -> Result<f64, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/schedstat")?;
    // Nanoseconds on a processor come first.
    Ok(stat.split_whitespace().next().ok_or("no schedstat")?.parse::<f64>()? * 1e-9)
}
