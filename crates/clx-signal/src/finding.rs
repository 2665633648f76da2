use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a finding matters for trusting the result.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; the result stands.
    Info,
    /// Part of the result is less reliable.
    Warning,
    /// Part of the result should not be used.
    Problem,
}

/// Something observed in the input that a reader of the result should know: a flat channel, a gap,
/// clipped samples. Findings are data, not errors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Stable dotted code, such as `channel.flat`, `audio.clipping`, `file.truncated`.
    pub code: String,
    pub severity: Severity,
    /// One English sentence with the measured figure in it.
    pub message: String,
    /// The channel it concerns, if it concerns one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Start of the evidence, seconds from the first sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tmin_s: Option<f64>,
    /// End of the evidence, seconds from the first sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tmax_s: Option<f64>,
}

impl Finding {
    pub fn new(code: &str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            severity,
            message: message.into(),
            channel: None,
            tmin_s: None,
            tmax_s: None,
        }
    }

    #[must_use]
    pub fn on_channel(mut self, name: impl Into<String>) -> Self {
        self.channel = Some(name.into());
        self
    }

    #[must_use]
    pub fn between(mut self, tmin_s: f64, tmax_s: f64) -> Self {
        self.tmin_s = Some(tmin_s);
        self.tmax_s = Some(tmax_s);
        self
    }
}
