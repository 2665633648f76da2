//! Bytes that liblsl sent, recorded by `tests/fixtures/lsl_feed.py`.

use clx_live::lsl::{
    ByteOrder, ChannelFormat, Decoder, FeedAnswer, FeedRequest, Query, StreamInfo, Values,
    encode_sample, test_pattern,
};
use clx_signal::rng::SplitMix64;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Recording {
    format: String,
    order: u32,
    uid: String,
    head: String,
    body: String,
    rows: Vec<Vec<Value>>,
    stamps: Vec<f64>,
    xml: String,
}

fn recordings() -> Vec<Recording> {
    serde_json::from_str(include_str!("../fixtures/lsl_feed.json")).unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().map(|b| (b as char).to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect()
}

/// What the script sent, in the format of the stream.
pub(crate) fn values(format: ChannelFormat, rows: &[Vec<Value>]) -> Values {
    let all = || rows.iter().flatten();
    let int = |v: &Value| v.as_i64().unwrap();
    match format {
        ChannelFormat::Float32 => {
            Values::Float32(all().map(|v| v.as_f64().unwrap() as f32).collect())
        }
        ChannelFormat::Double64 => Values::Double64(all().map(|v| v.as_f64().unwrap()).collect()),
        ChannelFormat::Text => {
            Values::Text(all().map(|v| v.as_str().unwrap().to_owned()).collect())
        }
        ChannelFormat::Int32 => Values::Int32(all().map(|v| int(v) as i32).collect()),
        ChannelFormat::Int16 => Values::Int16(all().map(|v| int(v) as i16).collect()),
        ChannelFormat::Int8 => Values::Int8(all().map(|v| int(v) as i8).collect()),
        ChannelFormat::Int64 => Values::Int64(all().map(int).collect()),
    }
}

/// All samples of a body after the test pattern, with stamps; those left out follow from the rate.
fn decode(recording: &Recording, order: ByteOrder) -> (Values, Vec<Option<f64>>) {
    let format = ChannelFormat::from_word(&recording.format).unwrap();
    let n = recording.rows[0].len();
    let decoder = Decoder::new(format, n, order).unwrap();
    let body = bytes(&recording.body);
    let mut at = 0;
    for offset in [4, 2] {
        let mut pattern = Values::empty(format);
        let (taken, stamp) = decoder.take(&body[at..], &mut pattern).unwrap().unwrap();
        assert_eq!(stamp, Some(123_456.789));
        assert_eq!(pattern, test_pattern(format, n, offset), "{}", recording.format);
        at += taken;
    }
    let mut values = Values::empty(format);
    let mut stamps = Vec::new();
    while let Some((taken, stamp)) = decoder.take(&body[at..], &mut values).unwrap() {
        stamps.push(stamp);
        at += taken;
    }
    assert_eq!(at, body.len());
    (values, stamps)
}

fn answer(recording: &Recording) -> FeedAnswer {
    let mut lines = recording.head.lines().map(str::to_owned);
    let first = lines.next().unwrap();
    FeedAnswer::parse(&first, &lines.collect::<Vec<_>>()).unwrap()
}

#[test]
fn the_answers_of_liblsl_are_understood() {
    for recording in recordings() {
        let answer = answer(&recording);
        assert_eq!((answer.status, answer.data_version), (200, 110));
        assert_eq!(answer.uid, recording.uid);
        // liblsl does not turn bytes and strings around.
        let turned =
            recording.order == 4321 && !["int8", "string"].contains(&&recording.format[..]);
        let expected = if turned { ByteOrder::Big } else { ByteOrder::Little };
        assert_eq!(answer.byte_order, expected, "{}", recording.format);
    }
}

#[test]
fn the_samples_of_liblsl_are_read_value_by_value() {
    for recording in recordings() {
        let format = ChannelFormat::from_word(&recording.format).unwrap();
        let (got, stamps) = decode(&recording, answer(&recording).byte_order);
        assert_eq!(got, values(format, &recording.rows), "{}", recording.format);
        let mut last = 0.0;
        for (stamp, expected) in stamps.iter().zip(&recording.stamps) {
            last = stamp.unwrap_or(last + 1.0 / 100.0);
            assert_eq!(last, *expected);
        }
        assert_eq!(stamps.len(), recording.stamps.len());
    }
}

#[test]
fn we_write_the_bytes_that_liblsl_writes() {
    for recording in recordings() {
        let order = answer(&recording).byte_order;
        let (values, stamps) = decode(&recording, order);
        let n = recording.rows[0].len();
        let mut written = Vec::new();
        for offset in [4, 2] {
            let pattern = test_pattern(values.format(), n, offset);
            encode_sample(&mut written, Some(123_456.789), &pattern, 0..n, order);
        }
        for (i, stamp) in stamps.iter().enumerate() {
            encode_sample(&mut written, *stamp, &values, i * n..(i + 1) * n, order);
        }
        assert_eq!(written, bytes(&recording.body), "{} {order:?}", recording.format);
    }
}

#[test]
fn the_descriptions_of_liblsl_are_read() {
    for recording in recordings() {
        let info = StreamInfo::from_xml(&recording.xml).unwrap();
        assert_eq!(info.uid, recording.uid);
        assert_eq!(info.format.as_str(), recording.format);
        assert_eq!((info.n_channels, info.rate_hz()), (recording.rows[0].len(), 100.0));
        assert_eq!((info.version, info.channels()[0].label.as_str()), (110, "Fz"));
        assert!(info.data_port > 0 && info.service_port > 0 && info.created_at_s > 0.0);
    }
}

/// Changes, drops or repeats a few bytes.
fn mutate(bytes: &[u8], rng: &mut SplitMix64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=rng.next_index(4) {
        let at = rng.next_index(bytes.len());
        match rng.next_index(4) {
            0 => bytes[at] = rng.next_u64() as u8,
            1 => bytes[at] ^= 1 << rng.next_index(8),
            2 => bytes.truncate(at.max(1)),
            _ => {
                let part = bytes[at..bytes.len().min(at + 40)].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

#[test]
fn a_thousand_mutations_of_each_recording_give_samples_or_errors() {
    let mut rng = SplitMix64::new(5);
    for recording in recordings() {
        let format = ChannelFormat::from_word(&recording.format).unwrap();
        let (n, body) = (recording.rows[0].len(), bytes(&recording.body));
        for _ in 0..1000 {
            let mutant = mutate(&body, &mut rng);
            let decoder = Decoder::new(format, n, ByteOrder::Little).unwrap();
            let (mut values, mut at) = (Values::empty(format), 0);
            while let Ok(Some((taken, _))) = decoder.take(&mutant[at..], &mut values) {
                at += taken;
            }
            assert!(at <= mutant.len() && values.len() % n == 0);
            let text = mutate(recording.xml.as_bytes(), &mut rng);
            if let Ok(info) = StreamInfo::from_xml(&String::from_utf8_lossy(&text)) {
                assert!(info.n_channels <= clx_live::lsl::MAX_CHANNELS);
                Query::parse("desc/channels/channel/label='Fz'").unwrap().matches(&info);
            }
            let head = mutate(recording.head.as_bytes(), &mut rng);
            let lines: Vec<String> =
                String::from_utf8_lossy(&head).lines().map(str::to_owned).collect();
            let first = lines.first().map_or("", |line| line);
            let _either = (FeedAnswer::parse(first, &lines), FeedRequest::parse(first, &lines));
        }
    }
}
