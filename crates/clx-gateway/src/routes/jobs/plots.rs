use axum::extract::State;
use axum::response::{IntoResponse, Response};
use clx_analysis::{Analysis, ResultEnvelope, Sheet, Theme};
use clx_api as api;
use clx_store::JobId;
use clx_text::Bundle;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::auth::Auth;
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;
use crate::routes::analyses::LangQuery;
use crate::{App, wire};

/// Pictures that can be drawn of a result.
#[utoipa::path(get, path = "/v1/jobs/{id}/plots", tag = "jobs",
    params(("id" = String, Path), LangQuery),
    responses((status = 200, body = api::List<api::Plot>)))]
pub(super) async fn jobs_plots(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<JobId>,
    Query(query): Query<LangQuery>,
) -> Result<Json<api::List<api::Plot>>, Problem> {
    let result = app.services.library.jobs.result(&caller, &id).await?;
    let plots = draw(&app, move || -> Result<Vec<api::Plot>, clx_analysis::AnalysisError> {
        let Some((analysis, envelope)) = of_catalogue(result) else { return Ok(Vec::new()) };
        let bundle = query.bundle();
        let plot = |plot: clx_analysis::PlotInfo| api::Plot {
            name: plot.name.to_owned(),
            title: clx_analysis::plot_title(&bundle, analysis, plot),
        };
        Ok(analysis.plots(&envelope.output)?.into_iter().map(plot).collect())
    });
    let data = plots.await?.map_err(|error| Problem::internal(&error))?;
    Ok(Json(api::List { data }))
}

/// Rows of a table that are worth looking at in a page; the result has them all.
const MOST_ROWS: usize = 500;

/// The readable part of a result: single figures and tables with labels and units.
#[utoipa::path(get, path = "/v1/jobs/{id}/sheet", tag = "jobs",
    params(("id" = String, Path), LangQuery), responses((status = 200, body = api::Sheet)))]
pub(super) async fn jobs_sheet(
    State(app): State<App>,
    Auth(caller): Auth,
    Path(id): Path<JobId>,
    Query(query): Query<LangQuery>,
) -> Result<Json<api::Sheet>, Problem> {
    let result = app.services.library.jobs.result(&caller, &id).await?;
    let sheet = draw(&app, move || {
        let output = of_catalogue(result).map(|(_, envelope)| envelope.output);
        let sheet = Sheet::of(&output.unwrap_or_default(), MOST_ROWS);
        wire::sheet(sheet, &query.bundle())
    });
    Ok(Json(sheet.await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PlotParams {
    #[serde(default)]
    #[param(inline, required = false)]
    theme: PlotTheme,
    /// Language tag of the words inside, such as `de`.
    #[param(required = false)]
    lang: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum PlotTheme {
    #[default]
    Light,
    Dark,
}

/// Twice the size in CSS pixels, for sharp pictures on dense screens.
const PNG_SCALE: f32 = 2.0;

/// One picture of a result.
#[utoipa::path(get, path = "/v1/jobs/{id}/plots/{file}", tag = "jobs",
    params(("id" = String, Path), ("file" = String, Path, example = "psd.svg"), PlotParams),
    responses((status = 200, content((String = "image/svg+xml"), (Vec<u8> = "image/png")))))]
pub(super) async fn jobs_plot(
    State(app): State<App>,
    Auth(caller): Auth,
    Path((id, file)): Path<(JobId, String)>,
    Query(params): Query<PlotParams>,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found("plot");
    let (name, png) = match file.rsplit_once('.') {
        Some((name, "svg")) => (name.to_owned(), false),
        Some((name, "png")) => (name.to_owned(), true),
        _ => return Err(missing()),
    };
    let theme = match params.theme {
        PlotTheme::Light => Theme::Light,
        PlotTheme::Dark => Theme::Dark,
    };
    let bundle = Bundle::for_lang(params.lang.as_deref().unwrap_or_default());
    let result = app.services.library.jobs.result(&caller, &id).await?;
    let drawn = draw(&app, move || -> Result<_, Problem> {
        let (analysis, envelope) = of_catalogue(result).ok_or_else(missing)?;
        let svg = analysis.plot(&envelope.output, &name, theme, &clx_analysis::plot_words(&bundle));
        let svg = svg.map_err(|error| Problem::internal(&error))?.ok_or_else(missing)?;
        if !png {
            return Ok(("image/svg+xml", svg.into_bytes()));
        }
        let png = clx_render::svg_to_png(&svg, PNG_SCALE);
        Ok(("image/png", png.map_err(|error| Problem::internal(&error))?))
    });
    let (media_type, bytes) = drawn.await??;
    // Results do not change, but a newer version of the software may draw them better.
    let head = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, "private, max-age=3600")];
    Ok((head, bytes).into_response())
}

/// The analysis that made a result, unless it is none of the catalogue (a report, an ingest).
fn of_catalogue(result: serde_json::Value) -> Option<(&'static Analysis, ResultEnvelope)> {
    let envelope: ResultEnvelope = serde_json::from_value(result).ok()?;
    Some((clx_analysis::find(&envelope.analysis)?, envelope))
}

/// Runs CPU work beside the async threads, as many at a time as there are cores.
async fn draw<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let slots = app.drawing_slots.clone();
    let slot = slots.acquire_owned().await.map_err(|error| Problem::internal(&error))?;
    let drawn = tokio::task::spawn_blocking(move || {
        let drawn = work();
        drop(slot);
        drawn
    });
    drawn.await.map_err(|error| Problem::internal(&error))
}
