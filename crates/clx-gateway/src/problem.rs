//! The one place that turns errors into answers: status, stable code and words.
//!
//! Services return their own errors; `From` below maps each to a [`Problem`]. Anything without a
//! mapping of its own becomes a 500 whose cause goes to the log and not to the caller. The body is
//! written by [`crate::edge`], which knows the request id and also gives a body to the bare error
//! answers of the framework.

use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::response::{IntoResponse, Response};
use clx_accounts::AccountsError;
use clx_api::Violation;
use clx_jobs::JobsError;
use clx_store::StoreError;
use http::StatusCode;
use http::header::{CONTENT_RANGE, RETRY_AFTER, WWW_AUTHENTICATE};

/// An error answer before it is written out.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub detail: String,
    pub violations: Vec<Violation>,
    pub retry_after_s: Option<u64>,
    /// Size of the content, for a range that lies outside of it.
    pub content_size: Option<u64>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            violations: Vec::new(),
            retry_after_s: None,
            content_size: None,
        }
    }

    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("there is no such {what}"))
    }

    pub fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "sign in, or send an API key as `Authorization: Bearer ck_live_…`",
        )
    }

    /// The request is well formed, and one part of it cannot be accepted.
    pub fn invalid(pointer: &str, code: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let violation = Violation {
            pointer: pointer.to_owned(),
            code: code.to_owned(),
            detail: detail.clone(),
        };
        Self {
            violations: vec![violation],
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail)
        }
    }

    /// A query parameter that cannot be used.
    pub fn bad_query(name: &str, detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: "bad_query",
            ..Self::invalid(&format!("?{name}"), "bad_query", detail)
        }
    }

    pub fn too_many(retry_after_s: u64) -> Self {
        Self {
            retry_after_s: Some(retry_after_s),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_attempts",
                format!("too many attempts, try again in {retry_after_s} s"),
            )
        }
    }

    pub fn range_not_satisfiable(content_size: u64) -> Self {
        Self {
            content_size: Some(content_size),
            ..Self::new(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "range_not_satisfiable",
                format!("the range lies outside of the {content_size} bytes there are"),
            )
        }
    }

    /// Something only the operator can act on: logged here, and not told to the caller.
    pub fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        let mut text = cause.to_string();
        let mut next = cause.source();
        while let Some(source) = next {
            text.push_str(": ");
            text.push_str(&source.to_string());
            next = source.source();
        }
        tracing::error!(error = %text, "request failed");
        Self::from_status(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// For answers of the framework that carry a status and nothing else.
    pub fn from_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => ("not_found", "there is nothing at this address"),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method_not_allowed", "this address does not take that method; see `Allow`")
            }
            StatusCode::PAYLOAD_TOO_LARGE => ("body_too_large", "the body is too large"),
            StatusCode::REQUEST_TIMEOUT => ("timeout", "the request took too long"),
            StatusCode::SERVICE_UNAVAILABLE => ("unavailable", "not ready to answer, try again"),
            status if status.is_server_error() => {
                ("internal", "something failed on our side; the request id finds it in the log")
            }
            _ => ("bad_request", "the request cannot be answered"),
        };
        Self::new(status, code, detail)
    }

    /// The document as it goes over the wire.
    pub fn document(&self, request_id: &str) -> clx_api::Problem {
        clx_api::Problem {
            kind: format!("https://clisonix.dev/problems/{}", self.code),
            title: title(self.status).to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail.clone(),
            violations: self.violations.clone(),
            request_id: request_id.to_owned(),
        }
    }
}

fn title(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Error")
}

impl IntoResponse for Problem {
    /// Status and headers; the body is added on the way out, see [`crate::edge`].
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after_s {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, http::HeaderValue::from_static("Bearer"));
        }
        if let Some(size) = self.content_size
            && let Ok(value) = http::HeaderValue::from_str(&format!("bytes */{size}"))
        {
            headers.insert(CONTENT_RANGE, value);
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        match rejection {
            JsonRejection::MissingJsonContentType(_) => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "the body must be sent as `Content-Type: application/json`",
            ),
            JsonRejection::BytesRejection(bytes) => bytes.into(),
            other => Self::bad_request("bad_json", other.body_text()),
        }
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::from_status(StatusCode::PAYLOAD_TOO_LARGE),
            _ => Self::bad_request("bad_body", "the body could not be read to its end"),
        }
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad_request("bad_query", rejection.body_text())
    }
}

impl From<PathRejection> for Problem {
    /// A malformed id names nothing, which is the same to the caller as an unknown one.
    fn from(_: PathRejection) -> Self {
        Self::not_found("resource")
    }
}

impl From<AccountsError> for Problem {
    fn from(error: AccountsError) -> Self {
        match error {
            AccountsError::Unauthenticated => Self::unauthenticated(),
            AccountsError::Forbidden { needed } => forbidden(needed),
            AccountsError::NeedsSession => {
                Self::new(StatusCode::FORBIDDEN, "session_required", error.to_string())
            }
            AccountsError::NotFound(what) => Self::not_found(what),
            AccountsError::Invalid { field, message } => {
                Self::invalid(&format!("/{field}"), "invalid", message)
            }
            AccountsError::Busy => Self {
                retry_after_s: Some(1),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", error.to_string())
            },
            other => Self::internal(&other),
        }
    }
}

impl From<JobsError> for Problem {
    fn from(error: JobsError) -> Self {
        let text = error.to_string();
        match error {
            JobsError::NotFound(what) => Self::not_found(what),
            JobsError::Forbidden { needed } => forbidden(needed),
            JobsError::Invalid { field: "cursor", message } => {
                Self::bad_query("cursor", format!("cursor {message}"))
            }
            JobsError::Invalid { field, message } => {
                Self::invalid(&format!("/{field}"), "invalid", message)
            }
            JobsError::Conflict(_) => Self::new(StatusCode::CONFLICT, "conflict", text),
            JobsError::Offset { .. } => Self::new(StatusCode::CONFLICT, "upload.offset", text),
            JobsError::TooLarge { .. } => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", text)
            }
            JobsError::PreconditionFailed { .. } => {
                Self::new(StatusCode::PRECONDITION_FAILED, "precondition_failed", text)
            }
            JobsError::IdempotencyMismatch => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency.mismatch", text)
            }
            JobsError::IdempotencyBusy => Self::new(StatusCode::CONFLICT, "idempotency.busy", text),
            JobsError::Unsupported(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unsupported_format", text)
            }
            JobsError::Body(_) => Self::bad_request("bad_body", text),
            other => Self::internal(&other),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::internal(&error)
    }
}

fn forbidden(needed: clx_accounts::Role) -> Problem {
    let detail = format!("this needs the role {}", needed.as_str());
    Problem::new(StatusCode::FORBIDDEN, "forbidden", detail)
}
