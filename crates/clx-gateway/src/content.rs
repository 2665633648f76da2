//! Delivers stored bytes: whole or in part, with validators, as a download.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use clx_jobs::Content;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::extract::has_already;
use crate::problem::Problem;
use crate::ranges;

/// A stranger's bytes: a browser that shows them instead of saving them runs nothing of it.
const STRANGERS_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");

pub(crate) async fn deliver(content: Content, headers: &HeaderMap) -> Result<Response, Problem> {
    let mut out = HeaderMap::new();
    insert(&mut out, ETAG, &format!("\"{}\"", content.sha256));
    insert(&mut out, CACHE_CONTROL, "private, no-cache");
    if has_already(headers, &content.sha256) {
        return Ok((StatusCode::NOT_MODIFIED, out).into_response());
    }
    let range = ranges::requested(headers, content.size_bytes, &content.sha256)?;
    let (status, start, end) = match range {
        Some(range) => (StatusCode::PARTIAL_CONTENT, range.start, range.end),
        None => (StatusCode::OK, 0, content.size_bytes),
    };
    if range.is_some() {
        let size = content.size_bytes;
        insert(&mut out, CONTENT_RANGE, &format!("bytes {start}-{}/{size}", end - 1));
    }
    insert(&mut out, ACCEPT_RANGES, "bytes");
    insert(&mut out, CONTENT_LENGTH, &(end - start).to_string());
    insert(&mut out, CONTENT_TYPE, &content.media_type);
    insert(&mut out, CONTENT_DISPOSITION, &ranges::attachment(&content.filename));
    out.insert(CONTENT_SECURITY_POLICY, STRANGERS_POLICY);
    let body = Body::from_stream(content.read(start..end).await?);
    Ok((status, out, body).into_response())
}

/// Values are made here from numbers, digests and names that were cleaned; one that still cannot
/// be a header is left out.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
