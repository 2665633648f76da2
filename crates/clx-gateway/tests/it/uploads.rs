use axum::body::Body;

use crate::app::{Answer, TestApp, tone_wav};

const TUS: (&str, &str) = ("tus-resumable", "1.0.0");
const PART: (&str, &str) = ("content-type", "application/offset+octet-stream");

async fn create(app: &TestApp, length: usize) -> Answer {
    let length = length.to_string();
    // "tone.wav" in base64.
    let metadata = ("upload-metadata", "filename dG9uZS53YXY=");
    let headers = [TUS, ("upload-length", length.as_str()), metadata];
    app.call("POST", "/v1/uploads", &headers, Body::empty()).await
}

async fn append(app: &TestApp, path: &str, offset: usize, part: &[u8]) -> Answer {
    let offset = offset.to_string();
    let headers = [TUS, PART, ("upload-offset", offset.as_str())];
    app.call("PATCH", path, &headers, part.to_vec()).await
}

#[tokio::test]
async fn an_upload_in_parts_becomes_a_recording() {
    let app = TestApp::start().await;
    let wav = tone_wav();
    let created = create(&app, wav.len()).await.ok(201);
    assert!(created.header("upload-expires").ends_with(" GMT"));
    let path = created.header("location").to_owned();
    let first = append(&app, &path, 0, &wav[..1000]).await.ok(204);
    assert_eq!(first.header("upload-offset"), "1000");
    append(&app, &path, 500, &wav[500..]).await.refused(409, "upload.offset");
    let head = app.call("HEAD", &path, &[TUS], Body::empty()).await.ok(200);
    assert_eq!(head.header("upload-offset"), "1000");
    assert_eq!(head.header("upload-length"), wav.len().to_string());
    assert_eq!(head.header("cache-control"), "no-store");
    let open = app.get("/v1/uploads").await.ok(200).json();
    assert_eq!(open["data"][0]["filename"], "tone.wav");
    let last = append(&app, &path, 1000, &wav[1000..]).await.ok(204);
    let recording = last.header("clx-recording");
    let recording = app.get(&format!("/v1/recordings/{recording}")).await.ok(200).json();
    assert_eq!(recording["size_bytes"], wav.len());
}

#[tokio::test]
async fn the_protocol_is_held_to() {
    let app = TestApp::start().await;
    let options = app.call("OPTIONS", "/v1/uploads", &[], Body::empty()).await.ok(204);
    assert_eq!(options.header("tus-version"), "1.0.0");
    assert_eq!(options.header("tus-extension"), "creation,expiration,termination");
    assert_eq!(options.header("tus-max-size"), (1 << 20).to_string());
    let length = ("upload-length", "10");
    let answer = app.call("POST", "/v1/uploads", &[length], Body::empty()).await;
    answer.refused(412, "upload.version");
    assert_eq!(answer.header("tus-version"), "1.0.0");
    let answer = app.call("POST", "/v1/uploads", &[TUS], Body::empty()).await;
    answer.refused(400, "upload.header");
    create(&app, (1 << 20) + 1).await.refused(413, "body_too_large");
    let path = create(&app, 10).await.ok(201).header("location").to_owned();
    let headers = [TUS, ("upload-offset", "0")];
    let answer = app.call("PATCH", &path, &headers, "0123456789").await;
    answer.refused(415, "unsupported_media_type");
}

#[tokio::test]
async fn a_terminated_upload_is_gone() {
    let app = TestApp::start().await;
    let path = create(&app, 10).await.ok(201).header("location").to_owned();
    app.call("DELETE", &path, &[TUS], Body::empty()).await.ok(204);
    let head = app.call("HEAD", &path, &[TUS], Body::empty()).await;
    assert_eq!(head.status, 404);
    append(&app, &path, 0, b"0123456789").await.refused(404, "not_found");
}
