use std::io;
use std::path::{Path, PathBuf};

use clx_analysis::ModelSource;
use clx_models::Model;

/// The folder that `clisonix models pull` fills.
#[derive(Clone, Debug)]
pub struct ModelFolder(PathBuf);

impl ModelFolder {
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Where a model lies, whether it is there or not.
    pub fn path_of(&self, model: &Model) -> PathBuf {
        self.0.join(model.file_name())
    }
}

impl ModelSource for ModelFolder {
    fn read(&self, model: &Model) -> io::Result<Option<Vec<u8>>> {
        match std::fs::read(self.path_of(model)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_was_never_fetched_is_absent_and_not_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let models = ModelFolder::new(folder.path());
        let model = &clx_models::manifest()[0];
        assert!(models.read(model).unwrap().is_none());
        std::fs::write(models.path_of(model), b"weights").unwrap();
        assert_eq!(models.read(model).unwrap().as_deref(), Some(&b"weights"[..]));
    }
}
