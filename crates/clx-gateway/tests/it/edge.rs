//! What holds for every answer, and the web app's routes.

use axum::body::Body;

use crate::app::{JSON, TestApp, request};

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::start().await;
    for path in ["/health", "/v1/nowhere", "/v1/recordings", "/"] {
        let answer = app.send(request("GET", path, &[], Body::empty())).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert!(!answer.header("referrer-policy").is_empty(), "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        let scripts = policy.split(';').find(|part| part.contains("script-src"));
        assert!(!scripts.unwrap_or_default().contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-request-id").len(), 32, "{path}");
    }
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems() {
    let app = TestApp::start().await;
    app.get("/v1/nowhere").await.refused(404, "not_found");
    app.get("/v1/jobs/not-an-id").await.refused(404, "not_found");
    let answer = app.call("DELETE", "/v1/jobs", &[], Body::empty()).await;
    answer.refused(405, "method_not_allowed");
    assert!(answer.header("allow").contains("GET"), "{}", answer.header("allow"));
}

#[tokio::test]
async fn bad_bodies_say_what_is_wrong_and_where() {
    let app = TestApp::start().await;
    let post = async |headers: &[(&str, &str)], body: &'static str| {
        app.call("POST", "/v1/jobs", headers, body).await
    };
    post(&[JSON], "{").await.refused(400, "bad_json");
    post(&[], "{}").await.refused(415, "unsupported_media_type");
    let answer = post(&[JSON], r#"{"analysis":"eeg.overview","result_job_ids":[1]}"#).await;
    answer.refused(422, "invalid");
    assert_eq!(answer.json()["violations"][0]["pointer"], "/result_job_ids/0");
    let answer = post(&[JSON], r#"{"analysis":"eeg.overview","parms":{}}"#).await;
    answer.refused(422, "invalid");
    assert!(answer.json()["detail"].as_str().unwrap().contains("parms"));
}

#[tokio::test]
async fn a_json_body_beyond_the_limit_is_refused() {
    let app = TestApp::start().await;
    let body = format!("{{\"analysis\":\"{}\"}}", "x".repeat(1 << 20));
    app.call("POST", "/v1/jobs", &[JSON], body).await.refused(413, "body_too_large");
}

#[tokio::test]
async fn json_is_compressed_and_binary_is_not() {
    let app = TestApp::start().await;
    let gzip = [("accept-encoding", "gzip")];
    let answer = app.call("GET", "/v1/analyses", &gzip, Body::empty()).await.ok(200);
    assert_eq!(answer.header("content-encoding"), "gzip");
    let tone = app.put_tone().await;
    let path = format!("/v1/recordings/{}/content", tone["id"].as_str().unwrap());
    let answer = app.call("GET", &path, &gzip, Body::empty()).await.ok(200);
    assert_eq!(answer.header("content-encoding"), "");
}

#[tokio::test]
async fn figures_need_credentials_and_are_prometheus_text() {
    let app = TestApp::start().await;
    let answer = app.get("/metrics").await.ok(200);
    assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"));
}
