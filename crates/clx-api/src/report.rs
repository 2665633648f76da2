use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateReport {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_id: Option<String>,
    /// Finished jobs whose results are reported, in this order; left out, all latest results of
    /// the recording.
    #[serde(default)]
    #[schema(max_items = 16)]
    pub job_ids: Vec<String>,
    pub format: ReportFormat,
    /// English if left out.
    #[serde(default)]
    pub lang: Language,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    /// Printable characters, not only spaces.
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
    )]
    pub title: Option<String>,
}

/// A language that documents are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    En,
    Sq,
    Tr,
    It,
    Es,
    De,
    Fr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReportFormat {
    Pdf,
    Xlsx,
}
