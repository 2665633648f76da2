//! One stream: where its samples lie, and how they are decoded.

use super::chunk;
use super::clock::{Clock, Offsets};
use super::describe::{Description, SampleType};
use super::stamps::{Dejitter, Segment};
use crate::FormatError;
use crate::pages::Pages;

/// A place to start decoding is kept every so many bytes of samples.
const STEP_BYTES: u64 = 128 << 10;

/// Longest text of a marker that is kept.
pub(super) const MAX_TEXT_BYTES: usize = 4_096;

/// Consecutive samples of one chunk.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Run {
    at: u64,
    /// Number of the first sample in the stream.
    first: u64,
}

/// A chunk of samples before it was looked into.
#[derive(Clone, Copy, Debug)]
pub(super) struct SampleChunk {
    pub(super) stream: usize,
    pub(super) content: u64,
    pub(super) end: u64,
}

#[derive(Debug)]
pub(super) struct Stream {
    pub(super) about: Description,
    pub(super) offsets: Offsets,
    pub(super) n_clock_resets: usize,
    /// Number of samples that the footer gives.
    pub(super) footer_count: Option<u64>,
    /// Samples announced by the chunks.
    pub(super) n_announced: u64,
    /// Samples that are there and kept.
    pub(super) n_samples: u64,
    pub(super) segments: Vec<Segment>,
    runs: Vec<Run>,
}

/// Where the decoding of time stamps stands.
#[derive(Debug)]
pub(super) struct Times {
    clock: Clock,
    pub(super) dejitter: Dejitter,
    last_s: f64,
    step_s: f64,
    /// Samples behind this number are left out.
    limit: u64,
    pub(super) n_damaged: u64,
}

/// One sample of a stream of text, or of numbers without a rate.
#[derive(Debug)]
pub(super) struct Marker {
    pub(super) time_s: f64,
    pub(super) text: String,
}

