use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clx_analysis::Progress;
use clx_eeg::site::direction;
use clx_formats::export::{
    BidsOptions, EdfOptions, sheets, write_bids, write_csv, write_edf, write_events, write_parquet,
};
use clx_formats::{Identity, RecordingReader, Source};
use clx_signal::{ChannelKind, Finding};

use crate::args::Convert;
use crate::progress::Bar;
use crate::{files, out};

/// What is written, by the ending of the output.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Target {
    Edf,
    Bdf,
    Parquet,
    Table(char),
    /// A folder after BIDS.
    Bids,
}

pub(crate) fn run(command: &Convert) -> Result<()> {
    let target = target(&command.output)?;
    let same = |path: &Path| fs::canonicalize(path).ok();
    if same(&command.output).is_some_and(|out| Some(out) == same(&command.input)) {
        bail!("OUT is IN; name another file");
    }
    let Source::Recording(mut reader) = files::open(&command.input)? else {
        bail!("{} is a sound; only recordings can be converted", command.input.display());
    };
    let title = command.input.file_name().map(|n| n.to_string_lossy().into_owned());
    let bar = Bar::new(&title.unwrap_or_default(), command.quiet);
    let progress = |done: f64| bar.show(Progress { fraction: done as f32, stage: "converting" });
    let mut findings = reader.findings().to_vec();
    let (written, more) = convert(&mut reader, target, command, &progress)
        .with_context(|| format!("writing {}", command.output.display()))?;
    bar.finish();
    findings.extend(more);
    for finding in &findings {
        eprintln!("clisonix: {}", finding.message);
    }
    for path in written {
        out::line(format_args!("{}", path.display()))?;
    }
    Ok(())
}

fn target(output: &Path) -> Result<Target> {
    let is_folder = output.is_dir() || output.to_string_lossy().ends_with(['/', '\\']);
    let ending = output.extension().map(|e| e.to_string_lossy().to_lowercase());
    Ok(match ending.as_deref() {
        _ if is_folder => Target::Bids,
        None => Target::Bids,
        Some("edf") => Target::Edf,
        Some("bdf") => Target::Bdf,
        Some("parquet") => Target::Parquet,
        Some("csv") => Target::Table(','),
        Some("tsv") => Target::Table('\t'),
        Some(other) => bail!(
            "OUT ends in .edf, .bdf, .parquet, .csv or .tsv, or names a folder for BIDS; got .{other}"
        ),
    })
}

/// The files that were written, and what they could not say.
fn convert(
    reader: &mut RecordingReader,
    target: Target,
    command: &Convert,
    progress: &dyn Fn(f64),
) -> Result<(Vec<PathBuf>, Vec<Finding>)> {
    let output = &command.output;
    match target {
        Target::Edf | Target::Bdf => {
            let identity = match command.keep_identity {
                true => reader.identity().clone(),
                false => Identity::default(),
            };
            let options = EdfOptions { bdf: target == Target::Bdf, identity };
            let findings = write_edf(reader, create(output)?, &options, progress)?;
            Ok((vec![output.clone()], findings))
        }
        Target::Parquet | Target::Table(_) => tables(reader, target, output, progress),
        Target::Bids => bids(reader, command, progress),
    }
}

/// A table per rate: the first under the name asked for, the others with their rate in the name.
fn tables(
    reader: &mut RecordingReader,
    target: Target,
    output: &Path,
    progress: &dyn Fn(f64),
) -> Result<(Vec<PathBuf>, Vec<Finding>)> {
    let mut written = Vec::new();
    for (index, sheet) in sheets(reader.header()).iter().enumerate() {
        let path = match index {
            0 => output.to_owned(),
            _ => beside(output, &format!("{}Hz-{index}", sheet.rate.hz())),
        };
        let mut file = create(&path)?;
        match target {
            Target::Table(delimiter) => {
                write_csv(reader, sheet, delimiter, &mut file, progress)?;
            }
            _ => write_parquet(reader, sheet, &mut file, progress)?,
        }
        written.push(path);
    }
    let annotations = reader.annotations()?;
    if let (Target::Table(delimiter), false) = (target, annotations.is_empty()) {
        let path = beside(output, "events");
        write_events(&annotations, &reader.header().gaps, delimiter, &mut create(&path)?)?;
        written.push(path);
    }
    Ok((written, Vec::new()))
}

/// `rec.csv` with `events` is `rec.events.csv`.
fn beside(output: &Path, word: &str) -> PathBuf {
    let ending = output.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
    output.with_extension(format!("{word}.{ending}"))
}

fn bids(
    reader: &mut RecordingReader,
    command: &Convert,
    progress: &dyn Fn(f64),
) -> Result<(Vec<PathBuf>, Vec<Finding>)> {
    let folder = &command.output;
    if folder.join("dataset_description.json").exists() {
        bail!("{} holds a data set already; name a new folder", folder.display());
    }
    let name = folder.file_name().map(|n| n.to_string_lossy().into_owned());
    let eeg = reader.header().channels.iter().filter(|c| c.kind == ChannelKind::Eeg);
    let positions = eeg.filter_map(|c| Some((c.name.clone(), direction(&c.name)?))).collect();
    let options = BidsOptions {
        name: name.unwrap_or_else(|| "Recording".to_owned()),
        subject: command.subject.clone(),
        task: command.task.clone(),
        line_hz: command.line_hz,
        bdf: command.bdf,
        positions,
    };
    let mut written = Vec::new();
    let mut create = |name: &str| -> io::Result<Box<dyn Write>> {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let file = File::create(&path)?;
        written.push(path);
        Ok(Box::new(BufWriter::with_capacity(1 << 18, file)))
    };
    let findings = write_bids(reader, &mut create, &options, progress)?;
    Ok((written, findings))
}

fn create(path: &Path) -> Result<BufWriter<File>> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
    }
    let file = File::create(path).with_context(|| format!("{}", path.display()))?;
    Ok(BufWriter::with_capacity(1 << 18, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_says_what_is_written() {
        for (name, expected) in [
            ("a.edf", Target::Edf),
            ("a.BDF", Target::Bdf),
            ("a.parquet", Target::Parquet),
            ("a.b.csv", Target::Table(',')),
            ("data.set/", Target::Bids),
            ("dataset", Target::Bids),
        ] {
            assert_eq!(target(Path::new(name)).unwrap(), expected, "{name}");
        }
        assert!(target(Path::new("a.mp3")).is_err());
        assert_eq!(beside(Path::new("x/rec.csv"), "events"), Path::new("x/rec.events.csv"));
    }
}
