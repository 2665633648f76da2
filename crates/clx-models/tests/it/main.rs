//! Models from the public packages against the programs that run them there (`fixtures/models.py`).
#![expect(clippy::unwrap_used, reason = "a failed unwrap in a helper is a failed test")]

mod iclabel;
mod sleep;

/// A model's verified bytes; `None` with a loud note when it is absent.
fn model_bytes(name: &str) -> Option<Vec<u8>> {
    let model = clx_models::model(name).unwrap();
    let bytes = clx_testkit::model_file(&model.file_name())?;
    model.verify(&bytes).unwrap();
    Some(bytes)
}
