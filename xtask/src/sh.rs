//! Running commands in the workspace root.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs `words[0]` with the other words as arguments in `folder`; an exit code other than 0 is an
/// error.
pub(crate) fn run(folder: &Path, words: &[&str]) -> Result<()> {
    println!("$ {}", words.join(" "));
    let status = Command::new(words[0])
        .args(&words[1..])
        .current_dir(folder)
        .env("CLX_SKIPPED", skipped_file())
        .status()
        .with_context(|| format!("cannot start {}", words[0]))?;
    if !status.success() {
        bail!("`{}` ended with {status}", words.join(" "));
    }
    RUN.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

/// Says aloud that a check could not be made; with `CLX_REQUIRE_ALL=1` that is an error.
pub(crate) fn absent(what: &str) -> Result<()> {
    if std::env::var_os("CLX_REQUIRE_ALL").is_some_and(|value| value == "1") {
        bail!("{what}; CLX_REQUIRE_ALL=1 asks for everything");
    }
    println!("SKIPPED: {what}");
    let mut file = OpenOptions::new().append(true).create(true).open(skipped_file())?;
    Ok(writeln!(file, "{what}")?)
}

/// Where the tests of this run note what they lacked: their runner hides what they print.
pub(crate) fn skipped_file() -> PathBuf {
    std::env::temp_dir().join(format!("clisonix-skipped-{}", std::process::id()))
}

static RUN: AtomicUsize = AtomicUsize::new(0);

/// How many commands [`run`] saw succeed.
pub(crate) fn commands_run() -> usize {
    RUN.load(Ordering::Relaxed)
}

/// Standard output of a command run in the workspace root.
pub(crate) fn output(words: &[&str]) -> Result<Vec<u8>> {
    let output = Command::new(words[0])
        .args(&words[1..])
        .current_dir(root())
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", words[0]))?;
    if !output.status.success() {
        bail!("`{}` ended with {}", words.join(" "), output.status);
    }
    Ok(output.stdout)
}

/// Whether `program` can be started.
pub(crate) fn has(program: &[&str]) -> bool {
    Command::new(program[0])
        .args(&program[1..])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Path of the `clisonix` binary of the dev profile.
pub(crate) fn binary() -> Result<String> {
    #[derive(serde::Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let json = output(&["cargo", "metadata", "--no-deps", "--format-version", "1"])?;
    let metadata: Metadata = serde_json::from_slice(&json)?;
    Ok(metadata.target_directory.join("debug/clisonix").to_string_lossy().into_owned())
}
