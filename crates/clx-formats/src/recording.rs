use std::ops::Range;

use clx_signal::{Annotation, Block, Channel, Finding, Recording, RecordingHeader};

use crate::brainvision::BrainVisionReader;
use crate::edf::EdfReader;
use crate::eeglab::EeglabReader;
use crate::fif::FifReader;
use crate::gdf::GdfReader;
use crate::table::TableReader;
use crate::wfdb::WfdbReader;
use crate::xdf::XdfReader;
use crate::{
    ByteSource, Companions, ElectrodePosition, Format, FormatError, IcaDecomposition, Identity,
};

/// Reads one format. [`RecordingReader`] stands before it and checks every request, so that the
/// channels and samples asked for exist.
pub(crate) trait ReadRecording: std::fmt::Debug + Send + Sync {
    fn header(&self) -> &RecordingHeader;

    fn identity(&self) -> &Identity;

    fn findings(&self) -> &[Finding];

    /// In order of onset.
    fn annotations(&mut self) -> Result<Vec<Annotation>, FormatError>;

    /// Samples of every span in the unit of its channel.
    fn read(&mut self, spans: &[Span]) -> Result<Vec<Vec<f32>>, FormatError>;

    /// Values of the converter; `None` when the file holds none, but physical values.
    fn read_digital(&mut self, _span: &Span) -> Result<Option<Vec<i32>>, FormatError> {
        Ok(None)
    }

    /// Per channel, where the file gives any.
    fn positions(&self) -> &[Option<ElectrodePosition>] {
        &[]
    }

    fn ica(&self) -> Option<&IcaDecomposition> {
        None
    }
}

/// A stretch of one channel, in samples.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) channel: usize,
    pub(crate) samples: Range<u64>,
}

impl Span {
    /// Room for its samples.
    pub(crate) fn buffer(&self) -> Vec<f32> {
        Vec::with_capacity((self.samples.end - self.samples.start) as usize)
    }
}

/// Reads a recording of biosignals: header first, then any stretch of any channels.
#[derive(Debug)]
pub struct RecordingReader {
    format: Format,
    reader: Box<dyn ReadRecording>,
}

impl RecordingReader {
    pub(crate) fn open(
        source: Box<dyn ByteSource>,
        format: Format,
        companions: &dyn Companions,
    ) -> Result<Self, FormatError> {
        let reader: Box<dyn ReadRecording> = match format {
            Format::BrainVision => Box::new(BrainVisionReader::open(source, companions)?),
            Format::Eeglab => Box::new(EeglabReader::open(source, companions)?),
            Format::Fif => Box::new(FifReader::open(source)?),
            Format::Gdf => Box::new(GdfReader::open(source)?),
            Format::Xdf => Box::new(XdfReader::open(source)?),
            Format::Wfdb => Box::new(WfdbReader::open(source, companions)?),
            Format::OpenBci | Format::MuseCsv | Format::MindMonitor | Format::Csv => {
                Box::new(TableReader::open(source, format)?)
            }
            _ => Box::new(EdfReader::open(source, format)?),
        };
        Ok(Self { format, reader })
    }

    pub fn format(&self) -> Format {
        self.format
    }

    pub fn header(&self) -> &RecordingHeader {
        self.reader.header()
    }

    /// Fields that point to a person; callers drop them unless the user asked to keep them.
    pub fn identity(&self) -> &Identity {
        self.reader.identity()
    }

    /// What is odd about the file: truncated, corrected record count, odd header fields.
    pub fn findings(&self) -> &[Finding] {
        self.reader.findings()
    }

    /// All annotations in order of onset, in seconds from the first sample.
    ///
    /// # Errors
    /// [`FormatError::Io`] when the source fails.
    pub fn annotations(&mut self) -> Result<Vec<Annotation>, FormatError> {
        self.reader.annotations()
    }

    /// Where the electrode of each channel sits, as far as the file says.
    pub fn positions(&self) -> Vec<Option<ElectrodePosition>> {
        let mut positions = self.reader.positions().to_vec();
        positions.resize(self.header().channels.len(), None);
        positions
    }

