use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use symphonia::core::io::MediaSource;

use crate::ByteSource;

/// A source for the demuxers that lets errors say how far they had read.
pub(super) struct Tracked {
    inner: Box<dyn ByteSource>,
    len: u64,
    at: Arc<AtomicU64>,
}

impl Tracked {
    /// Rewinds `inner`; the second value always holds the position of the last read.
    pub(super) fn new(mut inner: Box<dyn ByteSource>) -> std::io::Result<(Self, Arc<AtomicU64>)> {
        let len = inner.seek(SeekFrom::End(0))?;
        inner.seek(SeekFrom::Start(0))?;
        let at = Arc::new(AtomicU64::new(0));
        Ok((Self { inner, len, at: Arc::clone(&at) }, at))
    }
}

impl Read for Tracked {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.at.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

impl Seek for Tracked {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let at = self.inner.seek(to)?;
        self.at.store(at, Ordering::Relaxed);
        Ok(at)
    }
}

impl MediaSource for Tracked {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.len)
    }
}
