//! A data set after the Brain Imaging Data Structure (BIDS 1.10, EEG): Pernet et al. 2019, Sci.
//! Data 6:103.

use std::io::Write;

use clx_signal::{ChannelKind, Finding, RecordingHeader};
use serde_json::{Value, json};

use super::edf::{EdfOptions, write_edf};
use super::{Create, Progress, annotation_text, clock_s, field, file_unit, kind_name, seconds};
use crate::{FormatError, Identity, RecordingReader};

const BIDS_VERSION: &str = "1.10.0";

/// What a data set says that the recording does not.
#[derive(Clone, Debug, PartialEq)]
pub struct BidsOptions {
    /// Name of the data set.
    pub name: String,
    /// Label of the participant, letters and digits: `01`.
    pub subject: String,
    /// Label of the task, letters and digits: `rest`.
    pub task: String,
    /// Mains frequency, where known.
    pub line_hz: Option<f64>,
    /// 24 bits (BDF+) instead of 16 (EDF+).
    pub bdf: bool,
    /// Places of channels by name, on a head of radius 1: x to the right, y to the front, z up.
    pub positions: Vec<(String, [f64; 3])>,
}

/// Writes a data set of one recording through `create`: the recording as EDF+ or BDF+ without what
/// points to a person, and beside it what BIDS asks for.
///
/// # Errors
/// [`FormatError::Request`] for labels that are not letters and digits; see
/// [`write_edf`](super::write_edf).
pub fn write_bids(
    reader: &mut RecordingReader,
    create: &mut Create<'_>,
    options: &BidsOptions,
    progress: &Progress<'_>,
) -> Result<Vec<Finding>, FormatError> {
    for (what, label) in [("the subject", &options.subject), ("the task", &options.task)] {
        if label.is_empty() || !label.chars().all(|c| c.is_ascii_alphanumeric()) {
            let expected = "letters and digits".to_owned();
            return Err(FormatError::Request { what, expected, got: format!("{label:?}") });
        }
    }
    let header = reader.header().clone();
    let subject = format!("sub-{}", options.subject);
    let stem = format!("{subject}/eeg/{subject}_task-{}", options.task);
    let ending = if options.bdf { "bdf" } else { "edf" };
    let edf = EdfOptions { bdf: options.bdf, identity: Identity::default() };
    let out = create(&format!("{stem}_eeg.{ending}"))?;
    let findings = write_edf(reader, out, &edf, progress)?;
    let mut put = |name: &str, text: &str| -> Result<(), FormatError> {
        let mut out = create(name)?;
        out.write_all(text.as_bytes())?;
        Ok(out.flush()?)
    };
    put("dataset_description.json", &pretty(&description(options)))?;
    put("README", &format!("{}\n\nOne recording, converted by Clisonix.\n", options.name))?;
    put("participants.tsv", &format!("participant_id\n{subject}\n"))?;
    put(&format!("{stem}_eeg.json"), &pretty(&sidecar(&header, options)))?;
    put(&format!("{stem}_channels.tsv"), &channels(&header))?;
    let events = events(reader)?;
    if let Some(events) = events {
        put(&format!("{stem}_events.tsv"), &events)?;
        put(&format!("{stem}_events.json"), &pretty(&event_columns()))?;
    }
    if let Some(electrodes) = electrodes(&header, options) {
        put(&format!("{subject}/eeg/{subject}_electrodes.tsv"), &electrodes)?;
        put(&format!("{subject}/eeg/{subject}_coordsystem.json"), &pretty(&coordinates()))?;
    }
    Ok(findings)
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn description(options: &BidsOptions) -> Value {
    json!({
        "Name": options.name,
        "BIDSVersion": BIDS_VERSION,
        "DatasetType": "raw",
        "GeneratedBy": [{"Name": "Clisonix", "Version": env!("CARGO_PKG_VERSION")}],
    })
}

fn sidecar(header: &RecordingHeader, options: &BidsOptions) -> Value {
    let count = |kind| header.channels.iter().filter(|c| c.kind == kind).count();
    let rate_hz = header.channels.iter().map(|c| c.rate.hz()).fold(0.0, f64::max);
    let recording_type = if header.gaps.is_empty() { "continuous" } else { "discontinuous" };
    json!({
        "TaskName": options.task,
        "SamplingFrequency": rate_hz,
        "PowerLineFrequency": options.line_hz.map_or(json!("n/a"), |hz| json!(hz)),
        "EEGReference": "n/a",
        "SoftwareFilters": "n/a",
        "EEGChannelCount": count(ChannelKind::Eeg),
        "EOGChannelCount": count(ChannelKind::Eog),
        "ECGChannelCount": count(ChannelKind::Ecg),
        "EMGChannelCount": count(ChannelKind::Emg),
        "MISCChannelCount": count(ChannelKind::Misc) + count(ChannelKind::Resp),
        "TriggerChannelCount": count(ChannelKind::Stim),
        "RecordingDuration": header.duration_s,
        "RecordingType": recording_type,
    })
}

fn channels(header: &RecordingHeader) -> String {
    let mut text = "name\ttype\tunits\tsampling_frequency\n".to_owned();
    for info in &header.channels {
        // The names of the file beside it: labels cut at 16 characters.
        let label: String = info.label.chars().take(16).collect();
        let (unit, _) = file_unit(info);
        let unit = if unit.is_empty() { "n/a" } else { unit };
        let kind = kind_name(info.kind);
        text += &format!("{}\t{kind}\t{}\t{}\n", cell(&label), cell(unit), info.rate.hz());
    }
    text
}

fn events(reader: &mut RecordingReader) -> Result<Option<String>, FormatError> {
    let annotations = reader.annotations()?;
    if annotations.is_empty() {
        return Ok(None);
    }
    let gaps = &reader.header().gaps;
    let mut text = "onset\tduration\ttrial_type\n".to_owned();
    for a in &annotations {
        let duration = a.duration_s.map_or("n/a".to_owned(), seconds);
        let onset = seconds(clock_s(gaps, a.onset_s));
        text += &format!("{onset}\t{duration}\t{}\n", cell(&annotation_text(a)));
    }
    Ok(Some(text))
}

fn event_columns() -> Value {
    json!({
        "onset": {"Description": "Seconds from the first sample.", "Units": "s"},
        "duration": {"Description": "Length of the event, where the recording gives one.", "Units": "s"},
        "trial_type": {"Description": "Text of the annotation in the recording."},
    })
}

fn electrodes(header: &RecordingHeader, options: &BidsOptions) -> Option<String> {
    let mut text = "name\tx\ty\tz\n".to_owned();
    let mut n = 0;
    for info in header.channels.iter().filter(|c| c.kind == ChannelKind::Eeg) {
        let place = options.positions.iter().find(|(name, _)| *name == info.name);
        let label: String = info.label.chars().take(16).collect();
        let coordinates = match place {
            Some((_, [x, y, z])) => format!("{x:.4}\t{y:.4}\t{z:.4}"),
            None => "n/a\tn/a\tn/a".to_owned(),
        };
        n += usize::from(place.is_some());
        text += &format!("{}\t{coordinates}\n", cell(&label));
    }
    (n > 0).then_some(text)
}

fn coordinates() -> Value {
    json!({
        "EEGCoordinateSystem": "Other",
        "EEGCoordinateSystemDescription":
            "Ideal places of the 10-05 system on a sphere of radius 1 around the origin; x to the right, y to the front, z up. Not measured on the participant.",
        "EEGCoordinateUnits": "n/a",
    })
}

/// A cell of a table: BIDS writes `n/a` where there is nothing.
fn cell(text: &str) -> String {
    let text = field(text);
    let trimmed = text.trim();
    if trimmed.is_empty() { "n/a".to_owned() } else { trimmed.to_owned() }
}
