//! The data records as a two-dimensional array of bytes on a source: reads stretches of it with
//! bounded memory, and decodes samples.

use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

use crate::{ByteSource, FormatError};

/// Bytes read at once; the read and the decode of a chunk stay in the second-level cache.
/// A multiple of 6, so that samples of 2 and of 3 bytes are never cut.
const CHUNK_BYTES: usize = 262_140;

/// Samples of one signal to be read: all of `samples` exists.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) byte_offset: usize,
    pub(super) n_per_record: usize,
    pub(super) samples: Range<u64>,
}

/// Where records lie in the source.
pub(super) struct Records {
    source: Box<dyn ByteSource>,
    data_offset: u64,
    record_bytes: usize,
    /// Bytes per sample.
    width: usize,
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
    pub(super) fn new(
        source: Box<dyn ByteSource>,
        data_offset: u64,
        record_bytes: usize,
        width: usize,
    ) -> Self {
        Self { source, data_offset, record_bytes, width, buffer: Vec::new() }
    }

    /// Reads every stretch of `wanted`; `decode(i, bytes, out)` appends the samples of the i-th.
    pub(super) fn read<T>(
        &mut self,
        wanted: &[Wanted],
        decode: impl Fn(usize, &[u8], &mut Vec<T>),
    ) -> Result<Vec<Vec<T>>, FormatError> {
        let mut out: Vec<Vec<T>> = wanted
            .iter()
            .map(|w| Vec::with_capacity((w.samples.end - w.samples.start) as usize))
            .collect();
        let picked: usize = wanted.iter().map(|w| w.n_per_record * self.width).sum();
        // A few channels of many are cheaper to fetch one by one than with everything between.
        let sparse = self.record_bytes > 8_192 && picked < self.record_bytes / 16;
        if sparse || self.record_bytes > CHUNK_BYTES {
            for (i, (w, samples)) in wanted.iter().zip(&mut out).enumerate() {
                self.read_one(w, &mut |bytes| decode(i, bytes, samples))?;
            }
        } else {
            self.read_together(wanted, &mut out, &decode)?;
        }
        Ok(out)
    }

    /// Whole records, several at a time.
    fn read_together<T>(
        &mut self,
        wanted: &[Wanted],
        out: &mut [Vec<T>],
        decode: &impl Fn(usize, &[u8], &mut Vec<T>),
    ) -> Result<(), FormatError> {
        let spans = wanted.iter().filter(|w| !w.samples.is_empty()).map(records_of);
        let Some(all) = spans.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)) else {
            return Ok(());
        };
        let (record_bytes, width) = (self.record_bytes, self.width);
        let per_chunk = (CHUNK_BYTES / record_bytes).max(1) as u64;
        let mut first = all.start;
        while first < all.end {
            let n = per_chunk.min(all.end - first);
            let chunk = self.fetch(first, 0, n as usize * record_bytes)?;
            for (i, (w, samples)) in wanted.iter().zip(&mut *out).enumerate() {
                for (record, bytes) in (first..).zip(chunk.chunks_exact(record_bytes)) {
                    let part = within(w, record);
                    let start = w.byte_offset + part.start * width;
                    decode(i, &bytes[start..start + part.len() * width], samples);
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
            let span = part.start * self.width..part.end * self.width;
            self.pieces(record, w.byte_offset + span.start, span.len(), decode)?;
        }
        Ok(())
    }

    /// `len` bytes of one record from `offset`, in order, in pieces of at most [`CHUNK_BYTES`].
    pub(super) fn pieces(
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

/// The samples of `record` that `w` asks for, counted from the beginning of the record.
fn within(w: &Wanted, record: u64) -> Range<usize> {
    let n = w.n_per_record as u64;
    let first = record * n;
    let start = w.samples.start.clamp(first, first + n) - first;
    let end = w.samples.end.clamp(first, first + n) - first;
    start as usize..end.max(start) as usize
}

/// Appends 16-bit samples, scaled.
pub(super) fn scale_i16(bytes: &[u8], gain: f64, offset: f64, out: &mut Vec<f32>) {
    out.extend(bytes.as_chunks::<2>().0.iter().map(|&b| {
        let digital = f64::from(i16::from_le_bytes(b));
        (digital * gain + offset) as f32
    }));
}

/// Appends 24-bit samples, scaled.
pub(super) fn scale_i24(bytes: &[u8], gain: f64, offset: f64, out: &mut Vec<f32>) {
    out.extend(
        bytes.as_chunks::<3>().0.iter().map(|&b| (f64::from(i24(b)) * gain + offset) as f32),
    );
}

/// Appends samples as they are.
pub(super) fn digital(bytes: &[u8], width: usize, out: &mut Vec<i32>) {
    if width == 3 {
        out.extend(bytes.as_chunks::<3>().0.iter().map(|&b| i24(b)));
    } else {
        out.extend(bytes.as_chunks::<2>().0.iter().map(|&b| i32::from(i16::from_le_bytes(b))));
    }
}

/// Little-endian two's complement of three bytes.
fn i24([low, middle, high]: [u8; 3]) -> i32 {
    // Put in the upper bytes, the arithmetic shift extends the sign.
    i32::from_le_bytes([0, low, middle, high]) >> 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_bytes_cover_their_whole_range() {
        assert_eq!(i24([0xff, 0xff, 0x7f]), 8_388_607);
        assert_eq!(i24([0x00, 0x00, 0x80]), -8_388_608);
        assert_eq!(i24([0xff, 0xff, 0xff]), -1);
        assert_eq!(i24([0x01, 0x02, 0x03]), 0x0003_0201);
    }

    #[test]
    fn every_way_of_reading_gives_the_same_samples() {
        // Two signals of 3 and 60_000 samples in records of 120_006 bytes, then of 600_060.
        for (a, b) in [(3_usize, 100_usize), (3, 60_000), (30, 300_000)] {
            let n_records = 5_u64;
            let record_bytes = (a + b) * 2;
            let data: Vec<u8> = (0..record_bytes * n_records as usize / 2)
                .flat_map(|i| ((i * 31 % 65_536) as u16).to_le_bytes())
                .collect();
            let expect = |offset: usize, n: usize, range: Range<u64>| -> Vec<i32> {
                range
                    .map(|s| {
                        let (record, within) = (s as usize / n, s as usize % n);
                        let at = record * record_bytes + offset + within * 2;
                        i32::from(i16::from_le_bytes([data[at], data[at + 1]]))
                    })
                    .collect()
            };
            let source = Box::new(std::io::Cursor::new(data.clone()));
            let mut records = Records::new(source, 0, record_bytes, 2);
            let decode = |_: usize, bytes: &[u8], out: &mut Vec<i32>| digital(bytes, 2, out);
            let first = Wanted { byte_offset: 0, n_per_record: a, samples: 2..(a as u64 * 4 + 1) };
            let second = Wanted {
                byte_offset: a * 2,
                n_per_record: b,
                samples: b as u64 - 1..b as u64 * n_records,
            };
            let both = records.read(&[first.clone(), second.clone()], decode).unwrap();
            let alone = records.read(std::slice::from_ref(&first), decode).unwrap();
            assert_eq!(both[0], expect(0, a, first.samples));
            assert_eq!(both[1], expect(a * 2, b, second.samples));
            assert_eq!(alone[0], both[0]);
        }
    }
}
