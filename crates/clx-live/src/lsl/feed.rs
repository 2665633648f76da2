//! The head of a feed: what the inlet asks for and what the outlet answers.

use super::{ByteOrder, PROTOCOL_VERSION, StreamInfo};
use crate::LiveError;

/// An inlet's request for the samples of a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedRequest {
    /// Version of the protocol times 100.
    pub version: u32,
    /// Of the outlet that is meant; empty for whichever is there.
    pub uid: String,
    pub byte_order: ByteOrder,
    /// Bytes of one value of the format; 0 for strings.
    pub value_size: usize,
    pub has_ieee754_floats: bool,
    /// Samples that the outlet may keep for this inlet; 0 ends the feed after the test pattern.
    pub max_buffer: u64,
}

/// What the outlet answers.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedAnswer {
    /// 200, or why there is no feed.
    pub status: u32,
    pub message: String,
    pub uid: String,
    pub byte_order: ByteOrder,
    pub data_version: u32,
}

impl FeedRequest {
    /// The request for `info`, from a machine such as this one.
    pub fn for_stream(info: &StreamInfo, max_buffer: u64) -> Self {
        Self {
            version: PROTOCOL_VERSION,
            uid: info.uid.clone(),
            byte_order: ByteOrder::NATIVE,
            value_size: info.format.size_bytes(),
            has_ieee754_floats: true,
            max_buffer,
        }
    }

    /// The lines to send. `info` is that of the stream asked for.
    pub fn to_text(&self, info: &StreamInfo) -> String {
        let line = |text: &str| text.replace(['\r', '\n'], " ");
        format!(
            "LSL:streamfeed/{version} {uid}\r\n\
             Native-Byte-Order: {order}\r\n\
             Endian-Performance: 0\r\n\
             Has-IEEE754-Floats: {floats}\r\n\
             Supports-Subnormals: 1\r\n\
             Value-Size: {size}\r\n\
             Data-Protocol-Version: {version}\r\n\
             Max-Buffer-Length: {buffer}\r\n\
             Max-Chunk-Length: 0\r\n\
             Hostname: {host}\r\n\
             Source-Id: {source}\r\n\
             Session-Id: {session}\r\n\r\n",
            version = self.version,
            uid = line(&self.uid),
            order = self.byte_order.number(),
            floats = u8::from(self.has_ieee754_floats),
            size = self.value_size,
            buffer = self.max_buffer,
            host = line(&info.hostname),
            source = line(&info.source_id),
            session = line(&info.session_id),
        )
    }

    /// Reads a request: its first line, and the lines of its head.
    ///
    /// # Errors
    /// [`LiveError::Protocol`] for a first line that is none, or a figure that is no number.
    pub fn parse(first: &str, head: &[String]) -> Result<Self, LiveError> {
        let fault =
            |line: &str| LiveError::Protocol(format!("`{line:.60}` is no request of a feed"));
        let rest = first.strip_prefix("LSL:streamfeed/").ok_or_else(|| fault(first))?;
        let (version, uid) = rest.split_once(' ').unwrap_or((rest, ""));
        let mut request = Self {
            version: version.trim().parse().map_err(|_unread| fault(first))?,
            uid: uid.trim().to_owned(),
            byte_order: ByteOrder::Little,
            value_size: 0,
            has_ieee754_floats: true,
            max_buffer: 0,
        };
        for (key, value, line) in fields(head) {
            let number = || value.parse::<u64>().map_err(|_unread| fault(line));
            match key.as_str() {
                "native-byte-order" => {
                    let order = u32::try_from(number()?).ok().and_then(ByteOrder::from_number);
                    request.byte_order = order.ok_or_else(|| fault(line))?;
                }
                "has-ieee754-floats" => request.has_ieee754_floats = truth(value),
                "value-size" => request.value_size = number()? as usize,
                "max-buffer-length" => request.max_buffer = number()?,
                _ => {}
            }
        }
        Ok(request)
    }
}

impl FeedAnswer {
    /// What an outlet of `info` answers to `request`: always in the byte order of the inlet.
    pub fn to_request(request: &FeedRequest, info: &StreamInfo) -> Self {
        let sizes_differ = info.format.size_bytes() > 0
            && request.value_size > 0
            && request.value_size != info.format.size_bytes();
        let (status, message) = if !request.uid.is_empty() && request.uid != info.uid {
            (404, "Not found")
        } else if request.version / 100 != PROTOCOL_VERSION / 100 || request.version < 110 {
            (505, "Version not supported")
        } else if sizes_differ || !request.has_ieee754_floats {
            // liblsl would fall back to protocol 1.00, which is not spoken here.
            (505, "Number format not supported")
        } else {
            (200, "OK")
        };
        Self {
            status,
            message: message.to_owned(),
            uid: info.uid.clone(),
            byte_order: request.byte_order,
            data_version: PROTOCOL_VERSION,
        }
    }

