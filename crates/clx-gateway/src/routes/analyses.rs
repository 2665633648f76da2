use clx_api as api;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::auth::Auth;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::{App, wire};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(analyses_list)).routes(routes!(analyses_view))
}

/// The catalogue of analyses.
#[utoipa::path(get, path = "/v1/analyses", tag = "analyses",
    responses((status = 200, body = api::List<api::Analysis>)))]
async fn analyses_list(_caller: Auth) -> Json<api::List<api::Analysis>> {
    let catalogue = clx_analysis::catalogue();
    Json(api::List { data: catalogue.iter().map(wire::analysis).collect() })
}

/// One analysis, with the schemas of its parameters and output.
#[utoipa::path(get, path = "/v1/analyses/{id}", tag = "analyses",
    params(("id" = String, Path, example = "eeg.overview")),
    responses((status = 200, body = api::Analysis)))]
async fn analyses_view(
    _caller: Auth,
    Path(id): Path<String>,
) -> Result<Json<api::Analysis>, Problem> {
    let analysis = clx_analysis::find(&id).ok_or_else(|| Problem::not_found("analysis"))?;
    Ok(Json(wire::analysis(analysis)))
}
