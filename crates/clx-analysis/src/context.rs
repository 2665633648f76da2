use std::fmt;
use std::io::{self, Seek, Write};

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

/// What a run may ask of its caller.
pub struct Context<'a> {
    pub progress: &'a dyn Fn(Progress<'_>),
    /// Asked at least every few hundred milliseconds of work.
    pub cancelled: &'a dyn Fn() -> bool,
    pub artifacts: &'a dyn ArtifactSink,
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
}
