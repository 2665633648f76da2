//! CPU time of the spectral and connectivity steps on 64 channels of 600 s at 250 Hz; the other side
//! of `benches/versus/eeg/spectral.py`, which runs it and compares the values.
//!
//! `spectral_steps SAMPLES RUNS`: SAMPLES holds 64 channels one after another as little-endian `f32`.
//! Prints one JSON object per step: name, milliseconds of CPU time of each run (Linux), and a few
//! values of the result.
#![expect(clippy::print_stdout, reason = "an example reports on the terminal")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails should stop")]

use clx_eeg::connectivity::{ConnectivityParams, Measure, Range, Spectrum, connectivity};
use clx_signal::fir::{self, Edge, OverlapSave};
use clx_signal::hilbert::Hilbert;
use clx_signal::multitaper::{Multitaper, MultitaperParams, Taper};
use clx_signal::tfr::{Average, Bank, Cycles, EpochAverage, Transform};
use clx_signal::welch::{Welch, WelchParams};
use clx_signal::{Band, Epochs, SampleRate};

const N_CHANNELS: usize = 64;
const EPOCH: usize = 500;

fn main() {
    let mut args = std::env::args().skip(1);
    let bytes = std::fs::read(args.next().unwrap()).unwrap();
    let runs: usize = args.next().map_or(3, |n| n.parse().unwrap());
    let samples: Vec<f32> =
        bytes.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    let channels: Vec<&[f32]> = samples.chunks_exact(samples.len() / N_CHANNELS).collect();
    report("welch", runs, || welch(&channels));
    report("multitaper", runs, || multitaper(&channels));
    report("morlet", runs, || morlet(&channels));
    report("hilbert", runs, || hilbert(&channels));
    let epochs = epochs(&channels, channels[0].len() / EPOCH);
    report("connectivity", runs, || pairs(&epochs));
}

fn rate() -> SampleRate {
    SampleRate::from_hz(250.0).unwrap()
}

/// CPU time of this process so far; one thread does everything.
fn cpu_ms() -> f64 {
    // Linux counts nanoseconds here; the figure of the wall clock would follow the machine's load.
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
}

fn report(name: &str, runs: usize, step: impl Fn() -> Vec<f64>) {
    let mut times_ms = Vec::new();
    let mut values = Vec::new();
    for _ in 0..runs {
        let start_ms = cpu_ms();
        values = step();
        times_ms.push(cpu_ms() - start_ms);
    }
    println!("{{\"step\": \"{name}\", \"ms\": {times_ms:?}, \"values\": {values:?}}}");
}

/// 2 s Hann windows, half overlapping, and five bands.
fn welch(channels: &[&[f32]]) -> Vec<f64> {
    let plan = Welch::new(rate(), WelchParams::default()).unwrap();
    let mut values = Vec::new();
    for x in channels {
        let mut welch = plan.fresh();
        welch.push(x);
        let psd = welch.finish().unwrap();
        values.extend(Band::OVERVIEW.map(|b| psd.band_power(b)));
    }
    values
}

/// 300 epochs of 2 s, 4 Hz wide, every bin; the mean over epochs.
fn multitaper(channels: &[&[f32]]) -> Vec<f64> {
    let taper = Taper::Dpss { bandwidth_hz: Some(4.0), low_bias: true };
    let params = MultitaperParams { taper, ..MultitaperParams::default() };
    let mut plan = Multitaper::new(rate(), EPOCH, params).unwrap();
    let mut density = vec![0.0; plan.freqs_hz().len()];
    let mut values = Vec::new();
    for x in channels {
        let mut sum = 0.0;
        for epoch in x.chunks_exact(EPOCH) {
            plan.density(epoch, &mut density).unwrap();
            sum += density[20];
        }
        values.push(sum);
    }
    values
}

/// 60 epochs of 2 s, 2 to 40 Hz, half a cycle per hertz; mean power.
fn morlet(channels: &[&[f32]]) -> Vec<f64> {
    let freqs: Vec<f64> = (2..=40).map(f64::from).collect();
    let cycles = Cycles::Each(freqs.iter().map(|f| f / 2.0).collect());
    let bank = Bank::morlet(rate(), &freqs, &cycles, false).unwrap();
    let mut transform = Transform::new(&bank, EPOCH).unwrap();
    let mut values = Vec::new();
    for x in channels {
        let mut average = EpochAverage::new(&transform, Average::Power);
        for epoch in x.chunks_exact(EPOCH).take(60) {
            average.push(&mut transform, epoch).unwrap();
        }
        values.push(average.power()[8 * EPOCH + 250]);
    }
    values
}

/// 8-13 Hz zero-phase FIR and the envelope of the whole recording.
fn hilbert(channels: &[&[f32]]) -> Vec<f64> {
    let n = channels[0].len();
    let design = fir::design_bandpass(rate(), Some(8.0), Some(13.0)).unwrap();
    let mut filter = OverlapSave::new(&design, channels.len(), Edge::Reflect);
    let mut hilbert = Hilbert::new(n, n).unwrap();
    let (mut filtered, mut envelope) = (Vec::with_capacity(n), vec![0.0; n]);
    let mut values = Vec::new();
    for (i, x) in channels.iter().enumerate() {
        filtered.clear();
        filter.push(i, x, &mut filtered);
        filter.finish(i, &mut filtered);
        hilbert.envelope(&filtered, &mut envelope).unwrap();
        values.push(envelope[n / 2]);
    }
    values
}

fn epochs(channels: &[&[f32]], n_epochs: usize) -> Epochs {
    let samples = (0..n_epochs)
        .flat_map(|e| channels.iter().flat_map(move |x| &x[e * EPOCH..(e + 1) * EPOCH]))
        .copied()
        .collect();
    Epochs::from_samples(rate(), 0.0, N_CHANNELS, EPOCH, samples).unwrap()
}

/// 300 epochs of 2 s, four bands, four measures, multitaper.
fn pairs(epochs: &Epochs) -> Vec<f64> {
    let names: Vec<String> = (0..N_CHANNELS).map(|i| i.to_string()).collect();
    let band = |fmin_hz, fmax_hz| Range { name: "band".to_owned(), fmin_hz, fmax_hz };
    let params = ConnectivityParams {
        spectrum: Spectrum::Multitaper { bandwidth_hz: None },
        measures: vec![
            Measure::WeightedPhaseLagIndex,
            Measure::Coherence,
            Measure::ImaginaryCoherence,
            Measure::PhaseLockingValue,
        ],
        bands: vec![band(4.0, 7.9), band(8.0, 12.9), band(13.0, 29.9), band(30.0, 45.1)],
        surrogates: None,
    };
    let result = connectivity(epochs, &names, &params).unwrap();
    result.results.iter().map(|r| r.values.get(40, 7).unwrap()).collect()
}
