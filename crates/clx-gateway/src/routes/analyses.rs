use clx_api as api;
use clx_text::Bundle;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::auth::Auth;
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;
use crate::{App, wire};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(analyses_list)).routes(routes!(analyses_view))
}

/// The language of titles and labels.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct LangQuery {
    /// Language tag such as `de`; English for a language that is not spoken here.
    #[param(required = false)]
    lang: Option<String>,
}

impl LangQuery {
    pub(super) fn bundle(&self) -> Bundle {
        Bundle::for_lang(self.lang.as_deref().unwrap_or_default())
    }
}

/// The catalogue of analyses.
#[utoipa::path(get, path = "/v1/analyses", tag = "analyses", params(LangQuery),
    responses((status = 200, body = api::List<api::Analysis>)))]
async fn analyses_list(
    _caller: Auth,
    Query(query): Query<LangQuery>,
) -> Json<api::List<api::Analysis>> {
    let bundle = query.bundle();
    let all = clx_analysis::catalogue().iter();
    Json(api::List { data: all.map(|analysis| wire::analysis(analysis, &bundle)).collect() })
}

/// One analysis, with the schemas of its parameters and output.
#[utoipa::path(get, path = "/v1/analyses/{id}", tag = "analyses",
    params(("id" = String, Path, example = "eeg.overview"), LangQuery),
    responses((status = 200, body = api::Analysis)))]
async fn analyses_view(
    _caller: Auth,
    Path(id): Path<String>,
    Query(query): Query<LangQuery>,
) -> Result<Json<api::Analysis>, Problem> {
    let analysis = clx_analysis::find(&id).ok_or_else(|| Problem::not_found("analysis"))?;
    Ok(Json(wire::analysis(analysis, &query.bundle())))
}
