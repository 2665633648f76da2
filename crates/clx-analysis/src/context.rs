use std::fmt;
use std::io::{self, Seek, Write};

use clx_models::Model;

use crate::AnalysisError;

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress<'a> {
    /// 0..=1.
    pub fraction: f32,
    /// Lower-case word for what happens now: `reading`, `composing`.
    pub stage: &'a str,
}

/// A file being written by an analysis.
pub trait ArtifactWrite: Write + Seek + Send {}

impl<T: Write + Seek + Send> ArtifactWrite for T {}

/// Where an analysis puts the files it makes. The caller decides whether that is a folder or a
/// staging area; a file counts only when the run succeeds.
pub trait ArtifactSink {
    /// # Errors
    /// Whatever the file system says.
    fn create(&self, name: &str, media_type: &str) -> io::Result<Box<dyn ArtifactWrite>>;
}

/// Where trained models are kept. An analysis that finds none says so and does without.
pub trait ModelSource {
    /// The bytes of a model; `None` if it was never fetched.
    ///
    /// # Errors
    /// Whatever the file system says.
    fn read(&self, model: &Model) -> io::Result<Option<Vec<u8>>>;
}

/// A place without any model.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoModels;

impl ModelSource for NoModels {
    fn read(&self, _: &Model) -> io::Result<Option<Vec<u8>>> {
        Ok(None)
    }
}

/// What a run may ask of its caller.
pub struct Context<'a> {
    pub progress: &'a dyn Fn(Progress<'_>),
    /// Asked at least every few hundred milliseconds of work.
    pub cancelled: &'a dyn Fn() -> bool,
    pub artifacts: &'a dyn ArtifactSink,
    pub models: &'a dyn ModelSource,
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}

impl Context<'_> {
    /// Reports progress and stops the run if its caller gave it up.
    ///
    /// # Errors
    /// [`AnalysisError::Cancelled`].
    pub fn step(&self, fraction: f64, stage: &str) -> Result<(), AnalysisError> {
        if (self.cancelled)() {
            return Err(AnalysisError::Cancelled);
        }
        (self.progress)(Progress { fraction: fraction.clamp(0.0, 1.0) as f32, stage });
        Ok(())
    }

    pub(crate) fn create(
        &self,
        name: &str,
        media_type: &str,
    ) -> Result<Box<dyn ArtifactWrite>, AnalysisError> {
        self.artifacts
            .create(name, media_type)
            .map_err(|source| AnalysisError::Artifact { name: name.to_owned(), source })
    }

    /// The verified bytes of the model called `name`; `None` if it was never fetched.
    pub(crate) fn model(&self, name: &str) -> Result<Option<Vec<u8>>, AnalysisError> {
        let Some(model) = clx_models::model(name) else { return Ok(None) };
        let read = self.models.read(model);
        let bytes =
            read.map_err(|source| AnalysisError::ModelRead { name: name.to_owned(), source })?;
        if let Some(bytes) = &bytes {
            model.verify(bytes)?;
        }
        Ok(bytes)
    }
}
