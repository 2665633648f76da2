//! The bytes of a text file, plain or gzip-compressed, from any position.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use flate2::read::MultiGzDecoder;

use crate::ByteSource;

/// Text may inflate to this many times its size, and always to [`MIN_INFLATED`]. Numbers as text
/// shrink to a third or a fifth; a table of constants to a hundredth.
const MAX_INFLATION: u64 = 200;
const MIN_INFLATED: u64 = 16 << 20;

const GZIP: [u8; 3] = [0x1f, 0x8b, 0x08];

type Inflate = MultiGzDecoder<BufReader<Box<dyn ByteSource>>>;

/// A file of text.
pub(super) struct TextBytes {
    kind: Kind,
    at: u64,
    /// Inflated bytes beyond this are refused.
    limit: u64,
}

enum Kind {
    Plain(Box<dyn ByteSource>),
    Gzip(Box<Inflate>),
    /// Only while the decoder is replaced.
    None,
}

impl std::fmt::Debug for TextBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextBytes").field("at", &self.at).finish_non_exhaustive()
    }
}

impl TextBytes {
    pub(super) fn new(mut source: Box<dyn ByteSource>) -> io::Result<Self> {
        let len = source.seek(SeekFrom::End(0))?;
        source.seek(SeekFrom::Start(0))?;
        let mut magic = Vec::new();
        source.by_ref().take(3).read_to_end(&mut magic)?;
        source.seek(SeekFrom::Start(0))?;
        if magic == GZIP {
            let limit = len.saturating_mul(MAX_INFLATION).max(MIN_INFLATED);
            return Ok(Self { kind: inflate(source), at: 0, limit });
        }
        Ok(Self { kind: Kind::Plain(source), at: 0, limit: u64::MAX })
    }

    /// The next byte read is the one at `to`. Compressed text is inflated again from its beginning
    /// to go back.
    pub(super) fn go_to(&mut self, to: u64) -> io::Result<()> {
        if let Kind::Plain(source) = &mut self.kind {
            source.seek(SeekFrom::Start(to))?;
            self.at = to;
            return Ok(());
        }
        if to < self.at
            && let Kind::Gzip(decoder) = std::mem::replace(&mut self.kind, Kind::None)
        {
            let mut source = decoder.into_inner().into_inner();
            source.seek(SeekFrom::Start(0))?;
            self.kind = inflate(source);
            self.at = 0;
        }
        let skip = to - self.at;
        io::copy(&mut self.by_ref().take(skip), &mut io::sink())?;
        Ok(())
    }
}

fn inflate(source: Box<dyn ByteSource>) -> Kind {
    Kind::Gzip(Box::new(MultiGzDecoder::new(BufReader::with_capacity(32 << 10, source))))
}

impl Read for TextBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = match &mut self.kind {
            Kind::Plain(source) => source.read(buffer)?,
            Kind::Gzip(decoder) => decoder.read(buffer)?,
            Kind::None => 0,
        };
        self.at += n as u64;
        if self.at > self.limit {
            return Err(io::Error::other(
                "the compressed text inflates to more than 200 times its size",
            ));
        }
        Ok(n)
    }
}

pub(super) fn is_compressed(head: &[u8]) -> bool {
    head.starts_with(&GZIP)
}

/// The first bytes of the text whose file starts with `head`, inflated if compressed; at most
/// `max` bytes.
pub(super) fn text_head(head: &[u8], max: usize) -> Vec<u8> {
    if !is_compressed(head) {
        return head[..head.len().min(max)].to_vec();
    }
    let mut text = Vec::new();
    // The end of `head` cuts the compressed stream: what came out before the error counts.
    let _cut = MultiGzDecoder::new(head).take(max as u64).read_to_end(&mut text);
    text
}
