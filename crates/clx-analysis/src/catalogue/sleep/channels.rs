//! Which channels of a night are brain, eyes and chin.

use clx_formats::RecordingReader;
use clx_signal::{ChannelInfo, ChannelKind, Unit};

use crate::AnalysisError;
use crate::catalogue::channel::find_named;

/// Sites at which sleep is scored, the best first: the model of stages was made from central ones.
const SITES: [&str; 9] = ["c4", "c3", "cz", "fpz", "pz", "f4", "f3", "fz", "oz"];

/// Index of the EEG channel called `named`, or of the one that sleep is best seen in.
pub(super) fn eeg(reader: &RecordingReader, named: Option<&str>) -> Result<usize, AnalysisError> {
    if let Some(name) = named {
        return in_volts(reader, find_named(reader, "channel", name)?);
    }
    let channels = &reader.header().channels;
    let is_eeg = |c: &ChannelInfo| c.kind == ChannelKind::Eeg && c.unit == Unit::Volt && !is_eye(c);
    let site = |c: &ChannelInfo| {
        let name = c.name.to_lowercase();
        name.split(['-', ':', '_', ' ']).next().unwrap_or_default().to_owned()
    };
    let of = |wanted: &str| channels.iter().position(|c| is_eeg(c) && site(c) == wanted);
    let best = SITES.iter().find_map(|wanted| of(wanted));
    best.or_else(|| channels.iter().position(is_eeg)).ok_or_else(|| {
        let text = "the recording has no EEG channel in volts; name the one to use in `channel`";
        AnalysisError::Input(text.to_owned())
    })
}

/// Left and right eye, as far as their names tell.
pub(super) fn eyes(
    reader: &RecordingReader,
    left: Option<&str>,
    right: Option<&str>,
) -> Result<[Option<usize>; 2], AnalysisError> {
    const LEFT: &[&str] = &["loc", "e1", "eog left", "left eog", "eog l", "eogl", "eog-l", "eog1"];
    const RIGHT: &[&str] =
        &["roc", "e2", "eog right", "right eog", "eog r", "eogr", "eog-r", "eog2"];
    let side = |param: &str, named: Option<&str>, words: &[&str]| match named {
        Some(name) => in_volts(reader, find_named(reader, param, name)?).map(Some),
        None => Ok(reader.header().channels.iter().position(|c| {
            let name = c.name.to_lowercase();
            c.unit == Unit::Volt && words.iter().any(|word| is_word(&name, word))
        })),
    };
    Ok([side("eog_left", left, LEFT)?, side("eog_right", right, RIGHT)?])
}

/// The channel of an eye for staging: the one named, the left one, or any.
pub(super) fn eye(
    reader: &RecordingReader,
    named: Option<&str>,
) -> Result<Option<usize>, AnalysisError> {
    let [left, right] = eyes(reader, named, None)?;
    let any = || reader.header().channels.iter().position(|c| is_eye(c) && c.unit == Unit::Volt);
    Ok(left.or(right).or_else(any))
}

/// The chin, or what muscle there is except legs.
pub(super) fn chin(
    reader: &RecordingReader,
    named: Option<&str>,
) -> Result<Option<usize>, AnalysisError> {
    if let Some(name) = named {
        return in_volts(reader, find_named(reader, "emg", name)?).map(Some);
    }
    let channels = &reader.header().channels;
    let with = |words: &[&str]| {
        channels.iter().position(|c| {
            let name = c.name.to_lowercase();
            let leg = ["leg", "tib", "lat", "rat"].iter().any(|word| name.contains(word));
            let muscle = c.kind == ChannelKind::Emg && c.unit == Unit::Volt && !leg;
            muscle && words.iter().any(|word| name.contains(word))
        })
    };
    Ok(with(&["chin", "subm", "ment"]).or_else(|| with(&[""])))
}

fn is_eye(channel: &ChannelInfo) -> bool {
    let name = channel.name.to_lowercase();
    channel.kind == ChannelKind::Eog || ["e1", "e2"].iter().any(|word| is_word(&name, word))
}

/// Whether `name` is `word`, or goes on after it with something that is no letter or digit.
fn is_word(name: &str, word: &str) -> bool {
    let rest = name.strip_prefix(word);
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

fn in_volts(reader: &RecordingReader, pick: usize) -> Result<usize, AnalysisError> {
    let channel = &reader.header().channels[pick];
    if channel.unit == Unit::Volt {
        return Ok(pick);
    }
    Err(AnalysisError::Params(format!(
        "{} is not in volts; stages and events of sleep have thresholds in microvolts",
        channel.name
    )))
}
