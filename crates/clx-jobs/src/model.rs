//! What the services give out. Times are milliseconds since 1970, UTC.

mod job;
mod page;
mod recording;
mod upload;
mod window;

pub use job::{
    Artifact, Job, JobFault, JobFilter, JobState, NewReport, Progress, ReportFormat, SubmitJob,
};
pub use page::{IdempotencyKey, Listing, Outcome, Page};
pub use recording::{
    Channel, NewRecording, Recording, RecordingFilter, RecordingKind, RecordingState,
};
pub use upload::{NewUpload, Upload};
pub use window::{SignalQuery, SignalWindow, SpectrogramQuery, SpectrogramWindow};
