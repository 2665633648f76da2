//! The pass over a file on opening: streams, clock offsets, time stamps, markers.

use std::collections::HashMap;

use clx_signal::{Finding, Severity};
use jiff::civil::DateTime;

use super::chunk::{self, Chunks};
use super::describe::{self, Description, MAX_XML_BYTES};
use super::stream::{self, Marker, SampleChunk, Stream, Times};
use crate::pages::Pages;
use crate::{Format, FormatError};

/// More streams than this are not a recording.
const MAX_STREAMS: usize = 1_000;

/// A sample of a stream of markers, on the recorder's clock.
pub(super) struct Event {
    pub(super) stream: usize,
    pub(super) marker: Marker,
}

/// The first look at a file: streams, clock offsets, and where chunks of samples are.
pub(super) struct Scan {
    pub(super) streams: Vec<Stream>,
    chunks: Vec<SampleChunk>,
    /// Date and time of the file header, without its zone.
    pub(super) start: Option<String>,
}

impl Scan {
    pub(super) fn read(
        pages: &mut Pages,
        findings: &mut Vec<Finding>,
    ) -> Result<Self, FormatError> {
        let mut scan = Self { streams: Vec::new(), chunks: Vec::new(), start: None };
        let mut by_id: HashMap<u32, usize> = HashMap::new();
        let mut chunks = Chunks::new();
        let mut n_orphans = 0_u64;
        while let Some(found) = chunks.next(pages)? {
            let stream = by_id.get(&found.stream).copied();
            match (found.tag, stream) {
                (chunk::FILE_HEADER, _) => {
                    let date = describe::field(xml(pages, found)?, "datetime");
                    scan.start = date.as_deref().and_then(civil);
                }
                (chunk::STREAM_HEADER, None) => {
                    let description = Description::parse(xml(pages, found)?);
                    let Some(about) = description.filter(|_| scan.streams.len() < MAX_STREAMS)
                    else {
                        chunks.n_damaged += 1;
                        continue;
                    };
                    by_id.insert(found.stream, scan.streams.len());
                    scan.streams.push(Stream::new(about));
                }
                (chunk::SAMPLES, Some(stream)) => {
                    let (content, end) = (found.content, found.end);
                    let n = stream::count(pages, content, end)?.map_or(0, |(n, _)| n);
                    let stream_state = &mut scan.streams[stream];
                    stream_state.n_announced = stream_state.n_announced.saturating_add(n);
                    scan.chunks.push(SampleChunk { stream, content, end });
                }
                (chunk::CLOCK_OFFSET, Some(stream)) => {
                    let time = pages.array::<8>(found.content)?.map(f64::from_le_bytes);
                    let offset = pages.array::<8>(found.content + 8)?.map(f64::from_le_bytes);
                    if let (Some(time), Some(offset)) = (time, offset)
                        && time.is_finite()
                        && offset.is_finite()
                    {
                        scan.streams[stream].offsets.push((time, offset));
                    }
                }
                (chunk::STREAM_FOOTER, Some(stream)) => {
                    let count = describe::field(xml(pages, found)?, "sample_count");
                    scan.streams[stream].footer_count = count.and_then(|n| n.parse().ok());
                }
                (chunk::SAMPLES, None) => n_orphans += 1,
                _ => {}
            }
        }
        scan.report(&chunks, n_orphans, findings)?;
        Ok(scan)
    }

    /// Fails without a stream; says what could not be read.
    fn report(
        &self,
        chunks: &Chunks,
        n_orphans: u64,
        findings: &mut Vec<Finding>,
    ) -> Result<(), FormatError> {
        if self.streams.is_empty() {
            return Err(FormatError::Invalid {
                format: Format::Xdf,
                what: "the content".to_owned(),
                offset: 4,
                expected: "at least one stream header that describes its channels",
                got: "none".to_owned(),
            });
        }
        if chunks.truncated {
            let message = "the last chunk is cut off; what is there of it is read";
            findings.push(Finding::new("file.truncated", Severity::Warning, message));
        }
        for (n, what) in [
            (chunks.n_damaged, "stretches of the file are damaged and left out"),
            (n_orphans, "chunks belong to no stream and are left out"),
        ] {
            if n > 0 {
                let message = format!("{n} {what}");
                findings.push(Finding::new("file.damaged", Severity::Warning, message));
            }
        }
        Ok(())
    }