impl Stream {
    pub(super) fn new(about: Description) -> Self {
        Self {
            about,
            offsets: Offsets::new(),
            n_clock_resets: 0,
            footer_count: None,
            n_announced: 0,
            n_samples: 0,
            segments: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// Text, or numbers that come when they come: annotations.
    pub(super) fn is_marker(&self) -> bool {
        self.about.sample_type == SampleType::String || self.about.nominal_hz == 0.0
    }

    /// Ready to take the chunks in the order of the file.
    pub(super) fn times(&mut self) -> Times {
        let mut limit = u64::MAX;
        // A sender that ends can leave samples of garbage behind the last good one (liblsl#246).
        if let Some(count) = self.footer_count
            && self.n_announced > count
            && super::clock::last_is_corrupt(&self.offsets)
        {
            self.offsets.pop();
            limit = count;
        }
        let clock = Clock::fit(&self.offsets);
        self.n_clock_resets = clock.n_resets();
        let hz = self.about.nominal_hz;
        Times {
            clock,
            dejitter: Dejitter::new(hz),
            last_s: 0.0,
            step_s: if hz > 0.0 { 1.0 / hz } else { 0.0 },
            limit,
            n_damaged: 0,
        }
    }

    /// Reads the time stamps of a chunk, and its texts if the stream is one of markers.
    pub(super) fn index(
        &mut self,
        pages: &mut Pages,
        chunk: SampleChunk,
        times: &mut Times,
        mut marker: impl FnMut(Marker),
    ) -> Result<(), FormatError> {
        let Some((n, mut at)) = count(pages, chunk.content, chunk.end)? else {
            times.n_damaged += 1;
            return Ok(());
        };
        let mut run_at = u64::MAX;
        for _ in 0..n {
            let Some(head) = head(pages, at, chunk.end)? else {
                times.n_damaged += 1;
                break;
            };
            let Some(end) = self.end_of_values(pages, head.values, chunk.end)? else {
                times.n_damaged += 1;
                break;
            };
            let stamp_s = head.stamp_s.filter(|t| t.is_finite());
            let stamp_s = stamp_s.unwrap_or(times.last_s + times.step_s);
            times.last_s = stamp_s;
            if self.n_samples >= times.limit {
                break;
            }
            let time_s = times.clock.recorder_s(stamp_s);
            if self.is_marker() {
                let text = self.text(pages, head.values, end)?;
                marker(Marker { time_s, text });
            } else {
                if run_at == u64::MAX || at - run_at >= STEP_BYTES {
                    self.runs.push(Run { at, first: self.n_samples });
                    run_at = at;
                }
                times.dejitter.push(time_s);
            }
            self.n_samples += 1;
            at = end;
        }
        Ok(())
    }

    /// Decodes samples `from..to` of the channels `picks`; `each(pick, value)` per value, in order
    /// of time, then of picks.
    pub(super) fn read(
        &self,
        pages: &mut Pages,
        from: u64,
        to: u64,
        mut each: impl FnMut(&[u8]),
    ) -> Result<(), FormatError> {
        let values_len = self.about.n_channels * self.about.sample_type.width();
        let mut run = self.runs.partition_point(|r| r.first <= from).saturating_sub(1);
        let mut sample = from;
        while sample < to.min(self.n_samples) {
            let Some(start) = self.runs.get(run) else { break };
            let next = self.runs.get(run + 1).map_or(self.n_samples, |r| r.first);
            let mut at = start.at;
            for k in start.first..next.min(to) {
                // Checked when the chunk was indexed; short only if the file changed since.
                let bytes = pages.at_least(at, 9 + values_len)?;
                let skip = if bytes.first().is_some_and(|&b| b != 0) { 9 } else { 1 };
                let Some(values) = bytes.get(skip..skip + values_len) else {
                    return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
                };
                if k >= sample {
                    each(values);
                }
                at += (skip + values_len) as u64;
            }
            sample = next.max(sample);
            run += 1;
        }
        Ok(())
    }

    /// Where the values that start at `at` end, if that is within the chunk.
    fn end_of_values(
        &self,
        pages: &mut Pages,
        at: u64,
        chunk_end: u64,
    ) -> Result<Option<u64>, FormatError> {
        let width = self.about.sample_type.width();
        if width > 0 {
            let end = at + (self.about.n_channels * width) as u64;
            return Ok((end <= chunk_end).then_some(end));
        }
        let mut at = at;
        for _ in 0..self.about.n_channels {
            let Some((len, text)) = count(pages, at, chunk_end)? else { return Ok(None) };
            match text.checked_add(len).filter(|end| *end <= chunk_end) {
                Some(end) => at = end,
                None => return Ok(None),
            }
        }
        Ok(Some(at))
    }

    /// The values from `at` to `end` as text: those of several channels with `, ` between.
    fn text(&self, pages: &mut Pages, at: u64, end: u64) -> Result<String, FormatError> {
        let mut text = String::new();
        let mut add = |part: &str| {
            if text.len() < MAX_TEXT_BYTES && !part.is_empty() {
                text.push_str(if text.is_empty() { "" } else { ", " });
                text.push_str(part);
            }
        };
        let mut at = at;
        if self.about.sample_type == SampleType::String {
            for _ in 0..self.about.n_channels {
                let Some((len, start)) = count(pages, at, end)? else { break };
                let n = (len as usize).min(MAX_TEXT_BYTES);
                let bytes = pages.at_least(start, n)?;
                add(String::from_utf8_lossy(&bytes[..n.min(bytes.len())]).trim());
                at = start + len;
            }
        } else {
            let n = (end - at) as usize;
            let width = self.about.sample_type.width();
            let bytes = pages.at_least(at, n)?;
            for value in bytes[..n.min(bytes.len())].chunks_exact(width) {
                add(&number(self.about.sample_type, value).to_string());
            }
        }
        text.shrink_to_fit();
        Ok(text)
    }
}

/// The first value of `bytes`, little-endian.
pub(super) fn number(sample_type: SampleType, bytes: &[u8]) -> f64 {
    fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
        bytes.first_chunk().copied().unwrap_or([0; N])
    }
    match sample_type {
        SampleType::Int8 => f64::from(i8::from_le_bytes(array(bytes))),
        SampleType::Int16 => f64::from(i16::from_le_bytes(array(bytes))),
        SampleType::Int32 => f64::from(i32::from_le_bytes(array(bytes))),
        SampleType::Int64 => i64::from_le_bytes(array(bytes)) as f64,
        SampleType::Float32 => f64::from(f32::from_le_bytes(array(bytes))),
        SampleType::Double64 => f64::from_le_bytes(array(bytes)),
        SampleType::String => 0.0,
    }
}

struct Head {
    stamp_s: Option<f64>,
    values: u64,
}

/// The flag and, where it says so, the time stamp of a sample.
fn head(pages: &mut Pages, at: u64, end: u64) -> Result<Option<Head>, FormatError> {
    let bytes = pages.at_least(at, 9)?;
    let Some(flag) = bytes.first().filter(|_| at < end) else { return Ok(None) };
    if *flag == 0 {
        return Ok(Some(Head { stamp_s: None, values: at + 1 }));
    }
    let stamp = bytes.get(1..9).and_then(<[u8]>::first_chunk).filter(|_| at + 9 <= end);
    Ok(stamp.map(|b| Head { stamp_s: Some(f64::from_le_bytes(*b)), values: at + 9 }))
}

/// A number of variable width and where it ends.
pub(super) fn count(
    pages: &mut Pages,
    at: u64,
    end: u64,
) -> Result<Option<(u64, u64)>, FormatError> {
    let bytes = pages.at_least(at, 9)?;
    let found = chunk::number(bytes).map(|(value, len)| (value, at + len as u64));
    Ok(found.filter(|(_, at)| *at <= end))
}
