//! Everything CI checks, fastest first, so that a fault shows early.

use std::collections::BTreeSet;
use std::fs;
use std::time::Instant;

use anyhow::Result;

use crate::{layers, openapi, sh};

pub(crate) fn run(no_web: bool) -> Result<()> {
    let root = sh::root();
    let step = |words: &[&str]| sh::run(&root, words);
    let started = Instant::now();

    step(&["cargo", "fmt", "--all", "--check"])?;
    layers::check()?;
    if !no_web {
        web(&["run", "check"])?;
        web(&["run", "build"])?;
    }
    step(&["cargo", "clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    let tests: &[&str] = if sh::has(&["cargo", "nextest", "--version"]) {
        &["cargo", "nextest", "run", "--workspace"]
    } else {
        &["cargo", "test", "--workspace", "--lib", "--bins", "--tests"]
    };
    step(&[tests, &["--no-run"]].concat())?;
    models()?;
    step(&[tests, &["--no-fail-fast"]].concat())?;
    // The tests built the binary; its document and, below, its pages are looked at.
    openapi::check()?;
    api_check()?;
    step(&["cargo", "test", "--workspace", "--doc"])?;
    if sh::has(&["cargo", "deny", "--version"]) {
        step(&["cargo", "deny", "check", "licenses", "bans", "sources"])?;
    } else {
        sh::absent("cargo-deny is absent, licences were not checked")?;
    }
    if !no_web {
        web(&["run", "test"])?;
        web(&["run", "e2e"])?;
        web(&["run", "quality"])?;
    }
    for what in skipped() {
        println!("SKIPPED: {what}");
    }
    println!("ci: all checks hold after {} s", started.elapsed().as_secs());
    // The first check that fails ends the run, so whoever reads this saw them all pass.
    println!("{} passed, 0 failed", sh::commands_run());
    Ok(())
}

/// Fetches the trained models by the binary that the tests built; some tests compare what they give
/// with the programs they come from.
fn models() -> Result<()> {
    if sh::run(&sh::root(), &[&sh::binary()?, "models", "pull"]).is_err() {
        sh::absent("the trained models could not be fetched, what they give was not checked")?;
    }
    Ok(())
}

/// Sends generated requests to the binary as the tests built it.
pub(crate) fn api_check() -> Result<()> {
    sh::run(&sh::root(), &["bash", "scripts/schemathesis.sh", &sh::binary()?])
}

/// What the tests lacked, each thing once.
fn skipped() -> BTreeSet<String> {
    let noted = fs::read_to_string(sh::skipped_file()).unwrap_or_default();
    // It may not be there.
    fs::remove_file(sh::skipped_file()).ok();
    noted.lines().map(str::to_owned).collect()
}

fn web(arguments: &[&str]) -> Result<()> {
    sh::run(&sh::root().join("web"), &[&["npm"], arguments].concat())
}
