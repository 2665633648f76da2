use clx_formats::{AudioReader, RecordingReader, Source};
use serde::de::DeserializeOwned;

use crate::{AnalysisError, ResultEnvelope};

/// What an analysis is given.
#[derive(Debug, Default)]
pub struct Inputs {
    pub source: Option<Source>,
    /// Earlier results, for analyses that build on them.
    pub results: Vec<ResultEnvelope>,
}

impl Inputs {
    pub fn of(source: Source) -> Self {
        Self { source: Some(source), results: Vec::new() }
    }

    pub(crate) fn recording(self) -> Result<RecordingReader, AnalysisError> {
        match self.source {
            Some(Source::Recording(reader)) => Ok(reader),
            Some(Source::Audio(reader)) => Err(AnalysisError::Input(format!(
                "this analysis needs an EEG recording, got {} audio; audio.overview reads it",
                reader.format().name()
            ))),
            None => Err(AnalysisError::Input("this analysis needs an EEG recording".to_owned())),
        }
    }

    pub(crate) fn audio(self) -> Result<AudioReader, AnalysisError> {
        match self.source {
            Some(Source::Audio(reader)) => Ok(reader),
            Some(Source::Recording(reader)) => Err(AnalysisError::Input(format!(
                "this analysis needs audio, got an {} recording; eeg.overview reads it",
                reader.format().name()
            ))),
            None => Err(AnalysisError::Input("this analysis needs an audio file".to_owned())),
        }
    }

    /// The output of the latest given result of `analysis`.
    pub(crate) fn result<T: DeserializeOwned>(
        &self,
        analysis: &str,
    ) -> Result<Option<T>, AnalysisError> {
        let Some(envelope) = self.results.iter().rev().find(|r| r.analysis == analysis) else {
            return Ok(None);
        };
        serde_json::from_value(envelope.output.clone()).map(Some).map_err(|error| {
            AnalysisError::Input(format!(
                "the {analysis} result made by version {} cannot be read: {error}; run it again",
                envelope.version
            ))
        })
    }
}
