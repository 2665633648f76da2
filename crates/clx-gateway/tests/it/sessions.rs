use axum::body::Body;
use clx_gateway::GatewayConfig;
use serde_json::json;

use crate::app::{Answer, JSON, SAME, TestApp, request};

async fn sign_in(app: &TestApp, body: serde_json::Value) -> Answer {
    app.send(request("POST", "/v1/session", &[JSON, SAME], body.to_string())).await
}

fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_link_signs_in_once_and_the_cookie_carries_the_session() {
    let app = TestApp::start().await;
    let answer = sign_in(&app, json!({ "token": app.link })).await.ok(200);
    assert_eq!(answer.json()["role"], "owner");
    let attributes = answer.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(attributes.contains(part), "{attributes}");
    }
    assert!(!attributes.contains("Secure"));
    let headers = [("cookie", cookie(&answer))];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let session = app.send(request("GET", "/v1/session", &headers, Body::empty())).await.ok(200);
    assert_eq!(session.json()["user"]["email"], "owner@localhost");
    sign_in(&app, json!({ "token": app.link })).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn behind_https_the_cookie_is_secure() {
    let app = TestApp::with(GatewayConfig { https: true, ..GatewayConfig::default() }).await;
    let answer = sign_in(&app, json!({ "token": app.link })).await.ok(200);
    assert!(answer.header("set-cookie").contains("; Secure"));
    assert!(!answer.header("strict-transport-security").is_empty());
}

#[tokio::test]
async fn changes_with_a_cookie_must_come_from_our_own_pages() {
    let app = TestApp::start().await;
    let signed_in = sign_in(&app, json!({ "token": app.link })).await.ok(200);
    let cookie = cookie(&signed_in);
    let cookie = ("cookie", cookie.as_str());
    let password = json!({ "password": "a long passphrase" }).to_string();
    let put = |headers: &[(&str, &str)]| {
        let mut all = vec![JSON, cookie];
        all.extend_from_slice(headers);
        app.send(request("PUT", "/v1/session/password", &all, password.clone()))
    };
    put(&[]).await.refused(403, "cross_site");
    put(&[("sec-fetch-site", "cross-site")]).await.refused(403, "cross_site");
    let evil = [("host", "a.example"), ("origin", "http://evil.example")];
    put(&evil).await.refused(403, "cross_site");
    put(&[("host", "a.example"), ("origin", "http://a.example")]).await.ok(204);
    let by_password = json!({ "email": "owner@localhost", "password": "a long passphrase" });
    sign_in(&app, by_password).await.ok(200);
}

#[tokio::test]
async fn a_new_password_needs_the_one_before_and_guessing_it_is_slowed_down() {
    let app = TestApp::start().await;
    let cookie = app.sign_in().await;
    let headers = [JSON, SAME, ("cookie", cookie.as_str())];
    let put = async |body: serde_json::Value| {
        app.send(request("PUT", "/v1/session/password", &headers, body.to_string())).await
    };
    put(json!({ "password": "the first passphrase" })).await.ok(204);
    let second = |current| json!({ "password": "another passphrase", "current_password": current });
    let answer = put(second("not the first one")).await;
    answer.refused(422, "invalid");
    assert_eq!(answer.json()["violations"][0]["pointer"], "/current_password");
    put(second("the first passphrase")).await.ok(204);
    // The bound of an account is ten attempts at once, and three are gone.
    for _ in 0..7 {
        put(second("a guess, and wrong")).await.refused(422, "invalid");
    }
    put(second("another passphrase")).await.refused(429, "too_many_attempts");
}

#[tokio::test]
async fn another_site_cannot_sign_its_visitor_in() {
    let app = TestApp::start().await;
    let body = json!({ "token": app.link }).to_string();
    let headers = [JSON, ("sec-fetch-site", "cross-site")];
    app.send(request("POST", "/v1/session", &headers, body)).await.refused(403, "cross_site");
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let app = TestApp::start().await;
    let signed_in = sign_in(&app, json!({ "token": app.link })).await.ok(200);
    let cookie = cookie(&signed_in);
    let headers = [("cookie", cookie.as_str()), SAME];
    let out = app.send(request("DELETE", "/v1/session", &headers, Body::empty())).await.ok(204);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    let again = app.send(request("GET", "/v1/session", &headers, Body::empty())).await;
    again.refused(401, "unauthenticated");
}

#[tokio::test]
async fn guessing_is_slowed_down_per_account() {
    let app = TestApp::start().await;
    // The bound of an account is ten attempts at once; hashing is not reached after that.
    let guess = json!({ "email": "owner@localhost", "password": "wrong wrong wrong" });
    for _ in 0..10 {
        sign_in(&app, guess.clone()).await.refused(401, "unauthenticated");
    }
    let answer = sign_in(&app, guess).await;
    answer.refused(429, "too_many_attempts");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
}

#[tokio::test]
async fn a_short_password_and_a_malformed_sign_in_are_invalid() {
    let app = TestApp::start().await;
    sign_in(&app, json!({ "token": 1 })).await.refused(422, "invalid");
    let signed_in = sign_in(&app, json!({ "token": app.link })).await.ok(200);
    let cookie = cookie(&signed_in);
    let headers = [JSON, SAME, ("cookie", cookie.as_str())];
    let body = json!({ "password": "short" }).to_string();
    let answer = app.send(request("PUT", "/v1/session/password", &headers, body)).await;
    answer.refused(422, "invalid");
    assert_eq!(answer.json()["violations"][0]["pointer"], "/password");
}
