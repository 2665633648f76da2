//! Resumable uploads: tus 1.0 with creation, expiration and termination.

mod tus;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use clx_api as api;
use clx_jobs::{NewUpload, Upload, Uploads};
use clx_store::UploadId;
use futures::TryStreamExt;
use http::header::{CACHE_CONTROL, LOCATION};
use http::{HeaderMap, StatusCode};
use utoipa_axum::{router::OpenApiRouter, routes};

use self::tus::Tus;
use crate::auth::Auth;
use crate::extract::{Json, Once, Path};
use crate::problem::Problem;
use crate::{App, wire};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(uploads_list, uploads_create, uploads_options))
        .routes(routes!(uploads_view, uploads_delete))
}

pub(super) fn streaming_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(uploads_append))
}

/// What this server can do, for tus clients.
#[utoipa::path(options, path = "/v1/uploads", tag = "uploads",
    responses((status = 204, headers(("tus-version" = String), ("tus-extension" = String),
        ("tus-max-size" = String)))))]
async fn uploads_options(State(uploads): State<Uploads>, _caller: Auth) -> Response {
    let max_bytes = [("tus-max-size", uploads.max_bytes().to_string())];
    (StatusCode::NO_CONTENT, tus::capabilities(), max_bytes).into_response()
}

/// Uploads that are not complete, newest first.
#[utoipa::path(get, path = "/v1/uploads", tag = "uploads",
    responses((status = 200, body = api::List<api::Upload>)))]
async fn uploads_list(
    State(uploads): State<Uploads>,
    Auth(caller): Auth,
) -> Result<Json<api::List<api::Upload>>, Problem> {
    let open = uploads.list(&caller).await?;
    Ok(Json(api::List { data: open.into_iter().map(wire::upload).collect() }))
}

/// Start a resumable upload (tus creation).
///
/// The body is empty; send the bytes to the address in `Location`. `Upload-Metadata` carries
/// `filename` and, if personal fields of the file's header are to be kept, `keep_identity`.
#[utoipa::path(post, path = "/v1/uploads", tag = "uploads",
    params(("Tus-Resumable" = String, Header, pattern = "^1[.]0[.]0$",
            example = "1.0.0"),
           ("Upload-Length" = String, Header, pattern = "^[0-9]{1,18}$", example = "48000"),
           ("Upload-Metadata" = Option<String>, Header, example = "filename cmVjLmVkZg=="),
           ("Idempotency-Key" = Option<String>, Header,
            min_length = 1, max_length = 255, pattern = "^[!-~]([ -~]*[!-~])?$")),
    responses((status = 201, headers(("location" = String), ("upload-expires" = String)))))]
async fn uploads_create(
    State(uploads): State<Uploads>,
    Auth(caller): Auth,
    _tus: Tus,
    once: Once,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let length_bytes = tus::number(&headers, "upload-length")?;
    let metadata = tus::metadata(&headers)?;
    let filename = metadata.filename.unwrap_or_else(|| "recording".to_owned());
    let once =
        once.covering("POST /v1/uploads", &(length_bytes, &filename, metadata.keep_identity));
    let new = NewUpload { filename, length_bytes, keep_identity: metadata.keep_identity };
    let (status, replayed, upload) =
        wire::outcome(uploads.create(&caller, new, once).await?, StatusCode::CREATED);
    let location = [(LOCATION, format!("/v1/uploads/{}", upload.id))];
    Ok((status, replayed, location, progress(&upload)).into_response())
}

/// How far an upload has come (tus core).
#[utoipa::path(head, path = "/v1/uploads/{id}", tag = "uploads",
    params(("id" = String, Path), ("Tus-Resumable" = String, Header, pattern = "^1[.]0[.]0$",
            example = "1.0.0")),
    responses((status = 200, headers(("upload-offset" = String), ("upload-length" = String),
        ("upload-expires" = String), ("clx-recording" = String)))))]
async fn uploads_view(
    State(uploads): State<Uploads>,
    Auth(caller): Auth,
    Path(id): Path<UploadId>,
    _tus: Tus,
) -> Result<Response, Problem> {
    let upload = uploads.view(&caller, &id).await?;
    Ok((StatusCode::OK, [(CACHE_CONTROL, "no-store")], progress(&upload)).into_response())
}

/// Send the next bytes of an upload (tus core).
///
/// `Upload-Offset` must be where the upload stands, else 409. What arrived before a broken
/// connection is kept. The part that completes the upload answers with `Clx-Recording`.
#[utoipa::path(patch, path = "/v1/uploads/{id}", tag = "uploads",
    params(("id" = String, Path), ("Tus-Resumable" = String, Header, pattern = "^1[.]0[.]0$",
            example = "1.0.0"),
           ("Upload-Offset" = String, Header, pattern = "^[0-9]{1,18}$", example = "0")),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses((status = 204, headers(("upload-offset" = String), ("upload-expires" = String),
        ("clx-recording" = String)))))]
async fn uploads_append(
    State(uploads): State<Uploads>,
    Auth(caller): Auth,
    Path(id): Path<UploadId>,
    _tus: Tus,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    tus::check_media_type(&headers)?;
    let offset = tus::number(&headers, "upload-offset")?;
    let bytes = body.into_data_stream().map_err(std::io::Error::other);
    let upload = uploads.append(&caller, &id, offset, bytes).await?;
    Ok((StatusCode::NO_CONTENT, progress(&upload)).into_response())
}

/// Give up an upload (tus termination).
#[utoipa::path(delete, path = "/v1/uploads/{id}", tag = "uploads",
    params(("id" = String, Path), ("Tus-Resumable" = String, Header, pattern = "^1[.]0[.]0$",
            example = "1.0.0")),
    responses((status = 204)))]
async fn uploads_delete(
    State(uploads): State<Uploads>,
    Auth(caller): Auth,
    Path(id): Path<UploadId>,
    _tus: Tus,
) -> Result<Response, Problem> {
    uploads.delete(&caller, &id).await?;
    Ok((StatusCode::NO_CONTENT, tus::resumable()).into_response())
}

fn progress(upload: &Upload) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.extend(tus::resumable());
    headers.insert("upload-offset", upload.offset_bytes.into());
    headers.insert("upload-length", upload.length_bytes.into());
    if let Some(recording) = &upload.recording
        && let Ok(id) = recording.as_str().parse()
    {
        headers.insert("clx-recording", id);
    } else if let Ok(expires) = wire::http_date(upload.expires_at_ms).parse() {
        headers.insert("upload-expires", expires);
    }
    headers
}
