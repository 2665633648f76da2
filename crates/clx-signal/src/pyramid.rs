//! Min/max pyramid: any stretch of a recording drawn at any zoom by reading about two values per
//! pixel.
//!
//! Level `k` holds the smallest and largest sample of each run of `16 · 4^k` samples. The writer
//! knows the number of samples beforehand, so every value has its place and is written once; what
//! it holds in memory does not grow with the recording. Below 16 samples per pixel the samples
//! themselves are to be read instead: [`Pyramid::window`] then answers `None`.
//!
//! Layout, little-endian: `CLXP`, u32 version 1, u32 number of channels; per channel f64 rate, u64
//! announced samples, u64 samples present; then per channel, per level, pairs of f32 (min, max).
//! A pair of NaN stands for a run without a finite sample.

use std::io::{self, Read, Seek, SeekFrom, Write};

use crate::SampleRate;

/// Samples per pair on the finest level.
pub const BASE: u64 = 16;
/// Pairs of a level that make one pair of the next.
pub const FACTOR: u64 = 4;

const MAGIC: &[u8; 4] = b"CLXP";
const VERSION: u32 = 1;
const HEAD_BYTES: u64 = 12;
const CHANNEL_BYTES: u64 = 24;
const PAIR_BYTES: u64 = 8;
/// Pairs gathered before a write.
const PENDING: usize = 512;
/// More channels than any recorder has; guards against a damaged head.
const MAX_CHANNELS: u32 = 1 << 16;

/// Smallest and largest value; NaN where there is no data.
pub type MinMax = (f32, f32);

const NO_DATA: MinMax = (f32::NAN, f32::NAN);

/// Size of one channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PyramidChannel {
    pub rate: SampleRate,
    pub n_samples: u64,
}

/// Where the levels of a channel are.
#[derive(Clone, Debug)]
struct Layout {
    /// File position and number of pairs of each level, finest first.
    levels: Vec<(u64, u64)>,
    end: u64,
}

impl Layout {
    fn new(start: u64, n_samples: u64) -> Self {
        let mut levels = Vec::new();
        let mut end = start;
        let mut n = n_samples.div_ceil(BASE);
        while n > 0 {
            levels.push((end, n));
            end = end.saturating_add(n.saturating_mul(PAIR_BYTES));
            n = if n == 1 { 0 } else { n.div_ceil(FACTOR) };
        }
        Self { levels, end }
    }
}

fn layouts(n_samples: impl ExactSizeIterator<Item = u64>) -> Vec<Layout> {
    let mut start = HEAD_BYTES + CHANNEL_BYTES * n_samples.len() as u64;
    n_samples
        .map(|n| {
            let layout = Layout::new(start, n);
            start = layout.end;
            layout
        })
        .collect()
}

/// Writes a pyramid while the samples stream by, channel by channel in any order.
///
/// ```
/// use std::io::Cursor;
/// use clx_signal::{pyramid::{Pyramid, PyramidChannel, PyramidWriter}, SampleRate};
/// let rate = SampleRate::from_hz(250.0)?;
/// let samples: Vec<f32> = (0..250_000).map(|i| (i as f32 * 0.01).sin()).collect();
/// let sizes = [PyramidChannel { rate, n_samples: 250_000 }];
/// let mut writer = PyramidWriter::new(Cursor::new(Vec::new()), &sizes)?;
/// samples.chunks(999).try_for_each(|chunk| writer.push(0, chunk))?;
/// let mut pyramid = Pyramid::open(writer.finish()?)?;
/// let columns = pyramid.window(0, 0.0, 1000.0, 100)?.expect("coarse enough for the pyramid");
/// assert_eq!(columns.len(), 100);
/// assert!(columns.iter().all(|&(min, max)| min < -0.99 && max > 0.99));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct PyramidWriter<W> {
    sink: W,
    channels: Vec<ChannelWriter>,
}

