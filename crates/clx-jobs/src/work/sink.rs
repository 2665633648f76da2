//! Files that a run writes, staged until it succeeds.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use clx_analysis::{ArtifactSink, ArtifactWrite};
use clx_formats::Source;
use clx_store::{Blobs, OrgId, StagedFile};

use super::made::{Fault, MadeFile};

const BUFFER: usize = 1 << 18;
const MAX_FILES: usize = 256;

#[derive(Debug)]
struct Pending {
    name: String,
    media_type: String,
    staged: StagedFile,
    /// What went wrong when the last buffer was written out.
    fault: Arc<Mutex<Option<io::Error>>>,
}

#[derive(Debug)]
pub(crate) struct StagedSink {
    blobs: Blobs,
    files: Mutex<Vec<Pending>>,
}

impl StagedSink {
    pub(crate) fn new(blobs: Blobs) -> Self {
        Self { blobs, files: Mutex::default() }
    }

    /// Seals every file; they are artefacts once the job's end commits.
    pub(crate) fn seal(self, org: &OrgId) -> Result<Vec<MadeFile>, Fault> {
        let files = self.files.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut made = Vec::with_capacity(files.len());
        for file in files {
            if let Some(fault) = file.fault.lock().unwrap_or_else(PoisonError::into_inner).take() {
                return Err(Fault::passing(fault));
            }
            let duration_s = duration_s(&file);
            let blob = self.blobs.seal(org, &file.staged).map_err(Fault::passing)?;
            made.push(MadeFile { name: file.name, media_type: file.media_type, blob, duration_s });
        }
        Ok(made)
    }
}

/// Seconds of a sound, if the file says; anything else has none.
fn duration_s(file: &Pending) -> Option<f64> {
    if !file.media_type.starts_with("audio/") {
        return None;
    }
    let opened = clx_formats::open(Box::new(io::BufReader::new(file.staged.open().ok()?))).ok()?;
    let Source::Audio(reader) = opened else { return None };
    let frames = reader.info().n_frames?;
    Some(frames as f64 / reader.info().rate.hz())
}

impl ArtifactSink for StagedSink {
    fn create(&self, name: &str, media_type: &str) -> io::Result<Box<dyn ArtifactWrite>> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if files.len() >= MAX_FILES {
            return Err(io::Error::other(format!("a job makes at most {MAX_FILES} files")));
        }
        let staged = self.blobs.stage().map_err(io::Error::other)?;
        let inner = BufWriter::with_capacity(BUFFER, staged.open()?);
        let fault: Arc<Mutex<Option<io::Error>>> = Arc::default();
        files.push(Pending {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            staged,
            fault: Arc::clone(&fault),
        });
        Ok(Box::new(SinkFile { inner, fault }))
    }
}

/// Buffers writes and keeps the error of the last one, which nobody could return.
struct SinkFile {
    inner: BufWriter<File>,
    fault: Arc<Mutex<Option<io::Error>>>,
}

impl Write for SinkFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Seek for SinkFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

impl Drop for SinkFile {
    fn drop(&mut self) {
        if let Err(error) = self.inner.flush() {
            *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        }
    }
}
