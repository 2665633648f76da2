//! Plays a composition into every file that was asked for, at once.

use std::ops::ControlFlow;

use clx_formats::encode::{AudioFormat, EncodeError, Encoder, Metadata};
use clx_music::{Composition, GENERATOR, RenderError, RenderOptions};
use clx_signal::SampleRate;

use super::Params;
use crate::{AnalysisError, ArtifactWrite, Context};

/// The one rate that all three formats take.
pub(super) const RATE_HZ: u32 = 48_000;
const N_CHANNELS: usize = 2;

pub(super) struct Rendered {
    pub(super) integrated_lufs: Option<f64>,
    pub(super) true_peak_dbtp: Option<f64>,
    pub(super) files: Vec<String>,
}

struct File {
    name: String,
    encoder: Encoder<Box<dyn ArtifactWrite>>,
}

pub(super) fn track(
    composition: &Composition,
    params: &Params,
    cx: &Context<'_>,
) -> Result<Rendered, AnalysisError> {
    let mut files = open(composition, params, cx)?;
    let mut progress = |progress: clx_music::Progress| match cx
        .step(f64::from(progress.fraction) * 0.99, progress.stage)
    {
        Ok(()) => ControlFlow::Continue(()),
        Err(_cancelled) => ControlFlow::Break(()),
    };
    let mut sink =
        |block: &[&[f32]]| files.iter_mut().try_for_each(|file| file.encoder.write(block));
    let outcome =
        clx_music::render(composition, RenderOptions::at(RATE_HZ), &mut progress, &mut sink)
            .map_err(render_error)?;
    let mut names = Vec::new();
    for file in files {
        file.encoder.finish().map_err(encode_error)?;
        names.push(file.name);
    }
    Ok(Rendered {
        // A track without sound has no loudness.
        integrated_lufs: Some(outcome.level_lufs).filter(|v| v.is_finite()),
        true_peak_dbtp: Some(outcome.true_peak_dbtp).filter(|v| v.is_finite()),
        files: names,
    })
}

fn open(
    composition: &Composition,
    params: &Params,
    cx: &Context<'_>,
) -> Result<Vec<File>, AnalysisError> {
    if params.formats.is_empty() {
        return Err(AnalysisError::Params(
            "formats must name at least one of wav, flac, opus".into(),
        ));
    }
    let rate = SampleRate::from_hz(f64::from(RATE_HZ))?;
    let mut files: Vec<File> = Vec::new();
    for format in params.formats.iter().map(|f| AudioFormat::from(*f)) {
        let name = format!("track.{}", format.extension());
        if files.iter().any(|file| file.name == name) {
            continue;
        }
        let sink = cx.create(&name, format.media_type())?;
        let metadata = metadata(composition);
        let encoder = Encoder::new(sink, format, rate, N_CHANNELS, None, metadata);
        files.push(File { name, encoder: encoder.map_err(encode_error)? });
    }
    Ok(files)
}

fn metadata(composition: &Composition) -> Metadata {
    Metadata {
        title: composition.title.clone(),
        artist: "Clisonix".to_owned(),
        comment: "Not a medical device. Not for use while driving.".to_owned(),
        software: GENERATOR.to_owned(),
        seed: composition.brief.seed,
    }
}

fn render_error(error: RenderError<EncodeError>) -> AnalysisError {
    match error {
        RenderError::Music(error) => error.into(),
        RenderError::Sink(error) => encode_error(error),
        _ => AnalysisError::Cancelled,
    }
}

fn encode_error(error: EncodeError) -> AnalysisError {
    let source = match error {
        EncodeError::Io(source) => source,
        other => std::io::Error::other(other),
    };
    AnalysisError::Artifact { name: "track".to_owned(), source }
}
