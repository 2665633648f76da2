//! EEGLAB datasets: a `.set` file, which is a MAT file, often with the samples in a `.fdt` file.
//!
//! Samples are microvolts. Epoched datasets are read epoch after epoch, with a gap and an
//! annotation `boundary` between them; event latencies count from 1 in the file and from 0 here.

mod dataset;
mod events;
mod ica;

use std::io::{Cursor, SeekFrom};

use clx_signal::{Annotation, Finding, RecordingHeader, Severity};

use self::dataset::{Data, Dataset};
use crate::companions::find;
use crate::mat::{Mat, is_hdf5};
use crate::recording::{ReadRecording, Span};
use crate::records::{Records, Wanted};
use crate::samples::{Encoding, SampleKind, Scale};
use crate::source::head;
use crate::{
    ByteSource, Companions, ElectrodePosition, Format, FormatError, IcaDecomposition, Identity,
};

const MICROVOLT: Scale = Scale { gain: 1e-6, offset: 0.0 };

#[derive(Debug)]
pub(crate) struct EeglabReader {
    records: Records,
    encoding: Encoding,
    header: RecordingHeader,
    annotations: Vec<Annotation>,
    positions: Vec<Option<ElectrodePosition>>,
    ica: Option<IcaDecomposition>,
    identity: Identity,
    findings: Vec<Finding>,
}

impl EeglabReader {
    pub(crate) fn open(
        mut source: Box<dyn ByteSource>,
        companions: &dyn Companions,
    ) -> Result<Self, FormatError> {
        if is_hdf5(&head(&mut *source)?) {
            return Err(FormatError::Unsupported {
                format: Format::Eeglab,
                feature: "MAT version 7.3 (HDF5)".to_owned(),
                advice: "save it again as version 6: pop_editoptions('option_saveversion6', 1), then pop_saveset",
            });
        }
        let mut mat = Mat::read(source, &dataset::is_read)?;
        let mut findings = Vec::new();
        let mut dataset = Dataset::read(&mut mat, &mut findings)?;
        let (mut samples, at, encoding) = match &dataset.data {
            Data::Inside { variable, stored } => {
                (mat.into_source(*variable), stored.at, stored.encoding)
            }
            Data::One(value) => {
                let bytes: Box<dyn ByteSource> = Box::new(Cursor::new(value.to_le_bytes()));
                (bytes, 0, SampleKind::F64.little_endian())
            }
            Data::File(name) => {
                let file = find(companions, Format::Eeglab, "the samples", name, &mut findings)?;
                (file, 0, SampleKind::F32.little_endian())
            }
        };
        let frame_bytes = dataset.channels.len() * encoding.width();
        let data_bytes = samples.seek(SeekFrom::End(0))?.saturating_sub(at);
        let n_samples = match &dataset.data {
            Data::File(_) => present(&dataset, data_bytes, frame_bytes as u64, &mut findings),
            _ => dataset.n_samples(),
        };
        for channel in &mut dataset.channels {
            channel.n_samples = n_samples;
        }
        Ok(Self {
            records: Records::new(samples, at, frame_bytes),
            encoding,
            header: RecordingHeader {
                duration_s: n_samples as f64 / dataset.rate.hz(),
                channels: dataset.channels,
                start: None,
                gaps: dataset.events.gaps,
            },
            annotations: dataset.events.annotations,
            positions: dataset.positions,
            ica: dataset.ica,
            identity: dataset.identity,
            findings,
        })
    }

    fn wanted(&self, span: &Span) -> Wanted {
        Wanted {
            byte_offset: span.channel * self.encoding.width(),
            n_per_record: 1,
            encoding: self.encoding,
            scale: MICROVOLT,
            samples: span.samples.clone(),
        }
    }
}

impl ReadRecording for EeglabReader {
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

    fn positions(&self) -> &[Option<ElectrodePosition>] {
        &self.positions
    }

    fn ica(&self) -> Option<&IcaDecomposition> {
        self.ica.as_ref()
    }
}

/// Samples per channel that the second file holds.
fn present(
    dataset: &Dataset,
    data_bytes: u64,
    frame_bytes: u64,
    findings: &mut Vec<Finding>,
) -> u64 {
    let present = data_bytes / frame_bytes;
    let announced = dataset.n_samples();
    if present == announced && data_bytes.is_multiple_of(frame_bytes) {
        return present;
    }
    let (code, severity) = if present < announced {
        ("file.truncated", Severity::Warning)
    } else {
        ("file.sample_count", Severity::Warning)
    };
    let message = format!(
        "the dataset announces {announced} samples per channel, the file of samples holds {present} and {} bytes more",
        data_bytes % frame_bytes
    );
    findings.push(Finding::new(code, severity, message));
    present.min(announced)
}
