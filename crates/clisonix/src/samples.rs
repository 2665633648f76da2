//! Two recordings made by our own generators, so that the first insight needs no file.

use std::io::Cursor;

use anyhow::{Context, Result};
use bytes::Bytes;
use clx_accounts::Caller;
use clx_formats::edf;
use clx_formats::encode::{AudioFormat, Encoder, Metadata};
use clx_jobs::{Library, NewRecording, Recording, RecordingFilter};
use clx_signal::synth;

/// Same seed, same samples, on every installation.
const SEED: u64 = 20_261_122;

/// Adds the samples to a library that has no recording yet.
pub(crate) async fn add(library: &Library, caller: &Caller) -> Result<()> {
    let listing = library.recordings.list(caller, RecordingFilter::default()).await?;
    if !listing.data.is_empty() {
        return Ok(());
    }
    let (eeg, song) = tokio::task::spawn_blocking(|| Ok::<_, anyhow::Error>((eeg()?, song()?)))
        .await
        .context("making the samples")??;
    put(library, caller, "sample-eeg.edf", "Sample EEG: eyes open, then closed (synthetic)", eeg)
        .await?;
    put(library, caller, "sample-song.flac", "Sample song in A minor (synthetic)", song).await?;
    Ok(())
}

async fn put(
    library: &Library,
    caller: &Caller,
    filename: &str,
    title: &str,
    bytes: Vec<u8>,
) -> Result<Recording> {
    let new = NewRecording {
        filename: filename.to_owned(),
        title: Some(title.to_owned()),
        synthetic: true,
        ..NewRecording::default()
    };
    let body = futures::stream::iter([Ok(Bytes::from(bytes))]);
    Ok(library.recordings.put(caller, new, body, None).await?.into_inner())
}

/// A minute of EEG with eyes open, then closed, as EDF+.
fn eeg() -> Result<Vec<u8>> {
    let (recording, _truth) = synth::eeg_sample(SEED);
    Ok(edf::write_recording(Vec::new(), &recording, &edf::WriteOptions::default())?)
}

/// The sample song as FLAC.
fn song() -> Result<Vec<u8>> {
    let song = clx_music::sample_song();
    let metadata = Metadata {
        title: "Sample song".to_owned(),
        artist: "Clisonix".to_owned(),
        comment: "Synthetic".to_owned(),
        software: clx_music::GENERATOR.to_owned(),
        seed: SEED,
    };
    let sound = &song.waveform;
    let channels: Vec<&[f32]> = sound.channels().iter().map(Vec::as_slice).collect();
    let sink = Cursor::new(Vec::new());
    let mut encoder =
        Encoder::new(sink, AudioFormat::Flac, sound.rate(), channels.len(), None, metadata)?;
    encoder.write(&channels)?;
    Ok(encoder.finish()?.into_inner())
}