#[derive(Debug)]
struct ChannelWriter {
    size: PyramidChannel,
    layout: Layout,
    n_present: u64,
    levels: Vec<LevelWriter>,
}

#[derive(Clone, Debug)]
struct LevelWriter {
    open: MinMax,
    n_open: u64,
    n_written: u64,
    pending: Vec<u8>,
}

impl<W: Write + Seek> PyramidWriter<W> {
    /// Starts at the beginning of `sink`, which must be empty. Samples beyond the announced number
    /// are ignored; places of announced samples that never come hold NaN.
    ///
    /// # Errors
    /// Those of the sink; `InvalidInput` for more than 65,536 channels.
    pub fn new(mut sink: W, channels: &[PyramidChannel]) -> io::Result<Self> {
        let count = u32::try_from(channels.len()).ok().filter(|&n| n <= MAX_CHANNELS);
        let count = count.ok_or_else(|| {
            let n = channels.len();
            io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("a pyramid holds at most {MAX_CHANNELS} channels, got {n}"),
            )
        })?;
        sink.seek(SeekFrom::Start(0))?;
        sink.write_all(MAGIC)?;
        sink.write_all(&VERSION.to_le_bytes())?;
        sink.write_all(&count.to_le_bytes())?;
        let channels = channels
            .iter()
            .zip(layouts(channels.iter().map(|c| c.n_samples)))
            .map(|(&size, layout)| ChannelWriter {
                size,
                n_present: 0,
                levels: vec![LevelWriter::new(); layout.levels.len()],
                layout,
            })
            .collect();
        let mut writer = Self { sink, channels };
        writer.write_sizes()?;
        Ok(writer)
    }

    fn write_sizes(&mut self) -> io::Result<()> {
        self.sink.seek(SeekFrom::Start(HEAD_BYTES))?;
        for c in &self.channels {
            self.sink.write_all(&c.size.rate.hz().to_le_bytes())?;
            self.sink.write_all(&c.size.n_samples.to_le_bytes())?;
            self.sink.write_all(&c.n_present.to_le_bytes())?;
        }
        Ok(())
    }

    /// Takes the next samples of one channel; non-finite ones count as missing.
    ///
    /// # Errors
    /// Those of the sink.
    ///
    /// # Panics
    /// If `channel` was not announced.
    pub fn push(&mut self, channel: usize, samples: &[f32]) -> io::Result<()> {
        let c = &mut self.channels[channel];
        let room = c.size.n_samples - c.n_present;
        let take = samples.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        let mut rest = &samples[..take];
        c.n_present += take as u64;
        while !rest.is_empty() {
            let n = rest.len().min((BASE - c.levels[0].n_open) as usize);
            let (run, later) = rest.split_at(n);
            let mut open = c.levels[0].open;
            run.iter().for_each(|&x| open = widen(open, (x, x)));
            c.levels[0].open = open;
            c.levels[0].n_open += n as u64;
            if c.levels[0].n_open == BASE {
                c.close(0, &mut self.sink)?;
            }
            rest = later;
        }
        Ok(())
    }

    /// Writes what is left and hands the sink back, flushed.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn finish(mut self) -> io::Result<W> {
        for c in &mut self.channels {
            for level in 0..c.levels.len() {
                if c.levels[level].n_open > 0 {
                    c.close(level, &mut self.sink)?;
                }
                c.fill_missing(level, &mut self.sink)?;
            }
        }
        self.write_sizes()?;
        self.sink.flush()?;
        Ok(self.sink)
    }
}

impl LevelWriter {
    fn new() -> Self {
        Self { open: NO_DATA, n_open: 0, n_written: 0, pending: Vec::new() }
    }
}

