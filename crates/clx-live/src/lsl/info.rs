use std::net::Ipv4Addr;

use clx_signal::SampleRate;

use super::{ChannelFormat, Element, MAX_CHANNELS, PROTOCOL_VERSION};
use crate::LiveError;

/// What a stream is and where it is served.
///
/// ```
/// use clx_live::lsl::{ChannelFormat, StreamInfo};
/// let mut info = StreamInfo::new("Cap", "EEG", 2, 250.0, ChannelFormat::Float32, "cap-1")?;
/// info.describe_channels(&[("Fz", "microvolts"), ("Cz", "microvolts")]);
/// let read = StreamInfo::from_xml(&info.to_full_xml())?;
/// assert_eq!(read, info);
/// assert_eq!(read.channels()[1].label, "Cz");
/// # Ok::<(), clx_live::LiveError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct StreamInfo {
    pub name: String,
    /// What kind of content: `EEG`, `Markers`, `Audio`; the protocol's `type`.
    pub content: String,
    pub n_channels: usize,
    pub format: ChannelFormat,
    /// Absent for a stream without a steady rate, such as markers.
    pub rate: Option<SampleRate>,
    /// Names the device across restarts, so that a lost stream can be found again.
    pub source_id: String,
    /// Version of the protocol times 100.
    pub version: u32,
    /// On the clock of the outlet, seconds.
    pub created_at_s: f64,
    /// Of this outlet; another one after a restart.
    pub uid: String,
    pub session_id: String,
    pub hostname: String,
    pub address: Option<Ipv4Addr>,
    /// TCP port of the samples; 0 before the stream is served.
    pub data_port: u16,
    /// UDP port of the clock.
    pub service_port: u16,
    /// The free part of the description; known only after it was asked for.
    pub description: Element,
}

/// One channel as the description has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelDescription {
    pub label: String,
    pub unit: String,
    pub kind: String,
}

impl StreamInfo {
    /// A stream to be served; `rate_hz` 0 for an irregular one.
    ///
    /// # Errors
    /// [`LiveError::Parameter`] for an empty name, no channel or more than 16384, or a rate that is
    /// negative or not finite.
    pub fn new(
        name: &str,
        content: &str,
        n_channels: usize,
        rate_hz: f64,
        format: ChannelFormat,
        source_id: &str,
    ) -> Result<Self, LiveError> {
        let refuse = |name, expected, got| Err(LiveError::Parameter { name, expected, got });
        if name.is_empty() {
            return refuse("name", "a word or more", "nothing".to_owned());
        }
        if !(1..=MAX_CHANNELS).contains(&n_channels) {
            return refuse("n_channels", "from 1 to 16384", n_channels.to_string());
        }
        if !(rate_hz.is_finite() && rate_hz >= 0.0) {
            return refuse("rate_hz", "0 or a positive number", rate_hz.to_string());
        }
        Ok(Self {
            name: name.to_owned(),
            content: content.to_owned(),
            n_channels,
            format,
            rate: SampleRate::from_hz(rate_hz).ok(),
            source_id: source_id.to_owned(),
            version: PROTOCOL_VERSION,
            created_at_s: 0.0,
            uid: String::new(),
            session_id: "default".to_owned(),
            hostname: String::new(),
            address: None,
            data_port: 0,
            service_port: 0,
            description: Element::new("desc"),
        })
    }

    /// 0 for an irregular stream.
    pub fn rate_hz(&self) -> f64 {
        self.rate.map_or(0.0, SampleRate::hz)
    }

    /// Puts names and units into the description, as the XDF conventions have them.
    pub fn describe_channels(&mut self, channels: &[(&str, &str)]) {
        let channel = |(label, unit): &(&str, &str)| {
            Element::new("channel")
                .with_child(Element::with_text("label", *label))
                .with_child(Element::with_text("unit", *unit))
                .with_child(Element::with_text("type", self.content.clone()))
        };
        let children = channels.iter().map(channel).collect();
        let channels = Element { name: "channels".to_owned(), children, ..Element::default() };
        self.description.children.retain(|child| child.name != "channels");
        self.description.children.push(channels);
    }

    /// One for each channel; empty words where the description has none.
    pub fn channels(&self) -> Vec<ChannelDescription> {
        let described = self.description.child("channels").map_or(&[][..], |c| &c.children);
        let mut described = described.iter().filter(|c| c.name == "channel");
        let mut next = || {
            let channel = described.next();
            let word = |name| channel.map_or("", |c| c.child_text(name)).to_owned();
            ChannelDescription { label: word("label"), unit: word("unit"), kind: word("type") }
        };
        (0..self.n_channels).map(|_| next()).collect()
    }

