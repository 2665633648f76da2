use axum::extract::State;
use axum::response::{IntoResponse, Response};
use clx_api as api;
use clx_jobs::{Jobs, NewReport, ReportFormat};
use http::StatusCode;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::jobs::{job_ids, recording_id};
use crate::auth::Auth;
use crate::extract::{Json, Once, PreferWait};
use crate::problem::Problem;
use crate::{App, wire};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(reports_create))
}

/// Queue a report of finished results.
///
/// The answer is a job of the analysis `report.create`; its artifact is the document.
#[utoipa::path(post, path = "/v1/reports", tag = "reports",
    params(("Idempotency-Key" = Option<String>, Header,
            min_length = 1, max_length = 255, pattern = "^[!-~]([ -~]*[!-~])?$"),
           ("Prefer" = Option<String>, Header, example = "wait=10")),
    responses((status = 202, body = api::Job, headers(("location" = String)))))]
async fn reports_create(
    State(jobs): State<Jobs>,
    Auth(caller): Auth,
    wait: PreferWait,
    once: Once,
    Json(body): Json<api::CreateReport>,
) -> Result<Response, Problem> {
    let once = once.covering("POST /v1/reports", &body);
    let new = NewReport {
        recording: body.recording_id.as_deref().map(recording_id).transpose()?,
        jobs: job_ids("/job_ids", &body.job_ids)?,
        format: match body.format {
            api::ReportFormat::Pdf => ReportFormat::Pdf,
            api::ReportFormat::Xlsx => ReportFormat::Xlsx,
        },
        lang: code(body.lang).to_owned(),
        title: body.title,
    };
    let outcome = jobs.create_report(&caller, new, once).await?;
    let (status, replayed, job) = wire::outcome(outcome, StatusCode::ACCEPTED);
    let job = if wait.0.is_zero() { job } else { jobs.wait(&caller, &job.id, wait.0).await? };
    let location = [("location", format!("/v1/jobs/{}", job.id))];
    Ok((status, replayed, location, Json(wire::job(job))).into_response())
}

fn code(lang: api::Language) -> &'static str {
    match lang {
        api::Language::En => "en",
        api::Language::Sq => "sq",
        api::Language::Tr => "tr",
        api::Language::It => "it",
        api::Language::Es => "es",
        api::Language::De => "de",
        api::Language::Fr => "fr",
    }
}
