//! The OpenAPI document and the web client's types follow the code.

use std::fs;

use anyhow::{Result, bail};

use crate::sh;

/// Builds the binary and writes its document and the web client's types.
pub(crate) fn write() -> Result<()> {
    // The whole workspace, because a crate alone has other features and would be compiled anew.
    sh::run(&sh::root(), &["cargo", "build", "--workspace"])?;
    fs::write(path(), document()?)?;
    sh::run(&sh::root().join("web"), &["npm", "run", "gen"])
}

/// Compares the committed document with that of the binary as it was last built.
pub(crate) fn check() -> Result<()> {
    if fs::read(path()).unwrap_or_default() != document()? {
        bail!("openapi/openapi.json differs from the code: run `cargo xtask openapi`");
    }
    Ok(())
}

fn document() -> Result<Vec<u8>> {
    let binary = sh::binary()?;
    sh::output(&[&binary, "openapi"])
}

fn path() -> std::path::PathBuf {
    sh::root().join("openapi/openapi.json")
}
