//! What the XML of file header, stream header and stream footer says.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements nested deeper than this are not looked at.
const MAX_DEPTH: usize = 32;

/// Longest XML that is read; a description of a thousand channels has about 300 kB.
pub(super) const MAX_XML_BYTES: u64 = 4 << 20;

/// Most channels a stream may announce.
const MAX_CHANNELS: usize = 10_000;

/// How the samples of a stream are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SampleType {
    Int8,
    Int16,
    Int32,
    Int64,
    Float32,
    Double64,
    String,
}

impl SampleType {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "int8" => Self::Int8,
            "int16" => Self::Int16,
            "int32" => Self::Int32,
            "int64" => Self::Int64,
            "float32" => Self::Float32,
            "double64" => Self::Double64,
            "string" => Self::String,
            _ => return None,
        })
    }

    /// Bytes of one value; 0 for text, whose length stands before it.
    pub(super) const fn width(self) -> usize {
        match self {
            Self::Int8 => 1,
            Self::Int16 => 2,
            Self::Int32 | Self::Float32 => 4,
            Self::Int64 | Self::Double64 => 8,
            Self::String => 0,
        }
    }

    pub(super) const fn is_integer(self) -> bool {
        matches!(self, Self::Int8 | Self::Int16 | Self::Int32)
    }
}

/// One entry of `desc/channels`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ChannelEntry {
    pub(super) label: String,
    pub(super) kind: String,
    pub(super) unit: String,
}

/// A stream header.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Description {
    pub(super) name: String,
    /// Content type such as `EEG` or `Markers`.
    pub(super) kind: String,
    pub(super) n_channels: usize,
    /// 0 for a stream without a rate.
    pub(super) nominal_hz: f64,
    pub(super) sample_type: SampleType,
    pub(super) channels: Vec<ChannelEntry>,
    /// Texts of the elements about a person.
    pub(super) person: String,
}

impl Description {
    /// `None` when the XML lacks what is needed to decode samples.
    pub(super) fn parse(xml: &[u8]) -> Option<Self> {
        let mut name = String::new();
        let mut kind = String::new();
        let (mut n_channels, mut nominal_hz, mut sample_type) = (None, None, None);
        let mut channels: Vec<ChannelEntry> = Vec::new();
        let mut person = String::new();
        walk(xml, |path, text| match (path, text) {
            (["info", "desc", "channels", "channel"], None) if channels.len() < MAX_CHANNELS => {
                channels.push(ChannelEntry::default());
            }
            (path, Some(text)) if path.iter().any(|name| is_personal(name)) => {
                person.push_str(if person.is_empty() { "" } else { " " });
                person.push_str(text);
            }
            (["info", "desc", "channels", "channel", field], Some(text)) => {
                if let Some(channel) = channels.last_mut() {
                    match *field {
                        "label" => text.clone_into(&mut channel.label),
                        "type" => text.clone_into(&mut channel.kind),
                        "unit" => text.clone_into(&mut channel.unit),
                        _ => {}
                    }
                }
            }
            (["info", field], Some(text)) => match *field {
                "name" => text.clone_into(&mut name),
                "type" => text.clone_into(&mut kind),
                "channel_count" => n_channels = text.parse().ok(),
                "nominal_srate" => nominal_hz = text.parse().ok(),
                "channel_format" => sample_type = SampleType::parse(text),
                _ => {}
            },
            _ => {}
        });
        let nominal_hz = nominal_hz.filter(|hz: &f64| hz.is_finite() && *hz >= 0.0);
        Some(Self {
            name,
            kind,
            n_channels: n_channels.filter(|n| (1..=MAX_CHANNELS).contains(n))?,
            nominal_hz: nominal_hz.unwrap_or(0.0),
            sample_type: sample_type?,
            channels,
            person,
        })
    }
}

/// The text of `info/FIELD`, as `datetime` of a file header or `sample_count` of a footer.
pub(super) fn field(xml: &[u8], field: &str) -> Option<String> {
    let mut found = None;
    walk(xml, |path, text| {
        if let (["info", name], Some(text)) = (path, text)
            && *name == field
        {
            found = Some(text.to_owned());
        }
    });
    found
}

