//! The marker file (`.vmrk`).

use clx_signal::{Annotation, ChannelInfo, Gap, SampleRate};
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};

use super::ini::{Ini, fields, numbered};

/// Markers of a recording, those of one segment and those of its beginning.
#[derive(Debug, Default)]
pub(super) struct Markers {
    pub(super) annotations: Vec<Annotation>,
    /// Of the first sample.
    pub(super) start: Option<DateTime>,
    pub(super) gaps: Vec<Gap>,
    pub(super) n_damaged: u64,
}

/// Where a segment begins, and when.
struct Segment {
    position: u64,
    date: Option<DateTime>,
}

impl Markers {
    pub(super) fn parse(ini: &Ini, rate: SampleRate, channels: &[ChannelInfo]) -> Self {
        let mut markers = Self::default();
        let mut segments = Vec::new();
        for (key, value) in ini.entries("Marker Infos") {
            if numbered(key, "Mk").is_none() {
                continue;
            }
            match marker(value, rate, channels) {
                Some((annotation, segment)) => {
                    markers.annotations.push(annotation);
                    segments.extend(segment);
                }
                None => markers.n_damaged += 1,
            }
        }
        markers.annotations.sort_by(|a, b| a.onset_s.total_cmp(&b.onset_s));
        segments.sort_by_key(|segment| segment.position);
        markers.start =
            segments.iter().find_map(|s| before(s.date?, s.position as f64 / rate.hz()));
        markers.gaps = gaps(&segments, rate);
        markers
    }
}

/// `type,description,position,size,channel[,date]`; position and channel count from 1.
fn marker(
    value: &str,
    rate: SampleRate,
    channels: &[ChannelInfo],
) -> Option<(Annotation, Option<Segment>)> {
    let mut fields = fields(value);
    let (kind, description) = (fields.next()?, fields.next()?);
    let position: u64 = fields.next()?.parse::<u64>().ok()?.checked_sub(1)?;
    let size: Option<u64> = fields.next().and_then(|size| size.parse().ok());
    // Channel 0 stands for all.
    let channel = fields.next().and_then(|n| n.parse::<usize>().ok()?.checked_sub(1));
    let date = fields.next().and_then(|date| moment(&date));
    let text = match (kind.as_str(), description.as_str()) {
        (kind, "") => kind.to_owned(),
        ("", description) => description.to_owned(),
        (kind, description) => format!("{kind}/{description}"),
    };
    let is_segment = kind.eq_ignore_ascii_case("New Segment");
    let annotation = Annotation {
        onset_s: position as f64 / rate.hz(),
        duration_s: size.map(|size| size as f64 / rate.hz()),
        text,
        channel: channel.and_then(|index| Some(channels.get(index)?.name.clone())),
    };
    Some((annotation, is_segment.then_some(Segment { position, date })))
}

/// `20131113161403794232`: date, time and microseconds.
fn moment(text: &str) -> Option<DateTime> {
    if text.len() != 20 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i32>().ok();
    let small = |from, to| number(from, to).and_then(|n| i8::try_from(n).ok());
    let year = i16::try_from(number(0, 4)?).ok()?;
    let date = Date::new(year, small(4, 6)?, small(6, 8)?).ok()?;
    let time = jiff::civil::Time::new(small(8, 10)?, small(10, 12)?, small(12, 14)?, 0).ok()?;
    let micros = i64::from(number(14, 20)?);
    date.to_datetime(time).checked_add(SignedDuration::from_micros(micros)).ok()
}

fn before(date: DateTime, seconds: f64) -> Option<DateTime> {
    date.checked_sub(SignedDuration::from_micros((seconds * 1e6).round() as i64)).ok()
}

/// Time without samples between segments whose dates are known.
fn gaps(segments: &[Segment], rate: SampleRate) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for pair in segments.windows(2) {
        let (Some(from), Some(to)) = (pair[0].date, pair[1].date) else { continue };
        let passed_s = to.duration_since(from).as_secs_f64();
        let sampled_s = (pair[1].position - pair[0].position) as f64 / rate.hz();
        let duration_s = passed_s - sampled_s;
        // The clock of the date and that of the samples differ by less than this.
        if duration_s > 1.0 / rate.hz() {
            gaps.push(Gap { at_s: pair[1].position as f64 / rate.hz(), duration_s });
        }
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(lines: &str) -> Markers {
        let ini = Ini::decode(format!("[Marker Infos]\n{lines}").as_bytes());
        Markers::parse(&ini, SampleRate::from_hz(500.0).unwrap(), &[])
    }

    #[test]
    fn positions_count_from_one_and_commas_come_back() {
        let markers =
            parse("Mk1=Stimulus,S  1,501,1,0\nMk2=Comment,eyes\\1 open,1,0,0\nMk3=bad,x,0,1,0");
        let found: Vec<_> = markers
            .annotations
            .iter()
            .map(|a| (a.onset_s, a.duration_s, a.text.as_str()))
            .collect();
        assert_eq!(
            found,
            [(0.0, Some(0.0), "Comment/eyes, open"), (1.0, Some(0.002), "Stimulus/S  1")]
        );
        assert_eq!((markers.n_damaged, markers.start), (1, None));
    }

    #[test]
    fn dates_of_segments_give_the_start_and_the_gaps() {
        let markers = parse(
            "Mk1=New Segment,,1,1,0,20131113161403794232\n\
             Mk2=New Segment,,1001,1,0,20131113161415794232\n\
             Mk3=New Segment,,2001,1,0",
        );
        assert_eq!(markers.start.unwrap().to_string(), "2013-11-13T16:14:03.794232");
        // 12 s by the clock hold 1,000 samples, which are 2 s.
        assert_eq!(markers.gaps, [Gap { at_s: 2.0, duration_s: 10.0 }]);
        assert_eq!(markers.annotations[0].text, "New Segment");
        assert_eq!(moment("00000000000000000000"), None);
        assert_eq!(moment("2013"), None);
    }
}