    /// The independent components that came with the recording (EEGLAB).
    pub fn ica(&self) -> Option<&IcaDecomposition> {
        self.reader.ica()
    }

    /// Samples of the channels `picks` from `tmin_s` for `duration_s`, both in seconds of sample
    /// time (gaps removed), cut at the end of the recording.
    ///
    /// # Errors
    /// [`FormatError::Request`] for a channel or time that does not exist.
    pub fn read_block(
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

    /// Consecutive blocks of `block_s` seconds (the last one shorter) of the channels `picks`.
    pub fn blocks<'a>(
        &'a mut self,
        picks: &'a [usize],
        block_s: f64,
    ) -> impl Iterator<Item = Result<Block, FormatError>> + 'a {
        let total_s = self.header().duration_s;
        let valid = block_s > 0.0;
        // A block that would only hold rounding error is not one.
        let least = if total_s > 0.0 { 1 } else { 0 };
        let n = if valid { ((total_s / block_s - 1e-9).ceil() as u64).max(least) } else { 1 };
        (0..n).map(move |i| {
            if !valid {
                return Err(request("the duration of a block", "above 0 s", block_s));
            }
            // Both edges come from the same formula, so that no sample is lost or read twice.
            let tmax_s = if i + 1 == n { total_s } else { (i + 1) as f64 * block_s };
            self.read_between(picks, i as f64 * block_s, tmax_s)
        })
    }

    fn read_between(
        &mut self,
        picks: &[usize],
        tmin_s: f64,
        tmax_s: f64,
    ) -> Result<Block, FormatError> {
        let mut spans = Vec::with_capacity(picks.len());
        for &channel in picks {
            self.check_channel(channel)?;
            let info = &self.header().channels[channel];
            let sample = |t: f64| ((t * info.rate.hz()).round() as u64).min(info.n_samples);
            let first = sample(tmin_s);
            spans.push(Span { channel, samples: first..sample(tmax_s).max(first) });
        }
        Ok(Block { tmin_s, samples: self.reader.read(&spans)? })
    }

    fn check_channel(&self, channel: usize) -> Result<(), FormatError> {
        let n = self.header().channels.len();
        if channel < n {
            return Ok(());
        }
        Err(FormatError::Request {
            what: "a channel",
            expected: format!("below {n}"),
            got: channel.to_string(),
        })
    }

    /// `n` values of the converter from sample `start`, exactly as stored.
    ///
    /// # Errors
    /// [`FormatError::Request`] unless the range lies in the channel; [`FormatError::Unsupported`]
    /// for a file that stores no such values, but floating-point ones.
    pub fn read_digital(
        &mut self,
        channel: usize,
        start: u64,
        n: usize,
    ) -> Result<Vec<i32>, FormatError> {
        self.check_channel(channel)?;
        let n_samples = self.header().channels[channel].n_samples;
        let end = start.checked_add(n as u64).filter(|end| *end <= n_samples);
        let Some(end) = end else {
            return Err(FormatError::Request {
                what: "a range of samples",
                expected: format!("within 0..{n_samples}"),
                got: format!("{start}..{start}+{n}"),
            });
        };
        let read = self.reader.read_digital(&Span { channel, samples: start..end })?;
        read.ok_or_else(|| FormatError::Unsupported {
            format: self.format,
            feature: "samples that are not converter values".to_owned(),
            advice: "read blocks of physical values instead",
        })
    }

    /// The whole recording in memory.
    ///
    /// # Errors
    /// [`FormatError::Io`] when the source fails.
    pub fn load(&mut self) -> Result<Recording, FormatError> {
        let annotations = self.annotations()?;
        let picks: Vec<usize> = (0..self.header().channels.len()).collect();
        let block = self.read_between(&picks, 0.0, f64::INFINITY)?;
        let header = self.header();
        let infos = header.channels.iter().cloned();
        let channels =
            infos.zip(block.samples).map(|(info, samples)| Channel { info, samples }).collect();
        Ok(Recording { channels, annotations, gaps: header.gaps.clone() })
    }
}

fn request(what: &'static str, expected: &str, got: f64) -> FormatError {
    FormatError::Request { what, expected: expected.to_owned(), got: format!("{got} s") }
}
