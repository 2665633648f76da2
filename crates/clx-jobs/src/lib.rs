//! Recordings, uploads, the durable job queue with its workers, and artefacts.
//!
//! [`Library`] bundles the services; each takes a [`Caller`](clx_accounts::Caller) first and answers
//! [`JobsError::NotFound`] for whatever belongs to another organisation. [`Workers`] run the queue.
//!
//! # Layout
//! `recordings`, `uploads`, `jobs`, `artifacts`, `events`: one service each. `model`: what they
//! give out. `queue`: the state machine of a job, driven by `now`. `work`: what a worker does with a
//! claimed job. `pyramid`: minimum and maximum of the signal at every zoom.

mod artifacts;
mod content;
mod error;
mod events;
mod jobs;
mod library;
mod model;
mod recordings;
mod uploads;
mod work;

pub use artifacts::Artifacts;
pub use content::Content;
pub use error::JobsError;
pub use events::{Event, EventKind, Events};
pub use jobs::Jobs;
pub use library::{JobsConfig, Library};
pub use model::{
    Artifact, Channel, IdempotencyKey, Job, JobFault, JobFilter, JobState, Listing, NewRecording,
    NewReport, NewUpload, Outcome, Page, Progress, Recording, RecordingFilter, RecordingKind,
    RecordingState, ReportFormat, SignalQuery, SignalWindow, SpectrogramQuery, SpectrogramWindow,
    SubmitJob, Upload,
};
pub use recordings::Recordings;
pub use uploads::Uploads;
pub use work::Workers;
