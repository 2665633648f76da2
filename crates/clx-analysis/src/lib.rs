//! The catalogue of analyses: one file each, with typed parameters, output and JSON schema.
//!
//! REST, command line, web forms, reports and the documentation index all read [`catalogue`]; an
//! analysis is added by writing `src/catalogue/<family>/<name>.rs` and two lines in the family's
//! file. Everything here is synchronous and free of I/O: bytes come in as a [`clx_formats::Source`]
//! or as earlier results, files go out through the caller's [`ArtifactSink`].

mod analysis;
mod catalogue;
mod context;
mod envelope;
mod error;
mod input;
mod sheet;
mod words;

pub use analysis::{Analysis, InputKind, PlotInfo};
pub use catalogue::{catalogue, find};
pub use clx_render::{Theme, Words};
pub use context::{ArtifactSink, ArtifactWrite, Context, ModelSource, NoModels, Progress};
pub use envelope::{InputRef, ResultEnvelope};
pub use error::AnalysisError;
pub use input::Inputs;
pub use sheet::{Cell, Column, Measure, Sheet, Table, field_name, unit_of_param};
pub use words::{field_label, plot_title, plot_words, summary, title};
