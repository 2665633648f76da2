//! Equal records on a source, each with a run of samples of every channel: reads stretches with
//! bounded memory, and decodes samples.
//!
//! EDF has such records; samples in frames are records with one sample of each channel, and samples
//! channel after channel are one large record.

use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

use crate::samples::{Encoding, Run, Scale};
use crate::{ByteSource, FormatError};

/// Bytes read at once; the read and the decode of a chunk stay in the second-level cache.
/// A multiple of 24, so that samples of no width are cut.
const CHUNK_BYTES: usize = 262_128;

/// Samples of one channel to be read: all of `samples` exists.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Where the samples of the channel begin in a record.
    pub(crate) byte_offset: usize,
    pub(crate) n_per_record: usize,
    pub(crate) encoding: Encoding,
    pub(crate) scale: Scale,
    pub(crate) samples: Range<u64>,
}

/// Where records lie in the source.
pub(crate) struct Records {
    source: Box<dyn ByteSource>,
    data_offset: u64,
    record_bytes: usize,
    buffer: Vec<u8>,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records")
            .field("data_offset", &self.data_offset)
            .field("record_bytes", &self.record_bytes)
            .finish_non_exhaustive()
    }
}

impl Records {
    pub(crate) fn new(source: Box<dyn ByteSource>, data_offset: u64, record_bytes: usize) -> Self {
        Self { source, data_offset, record_bytes, buffer: Vec::new() }
    }

    /// Physical values of every stretch of `wanted`.
    pub(crate) fn read(&mut self, wanted: &[Wanted]) -> Result<Vec<Vec<f32>>, FormatError> {
        self.decode(wanted, |w, run, out| w.encoding.scale(run, w.scale, out))
    }

    /// Stored values of one stretch.
    pub(crate) fn read_digital(&mut self, wanted: &Wanted) -> Result<Vec<i32>, FormatError> {
        let read =
            self.decode(std::slice::from_ref(wanted), |w, run, out| w.encoding.digital(run, out))?;
        Ok(read.into_iter().next().unwrap_or_default())
    }

    /// Lets the records lie elsewhere in the source, for files that keep them in several places.
    pub(crate) fn move_to(&mut self, data_offset: u64, record_bytes: usize) {
        self.data_offset = data_offset;
        self.record_bytes = record_bytes;
    }

