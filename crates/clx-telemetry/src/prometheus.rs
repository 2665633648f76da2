use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

use crate::{TelemetryError, process};

/// Upper bounds of every `…_seconds` histogram: 1 ms to 60 s, about three a decade.
const DURATION_BUCKETS_S: [f64; 13] =
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0, 20.0, 60.0];

/// What was counted so far, in the text format of Prometheus.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// Collects everything the `metrics` macros emit in this process from now on.
    ///
    /// # Errors
    /// [`TelemetryError::MetricsTwice`] on a second call.
    pub fn install() -> Result<Self, TelemetryError> {
        let recorder = recorder()?;
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder)
            .map_err(|_already_set| TelemetryError::MetricsTwice)?;
        describe();
        Ok(Self(handle))
    }

    /// Collects nothing: for tests that run many applications in one process.
    ///
    /// # Errors
    /// Never in practice; the buckets are constant.
    pub fn detached() -> Result<Self, TelemetryError> {
        Ok(Self(recorder()?.handle()))
    }

    /// The exposition text, version 0.0.4.
    pub fn render(&self) -> String {
        if let Some(bytes) = process::resident_bytes() {
            #[expect(clippy::cast_precision_loss, reason = "memory is far below 2^53 bytes")]
            metrics::gauge!("process_resident_memory_bytes").set(bytes as f64);
        }
        self.0.render()
    }

    /// Folds recent samples into the histograms; call every few seconds so that memory stays
    /// bounded when nobody scrapes.
    pub fn upkeep(&self) {
        self.0.run_upkeep();
    }
}

fn recorder() -> Result<PrometheusRecorder, TelemetryError> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &DURATION_BUCKETS_S)
        .map_err(|error| TelemetryError::Buckets(error.to_string()))?;
    Ok(builder.build_recorder())
}

fn describe() {
    metrics::describe_counter!("http_requests_total", "Requests answered, by route and status.");
    metrics::describe_histogram!(
        "http_request_duration_seconds",
        metrics::Unit::Seconds,
        "Time until the head of the answer was ready."
    );
    metrics::describe_gauge!("http_event_streams", "Open event streams.");
    metrics::describe_gauge!("process_resident_memory_bytes", "Memory held by this process.");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_become_a_histogram_in_seconds() {
        let recorder = recorder().unwrap();
        let metrics = Metrics(recorder.handle());
        metrics::with_local_recorder(&recorder, || {
            metrics::histogram!("http_request_duration_seconds").record(0.015);
        });
        let text = metrics.render();
        assert!(text.contains("http_request_duration_seconds_bucket{le=\"0.01\"} 0"), "{text}");
        assert!(text.contains("http_request_duration_seconds_bucket{le=\"0.02\"} 1"), "{text}");
    }
}
