use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clx_analysis::ResultEnvelope;

use crate::args::Run;
use crate::commands::{find, run_analysis, show};

pub(crate) fn run(command: &Run) -> Result<()> {
    let analysis = find(&command.analysis)?;
    let params = serde_json::from_str(&command.params).context("--params must be a JSON object")?;
    let (earlier, signals): (Vec<&PathBuf>, Vec<&PathBuf>) =
        command.files.iter().partition(|path| path.extension().is_some_and(|e| e == "json"));
    if signals.len() > 1 {
        bail!("{} takes one recording or sound, got {}", analysis.id, signals.len());
    }
    let results = earlier.into_iter().map(|path| read_result(path)).collect::<Result<_>>()?;
    let file = signals.first().map(|path| path.as_path());
    let quiet = command.show.quiet;
    let result = run_analysis(analysis, file, results, &params, &command.out, quiet)?;
    show::one(&result, file.unwrap_or(Path::new(analysis.id)), &command.show)?;
    show::report(&[result], &command.files, &command.show)
}

fn read_result(path: &Path) -> Result<ResultEnvelope> {
    let file = File::open(path).with_context(|| format!("{}", path.display()))?;
    serde_json::from_reader(BufReader::new(file)).with_context(|| {
        format!("{} is not a result of `run --json` or `analyze --json`", path.display())
    })
}
