mod windows;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use clx_api as api;
use clx_jobs::{NewRecording, Recordings};
use clx_store::RecordingId;
use futures::TryStreamExt;
use http::header::ETAG;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::list;
use crate::auth::Auth;
use crate::extract::{self, IfMatch, Json, Once, Path, Query};
use crate::problem::Problem;
use crate::{App, content, wire};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(recordings_list))
        .routes(routes!(recordings_view, recordings_update, recordings_delete))
        .routes(routes!(recordings_restore))
        .routes(routes!(recordings_content))
        .routes(routes!(recordings_annotations))
        .routes(routes!(windows::recordings_signal))
        .routes(routes!(windows::recordings_spectrogram))
}

pub(super) fn streaming_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(recordings_create))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Part of the title or the file's name; 255 bytes at most.
    #[param(required = false, max_length = 255)]
    q: Option<String>,
    /// `next_cursor` of the page before.
    #[param(required = false, max_length = 200)]
    cursor: Option<String>,
    /// Entries a page; 50 if left out.
    #[param(required = false, minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Recordings, newest first.
#[utoipa::path(get, path = "/v1/recordings", tag = "recordings", params(ListQuery),
    responses((status = 200, body = api::Page<api::Recording>)))]
async fn recordings_list(
    State(recordings): State<Recordings>,
    Auth(caller): Auth,
    Query(query): Query<ListQuery>,
) -> Result<Json<api::Page<api::Recording>>, Problem> {
    let page = list::page(query.cursor, query.limit)?;
    let q = query.q.filter(|q| !q.is_empty());
    let listing = recordings.list(&caller, clx_jobs::RecordingFilter { q, page }).await?;
    Ok(Json(wire::page(listing, wire::recording)))
}

#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct CreateQuery {
    /// Name of the file.
    #[param(min_length = 1, max_length = 255)]
    filename: String,
    /// Keep name, birth date and the like in the file's header instead of blanking them.
    #[serde(default)]
    #[param(required = false)]
    keep_identity: bool,
}

/// Hand over a recording.
///
/// The body is the file itself, of any size up to the server's limit. What it is, is read from the
/// content and not from its name. The same content again answers 200 with the recording there is.
/// For large files over unsteady lines see `uploads_create`.
#[utoipa::path(post, path = "/v1/recordings", tag = "recordings",
    params(CreateQuery,
           ("Idempotency-Key" = Option<String>, Header,
            min_length = 1, max_length = 255, pattern = "^[!-~]([ -~]*[!-~])?$")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = api::Recording, headers(("location" = String))),
              (status = 200, body = api::Recording)))]
async fn recordings_create(
    State(recordings): State<Recordings>,
    Auth(caller): Auth,
    Query(query): Query<CreateQuery>,
    once: Once,
    body: Body,
) -> Result<Response, Problem> {
    let once = once.covering("POST /v1/recordings", &query);
    let new = NewRecording {
        filename: query.filename,
        keep_identity: query.keep_identity,
        ..NewRecording::default()
    };
    let bytes = body.into_data_stream().map_err(std::io::Error::other);
    let outcome = recordings.put(&caller, new, bytes, once).await?;
    let (status, replayed, recording) = wire::outcome(outcome, StatusCode::CREATED);
    let location = [("location", format!("/v1/recordings/{}", recording.id))];
    Ok((status, replayed, location, Json(wire::recording(recording))).into_response())
}

/// One recording.
#[utoipa::path(get, path = "/v1/recordings/{id}", tag = "recordings",
    params(("id" = String, Path), ("If-None-Match" = Option<String>, Header)),
    responses((status = 200, body = api::Recording, headers(("etag" = String))),
              (status = 304, description = "Not changed")))]
async fn recordings_view(
    State(recordings): State<Recordings>,
    Auth(caller): Auth,
    Path(id): Path<RecordingId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let recording = recordings.view(&caller, &id).await?;
    if extract::has_already(&headers, &recording.etag) {
        let etag = [(ETAG, format!("\"{}\"", recording.etag))];
        return Ok((StatusCode::NOT_MODIFIED, etag).into_response());
    }
    Ok(versioned(recording))
}

fn versioned(recording: clx_jobs::Recording) -> Response {
    let etag = [(ETAG, format!("\"{}\"", recording.etag))];
    (etag, Json(wire::recording(recording))).into_response()
}

/// Change the title.
#[utoipa::path(patch, path = "/v1/recordings/{id}", tag = "recordings",
    params(("id" = String, Path),
           ("If-Match" = String, Header, min_length = 1, description = "`etag` seen last")),
    responses((status = 200, body = api::Recording, headers(("etag" = String)))))]
async fn recordings_update(
    State(recordings): State<Recordings>,
    Auth(caller): Auth,
    Path(id): Path<RecordingId>,
    IfMatch(version): IfMatch,
    Json(body): Json<api::UpdateRecording>,
) -> Result<Response, Problem> {
    let recording = recordings.rename(&caller, &id, &body.title, version.as_deref()).await?;
    Ok(versioned(recording))
}

/// Delete a recording; `recordings_restore` undoes it for 30 days.
#[utoipa::path(delete, path = "/v1/recordings/{id}", tag = "recordings",
    params(("id" = String, Path)), responses((status = 204)))]
async fn recordings_delete(
    State(recordings): State<Recordings>,
    Auth(caller): Auth,
    Path(id): Path<RecordingId>,
) -> Result<StatusCode, Problem> {
    recordings.delete(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Undo the deletion of a recording.
#[utoipa::path(post, path = "/v1/recordings/{id}/restore", tag = "recordings",
    params(("id" = String, Path)), responses((status = 200, body = api::Recording)))]
async fn recordings_restore(
    State(recordings): State<Recordings>,
    Auth(caller): Auth,
    Path(id): Path<RecordingId>,
) -> Result<Response, Problem> {
    Ok(versioned(recordings.restore(&caller, &id).await?))
}

/// The stored file, whole or in part.
#[utoipa::path(get, path = "/v1/recordings/{id}/content", tag = "recordings",
    params(("id" = String, Path), ("Range" = Option<String>, Header)),
    responses((status = 200, body = Vec<u8>, content_type = "*/*"),
              (status = 206, body = Vec<u8>, content_type = "*/*"),
              (status = 304, description = "Not changed")))]
async fn recordings_content(
    State(recordings): State<Recordings>,
    Auth(caller): Auth,
    Path(id): Path<RecordingId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    content::deliver(recordings.content(&caller, &id).await?, &headers).await
}

/// Annotations of the file, in time order.
#[utoipa::path(get, path = "/v1/recordings/{id}/annotations", tag = "recordings",
    params(("id" = String, Path)), responses((status = 200, body = api::List<api::Annotation>)))]
async fn recordings_annotations(
    State(recordings): State<Recordings>,
    Auth(caller): Auth,
    Path(id): Path<RecordingId>,
) -> Result<Json<api::List<api::Annotation>>, Problem> {
    let annotations = recordings.annotations(&caller, &id).await?;
    Ok(Json(api::List { data: annotations.into_iter().map(wire::annotation).collect() }))
}
