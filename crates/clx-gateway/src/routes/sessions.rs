use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::time::Instant;

use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::response::AppendHeaders;
use clx_accounts::{Accounts, PasswordChange};
use clx_api as api;
use http::header::SET_COOKIE;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::auth::{self, Auth, Origin};
use crate::extract::Json;
use crate::problem::Problem;
use crate::{App, wire};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(session_create, session_view, session_delete))
        .routes(routes!(session_password_update))
}

/// Sign in.
///
/// The answer sets the session cookie.
#[utoipa::path(post, path = "/v1/session", tag = "session", security(()),
    responses((status = 200, body = api::Session, headers(("set-cookie" = String)))))]
async fn session_create(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    Json(body): Json<api::SignIn>,
) -> Result<(AppendHeaders<[(http::HeaderName, String); 1]>, Json<api::Session>), Problem> {
    // A page elsewhere must not sign its visitor in to somebody else's account.
    if auth::origin(&headers) == Origin::Other {
        return Err(auth::cross_site());
    }
    let accounts = &app.services.accounts;
    limit(&app, &address, &body)?;
    let signed_in = match &body {
        api::SignIn::Link(link) => accounts.sign_in_with_link(&link.token).await?,
        api::SignIn::Password(with) => {
            accounts.sign_in_with_password(&with.email, &with.password).await?
        }
    };
    let (secret, https) = (signed_in.cookie.expose(), app.config.https);
    let cookie = auth::set_session_cookie(secret, signed_in.max_age_s, https);
    Ok((AppendHeaders([(SET_COOKIE, cookie)]), Json(wire::session(signed_in.session))))
}

const MAX_EMAIL_BYTES: usize = 254;

fn limit(app: &App, address: &ClientAddress, body: &api::SignIn) -> Result<(), Problem> {
    let now = Instant::now();
    let too_many = |wait: std::time::Duration| Problem::too_many(wait.as_secs() + 1);
    app.sign_in_limits.by_address.attempt(&address.0, now).map_err(too_many)?;
    if let api::SignIn::Password(with) = body {
        // No address is longer (RFC 5321), and what is kept to count attempts must stay small.
        if with.email.len() > MAX_EMAIL_BYTES {
            return Err(Problem::unauthenticated());
        }
        let email = with.email.trim().to_lowercase();
        app.sign_in_limits.by_account.attempt(&email, now).map_err(too_many)?;
    }
    Ok(())
}

/// What the attempts of a peer are counted by, as text; empty when the router runs without a socket.
struct ClientAddress(String);

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(peer.map(|peer| network(peer.0.ip()).to_string()).unwrap_or_default()))
    }
}

/// The address, or of IPv6 its first 64 bits: that much is given to one household or machine (RFC
/// 6177), which may take a new address within it for every attempt.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(network))
        }
        address => address,
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/v1/session", tag = "session",
    responses((status = 200, body = api::Session)))]
async fn session_view(
    State(accounts): State<Accounts>,
    Auth(caller): Auth,
) -> Result<Json<api::Session>, Problem> {
    Ok(Json(wire::session(accounts.session(&caller).await?)))
}

/// Sign out.
#[utoipa::path(delete, path = "/v1/session", tag = "session",
    responses((status = 204, headers(("set-cookie" = String)))))]
async fn session_delete(
    State(app): State<App>,
    _caller: Auth,
    headers: HeaderMap,
) -> Result<(StatusCode, AppendHeaders<[(http::HeaderName, String); 1]>), Problem> {
    if let Some(cookie) = auth::session_cookie(&headers) {
        app.services.accounts.sign_out(cookie).await?;
    }
    let ended = auth::set_session_cookie("", 0, app.config.https);
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(SET_COOKIE, ended)])))
}

/// Set the password of the signed-in user.
///
/// Needs a session, an API key cannot change passwords, and the current password if there is one.
/// All other sessions of the user end.
#[utoipa::path(put, path = "/v1/session/password", tag = "session", security(("session" = [])),
    responses((status = 204)))]
async fn session_password_update(
    State(app): State<App>,
    Auth(caller): Auth,
    headers: HeaderMap,
    Json(body): Json<api::SetPassword>,
) -> Result<StatusCode, Problem> {
    // A key must not use up the attempts of its owner.
    caller.require_session()?;
    app.sign_in_limits
        .by_account
        .attempt(&caller.user.to_string(), Instant::now())
        .map_err(|wait| Problem::too_many(wait.as_secs() + 1))?;
    let cookie = auth::session_cookie(&headers).unwrap_or_default();
    let change = PasswordChange { password: body.password, current: body.current_password };
    app.services.accounts.set_password(&caller, cookie, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_counted_per_address_and_of_ipv6_per_network() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7", "IPv4 on a socket of IPv6");
    }
}
