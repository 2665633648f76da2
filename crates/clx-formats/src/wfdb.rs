//! Records of the WFDB software (PhysioNet): a header, files of samples, a file of annotations.
//!
//! Samples are read from their place when asked for. Samples marked as not taken are given as the
//! baseline and reported.

mod annotation;
mod header;
mod sample;

use clx_signal::{
    Annotation, ChannelInfo, ChannelKind, Finding, RecordingHeader, SampleRate, Severity, Unit,
};

use self::header::{Header, Signal};
use crate::pages::Pages;
use crate::recording::{ReadRecording, Span};
use crate::{ByteSource, Companions, Format, FormatError, Identity, bare_name, label};

/// Longest header that is read.
const MAX_HEADER_BYTES: usize = 1 << 20;

/// Bytes of samples decoded at a time.
const CHUNK_BYTES: u64 = 96 << 10;

/// Endings of annotation files, reference annotations first; the first one there is read.
const ANNOTATORS: [&str; 6] = ["atr", "st", "apn", "ecg", "qrs", "hyp"];

#[derive(Debug)]
pub(crate) struct WfdbReader {
    files: Vec<DataFile>,
    signals: Vec<Placed>,
    header: RecordingHeader,
    identity: Identity,
    findings: Vec<Finding>,
    annotations: Vec<Annotation>,
    missing_reported: bool,
}

/// A file of samples.
#[derive(Debug)]
struct DataFile {
    pages: Pages<'static>,
    byte_offset: u64,
    coding: sample::Coding,
    samples_per_frame: u64,
    n_samples: u64,
}

/// Where a signal lies in its file.
#[derive(Debug)]
struct Placed {
    file: usize,
    /// Samples before its own in a frame.
    offset: u64,
    per_frame: u64,
    skew: u64,
    /// From converter values to the unit: `(digital - baseline) * factor`.
    baseline: f64,
    factor: f64,
}

pub(crate) fn is_header(head: &[u8]) -> bool {
    let end = head.len().min(8 << 10);
    header::looks_like_header(&String::from_utf8_lossy(&head[..end]))
}

impl WfdbReader {
    pub(crate) fn open(
        source: Box<dyn ByteSource>,
        companions: &dyn Companions,
    ) -> Result<Self, FormatError> {
        let mut pages = Pages::new(source)?;
        let bytes = pages.at_least(0, MAX_HEADER_BYTES)?;
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_HEADER_BYTES)]);
        let header = Header::parse(&text)?;
        let mut findings = Vec::new();
        let (mut files, signals) = open_files(&header, companions)?;
        let n_frames = n_frames(&header, &mut files, &mut findings);
        let channels = channels(&header, n_frames, &mut findings)?;
        let annotations = annotations(&header, &channels, companions, &mut findings)?;
        Ok(Self {
            files,
            signals,
            header: RecordingHeader {
                channels,
                duration_s: n_frames as f64 / header.frame_hz,
                start: header.start.clone(),
                gaps: Vec::new(),
            },
            identity: Identity { patient: about_the_person(&header), recording: String::new() },
            findings,
            annotations,
            missing_reported: false,
        })
    }

    /// Calls `each(value)` for the samples of `span`.
    fn for_samples(&mut self, span: &Span, mut each: impl FnMut(i32)) -> Result<(), FormatError> {
        let placed = &self.signals[span.channel];
        let file = &mut self.files[placed.file];
        let (group, group_bytes) = file.coding.group();
        let missing = file.coding.missing();
        let flat = |sample: u64| {
            let frame = sample / placed.per_frame + placed.skew;
            frame * file.samples_per_frame + placed.offset + sample % placed.per_frame
        };
        let frame_bytes = file.samples_per_frame * group_bytes / group + 1;
        let per_chunk = (CHUNK_BYTES / frame_bytes).max(1) * placed.per_frame;
        let mut start = span.samples.start;
        while start < span.samples.end {
            let end = (start - start % placed.per_frame + per_chunk).min(span.samples.end);
            let first_group = flat(start) / group;
            let last_group = flat(end - 1) / group;
            let at = file.byte_offset + first_group * group_bytes;
            // A frame longer than a chunk is read sample by sample.
            let n_bytes = ((last_group - first_group + 1) * group_bytes).min(2 * CHUNK_BYTES);
            let bytes = file.pages.at_least(at, n_bytes as usize)?;
            let mut k = start;
            while k < end {
                let index = flat(k);
                let byte = ((index / group - first_group) * group_bytes) as usize;
                if byte >= n_bytes as usize {
                    break;
                }
                let value = match bytes.get(byte..) {
                    Some(b) if index < file.n_samples => file.coding.decode(b, index % group),
                    _ => missing,
                };
                each(value);
                k += 1;
            }
            start = k.max(start + 1);
        }
        Ok(())
    }
}

