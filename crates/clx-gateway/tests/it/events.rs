use std::time::Duration;

use axum::body::Body;
use futures::StreamExt;

use crate::app::{TestApp, request};

/// Reads the stream until it has `n` events; returns their lines.
async fn read(app: &TestApp, headers: &[(&str, &str)], n: usize) -> Vec<String> {
    let mut all = vec![("authorization", app.owner.as_str())];
    all.extend_from_slice(headers);
    let response = app.open(request("GET", "/v1/events", &all, Body::empty())).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.into_body().into_data_stream();
    let mut text = String::new();
    while text.matches("\nevent:").count() < n || !text.ends_with("\n\n") {
        let next = tokio::time::timeout(Duration::from_secs(10), stream.next()).await;
        let part = next.expect("an event arrives").unwrap().unwrap();
        text.push_str(std::str::from_utf8(&part).unwrap());
    }
    text.lines().map(str::to_owned).collect()
}

fn ids(lines: &[String]) -> Vec<i64> {
    lines.iter().filter_map(|line| line.strip_prefix("id: ")?.parse().ok()).collect()
}

#[tokio::test]
async fn a_stream_resumes_after_the_last_event_that_was_seen() {
    let app = TestApp::start().await;
    let recording = app.put_tone().await;
    let lines = read(&app, &[("last-event-id", "0")], 1).await;
    let first = ids(&lines)[0];
    assert!(lines.contains(&"retry: 2000".to_owned()), "{lines:?}");
    let named = |name: &str| lines.iter().any(|line| line == &format!("event: {name}"));
    assert!(named("recording.updated") || named("job.updated"), "{lines:?}");
    let path = format!("/v1/recordings/{}", recording["id"].as_str().unwrap());
    app.call("DELETE", &path, &[], Body::empty()).await.ok(204);
    let seen = first.to_string();
    let later = ids(&read(&app, &[("last-event-id", seen.as_str())], 1).await);
    assert!(later.iter().all(|id| *id > first), "{later:?}");
}

#[tokio::test]
async fn a_malformed_last_event_id_is_refused() {
    let app = TestApp::start().await;
    for id in ["x", "-1", "1.5"] {
        let answer = app.call("GET", "/v1/events", &[("last-event-id", id)], Body::empty()).await;
        answer.refused(400, "events.last_id");
    }
}
