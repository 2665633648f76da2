//! As much of a client as the tests need. Every call may fail: the server is being killed.

use std::io::Read;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Response;

pub(crate) type Attempt<T> = Result<T, String>;

#[derive(Clone)]
pub(crate) struct Client {
    agent: Agent,
    api: String,
    key: Option<String>,
}

impl Client {
    pub(crate) fn new(api: &str, key: Option<String>) -> Self {
        let agent = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(20)))
            .http_status_as_error(false)
            .build()
            .into();
        Self { agent, api: api.trim_end_matches('/').to_owned(), key }
    }

    /// Exchanges the token of the sign-in link for an API key.
    pub(crate) fn key_from_link(&self, link: &str) -> Attempt<String> {
        let token = link.split("token=").nth(1).ok_or("the link has no token")?;
        let mut answer = self
            .agent
            .post(format!("{}/session", self.api))
            .send_json(json!({"token": token}))
            .map_err(text)?;
        expect(&mut answer, &[200])?;
        let cookies: Vec<String> = answer
            .headers()
            .get_all("set-cookie")
            .iter()
            .filter_map(|c| c.to_str().ok()?.split(';').next().map(str::to_owned))
            .collect();
        let mut answer = self
            .agent
            .post(format!("{}/keys", self.api))
            .header("cookie", cookies.join("; "))
            .header("sec-fetch-site", "same-origin")
            .send_json(json!({"name": "test"}))
            .map_err(text)?;
        let key = expect(&mut answer, &[200, 201])?;
        // The secret is shown once, whatever the field is called.
        let secret = key.as_object().and_then(|o| {
            o.values().filter_map(Value::as_str).find(|v| v.starts_with("ck_live_") && v.len() > 30)
        });
        secret.map(str::to_owned).ok_or(format!("no key in {key}"))
    }

    pub(crate) fn get(&self, path: &str) -> Attempt<Value> {
        let mut answer = self
            .agent
            .get(self.url(path))
            .header("authorization", self.bearer())
            .call()
            .map_err(text)?;
        expect(&mut answer, &[200])
    }

    pub(crate) fn bytes(&self, path: &str) -> Attempt<Vec<u8>> {
        let mut answer = self
            .agent
            .get(self.url(path))
            .header("authorization", self.bearer())
            .call()
            .map_err(text)?;
        if answer.status() != 200 {
            return Err(format!("{path}: {}", answer.status()));
        }
        let mut bytes = Vec::new();
        answer.body_mut().as_reader().read_to_end(&mut bytes).map_err(text)?;
        Ok(bytes)
    }

    pub(crate) fn submit(&self, body: &Value, idempotency_key: &str) -> Attempt<Value> {
        let mut answer = self
            .agent
            .post(self.url("/jobs"))
            .header("authorization", self.bearer())
            .header("idempotency-key", idempotency_key)
            .send_json(body)
            .map_err(text)?;
        expect(&mut answer, &[200, 201, 202])
    }

    /// Opens a resumable upload and returns its path.
    pub(crate) fn create_upload(&self, filename: &str, length: usize) -> Attempt<String> {
        let mut answer = self
            .agent
            .post(self.url("/uploads"))
            .header("authorization", self.bearer())
            .header("tus-resumable", "1.0.0")
            .header("upload-length", length.to_string())
            .header("upload-metadata", format!("filename {}", base64(filename.as_bytes())))
            .send_empty()
            .map_err(text)?;
        if answer.status() != 201 {
            return Err(format!("create upload: {}", body_text(&mut answer)));
        }
        let location = answer.headers().get("location").and_then(|v| v.to_str().ok());
        let location = location.ok_or("no location")?;
        let id = location.rsplit('/').next().unwrap_or_default();
        Ok(format!("/uploads/{id}"))
    }

    /// Where an upload goes on; `None` once it is complete and gone.
    pub(crate) fn offset(&self, upload: &str) -> Attempt<Option<usize>> {
        let answer = self
            .agent
            .head(self.url(upload))
            .header("authorization", self.bearer())
            .header("tus-resumable", "1.0.0")
            .call()
            .map_err(text)?;
        if answer.status() == 404 || answer.status() == 410 {
            return Ok(None);
        }
        let offset = answer.headers().get("upload-offset").and_then(|v| v.to_str().ok());
        offset.and_then(|o| o.parse().ok()).map(Some).ok_or(format!("{}", answer.status()))
    }

    /// Sends a part; returns the recording's id if that was the last one.
    pub(crate) fn append(
        &self,
        upload: &str,
        offset: usize,
        part: &[u8],
    ) -> Attempt<Option<String>> {
        let mut answer = self
            .agent
            .patch(self.url(upload))
            .header("authorization", self.bearer())
            .header("tus-resumable", "1.0.0")
            .header("upload-offset", offset.to_string())
            .header("content-type", "application/offset+octet-stream")
            .send(part)
            .map_err(text)?;
        if answer.status() != 204 {
            return Err(format!("append at {offset}: {}", body_text(&mut answer)));
        }
        let recording = answer.headers().get("clx-recording").and_then(|v| v.to_str().ok());
        Ok(recording.map(str::to_owned))
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.api)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.key.as_deref().unwrap_or_default())
    }
}

fn expect(answer: &mut Response<ureq::Body>, statuses: &[u16]) -> Attempt<Value> {
    let status = answer.status().as_u16();
    let body = body_text(answer);
    if !statuses.contains(&status) {
        return Err(format!("{status}: {body}"));
    }
    serde_json::from_str(&body).map_err(text)
}

fn body_text(answer: &mut Response<ureq::Body>) -> String {
    let mut body = String::new();
    match answer.body_mut().as_reader().read_to_string(&mut body) {
        Ok(_) => body,
        Err(error) => error.to_string(),
    }
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0u32, |w, &b| (w << 8) | u32::from(b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let letter = ALPHABET[(word >> (18 - 6 * i)) as usize & 63] as char;
            text.push(if i <= chunk.len() { letter } else { '=' });
        }
    }
    text
}