impl ChannelWriter {
    /// Finishes the open pair of a level and hands it to the next.
    fn close(&mut self, level: usize, sink: &mut (impl Write + Seek)) -> io::Result<()> {
        let this = &mut self.levels[level];
        let pair = std::mem::replace(&mut this.open, NO_DATA);
        this.n_open = 0;
        this.put(pair);
        if this.pending.len() >= PENDING * PAIR_BYTES as usize {
            self.write_pending(level, sink)?;
        }
        if let Some(next) = self.levels.get_mut(level + 1) {
            next.open = widen(next.open, pair);
            next.n_open += 1;
            if next.n_open == FACTOR {
                self.close(level + 1, sink)?;
            }
        }
        Ok(())
    }

    fn fill_missing(&mut self, level: usize, sink: &mut (impl Write + Seek)) -> io::Result<()> {
        let total = self.layout.levels[level].1;
        self.write_pending(level, sink)?;
        while self.levels[level].n_written < total {
            let n = (total - self.levels[level].n_written).min(PENDING as u64);
            (0..n).for_each(|_| self.levels[level].put(NO_DATA));
            self.write_pending(level, sink)?;
        }
        Ok(())
    }

    fn write_pending(&mut self, level: usize, sink: &mut (impl Write + Seek)) -> io::Result<()> {
        let this = &mut self.levels[level];
        if this.pending.is_empty() {
            return Ok(());
        }
        let start = self.layout.levels[level].0 + this.n_written * PAIR_BYTES;
        sink.seek(SeekFrom::Start(start))?;
        sink.write_all(&this.pending)?;
        this.n_written += this.pending.len() as u64 / PAIR_BYTES;
        this.pending.clear();
        Ok(())
    }
}

impl LevelWriter {
    fn put(&mut self, pair: MinMax) {
        self.pending.extend_from_slice(&pair.0.to_le_bytes());
        self.pending.extend_from_slice(&pair.1.to_le_bytes());
    }
}

/// `f32::min` and `max` pass over NaN; infinities count as missing like NaN.
fn widen(a: MinMax, b: MinMax) -> MinMax {
    let finite = |x: f32| if x.is_finite() { x } else { f32::NAN };
    (a.0.min(finite(b.0)), a.1.max(finite(b.1)))
}

/// A finished pyramid, read by position.
#[derive(Debug)]
pub struct Pyramid<R> {
    source: R,
    channels: Vec<(PyramidChannel, Layout)>,
}

impl<R: Read + Seek> Pyramid<R> {
    /// # Errors
    /// Those of the source; `InvalidData` if it is not a pyramid or is shorter than it says.
    pub fn open(mut source: R) -> io::Result<Self> {
        let len = source.seek(SeekFrom::End(0))?;
        source.seek(SeekFrom::Start(0))?;
        let mut head = [0; HEAD_BYTES as usize];
        source.read_exact(&mut head)?;
        let version = u32::from_le_bytes(array(&head[4..8]));
        let count = u32::from_le_bytes(array(&head[8..12]));
        if &head[..4] != MAGIC || version != VERSION || count > MAX_CHANNELS {
            return Err(invalid("not a CLXP version 1 pyramid".to_owned()));
        }
        let mut sizes = Vec::new();
        for _ in 0..count {
            let mut bytes = [0; CHANNEL_BYTES as usize];
            source.read_exact(&mut bytes)?;
            let rate = SampleRate::from_hz(f64::from_le_bytes(array(&bytes[..8])))
                .map_err(|e| invalid(e.to_string()))?;
            let n_samples = u64::from_le_bytes(array(&bytes[8..16]));
            sizes.push(PyramidChannel { rate, n_samples });
        }
        let layouts = layouts(sizes.iter().map(|s| s.n_samples));
        let needed = layouts.last().map_or(HEAD_BYTES, |l| l.end);
        if needed > len {
            return Err(invalid(format!("pyramid needs {needed} bytes, got {len}")));
        }
        Ok(Self { source, channels: sizes.into_iter().zip(layouts).collect() })
    }

