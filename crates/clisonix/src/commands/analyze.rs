use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clx_analysis::{ResultEnvelope, Theme, Words};
use clx_report::ReportInput;
use jiff::Timestamp;

use crate::args::Analyze;
use crate::commands::{find, overview_of, run_analysis};
use crate::{files, human, out};

pub(crate) fn run(command: &Analyze) -> Result<()> {
    let mut results = Vec::new();
    let mut failed = 0;
    for file in &command.files {
        match analyze(file, command) {
            Ok(result) => results.push(result),
            Err(error) => {
                // The other files are still worth analysing.
                eprintln!("clisonix: {error:#}");
                failed += 1;
            }
        }
    }
    if let Some(path) = &command.report {
        report(path, &results, command)?;
    }
    if failed > 0 {
        bail!("{failed} of {} files could not be analysed", command.files.len());
    }
    Ok(())
}

fn analyze(file: &Path, command: &Analyze) -> Result<ResultEnvelope> {
    let analysis = find(overview_of(&files::open(file)?))?;
    let defaults = serde_json::json!({});
    let result =
        run_analysis(analysis, Some(file), Vec::new(), &defaults, Path::new("."), command.quiet)?;
    if command.json {
        out::line(format_args!("{}", serde_json::to_string(&result)?))?;
    } else {
        out::line(format_args!("{}", human::summary(&result)?))?;
    }
    if let Some(folder) = &command.plots {
        for plot in analysis.plots(&result.output)? {
            let svg = analysis
                .plot(&result.output, plot.name, Theme::Light, &Words::default())?
                .unwrap_or_default();
            files::write(&plot_path(folder, file, plot.name), svg.as_bytes())?;
        }
    }
    Ok(result)
}

fn plot_path(folder: &Path, file: &Path, plot: &str) -> PathBuf {
    let stem = file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    folder.join(format!("{stem}.{plot}.svg"))
}

fn report(path: &Path, results: &[ResultEnvelope], command: &Analyze) -> Result<()> {
    if results.is_empty() {
        bail!("no result to report on");
    }
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let created_at = newest(&command.files)?;
    let input = ReportInput { results, lang: &command.lang, title: None, created_at };
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
