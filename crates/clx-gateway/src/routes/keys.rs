use axum::extract::State;
use clx_accounts::{Accounts, NewKey};
use clx_api as api;
use clx_store::KeyId;
use http::StatusCode;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::auth::Auth;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::{App, wire};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(keys_list, keys_create)).routes(routes!(keys_delete))
}

/// API keys of the organisation, without their secrets.
#[utoipa::path(get, path = "/v1/keys", tag = "keys",
    responses((status = 200, body = api::List<api::ApiKey>)))]
async fn keys_list(
    State(accounts): State<Accounts>,
    Auth(caller): Auth,
) -> Result<Json<api::List<api::ApiKey>>, Problem> {
    let keys = accounts.list_keys(&caller).await?;
    Ok(Json(api::List { data: keys.into_iter().map(wire::key).collect() }))
}

/// Make an API key.
///
/// The secret is in this answer and nowhere else. Needs a session: a key makes no keys.
#[utoipa::path(post, path = "/v1/keys", tag = "keys", security(("session" = [])),
    responses((status = 201, body = api::CreatedKey)))]
async fn keys_create(
    State(accounts): State<Accounts>,
    Auth(caller): Auth,
    Json(body): Json<api::CreateKey>,
) -> Result<(StatusCode, Json<api::CreatedKey>), Problem> {
    let expires_at_ms = body.expires_at.as_deref().map(parse_time).transpose()?;
    let created = accounts.create_key(&caller, NewKey { name: body.name, expires_at_ms }).await?;
    let secret = created.secret.expose().to_owned();
    Ok((StatusCode::CREATED, Json(api::CreatedKey { key: wire::key(created.key), secret })))
}

fn parse_time(text: &str) -> Result<i64, Problem> {
    text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_millisecond).map_err(|error| {
        let detail = format!("expires_at must be a time such as 2027-01-31T12:00:00Z: {error}");
        Problem::invalid("/expires_at", "invalid", detail)
    })
}

/// Revoke an API key.
///
/// Needs a session: a key revokes no keys.
#[utoipa::path(delete, path = "/v1/keys/{id}", tag = "keys", security(("session" = [])),
    params(("id" = String, Path)), responses((status = 204)))]
async fn keys_delete(
    State(accounts): State<Accounts>,
    Auth(caller): Auth,
    Path(id): Path<KeyId>,
) -> Result<StatusCode, Problem> {
    accounts.delete_key(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