impl ReadRecording for WfdbReader {
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
        let mut out = Vec::with_capacity(spans.len());
        for span in spans {
            let placed = &self.signals[span.channel];
            let (baseline, factor) = (placed.baseline, placed.factor);
            let missing = self.files[placed.file].coding.missing();
            let mut samples = span.buffer();
            let mut n_missing = 0_u64;
            self.for_samples(span, |digital| {
                if digital == missing {
                    n_missing += 1;
                    samples.push(0.0);
                } else {
                    samples.push(((f64::from(digital) - baseline) * factor) as f32);
                }
            })?;
            if n_missing > 0 && !std::mem::replace(&mut self.missing_reported, true) {
                let name = &self.header.channels[span.channel].name;
                let message = "some samples are marked as not taken; they are given as 0";
                let finding = Finding::new("signal.missing", Severity::Warning, message);
                self.findings.push(finding.on_channel(name));
            }
            out.push(samples);
        }
        Ok(out)
    }

    fn read_digital(&mut self, span: &Span) -> Result<Option<Vec<i32>>, FormatError> {
        let mut out = Vec::with_capacity((span.samples.end - span.samples.start) as usize);
        self.for_samples(span, |digital| out.push(digital))?;
        Ok(Some(out))
    }
}

/// Comments of records are about the person: age, sex, diagnoses, medication.
fn about_the_person(header: &Header) -> String {
    let comments = header.comments.iter().map(String::as_str).filter(|text| !text.is_empty());
    comments.collect::<Vec<_>>().join("; ")
}

/// Opens the files of samples: consecutive signals of one name share a file.
fn open_files(
    header: &Header,
    companions: &dyn Companions,
) -> Result<(Vec<DataFile>, Vec<Placed>), FormatError> {
    let mut files: Vec<DataFile> = Vec::new();
    let mut signals: Vec<Placed> = Vec::new();
    let mut last: Option<&Signal> = None;
    for signal in &header.signals {
        let same = last.is_some_and(|l| l.file == signal.file && l.coding == signal.coding);
        if !same {
            let source = companion(&signal.file, companions)?;
            files.push(DataFile {
                pages: Pages::new(source)?,
                byte_offset: signal.byte_offset,
                coding: signal.coding,
                samples_per_frame: 0,
                n_samples: 0,
            });
        }
        let index = files.len() - 1;
        let file = &mut files[index];
        let (_, to_si) = label::unit(&signal.unit);
        signals.push(Placed {
            file: index,
            offset: file.samples_per_frame,
            per_frame: signal.samples_per_frame as u64,
            skew: signal.skew,
            baseline: signal.baseline,
            factor: to_si / signal.gain,
        });
        file.samples_per_frame += signal.samples_per_frame as u64;
        last = Some(signal);
    }
    for file in &mut files {
        let n_bytes = file.pages.len().saturating_sub(file.byte_offset);
        file.n_samples = file.coding.samples_in(n_bytes);
    }
    Ok((files, signals))
}

/// The file a header names; after a renaming, the one with the header's own name and its ending.
fn companion(name: &str, companions: &dyn Companions) -> Result<Box<dyn ByteSource>, FormatError> {
    let name = bare_name(name);
    let renamed = || {
        let (_, ending) = name.rsplit_once('.')?;
        companions.open(&format!("{}.{ending}", companions.stem()?))
    };
    companions.open(name).or_else(renamed).ok_or_else(|| FormatError::Companion {
        format: Format::Wfdb,
        what: "its samples",
        name: name.to_owned(),
    })
}

