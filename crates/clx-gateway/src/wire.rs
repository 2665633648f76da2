//! From what services give out to what goes over the wire.

use clx_api as api;
use clx_jobs::{JobState, Outcome, RecordingKind, RecordingState};
use clx_text::Bundle;
use http::StatusCode;
use jiff::Timestamp;

/// RFC 3339 in UTC. Times of rows were made by a clock and are in range.
pub(crate) fn time(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

/// The form of `Upload-Expires`, such as `Sun, 22 Nov 2026 20:00:00 GMT`.
pub(crate) fn http_date(ms: i64) -> String {
    let time = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

pub(crate) fn page<T, W>(listing: clx_jobs::Listing<T>, wire: impl Fn(T) -> W) -> api::Page<W> {
    api::Page {
        data: listing.data.into_iter().map(wire).collect(),
        has_more: listing.next_cursor.is_some(),
        next_cursor: listing.next_cursor,
    }
}

/// `created` for something new, 200 for what was there before; `Idempotent-Replayed` says whether
/// an earlier request with the same key made it.
pub(crate) fn outcome<T>(
    outcome: Outcome<T>,
    created: StatusCode,
) -> (StatusCode, [(&'static str, &'static str); 1], T) {
    match outcome {
        Outcome::Created(value) => (created, [("idempotent-replayed", "false")], value),
        Outcome::Existing(value) => (StatusCode::OK, [("idempotent-replayed", "false")], value),
        Outcome::Replayed(value) => (created, [("idempotent-replayed", "true")], value),
    }
}

pub(crate) fn session(session: clx_accounts::Session) -> api::Session {
    api::Session {
        user: api::User {
            id: session.user.id.into_string(),
            email: session.user.email,
            name: session.user.name,
        },
        org: api::Organisation { id: session.org.id.into_string(), name: session.org.name },
        role: match session.role {
            clx_accounts::Role::Viewer => api::Role::Viewer,
            clx_accounts::Role::Member => api::Role::Member,
            clx_accounts::Role::Admin => api::Role::Admin,
            clx_accounts::Role::Owner => api::Role::Owner,
        },
        has_password: session.has_password,
    }
}

pub(crate) fn key(key: clx_accounts::ApiKey) -> api::ApiKey {
    api::ApiKey {
        id: key.id.into_string(),
        name: key.name,
        start: key.start,
        created_at: time(key.created_at_ms),
        last_used_at: key.last_used_at_ms.map(time),
        expires_at: key.expires_at_ms.map(time),
    }
}

pub(crate) fn recording(recording: clx_jobs::Recording) -> api::Recording {
    api::Recording {
        id: recording.id.into_string(),
        title: recording.title,
        filename: recording.filename,
        kind: recording.kind.map(|kind| match kind {
            RecordingKind::Eeg => api::RecordingKind::Eeg,
            RecordingKind::Audio => api::RecordingKind::Audio,
        }),
        format: recording.format,
        media_type: recording.media_type,
        size_bytes: recording.size_bytes,
        sha256: recording.sha256,
        duration_s: recording.duration_s,
        state: match recording.state {
            RecordingState::Processing => api::RecordingState::Processing,
            RecordingState::Ready => api::RecordingState::Ready,
            RecordingState::Failed => api::RecordingState::Failed,
        },
        error: recording.error,
        synthetic: recording.synthetic,
        channels: recording.channels.into_iter().map(channel).collect(),
        start: recording.start,
        findings: recording.findings.into_iter().map(finding).collect(),
        results: recording
            .results
            .into_iter()
            .map(|(analysis, job)| (analysis, job.into_string()))
            .collect(),
        created_at: time(recording.created_at_ms),
        etag: recording.etag,
    }
}

fn channel(channel: clx_jobs::Channel) -> api::Channel {
    api::Channel {
        name: channel.name,
        label: channel.label,
        kind: channel.kind,
        unit: channel.unit,
        rate_hz: channel.rate_hz,
        n_samples: channel.n_samples,
        position: channel.position,
    }
}

fn finding(finding: clx_signal::Finding) -> api::Finding {
    api::Finding {
        code: finding.code,
        severity: match finding.severity {
            clx_signal::Severity::Info => api::Severity::Info,
            clx_signal::Severity::Warning => api::Severity::Warning,
            clx_signal::Severity::Problem => api::Severity::Problem,
        },
        message: finding.message,
        channel: finding.channel,
        tmin_s: finding.tmin_s,
        tmax_s: finding.tmax_s,
    }
}

pub(crate) fn annotation(annotation: clx_signal::Annotation) -> api::Annotation {
    api::Annotation {
        onset_s: annotation.onset_s,
        duration_s: annotation.duration_s,
        text: annotation.text,
        channel: annotation.channel,
    }
}

pub(crate) fn upload(upload: clx_jobs::Upload) -> api::Upload {
    api::Upload {
        id: upload.id.into_string(),
        filename: upload.filename,
        offset_bytes: upload.offset_bytes,
        size_bytes: upload.length_bytes,
        created_at: time(upload.created_at_ms),
        expires_at: time(upload.expires_at_ms),
        recording_id: upload.recording.map(clx_store::RecordingId::into_string),
    }
}

pub(crate) fn job(job: clx_jobs::Job) -> api::Job {
    api::Job {
        id: job.id.into_string(),
        analysis: job.analysis,
        recording_id: job.recording.map(clx_store::RecordingId::into_string),
        params: job.params,
        state: match job.state {
            JobState::Queued => api::JobState::Queued,
            JobState::Running => api::JobState::Running,
            JobState::Succeeded => api::JobState::Succeeded,
            JobState::Failed => api::JobState::Failed,
            JobState::Cancelled => api::JobState::Cancelled,
        },
        progress: api::Progress { fraction: job.progress.fraction, stage: job.progress.stage },
        attempt: job.attempt,
        max_attempts: job.max_attempts,
        error: job.error.map(|fault| api::JobError { code: fault.code, message: fault.message }),
        artifacts: job.artifacts.into_iter().map(artifact).collect(),
        created_at: time(job.created_at_ms),
        started_at: job.started_at_ms.map(time),
        finished_at: job.finished_at_ms.map(time),
    }
}

pub(crate) fn artifact(artifact: clx_jobs::Artifact) -> api::Artifact {
    api::Artifact {
        id: artifact.id.into_string(),
        job_id: artifact.job.into_string(),
        name: artifact.name,
        media_type: artifact.media_type,
        size_bytes: artifact.size_bytes,
        sha256: artifact.sha256,
        duration_s: artifact.duration_s,
    }
}

pub(crate) fn analysis(analysis: &clx_analysis::Analysis, bundle: &Bundle) -> api::Analysis {
    let params = analysis.param_paths().into_iter().map(|path| {
        let words: Vec<String> =
            path.iter().map(|part| clx_analysis::field_name(part).to_owned()).collect();
        let unit = path.last().and_then(|name| clx_analysis::unit_of_param(name));
        api::Param {
            label: clx_analysis::field_label(bundle, &words),
            unit: unit.map(str::to_owned),
            path,
        }
    });
    api::Analysis {
        params: params.collect(),
        id: analysis.id.to_owned(),
        title: clx_analysis::title(bundle, analysis),
        summary: clx_analysis::summary(bundle, analysis),
        input: match analysis.input {
            clx_analysis::InputKind::Recording => api::InputKind::Recording,
            clx_analysis::InputKind::Audio => api::InputKind::Audio,
            clx_analysis::InputKind::Results => api::InputKind::Results,
        },
        credits: analysis.credits,
        params_schema: analysis.params_schema(),
        output_schema: analysis.output_schema(),
        example_params: analysis.example_params(),
    }
}

/// The readable part of a result with labels from `bundle`.
pub(crate) fn sheet(sheet: clx_analysis::Sheet, bundle: &Bundle) -> api::Sheet {
    let label = |path: &[String]| clx_analysis::field_label(bundle, path);
    let cell = |cell: clx_analysis::Cell| match cell {
        clx_analysis::Cell::Absent => None,
        clx_analysis::Cell::Truth(truth) => Some(api::Cell::Truth(truth)),
        clx_analysis::Cell::Number(number) => Some(api::Cell::Number(number)),
        clx_analysis::Cell::Text(text) => Some(api::Cell::Text(text)),
    };
    let measures = sheet.measures.into_iter().map(|measure| api::Measure {
        label: label(&measure.path),
        unit: measure.unit.map(str::to_owned),
        value: cell(measure.value),
        ci95: measure.ci95,
    });
    let tables = sheet.tables.into_iter().map(|table| {
        let columns = table.columns.iter().map(|column| api::Column {
            label: label(&column.path),
            unit: column.unit.map(str::to_owned),
        });
        api::Table {
            label: label(&table.path),
            columns: columns.collect(),
            rows: table.rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect(),
            n_rows: table.n_rows as u64,
        }
    });
    api::Sheet { measures: measures.collect(), tables: tables.collect() }
}

/// A window of the signal as the browser reads it, see the operation's description.
pub(crate) fn signal_window(window: &clx_jobs::SignalWindow) -> Vec<u8> {
    let n_channels = u32::try_from(window.channels.len()).unwrap_or(u32::MAX);
    let n_values: usize = window.channels.iter().map(Vec::len).sum();
    let mut out = Vec::with_capacity(32 + 8 * n_values);
    out.extend_from_slice(b"CLXS");
    out.extend_from_slice(&1_u32.to_le_bytes());
    out.extend_from_slice(&n_channels.to_le_bytes());
    out.extend_from_slice(&window.n_columns.to_le_bytes());
    out.extend_from_slice(&window.tmin_s.to_le_bytes());
    out.extend_from_slice(&window.tmax_s.to_le_bytes());
    for [min, max] in window.channels.iter().flatten() {
        out.extend_from_slice(&min.to_le_bytes());
        out.extend_from_slice(&max.to_le_bytes());
    }
    out
}

pub(crate) fn spectrogram_window(window: &clx_jobs::SpectrogramWindow) -> Vec<u8> {
    let mut out = Vec::with_capacity(56 + window.values.len());
    out.extend_from_slice(b"CLXG");
    out.extend_from_slice(&1_u32.to_le_bytes());
    out.extend_from_slice(&window.columns.to_le_bytes());
    out.extend_from_slice(&window.rows.to_le_bytes());
    for value in [window.tmin_s, window.tmax_s, window.fmin_hz, window.fmax_hz] {
        out.extend_from_slice(&value.to_le_bytes());
    }
    out.extend_from_slice(&window.db_min.to_le_bytes());
    out.extend_from_slice(&window.db_max.to_le_bytes());
    out.extend_from_slice(&window.values);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339_and_imf_fixdate() {
        // `date -u -d @1732305600`
        assert_eq!(time(1_732_305_600_000), "2024-11-22T20:00:00Z");
        assert_eq!(http_date(1_732_305_600_000), "Fri, 22 Nov 2024 20:00:00 GMT");
    }

    #[test]
    fn a_signal_window_has_a_32_byte_head_and_pairs_by_channel() {
        let window = clx_jobs::SignalWindow {
            tmin_s: 1.5,
            tmax_s: 2.5,
            n_columns: 2,
            channels: vec![vec![[-1.0, 1.0], [f32::NAN, f32::NAN]]],
        };
        let bytes = signal_window(&window);
        assert_eq!(bytes.len(), 32 + 16);
        assert_eq!(&bytes[..4], b"CLXS");
        assert_eq!(bytes[4..16], [1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]);
        assert_eq!(f64::from_le_bytes(bytes[16..24].try_into().unwrap()), 1.5);
        assert_eq!(f32::from_le_bytes(bytes[32..36].try_into().unwrap()), -1.0);
        assert!(f32::from_le_bytes(bytes[44..48].try_into().unwrap()).is_nan());
    }
}