    fn decode<T>(
        &mut self,
        wanted: &[Wanted],
        append: impl Fn(&Wanted, Run<'_>, &mut Vec<T>),
    ) -> Result<Vec<Vec<T>>, FormatError> {
        let mut out: Vec<Vec<T>> = wanted
            .iter()
            .map(|w| Vec::with_capacity((w.samples.end - w.samples.start) as usize))
            .collect();
        self.decode_into(wanted, &mut out, append)?;
        Ok(out)
    }

    /// `append(wanted, run, out)` appends the samples of a run.
    pub(crate) fn decode_into<T>(
        &mut self,
        wanted: &[Wanted],
        out: &mut [Vec<T>],
        append: impl Fn(&Wanted, Run<'_>, &mut Vec<T>),
    ) -> Result<(), FormatError> {
        let picked: usize = wanted.iter().map(|w| w.n_per_record * w.encoding.width()).sum();
        // A few channels of many are cheaper to fetch one by one than with everything between.
        let sparse = self.record_bytes > 8_192 && picked < self.record_bytes / 16;
        let frames = wanted.iter().all(|w| w.n_per_record == 1);
        if (sparse && !frames) || self.record_bytes > CHUNK_BYTES {
            for (w, samples) in wanted.iter().zip(out) {
                let stride = w.encoding.width();
                self.read_one(w, &mut |bytes| append(w, Run { bytes, stride }, samples))?;
            }
        } else {
            self.read_together(wanted, out, &append)?;
        }
        Ok(())
    }

    /// Whole records, several at a time.
    fn read_together<T>(
        &mut self,
        wanted: &[Wanted],
        out: &mut [Vec<T>],
        append: &impl Fn(&Wanted, Run<'_>, &mut Vec<T>),
    ) -> Result<(), FormatError> {
        let spans = wanted.iter().filter(|w| !w.samples.is_empty()).map(records_of);
        let Some(all) = spans.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)) else {
            return Ok(());
        };
        let record_bytes = self.record_bytes;
        let per_chunk = (CHUNK_BYTES / record_bytes).max(1) as u64;
        let mut first = all.start;
        while first < all.end {
            let n = per_chunk.min(all.end - first);
            let chunk = self.fetch(first, 0, n as usize * record_bytes)?;
            for (w, samples) in wanted.iter().zip(&mut *out) {
                if w.n_per_record == 1 {
                    let from = w.samples.start.clamp(first, first + n) - first;
                    let to = w.samples.end.clamp(first, first + n) - first;
                    append(w, column(chunk, record_bytes, w, from..to.max(from)), samples);
                    continue;
                }
                let stride = w.encoding.width();
                for (record, bytes) in (first..).zip(chunk.chunks_exact(record_bytes)) {
                    let part = within(w, record);
                    let start = w.byte_offset + part.start * stride;
                    let bytes = &bytes[start..start + part.len() * stride];
                    append(w, Run { bytes, stride }, samples);
                }
            }
            first += n;
        }
        Ok(())
    }

    /// One signal, record by record, in pieces of at most [`CHUNK_BYTES`].
    fn read_one(&mut self, w: &Wanted, decode: &mut dyn FnMut(&[u8])) -> Result<(), FormatError> {
        if w.samples.is_empty() {
            return Ok(());
        }
        for record in records_of(w) {
            let part = within(w, record);
            let width = w.encoding.width();
            let span = part.start * width..part.end * width;
            self.pieces(record, w.byte_offset + span.start, span.len(), decode)?;
        }
        Ok(())
    }

    /// `len` bytes of one record from `offset`, in order, in pieces of at most [`CHUNK_BYTES`].
    pub(crate) fn pieces(
        &mut self,
        record: u64,
        offset: usize,
        len: usize,
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<(), FormatError> {
        let mut at = 0;
        while at < len {
            let n = CHUNK_BYTES.min(len - at);
            each(self.fetch(record, offset + at, n)?);
            at += n;
        }
        Ok(())
    }

    fn fetch(&mut self, record: u64, offset: usize, len: usize) -> Result<&[u8], FormatError> {
        let at = self.data_offset + record * self.record_bytes as u64 + offset as u64;
        self.source.seek(SeekFrom::Start(at))?;
        if self.buffer.len() < len {
            self.buffer.resize(len, 0);
        }
        let bytes = &mut self.buffer[..len];
        self.source.read_exact(bytes)?;
        Ok(bytes)
    }
}

/// Records that hold the samples of `w`, which must not be empty.
fn records_of(w: &Wanted) -> Range<u64> {
    let n = w.n_per_record as u64;
    w.samples.start / n..w.samples.end.div_ceil(n)
}

/// One sample of `w` in each of the records `rows` of `chunk`.
fn column<'a>(chunk: &'a [u8], record_bytes: usize, w: &Wanted, rows: Range<u64>) -> Run<'a> {
    let at = |row: u64| row as usize * record_bytes + w.byte_offset;
    let bytes = match rows.end.checked_sub(1) {
        Some(last) if !rows.is_empty() => &chunk[at(rows.start)..at(last) + w.encoding.width()],
        _ => &[],
    };
    Run { bytes, stride: record_bytes }
}

/// The samples of `record` that `w` asks for, counted from the beginning of the record.
fn within(w: &Wanted, record: u64) -> Range<usize> {
    let n = w.n_per_record as u64;
    let first = record * n;
    let start = w.samples.start.clamp(first, first + n) - first;
    let end = w.samples.end.clamp(first, first + n) - first;
    start as usize..end.max(start) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::SampleKind;

    #[test]
    fn every_way_of_reading_gives_the_same_samples() {
        let encoding = SampleKind::I16.little_endian();
        let scale = Scale { gain: 1.0, offset: 0.0 };
        // Records of 206, 120,006 and 600,060 bytes; of frames; of a frame above one chunk.
        for (a, b) in [(3_usize, 100_usize), (3, 60_000), (30, 300_000), (1, 1), (1, 200_000)] {
            let n_records = 5_u64;
            let record_bytes = (a + b) * 2;
            let data: Vec<u8> = (0..record_bytes * n_records as usize / 2)
                .flat_map(|i| ((i * 31 % 65_536) as u16).to_le_bytes())
                .collect();
            let expect = |w: &Wanted| -> Vec<i32> {
                let stored = |s: u64| {
                    let (record, within) =
                        (s as usize / w.n_per_record, s as usize % w.n_per_record);
                    let at = record * record_bytes + w.byte_offset + within * 2;
                    i32::from(i16::from_le_bytes([data[at], data[at + 1]]))
                };
                w.samples.clone().map(stored).collect()
            };
            let mut records =
                Records::new(Box::new(std::io::Cursor::new(data.clone())), 0, record_bytes);
            let wanted = |byte_offset, n_per_record: usize, samples| Wanted {
                byte_offset,
                n_per_record,
                encoding,
                scale,
                samples,
            };
            let first = wanted(0, a, 2..(a as u64 * 4 + 1));
            let second = wanted(a * 2, b, b as u64 - 1..b as u64 * n_records);
            let both = records.read(&[first.clone(), second.clone()]).unwrap();
            for (w, together) in [(first, &both[0]), (second, &both[1])] {
                let alone = records.read_digital(&w).unwrap();
                assert_eq!(alone, expect(&w));
                assert_eq!(*together, alone.iter().map(|&x| x as f32).collect::<Vec<_>>());
            }
        }
    }
}
