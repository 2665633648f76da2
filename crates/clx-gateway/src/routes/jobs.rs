mod plots;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use clx_api as api;
use clx_jobs::{JobFilter, JobState, Jobs, SubmitJob};
use clx_store::{JobId, RecordingId};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::list;
use crate::auth::Auth;
use crate::extract::{Json, Once, Path, PreferWait, Query};
use crate::problem::Problem;
use crate::{App, wire};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(jobs_list, jobs_create))
        .routes(routes!(jobs_view))
        .routes(routes!(jobs_cancel))
        .routes(routes!(jobs_retry))
        .routes(routes!(jobs_result))
        .routes(routes!(plots::jobs_plots))
        .routes(routes!(plots::jobs_plot))
        .routes(routes!(plots::jobs_sheet))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    #[param(required = false)]
    state: Option<api::JobState>,
    /// Only jobs on this recording.
    #[param(required = false, pattern = "^rec_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    recording_id: Option<String>,
    /// `next_cursor` of the page before.
    #[param(required = false, max_length = 200)]
    cursor: Option<String>,
    /// Entries a page; 50 if left out.
    #[param(required = false, minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Jobs, newest first.
#[utoipa::path(get, path = "/v1/jobs", tag = "jobs", params(ListQuery),
    responses((status = 200, body = api::Page<api::Job>)))]
async fn jobs_list(
    State(jobs): State<Jobs>,
    Auth(caller): Auth,
    Query(query): Query<ListQuery>,
) -> Result<Json<api::Page<api::Job>>, Problem> {
    let recording = query.recording_id.map(|id| {
        id.parse().map_err(|error: clx_store::IdError| {
            Problem::bad_query("recording_id", error.to_string())
        })
    });
    let filter = JobFilter {
        state: query.state.map(state),
        recording: recording.transpose()?,
        page: list::page(query.cursor, query.limit)?,
    };
    Ok(Json(wire::page(jobs.list(&caller, filter).await?, wire::job)))
}

fn state(state: api::JobState) -> JobState {
    match state {
        api::JobState::Queued => JobState::Queued,
        api::JobState::Running => JobState::Running,
        api::JobState::Succeeded => JobState::Succeeded,
        api::JobState::Failed => JobState::Failed,
        api::JobState::Cancelled => JobState::Cancelled,
    }
}

/// Queue an analysis.
///
/// With `Prefer: wait=10` the answer comes when the job is finished, or after that many seconds
/// (30 at most) as the job then stands.
#[utoipa::path(post, path = "/v1/jobs", tag = "jobs",
    params(("Idempotency-Key" = Option<String>, Header,
            min_length = 1, max_length = 255, pattern = "^[!-~]([ -~]*[!-~])?$"),
           ("Prefer" = Option<String>, Header, example = "wait=10")),
    responses((status = 202, body = api::Job, headers(("location" = String)))))]
async fn jobs_create(
    State(jobs): State<Jobs>,
    Auth(caller): Auth,
    wait: PreferWait,
    once: Once,
    Json(body): Json<api::CreateJob>,
) -> Result<Response, Problem> {
    let once = once.covering("POST /v1/jobs", &body);
    let new = SubmitJob {
        recording: body.recording_id.map(|id| recording_id(&id)).transpose()?,
        results: job_ids("/result_job_ids", &body.result_job_ids)?,
        params: body.params.map_or(Value::Null, Value::Object),
        analysis: body.analysis,
    };
    let (status, replayed, job) =
        wire::outcome(jobs.submit(&caller, new, once).await?, StatusCode::ACCEPTED);
    let job = if wait.0.is_zero() { job } else { jobs.wait(&caller, &job.id, wait.0).await? };
    let location = [("location", format!("/v1/jobs/{}", job.id))];
    Ok((status, replayed, location, Json(wire::job(job))).into_response())
}

/// Malformed ids in a body are invalid; well-formed ones that name nothing are for the service.
pub(super) fn recording_id(text: &str) -> Result<RecordingId, Problem> {
    text.parse().map_err(|error: clx_store::IdError| {
        Problem::invalid("/recording_id", "invalid", format!("recording_id is {error}"))
    })
}

pub(super) fn job_ids(pointer: &str, texts: &[String]) -> Result<Vec<JobId>, Problem> {
    if texts.len() > 16 {
        return Err(Problem::invalid(pointer, "too_many", "at most 16 results at once"));
    }
    let mut ids = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        let id = text.parse().map_err(|error: clx_store::IdError| {
            Problem::invalid(&format!("{pointer}/{index}"), "invalid", error.to_string())
        });
        ids.push(id?);
    }
    Ok(ids)
}

/// One job; with `Prefer: wait=10`, when it is finished or after that many seconds.
#[utoipa::path(get, path = "/v1/jobs/{id}", tag = "jobs",
    params(("id" = String, Path), ("Prefer" = Option<String>, Header, example = "wait=10")),
    responses((status = 200, body = api::Job)))]
async fn jobs_view(
    State(jobs): State<Jobs>,
    Auth(caller): Auth,
    Path(id): Path<JobId>,
    wait: PreferWait,
) -> Result<Json<api::Job>, Problem> {
    let job = match wait.0.is_zero() {
        true => jobs.view(&caller, &id).await?,
        false => jobs.wait(&caller, &id, wait.0).await?,
    };
    Ok(Json(wire::job(job)))
}

/// Cancel a job; a running one stops as soon as it notices.
#[utoipa::path(post, path = "/v1/jobs/{id}/cancel", tag = "jobs", params(("id" = String, Path)),
    responses((status = 200, body = api::Job)))]
async fn jobs_cancel(
    State(jobs): State<Jobs>,
    Auth(caller): Auth,
    Path(id): Path<JobId>,
) -> Result<Json<api::Job>, Problem> {
    Ok(Json(wire::job(jobs.cancel(&caller, &id).await?)))
}

/// Queue a failed or cancelled job again.
#[utoipa::path(post, path = "/v1/jobs/{id}/retry", tag = "jobs", params(("id" = String, Path)),
    responses((status = 202, body = api::Job)))]
async fn jobs_retry(
    State(jobs): State<Jobs>,
    Auth(caller): Auth,
    Path(id): Path<JobId>,
) -> Result<(StatusCode, Json<api::Job>), Problem> {
    let job = jobs.retry(&caller, &id).await?;
    Ok((StatusCode::ACCEPTED, Json(wire::job(job))))
}

/// The result of a succeeded job; 409 before that.
#[utoipa::path(get, path = "/v1/jobs/{id}/result", tag = "jobs", params(("id" = String, Path)),
    responses((status = 200, body = api::ResultEnvelope)))]
async fn jobs_result(
    State(jobs): State<Jobs>,
    Auth(caller): Auth,
    Path(id): Path<JobId>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(jobs.result(&caller, &id).await?))
}