    pub fn channels(&self) -> impl ExactSizeIterator<Item = PyramidChannel> + '_ {
        self.channels.iter().map(|c| c.0)
    }

    /// Smallest and largest value of each of `columns` equal parts of `tmin_s..tmax_s`.
    ///
    /// Uses the coarsest level whose pairs are no wider than a column, and takes every pair that
    /// touches the column, so a peak is never lost and may show in the neighbour as well. Columns
    /// outside the recording are NaN. `None` when a column is narrower than 16 samples: read the
    /// samples then (at most `16 · columns`). At most `5 · columns + 2` pairs are read.
    ///
    /// # Errors
    /// Those of the source; `InvalidInput` for an unknown channel, a span that is not finite or
    /// empty, or more than 65,536 columns.
    pub fn window(
        &mut self,
        channel: usize,
        tmin_s: f64,
        tmax_s: f64,
        columns: usize,
    ) -> io::Result<Option<Vec<MinMax>>> {
        let span = tmax_s - tmin_s;
        let valid = span.is_finite() && span > 0.0 && (1..=1 << 16).contains(&columns);
        let Some((size, layout)) = self.channels.get(channel).filter(|_| valid) else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("no window {tmin_s}..{tmax_s} s of {columns} columns on channel {channel}"),
            ));
        };
        let per_column = span * size.rate.hz() / columns as f64;
        if per_column < BASE as f64 {
            return Ok(None);
        }
        let fits = (per_column / BASE as f64).log(FACTOR as f64) + 1e-9;
        let Some(level) = layout.levels.len().checked_sub(1).map(|top| (fits as usize).min(top))
        else {
            return Ok(Some(vec![NO_DATA; columns]));
        };
        let width = (BASE * FACTOR.pow(level as u32)) as f64;
        let (start, n_pairs) = layout.levels[level];
        // A column edge that should fall between two pairs may miss it by rounding.
        let at = |sample: f64, slack: f64| (sample / width + slack).clamp(0.0, n_pairs as f64);
        let floor = |sample: f64| at(sample, 1e-6).floor() as u64;
        let ceil = |sample: f64| at(sample, -1e-6).ceil() as u64;
        let first_sample = tmin_s * size.rate.hz();
        let first = floor(first_sample);
        let end = ceil(first_sample + span * size.rate.hz());
        let pairs = read_pairs(&mut self.source, start, first, end)?;
        let column = |i: usize| {
            let from = first_sample + per_column * i as f64;
            // The last pair is wider than what is left of the signal.
            if from >= size.n_samples as f64 {
                return NO_DATA;
            }
            let low = floor(from) - first;
            let high = ceil(from + per_column).max(low + first) - first;
            let inside = pairs.get(low as usize..high as usize).unwrap_or_default();
            inside.iter().fold(NO_DATA, |open, &pair| widen(open, pair))
        };
        Ok(Some((0..columns).map(column).collect()))
    }
}

fn read_pairs(
    source: &mut (impl Read + Seek),
    level_start: u64,
    first: u64,
    end: u64,
) -> io::Result<Vec<MinMax>> {
    let n = end.saturating_sub(first) as usize;
    let mut bytes = vec![0; n * PAIR_BYTES as usize];
    source.seek(SeekFrom::Start(level_start + first * PAIR_BYTES))?;
    source.read_exact(&mut bytes)?;
    let value = |b: &[u8]| f32::from_le_bytes(array(b));
    Ok(bytes.chunks_exact(8).map(|b| (value(&b[..4]), value(&b[4..]))).collect())
}

