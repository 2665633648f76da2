use axum::body::Body;
use serde_json::json;

use crate::app::{JSON, TestApp, tone_wav};

fn id(value: &serde_json::Value) -> &str {
    value["id"].as_str().unwrap()
}

#[tokio::test]
async fn the_same_content_again_is_the_same_recording() {
    let app = TestApp::start().await;
    let first = app.put_tone().await;
    assert_eq!(first["filename"], "tone.wav");
    assert_eq!(first["size_bytes"], tone_wav().len());
    let again = app.call("POST", "/v1/recordings?filename=b.wav", &[], tone_wav()).await.ok(200);
    assert_eq!(id(&again.json()), id(&first));
}

#[tokio::test]
async fn a_recording_beyond_the_limit_is_refused() {
    let app = TestApp::start().await;
    let body = vec![0_u8; (1 << 20) + 1];
    let answer = app.call("POST", "/v1/recordings?filename=a.wav", &[], body).await;
    answer.refused(413, "body_too_large");
    app.call("POST", "/v1/recordings", &[], "x").await.refused(400, "bad_query");
}

#[tokio::test]
async fn pages_follow_the_cursor_and_never_repeat() {
    let app = TestApp::start().await;
    let mut made = Vec::new();
    for i in 0..3_u8 {
        let mut wav = tone_wav();
        wav.extend([i, 0]);
        let path = format!("/v1/recordings?filename=t{i}.wav");
        made.push(id(&app.call("POST", &path, &[], wav).await.ok(201).json()).to_owned());
    }
    let first = app.get("/v1/recordings?limit=2").await.ok(200).json();
    assert_eq!(first["has_more"], true);
    let next = format!("/v1/recordings?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    let second = app.get(&next).await.ok(200).json();
    assert_eq!(second["has_more"], false);
    let pages = [&first, &second];
    let seen: Vec<&str> =
        pages.iter().flat_map(|p| p["data"].as_array().unwrap()).map(id).collect();
    made.reverse();
    assert_eq!(seen, made);
    for query in ["limit=0", "limit=101", "limit=x", "colour=red"] {
        let answer = app.get(&format!("/v1/recordings?{query}")).await;
        answer.refused(400, "bad_query");
    }
}

#[tokio::test]
async fn a_title_changes_only_against_the_version_that_was_read() {
    let app = TestApp::start().await;
    let recording = app.put_tone().await;
    let path = format!("/v1/recordings/{}", id(&recording));
    let body = json!({ "title": "A new name" }).to_string();
    let answer = app.call("PATCH", &path, &[JSON], body.clone()).await;
    answer.refused(428, "precondition_required");
    let wrong = [JSON, ("if-match", "\"nope\"")];
    let answer = app.call("PATCH", &path, &wrong, body.clone()).await;
    answer.refused(412, "precondition_failed");
    let etag = app.get(&path).await.ok(200).header("etag").to_owned();
    let right = [JSON, ("if-match", etag.as_str())];
    let changed = app.call("PATCH", &path, &right, body.clone()).await.ok(200);
    assert_eq!(changed.json()["title"], "A new name");
    assert_ne!(changed.header("etag"), etag);
    app.call("PATCH", &path, &right, body).await.refused(412, "precondition_failed");
    let known = [("if-none-match", changed.header("etag"))];
    app.call("GET", &path, &known, Body::empty()).await.ok(304);
}

#[tokio::test]
async fn a_deleted_recording_is_gone_until_it_is_restored() {
    let app = TestApp::start().await;
    let recording = app.put_tone().await;
    let path = format!("/v1/recordings/{}", id(&recording));
    app.call("DELETE", &path, &[], Body::empty()).await.ok(204);
    app.get(&path).await.refused(404, "not_found");
    app.call("POST", &format!("{path}/restore"), &[], Body::empty()).await.ok(200);
    app.get(&path).await.ok(200);
}

#[tokio::test]
async fn content_is_delivered_whole_in_part_and_not_at_all() {
    let app = TestApp::start().await;
    let recording = app.put_tone().await;
    let path = format!("/v1/recordings/{}/content", id(&recording));
    let wav = tone_wav();
    let whole = app.get(&path).await.ok(200);
    assert_eq!(whole.body, wav);
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert_eq!(whole.header("content-length"), wav.len().to_string());
    assert!(whole.header("content-disposition").starts_with("attachment; filename=\"tone.wav\""));
    assert!(whole.header("content-security-policy").contains("sandbox"));
    let etag = whole.header("etag").to_owned();
    assert_eq!(etag, format!("\"{}\"", recording["sha256"].as_str().unwrap()));
    let part = app.call("GET", &path, &[("range", "bytes=4-7")], Body::empty()).await.ok(206);
    assert_eq!(part.body, wav[4..8]);
    assert_eq!(part.header("content-range"), format!("bytes 4-7/{}", wav.len()));
    let stale = [("range", "bytes=4-7"), ("if-range", "\"other\"")];
    app.call("GET", &path, &stale, Body::empty()).await.ok(200);
    let outside = app.call("GET", &path, &[("range", "bytes=99999-")], Body::empty()).await;
    outside.refused(416, "range_not_satisfiable");
    assert_eq!(outside.header("content-range"), format!("bytes */{}", wav.len()));
    let known = [("if-none-match", etag.as_str())];
    app.call("GET", &path, &known, Body::empty()).await.ok(304);
    let head = app.call("HEAD", &path, &[], Body::empty()).await.ok(200);
    assert_eq!((head.body.len(), head.header("content-length")), (0, "16044"));
}

#[tokio::test]
async fn windows_are_binary_and_their_queries_checked() {
    let app = TestApp::start().await;
    let recording = app.put_tone().await;
    let job = app.get("/v1/jobs").await.ok(200).json()["data"][0]["id"].clone();
    let job = app.finish(job.as_str().unwrap()).await;
    assert_eq!(job["state"], "succeeded", "{job}");
    let path = format!("/v1/recordings/{}", id(&recording));
    let ready = app.get(&path).await.ok(200).json();
    assert_eq!((&ready["state"], &ready["kind"]), (&json!("ready"), &json!("audio")));
    let signal = app.get(&format!("{path}/signal?tmin_s=0&tmax_s=1&columns=10")).await.ok(200);
    assert_eq!(&signal.body[..4], b"CLXS");
    assert_eq!(signal.body.len(), 32 + 10 * 8);
    // Each column holds 44 periods of a sine of amplitude 16000/32768.
    for column in signal.body[32..].chunks(8) {
        let max = f32::from_le_bytes(column[4..].try_into().unwrap());
        assert!((max - 16_000.0 / 32_768.0).abs() < 0.01, "{max}");
    }
    let spectrogram = "spectrogram?channel=0&tmin_s=0&tmax_s=1&columns=8&rows=16";
    let spectrogram = app.get(&format!("{path}/{spectrogram}")).await.ok(200);
    assert_eq!(&spectrogram.body[..4], b"CLXG");
    assert_eq!(spectrogram.body.len(), 56 + 8 * 16);
    for query in ["tmin_s=1&tmax_s=0&columns=9", "tmin_s=0&tmax_s=1&columns=0", "tmin_s=0"] {
        let answer = app.get(&format!("{path}/signal?{query}")).await;
        answer.refused(400, "bad_query");
    }
    app.get(&format!("{path}/annotations")).await.ok(200);
}