/// Elements in which LSL's conventions and recording programs put what is about a person.
fn is_personal(name: &str) -> bool {
    const NAMES: [&str; 5] = ["subject", "participant", "patient", "experimenter", "operator"];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn is_personal_tag(tag: &BytesStart<'_>) -> bool {
    std::str::from_utf8(tag.local_name().as_ref()).is_ok_and(is_personal)
}

/// The bytes between the tags of the outermost elements about a person; to the end of `xml` where
/// it is cut or faulty within one.
pub(super) fn personal_ranges(xml: &[u8]) -> Vec<Range<usize>> {
    let mut reader = Reader::from_reader(xml);
    let mut ranges = Vec::new();
    // Where the element begins, and how many elements are open inside it.
    let mut open: Option<(usize, usize)> = None;
    loop {
        let before = reader.buffer_position() as usize;
        match (reader.read_event(), open) {
            (Ok(Event::Eof) | Err(_), _) => {
                ranges.extend(open.map(|(from, _)| from..xml.len()));
                return ranges;
            }
            (Ok(Event::Start(tag)), None) if is_personal_tag(&tag) => {
                open = Some((reader.buffer_position() as usize, 0));
            }
            (Ok(Event::Start(_)), Some((from, depth))) => open = Some((from, depth + 1)),
            (Ok(Event::End(_)), Some((from, 0))) => {
                ranges.push(from..before);
                open = None;
            }
            (Ok(Event::End(_)), Some((from, depth))) => open = Some((from, depth - 1)),
            _ => {}
        }
    }
}

/// Calls `each(path, None)` where an element opens and `each(path, Some(text))` where one closes
/// that has text. Stops at the first fault: what was read until then counts.
fn walk(xml: &[u8], mut each: impl FnMut(&[&str], Option<&str>)) {
    let xml = String::from_utf8_lossy(xml);
    let mut reader = Reader::from_str(&xml);
    let mut path: Vec<String> = Vec::new();
    let mut text = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                if path.len() == MAX_DEPTH {
                    return;
                }
                path.push(String::from_utf8_lossy(tag.local_name().as_ref()).into_owned());
                text.clear();
                call(&path, None, &mut each);
            }
            Ok(Event::Text(part)) => text.push_str(&part.decode().unwrap_or_default()),
            Ok(Event::GeneralRef(entity)) => {
                if let Ok(Some(c)) = entity.resolve_char_ref() {
                    text.push(c);
                } else if let Ok(name) = entity.decode() {
                    text.push_str(
                        quick_xml::escape::resolve_predefined_entity(&name).unwrap_or_default(),
                    );
                }
            }
            Ok(Event::End(_)) => {
                if !text.trim().is_empty() {
                    call(&path, Some(text.trim()), &mut each);
                }
                text.clear();
                path.pop();
            }
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

fn call(path: &[String], text: Option<&str>, each: &mut impl FnMut(&[&str], Option<&str>)) {
    let mut names = [""; MAX_DEPTH];
    for (name, part) in names.iter_mut().zip(path) {
        *name = part;
    }
    each(&names[..path.len()], text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_header_gives_channels_with_labels_types_and_units() {
        let xml = b"<?xml version=\"1.0\"?><info><name>A &amp; B</name><type>EEG</type>\
            <channel_count>2</channel_count><nominal_srate>250</nominal_srate>\
            <channel_format>float32</channel_format><desc><channels>\
            <channel><label>Fp1</label><unit>microvolts</unit><type>EEG</type></channel>\
            <channel><label>X</label></channel></channels></desc></info>";
        let d = Description::parse(xml).unwrap();
        assert_eq!((d.name.as_str(), d.n_channels, d.nominal_hz), ("A & B", 2, 250.0));
        assert_eq!(d.channels[0].unit, "microvolts");
        assert_eq!(d.channels[1].label, "X");
        assert_eq!(Description::parse(b"<info><name>x</name></info>"), None);
        assert_eq!(Description::parse(b"<info><"), None);
    }

    #[test]
    fn what_is_about_a_person_is_found_and_leaves_valid_xml() {
        let mut xml = b"<info><name>A</name><channel_count>1</channel_count>\
            <channel_format>int8</channel_format><desc><Subject><id>S7</id><age>44</age></Subject>\
            <channels/></desc></info>"
            .to_vec();
        assert_eq!(Description::parse(&xml).unwrap().person, "S7 44");
        let ranges = personal_ranges(&xml);
        assert_eq!(
            ranges.iter().map(|r| &xml[r.clone()]).collect::<Vec<_>>(),
            [b"<id>S7</id><age>44</age>"]
        );
        xml[ranges[0].clone()].fill(b' ');
        let blank = Description::parse(&xml).unwrap();
        assert_eq!((blank.name.as_str(), blank.person.as_str()), ("A", ""));
        assert_eq!(personal_ranges(b"<info><subject><id>S7</").first(), Some(&(15..23)));
    }
}
