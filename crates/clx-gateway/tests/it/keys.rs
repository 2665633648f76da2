use axum::body::Body;
use serde_json::{Value, json};

use crate::app::{Answer, JSON, SAME, TestApp, request};

async fn create(app: &TestApp, body: Value) -> Answer {
    let session = app.sign_in().await;
    let headers = [JSON, SAME, ("cookie", session.as_str())];
    app.send(request("POST", "/v1/keys", &headers, body.to_string())).await
}

#[tokio::test]
async fn a_key_works_until_it_is_revoked_and_shows_its_secret_once() {
    let app = TestApp::start().await;
    let session = app.sign_in().await;
    let with_cookie = [JSON, SAME, ("cookie", session.as_str())];
    let body = json!({ "name": "robot" }).to_string();
    let created = app.send(request("POST", "/v1/keys", &with_cookie, body)).await.ok(201).json();
    let bearer = format!("Bearer {}", created["secret"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    app.send(request("GET", "/v1/session", &headers, Body::empty())).await.ok(200);
    let list = app.get("/v1/keys").await.ok(200);
    assert!(!String::from_utf8_lossy(&list.body).contains(created["secret"].as_str().unwrap()));
    let path = format!("/v1/keys/{}", created["id"].as_str().unwrap());
    app.send(request("DELETE", &path, &with_cookie, Body::empty())).await.ok(204);
    let after = app.send(request("GET", "/v1/session", &headers, Body::empty())).await;
    after.refused(401, "unauthenticated");
    let again = app.send(request("DELETE", &path, &with_cookie, Body::empty())).await;
    again.refused(404, "not_found");
}

#[tokio::test]
async fn a_key_needs_a_name_and_a_real_expiry() {
    let app = TestApp::start().await;
    create(&app, json!({ "name": "" })).await.refused(422, "invalid");
    let app = TestApp::start().await;
    let answer = create(&app, json!({ "name": "x", "expires_at": "soon" })).await;
    answer.refused(422, "invalid");
    assert_eq!(answer.json()["violations"][0]["pointer"], "/expires_at");
}

#[tokio::test]
async fn a_key_neither_makes_nor_revokes_keys() {
    let app = TestApp::start().await;
    let made = app.post("/v1/keys", &json!({ "name": "another" })).await;
    made.refused(403, "session_required");
    let keys = app.get("/v1/keys").await.ok(200).json();
    let path = format!("/v1/keys/{}", keys["data"][0]["id"].as_str().unwrap());
    let revoked = app.call("DELETE", &path, &[], Body::empty()).await;
    revoked.refused(403, "session_required");
}
