//! Models from the public packages against the programs that run them there (`fixtures/models.py`).
#![expect(clippy::unwrap_used, reason = "a failed unwrap in a helper is a failed test")]

mod iclabel;
mod sleep;

use std::path::{Path, PathBuf};

/// A model's bytes from the folder that `clisonix models pull` fills: `CLX_MODELS`, or `data/models` of
/// the project. `None` with a loud note when it is absent.
fn model_bytes(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("CLX_MODELS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/models"),
        PathBuf::from,
    );
    let model = clx_models::model(name).unwrap();
    let path = folder.join(model.file_name());
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("SKIPPED: no {}; `clisonix models pull {name}` gets it", path.display());
        return None;
    };
    model.verify(&bytes).unwrap();
    Some(bytes)
}
