//! CPU time of each cleaning step; `benches/versus/eeg/clean.py` runs it beside MNE and SciPy.
//!
//! Usage: cleaning samples.f32 n_channels rate_hz rounds. The file holds channel after channel,
//! little-endian, volts; electrodes are given as x,y,z lines in samples.f32.xyz. Prints one line per
//! step: name, milliseconds of each round, rms of the result.
#![expect(clippy::print_stdout, reason = "an example reports on the terminal")]

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use clx_eeg::asr::{Asr, AsrParams, calibrate};
use clx_eeg::interpolate::interpolate_bads;
use clx_eeg::reference::{laplacian, subtract_mean_of};
use clx_signal::SampleRate;
use clx_signal::fir::{self, Edge, Fir, OverlapSave};
use clx_signal::iir::{self, Passband, Prototype};
use clx_signal::resample::resample_poly;

type Channels = Vec<Vec<f32>>;

/// Channels to interpolate; `clean.py` names the same.
const BADS: [usize; 3] = [5, 20, 41];
/// Seconds that the reconstruction cleans.
const ASR_S: f64 = 60.0;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, path, n_channels, rate_hz, rounds] = &args[..] else {
        return Err("usage: cleaning samples.f32 n_channels rate_hz rounds".into());
    };
    let bytes = std::fs::read(path)?;
    let all: Vec<f32> = bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
    let data: Channels =
        all.chunks(all.len() / n_channels.parse::<usize>()?).map(<[f32]>::to_vec).collect();
    let positions = std::fs::read_to_string(format!("{path}.xyz"))?;
    let positions: Vec<[f64; 3]> = positions.lines().map(parse_point).collect::<Result<_, _>>()?;
    let rate = SampleRate::from_hz(rate_hz.parse()?)?;
    run(&data, &positions, rate, rounds.parse()?)
}

fn parse_point(line: &str) -> Result<[f64; 3], Box<dyn Error>> {
    let values: Vec<f64> = line.split(',').map(str::parse).collect::<Result<_, _>>()?;
    values.try_into().map_err(|_wrong| "three coordinates per line".into())
}

fn run(
    data: &Channels,
    positions: &[[f64; 3]],
    rate: SampleRate,
    rounds: usize,
) -> Result<(), Box<dyn Error>> {
    let band = fir::design_bandpass(rate, Some(1.0), Some(40.0))?;
    let notch = fir::design_notch(rate, &[50.0, 100.0])?;
    let both = band.fuse(&notch)?;
    let butter = iir::design(
        rate,
        4,
        Prototype::Butterworth,
        Passband::Bandpass { fmin_hz: 1.0, fmax_hz: 40.0 },
    )?;
    measure("fir", rounds, || Ok(filter(&band, data, 1, 1)?))?;
    measure("notch", rounds, || Ok(filter(&notch, data, 1, 1)?))?;
    measure("fir_notch", rounds, || Ok(filter(&both, data, 1, 1)?))?;
    measure("fir_notch_resample", rounds, || Ok(filter(&both, data, 2, 5)?))?;
    measure("iir", rounds, || Ok(iir::filter_zero_phase(&butter, data)?))?;
    measure("resample", rounds, || {
        Ok(data.iter().map(|x| resample_poly(x, 2, 5)).collect::<Result<_, _>>()?)
    })?;
    measure_in_place("average", rounds, data, |x| {
        let members: Vec<usize> = (0..x.len()).collect();
        Ok(subtract_mean_of(x, &members)?)
    })?;
    measure_in_place("interpolate", rounds, data, |x| Ok(interpolate_bads(x, positions, &BADS)?))?;
    measure("laplacian", rounds, || Ok(laplacian(positions, 0.09)?.apply(data)?))?;
    let slow = fir::design_bandpass(rate, Some(1.0), None)?;
    let n = rate.samples(ASR_S).min(data[0].len());
    let short: Channels = filter(&slow, data, 1, 1)?.iter().map(|x| x[..n].to_vec()).collect();
    let params = AsrParams::default();
    measure("asr_calibrate", rounds.min(2), || {
        black_box(calibrate(&short, rate, &params)?);
        Ok(vec![vec![1.0]])
    })?;
    for cutoff in [20.0, 3.0] {
        let params = AsrParams { cutoff, ..AsrParams::default() };
        let calibration = calibrate(&short, rate, &params)?;
        measure(&format!("asr_{cutoff}"), rounds, || {
            let mut asr = Asr::new(&calibration, &params)?;
            let mut out = vec![Vec::new(); short.len()];
            asr.push(&short, &mut out)?;
            let report = asr.finish(&mut out)?;
            eprintln!("asr at {cutoff}: {:.3} of the samples repaired", report.repaired_share);
            Ok(out)
        })?;
    }
    Ok(())
}

fn filter(
    fir: &Fir,
    data: &Channels,
    up: usize,
    down: usize,
) -> Result<Channels, clx_signal::SignalError> {
    let mut pass = OverlapSave::resampling(fir, up, down, data.len(), Edge::Reflect)?;
    let mut out = Vec::with_capacity(data.len());
    for (i, x) in data.iter().enumerate() {
        let mut y = Vec::with_capacity(x.len() * up / down + 16);
        pass.push(i, x, &mut y);
        pass.finish(i, &mut y);
        out.push(y);
    }
    Ok(out)
}

fn measure(
    name: &str,
    rounds: usize,
    step: impl Fn() -> Result<Channels, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let mut ms = Vec::new();
    let mut result = Vec::new();
    for _ in 0..rounds {
        let start = cpu_ms();
        result = black_box(step()?);
        ms.push(format!("{:.2}", cpu_ms() - start));
    }
    print_line(name, &ms, &result);
    Ok(())
}

/// As [`measure`]; the copy is not counted.
fn measure_in_place(
    name: &str,
    rounds: usize,
    data: &Channels,
    step: impl Fn(&mut Channels) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let mut ms = Vec::new();
    let mut result = Vec::new();
    for _ in 0..rounds {
        result = data.clone();
        let start = cpu_ms();
        step(black_box(&mut result))?;
        ms.push(format!("{:.2}", cpu_ms() - start));
    }
    print_line(name, &ms, &result);
    Ok(())
}

fn print_line(name: &str, ms: &[String], result: &Channels) {
    let n: usize = result.iter().map(Vec::len).sum();
    let square: f64 = result.iter().flatten().map(|&v| f64::from(v).powi(2)).sum();
    println!("{name};{};{:e}", ms.join(","), (square / n.max(1) as f64).sqrt());
}

/// CPU time of this thread where the system tells it, else wall time.
fn cpu_ms() -> f64 {
    // The first number is nanoseconds on a processor; giving it up brings it up to date.
    std::thread::yield_now();
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = spent.and_then(|s| s.split(' ').next()?.parse::<f64>().ok());
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    spent.map_or_else(|| START.elapsed().as_secs_f64() * 1e3, |ns| ns / 1e6)
}
