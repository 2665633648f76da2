use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::FromRef;
use bytes::Bytes;
use clx_accounts::Accounts;
use clx_jobs::{Artifacts, Events, Jobs, Library, Recordings, Uploads};
use clx_store::Store;
use clx_telemetry::Metrics;
use serde::Deserialize;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::limiter::Limiter;
use crate::web::WebFiles;

/// Settings of the HTTP edge.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GatewayConfig {
    /// Whether browsers reach the server by https (through a proxy that ends TLS). Cookies are then
    /// marked `Secure`.
    pub https: bool,
    /// Largest JSON body, bytes. Uploads are bounded by the jobs settings.
    pub max_json_bytes: usize,
    /// Time for a request other than an upload or an event stream, seconds; above 30.
    pub request_timeout_s: u64,
    /// Event streams open at the same time.
    pub max_event_streams: usize,
}

impl Default for GatewayConfig {
    fn default() -> Self {
        Self {
            https: false,
            max_json_bytes: 1 << 20,
            request_timeout_s: 60,
            max_event_streams: 512,
        }
    }
}

impl GatewayConfig {
    /// Names of settings that cannot work, each with the reason.
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let bounds: [(&str, u64, RangeInclusive<u64>); 3] = [
            ("max_json_bytes", self.max_json_bytes as u64, 1024..=1 << 30),
            // A caller may wait 30 s for a job, and gets an answer then.
            ("request_timeout_s", self.request_timeout_s, 31..=3600),
            ("max_event_streams", self.max_event_streams as u64, 1..=1_000_000),
        ];
        let outside = bounds.into_iter().filter(|(_, value, bounds)| !bounds.contains(value));
        outside
            .map(|(name, value, bounds)| {
                let (min, max) = (bounds.start(), bounds.end());
                (name, format!("must be {min} to {max}, got {value}"))
            })
            .collect()
    }
}

/// What the gateway stands on.
#[derive(Clone, Debug)]
pub struct Services {
    pub store: Store,
    pub accounts: Accounts,
    pub library: Library,
    pub metrics: Metrics,
}

/// Everything handlers share; cheap to clone. A handler names the one part it uses.
#[derive(Clone, Debug)]
pub struct App {
    pub(crate) services: Services,
    pub(crate) config: Arc<GatewayConfig>,
    pub(crate) web: WebFiles,
    pub(crate) sign_in_limits: Arc<SignInLimits>,
    pub(crate) openapi: Arc<OnceLock<Bytes>>,
    pub(crate) event_slots: Arc<Semaphore>,
    /// Pictures drawn at the same time; drawing is CPU work.
    pub(crate) drawing_slots: Arc<Semaphore>,
    /// Ends event streams and turns `/readyz` to 503.
    pub(crate) stopping: CancellationToken,
}

impl App {
    pub fn new(services: Services, config: GatewayConfig) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            services,
            web: WebFiles::embedded(),
            sign_in_limits: Arc::default(),
            openapi: Arc::default(),
            event_slots: Arc::new(Semaphore::new(config.max_event_streams)),
            drawing_slots: Arc::new(Semaphore::new(cores)),
            stopping: CancellationToken::new(),
            config: Arc::new(config),
        }
    }
}

/// Bounds on guessing: per address and per account, which is an e-mail address or a user's id.
#[derive(Debug)]
pub(crate) struct SignInLimits {
    pub(crate) by_address: Limiter<String>,
    pub(crate) by_account: Limiter<String>,
}

impl Default for SignInLimits {
    fn default() -> Self {
        Self {
            by_address: Limiter::new(20, Duration::from_secs(3)),
            by_account: Limiter::new(10, Duration::from_secs(30)),
        }
    }
}

macro_rules! part {
    ($name:ty, $app:ident => $part:expr) => {
        impl FromRef<App> for $name {
            fn from_ref($app: &App) -> Self {
                $part
            }
        }
    };
}

part!(Store, app => app.services.store.clone());
part!(Accounts, app => app.services.accounts.clone());
part!(Metrics, app => app.services.metrics.clone());
part!(Recordings, app => app.services.library.recordings.clone());
part!(Uploads, app => app.services.library.uploads.clone());
part!(Jobs, app => app.services.library.jobs.clone());
part!(Artifacts, app => app.services.library.artifacts.clone());
part!(Events, app => app.services.library.events.clone());
part!(WebFiles, app => app.web);
