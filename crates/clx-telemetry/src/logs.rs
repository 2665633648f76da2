use std::io::IsTerminal;

use serde::Deserialize;
use tracing_subscriber::{EnvFilter, fmt};

use crate::{TelemetryConfig, TelemetryError};

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

/// Sends events to standard error from now on.
///
/// # Errors
/// [`TelemetryError::Filter`] when the filter does not parse, [`TelemetryError::LogsTwice`] on a
/// second call.
pub fn init_logs(config: &TelemetryConfig) -> Result<(), TelemetryError> {
    let filter = filter(&config.log)?;
    // Colours are for people; a file or a collector gets plain text.
    let lines = fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = match config.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    started.map_err(|_already_set| TelemetryError::LogsTwice)
}

pub(crate) fn filter(text: &str) -> Result<EnvFilter, TelemetryError> {
    EnvFilter::builder().parse(text).map_err(|error| TelemetryError::Filter {
        filter: text.to_owned(),
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_does_not_parse_is_named_in_the_error() {
        let config = TelemetryConfig { log: "clx=loud=2".to_owned(), ..Default::default() };
        let error = init_logs(&config).unwrap_err().to_string();
        assert!(error.contains("clx=loud=2"), "{error}");
    }
}
