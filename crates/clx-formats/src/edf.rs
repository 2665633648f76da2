//! European Data Format (Kemp 1992), EDF+ (Kemp and Olivan 2003) and their 24-bit relative BDF.
//!
//! Reading keeps the header and one chunk of records in memory. All times are in *sample time*:
//! seconds from the first sample with the gaps of an EDF+D file taken out, so that an annotation
//! and the samples it marks have the same time; [`clx_signal::RecordingHeader::gaps`] leads back
//! to the clock. An incomplete record at the end is left out and reported.

mod deidentify;
mod field;
mod header;
mod tal;
mod timeline;
mod write;

use clx_signal::{Annotation, ChannelInfo, Finding, RecordingHeader, Severity};
use jiff::SignedDuration;

use self::header::{Header, Signal, encoding, width};
use self::tal::{Tal, TalScanner};
use self::timeline::Timeline;
use crate::recording::{ReadRecording, Span};
use crate::records::{Records, Wanted};
use crate::{ByteSource, Format, FormatError, Identity, label};

pub use self::deidentify::deidentify;
pub use self::write::{EdfSpec, EdfWriter, SignalSpec, WriteOptions, write_recording};

/// Reads EDF, EDF+, BDF and BDF+.
#[derive(Debug)]
pub(crate) struct EdfReader {
    format: Format,
    records: Records,
    n_records: u64,
    signals: Vec<Signal>,
    /// Index into `signals` of each channel of `header`.
    channels: Vec<usize>,
    timeline: Timeline,
    header: RecordingHeader,
    identity: Identity,
    findings: Vec<Finding>,
    annotations_reported: bool,
    file_bytes: u64,
}

impl EdfReader {
    pub(crate) fn open(
        mut source: Box<dyn ByteSource>,
        format: Format,
    ) -> Result<Self, FormatError> {
        let mut parsed = Header::read(&mut *source, format)?;
        let (channels, infos) = channels(&mut parsed)?;
        let data_offset = parsed.data_offset();
        let mut records = Records::new(source, data_offset, parsed.record_bytes);
        let timeline = Timeline::read(&mut records, &mut parsed)?;
        let header = RecordingHeader {
            channels: infos,
            duration_s: parsed.n_records as f64 * parsed.record_s,
            start: start(&parsed, timeline.first_onset_s),
            gaps: timeline.gaps.clone(),
        };
        Ok(Self {
            format,
            file_bytes: data_offset + parsed.n_records * parsed.record_bytes as u64,
            records,
            n_records: parsed.n_records,
            signals: parsed.signals,
            channels,
            timeline,
            header,
            identity: parsed.identity,
            findings: parsed.findings,
            annotations_reported: false,
        })
    }

    /// Once, however often annotations are read.
    fn report_annotations(&mut self, n_damaged: u64, n_left_out: u64) {
        if std::mem::replace(&mut self.annotations_reported, true) {
            return;
        }
        for (n, code, what) in [
            (n_damaged, "annotations.damaged", "could not be read and are left out"),
            (n_left_out, "annotations.limit", "are too many for the file's size and are left out"),
        ] {
            if n > 0 {
                let message = format!("{n} annotations {what}");
                self.findings.push(Finding::new(code, Severity::Warning, message));
            }
        }
    }

    fn wanted(&self, span: &Span) -> Wanted {
        let signal = &self.signals[self.channels[span.channel]];
        Wanted {
            byte_offset: signal.byte_offset,
            n_per_record: signal.n_per_record,
            encoding: encoding(self.format),
            scale: signal.scale,
            samples: span.samples.clone(),
        }
    }
}

impl ReadRecording for EdfReader {
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
        // An annotation costs about 100 bytes of memory, but a hostile file gets it for 2.
        let budget = (self.file_bytes / 64).max(100_000) as usize;
        let mut found: Vec<Annotation> = Vec::new();
        let mut n_left_out = 0_u64;
        let mut n_damaged = 0;
        let labels: Vec<(String, String)> = self
            .channels
            .iter()
            .zip(&self.header.channels)
            .map(|(&signal, info)| (self.signals[signal].label.clone(), info.name.clone()))
            .collect();
        let mut keep = |tal: Tal<'_>| {
            for text in tal.texts() {
                if found.len() < budget {
                    found.push(annotation(tal, text, &labels));
                } else {
                    n_left_out += 1;
                }
            }
        };
        for signal in self.signals.iter().filter(|s| s.is_annotations) {
            let mut scanner = TalScanner::default();
            let len = signal.n_per_record * width(self.format);
            for record in 0..self.n_records {
                self.records.pieces(record, signal.byte_offset, len, &mut |bytes| {
                    scanner.push(bytes, &mut keep);
                })?;
                scanner.end_record(&mut keep);
            }
            n_damaged += scanner.n_damaged;
        }
        found.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
        self.timeline.to_sample_time(&mut found);
        self.report_annotations(n_damaged, n_left_out);
        Ok(found)
    }

    fn read(&mut self, spans: &[Span]) -> Result<Vec<Vec<f32>>, FormatError> {
        let wanted: Vec<Wanted> = spans.iter().map(|span| self.wanted(span)).collect();
        self.records.read(&wanted)
    }

    fn read_digital(&mut self, span: &Span) -> Result<Option<Vec<i32>>, FormatError> {
        self.records.read_digital(&self.wanted(span)).map(Some)
    }
}

/// Signals that carry samples, as channels with clean unique names.
fn channels(header: &mut Header) -> Result<(Vec<usize>, Vec<ChannelInfo>), FormatError> {
    let mut indices = Vec::new();
    let mut infos = Vec::new();
    for (index, signal) in header.signals.iter().enumerate() {
        if signal.is_annotations {
            continue;
        }
        if signal.n_per_record == 0 {
            let message = "the header gives this channel no samples; it is left out";
            header.findings.push(
                Finding::new("channel.empty", Severity::Warning, message).on_channel(&signal.label),
            );
            continue;
        }
        indices.push(index);
        infos.push(ChannelInfo {
            name: String::new(),
            label: signal.label.clone(),
            kind: signal.kind,
            unit: signal.unit.clone(),
            rate: header.rate(signal)?,
            n_samples: signal.n_per_record as u64 * header.n_records,
        });
    }
    label::name_all(&mut infos);
    Ok((indices, infos))
}

/// Start of the first sample: the header's second plus the time of the first record.
fn start(header: &Header, first_onset_s: f64) -> Option<String> {
    let micros = SignedDuration::from_micros((first_onset_s * 1e6).round() as i64);
    let start = header.start?.checked_add(micros).ok()?;
    Some(start.to_string())
}

/// `text@@label` belongs to one channel, a convention MNE-Python reads as well.
fn annotation(tal: Tal<'_>, text: String, labels: &[(String, String)]) -> Annotation {
    let mut annotation =
        Annotation { onset_s: tal.onset_s, duration_s: tal.duration_s, text, channel: None };
    if let Some((text, target)) = annotation.text.rsplit_once("@@") {
        let target = target.trim();
        let owner = labels.iter().find(|(label, name)| label == target || name == target);
        if let Some((_, name)) = owner {
            annotation.channel = Some(name.clone());
            annotation.text = text.to_owned();
        }
    }
    annotation
}
