//! Health, figures and the document of the API.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use clx_api as api;
use clx_telemetry::Metrics;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::auth::Auth;
use crate::extract::Json;
use crate::problem::Problem;
use crate::{App, openapi};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(health_view))
        .routes(routes!(health_live))
        .routes(routes!(health_ready))
        .routes(routes!(metrics_view))
        .routes(routes!(openapi_view))
}

fn ok() -> Json<api::Health> {
    Json(api::Health { status: "ok".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() })
}

/// Whether the server answers and its database does.
#[utoipa::path(get, path = "/health", tag = "health", security(()),
    responses((status = 200, body = api::Health)))]
async fn health_view(State(app): State<App>) -> Result<Json<api::Health>, Problem> {
    app.services.store.ping().await.map_err(|error| {
        tracing::error!(%error, "the database does not answer");
        Problem::from_status(StatusCode::SERVICE_UNAVAILABLE)
    })?;
    Ok(ok())
}

/// Whether the process is alive; says nothing about its database.
#[utoipa::path(get, path = "/livez", tag = "health", security(()),
    responses((status = 200, body = api::Health)))]
async fn health_live() -> Json<api::Health> {
    ok()
}

/// Whether new requests should be sent here: 503 while stopping or without a database.
#[utoipa::path(get, path = "/readyz", tag = "health", security(()),
    responses((status = 200, body = api::Health)))]
async fn health_ready(State(app): State<App>) -> Result<Json<api::Health>, Problem> {
    if app.stopping.is_cancelled() {
        return Err(Problem::from_status(StatusCode::SERVICE_UNAVAILABLE));
    }
    health_view(State(app)).await
}

/// Figures in the text format of Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "health",
    responses((status = 200, body = String, content_type = "text/plain")))]
async fn metrics_view(State(metrics): State<Metrics>, _caller: Auth) -> Response {
    let head = [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (head, metrics.render()).into_response()
}

/// This document.
#[utoipa::path(get, path = "/v1/openapi.json", tag = "health", security(()),
    responses((status = 200, body = serde_json::Value)))]
async fn openapi_view(State(app): State<App>) -> Response {
    let document = app.openapi.get_or_init(|| Bytes::from(openapi::openapi_json()));
    let head = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=300")];
    (head, document.clone()).into_response()
}
