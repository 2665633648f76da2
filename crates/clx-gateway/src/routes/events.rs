//! Server-sent events: what changed in the caller's organisation, resumable.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event as Message, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use clx_accounts::Caller;
use clx_jobs::{Event, EventKind, JobsError, Library};
use futures::{Stream, StreamExt};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::auth::Auth;
use crate::problem::Problem;
use crate::{App, wire};

/// Comment lines keep proxies from closing a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// What a browser waits before it resumes.
const RETRY: Duration = Duration::from_secs(2);
/// A stream ends after this time and the browser resumes it, which checks the credentials again.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(events_stream))
}

/// What changes, as it changes.
///
/// Events are named `job.updated`, `recording.updated`, `recording.deleted`, `upload.updated` and
/// `upload.deleted`. Their data is the resource as it is now, or its `id` alone once it is deleted.
/// With `Last-Event-ID` the stream continues after that event; events are kept for seven days.
#[utoipa::path(get, path = "/v1/events", tag = "events",
    params(("Last-Event-ID" = Option<u64>, Header)),
    responses((status = 200, body = String, content_type = "text/event-stream")))]
async fn events_stream(
    State(app): State<App>,
    Auth(caller): Auth,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let slot = app.event_slots.clone().try_acquire_owned().map_err(|_no_permits| {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "too many event streams are open")
    })?;
    let after = last_event_id(&headers)?;
    let library = app.services.library.clone();
    let events = library.events.subscribe(&caller, after).await?;
    let gauge = OpenStream::new();
    let end = async move {
        tokio::select! {
            () = app.stopping.cancelled() => {}
            () = tokio::time::sleep(LIFETIME) => {}
        }
    };
    let messages = messages(library, caller, events).take_until(end).map(move |message| {
        // Both live as long as the stream.
        let _held = (&slot, &gauge);
        Ok::<_, Infallible>(message)
    });
    let hello = futures::stream::once(async { Ok(Message::default().retry(RETRY)) });
    let stream = Sse::new(hello.chain(messages));
    let headers = [("cache-control", "no-store"), ("x-accel-buffering", "no")];
    Ok((headers, stream.keep_alive(KeepAlive::new().interval(HEARTBEAT))).into_response())
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    let id = value.to_str().ok().and_then(|text| text.trim().parse().ok()).filter(|id| *id >= 0);
    id.map(Some).ok_or_else(|| {
        let detail = "`Last-Event-ID` must be the id of an event this stream sent";
        Problem::bad_request("events.last_id", detail)
    })
}

/// Ends at the first failure of the event log; the browser then resumes.
fn messages(
    library: Library,
    caller: Caller,
    events: impl Stream<Item = Result<Event, JobsError>> + Send + 'static,
) -> impl Stream<Item = Message> + Send {
    let viewed = events.then(move |event| {
        let (library, caller) = (library.clone(), caller.clone());
        async move { message(&library, &caller, event?).await }
    });
    let alive = viewed.take_while(|result| {
        if let Err(error) = result {
            tracing::warn!(%error, "an event stream ended early");
        }
        std::future::ready(result.is_ok())
    });
    alive.filter_map(|result| std::future::ready(result.ok().flatten()))
}

/// The message of an event, or none if what it is about is gone by now.
async fn message(
    library: &Library,
    caller: &Caller,
    event: Event,
) -> Result<Option<Message>, JobsError> {
    let data = match resource(library, caller, &event).await {
        Ok(data) => data,
        Err(JobsError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let message = Message::default().id(event.seq.to_string()).event(event.kind.as_str());
    Ok(Some(message.data(data.to_string())))
}

async fn resource(library: &Library, caller: &Caller, event: &Event) -> Result<Value, JobsError> {
    let wrong = |_| JobsError::NotFound("resource");
    let subject = &event.subject;
    Ok(match event.kind {
        EventKind::JobUpdated => {
            let job = library.jobs.view(caller, &subject.parse().map_err(wrong)?).await?;
            json!(wire::job(job))
        }
        EventKind::RecordingUpdated => {
            let id = subject.parse().map_err(wrong)?;
            json!(wire::recording(library.recordings.view(caller, &id).await?))
        }
        EventKind::UploadUpdated => {
            let upload = library.uploads.view(caller, &subject.parse().map_err(wrong)?).await?;
            json!(wire::upload(upload))
        }
        EventKind::RecordingDeleted | EventKind::UploadDeleted => json!({ "id": subject }),
    })
}

/// Counts open streams for `/metrics`.
struct OpenStream;

impl OpenStream {
    fn new() -> Self {
        metrics::gauge!("http_event_streams").increment(1.0);
        Self
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        metrics::gauge!("http_event_streams").decrement(1.0);
    }
}
