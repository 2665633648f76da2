//! Who may call what: nothing without credentials, nothing of another organisation.

use axum::body::Body;
use serde_json::Value;

use crate::app::{TestApp, request};

/// The routes that answer without credentials. Whoever adds one says why in the review.
const PUBLIC: [&str; 5] =
    ["get /health", "get /livez", "get /readyz", "get /v1/openapi.json", "post /v1/session"];

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// Every operation of the document, as `get /v1/recordings/{id}`.
fn operations() -> Vec<(String, String)> {
    let document: Value = serde_json::from_slice(&clx_gateway::openapi_json()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS.iter().filter(|method| item[**method].is_object()) {
            operations.push(((*method).to_owned(), path.clone()));
        }
    }
    operations
}

fn concrete(path: &str) -> String {
    let noun = path.split('/').nth(2).unwrap_or_default();
    let prefix = match noun {
        "recordings" => "rec",
        "uploads" => "upl",
        "jobs" => "job",
        "artifacts" => "art",
        "keys" => "key",
        _ => "x",
    };
    path.replace("{id}", &format!("{prefix}_01k9zq3v8efb5rj6m1t0yx7c2d"))
        .replace("{file}", "psd.svg")
}

#[tokio::test]
async fn every_other_operation_answers_401_without_credentials() {
    let app = TestApp::start().await;
    let mut open = Vec::new();
    for (method, path) in operations() {
        let name = format!("{method} {path}");
        let headers = [("tus-resumable", "1.0.0"), ("if-match", "x")];
        let request = request(&method.to_uppercase(), &concrete(&path), &headers, Body::empty());
        if PUBLIC.contains(&name.as_str()) {
            continue;
        }
        let answer = app.send(request).await;
        if answer.status != 401 {
            open.push(format!("{name}: {}", answer.status));
        }
    }
    assert_eq!(open, Vec::<String>::new());
}

#[tokio::test]
async fn public_operations_answer_and_no_others_are_declared_public() {
    let document: Value = serde_json::from_slice(&clx_gateway::openapi_json()).unwrap();
    let mut declared: Vec<String> = operations()
        .into_iter()
        .filter(|(method, path)| {
            let security = document["paths"][path][method]["security"].as_array();
            security.is_some_and(|any| any.contains(&serde_json::json!({})))
        })
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    declared.sort();
    assert_eq!(declared, PUBLIC);
    let app = TestApp::start().await;
    for path in ["/health", "/livez", "/readyz", "/v1/openapi.json"] {
        assert_eq!(app.send(request("GET", path, &[], Body::empty())).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn wrong_credentials_are_refused() {
    let app = TestApp::start().await;
    for authorization in ["Bearer ck_live_wrong", "Bearer ", "Basic b3duZXI6eA==", "x"] {
        let headers = [("authorization", authorization)];
        let answer = app.send(request("GET", "/v1/jobs", &headers, Body::empty())).await;
        answer.refused(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
}

#[tokio::test]
async fn what_belongs_to_another_organisation_does_not_exist() {
    let app = TestApp::start().await;
    let recording = app.put_tone().await["id"].as_str().unwrap().to_owned();
    let jobs = app.get("/v1/jobs").await.json();
    let job = jobs["data"][0]["id"].as_str().unwrap().to_owned();
    let tus = [("tus-resumable", "1.0.0"), ("upload-length", "10")];
    let upload = app.call("POST", "/v1/uploads", &tus, Body::empty()).await.ok(201);
    let upload = upload.header("location").rsplit('/').next().unwrap().to_owned();
    for (method, path) in operations() {
        if !path.contains("{id}") || path.contains("analyses") {
            continue;
        }
        let id = match path.split('/').nth(2).unwrap() {
            "recordings" => &recording,
            "jobs" => &job,
            "uploads" => &upload,
            // Revoking needs a session, of which the stranger has none; `keys.rs` covers it.
            "keys" => continue,
            // No job has finished, so there is no artefact; `jobs.rs` covers them.
            _ => continue,
        };
        let query = match path.rsplit('/').next().unwrap() {
            "signal" => "?tmin_s=0&tmax_s=1&columns=1",
            "spectrogram" => "?channel=0&tmin_s=0&tmax_s=1&columns=1&rows=1",
            _ => "",
        };
        let address = path.replace("{id}", id).replace("{file}", "psd.svg") + query;
        let headers = [
            ("authorization", app.stranger.as_str()),
            ("tus-resumable", "1.0.0"),
            ("if-match", "*"),
            ("upload-offset", "0"),
            ("content-type", media_type(&path)),
        ];
        let body = Body::from(r#"{"title":"mine"}"#);
        let request = request(&method.to_uppercase(), &address, &headers, body);
        let answer = app.send(request).await;
        assert_eq!(answer.status, 404, "{method} {path}");
    }
    let headers = [("authorization", app.stranger.as_str())];
    let list = app.send(request("GET", "/v1/recordings", &headers, Body::empty())).await;
    assert_eq!(list.ok(200).json()["data"], serde_json::json!([]));
}

fn media_type(path: &str) -> &'static str {
    if path.contains("uploads") { "application/offset+octet-stream" } else { "application/json" }
}
