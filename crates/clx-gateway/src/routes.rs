//! The table of contents of the API: one file per noun.

mod analyses;
mod artifacts;
mod events;
mod health;
mod jobs;
mod keys;
mod list;
mod recordings;
mod reports;
mod sessions;
mod uploads;

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use tower_http::timeout::TimeoutLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::edge::{self, EdgePolicy};
use crate::problem::Problem;
use crate::web::WebFiles;
use crate::{App, openapi};

/// Everything the server answers: the API, health, figures and the web app.
pub fn router(app: App) -> Router {
    let policy = EdgePolicy { https: app.config.https };
    let timeout = Duration::from_secs(app.config.request_timeout_s);
    let timeout = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, timeout);
    let (bounded, _) = bounded().split_for_parts();
    let (streaming, _) = streaming().split_for_parts();
    let bounded = bounded
        .layer(timeout)
        .layer(DefaultBodyLimit::max(app.config.max_json_bytes))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_text)));
    let streaming = streaming.layer(DefaultBodyLimit::disable());
    // Without a layer of its own the fallback answers unknown paths; known paths with another
    // method get their 405 from the method router.
    bounded
        .merge(streaming)
        .fallback(web)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(policy, edge::handle))
        .with_state(app)
}

/// The document of all routes, without the parts that `openapi` adds to each operation.
pub(crate) fn documented() -> utoipa::openapi::OpenApi {
    OpenApiRouter::with_openapi(openapi::head()).merge(bounded()).merge(streaming()).into_openapi()
}

/// Routes that answer in bounded time from a bounded body.
fn bounded() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(sessions::routes())
        .merge(keys::routes())
        .merge(recordings::routes())
        .merge(uploads::routes())
        .merge(analyses::routes())
        .merge(jobs::routes())
        .merge(artifacts::routes())
        .merge(reports::routes())
        .merge(health::routes())
}

/// Routes that take as long as the bytes need: uploads and the event stream.
fn streaming() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(recordings::streaming_routes())
        .merge(uploads::streaming_routes())
        .merge(events::routes())
}

async fn web(State(files): State<WebFiles>, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/v1" || path.starts_with("/v1/") {
        return Problem::from_status(StatusCode::NOT_FOUND).into_response();
    }
    files.serve(request.method(), path, request.headers())
}

async fn method_not_allowed() -> Problem {
    Problem::from_status(StatusCode::METHOD_NOT_ALLOWED)
}

/// Text worth compressing; binary windows, pictures and content are sent as they are.
fn is_text(
    _: StatusCode,
    _: http::Version,
    headers: &http::HeaderMap,
    _: &http::Extensions,
) -> bool {
    let media_type = headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.is_some_and(|media_type| {
        media_type.starts_with("application/json") || media_type.starts_with("image/svg")
    })
}
