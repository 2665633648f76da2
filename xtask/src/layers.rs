//! The architecture's invariants, checked on `cargo metadata` and on the sources.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{reach, sh};

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
    ("clx-live", 3),
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

/// Something that only some crates may do, and how a line of code shows it.
struct Rule {
    what: &'static str,
    allowed: Allowed,
    /// Paths and names, as they are written; an identifier that only ends like one does not count.
    words: &'static [&'static str],
    /// First words of a statement of another language, in any case.
    statements: &'static [&'static str],
}

enum Allowed {
    FromLayer(u8),
    In(&'static [&'static str]),
}

const RULES: &[Rule] = &[
    Rule {
        what: "clocks, environment and files in layers 0-2",
        allowed: Allowed::FromLayer(3),
        words: &["SystemTime::now", "Instant::now", "env::var", "fs::", "File::open"],
        statements: &[],
    },
    Rule {
        what: "randomness without a seed in layers 0-2",
        allowed: Allowed::FromLayer(3),
        words: &[
            "rand::rng",
            "rand::random",
            "thread_rng",
            "OsRng",
            "from_os_rng",
            "from_entropy",
            "getrandom",
            "Uuid::new_v4",
            "Uuid::now_v7",
            "RandomState",
        ],
        statements: &[],
    },
    Rule {
        what: "SQL outside clx-store",
        allowed: Allowed::In(&["clx-store"]),
        words: &["sea_orm::", "sqlx::"],
        statements: &["select ", "insert into ", "update ", "delete from ", "create table "],
    },
    Rule {
        what: "HTTP below the gateway",
        allowed: Allowed::FromLayer(6),
        words: &["StatusCode", "HeaderMap", "axum::", "http::", "hyper::"],
        statements: &[],
    },
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
    for path in reach::unreached(&package.manifest_path.with_file_name(""))? {
        faults.push(format!("{} is in no module: declare it or delete it", path.display()));
    }
    for path in rust_files(&folder)? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if FORBIDDEN_NAMES.contains(&stem.as_str()) {
            faults.push(format!("{} is called {stem}, which says nothing", path.display()));
        }
        for (line, what) in text_faults(&package.name, &fs::read_to_string(&path)?) {
            faults.push(format!("{what}: {}:{line}", path.display()));
        }
    }
    Ok(faults)
}

/// Numbers of the lines that break a rule, and which.
fn text_faults(package: &str, text: &str) -> Vec<(usize, &'static str)> {
    let layer = LAYERS.iter().find(|(name, _)| *name == package).map_or(0, |(_, layer)| *layer);
    let rules: Vec<&Rule> = RULES
        .iter()
        .filter(|rule| match rule.allowed {
            Allowed::FromLayer(first) => layer < first,
            Allowed::In(crates) => !crates.contains(&package),
        })
        .collect();
    // Tests may do what the code may not.
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let mut faults = Vec::new();
    for (number, line) in (1..).zip(code.lines()) {
        if !line.trim_start().starts_with("//") {
            let broken = rules.iter().filter(|rule| rule.shows_in(line));
            faults.extend(broken.map(|rule| (number, rule.what)));
        }
    }
    faults
}

impl Rule {
    fn shows_in(&self, line: &str) -> bool {
        let lower = line.to_lowercase();
        // A statement stands at the start of a string, or of a line of a longer one.
        let starts = |text: &str| self.statements.iter().any(|word| text.starts_with(word));
        self.words.iter().any(|word| has_word(line, word))
            || starts(lower.trim_start())
            || lower.split('"').skip(1).any(|text| starts(text.trim_start()))
    }
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

pub(crate) fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
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

    #[track_caller]
    fn check(package: &str, line: &str, expected: usize) {
        let text = format!("fn f() {{\n    {line}\n}}\n");
        let faults = text_faults(package, &text);
        assert_eq!(faults.len(), expected, "{package}: {line}: {faults:?}");
        assert!(faults.iter().all(|(number, _)| *number == 2), "{faults:?}");
    }

    #[test]
    fn clocks_environment_and_files_belong_to_layer_3_and_above() {
        for line in [
            "let now = SystemTime::now();",
            "let now = std::time::Instant::now();",
            "std::env::var(\"X\");",
            "use std::fs::read;",
            "fs::write(path, bytes)?;",
            "File::open(path)?;",
        ] {
            check("clx-eeg", line, 1);
            check("clx-jobs", line, 0);
        }
        check("clx-eeg", "let x = offs::of(y);", 0);
    }

    #[test]
    fn randomness_without_a_seed_belongs_to_layer_3_and_above() {
        for line in [
            "let x = rand::rng().random();",
            "let x: f64 = rand::random();",
            "let rng = StdRng::from_os_rng();",
            "let id = Uuid::new_v4();",
        ] {
            check("clx-music", line, 1);
            check("clx-jobs", line, 0);
        }
        check("clx-music", "let rng = StdRng::seed_from_u64(seed);", 0);
    }

    #[test]
    fn sql_in_any_case_belongs_to_the_store() {
        for line in [
            "execute(\"select 1\");",
            "execute(\"SELECT id FROM jobs\");",
            "execute(r#\"Insert Into jobs values (1)\"#);",
            "execute(\"delete from jobs\");",
            "update jobs set state = 'queued'",
            "use sea_orm::EntityTrait;",
        ] {
            check("clx-jobs", line, 1);
            check("clx-store", line, 0);
        }
        check("clx-jobs", "tokio::select! {", 0);
        check("clx-jobs", "let update = selected(rows);", 0);
    }

    #[test]
    fn http_belongs_to_the_gateway() {
        for line in ["use http::Method;", "StatusCode::NOT_FOUND", "axum::Json(x)"] {
            check("clx-jobs", line, 1);
            check("clx-gateway", line, 0);
            check("clisonix", line, 0);
        }
        check("clx-jobs", "let link = \"http://localhost\";", 0);
    }

    #[test]
    fn comments_and_the_tests_of_a_file_may_name_what_its_code_may_not() {
        let text = "// Instant::now\nfn f() {}\n#[cfg(test)]\nmod tests {\n    Instant::now\n}\n";
        assert_eq!(text_faults("clx-eeg", text), []);
    }

    #[test]
    fn code_below_a_single_item_for_tests_is_looked_at() {
        let text = "#[cfg(test)]\nuse x::y;\nfn f() {\n    Instant::now();\n}\n";
        assert_eq!(text_faults("clx-eeg", text).len(), 1);
    }
}
