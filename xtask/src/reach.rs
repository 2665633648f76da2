//! Files that no module declares: the compiler never sees them, so nothing in them is true.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::layers::rust_files;

/// Source files of a package that its modules do not reach.
pub(crate) fn unreached(package: &Path) -> Result<Vec<PathBuf>> {
    let mut lost = Vec::new();
    for folder in [package.join("src"), package.join("tests/it")] {
        if !folder.is_dir() {
            continue;
        }
        for path in rust_files(&folder)? {
            if !is_declared(&folder, &path) {
                lost.push(path);
            }
        }
    }
    Ok(lost)
}

/// Whether the file that stands above `path` says `mod <name>;`.
fn is_declared(root: &Path, path: &Path) -> bool {
    let Some(name) = path.file_stem().and_then(|stem| stem.to_str()) else { return false };
    let Some(folder) = path.parent() else { return false };
    if folder == root {
        return ["lib", "main"].contains(&name)
            || declares(&root.join("lib.rs"), name)
            || declares(&root.join("main.rs"), name);
    }
    // Each file in `src/bin` is a program of its own.
    folder == root.join("bin") || declares(&folder.with_extension("rs"), name)
}

fn declares(file: &Path, name: &str) -> bool {
    let text = fs::read_to_string(file).unwrap_or_default();
    let wanted = format!("mod {name};");
    text.lines().any(|line| {
        let line = line.trim();
        line == wanted || (line.starts_with("pub") && line.ends_with(&format!(" {wanted}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_this_crate_is_reached_and_a_stray_one_is_not() {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(unreached(package).unwrap(), Vec::<PathBuf>::new());
        assert!(!is_declared(&package.join("src"), &package.join("src/stray.rs")));
        assert!(!is_declared(&package.join("src"), &package.join("src/layers/stray.rs")));
    }
}
