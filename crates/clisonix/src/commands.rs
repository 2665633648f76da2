//! One file per subcommand.

pub(crate) mod analyses;
pub(crate) mod analyze;
pub(crate) mod completions;
pub(crate) mod compose;
pub(crate) mod convert;
pub(crate) mod formats;
pub(crate) mod live;
pub(crate) mod models;
pub(crate) mod openapi;
pub(crate) mod run;
pub(crate) mod serve;
mod show;

use std::path::Path;

use anyhow::{Context as _, Result};
use clx_analysis::{Analysis, Context, Inputs, ResultEnvelope};
use clx_formats::Source;
use serde_json::Value;

use crate::files::{self, Folder};
use crate::progress::Bar;

/// The overview that suits what a file holds.
fn overview_of(source: &Source) -> &'static str {
    match source {
        Source::Recording(_) => "eeg.overview",
        Source::Audio(_) => "audio.overview",
    }
}

/// An analysis by id, or an error that lists the ids.
fn find(id: &str) -> Result<&'static Analysis> {
    clx_analysis::find(id).with_context(|| {
        let ids: Vec<&str> = clx_analysis::catalogue().iter().map(|a| a.id).collect();
        format!("there is no analysis {id}; there are {}", ids.join(", "))
    })
}

/// Runs `analysis` with a progress bar and wraps the output.
fn run_analysis(
    analysis: &Analysis,
    file: Option<&Path>,
    results: Vec<ResultEnvelope>,
    params: &Value,
    out: &Path,
    quiet: bool,
) -> Result<ResultEnvelope> {
    let (source, input) = file.map(files::open_as_input).transpose()?.unzip();
    let title = input.as_ref().map_or(analysis.id, |input| &input.name).to_owned();
    let bar = Bar::new(&title, quiet);
    let cx = Context {
        progress: &|progress| bar.show(progress),
        cancelled: &|| false,
        artifacts: &Folder(out.to_owned()),
        models: &models::folder()?,
    };
    let params = analysis.check_params(params)?;
    let output = analysis.run(Inputs { source, results }, &params, &cx);
    bar.finish();
    let output = output.with_context(|| title)?;
    Ok(ResultEnvelope::new(analysis, params, input, output))
}
