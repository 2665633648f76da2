//! Writing a prepared or cleaned recording.

use std::io::BufWriter;

use clx_formats::Format;
use clx_formats::edf::{WriteOptions, write_recording};
use clx_signal::{Channel, Recording};

use super::prepare::Prepared;
use crate::{AnalysisError, Context};

const NAME: &str = "cleaned.bdf";

/// Writes the channels as BDF+ (24 bits) with the annotations; gives the file's name.
///
/// Samples hang together in the file where the recording had gaps; annotations say where.
pub(super) fn write_cleaned(
    prepared: &Prepared,
    cx: &Context<'_>,
) -> Result<String, AnalysisError> {
    let out = BufWriter::with_capacity(1 << 18, cx.create(NAME, Format::BdfPlusC.media_type())?);
    let mut annotations = prepared.annotations.clone();
    annotations.extend(prepared.gaps.iter().map(|gap| clx_signal::Annotation {
        onset_s: gap.at_s,
        duration_s: None,
        text: "boundary".to_owned(),
        channel: None,
    }));
    annotations.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
    let channels = prepared.channels.iter().zip(&prepared.samples);
    let recording = Recording {
        channels: channels
            .map(|(info, x)| Channel { info: info.clone(), samples: x.clone() })
            .collect(),
        annotations,
        gaps: Vec::new(),
    };
    let options = WriteOptions { format: Format::BdfPlusC, ..WriteOptions::default() };
    write_recording(out, &recording, &options)?;
    Ok(NAME.to_owned())
}
