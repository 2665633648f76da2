//! What the services give out. Times are milliseconds since 1970, UTC.

mod job;
mod page;
mod recording;
mod upload;
mod window;

use crate::JobsError;

pub use job::{
    Artifact, Job, JobFault, JobFilter, JobState, NewReport, Progress, ReportFormat, SubmitJob,
};
pub use page::{IdempotencyKey, Listing, Outcome, Page};
pub use recording::{
    Channel, NewRecording, Recording, RecordingFilter, RecordingKind, RecordingState,
};
pub use upload::{NewUpload, Upload};
pub use window::{SignalQuery, SignalWindow, SpectrogramQuery, SpectrogramWindow};

/// Text that a person typed: trimmed, not empty, at most `max` characters, nothing unprintable.
pub(crate) fn clean_text(field: &'static str, text: &str, max: usize) -> Result<String, JobsError> {
    let text = text.trim();
    let letters = text.chars().count();
    if letters == 0 || letters > max || text.chars().any(char::is_control) {
        let message = format!("needs 1 to {max} printable characters, got {letters}");
        return Err(JobsError::invalid(field, message));
    }
    Ok(text.to_owned())
}

/// The id a page starts behind; refuses limits and cursors that cannot be.
pub(crate) fn check_page<T: std::str::FromStr>(page: &Page) -> Result<Option<T>, JobsError> {
    if !(1..=100).contains(&page.limit) {
        return Err(JobsError::invalid("limit", format!("must be 1 to 100, got {}", page.limit)));
    }
    let Some(cursor) = &page.cursor else { return Ok(None) };
    let unknown = |_id| JobsError::invalid("cursor", "is not one that a list gave out");
    cursor.parse().map(Some).map_err(unknown)
}

/// Cuts the row off that was read to see whether there is more.
pub(crate) fn next_cursor<T>(
    rows: &mut Vec<T>,
    limit: u64,
    id: impl Fn(&T) -> &String,
) -> Option<String> {
    if rows.len() as u64 <= limit {
        return None;
    }
    rows.truncate(limit as usize);
    rows.last().map(|row| id(row).clone())
}
