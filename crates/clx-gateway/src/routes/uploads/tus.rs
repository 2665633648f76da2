//! Headers of the tus protocol, version 1.0.0.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::problem::Problem;

/// The only version there is.
const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");

pub(super) fn resumable() -> [(HeaderName, HeaderValue); 1] {
    [(HeaderName::from_static("tus-resumable"), VERSION)]
}

pub(super) fn capabilities() -> [(&'static str, &'static str); 3] {
    [
        ("tus-resumable", "1.0.0"),
        ("tus-version", "1.0.0"),
        ("tus-extension", "creation,expiration,termination"),
    ]
}

/// The client speaks our version; anything else is a 412, as the protocol demands.
#[derive(Debug)]
pub(super) struct Tus;

impl<S: Send + Sync> FromRequestParts<S> for Tus {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        if parts.headers.get("tus-resumable") == Some(&VERSION) {
            return Ok(Self);
        }
        let problem = Problem::new(
            StatusCode::PRECONDITION_FAILED,
            "upload.version",
            "send `Tus-Resumable: 1.0.0`",
        );
        Err((capabilities(), problem).into_response())
    }
}

/// A header that must be there and be a whole number.
pub(super) fn number(headers: &HeaderMap, name: &'static str) -> Result<u64, Problem> {
    let text = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse() {
        Ok(number) if digits && number <= i64::MAX as u64 => Ok(number),
        _ => Err(Problem::bad_request(
            "upload.header",
            format!("`{name}` must be a whole number of bytes, got `{text}`"),
        )),
    }
}

pub(super) fn check_media_type(headers: &HeaderMap) -> Result<(), Problem> {
    if headers.get(CONTENT_TYPE).is_some_and(|value| value == "application/offset+octet-stream") {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "parts must be sent as `Content-Type: application/offset+octet-stream`",
    ))
}

/// The keys of `Upload-Metadata` we know; others are ignored.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Metadata {
    pub(super) filename: Option<String>,
    pub(super) keep_identity: bool,
}

pub(super) fn metadata(headers: &HeaderMap) -> Result<Metadata, Problem> {
    let Some(value) = headers.get("upload-metadata") else { return Ok(Metadata::default()) };
    parse(value.to_str().unwrap_or("\u{0}")).ok_or_else(|| {
        Problem::bad_request(
            "upload.header",
            "`Upload-Metadata` must be pairs of a key and a base64 value, separated by commas",
        )
    })
}

fn parse(text: &str) -> Option<Metadata> {
    let mut metadata = Metadata::default();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
        match key {
            "filename" => metadata.filename = Some(value).filter(|name| !name.is_empty()),
            "keep_identity" => metadata.keep_identity = value != "false",
            _ => {}
        }
    }
    Some(metadata)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_pairs_of_key_and_base64() {
        // The value of the protocol's own example, and a key without a value.
        let parsed = parse("filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,keep_identity").unwrap();
        assert_eq!(parsed.filename.as_deref(), Some("world_domination_plan.pdf"));
        assert!(parsed.keep_identity);
        assert!(!parse("keep_identity ZmFsc2U=").unwrap().keep_identity);
        assert_eq!(parse("filename not-base64!"), None);
        assert_eq!(parse(""), Some(Metadata::default()));
    }

    #[test]
    fn lengths_are_plain_digits() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("upload-length", text.parse().unwrap());
            number(&headers, "upload-length").ok()
        };
        assert_eq!(read("0"), Some(0));
        assert_eq!(read("10737418240"), Some(10_737_418_240));
        assert_eq!(read("-1"), None);
        assert_eq!(read("+1"), None);
        assert_eq!(read("18446744073709551615"), None);
    }
}
