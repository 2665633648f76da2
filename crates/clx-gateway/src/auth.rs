//! Finds out who calls: a session cookie or a bearer key. Cookies travel by themselves, so unsafe
//! requests that carry one must come from our own pages.

use axum::extract::{FromRef, FromRequestParts};
use clx_accounts::{Accounts, Caller};
use http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};

use crate::App;
use crate::problem::Problem;

pub(crate) const SESSION_COOKIE: &str = "clx_session";

/// An authenticated caller.
#[derive(Debug)]
pub(crate) struct Auth(pub(crate) Caller);

impl FromRequestParts<App> for Auth {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let accounts = Accounts::from_ref(app);
        if let Some(key) = bearer(&parts.headers)? {
            return Ok(Self(accounts.authenticate_key(key).await?));
        }
        let cookie = session_cookie(&parts.headers).ok_or_else(Problem::unauthenticated)?;
        if !is_safe(&parts.method) && origin(&parts.headers) != Origin::Same {
            return Err(cross_site());
        }
        Ok(Self(accounts.authenticate_session(cookie).await?))
    }
}

/// The key of an `Authorization` header; another scheme is refused rather than overlooked.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let value = value.to_str().unwrap_or_default();
    match value.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(key.trim())),
        _ => Err(Problem::unauthenticated()),
    }
}

/// Value of the session cookie.
pub(crate) fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == SESSION_COOKIE)
        .map(|(_, value)| value)
}

/// `Set-Cookie` that starts a session, or ends it with an empty value and no age.
pub(crate) fn set_session_cookie(value: &str, max_age_s: i64, https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!(
        "{SESSION_COOKIE}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}"
    )
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Where a request was started, as far as the browser tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Same,
    Other,
    /// Not a browser, or a very old one.
    Unknown,
}

/// `Sec-Fetch-Site` where the browser sends it (it cannot be forged by a page), else `Origin`
/// compared with the host that was addressed.
pub(crate) fn origin(headers: &HeaderMap) -> Origin {
    if let Some(site) = headers.get("sec-fetch-site") {
        return if site == "same-origin" { Origin::Same } else { Origin::Other };
    }
    let Some(origin) = headers.get(ORIGIN) else { return Origin::Unknown };
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    match (origin, host) {
        (Some((_, authority)), Some(host)) if authority.eq_ignore_ascii_case(host) => Origin::Same,
        _ => Origin::Other,
    }
}

pub(crate) fn cross_site() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "cross_site",
        "a change with a session cookie must come from a page of this server; \
         programs send an API key instead",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn check(pairs: &[(&'static str, &str)], expected: Origin) {
        assert_eq!(origin(&headers(pairs)), expected, "{pairs:?}");
    }

    #[test]
    fn only_our_own_pages_count_as_same_origin() {
        let host = ("host", "localhost:3000");
        check(&[host, ("sec-fetch-site", "same-origin")], Origin::Same);
        check(&[host, ("sec-fetch-site", "same-site")], Origin::Other);
        check(&[host, ("sec-fetch-site", "cross-site")], Origin::Other);
        check(&[host, ("sec-fetch-site", "none")], Origin::Other);
        check(&[host, ("origin", "http://localhost:3000")], Origin::Same);
        check(&[host, ("origin", "http://localhost:8000")], Origin::Other);
        check(&[host, ("origin", "null")], Origin::Other);
        check(&[host], Origin::Unknown);
    }

    #[test]
    fn the_fetch_header_wins_over_the_origin() {
        let forged = [
            ("host", "a.example"),
            ("origin", "http://a.example"),
            ("sec-fetch-site", "cross-site"),
        ];
        check(&forged, Origin::Other);
    }

    #[test]
    fn the_session_cookie_is_found_among_others() {
        let found = |cookie| session_cookie(&headers(&[("cookie", cookie)])).map(str::to_owned);
        assert_eq!(found("a=b; clx_session=xyz; c=d").as_deref(), Some("xyz"));
        assert_eq!(found("not_clx_session=xyz"), None);
    }

    #[test]
    fn the_cookie_is_secure_behind_https() {
        assert!(set_session_cookie("v", 60, true).ends_with("; Secure"));
        assert!(!set_session_cookie("v", 60, false).contains("Secure"));
    }
}
