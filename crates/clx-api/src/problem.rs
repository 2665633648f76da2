use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An error answer, as RFC 9457 has it (`application/problem+json`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Address of the page that explains `code`.
    #[serde(rename = "type")]
    #[schema(example = "https://clisonix.dev/problems/recording.not_found")]
    pub kind: String,
    /// Short name of the kind of problem, the same for every occurrence.
    #[schema(example = "Not found")]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// Stable dotted code to branch on.
    #[schema(example = "recording.not_found")]
    pub code: String,
    /// What was wrong, what was got and what would work.
    pub detail: String,
    /// The parts of the request that were refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub violations: Vec<Violation>,
    /// Name of this request in the server's log; also in the `x-request-id` header.
    pub request_id: String,
}

/// One part of a request that was refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Violation {
    /// Where: a JSON pointer into the body, or `?name` for a query parameter.
    #[schema(example = "/params/duration_s")]
    pub pointer: String,
    pub code: String,
    pub detail: String,
}