    /// Reads what an outlet sent: its short description or the full one.
    ///
    /// # Errors
    /// [`LiveError::Protocol`] for text that describes no stream; [`LiveError::Limit`] for too many
    /// channels.
    pub fn from_xml(text: &str) -> Result<Self, LiveError> {
        let root = Element::parse(text)?;
        let fault = |what: &str, got: &str| {
            LiveError::Protocol(format!("the stream's {what} is `{got:.40}`"))
        };
        let word = |name: &str| root.child_text(name).to_owned();
        let number = |name: &str| -> Result<f64, LiveError> {
            let text = root.child_text(name);
            let number = text.trim().parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0);
            number.ok_or_else(|| fault(name, text))
        };
        let port = |name: &str| root.child_text(name).trim().parse::<u16>().unwrap_or(0);
        if root.name != "info" || root.child_text("name").is_empty() {
            return Err(fault("root element or name", &root.name));
        }
        let n_channels = number("channel_count")?;
        if n_channels > MAX_CHANNELS as f64 {
            let (what, limit) = ("the number of channels", MAX_CHANNELS);
            return Err(LiveError::Limit { what, limit, got: n_channels as u64 });
        }
        let format = root.child_text("channel_format");
        Ok(Self {
            name: word("name"),
            content: word("type"),
            n_channels: n_channels as usize,
            format: ChannelFormat::from_word(format).ok_or_else(|| fault("format", format))?,
            rate: SampleRate::from_hz(number("nominal_srate")?).ok(),
            source_id: word("source_id"),
            version: (number("version")? * 100.0).round() as u32,
            created_at_s: number("created_at").unwrap_or(0.0),
            uid: word("uid"),
            session_id: word("session_id"),
            hostname: word("hostname"),
            address: root.child_text("v4address").trim().parse().ok(),
            data_port: port("v4data_port"),
            service_port: port("v4service_port"),
            description: root.child("desc").cloned().unwrap_or_else(|| Element::new("desc")),
        })
    }

    /// The whole description as an XML document.
    pub fn to_full_xml(&self) -> String {
        document(&self.to_element().with_child(self.description.clone()))
    }

    /// The description without its free part, as it is sent to those who look for streams.
    pub fn to_short_xml(&self) -> String {
        document(&self.to_element().with_child(Element::new("desc")))
    }

    /// What queries look into: all but the free part.
    pub(crate) fn to_element(&self) -> Element {
        let address = self.address.map_or_else(String::new, |a| a.to_string());
        let fields = [
            ("name", self.name.clone()),
            ("type", self.content.clone()),
            ("channel_count", self.n_channels.to_string()),
            ("channel_format", self.format.as_str().to_owned()),
            ("source_id", self.source_id.clone()),
            ("nominal_srate", self.rate_hz().to_string()),
            ("version", (f64::from(self.version) / 100.0).to_string()),
            ("created_at", self.created_at_s.to_string()),
            ("uid", self.uid.clone()),
            ("session_id", self.session_id.clone()),
            ("hostname", self.hostname.clone()),
            ("v4address", address),
            ("v4data_port", self.data_port.to_string()),
            ("v4service_port", self.service_port.to_string()),
            ("v6address", String::new()),
            ("v6data_port", "0".to_owned()),
            ("v6service_port", "0".to_owned()),
        ];
        let children = fields.into_iter().map(|(name, text)| Element::with_text(name, text));
        Element { name: "info".to_owned(), children: children.collect(), ..Element::default() }
    }
}

fn document(root: &Element) -> String {
    let mut text = "<?xml version=\"1.0\"?>\n".to_owned();
    root.write(&mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(channel_count: &str, rate: &str, format: &str) -> String {
        format!(
            "<info><name>n</name><channel_count>{channel_count}</channel_count>\
             <nominal_srate>{rate}</nominal_srate><channel_format>{format}</channel_format>\
             <version>1.1000000000000001</version></info>"
        )
    }

    #[test]
    fn a_short_description_without_optional_fields_is_read() {
        let info = StreamInfo::from_xml(&xml("8", "250.0000000000000", "float32")).unwrap();
        assert_eq!((info.n_channels, info.rate_hz(), info.version), (8, 250.0, 110));
        assert_eq!(info.channels().len(), 8);
    }

    #[test]
    fn descriptions_that_cannot_be_are_refused() {
        for (count, rate, format) in [
            ("-1", "250", "float32"),
            ("1e9", "250", "float32"),
            ("x", "250", "float32"),
            ("8", "nan", "float32"),
            ("8", "-1", "float32"),
            ("8", "250", "undefined"),
        ] {
            assert!(
                StreamInfo::from_xml(&xml(count, rate, format)).is_err(),
                "{count} {rate} {format}"
            );
        }
        assert!(StreamInfo::from_xml("<other><name>n</name></other>").is_err());
    }

    #[test]
    fn an_irregular_stream_has_no_rate() {
        assert_eq!(StreamInfo::from_xml(&xml("1", "0", "string")).unwrap().rate, None);
    }

    #[test]
    fn a_stream_that_cannot_be_served_is_refused() {
        let new = |name, n, hz| StreamInfo::new(name, "EEG", n, hz, ChannelFormat::Int16, "s");
        assert!(new("", 1, 1.0).is_err());
        assert!(new("n", 0, 1.0).is_err());
        assert!(new("n", MAX_CHANNELS + 1, 1.0).is_err());
        assert!(new("n", 1, f64::NAN).is_err());
    }
}
