//! European Data Format (Kemp 1992), EDF+ (Kemp and Olivan 2003) and their 24-bit relative BDF.
//!
//! Reading keeps the header and one chunk of records in memory. All times are in *sample time*:
//! seconds from the first sample with the gaps of an EDF+D file taken out, so that an annotation
//! and the samples it marks have the same time; [`clx_signal::RecordingHeader::gaps`] leads back
//! to the clock. An incomplete record at the end is left out and reported.

mod deidentify;
mod field;
mod header;
mod label;
mod records;
mod tal;
mod timeline;
mod write;

use clx_signal::{
    Annotation, Block, Channel, ChannelInfo, Finding, Recording, RecordingHeader, Severity,
};
use jiff::SignedDuration;

use self::header::{Header, Signal, width};
use self::records::{Records, Wanted};
use self::tal::{Tal, TalScanner};
use self::timeline::Timeline;
use crate::{ByteSource, Format, FormatError, Identity};

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
        let mut records = Records::new(source, data_offset, parsed.record_bytes, width(format));
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

    pub(crate) fn format(&self) -> Format {
        self.format
    }

    pub(crate) fn header(&self) -> &RecordingHeader {
        &self.header
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    pub(crate) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub(crate) fn annotations(&mut self) -> Result<Vec<Annotation>, FormatError> {
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

    pub(crate) fn read_block(
        &mut self,
        picks: &[usize],
        tmin_s: f64,
        duration_s: f64,
    ) -> Result<Block, FormatError> {
        if !(tmin_s.is_finite() && tmin_s >= 0.0) {
            return Err(request("the start of a block", "0 s or later", tmin_s));
        }
        if duration_s.is_nan() || duration_s < 0.0 {
            return Err(request("the duration of a block", "0 s or more", duration_s));
        }
        self.read_between(picks, tmin_s, tmin_s + duration_s)
    }

    fn read_between(
        &mut self,
        picks: &[usize],
        tmin_s: f64,
        tmax_s: f64,
    ) -> Result<Block, FormatError> {
        let mut wanted = Vec::with_capacity(picks.len());
        let mut scales = Vec::with_capacity(picks.len());
        for &pick in picks {
            let signal = self.signal(pick)?;
            let info = &self.header.channels[pick];
            let sample = |t: f64| ((t * info.rate.hz()).round() as u64).min(info.n_samples);
            wanted.push(Wanted {
                byte_offset: signal.byte_offset,
                n_per_record: signal.n_per_record,
                samples: sample(tmin_s)..sample(tmax_s).max(sample(tmin_s)),
            });
            scales.push((signal.gain, signal.offset));
        }
        let bdf = self.format.is_bdf();
        let samples = self.records.read(&wanted, |i, bytes, out| {
            let (gain, offset) = scales[i];
            if bdf {
                records::scale_i24(bytes, gain, offset, out);
            } else {
                records::scale_i16(bytes, gain, offset, out);
            }
        })?;
        Ok(Block { tmin_s, samples })
    }

    fn signal(&self, pick: usize) -> Result<&Signal, FormatError> {
        match self.channels.get(pick) {
            Some(&index) => Ok(&self.signals[index]),
            None => Err(FormatError::Request {
                what: "a channel",
                expected: format!("below {}", self.channels.len()),
                got: pick.to_string(),
            }),
        }
    }

    pub(crate) fn blocks<'a>(
        &'a mut self,
        picks: &'a [usize],
        block_s: f64,
    ) -> impl Iterator<Item = Result<Block, FormatError>> + 'a {
        let total_s = self.header.duration_s;
        let valid = block_s > 0.0;
        // A block that would only hold rounding error is not one.
        let n = if valid { (total_s / block_s - 1e-9).ceil().max(0.0) as u64 } else { 1 };
        (0..n).map(move |i| {
            if !valid {
                return Err(request("the duration of a block", "above 0 s", block_s));
            }
            // Both edges come from the same formula, so that no sample is lost or read twice.
            let tmax_s = if i + 1 == n { total_s } else { (i + 1) as f64 * block_s };
            self.read_between(picks, i as f64 * block_s, tmax_s)
        })
    }

    pub(crate) fn read_digital(
        &mut self,
        channel: usize,
        start: u64,
        n: usize,
    ) -> Result<Vec<i32>, FormatError> {
        let signal = self.signal(channel)?;
        let n_samples = self.header.channels[channel].n_samples;
        let end = start.checked_add(n as u64).filter(|end| *end <= n_samples);
        let Some(end) = end else {
            return Err(FormatError::Request {
                what: "a range of samples",
                expected: format!("within 0..{n_samples}"),
                got: format!("{start}..{start}+{n}"),
            });
        };
        let wanted = Wanted {
            byte_offset: signal.byte_offset,
            n_per_record: signal.n_per_record,
            samples: start..end,
        };
        let width = width(self.format);
        let read = self.records.read(&[wanted], |_, bytes, out| {
            records::digital(bytes, width, out);
        })?;
        Ok(read.into_iter().next().unwrap_or_default())
    }

    pub(crate) fn load(&mut self) -> Result<Recording, FormatError> {
        let annotations = self.annotations()?;
        let picks: Vec<usize> = (0..self.channels.len()).collect();
        let block = self.read_between(&picks, 0.0, f64::INFINITY)?;
        let infos = self.header.channels.iter().cloned();
        let channels =
            infos.zip(block.samples).map(|(info, samples)| Channel { info, samples }).collect();
        Ok(Recording { channels, annotations, gaps: self.header.gaps.clone() })
    }
}

fn request(what: &'static str, expected: &str, got: f64) -> FormatError {
    FormatError::Request { what, expected: expected.to_owned(), got: format!("{got} s") }
}

/// Signals that carry samples, as channels with clean unique names.
fn channels(header: &mut Header) -> Result<(Vec<usize>, Vec<ChannelInfo>), FormatError> {
    let mut indices = Vec::new();
    let mut names = Vec::new();
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
        names.push(label::name(&signal.label));
    }
    label::unique(&mut names);
    let mut infos = Vec::with_capacity(indices.len());
    for (&index, name) in indices.iter().zip(names) {
        let signal = &header.signals[index];
        infos.push(ChannelInfo {
            name,
            label: signal.label.clone(),
            kind: signal.kind,
            unit: signal.unit.clone(),
            rate: header.rate(signal)?,
            n_samples: signal.n_per_record as u64 * header.n_records,
        });
    }
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