/// Frames that all files hold, at most those of the header.
fn n_frames(header: &Header, files: &mut [DataFile], findings: &mut Vec<Finding>) -> u64 {
    let present = files.iter().map(|f| f.n_samples / f.samples_per_frame).min().unwrap_or(0);
    let Some(declared) = header.n_frames else { return present };
    if declared > present {
        let message = format!("the header announces {declared} samples, the files hold {present}");
        findings.push(Finding::new("file.truncated", Severity::Warning, message));
    } else if declared < present {
        let message = format!("the files hold {present} samples; the header's {declared} are read");
        findings.push(Finding::new("file.record_count", Severity::Info, message));
    }
    declared.min(present)
}

fn channels(
    header: &Header,
    n_frames: u64,
    findings: &mut Vec<Finding>,
) -> Result<Vec<ChannelInfo>, FormatError> {
    let mut names: Vec<String> =
        header.signals.iter().map(|s| label::name(&s.description)).collect();
    label::unique(&mut names);
    let mut infos = Vec::with_capacity(names.len());
    for (signal, name) in header.signals.iter().zip(names) {
        let per_frame = signal.samples_per_frame as u64;
        let hz = header.frame_hz * per_frame as f64;
        let rate = SampleRate::from_hz(hz).map_err(|error| FormatError::Invalid {
            format: Format::Wfdb,
            what: "the rate".to_owned(),
            offset: 0,
            expected: "above 0 Hz",
            got: error.to_string(),
        })?;
        if signal.uncalibrated {
            let message = "the header gives no gain; WFDB's default of 200 per millivolt is used";
            let finding = Finding::new("channel.uncalibrated", Severity::Warning, message);
            findings.push(finding.on_channel(&name));
        }
        let (unit, _) = label::unit(&signal.unit);
        infos.push(ChannelInfo {
            kind: kind(&signal.description, &unit),
            label: signal.description.clone(),
            name,
            unit,
            rate,
            n_samples: n_frames * per_frame,
        });
    }
    Ok(infos)
}

/// Leads of the electrocardiogram as PhysioNet's records name them.
const ECG_LEADS: &[&str] = &[
    "i", "ii", "iii", "avr", "avl", "avf", "v", "v1", "v2", "v3", "v4", "v5", "v6", "vx", "vy",
    "vz", "mli", "mlii", "mliii", "mcl1", "mv1", "mv2", "cm2", "cm4", "cm5", "cc5", "d3", "ml5",
    "v4-v5", "v2-v3",
];

fn kind(description: &str, unit: &Unit) -> ChannelKind {
    let lower = description.to_lowercase();
    let lead = lower.strip_prefix("ecg").unwrap_or(&lower).trim();
    if ECG_LEADS.contains(&lead) { ChannelKind::Ecg } else { label::kind(description, unit) }
}

fn annotations(
    header: &Header,
    channels: &[ChannelInfo],
    companions: &dyn Companions,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Annotation>, FormatError> {
    let stems = [Some(header.record.clone()), companions.stem()];
    let found = ANNOTATORS.iter().find_map(|ending| {
        stems
            .iter()
            .flatten()
            .find_map(|stem| companions.open(&format!("{}.{ending}", bare_name(stem))))
    });
    let Some(source) = found else { return Ok(Vec::new()) };
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(
        &mut std::io::Read::take(source, annotation::MAX_BYTES),
        &mut bytes,
    )?;
    let marks = annotation::parse(&bytes);
    if marks.truncated {
        let message = "the annotation file ends without its end mark";
        findings.push(Finding::new("annotations.damaged", Severity::Warning, message));
    }
    let ticks_hz = marks.ticks_hz.unwrap_or(header.frame_hz);
    let several = marks.marks.iter().any(|m| m.channel.is_some_and(|c| c > 0));
    let named = |m: &annotation::Mark| {
        let channel = channels.get(usize::from(m.channel.filter(|_| several)?))?;
        Some(channel.name.clone())
    };
    let mut out: Vec<Annotation> = marks
        .marks
        .iter()
        .map(|m| Annotation {
            onset_s: m.at as f64 / ticks_hz,
            duration_s: None,
            text: m.text(),
            channel: named(m),
        })
        .collect();
    out.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
    Ok(out)
}
