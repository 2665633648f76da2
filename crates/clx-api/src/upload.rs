use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A resumable upload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Upload {
    #[schema(example = "upl_01k9zq3v8efb5rj6m1t0yx7c2d")]
    pub id: String,
    pub filename: String,
    /// Bytes received so far.
    #[schema(minimum = 0)]
    pub offset_bytes: u64,
    #[schema(minimum = 0)]
    pub size_bytes: u64,
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When an unfinished upload is thrown away.
    #[schema(format = DateTime)]
    pub expires_at: String,
    /// Present when the upload is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub recording_id: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// `ok`; anything else is an error answer.
    pub status: String,
    pub version: String,
}
