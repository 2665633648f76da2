//! Extractors whose rejections are problem documents, with pointers to the part that was refused.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use clx_api::Violation;
use clx_jobs::IdempotencyKey;
use http::header::{CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// A JSON body, in or out.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "the body must be sent as `Content-Type: application/json`",
            ));
        }
        let body = bytes::Bytes::from_request(request, state).await?;
        let mut reader = serde_json::Deserializer::from_slice(&body);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let pointer = json_pointer(error.path());
            bad_json(pointer, &error.into_inner())
        })?;
        reader.end().map_err(|error| bad_json(String::new(), &error))?;
        Ok(Self(value))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|value| value.split(';').next()).map(str::trim);
    essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
}

/// Text that is not JSON is a 400; JSON of the wrong shape is a 422 that says where.
fn bad_json(pointer: String, error: &serde_json::Error) -> Problem {
    let (status, code) = match error.classify() {
        serde_json::error::Category::Data => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        _ => (StatusCode::BAD_REQUEST, "bad_json"),
    };
    let detail = error.to_string();
    let violations = match status {
        StatusCode::BAD_REQUEST => Vec::new(),
        _ => vec![Violation { pointer, code: code.to_owned(), detail: detail.clone() }],
    };
    Problem { violations, ..Problem::new(status, code, detail) }
}

fn json_pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Parts of the path.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub(crate) struct Path<T>(pub(crate) T);

/// The query string.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub(crate) struct Query<T>(pub(crate) T);

/// How long the caller is willing to wait for a job, from `Prefer: wait=10` (RFC 7240).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PreferWait(pub(crate) std::time::Duration);

impl PreferWait {
    /// Longer wishes are cut, so that a handler never outlives the request timeout.
    const MAX_S: u64 = 30;

    fn parse(headers: &HeaderMap) -> Self {
        let wishes = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
        let seconds = wishes
            .flat_map(|value| value.split(','))
            .filter_map(|wish| wish.trim().strip_prefix("wait="))
            .find_map(|seconds| seconds.trim().parse::<u64>().ok())
            .unwrap_or(0);
        Self(std::time::Duration::from_secs(seconds.min(Self::MAX_S)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PreferWait {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::parse(&parts.headers))
    }
}

/// The version a change was made against, from `If-Match`; without one the change is refused.
/// `None` stands for `*`, any version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IfMatch(pub(crate) Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let value = parts.headers.get(IF_MATCH).and_then(|value| value.to_str().ok());
        let value = value.filter(|value| !value.trim().is_empty()).ok_or_else(|| {
            Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "precondition_required",
                "send the `etag` of the version you have seen as `If-Match`",
            )
        })?;
        let version = value.trim();
        Ok(Self((version != "*").then(|| version.trim_matches('"').to_owned())))
    }
}

/// The client's promise, by `Idempotency-Key`, that a repeated request is the same request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Once(Option<String>);

impl Once {
    /// Binds the key to `route` and to everything in `request` that matters.
    pub(crate) fn covering(self, route: &str, request: &impl Serialize) -> Option<IdempotencyKey> {
        let key = self.0?;
        let canonical = serde_json::to_vec(request).unwrap_or_default();
        let digest = Sha256::digest(canonical);
        let params_hash = digest.iter().fold(String::new(), |mut text, byte| {
            text.push_str(&format!("{byte:02x}"));
            text
        });
        Some(IdempotencyKey { key, route: route.to_owned(), params_hash })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Once {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        match value.to_str().map(str::trim) {
            Ok(key) if (1..=255).contains(&key.len()) => Ok(Self(Some(key.to_owned()))),
            _ => Err(Problem::bad_request(
                "idempotency.key",
                "`Idempotency-Key` must have 1 to 255 printable ASCII characters",
            )),
        }
    }
}

/// Whether `If-None-Match` names `etag`, so that the caller has it already.
pub(crate) fn has_already(headers: &HeaderMap, etag: &str) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(|candidate| candidate.trim().trim_start_matches("W/"))
        .any(|candidate| candidate == "*" || candidate.trim_matches('"') == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefer(value: &str) -> u64 {
        let mut headers = HeaderMap::new();
        headers.insert("prefer", value.parse().unwrap());
        PreferWait::parse(&headers).0.as_secs()
    }

    #[test]
    fn prefer_wait_is_read_among_others_and_bounded() {
        assert_eq!(prefer("wait=10"), 10);
        assert_eq!(prefer("respond-async, wait=5"), 5);
        assert_eq!(prefer("wait=100000"), 30);
        assert_eq!(prefer("wait=soon"), 0);
        assert_eq!(prefer("return=minimal"), 0);
    }

    #[test]
    fn if_none_match_compares_weakly() {
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, "W/\"a\", \"b\"".parse().unwrap());
        assert!(has_already(&headers, "a") && has_already(&headers, "b"));
        assert!(!has_already(&headers, "c"));
    }
}
