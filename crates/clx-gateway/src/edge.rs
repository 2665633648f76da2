//! What every answer goes through on its way out: request id, problem body, security headers,
//! figures and the log line. Panics become a 500 here.

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderName, HeaderValue, StatusCode};
use std::panic::AssertUnwindSafe;
use std::time::Instant;
use tracing::Instrument;

use crate::problem::Problem;

pub(crate) static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Answers that are data: nothing in them may load or run anything.
const DATA_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; \
                           base-uri 'none'; form-action 'none'";

/// Name of a request in the log and in problem documents.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(String);

/// Settings of this layer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EdgePolicy {
    /// Whether browsers reach the server by https, so that they may be told to insist on it.
    pub(crate) https: bool,
}

pub(crate) async fn handle(
    State(policy): State<EdgePolicy>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId(uuid::Uuid::now_v7().simple().to_string());
    request.extensions_mut().insert(id.clone());
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    // Every line that is logged on the way to the answer carries the id.
    let span = tracing::info_span!("request", request.id = %id.0);
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().instrument(span.clone());
    let answered = answered.await;
    let _entered = span.enter();
    let response = answered.unwrap_or_else(|panic| after_panic(panic.as_ref()));
    let mut response = with_problem_body(response, &id);
    set_headers(&mut response, &id, policy);
    record(&method, route.as_deref(), response.status(), started);
    response
}

fn after_panic(panic: &(dyn std::any::Any + Send)) -> Response {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(panic = %text, "a handler panicked");
    Problem::from_status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}

/// Every error answer has a problem document, whoever made the answer. One with a body of its own
/// (the 404 page of the web app) keeps it.
fn with_problem_body(response: Response, id: &RequestId) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let framework = [Some("text/plain; charset=utf-8"), None];
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let problem = match response.extensions().get::<Problem>() {
        Some(problem) => problem.clone(),
        None if framework.contains(&content_type) => Problem::from_status(status),
        None => return response,
    };
    let document = problem.document(&id.0);
    let body = serde_json::to_vec(&document).expect("a problem has only strings and numbers");
    let (mut parts, _) = response.into_parts();
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(body))
}

fn set_headers(response: &mut Response, id: &RequestId, policy: EdgePolicy) {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(REQUEST_ID.clone(), value);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers.entry(CONTENT_SECURITY_POLICY).or_insert_with(|| HeaderValue::from_static(DATA_POLICY));
    headers.entry(CACHE_CONTROL).or_insert_with(|| HeaderValue::from_static("no-store"));
    if policy.https {
        headers.insert(
            http::header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
}

fn record(method: &http::Method, route: Option<&str>, status: StatusCode, started: Instant) {
    // Only known routes become labels: their number is bounded, that of addresses is not.
    let route = route.unwrap_or("web").to_owned();
    let elapsed = started.elapsed();
    let method = match *method {
        http::Method::GET => "GET",
        http::Method::HEAD => "HEAD",
        http::Method::POST => "POST",
        http::Method::PUT => "PUT",
        http::Method::PATCH => "PATCH",
        http::Method::DELETE => "DELETE",
        http::Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    let status_text = status.as_str().to_owned();
    metrics::counter!(
        "http_requests_total",
        "method" => method, "route" => route.clone(), "status" => status_text
    )
    .increment(1);
    metrics::histogram!("http_request_duration_seconds", "route" => route.clone())
        .record(elapsed.as_secs_f64());
    tracing::debug!(
        http.method = method,
        http.route = route,
        http.status = status.as_u16(),
        duration_ms = elapsed.as_secs_f64() * 1e3,
        "request answered"
    );
}
