use axum::extract::State;
use axum::response::{IntoResponse, Response};
use clx_jobs::{Recordings, SignalQuery, SpectrogramQuery};
use clx_store::RecordingId;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::auth::Auth;
use crate::extract::{Path, Query};
use crate::problem::Problem;
use crate::wire;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct SignalParams {
    /// Start, seconds from the first sample.
    tmin_s: f64,
    /// End, seconds; later than `tmin_s`.
    tmax_s: f64,
    /// Columns of the screen.
    #[param(minimum = 1, maximum = 8192)]
    columns: u32,
    /// Indices of channels, such as `0,3,5`; all if left out.
    #[param(required = false, max_length = 4000, pattern = r"^\d{1,5}(,\d{1,5})*$")]
    channels: Option<String>,
}

/// Least and greatest sample of each screen column.
///
/// Little-endian: `CLXS`, u32 version = 1, u32 number of channels, u32 number of columns, f64
/// `tmin_s`, f64 `tmax_s`; then for each channel and column f32 minimum and f32 maximum, NaN where
/// there is no sample.
#[utoipa::path(get, path = "/v1/recordings/{id}/signal", tag = "recordings",
    params(("id" = String, Path), SignalParams),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn recordings_signal(
    State(recordings): State<Recordings>,
    Auth(caller): Auth,
    Path(id): Path<RecordingId>,
    Query(params): Query<SignalParams>,
) -> Result<Response, Problem> {
    check_window(params.tmin_s, params.tmax_s)?;
    check_size("columns", params.columns, 8192)?;
    let query = SignalQuery {
        tmin_s: params.tmin_s,
        tmax_s: params.tmax_s,
        columns: params.columns,
        channels: params.channels.as_deref().map(parse_channels).transpose()?,
    };
    let window = recordings.signal_window(&caller, &id, query).await?;
    Ok(binary(wire::signal_window(&window)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct SpectrogramParams {
    /// Index of the channel.
    #[param(minimum = 0, maximum = 65535)]
    channel: u16,
    /// Start, seconds from the first sample.
    tmin_s: f64,
    /// End, seconds; later than `tmin_s`.
    tmax_s: f64,
    #[param(minimum = 1, maximum = 4096)]
    columns: u32,
    #[param(minimum = 1, maximum = 1024)]
    rows: u32,
}

/// Power over time and frequency of one channel.
///
/// Little-endian: `CLXG`, u32 version = 1, u32 columns, u32 rows, f64 `tmin_s`, `tmax_s`,
/// `fmin_hz`, `fmax_hz`, f32 `db_min`, f32 `db_max`; then one byte per cell, column by column and
/// low frequency first, where 0 is `db_min` and 255 is `db_max`.
#[utoipa::path(get, path = "/v1/recordings/{id}/spectrogram", tag = "recordings",
    params(("id" = String, Path), SpectrogramParams),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn recordings_spectrogram(
    State(recordings): State<Recordings>,
    Auth(caller): Auth,
    Path(id): Path<RecordingId>,
    Query(params): Query<SpectrogramParams>,
) -> Result<Response, Problem> {
    check_window(params.tmin_s, params.tmax_s)?;
    check_size("columns", params.columns, 4096)?;
    check_size("rows", params.rows, 1024)?;
    let query = SpectrogramQuery {
        channel: usize::from(params.channel),
        tmin_s: params.tmin_s,
        tmax_s: params.tmax_s,
        columns: params.columns,
        rows: params.rows,
    };
    let window = recordings.spectrogram_window(&caller, &id, query).await?;
    Ok(binary(wire::spectrogram_window(&window)))
}

fn check_window(tmin_s: f64, tmax_s: f64) -> Result<(), Problem> {
    if !tmin_s.is_finite() {
        return Err(Problem::bad_query("tmin_s", "tmin_s must be a finite number of seconds"));
    }
    if !tmax_s.is_finite() || tmax_s <= tmin_s {
        let detail = format!("tmax_s must be later than tmin_s ({tmin_s} s), got {tmax_s} s");
        return Err(Problem::bad_query("tmax_s", detail));
    }
    Ok(())
}

fn check_size(name: &str, value: u32, max: u32) -> Result<(), Problem> {
    match (1..=max).contains(&value) {
        true => Ok(()),
        false => Err(Problem::bad_query(name, format!("{name} must be 1 to {max}, got {value}"))),
    }
}

fn parse_channels(text: &str) -> Result<Vec<usize>, Problem> {
    let parsed: Option<Vec<usize>> =
        text.split(',').map(|index| index.parse::<u16>().ok().map(usize::from)).collect();
    parsed.ok_or_else(|| {
        Problem::bad_query("channels", "channels must be indices separated by commas, as `0,3,5`")
    })
}

/// The content behind an id never changes, so a window of it may be kept.
fn binary(bytes: Vec<u8>) -> Response {
    let head =
        [(CONTENT_TYPE, "application/octet-stream"), (CACHE_CONTROL, "private, max-age=3600")];
    (head, bytes).into_response()
}
