//! Sets up logs and metrics.
//!
//! The only crate that touches the two process-wide registries (`tracing`'s subscriber and
//! `metrics`' recorder). Everything else emits through the macros and does not know where it goes.

mod logs;
mod process;
mod prometheus;

pub use logs::{LogFormat, init_logs};
pub use prometheus::Metrics;

use serde::Deserialize;

/// Settings of logs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetryConfig {
    /// Which events are written, in the syntax of `tracing`'s filter: `info,clx_jobs=debug`.
    pub log: String,
    pub log_format: LogFormat,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self { log: "info,sea_orm_migration=warn".to_owned(), log_format: LogFormat::Text }
    }
}

impl TelemetryConfig {
    /// Names of settings that cannot work, each with the reason.
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        match logs::filter(&self.log) {
            Ok(_) => Vec::new(),
            Err(error) => vec![("log", error.to_string())],
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TelemetryError {
    #[error("log filter {filter:?} does not parse ({reason}); try `info` or `info,clx_jobs=debug`")]
    Filter { filter: String, reason: String },
    #[error("logs were set up before in this process")]
    LogsTwice,
    #[error("metrics were set up before in this process")]
    MetricsTwice,
    #[error("histogram buckets were refused: {0}")]
    Buckets(String),
}
