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
    /// `en`, `sq`, `tr`, `it`, `es`, `de` or `fr`.
    #[serde(default = "english")]
    #[schema(default = "en", example = "en", pattern = "^(en|sq|tr|it|es|de|fr)$")]
    pub lang: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub title: Option<String>,
}

fn english() -> String {
    "en".to_owned()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReportFormat {
    Pdf,
    Xlsx,
}