    /// Reads all time stamps: the streams get their segments, markers come back as events.
    pub(super) fn time_stamps(
        &mut self,
        pages: &mut Pages,
        findings: &mut Vec<Finding>,
    ) -> Result<Vec<Event>, FormatError> {
        // An event costs about 100 bytes of memory, but a hostile file gets it for 5.
        let budget = (pages.len() / 64).max(100_000) as usize;
        let max_segments = (pages.len() / 256).max(1_000);
        let mut events = Vec::new();
        let mut n_left_out = 0_u64;
        let mut times: Vec<Times> = self.streams.iter_mut().map(Stream::times).collect();
        for chunk in std::mem::take(&mut self.chunks) {
            let state = &mut times[chunk.stream];
            self.streams[chunk.stream].index(pages, chunk, state, |marker| {
                match events.len() < budget {
                    true if marker.text.is_empty() => {}
                    true => events.push(Event { stream: chunk.stream, marker }),
                    false => n_left_out += 1,
                }
            })?;
            let got = state.dejitter.n_segments() as u64;
            if got > max_segments {
                let limit = max_segments;
                return Err(FormatError::Limit {
                    what: "the number of breaks in a stream",
                    got,
                    limit,
                });
            }
        }
        for (stream, state) in self.streams.iter_mut().zip(times) {
            stream.segments = state.dejitter.finish();
            report_stream(stream, state.n_damaged, findings);
        }
        if n_left_out > 0 {
            let message =
                format!("{n_left_out} markers are too many for the file's size and are left out");
            findings.push(Finding::new("annotations.limit", Severity::Warning, message));
        }
        Ok(events)
    }
}

fn report_stream(stream: &Stream, n_damaged: u64, findings: &mut Vec<Finding>) {
    let name = &stream.about.name;
    let mut report = |code: &str, severity, what: String| {
        findings.push(Finding::new(code, severity, format!("stream {name:?}: {what}")));
    };
    if n_damaged > 0 {
        report(
            "file.damaged",
            Severity::Warning,
            format!(
                "{n_damaged} chunks hold fewer samples than they say; those that are there are read"
            ),
        );
    }
    if stream.n_clock_resets > 0 {
        let what =
            format!("its clock was reset {} times; times are corrected", stream.n_clock_resets);
        report("xdf.clock_reset", Severity::Warning, what);
    }
    if stream.n_samples == 0 {
        report("channel.empty", Severity::Info, "it holds no samples".to_owned());
    }
    if let Some(count) = stream.footer_count.filter(|n| *n != stream.n_samples && n_damaged == 0) {
        let what = format!(
            "its footer counts {count} samples, the file holds {}; the latter are read",
            stream.n_samples
        );
        report("file.record_count", Severity::Info, what);
    }
}

/// The XML of a chunk, cut at the longest that is read.
pub(super) fn xml<'p>(pages: &'p mut Pages, chunk: chunk::Chunk) -> Result<&'p [u8], FormatError> {
    let len = (chunk.end - chunk.content).min(MAX_XML_BYTES) as usize;
    let bytes = pages.at_least(chunk.content, len)?;
    Ok(&bytes[..len.min(bytes.len())])
}

/// `2023-05-17T14:03:22+0200` without its zone.
fn civil(text: &str) -> Option<String> {
    let date: DateTime = text.get(..19)?.parse().ok()?;
    Some(date.to_string())
}
