//! General Data Format for biosignals, versions 1.x and 2.x (Schlögl 2006, arXiv:cs/0608052).
//!
//! Records like those of EDF, with a type of sample per signal and a table of events behind them.

mod events;
mod header;

use clx_signal::{Annotation, ChannelInfo, Finding, RecordingHeader, Severity};

use self::header::{Header, Signal};
use crate::recording::{ReadRecording, Span};
use crate::records::{Records, Wanted};
use crate::{ByteSource, FormatError, Identity, label};

/// Whether a file begins like GDF.
pub(crate) fn is_gdf(head: &[u8]) -> bool {
    header::version(head).is_some()
}

/// Blanks what points to a person: names, birthday, habits, the place and the machine.
pub(crate) fn deidentify(header: &mut [u8]) {
    let new = header::version(header).is_some_and(|version| version >= 1.9);
    let text: &[std::ops::Range<usize>] = if new { &[8..74, 88..152] } else { &[8..88, 88..168] };
    // Habits, weight, height, sex; place; birthday; diagnosis and equipment; network address and
    // size of the head.
    let numbers: &[(usize, usize)] =
        if new { &[(84, 88), (152, 168), (176, 184), (186, 212)] } else { &[(192, 216)] };
    for range in text {
        if let Some(field) = header.get_mut(range.clone()) {
            field.fill(b' ');
            field[..7].copy_from_slice(b"X X X X");
        }
    }
    for &(from, to) in numbers {
        if let Some(field) = header.get_mut(from..to) {
            field.fill(0);
        }
    }
}

#[derive(Debug)]
pub(crate) struct GdfReader {
    records: Records,
    /// Of each channel of `header`.
    signals: Vec<Signal>,
    header: RecordingHeader,
    annotations: Vec<Annotation>,
    identity: Identity,
    findings: Vec<Finding>,
}

impl GdfReader {
    pub(crate) fn open(mut source: Box<dyn ByteSource>) -> Result<Self, FormatError> {
        let mut parsed = Header::read(&mut *source)?;
        let mut findings = std::mem::take(&mut parsed.findings);
        if parsed.start.is_none() {
            let message = "the header holds no valid start date and time";
            findings.push(Finding::new("header.start", Severity::Info, message));
        }
        let mut all: Vec<ChannelInfo> = parsed
            .signals
            .iter()
            .map(|signal| ChannelInfo {
                name: String::new(),
                label: signal.label.clone(),
                kind: signal.kind,
                unit: signal.unit.clone(),
                rate: signal.rate,
                n_samples: signal.n_per_record as u64 * parsed.n_records,
            })
            .collect();
        label::name_all(&mut all);
        let names: Vec<String> = all.iter().map(|info| info.name.clone()).collect();
        let annotations = events::read(&mut *source, &parsed, &names, &mut findings)?;
        let pairs = all.into_iter().zip(parsed.signals);
        let (channels, signals): (Vec<_>, Vec<_>) =
            pairs.filter(|(_, signal)| signal.n_per_record > 0).unzip();
        Ok(Self {
            records: Records::new(source, parsed.data_offset, parsed.record_bytes),
            signals,
            header: RecordingHeader {
                channels,
                duration_s: parsed.n_records as f64 * parsed.record_s,
                start: parsed.start.map(|start| start.to_string()),
                gaps: Vec::new(),
            },
            annotations,
            identity: parsed.identity,
            findings,
        })
    }

    fn wanted(&self, span: &Span) -> Wanted {
        let signal = &self.signals[span.channel];
        Wanted {
            byte_offset: signal.byte_offset,
            n_per_record: signal.n_per_record,
            encoding: signal.encoding,
            scale: signal.scale,
            samples: span.samples.clone(),
        }
    }
}

impl ReadRecording for GdfReader {
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
        let wanted: Vec<Wanted> = spans.iter().map(|span| self.wanted(span)).collect();
        self.records.read(&wanted)
    }

    fn read_digital(&mut self, span: &Span) -> Result<Option<Vec<i32>>, FormatError> {
        let wanted = self.wanted(span);
        if !wanted.encoding.kind.is_digital() {
            return Ok(None);
        }
        self.records.read_digital(&wanted).map(Some)
    }
}
