use clx_store::{RecordingId, UploadId};

/// A resumable upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub id: UploadId,
    pub filename: String,
    pub length_bytes: u64,
    /// Bytes that are safely on disk; the next part starts here.
    pub offset_bytes: u64,
    /// Present when the upload is complete.
    pub recording: Option<RecordingId>,
    pub created_at_ms: i64,
    pub expires_at_ms: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewUpload {
    pub filename: String,
    pub length_bytes: u64,
    pub keep_identity: bool,
}