/// The bytes as an array; callers pass slices of that length.
fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.try_into().expect("the slice has the length of the array")
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::rng::SplitMix64;

    const RATE: f64 = 100.0;

    fn build(samples: &[f32], announced: u64, chunk: usize) -> Pyramid<Cursor<Vec<u8>>> {
        let rate = SampleRate::from_hz(RATE).unwrap();
        let sizes = [PyramidChannel { rate, n_samples: announced }];
        let mut writer = PyramidWriter::new(Cursor::new(Vec::new()), &sizes).unwrap();
        samples.chunks(chunk).for_each(|c| writer.push(0, c).unwrap());
        Pyramid::open(writer.finish().unwrap()).unwrap()
    }

    fn noise(n: usize) -> Vec<f32> {
        let mut rng = SplitMix64::new(4);
        (0..n).map(|_| rng.next_normal() as f32).collect()
    }

    #[test]
    fn aligned_columns_are_exact_at_every_level() {
        let x = noise(16 * 1024 + 5);
        let mut pyramid = build(&x, x.len() as u64, 777);
        for per_column in [16, 64, 256, 1024, 4096] {
            let columns = 16 * 1024 / per_column;
            let tmax_s = 16.0 * 1024.0 / RATE;
            let got = pyramid.window(0, 0.0, tmax_s, columns).unwrap().unwrap();
            for (pair, run) in got.iter().zip(x.chunks(per_column)) {
                let min = run.iter().copied().fold(f32::NAN, f32::min);
                let max = run.iter().copied().fold(f32::NAN, f32::max);
                assert_eq!(*pair, (min, max));
            }
        }
    }

    #[test]
    fn bytes_do_not_depend_on_the_chunking() {
        let x = noise(50_000);
        let bytes = |chunk| build(&x, 50_000, chunk).source.into_inner();
        assert_eq!(bytes(1), bytes(50_000));
        assert_eq!(bytes(13), bytes(4096));
    }

    #[test]
    fn unaligned_columns_contain_their_samples() {
        let x = noise(10_000);
        let mut pyramid = build(&x, 10_000, 1000);
        let got = pyramid.window(0, 3.3, 91.7, 37).unwrap().unwrap();
        let width = (91.7 - 3.3) * RATE / 37.0;
        for (i, &(min, max)) in got.iter().enumerate() {
            let from = (3.3 * RATE + width * i as f64).ceil() as usize;
            let to = (3.3 * RATE + width * (i + 1) as f64).floor() as usize;
            assert!(x[from..to].iter().all(|&v| min <= v && v <= max));
        }
    }

    #[test]
    fn missing_and_foreign_stretches_are_nan() {
        // Columns of 1024 samples, the width of a pair on the level that is used.
        let mut x = noise(2048);
        x[1024..].fill(f32::NAN);
        let mut pyramid = build(&x, 4096, 100);
        let got = pyramid.window(0, -10.24, 51.2, 6).unwrap().unwrap();
        let has_data: Vec<bool> = got.iter().map(|p| p.0.is_finite()).collect();
        assert_eq!(has_data, [false, true, false, false, false, false]);
    }

    #[test]
    fn close_zoom_asks_for_samples_and_nonsense_is_refused() {
        let mut pyramid = build(&noise(1000), 1000, 100);
        assert!(pyramid.window(0, 0.0, 1.0, 100).unwrap().is_none());
        assert!(pyramid.window(1, 0.0, 1.0, 1).is_err());
        assert!(pyramid.window(0, 1.0, 1.0, 1).is_err());
        assert!(pyramid.window(0, 0.0, f64::NAN, 1).is_err());
        let mut empty = build(&[], 0, 1);
        assert!(empty.window(0, 0.0, 10.0, 2).unwrap().unwrap()[0].0.is_nan());
    }

    #[test]
    fn damaged_bytes_are_refused_without_panic() {
        let bytes = build(&noise(1000), 1000, 100).source.into_inner();
        for cut in 0..bytes.len().min(200) {
            assert!(Pyramid::open(Cursor::new(bytes[..cut].to_vec())).is_err());
        }
        for at in 0..36 {
            let mut bad = bytes.clone();
            bad[at] ^= 0xff;
            if let Ok(mut p) = Pyramid::open(Cursor::new(bad)) {
                drop(p.window(0, 0.0, 10.0, 5));
            }
        }
    }
}
