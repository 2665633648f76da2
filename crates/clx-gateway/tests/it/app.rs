use axum::Router;
use axum::body::Body;
use clx_accounts::{Accounts, AccountsConfig, Caller, NewKey, Role, Via};
use clx_gateway::{App, GatewayConfig, Services, router};
use clx_jobs::{JobsConfig, Library, Workers};
use clx_store::{Clock, Store};
use clx_telemetry::Metrics;
use clx_testkit::TestStore;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

pub(crate) struct TestApp {
    router: Router,
    pub(crate) library: Library,
    pub(crate) store: Store,
    /// `Authorization` of the owner.
    pub(crate) owner: String,
    /// `Authorization` of an administrator of another organisation.
    pub(crate) stranger: String,
    /// Token of a sign-in link that was not used yet.
    pub(crate) link: String,
    _place: TestStore,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{} is not JSON: {error}", String::from_utf8_lossy(&self.body))
        })
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts a problem document of this status and code.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{text}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["request_id"], self.header("x-request-id"));
    }

    #[track_caller]
    pub(crate) fn ok(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::with(GatewayConfig::default()).await
    }

    pub(crate) async fn with(config: GatewayConfig) -> Self {
        let place = TestStore::sqlite().await;
        let store = place.store.clone();
        let accounts = Accounts::new(store.clone(), AccountsConfig::default(), Clock::System);
        let link = accounts.bootstrap().await.unwrap().unwrap().expose().to_owned();
        let jobs = JobsConfig { poll_ms: 20, max_upload_bytes: 1 << 20, ..JobsConfig::default() };
        let library = Library::new(store.clone(), jobs, Clock::System);
        let owner = accounts.internal_caller().await.unwrap();
        let owner = key_of(&accounts, Caller { role: Role::Owner, ..owner }).await;
        let stranger = key_of(&accounts, other_admin(&place).await).await;
        let metrics = Metrics::detached().unwrap();
        let services =
            Services { store: store.clone(), accounts, library: library.clone(), metrics };
        let router = router(App::new(services, config));
        Self { router, library, store, owner, stranger, link, _place: place }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// The response while its body is still open, for event streams.
    pub(crate) async fn open(&self, request: Request<Body>) -> http::Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// As the owner, with further headers.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut all = vec![("authorization", self.owner.as_str())];
        all.extend_from_slice(headers);
        self.send(request(method, path, &all, body)).await
    }

    /// Uses the sign-in link up; returns the `Cookie` of the owner's session.
    pub(crate) async fn sign_in(&self) -> String {
        let body = serde_json::json!({ "token": self.link }).to_string();
        let answer = self.send(request("POST", "/v1/session", &[JSON, SAME], body)).await.ok(200);
        answer.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &[], Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, &[JSON], body.to_string()).await
    }

    /// Hands over one second of a 440 Hz tone; returns the recording.
    pub(crate) async fn put_tone(&self) -> Value {
        self.call("POST", "/v1/recordings?filename=tone.wav", &[], tone_wav()).await.ok(201).json()
    }

    /// Hands over the tone and waits until it has been read; returns the recording's id.
    pub(crate) async fn put_ready_tone(&self) -> Value {
        let id = self.put_tone().await["id"].clone();
        let path = format!("/v1/jobs?recording_id={}", id.as_str().unwrap());
        let jobs = self.get(&path).await.ok(200).json();
        let ingest = self.finish(jobs["data"][0]["id"].as_str().unwrap()).await;
        assert_eq!(ingest["state"], "succeeded", "{ingest}");
        id
    }

    /// Runs the queue until the job is finished; returns the job.
    pub(crate) async fn finish(&self, job: &str) -> Value {
        let workers = Workers::start(&self.library);
        let path = format!("/v1/jobs/{job}");
        let wait = [("prefer", "wait=30")];
        let job = self.call("GET", &path, &wait, Body::empty()).await.ok(200).json();
        workers.stop().await;
        job
    }
}

pub(crate) const JSON: (&str, &str) = ("content-type", "application/json");
/// What a browser sends with a request of our own page.
pub(crate) const SAME: (&str, &str) = ("sec-fetch-site", "same-origin");

pub(crate) fn request(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.into()).unwrap()
}

async fn key_of(accounts: &Accounts, caller: Caller) -> String {
    let key = NewKey { name: "test".to_owned(), expires_at_ms: None };
    let created = accounts.create_key(&caller, key).await.unwrap();
    format!("Bearer {}", created.secret.expose())
}

async fn other_admin(place: &TestStore) -> Caller {
    let (org, user) = place.tenant(Role::Admin.as_str()).await;
    Caller { org, user, role: Role::Admin, via: Via::Session }
}

/// One second of 440 Hz at 8 kHz, 16 bits, mono.
pub(crate) fn tone_wav() -> Vec<u8> {
    let sine = |i: i32| (f64::from(i) / 8000.0 * 440.0 * std::f64::consts::TAU).sin();
    clx_testkit::wav(8000, (0..8000).map(|i| (sine(i) * 16_000.0) as i16))
}
