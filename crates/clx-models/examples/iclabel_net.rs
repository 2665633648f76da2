//! Runs ICLabel's network on features: what `benches/versus/eeg` measures.
//!
//! `iclabel_net MODEL FEATURES RUNS` reads 32-bit floats, per component 1024 of the map, 100 of the
//! spectrum and 100 of the autocorrelation, and prints one JSON object with CPU seconds.
#![expect(clippy::print_stdout, reason = "the program's output is its result")]

use std::error::Error;

use clx_models::{IclabelInput, IclabelNet};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [model, features, runs] = args.as_slice() else {
        return Err("usage: iclabel_net MODEL FEATURES RUNS".into());
    };
    let bytes = std::fs::read(features)?;
    let value = |b: &[u8]| f32::from_le_bytes([b[0], b[1], b[2], b[3]]);
    let all: Vec<f32> = bytes.chunks_exact(4).map(value).collect();
    let inputs: Vec<IclabelInput<'_>> = all
        .chunks_exact(1224)
        .map(|c| IclabelInput {
            map: &c[..1024],
            spectrum: &c[1024..1124],
            autocorrelation: &c[1124..],
        })
        .collect();
    let start = cpu_s()?;
    let net = IclabelNet::load(&std::fs::read(model)?)?;
    let load_cpu_s = cpu_s()? - start;
    let mut seconds = Vec::new();
    let mut answers = Vec::new();
    for _ in 0..runs.parse()? {
        let start = cpu_s()?;
        answers = net.predict(&inputs)?;
        seconds.push(cpu_s()? - start);
    }
    let result = serde_json::json!({
        "load_cpu_s": load_cpu_s, "cpu_s": seconds, "probabilities": answers,
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
