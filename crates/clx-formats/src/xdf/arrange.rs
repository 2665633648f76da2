//! Putting streams beside each other: one axis of time, channels, annotations.

use clx_signal::{Annotation, ChannelInfo, ChannelKind, Finding, SampleRate, Severity, Unit};

use super::describe::SampleType;
use super::place::{Axis, Place};
use super::scan::Event;
use super::stream::Stream;
use super::{Source, XdfReader, stamps};
use crate::{Format, FormatError, label};

/// A measured rate further than this from the nominal one replaces it.
const RATE_TOLERANCE: f64 = 0.01;

/// A stream may become this many times longer by filling what it lacks.
const MAX_FILL: u64 = 4;

impl XdfReader {
    /// Puts the streams with a rate on one axis and makes channels of them.
    pub(super) fn arrange(&mut self) -> Result<(), FormatError> {
        let regular: Vec<usize> = (0..self.streams.len())
            .filter(|&i| !self.streams[i].is_marker() && self.streams[i].n_samples > 0)
            .collect();
        let Some(&main) = regular.iter().max_by_key(|&&i| {
            let s = &self.streams[i];
            // Of equals, the first of the file.
            (is_eeg(s), s.n_samples * s.about.n_channels as u64, std::cmp::Reverse(i))
        }) else {
            return Ok(());
        };
        let main_hz = self.rate_hz(main);
        self.axis = Axis::new(&self.streams[main].segments, main_hz);
        self.header.gaps = self.axis.gaps();
        self.header.duration_s = self.streams[main].n_samples as f64 / main_hz;
        self.describe_main(main, main_hz);
        self.add_channels(main, main_hz, self.streams[main].n_samples)?;
        for &other in regular.iter().filter(|&&i| i != main) {
            self.add_beside(other)?;
        }
        let mut names: Vec<String> =
            self.header.channels.iter().map(|c| label::name(&c.label)).collect();
        label::unique(&mut names);
        for (info, name) in self.header.channels.iter_mut().zip(names) {
            info.name = name;
        }
        Ok(())
    }

    fn describe_main(&mut self, main: usize, rate_hz: f64) {
        let n_gaps = self.header.gaps.len();
        if n_gaps > 0 {
            let message = format!("the stream is interrupted {n_gaps} times; the gaps are known");
            self.report("signal.gaps", Severity::Info, main, &message);
        }
        if self.streams[main].segments.windows(2).any(|w| w[1].start_s < w[0].end_s()) {
            let message = "its time stamps step back; what follows is taken to come without a gap";
            self.report("file.overlapping_records", Severity::Warning, main, message);
        }
        let others = self.streams.iter().filter(|s| !s.is_marker() && s.n_samples > 0).count() - 1;
        if others > 0 {
            let message = format!(
                "it gives the recording its time, at {rate_hz:.6} Hz; {others} more are placed beside it by nearest sample"
            );
            self.report("xdf.main_stream", Severity::Info, main, &message);
        }
    }

    /// The nominal rate, or the measured one where the two differ.
    fn rate_hz(&mut self, index: usize) -> f64 {
        let stream = &self.streams[index];
        let nominal_hz = stream.about.nominal_hz;
        let Some(measured_hz) = stamps::effective_hz(&stream.segments) else { return nominal_hz };
        if (measured_hz / nominal_hz - 1.0).abs() <= RATE_TOLERANCE {
            return nominal_hz;
        }
        let message = format!(
            "its header says {nominal_hz} Hz, its time stamps give {measured_hz:.4} Hz; the latter is used"
        );
        self.report("header.rate", Severity::Warning, index, &message);
        measured_hz
    }

    /// Adds the channels of a stream that is not the main one.
    fn add_beside(&mut self, index: usize) -> Result<(), FormatError> {
        let rate_hz = self.rate_hz(index);
        let stream = &self.streams[index];
        let (Some(first), Some(last)) = (stream.segments.first(), stream.segments.last()) else {
            return Ok(());
        };
        let begins_s = self.axis.sample_s(first.start_s);
        let ends_s = self.axis.sample_s(last.end_s()).min(self.header.duration_s);
        // Behind its last sample, and behind the main stream's, there is nothing to show.
        let n = (ends_s * rate_hz).round() + 1.0;
        let n = n.min((self.header.duration_s * rate_hz).round()).max(0.0) as u64;
        let place = Place::nearest(&stream.segments, rate_hz);
        if n == 0 || n > stream.n_samples.saturating_mul(MAX_FILL).saturating_add(1_000) {
            let message =
                "it does not run beside the main stream, or only for a small part; it is left out";
            self.report("xdf.stream_left_out", Severity::Warning, index, message);
            return Ok(());
        }
        self.places[index] = place;
        let n_filled = (begins_s * rate_hz).round().max(0.0) as u64;
        if n_filled > 0 {
            let message = format!(
                "it begins {begins_s:.3} s behind the main stream; its first {n_filled} samples repeat its first one"
            );
            self.report("signal.filled", Severity::Warning, index, &message);
        }
        self.add_channels(index, rate_hz, n)
    }

