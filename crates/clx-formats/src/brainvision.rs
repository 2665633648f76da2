//! BrainVision: a header (`.vhdr`), samples (`.eeg`) and markers (`.vmrk`) in three files.
//!
//! Versions 1.0 and 2.0 of the core data format by Brain Products, binary data of every type and
//! orientation. Samples as text are refused. A marker reads `type/description`, as MNE-Python
//! names it. Segments with dates leave gaps in [`clx_signal::RecordingHeader::gaps`].

mod header;
mod ini;
mod markers;

use std::io::{Read, SeekFrom};

use clx_signal::{Annotation, Finding, RecordingHeader, Severity};

use self::header::{Header, Orientation};
use self::ini::Ini;
use self::markers::Markers;
use crate::companions::find;
use crate::recording::{ReadRecording, Span};
use crate::records::{Records, Wanted};
use crate::samples::{Encoding, Scale};
use crate::{ByteSource, Companions, ElectrodePosition, Format, FormatError, Identity};

/// Headers and marker files are text; half a million markers fit.
const MAX_TEXT_BYTES: u64 = 16 << 20;

/// Whether a file begins like a BrainVision header.
pub(crate) fn is_header(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let line = head.split(|b| matches!(b, b'\r' | b'\n')).next().unwrap_or_default();
    let line = line.get(..line.len().min(100)).unwrap_or_default().to_ascii_lowercase();
    let names_it = line.starts_with(b"brain vision") || line.starts_with(b"brainvision");
    names_it && line.windows(11).any(|w| w == b"header file")
}

#[derive(Debug)]
pub(crate) struct BrainVisionReader {
    records: Records,
    orientation: Orientation,
    encoding: Encoding,
    scales: Vec<Scale>,
    positions: Vec<Option<ElectrodePosition>>,
    markers: Markers,
    header: RecordingHeader,
    identity: Identity,
    findings: Vec<Finding>,
}

impl BrainVisionReader {
    pub(crate) fn open(
        mut source: Box<dyn ByteSource>,
        companions: &dyn Companions,
    ) -> Result<Self, FormatError> {
        let ini = text(&mut *source)?;
        let mut parsed = Header::parse(&ini)?;
        let mut findings = std::mem::take(&mut parsed.findings);
        let mut open =
            |what, name: &str| find(companions, Format::BrainVision, what, name, &mut findings);
        let mut data = open("the samples", &parsed.data_file)?;
        let markers = match &parsed.marker_file {
            Some(name) => {
                let ini = text(&mut *open("the markers", name)?)?;
                Markers::parse(&ini, parsed.rate, &parsed.channels)
            }
            None => Markers::default(),
        };
        if markers.n_damaged > 0 {
            let message =
                format!("{} markers could not be read and are left out", markers.n_damaged);
            findings.push(Finding::new("annotations.damaged", Severity::Warning, message));
        }
        let frame_bytes = parsed.channels.len() * parsed.encoding.width();
        let n_samples = count_samples(&parsed, data.seek(SeekFrom::End(0))?, &mut findings)?;
        for channel in &mut parsed.channels {
            channel.n_samples = n_samples;
        }
        let record_bytes = match parsed.orientation {
            Orientation::Multiplexed => frame_bytes,
            Orientation::Vectorized => n_samples as usize * frame_bytes,
        };
        Ok(Self {
            records: Records::new(data, 0, record_bytes),
            orientation: parsed.orientation,
            encoding: parsed.encoding,
            scales: parsed.scales,
            positions: parsed.positions,
            header: RecordingHeader {
                channels: parsed.channels,
                duration_s: n_samples as f64 / parsed.rate.hz(),
                start: markers.start.map(|start| start.to_string()),
                gaps: markers.gaps.clone(),
            },
            markers,
            identity: parsed.identity,
            findings,
        })
    }

    fn wanted(&self, span: &Span) -> Wanted {
        let width = self.encoding.width();
        let n_samples = self.header.channels[span.channel].n_samples as usize;
        let (byte_offset, n_per_record) = match self.orientation {
            Orientation::Multiplexed => (span.channel * width, 1),
            Orientation::Vectorized => (span.channel * n_samples * width, n_samples),
        };
        Wanted {
            byte_offset,
            n_per_record,
            encoding: self.encoding,
            scale: self.scales[span.channel],
            samples: span.samples.clone(),
        }
    }
}

impl ReadRecording for BrainVisionReader {
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
        Ok(self.markers.annotations.clone())
    }

    fn read(&mut self, spans: &[Span]) -> Result<Vec<Vec<f32>>, FormatError> {
        let wanted: Vec<Wanted> = spans.iter().map(|span| self.wanted(span)).collect();
        self.records.read(&wanted)
    }

    fn read_digital(&mut self, span: &Span) -> Result<Option<Vec<i32>>, FormatError> {
        if !self.encoding.kind.is_digital() {
            return Ok(None);
        }
        self.records.read_digital(&self.wanted(span)).map(Some)
    }

    fn positions(&self) -> &[Option<ElectrodePosition>] {
        &self.positions
    }
}

fn text(source: &mut dyn ByteSource) -> Result<Ini, FormatError> {
    let mut bytes = Vec::new();
    source.take(MAX_TEXT_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_TEXT_BYTES {
        return Err(FormatError::Limit {
            what: "the size of a BrainVision header or marker file",
            got: bytes.len() as u64,
            limit: MAX_TEXT_BYTES,
        });
    }
    Ok(Ini::decode(&bytes))
}

/// Samples per channel, from the size of the data file.
fn count_samples(
    parsed: &Header,
    data_bytes: u64,
    findings: &mut Vec<Finding>,
) -> Result<u64, FormatError> {
    let frame_bytes = (parsed.channels.len() * parsed.encoding.width()) as u64;
    let present = data_bytes / frame_bytes;
    let rest = data_bytes % frame_bytes;
    let announced = parsed.n_announced.unwrap_or(present);
    if announced == present && rest == 0 {
        return Ok(present);
    }
    let report = format!(
        "the header announces {announced} samples per channel, the file holds {present} and {rest} bytes more"
    );
    if parsed.orientation == Orientation::Vectorized && announced != present {
        // Only the announced number tells where a channel begins.
        if announced > present {
            return Err(FormatError::Truncated {
                format: Format::BrainVision,
                what: "the file of samples, channel after channel,",
                len: data_bytes,
                needed: announced.saturating_mul(frame_bytes),
            });
        }
        findings.push(Finding::new("file.sample_count", Severity::Warning, report));
        return Ok(announced);
    }
    let (code, severity) = if announced > present || rest > 0 {
        ("file.truncated", Severity::Warning)
    } else {
        ("file.sample_count", Severity::Info)
    };
    findings.push(Finding::new(code, severity, report));
    Ok(present)
}
