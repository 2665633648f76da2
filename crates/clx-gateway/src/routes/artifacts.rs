use axum::extract::State;
use axum::response::Response;
use clx_api as api;
use clx_jobs::Artifacts;
use clx_store::ArtifactId;
use http::HeaderMap;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::auth::Auth;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::{App, content, wire};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(artifacts_view)).routes(routes!(artifacts_content))
}

/// A file that a job made.
#[utoipa::path(get, path = "/v1/artifacts/{id}", tag = "artifacts", params(("id" = String, Path)),
    responses((status = 200, body = api::Artifact)))]
async fn artifacts_view(
    State(artifacts): State<Artifacts>,
    Auth(caller): Auth,
    Path(id): Path<ArtifactId>,
) -> Result<Json<api::Artifact>, Problem> {
    Ok(Json(wire::artifact(artifacts.view(&caller, &id).await?)))
}

/// The bytes of a file that a job made, whole or in part.
#[utoipa::path(get, path = "/v1/artifacts/{id}/content", tag = "artifacts",
    params(("id" = String, Path), ("Range" = Option<String>, Header)),
    responses((status = 200, body = Vec<u8>, content_type = "*/*"),
              (status = 206, body = Vec<u8>, content_type = "*/*"),
              (status = 304, description = "Not changed")))]
async fn artifacts_content(
    State(artifacts): State<Artifacts>,
    Auth(caller): Auth,
    Path(id): Path<ArtifactId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    content::deliver(artifacts.content(&caller, &id).await?, &headers).await
}
