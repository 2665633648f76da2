use axum::body::Body;
use serde_json::json;

use crate::app::{JSON, TestApp, request};

#[tokio::test]
async fn a_repeated_request_with_a_key_is_one_job() {
    let app = TestApp::start().await;
    let recording = app.put_ready_tone().await;
    let body = json!({ "analysis": "audio.overview", "recording_id": recording });
    let key = [JSON, ("idempotency-key", "once")];
    let first = app.call("POST", "/v1/jobs", &key, body.to_string()).await.ok(202);
    assert_eq!(first.header("idempotent-replayed"), "false");
    let again = app.call("POST", "/v1/jobs", &key, body.to_string()).await.ok(202);
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.json()["id"], first.json()["id"]);
    let other = json!({ "analysis": "eeg.overview", "recording_id": recording });
    let answer = app.call("POST", "/v1/jobs", &key, other.to_string()).await;
    answer.refused(422, "idempotency.mismatch");
}

#[tokio::test]
async fn bad_jobs_are_refused_with_a_pointer() {
    let app = TestApp::start().await;
    let answer = app.post("/v1/jobs", &json!({ "analysis": "eeg.nothing" })).await;
    answer.refused(422, "invalid");
    assert_eq!(answer.json()["violations"][0]["pointer"], "/analysis");
    let body = json!({ "analysis": "audio.overview", "recording_id": "job_x" });
    let answer = app.post("/v1/jobs", &body).await;
    assert_eq!(answer.json()["violations"][0]["pointer"], "/recording_id");
    let key = [JSON, ("idempotency-key", "")];
    app.call("POST", "/v1/jobs", &key, "{}").await.refused(400, "idempotency.key");
    app.get("/v1/jobs?state=lost").await.refused(400, "bad_query");
}

#[tokio::test]
async fn a_job_is_waited_for_and_its_result_drawn_and_delivered() {
    let app = TestApp::start().await;
    let recording = app.put_ready_tone().await;
    let body = json!({ "analysis": "audio.overview", "recording_id": recording });
    let job = app.post("/v1/jobs", &body).await.ok(202);
    let path = job.header("location").to_owned();
    app.get(&format!("{path}/result")).await.refused(409, "conflict");
    let job = app.finish(path.rsplit('/').next().unwrap()).await;
    assert_eq!(job["state"], "succeeded", "{job}");
    let result = app.get(&format!("{path}/result")).await.ok(200).json();
    assert_eq!(result["analysis"], "audio.overview");
    let plots = app.get(&format!("{path}/plots")).await.ok(200).json();
    let name = plots["data"][0]["name"].as_str().unwrap();
    let svg = app.get(&format!("{path}/plots/{name}.svg?theme=dark")).await.ok(200);
    assert_eq!(svg.header("content-type"), "image/svg+xml");
    let png = app.get(&format!("{path}/plots/{name}.png")).await.ok(200);
    assert_eq!(&png.body[1..4], b"PNG");
    app.get(&format!("{path}/plots/nothing.svg")).await.refused(404, "not_found");
    app.get(&format!("{path}/plots/{name}.gif")).await.refused(404, "not_found");
    app.get(&format!("{path}/plots/{name}.svg?theme=blue")).await.refused(400, "bad_query");
    let cancel = app.call("POST", &format!("{path}/cancel"), &[], Body::empty()).await;
    cancel.refused(409, "conflict");
}

#[tokio::test]
async fn a_sheet_repeats_the_figures_of_the_result_with_units() {
    let app = TestApp::start().await;
    let recording = app.put_ready_tone().await;
    let body = json!({ "analysis": "audio.overview", "recording_id": recording });
    let job = app.post("/v1/jobs", &body).await.ok(202);
    let path = job.header("location").to_owned();
    app.get(&format!("{path}/sheet")).await.refused(409, "conflict");
    app.finish(path.rsplit('/').next().unwrap()).await;
    let result = app.get(&format!("{path}/result")).await.ok(200).json();
    let sheet = app.get(&format!("{path}/sheet?lang=de")).await.ok(200).json();
    let measures = sheet["measures"].as_array().unwrap();
    let peak = measures.iter().find(|m| m["unit"] == "dBTP").unwrap();
    assert_eq!(peak["value"], result["output"]["loudness"]["true_peak_dbtp"]);
    app.get(&format!("{path}/sheet?language=de")).await.refused(400, "bad_query");
}

#[tokio::test]
async fn a_report_is_an_artifact_that_others_cannot_see() {
    let app = TestApp::start().await;
    let recording = app.put_ready_tone().await;
    let body = json!({ "analysis": "audio.overview", "recording_id": recording });
    let job = app.post("/v1/jobs", &body).await.ok(202).json();
    let job = app.finish(job["id"].as_str().unwrap()).await;
    let body = json!({ "job_ids": [job["id"]], "format": "xlsx", "lang": "de" });
    let report = app.post("/v1/reports", &body).await.ok(202).json();
    let report = app.finish(report["id"].as_str().unwrap()).await;
    assert_eq!(report["state"], "succeeded", "{report}");
    let artifact = format!("/v1/artifacts/{}", report["artifacts"][0]["id"].as_str().unwrap());
    app.get(&artifact).await.ok(200);
    let content = format!("{artifact}/content");
    let part = app.call("GET", &content, &[("range", "bytes=0-1")], Body::empty()).await.ok(206);
    assert_eq!(part.body, b"PK");
    for path in [artifact, content] {
        let headers = [("authorization", app.stranger.as_str())];
        let answer = app.send(request("GET", &path, &headers, Body::empty())).await;
        answer.refused(404, "not_found");
    }
}
