//! Small trained models: where they come from, and running them from bytes.
//!
//! The weights are not part of the product. [`manifest()`] names for every model the public package
//! that ships it, the checksums, the licence, and what happens without it: every model is optional.
//! Nothing here reads files or the network; bytes come in. Their owner has them checked by
//! [`Model::verify_archive`] and [`Model::verify`] before they are parsed, and the parsers bound what
//! they allocate all the same.

mod archive;
mod error;
mod iclabel;
mod lightgbm;
mod manifest;
mod onnx;
mod sleep;

pub use archive::extract;
pub use error::ModelError;
pub use iclabel::{IclabelInput, IclabelNet};
pub use lightgbm::Booster;
pub use manifest::{Model, manifest, model};
pub use sleep::{STAGES, SleepStager};
