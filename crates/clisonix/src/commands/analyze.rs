use std::path::Path;

use anyhow::{Result, bail};
use clx_analysis::ResultEnvelope;

use crate::args::Analyze;
use crate::commands::{find, overview_of, run_analysis, show};
use crate::files;

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
    show::report(&results, &command.files, &command.show)?;
    if failed > 0 {
        bail!("{failed} of {} files could not be analysed", command.files.len());
    }
    Ok(())
}

fn analyze(file: &Path, command: &Analyze) -> Result<ResultEnvelope> {
    let analysis = find(overview_of(&files::open(file)?))?;
    let (defaults, here) = (serde_json::json!({}), Path::new("."));
    let quiet = command.show.quiet;
    let result = run_analysis(analysis, Some(file), Vec::new(), &defaults, here, quiet)?;
    show::one(&result, file, &command.show)?;
    Ok(result)
}
