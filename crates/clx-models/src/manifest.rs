//! The list of models: `models.toml`, compiled in.

use std::sync::LazyLock;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::ModelError;

static MANIFEST: LazyLock<Vec<Model>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("models.toml")).expect("a test parses this file");
    file.model
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    model: Vec<Model>,
}

/// One model: a file in a public Python package.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// What it is called here: `iclabel`.
    pub name: String,
    /// What it does, one sentence.
    pub purpose: String,
    pub package: String,
    pub version: String,
    /// File name of the package's wheel.
    pub archive: String,
    pub archive_sha256: String,
    /// Path of the file in the wheel.
    pub path: String,
    pub sha256: String,
    pub size_bytes: u64,
    pub licence: String,
    pub citation: String,
    /// What happens without it, one sentence.
    pub fallback: String,
}

/// Every model that can be had, in the order of `models.toml`.
pub fn manifest() -> &'static [Model] {
    &MANIFEST
}

/// The model called `name`.
///
/// ```
/// assert_eq!(clx_models::model("iclabel").unwrap().package, "mne-icalabel");
/// assert!(clx_models::model("nothing").is_none());
/// ```
pub fn model(name: &str) -> Option<&'static Model> {
    manifest().iter().find(|model| model.name == name)
}

impl Model {
    /// What the file is called in a folder of models.
    pub fn file_name(&self) -> String {
        let extension = self.path.rsplit_once('.').map_or("bin", |(_, extension)| extension);
        format!("{}-{}.{extension}", self.name, self.version)
    }

    /// Whether `bytes` are the package's wheel.
    ///
    /// # Errors
    /// [`ModelError::Checksum`] with both sums.
    pub fn verify_archive(&self, bytes: &[u8]) -> Result<(), ModelError> {
        check("the archive", &self.archive_sha256, bytes)
    }

    /// Whether `bytes` are the model's file.
    ///
    /// # Errors
    /// [`ModelError::Checksum`] with both sums.
    pub fn verify(&self, bytes: &[u8]) -> Result<(), ModelError> {
        check("the model", &self.sha256, bytes)
    }
}

fn check(what: &'static str, expected: &str, bytes: &[u8]) -> Result<(), ModelError> {
    let got = hex::encode(Sha256::digest(bytes));
    if got == expected {
        return Ok(());
    }
    Err(ModelError::Checksum { what, expected: expected.to_owned(), got })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_entry_is_complete_and_named_once() {
        let names: HashSet<&str> = manifest().iter().map(|m| m.name.as_str()).collect();
        assert_eq!(names.len(), manifest().len());
        assert!(names.contains("iclabel") && names.contains("sleep_eeg_eog_emg_demo"));
        for m in manifest() {
            assert!(m.sha256.len() == 64 && m.archive_sha256.len() == 64, "{}", m.name);
            assert!(m.archive.contains(&m.version) && m.archive.ends_with(".whl"), "{}", m.name);
            assert!(m.fallback.ends_with('.') && m.purpose.ends_with('.'), "{}", m.name);
            assert!(!m.licence.is_empty() && m.size_bytes > 0);
        }
    }

    #[test]
    fn another_file_is_not_taken_for_the_model() {
        let error = model("iclabel").unwrap().verify(b"").unwrap_err().to_string();
        // The well-known sum of nothing.
        assert!(error.contains("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    }
}
