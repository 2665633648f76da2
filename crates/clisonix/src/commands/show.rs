//! Results on the screen, as pictures and as a report: what `analyze` and `run` share.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clx_analysis::{ResultEnvelope, Theme};
use clx_report::ReportInput;
use clx_text::Bundle;
use jiff::Timestamp;

use crate::args::Show;
use crate::commands::find;
use crate::{files, human, out};

/// Prints `result` and writes its pictures; `stem` begins their file names.
pub(crate) fn one(result: &ResultEnvelope, stem: &Path, show: &Show) -> Result<()> {
    let bundle = Bundle::for_lang(&show.lang);
    if show.json {
        out::line(format_args!("{}", serde_json::to_string(result)?))?;
    } else {
        out::line(format_args!("{}", human::summary(result, &bundle)?))?;
    }
    let Some(folder) = &show.plots else { return Ok(()) };
    let analysis = find(&result.analysis)?;
    let words = clx_analysis::plot_words(&bundle);
    for plot in analysis.plots(&result.output)? {
        let svg = analysis.plot(&result.output, plot.name, Theme::Light, &words)?;
        let path = plot_path(folder, stem, plot.name);
        files::write(&path, svg.unwrap_or_default().as_bytes())?;
    }
    Ok(())
}

fn plot_path(folder: &Path, file: &Path, plot: &str) -> PathBuf {
    let stem = file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    folder.join(format!("{stem}.{plot}.svg"))
}

/// Writes the report that was asked for, on results that were computed from `files`.
pub(crate) fn report(results: &[ResultEnvelope], files: &[PathBuf], show: &Show) -> Result<()> {
    let Some(path) = &show.report else { return Ok(()) };
    if results.is_empty() {
        bail!("no result to report on");
    }
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let created_at = newest(files)?;
    let input = ReportInput { results, lang: &show.lang, title: None, created_at };
    let bytes = match ending.as_str() {
        "pdf" => clx_report::pdf(&input),
        "xlsx" => clx_report::xlsx(&input),
        other => bail!("a report ends in .pdf or .xlsx, got .{other}"),
    };
    files::write(path, &bytes.context("making the report")?)
}

/// When the newest input was written. The report carries this date instead of the time of the run,
/// so that the same files give the same bytes.
fn newest(files: &[PathBuf]) -> Result<Timestamp> {
    let mut newest = Timestamp::UNIX_EPOCH;
    for file in files {
        // A file that could not be read was reported before.
        if let Ok(modified) = fs::metadata(file).and_then(|metadata| metadata.modified()) {
            newest = newest.max(Timestamp::try_from(modified)?);
        }
    }
    Ok(newest)
}
