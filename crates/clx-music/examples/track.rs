//! Renders one track to a file and says how long it took.
//!
//! `track MODE STIMULUS SECONDS RATE_HZ SEED FILE.{wav,flac,opus}`; `track song FILE` writes the
//! sample song instead. The comparison scripts under `benches/versus/music` drive it.

use std::fs::File;
use std::io::BufWriter;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, bail};
use clx_formats::encode::{AudioFormat, Encoder, Metadata};
use clx_music::brief::{Brief, Mode, Stimulus};
use clx_music::{GENERATOR, RenderOptions, compose, render, sample_song};
use clx_signal::SampleRate;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["song", file] => write_song(file),
        [mode, stimulus, seconds, rate, seed, file] => {
            let brief = Brief::preset(
                named(&Mode::ALL, Mode::name, mode)?,
                None,
                None,
                seconds.parse()?,
                named(&Stimulus::ALL, Stimulus::name, stimulus)?,
                seed.parse()?,
            );
            write_track(&brief, rate.parse()?, file)
        }
        _ => bail!("usage: track MODE STIMULUS SECONDS RATE_HZ SEED FILE | track song FILE"),
    }
}

fn named<T: Copy>(all: &[T], name: fn(T) -> &'static str, wanted: &str) -> anyhow::Result<T> {
    all.iter().copied().find(|&v| name(v) == wanted).with_context(|| format!("no {wanted}"))
}

fn encoder(
    file: &str,
    rate_hz: f64,
    title: &str,
    seed: u64,
) -> anyhow::Result<Encoder<BufWriter<File>>> {
    let ending = Path::new(file).extension().and_then(|e| e.to_str()).unwrap_or_default();
    let format = AudioFormat::ALL
        .into_iter()
        .find(|f| f.extension() == ending)
        .with_context(|| format!("no format has the ending {ending:?}"))?;
    let metadata = Metadata {
        title: title.into(),
        artist: "Clisonix".into(),
        comment: String::new(),
        software: GENERATOR.into(),
        seed,
    };
    let sink = BufWriter::new(File::create(file)?);
    Ok(Encoder::new(sink, format, SampleRate::from_hz(rate_hz)?, 2, None, metadata)?)
}

fn write_track(brief: &Brief, rate_hz: u32, file: &str) -> anyhow::Result<()> {
    let start = Instant::now();
    let score = compose(brief)?;
    let mut encoder = encoder(file, f64::from(rate_hz), &score.title, brief.seed)?;
    let outcome = render(
        &score,
        RenderOptions::at(rate_hz),
        &mut |_| ControlFlow::Continue(()),
        &mut |block| encoder.write(block),
    )?;
    encoder.finish()?;
    let seconds = start.elapsed().as_secs_f64();
    eprintln!("{}: {outcome:?}", score.title);
    eprintln!("{seconds:.2} s, {:.0} times real time", brief.duration_s / seconds);
    Ok(())
}

fn write_song(file: &str) -> anyhow::Result<()> {
    let song = sample_song();
    let rate_hz = song.waveform.rate().hz();
    let mut encoder = encoder(file, rate_hz, "Sample song in A minor, 96 BPM (synthetic)", 0)?;
    let channels: Vec<&[f32]> = song.waveform.channels().iter().map(Vec::as_slice).collect();
    encoder.write(&channels)?;
    encoder.finish()?;
    eprintln!("{:?}", song.truth.key);
    Ok(())
}
