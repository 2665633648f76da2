//! Opening inputs and writing outputs of the command line.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clx_analysis::{ArtifactSink, ArtifactWrite, InputRef};
use clx_formats::Source;
use sha2::{Digest, Sha256};

/// Opens `path` as a recording or sound.
pub(crate) fn open(path: &Path) -> Result<Source> {
    let file = File::open(path).with_context(|| format!("{}", path.display()))?;
    clx_formats::open(Box::new(BufReader::with_capacity(1 << 20, file)))
        .with_context(|| format!("{}", path.display()))
}

/// Name, size and hash of the bytes of `path`.
pub(crate) fn input_ref(path: &Path, source: &Source) -> Result<InputRef> {
    let mut file = File::open(path).with_context(|| format!("{}", path.display()))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut size_bytes = 0;
    loop {
        let n = file.read(&mut buffer).with_context(|| format!("reading {}", path.display()))?;
        if n == 0 {
            break;
        }
        hash.update(&buffer[..n]);
        size_bytes += n as u64;
    }
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(InputRef {
        name,
        sha256: hex::encode(hash.finalize()),
        size_bytes,
        format: source.format().name().to_owned(),
    })
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
