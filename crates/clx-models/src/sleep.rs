//! YASA's sleep staging models: LightGBM boosters in compressed Python pickles.

use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::{Booster, ModelError};

/// Stages in the order of the probabilities.
pub const STAGES: [&str; 5] = ["N1", "N2", "N3", "R", "W"];
/// A model unpacks to about 7 MB.
const MAX_BYTES: u64 = 64 << 20;

/// Sleep stage probabilities from YASA's features.
#[derive(Clone, Debug, PartialEq)]
pub struct SleepStager {
    booster: Booster,
}

impl SleepStager {
    /// Reads one of YASA's `clf_*.joblib` files: a pickle under zlib that holds LightGBM's text.
    ///
    /// The pickle is not run: the text is found by its first and last words.
    ///
    /// # Errors
    /// [`ModelError::Malformed`] if there is no such text, or it has other than five classes.
    pub fn load(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut pickle = Vec::new();
        ZlibDecoder::new(bytes)
            .take(MAX_BYTES)
            .read_to_end(&mut pickle)
            .map_err(|error| broken(error.to_string()))?;
        let start = find(&pickle, b"tree\nversion=").ok_or_else(|| broken("no model in it"))?;
        let tail = &pickle[start..];
        let end = find(tail, b"\nend of trees\n").ok_or_else(|| broken("the model ends early"))?;
        let text = std::str::from_utf8(&tail[..end + b"\nend of trees\n".len()])
            .map_err(|error| broken(error.to_string()))?;
        let booster = Booster::parse(text)?;
        if booster.n_classes() != STAGES.len() {
            return Err(broken(format!("{} classes", booster.n_classes())));
        }
        Ok(Self { booster })
    }

    /// Names of the features in the order that [`SleepStager::predict`] takes them.
    pub fn feature_names(&self) -> &[String] {
        self.booster.feature_names()
    }

    /// Probabilities of [`STAGES`] for the features of one epoch.
    ///
    /// # Errors
    /// [`ModelError::Size`] for another number of features.
    pub fn predict(&self, features: &[f32]) -> Result<[f64; 5], ModelError> {
        let row = self.booster.predict(features)?;
        let mut out = [0.0; 5];
        out.copy_from_slice(&row);
        Ok(out)
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = wanted[0];
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|b| *b == first) {
        if bytes[from + at..].starts_with(wanted) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

fn broken(reason: impl Into<String>) -> ModelError {
    ModelError::malformed("sleep staging model", reason)
}
