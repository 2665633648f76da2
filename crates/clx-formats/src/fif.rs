//! FIF, the format of MNE-Python and of Elekta/MEGIN systems: raw data without compression.
//!
//! Buffers of any numeric type; samples that the acquisition left out are gaps. Averages, epochs
//! and the later files of a recording that was split are not read.

mod annotations;
mod channel;
mod contents;
mod tags;

use clx_signal::{Annotation, ChannelInfo, Finding, RecordingHeader, SampleRate, Severity};
use jiff::SignedDuration;
use jiff::civil::DateTime;

use self::contents::{Buffer, Contents};
use self::tags::{Tag, Tags};
use crate::recording::{ReadRecording, Span};
use crate::records::{Records, Wanted};
use crate::sample_time::remove_gaps;
use crate::samples::{Run, Scale};
use crate::{ByteSource, ElectrodePosition, Format, FormatError, Identity, label};

/// Whether a file begins like FIF: a tag with the identity of the file, then others.
pub(crate) fn is_fif(head: &[u8]) -> bool {
    // Kind 100, type 31, 20 bytes.
    head.starts_with(&[0, 0, 0, 100, 0, 0, 0, 31, 0, 0, 0, 20])
}

/// Tags whose data point to a person: the subject, the experimenter, the persons of the project.
pub(crate) fn personal_tags(source: &mut dyn ByteSource) -> Result<Vec<Tag>, FormatError> {
    Ok(Contents::read(&mut Tags::new(source)?)?.personal)
}

#[derive(Debug)]
pub(crate) struct FifReader {
    records: Records,
    buffers: Vec<Buffer>,
    scales: Vec<Scale>,
    header: RecordingHeader,
    annotations: Vec<Annotation>,
    positions: Vec<Option<ElectrodePosition>>,
    identity: Identity,
    findings: Vec<Finding>,
}

impl FifReader {
    pub(crate) fn open(mut source: Box<dyn ByteSource>) -> Result<Self, FormatError> {
        let found = Contents::read(&mut Tags::new(&mut *source)?)?;
        let rate = check(&found)?;
        let mut findings = findings(&found);
        let n_samples = found.buffers.last().map_or(0, |b| b.end);
        let first_s = found.first_sample as f64 / rate.hz();
        let date_s = found.date.map(|(seconds, micros)| seconds as f64 + micros as f64 * 1e-6);
        let start = found.date.and_then(|date| start(date, first_s));
        if start.is_none() {
            let message = "the file holds no valid date";
            findings.push(Finding::new("header.start", Severity::Info, message));
        }
        let mut annotations = found.lists.annotations(date_s, first_s);
        remove_gaps(&mut annotations, &found.gaps);
        let scales = found.channels.iter().map(|channel| channel.scale).collect();
        let positions = found.channels.iter().map(|channel| channel.position).collect();
        let infos = found.channels.into_iter().map(|channel| ChannelInfo {
            name: String::new(),
            label: channel.label,
            kind: channel.kind,
            unit: channel.unit,
            rate,
            n_samples,
        });
        let mut channels: Vec<ChannelInfo> = infos.collect();
        label::name_all(&mut channels);
        Ok(Self {
            records: Records::new(source, 0, 1),
            buffers: found.buffers,
            scales,
            header: RecordingHeader {
                channels,
                duration_s: n_samples as f64 / rate.hz(),
                start,
                gaps: found.gaps,
            },
            annotations,
            positions,
            identity: found.identity,
            findings,
        })
    }

    /// Appends the samples of every span, buffer after buffer.
    fn decode<T>(
        &mut self,
        spans: &[Span],
        append: impl Fn(&Wanted, Run<'_>, &mut Vec<T>),
    ) -> Result<Vec<Vec<T>>, FormatError> {
        let mut out: Vec<Vec<T>> = spans.iter().map(|_| Vec::new()).collect();
        let first = spans.iter().map(|s| s.samples.start).min().unwrap_or(0);
        let end = spans.iter().map(|s| s.samples.end).max().unwrap_or(0);
        let from = self.buffers.partition_point(|b| b.end <= first);
        for buffer in self.buffers[from..].iter().take_while(|b| b.first < end) {
            let width = buffer.encoding.width();
            let within = |at: u64| at.clamp(buffer.first, buffer.end) - buffer.first;
            let wanted: Vec<Wanted> = spans
                .iter()
                .map(|span| Wanted {
                    byte_offset: span.channel * width,
                    n_per_record: 1,
                    encoding: buffer.encoding,
                    scale: self.scales[span.channel],
                    samples: within(span.samples.start)..within(span.samples.end),
                })
                .collect();
            self.records.move_to(buffer.at, self.scales.len() * width);
            self.records.decode_into(&wanted, &mut out, &append)?;
        }
        Ok(out)
    }
}

impl ReadRecording for FifReader {
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
        self.decode(spans, |w, run, out| w.encoding.scale(run, w.scale, out))
    }

    fn read_digital(&mut self, span: &Span) -> Result<Option<Vec<i32>>, FormatError> {
        if !self.buffers.iter().all(|b| b.encoding.kind.is_digital()) {
            return Ok(None);
        }
        let read =
            self.decode(std::slice::from_ref(span), |w, run, out| w.encoding.digital(run, out))?;
        Ok(read.into_iter().next())
    }

    fn positions(&self) -> &[Option<ElectrodePosition>] {
        &self.positions
    }
}

/// The rate, if there are samples of the channels that the file announces.
fn check(found: &Contents) -> Result<SampleRate, FormatError> {
    let invalid = |what: &str, expected, got: String| FormatError::Invalid {
        format: Format::Fif,
        what: what.to_owned(),
        offset: 0,
        expected,
        got,
    };
    if found.channels.is_empty() || found.buffers.is_empty() {
        return Err(FormatError::Unsupported {
            format: Format::Fif,
            feature: "no raw data in it (averages, epochs or a head model)".to_owned(),
            advice: "save the raw recording: raw.save('name_raw.fif') in MNE-Python",
        });
    }
    let n_channels = found.channels.len();
    if found.n_channels.and_then(|n| usize::try_from(n).ok()) != Some(n_channels) {
        let got = format!("{:?} with {n_channels} described", found.n_channels);
        return Err(invalid("the number of channels", "that of the channels described", got));
    }
    SampleRate::from_hz(found.rate_hz.unwrap_or(f64::NAN))
        .map_err(|error| invalid("the sample rate", "finite and above 0 Hz", error.to_string()))
}

fn findings(found: &Contents) -> Vec<Finding> {
    let mut findings = Vec::new();
    if found.is_cut {
        let message = "the file ends within a buffer; the samples before it are read";
        findings.push(Finding::new("file.truncated", Severity::Warning, message));
    }
    if found.continues {
        let message = "the recording goes on in another file, which is not read";
        findings.push(Finding::new("file.continues", Severity::Warning, message));
    }
    findings
}

/// Time of the first sample, `first_s` after the date of the file.
fn start((seconds, micros): (i64, i64), first_s: f64) -> Option<String> {
    let later = SignedDuration::from_micros((first_s * 1e6).round() as i64);
    let date = DateTime::constant(1970, 1, 1, 0, 0, 0, 0)
        .checked_add(SignedDuration::from_secs(seconds))
        .ok()?
        .checked_add(SignedDuration::from_micros(micros))
        .ok()?;
    Some(date.checked_add(later).ok()?.to_string())
}
