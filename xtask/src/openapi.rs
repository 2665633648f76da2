//! The OpenAPI document and the web client's types follow the code.

use std::fs;

use anyhow::{Result, bail};

use crate::sh;

pub(crate) fn write(check: bool) -> Result<()> {
    let path = sh::root().join("openapi/openapi.json");
    let document = sh::output(&["cargo", "run", "--quiet", "-p", "clisonix", "--", "openapi"])?;
    if check {
        if fs::read(&path).unwrap_or_default() != document {
            bail!("openapi/openapi.json differs from the code: run `cargo xtask openapi`");
        }
        return Ok(());
    }
    fs::write(&path, document)?;
    sh::run(&sh::root().join("web"), &["npm", "run", "gen"])
}