    fn add_channels(
        &mut self,
        index: usize,
        rate_hz: f64,
        n_samples: u64,
    ) -> Result<(), FormatError> {
        let rate = SampleRate::from_hz(rate_hz).map_err(|error| FormatError::Invalid {
            format: Format::Xdf,
            what: "a rate".to_owned(),
            offset: 0,
            expected: "finite and above 0 Hz",
            got: error.to_string(),
        })?;
        let about = &self.streams[index].about;
        let is_volt = is_potential(&about.kind);
        let mut n_assumed = 0;
        for channel in 0..about.n_channels {
            let entry = about.channels.get(channel).cloned().unwrap_or_default();
            let label = match entry.label.as_str() {
                "" => format!("{} {}", about.name, channel + 1).trim().to_owned(),
                label => label.to_owned(),
            };
            let (unit, factor) = match entry.unit.as_str() {
                "" if is_volt => {
                    n_assumed += 1;
                    (Unit::Volt, 1e-6)
                }
                unit => label::unit(unit),
            };
            let kind = kind(&entry.kind, &about.kind, &label, &unit);
            self.channels.push(Source {
                stream: index,
                byte_offset: channel * about.sample_type.width(),
                factor,
            });
            let name = String::new();
            self.header.channels.push(ChannelInfo { name, label, kind, unit, rate, n_samples });
        }
        if n_assumed > 0 {
            let message =
                format!("{n_assumed} of its channels have no unit; microvolts are assumed");
            self.report("channel.unit_assumed", Severity::Warning, index, &message);
        }
        Ok(())
    }

    pub(super) fn annotate(&mut self, events: Vec<Event>) {
        let n_markers = self.streams.iter().filter(|s| s.is_marker() && s.n_samples > 0).count();
        // Without a signal, time starts at the first marker.
        let origin_s = match self.channels.is_empty() {
            true => events.iter().map(|e| e.marker.time_s).fold(f64::INFINITY, f64::min),
            false => 0.0,
        };
        self.annotations = events
            .into_iter()
            .map(|Event { stream, marker }| {
                let about = &self.streams[stream].about;
                let is_text = about.sample_type == SampleType::String;
                let text = match is_text || n_markers == 1 || about.name.is_empty() {
                    true => marker.text,
                    false => format!("{}: {}", about.name, marker.text),
                };
                let onset_s = match self.channels.is_empty() {
                    true => marker.time_s - origin_s,
                    false => self.axis.sample_s(marker.time_s),
                };
                Annotation { onset_s, duration_s: None, text, channel: None }
            })
            .collect();
        self.annotations.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
        if self.channels.is_empty() {
            self.header.duration_s = self.annotations.last().map_or(0.0, |a| a.onset_s);
        }
    }

    fn report(&mut self, code: &str, severity: Severity, stream: usize, message: &str) {
        let name = &self.streams[stream].about.name;
        self.findings.push(Finding::new(code, severity, format!("stream {name:?}: {message}")));
    }
}

fn is_eeg(stream: &Stream) -> bool {
    stream.about.kind.eq_ignore_ascii_case("eeg")
}

/// Stream types of which LSL's conventions say that they are in microvolts.
fn is_potential(kind: &str) -> bool {
    ["eeg", "exg", "ecg", "ekg", "eog", "emg", "ieeg", "ecog"]
        .iter()
        .any(|k| kind.eq_ignore_ascii_case(k))
}

/// What a channel measures: by its own type, else by label and stream.
fn kind(channel: &str, stream: &str, label: &str, unit: &Unit) -> ChannelKind {
    for kind in [channel, stream] {
        match kind.to_ascii_lowercase().as_str() {
            "eeg" | "ieeg" | "ecog" if label::kind(label, unit) == ChannelKind::Misc => {
                return ChannelKind::Eeg;
            }
            "eeg" | "ieeg" | "ecog" => return label::kind(label, unit),
            "eog" | "heog" | "veog" => return ChannelKind::Eog,
            "ecg" | "ekg" => return ChannelKind::Ecg,
            "emg" => return ChannelKind::Emg,
            "resp" | "respiration" => return ChannelKind::Resp,
            "trigger" | "stim" | "markers" | "marker" => return ChannelKind::Stim,
            "" | "exg" => {}
            _ => return ChannelKind::Misc,
        }
    }
    label::kind(label, unit)
}
