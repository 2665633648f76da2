//! What a run hands back to be committed.

use clx_store::BlobRef;
use clx_store::rows::recording::Contents;

/// Everything a successful run made; its bytes are already in their place.
#[derive(Debug, Default)]
pub(crate) struct Made {
    pub(crate) result: Option<BlobRef>,
    pub(crate) files: Vec<MadeFile>,
    /// What reading a recording found out, with the blobs it refers to.
    pub(crate) contents: Option<(Contents, Vec<BlobRef>)>,
    /// The analysis that follows by itself.
    pub(crate) next: Option<&'static str>,
}

/// An artefact.
#[derive(Debug)]
pub(crate) struct MadeFile {
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) blob: BlobRef,
    pub(crate) duration_s: Option<f64>,
}

/// Why a run made nothing.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Asked to stop, by a person or because the lease was lost.
    Stopped,
    /// Another attempt would end the same way.
    Final { code: &'static str, message: String },
    /// Another attempt may succeed.
    Passing { code: &'static str, message: String },
}

impl Fault {
    pub(crate) fn passing(error: impl std::fmt::Display) -> Self {
        Self::Passing { code: "not_stored", message: error.to_string() }
    }
}
