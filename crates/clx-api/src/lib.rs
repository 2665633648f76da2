//! Wire types of the REST API and the problem shape; no logic.
//!
//! JSON is `snake_case`, times are RFC 3339 in UTC, identifiers are a prefix and 26 characters
//! (`rec_…`). A field that may be absent is left out rather than sent as `null`. Request bodies
//! refuse unknown fields, so that a misspelt option is an error and not a silent default.

mod account;
mod analysis;
mod job;
mod page;
mod problem;
mod recording;
mod report;
mod upload;

pub use account::{
    ApiKey, CreateKey, CreatedKey, Organisation, Role, Session, SetPassword, SignIn, SignInLink,
    SignInPassword, User,
};
pub use analysis::{
    Analysis, Cell, Column, InputKind, Measure, Param, Plot, ResultEnvelope, ResultInput, Sheet,
    Table,
};
pub use job::{Artifact, CreateJob, Job, JobError, JobState, Progress};
pub use page::{List, Page};
pub use problem::{Problem, Violation};
pub use recording::{
    Annotation, Channel, Finding, Recording, RecordingKind, RecordingState, Severity,
    UpdateRecording,
};
pub use report::{CreateReport, Language, ReportFormat};
pub use upload::{Health, Upload};
