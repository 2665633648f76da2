//! One channel of the body: found by its name or by what it measures, and read.

use std::ops::Range;

use clx_formats::RecordingReader;
use clx_signal::{ChannelInfo, ChannelKind, Finding, Severity};

use super::eeg::prepare::stretch::{Stretch, read};
use crate::{AnalysisError, Context};

/// Samples of one channel that are held at most: 9 hours at 1 kHz. What is made of them needs several
/// times as much memory as they do.
const MOST_SAMPLES: usize = 1 << 25;

/// What a channel of the body measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measured {
    Ecg,
    Pulse,
    Skin,
    Breath,
}

impl Measured {
    const fn name(self) -> &'static str {
        match self {
            Self::Ecg => "ECG",
            Self::Pulse => "pulse (PPG)",
            Self::Skin => "skin conductance",
            Self::Breath => "breathing",
        }
    }

    fn is_of(self, channel: &ChannelInfo) -> bool {
        /// Leads as WFDB and Holter files write them.
        const LEADS: &[&str] = &[
            "i", "ii", "iii", "avr", "avl", "avf", "v", "v1", "v2", "v3", "v4", "v5", "v6", "mli",
            "mlii", "mliii", "cm5", "cc5",
        ];
        let name = channel.name.to_lowercase();
        let starts = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
        match self {
            Self::Ecg => {
                channel.kind == ChannelKind::Ecg
                    || starts(&["ecg", "ekg"])
                    || LEADS.contains(&name.as_str())
            }
            Self::Pulse => starts(&["ppg", "plet", "bvp", "pulse wave"]),
            Self::Skin => {
                starts(&["eda", "gsr", "scl", "scr", "skin", "electrodermal", "galvanic"])
            }
            Self::Breath => {
                channel.kind == ChannelKind::Resp || starts(&["resp", "rsp", "breath", "airflow"])
            }
        }
    }
}

/// Index of the channel called `named`, or of the first one that measures `what`.
pub(super) fn find(
    reader: &RecordingReader,
    named: Option<&str>,
    what: Measured,
) -> Result<usize, AnalysisError> {
    if let Some(name) = named {
        return find_named(reader, "channel", name);
    }
    first_of(reader, what).ok_or_else(|| {
        AnalysisError::Input(format!(
            "no channel is known to be {}; name one in `channel`: the recording has {}",
            what.name(),
            all_names(reader)
        ))
    })
}

pub(super) fn first_of(reader: &RecordingReader, what: Measured) -> Option<usize> {
    reader.header().channels.iter().position(|c| what.is_of(c))
}

/// Index of the channel called `name`; `param` is the parameter that names it.
pub(super) fn find_named(
    reader: &RecordingReader,
    param: &str,
    name: &str,
) -> Result<usize, AnalysisError> {
    let found = reader.header().channels.iter().position(|c| c.name == name || c.label == name);
    found.ok_or_else(|| {
        let have = all_names(reader);
        AnalysisError::Params(format!("{param}: there is no `{name}`; the recording has {have}"))
    })
}

fn all_names(reader: &RecordingReader) -> String {
    let names: Vec<&str> =
        reader.header().channels.iter().take(40).map(|c| c.name.as_str()).collect();
    if names.is_empty() { "no channel".to_owned() } else { names.join(", ") }
}

/// A channel between two times.
#[derive(Debug)]
pub(super) struct Signal {
    pub(super) info: ChannelInfo,
    pub(super) samples: Vec<f32>,
    /// Seconds from the first sample of the recording.
    pub(super) tmin_s: f64,
    /// Samples at which the recording was interrupted.
    breaks: Vec<usize>,
}

impl Signal {
    /// Reads one channel from `times[0]` to `times[1]` seconds; progress goes through `shares`.
    pub(super) fn read(
        reader: &mut RecordingReader,
        pick: usize,
        times: [Option<f64>; 2],
        cx: &Context<'_>,
        shares: [f64; 2],
    ) -> Result<Self, AnalysisError> {
        let info = reader.header().channels[pick].clone();
        let stretch = Stretch::of(reader, times, info.rate, 1)?;
        let n = stretch.n_samples(info.rate);
        if n > MOST_SAMPLES {
            return Err(AnalysisError::Input(format!(
                "{} has {n} samples, more than the {MOST_SAMPLES} that are analysed at once; \
                 take a stretch (tmin_s, tmax_s) of up to {:.0} s",
                info.name,
                info.rate.seconds(MOST_SAMPLES)
            )));
        }
        let samples = read(reader, &[pick], &stretch, cx, shares)?.remove(0);
        let breaks = stretch.breaks(info.rate);
        Ok(Self { samples, tmin_s: stretch.tmin_s, breaks, info })
    }

    pub(super) fn duration_s(&self) -> f64 {
        self.info.rate.seconds(self.samples.len())
    }

    /// Cut to its longest stretch without an interruption or a sample that is no number, because no
    /// beat or breath can be followed across one.
    pub(super) fn unbroken(mut self, findings: &mut Vec<Finding>) -> Self {
        let kept = longest(&self.samples, &self.breaks);
        if kept.len() == self.samples.len() || kept.is_empty() {
            return self;
        }
        let [from_s, to_s] =
            [kept.start, kept.end].map(|i| self.tmin_s + self.info.rate.seconds(i));
        let text = format!(
            "{} is interrupted or has samples that are no numbers; its longest whole stretch was measured, {from_s:.1} to {to_s:.1} s of {:.1} s",
            self.info.name,
            self.duration_s()
        );
        let finding = Finding::new("signal.interrupted", Severity::Warning, text);
        findings.push(finding.on_channel(&self.info.name));
        self.tmin_s = from_s;
        self.samples = self.samples[kept].to_vec();
        self.breaks = Vec::new();
        self
    }
}

/// The longest run of numbers that no break divides; `breaks` ascend.
fn longest(samples: &[f32], breaks: &[usize]) -> Range<usize> {
    let (mut best, mut start) = (0..0, 0);
    for end in breaks.iter().copied().chain([samples.len()]) {
        let end = end.clamp(start, samples.len());
        let mut from = start;
        for run in samples[start..end].split(|v| !v.is_finite()) {
            if run.len() > best.len() {
                best = from..from + run.len();
            }
            from += run.len() + 1;
        }
        start = end;
    }
    best
}

/// Every n-th of many, so that at most `most` are left, with their places.
pub(super) fn thinned<T: Copy>(all: &[T], most: usize) -> Vec<(usize, T)> {
    all.iter().copied().enumerate().step_by(all.len().div_ceil(most).max(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_whole_stretch_ends_at_breaks_and_at_values_that_are_no_numbers() {
        let x = [1.0, 1.0, f32::NAN, 1.0, 1.0, 1.0, 1.0, 1.0];
        assert_eq!(longest(&x, &[]), 3..8);
        assert_eq!(longest(&x, &[6]), 3..6);
        assert_eq!(longest(&x[..3], &[]), 0..2);
        assert_eq!(longest(&[f32::NAN], &[]), 0..0);
        assert_eq!(longest(&[], &[]), 0..0);
    }

    #[test]
    fn at_most_so_many_are_left() {
        assert_eq!(thinned(&[5, 6, 7], 3), [(0, 5), (1, 6), (2, 7)]);
        assert_eq!(thinned(&[5, 6, 7, 8], 3), [(0, 5), (2, 7)]);
        assert!(thinned::<u8>(&[], 3).is_empty());
    }
}
