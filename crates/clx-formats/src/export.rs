//! Writes an opened recording in another format, block by block, so that memory does not grow
//! with its length.
//!
//! Samples come as they are read; nothing is filtered or resampled. What a format cannot say is
//! a finding in the result.

mod bids;
mod csv;
mod edf;
mod parquet;

use std::io::{self, Write};

use clx_signal::{Annotation, ChannelInfo, ChannelKind, Gap, RecordingHeader, SampleRate, Unit};

pub use self::bids::{BidsOptions, write_bids};
pub use self::csv::{write_csv, write_events};
pub use self::edf::{EdfOptions, write_edf};
pub use self::parquet::write_parquet;

/// Seconds of every channel in memory at a time.
const BLOCK_S: f64 = 10.0;

/// Opens a file of an export that consists of several, by its path with `/` inside the export.
pub type Create<'a> = dyn FnMut(&str) -> io::Result<Box<dyn Write>> + 'a;

/// Is told the share that is done, 0 to 1.
pub type Progress<'a> = dyn Fn(f64) + 'a;

/// Channels of one rate and length: the columns of one table.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub rate: SampleRate,
    pub n_samples: u64,
    /// Indices of its channels.
    pub picks: Vec<usize>,
}

/// The tables that a recording makes, the one with most channels first.
pub fn sheets(header: &RecordingHeader) -> Vec<Sheet> {
    let mut sheets: Vec<Sheet> = Vec::new();
    for (index, info) in header.channels.iter().enumerate() {
        let same = |s: &&mut Sheet| s.rate == info.rate && s.n_samples == info.n_samples;
        match sheets.iter_mut().find(same) {
            Some(sheet) => sheet.picks.push(index),
            None => sheets.push(Sheet {
                rate: info.rate,
                n_samples: info.n_samples,
                picks: vec![index],
            }),
        }
    }
    sheets.sort_by_key(|sheet| std::cmp::Reverse(sheet.picks.len()));
    sheets
}

/// Seconds on the clock of sample time `t_s`, which leaves gaps out.
fn clock_s(gaps: &[Gap], t_s: f64) -> f64 {
    // A sample at the gap comes after it; its time has a rounding error.
    let before = gaps.iter().take_while(|g| g.at_s <= t_s + 1e-9);
    t_s + before.map(|g| g.duration_s).sum::<f64>()
}

/// Decimal seconds to a nanosecond, without trailing zeros.
fn seconds(s: f64) -> String {
    let text = format!("{s:.9}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The unit a person expects in a file, and the factor to it.
fn file_unit(info: &ChannelInfo) -> (&str, f64) {
    match &info.unit {
        Unit::Volt => ("uV", 1e6),
        Unit::Other(unit) => (unit, 1.0),
    }
}

const fn kind_name(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Eeg => "EEG",
        ChannelKind::Eog => "EOG",
        ChannelKind::Ecg => "ECG",
        ChannelKind::Emg => "EMG",
        ChannelKind::Resp => "RESP",
        ChannelKind::Stim => "TRIG",
        ChannelKind::Misc => "MISC",
    }
}

/// A field of a table of text: line ends and tabs become spaces.
fn field(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Text of an annotation with its channel, for formats that have no column for it.
fn annotation_text(annotation: &Annotation) -> String {
    match &annotation.channel {
        Some(channel) => format!("{} ({channel})", annotation.text),
        None => annotation.text.clone(),
    }
}
