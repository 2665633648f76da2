use tokio::io::{AsyncRead, AsyncReadExt};

use crate::LiveError;

/// Bytes asked for at once.
const READ_BYTES: usize = 64 << 10;
/// Longest line of a request or its answer, as in liblsl.
const MAX_LINE_BYTES: usize = 16 << 10;
/// Most header lines.
const MAX_LINES: usize = 64;

/// Bytes of a connection as they come, and lines of its head.
#[derive(Debug)]
pub(crate) struct Incoming<R> {
    stream: R,
    buffer: Vec<u8>,
    /// Bytes of `buffer` that were taken.
    taken: usize,
}

impl<R: AsyncRead + Unpin> Incoming<R> {
    pub(crate) fn new(stream: R) -> Self {
        Self { stream, buffer: Vec::new(), taken: 0 }
    }

    /// Bytes that came and were not taken yet.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.taken..]
    }

    pub(crate) fn take(&mut self, n: usize) {
        self.taken += n;
        if self.taken == self.buffer.len() {
            self.buffer.clear();
            self.taken = 0;
        }
    }

    /// Waits for more bytes. Dropping the future loses none. The caller bounds what it leaves
    /// untaken.
    ///
    /// # Errors
    /// [`LiveError::Lost`] when the connection ended.
    pub(crate) async fn fill(&mut self) -> Result<(), LiveError> {
        self.buffer.drain(..self.taken);
        self.taken = 0;
        self.buffer.reserve(READ_BYTES);
        match self.stream.read_buf(&mut self.buffer).await {
            Ok(0) => Err(LiveError::Lost("the other side closed the connection".to_owned())),
            Ok(_) => Ok(()),
            Err(fault) => Err(LiveError::Lost(fault.to_string())),
        }
    }

    /// The next line, without its end; the last one may lack it, as liblsl's refusals do.
    ///
    /// # Errors
    /// [`LiveError::Limit`] for one longer than 16 KiB; those of [`Incoming::fill`].
    pub(crate) async fn line(&mut self) -> Result<String, LiveError> {
        loop {
            if let Some(end) = self.bytes().iter().position(|&b| b == b'\n') {
                let line = String::from_utf8_lossy(&self.bytes()[..end]).trim().to_owned();
                self.take(end + 1);
                return Ok(line);
            }
            if self.bytes().len() > MAX_LINE_BYTES {
                let got = self.bytes().len() as u64;
                return Err(LiveError::Limit { what: "a line", limit: MAX_LINE_BYTES, got });
            }
            if let Err(ended) = self.fill().await {
                if self.bytes().is_empty() {
                    return Err(ended);
                }
                let line = String::from_utf8_lossy(self.bytes()).trim().to_owned();
                self.take(self.bytes().len());
                return Ok(line);
            }
        }
    }

    /// Lines up to an empty one.
    pub(crate) async fn head(&mut self) -> Result<Vec<String>, LiveError> {
        let mut lines = Vec::new();
        loop {
            let line = self.line().await?;
            if line.is_empty() {
                return Ok(lines);
            }
            if lines.len() == MAX_LINES {
                let got = MAX_LINES as u64 + 1;
                return Err(LiveError::Limit { what: "lines of a head", limit: MAX_LINES, got });
            }
            lines.push(line);
        }
    }
}