    /// The lines to send.
    pub fn to_text(&self) -> String {
        let status = format!("LSL/{PROTOCOL_VERSION} {} {}\r\n", self.status, self.message);
        if self.status != 200 {
            return status + "\r\n";
        }
        format!(
            "{status}UID: {}\r\nByte-Order: {}\r\nSuppress-Subnormals: 0\r\n\
             Data-Protocol-Version: {}\r\n\r\n",
            self.uid,
            self.byte_order.number(),
            self.data_version
        )
    }

    /// Reads an answer: the status line and the lines of its head.
    ///
    /// # Errors
    /// [`LiveError::Protocol`] for lines that are no answer, or one of a protocol not spoken here.
    pub fn parse(first: &str, head: &[String]) -> Result<Self, LiveError> {
        let fault =
            |line: &str| LiveError::Protocol(format!("`{line:.60}` is no answer to a feed"));
        let mut words = first.strip_prefix("LSL/").ok_or_else(|| fault(first))?.splitn(3, ' ');
        let mut number = || words.next().and_then(|w| w.parse::<u32>().ok());
        let (Some(_version), Some(status)) = (number(), number()) else { return Err(fault(first)) };
        let mut answer = Self {
            status,
            message: words.next().unwrap_or_default().to_owned(),
            uid: String::new(),
            byte_order: ByteOrder::NATIVE,
            data_version: 100,
        };
        for (key, value, line) in fields(head) {
            let number = || value.parse::<u32>().map_err(|_unread| fault(line));
            match key.as_str() {
                "uid" => answer.uid = value.to_owned(),
                "byte-order" => {
                    let order = ByteOrder::from_number(number()?);
                    answer.byte_order = order.ok_or_else(|| fault(line))?;
                }
                "data-protocol-version" => answer.data_version = number()?,
                _ => {}
            }
        }
        Ok(answer)
    }
}

/// Lower-case key, value and whole line of each `Key: value ; comment`.
fn fields(head: &[String]) -> impl Iterator<Item = (String, &str, &str)> {
    head.iter().filter_map(|line| {
        let text = line.split(';').next().unwrap_or_default();
        let (key, value) = text.split_once(':')?;
        Some((key.trim().to_lowercase(), value.trim(), line.as_str()))
    })
}

fn truth(value: &str) -> bool {
    value == "1" || value.eq_ignore_ascii_case("true")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsl::ChannelFormat;

    fn info() -> StreamInfo {
        let mut info =
            StreamInfo::new("n", "EEG", 2, 100.0, ChannelFormat::Int16, "s\r\nUID: x").unwrap();
        info.uid = "u-1".to_owned();
        info
    }

    fn lines(text: &str) -> (String, Vec<String>) {
        let mut lines = text.lines().map(str::to_owned);
        (lines.next().unwrap(), lines.take_while(|l| !l.is_empty()).collect())
    }

    #[test]
    fn a_request_survives_the_way_and_smuggles_no_line() {
        let request = FeedRequest::for_stream(&info(), 360);
        let (first, head) = lines(&request.to_text(&info()));
        assert_eq!(FeedRequest::parse(&first, &head).unwrap(), request);
        assert_eq!(head.len(), 11);
    }

    #[test]
    fn an_answer_survives_the_way() {
        let request =
            FeedRequest { byte_order: ByteOrder::Big, ..FeedRequest::for_stream(&info(), 1) };
        let answer = FeedAnswer::to_request(&request, &info());
        assert_eq!((answer.status, answer.byte_order), (200, ByteOrder::Big));
        let (first, head) = lines(&answer.to_text());
        assert_eq!(FeedAnswer::parse(&first, &head).unwrap(), answer);
    }

    #[test]
    fn what_cannot_be_served_has_its_status() {
        let good = FeedRequest::for_stream(&info(), 1);
        let status = |request: FeedRequest| FeedAnswer::to_request(&request, &info()).status;
        assert_eq!(status(FeedRequest { uid: "other".to_owned(), ..good.clone() }), 404);
        assert_eq!(status(FeedRequest { version: 210, ..good.clone() }), 505);
        assert_eq!(status(FeedRequest { version: 100, ..good.clone() }), 505);
        assert_eq!(status(FeedRequest { value_size: 4, ..good.clone() }), 505);
        assert_eq!(status(FeedRequest { uid: String::new(), ..good }), 200);
    }

    #[test]
    fn lines_that_are_no_request_are_refused() {
        for first in ["", "LSL:streamfeed", "LSL:streamfeed/x", "GET / HTTP/1.1"] {
            assert!(FeedRequest::parse(first, &[]).is_err(), "{first}");
        }
        let head = ["Native-Byte-Order: 17".to_owned()];
        assert!(FeedRequest::parse("LSL:streamfeed/110 u", &head).is_err());
        for first in ["", "LSL/110", "LSL/110 x OK", "HTTP/1.1 200 OK"] {
            assert!(FeedAnswer::parse(first, &[]).is_err(), "{first}");
        }
    }
}
