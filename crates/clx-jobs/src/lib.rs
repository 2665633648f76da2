//! Recordings, uploads, the durable job queue with its workers, and artefacts.
//!
//! [`Library`] bundles the services; each takes a [`Caller`](clx_accounts::Caller) first and answers
//! [`JobsError::NotFound`] for whatever belongs to another organisation. [`Workers`] run the queue.
//!
//! # Layout
//! `recordings`, `uploads`, `jobs`, `artifacts`, `events`: one service each. `model`: what they
//! give out. `intake`: from a staged file to a recording. `work`: what a worker does with a claimed job
//! (the queue's state machine itself is `clx_store::rows::job`, driven by `now`). `window`,
//! `spectrogram`: the signal at the zoom of a screen.

mod artifacts;
mod content;
mod deps;
mod error;
mod events;
mod idempotency;
mod intake;
mod jobs;
mod library;
mod model;
mod models;
mod recordings;
mod spectrogram;
mod uploads;
mod window;
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
pub use models::ModelFolder;
pub use recordings::Recordings;
pub use uploads::Uploads;
pub use work::Workers;
