//! The architecture's invariants, checked on `cargo metadata` and on the sources.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::sh;

/// Layer of each crate; a crate may depend on lower layers only.
const LAYERS: &[(&str, u8)] = &[
    ("clx-signal", 0),
    ("clx-api", 0),
    ("clx-formats", 1),
    ("clx-eeg", 1),
    ("clx-audio", 1),
    ("clx-music", 1),
    ("clx-render", 1),
    ("clx-models", 1),
    ("clx-text", 1),
    ("clx-analysis", 2),
    ("clx-report", 2),
    ("clx-store", 3),
    ("clx-telemetry", 3),
    ("clx-accounts", 4),
    ("clx-jobs", 4),
    ("clx-gateway", 6),
    ("clisonix", 7),
];

/// Dependencies between siblings of a layer that are meant: (from, to).
const ARROWS: &[(&str, &str)] = &[("clx-report", "clx-analysis"), ("clx-jobs", "clx-accounts")];

/// Crates for development only; anything may use them in its tests.
const DEVELOPMENT: &[&str] = &["clx-testkit", "xtask"];

/// (what is forbidden, words that show it, the crates that may).
const SOURCE_RULES: &[(&str, &[&str], &[&str])] = &[
    (
        "clocks, environment and files in layers 0-2",
        &["SystemTime::now", "Instant::now", "std::env::var", "std::fs::", "File::open"],
        &["clx-store", "clx-telemetry", "clx-accounts", "clx-jobs", "clx-gateway", "clisonix"],
    ),
    (
        "SQL outside clx-store",
        &["SELECT ", "INSERT INTO", "UPDATE \"", "sea_orm::"],
        &["clx-store"],
    ),
    ("HTTP below the gateway", &["StatusCode", "axum::"], &["clx-gateway", "clisonix"]),
];

const FORBIDDEN_NAMES: &[&str] =
    &["common", "core", "utils", "helpers", "shared", "types", "manager"];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

pub(crate) fn check() -> Result<()> {
    let json = sh::output(&["cargo", "metadata", "--no-deps", "--format-version", "1"])?;
    let metadata: Metadata = serde_json::from_slice(&json).context("reading cargo metadata")?;
    let mut faults = dependency_faults(&metadata.packages);
    for package in &metadata.packages {
        faults.extend(source_faults(package)?);
    }
    if !faults.is_empty() {
        bail!("{} faults in the layers:\n  {}", faults.len(), faults.join("\n  "));
    }
    println!("layers: {} crates, no fault", metadata.packages.len());
    Ok(())
}

fn dependency_faults(packages: &[Package]) -> Vec<String> {
    let layers: BTreeMap<&str, u8> = LAYERS.iter().copied().collect();
    let mut faults = Vec::new();
    for package in packages.iter().filter(|p| !DEVELOPMENT.contains(&p.name.as_str())) {
        let Some(&from) = layers.get(package.name.as_str()) else {
            faults.push(format!("{} has no layer in xtask/src/layers.rs", package.name));
            continue;
        };
        let own = package.dependencies.iter().filter(|d| d.kind.is_none());
        for dependency in own.filter(|d| d.name.starts_with("clx-")) {
            let arrow = (package.name.as_str(), dependency.name.as_str());
            let allowed =
                layers.get(arrow.1).is_some_and(|&to| to < from) || ARROWS.contains(&arrow);
            if !allowed {
                faults.push(format!("{} may not depend on {}", arrow.0, arrow.1));
            }
        }
    }
    faults
}

fn source_faults(package: &Package) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    if DEVELOPMENT.contains(&package.name.as_str()) {
        return Ok(faults);
    }
    let folder = package.manifest_path.with_file_name("src");
    for path in rust_files(&folder)? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if FORBIDDEN_NAMES.contains(&stem.as_str()) {
            faults.push(format!("{} is called {stem}, which says nothing", path.display()));
        }
        let text = fs::read_to_string(&path)?;
        // Tests may do what the code may not.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        for (number, line) in lines.enumerate() {
            for (what, words, allowed) in SOURCE_RULES {
                if !allowed.contains(&package.name.as_str())
                    && words.iter().any(|w| line.contains(w))
                {
                    faults.push(format!(
                        "{what}: {} near line {}: {}",
                        path.display(),
                        number + 1,
                        line.trim()
                    ));
                }
            }
        }
    }
    Ok(faults)
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[&str]) -> Package {
        let dependency = |name: &&str| Dependency { name: (*name).to_owned(), kind: None };
        Package {
            name: name.to_owned(),
            manifest_path: PathBuf::new(),
            dependencies: dependencies.iter().map(dependency).collect(),
        }
    }

    #[test]
    fn depending_upwards_is_a_fault() {
        assert_eq!(dependency_faults(&[package("clx-eeg", &["clx-store"])]).len(), 1);
    }

    #[test]
    fn depending_on_a_sibling_needs_an_arrow() {
        assert_eq!(dependency_faults(&[package("clx-eeg", &["clx-audio"])]).len(), 1);
        assert_eq!(dependency_faults(&[package("clx-jobs", &["clx-accounts"])]).len(), 0);
    }

    #[test]
    fn a_crate_without_a_layer_is_a_fault() {
        assert_eq!(dependency_faults(&[package("clx-new", &[])]).len(), 1);
    }
}
