//! Embeds the exported web app (`web/out`), compressed and with its content security policies.
//!
//! Without the feature `web`, or when the app was not exported, the table is empty and the gateway
//! serves a page that says how to build it.

#[path = "build/embed.rs"]
mod embed;

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build/embed.rs");
    let out_dir = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let exported = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../web/out");
    let table = out_dir.join("web_files.rs");
    if std::env::var_os("CARGO_FEATURE_WEB").is_none() {
        return std::fs::write(table, "&[]");
    }
    println!("cargo::rerun-if-changed={}", exported.display());
    if !exported.join("index.html").exists() {
        println!("cargo::warning=web/out is absent: the web app is not embedded, run `make web`");
        return std::fs::write(table, "&[]");
    }
    embed::write_table(&exported, &out_dir, &table)
}
