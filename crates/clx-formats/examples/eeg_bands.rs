//! Band powers of every channel of an EDF or BDF file: read, filter 1-40 Hz, Welch, five bands.
//!
//! `cargo run --release --example eeg_bands -- FILE` prints one line per channel, in V². The file
//! streams through in blocks of 4 s; this is what `benches/versus/eeg` compares with MNE-Python.
#![expect(clippy::print_stdout, reason = "the program's output is its result")]

use std::error::Error;
use std::fs::File;

use clx_formats::{Source, open};
use clx_signal::fir::{Edge, OverlapSave, design_bandpass};
use clx_signal::welch::{Welch, WelchParams};
use clx_signal::{Band, ChannelKind};

const BLOCK_S: f64 = 4.0;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: eeg_bands FILE")?;
    let Source::Recording(mut reader) = open(Box::new(File::open(&path)?))? else {
        return Err("the file holds sound, not EEG".into());
    };
    let channels = reader.header().channels.clone();
    let picks: Vec<usize> =
        (0..channels.len()).filter(|&i| channels[i].kind == ChannelKind::Eeg).collect();
    let first = *picks.first().ok_or("the file has no EEG channel")?;
    let rate = channels[first].rate;
    if picks.iter().any(|&i| channels[i].rate != rate) {
        return Err("the EEG channels differ in rate".into());
    }

    let mut filter = OverlapSave::new(
        &design_bandpass(rate, Some(1.0), Some(40.0))?,
        picks.len(),
        Edge::Reflect,
    );
    let plan = Welch::new(rate, WelchParams::default())?;
    let mut spectra: Vec<Welch> = picks.iter().map(|_| plan.fresh()).collect();
    let mut filtered = Vec::new();
    for block in reader.blocks(&picks, BLOCK_S) {
        for (i, samples) in block?.samples.iter().enumerate() {
            filtered.clear();
            filter.push(i, samples, &mut filtered);
            spectra[i].push(&filtered);
        }
    }
    for (i, mut welch) in spectra.into_iter().enumerate() {
        filtered.clear();
        filter.finish(i, &mut filtered);
        welch.push(&filtered);
        let psd = welch.finish()?;
        let powers = Band::OVERVIEW.map(|band| format!("{:e}", psd.band_power(band)));
        println!("{},{}", channels[picks[i]].name, powers.join(","));
    }
    Ok(())
}
