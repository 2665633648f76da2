//! Opening inputs and writing outputs of the command line.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clx_analysis::{ArtifactSink, ArtifactWrite, InputRef};
use clx_formats::{FormatError, Source, companion_of};
use sha2::{Digest, Sha256};

use crate::companions::Beside;

/// Opens `path` as a recording or sound; other files of a recording are those beside it.
pub(crate) fn open(path: &Path) -> Result<Source> {
    open_all(path).map(|(source, _)| source)
}

/// Like [`open`], with the name, size and hash of the bytes that the source reads.
///
/// The files of one recording are hashed one after the other, the named one first.
pub(crate) fn open_as_input(path: &Path) -> Result<(Source, InputRef)> {
    let (source, companions) = open_all(path)?;
    let mut hash = Sha256::new();
    let mut size_bytes = 0;
    for file in [path.to_owned()].iter().chain(&companions) {
        size_bytes += hash_file(file, &mut hash)?;
    }
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let input = InputRef {
        name,
        sha256: hex::encode(hash.finalize()),
        size_bytes,
        format: source.format().name().to_owned(),
    };
    Ok((source, input))
}

/// The source, and the files beside `path` that belong to it.
fn open_all(path: &Path) -> Result<(Source, Vec<PathBuf>)> {
    let file = File::open(path).with_context(|| format!("{}", path.display()))?;
    let beside = Beside::new(path);
    let file = Box::new(BufReader::with_capacity(1 << 20, file));
    let source = clx_formats::open_with(file, &beside);
    if let (Err(FormatError::Unrecognised { .. }), Some(format)) =
        (&source, companion_of(&path.to_string_lossy()))
    {
        let header = format.extension();
        bail!(
            "{}: the file can only be read with its header; open the .{header} file ({format})",
            path.display()
        );
    }
    let source = source.with_context(|| format!("{}", path.display()))?;
    Ok((source, beside.into_opened()))
}

/// Adds the bytes of `path` to `hash` and returns how many they are.
fn hash_file(path: &Path, hash: &mut Sha256) -> Result<u64> {
    let mut file = File::open(path).with_context(|| format!("{}", path.display()))?;
    let mut buffer = vec![0; 1 << 20];
    let mut size_bytes = 0;
    loop {
        let n = file.read(&mut buffer).with_context(|| format!("reading {}", path.display()))?;
        if n == 0 {
            return Ok(size_bytes);
        }
        hash.update(&buffer[..n]);
        size_bytes += n as u64;
    }
}

/// Puts the files of an analysis into a folder, which is made when the first file comes.
#[derive(Debug)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl ArtifactSink for Folder {
    fn create(&self, name: &str, _media_type: &str) -> io::Result<Box<dyn ArtifactWrite>> {
        fs::create_dir_all(&self.0)?;
        Ok(Box::new(io::BufWriter::with_capacity(1 << 18, File::create(self.0.join(name))?)))
    }
}

/// Writes `bytes` to `path`, making its folder first.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}
