use axum::body::Body;
use serde_json::json;

use crate::app::{TestApp, request};

#[tokio::test]
async fn a_key_works_until_it_is_revoked_and_shows_its_secret_once() {
    let app = TestApp::start().await;
    let created = app.post("/v1/keys", &json!({ "name": "robot" })).await.ok(201).json();
    let bearer = format!("Bearer {}", created["secret"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    app.send(request("GET", "/v1/session", &headers, Body::empty())).await.ok(200);
    let list = app.get("/v1/keys").await.ok(200);
    assert!(!String::from_utf8_lossy(&list.body).contains(created["secret"].as_str().unwrap()));
    let path = format!("/v1/keys/{}", created["id"].as_str().unwrap());
    app.call("DELETE", &path, &[], Body::empty()).await.ok(204);
    let after = app.send(request("GET", "/v1/session", &headers, Body::empty())).await;
    after.refused(401, "unauthenticated");
    app.call("DELETE", &path, &[], Body::empty()).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_key_needs_a_name_and_a_real_expiry() {
    let app = TestApp::start().await;
    app.post("/v1/keys", &json!({ "name": "" })).await.refused(422, "invalid");
    let answer = app.post("/v1/keys", &json!({ "name": "x", "expires_at": "soon" })).await;
    answer.refused(422, "invalid");
    assert_eq!(answer.json()["violations"][0]["pointer"], "/expires_at");
}
