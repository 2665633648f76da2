//! Extensible Data Format (XDF 1.0), the format of LabRecorder and the Lab Streaming Layer.
//!
//! A file holds several streams, each with its own rate, clock and jitter. The *main stream* (the
//! one of type EEG, else the largest) gives the recording its sample time; the other streams with a
//! rate are placed beside it by nearest sample, streams of text and streams without a rate become
//! annotations. Clock offsets, clock resets, jitter and breaks are treated as pyxdf treats them.
//!
//! Opening reads the file once for the time stamps and keeps an index of one entry per 128 kB or
//! chunk; samples are decoded when asked for.

mod arrange;
mod chunk;
mod clock;
mod describe;
mod place;
mod scan;
mod stamps;
mod stream;

use std::ops::Range;

use clx_signal::{Annotation, Finding, RecordingHeader};

use self::chunk::Chunks;
use self::place::{Axis, Place};
use self::scan::Scan;
use self::stream::Stream;
use crate::pages::Pages;
use crate::recording::{ReadRecording, Span};
use crate::{ByteSource, FormatError, Identity};

/// Samples of a stream further apart than this are fetched one by one.
const MAX_SKIP: u64 = 256;

#[derive(Debug)]
pub(crate) struct XdfReader {
    pages: Pages<'static>,
    streams: Vec<Stream>,
    /// Of each stream.
    places: Vec<Place>,
    axis: Axis,
    channels: Vec<Source>,
    header: RecordingHeader,
    identity: Identity,
    findings: Vec<Finding>,
    annotations: Vec<Annotation>,
}

/// Where a channel of the recording comes from.
#[derive(Debug)]
struct Source {
    stream: usize,
    /// Bytes into the values of a sample.
    byte_offset: usize,
    /// From the unit of the stream to that of the channel.
    factor: f64,
}

/// Where in the file the elements lie that are about a person.
pub(crate) fn personal_places(
    source: Box<dyn ByteSource + '_>,
) -> Result<Vec<Range<u64>>, FormatError> {
    let mut pages = Pages::new(source)?;
    let mut chunks = Chunks::new();
    let mut places = Vec::new();
    while let Some(found) = chunks.next(&mut pages)? {
        if matches!(found.tag, chunk::FILE_HEADER | chunk::STREAM_HEADER | chunk::STREAM_FOOTER) {
            let within = describe::personal_ranges(scan::xml(&mut pages, found)?);
            let start = found.content;
            places.extend(within.iter().map(|r| start + r.start as u64..start + r.end as u64));
        }
    }
    Ok(places)
}

impl XdfReader {
    pub(crate) fn open(source: Box<dyn ByteSource>) -> Result<Self, FormatError> {
        let mut pages = Pages::new(source)?;
        let mut findings = Vec::new();
        let mut scan = Scan::read(&mut pages, &mut findings)?;
        let events = scan.time_stamps(&mut pages, &mut findings)?;
        let identity = identity(&scan.streams);
        let mut reader = Self {
            pages,
            places: vec![Place::Same; scan.streams.len()],
            streams: scan.streams,
            axis: Axis::default(),
            channels: Vec::new(),
            header: RecordingHeader {
                channels: Vec::new(),
                duration_s: 0.0,
                start: scan.start,
                gaps: Vec::new(),
            },
            identity,
            findings,
            annotations: Vec::new(),
        };
        reader.arrange()?;
        reader.annotate(events);
        Ok(reader)
    }

    /// Calls `each(i, values)` for samples `span` of a channel, in order.
    fn for_samples(
        &mut self,
        span: &Span,
        mut each: impl FnMut(&[u8], usize),
    ) -> Result<(), FormatError> {
        let source = &self.channels[span.channel];
        let stream = &self.streams[source.stream];
        let place = &self.places[source.stream];
        let offset = source.byte_offset;
        if matches!(place, Place::Same) {
            let (from, to) = (span.samples.start, span.samples.end);
            return stream.read(&mut self.pages, from, to, |values| each(&values[offset..], 1));
        }
        // Stretches of the stream in which each sample follows on the one before, or repeats it.
        let mut k = span.samples.start;
        let mut repeats: Vec<u32> = Vec::new();
        while k < span.samples.end {
            let from = place.source(&self.axis, k);
            repeats.clear();
            repeats.push(1);
            k += 1;
            while k < span.samples.end && repeats.len() < 65_536 {
                let next = place.source(&self.axis, k);
                let last = from + repeats.len() as u64 - 1;
                if next < last || next > last + MAX_SKIP {
                    break;
                }
                repeats.resize(repeats.len() + (next - last) as usize, 0);
                if let Some(n) = repeats.last_mut() {
                    *n += 1;
                }
                k += 1;
            }
            let mut counts = repeats.iter();
            stream.read(&mut self.pages, from, from + repeats.len() as u64, |values| {
                each(&values[offset..], counts.next().map_or(0, |&n| n as usize));
            })?;
        }
        Ok(())
    }
}

impl ReadRecording for XdfReader {
    fn header(&self) -> &RecordingHeader {
        &self.header
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
    }

    fn annotations(&mut self) -> Result<Vec<Annotation>, FormatError> {
        Ok(self.annotations.clone())
    }

    fn read(&mut self, spans: &[Span]) -> Result<Vec<Vec<f32>>, FormatError> {
        let mut out: Vec<Vec<f32>> = spans.iter().map(Span::buffer).collect();
        let mut done = vec![false; spans.len()];
        for i in 0..spans.len() {
            if std::mem::replace(&mut done[i], true) {
                continue;
            }
            // Channels of the same stream and stretch are decoded together.
            let stream = self.channels[spans[i].channel].stream;
            let mut together = vec![i];
            for j in i + 1..spans.len() {
                let same = self.channels[spans[j].channel].stream == stream
                    && spans[j].samples == spans[i].samples;
                if same && !done[j] {
                    done[j] = true;
                    together.push(j);
                }
            }
            let sample_type = self.streams[stream].about.sample_type;
            let wanted: Vec<(usize, usize, f64)> = together
                .iter()
                .map(|&j| {
                    let source = &self.channels[spans[j].channel];
                    (j, source.byte_offset, source.factor)
                })
                .collect();
            let first =
                Span { channel: self.first_channel(stream), samples: spans[i].samples.clone() };
            self.for_samples(&first, |values, n| {
                for &(j, offset, factor) in &wanted {
                    let value = (stream::number(sample_type, &values[offset..]) * factor) as f32;
                    out[j].extend(std::iter::repeat_n(value, n));
                }
            })?;
        }
        Ok(out)
    }

    fn read_digital(&mut self, span: &Span) -> Result<Option<Vec<i32>>, FormatError> {
        let sample_type = self.streams[self.channels[span.channel].stream].about.sample_type;
        if !sample_type.is_integer() {
            return Ok(None);
        }
        let mut out = Vec::with_capacity((span.samples.end - span.samples.start) as usize);
        self.for_samples(span, |values, n| {
            let value = stream::number(sample_type, values) as i32;
            out.extend(std::iter::repeat_n(value, n));
        })?;
        Ok(Some(out))
    }
}

impl XdfReader {
    /// The channel with the first values of a stream.
    fn first_channel(&self, stream: usize) -> usize {
        self.channels.iter().position(|c| c.stream == stream).unwrap_or_default()
    }
}

/// What the streams say of a person, each text once.
fn identity(streams: &[Stream]) -> Identity {
    let mut texts: Vec<&str> = Vec::new();
    for text in streams.iter().map(|s| s.about.person.as_str()).filter(|text| !text.is_empty()) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    Identity { patient: texts.join("; "), recording: String::new() }
}
