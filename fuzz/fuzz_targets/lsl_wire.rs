//! Any bytes as what an LSL peer sends: samples, heads, descriptions, queries.
#![no_main]

use clx_live::lsl::{
    ByteOrder, ChannelFormat, Decoder, FeedAnswer, FeedRequest, Query, StreamInfo, Values,
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    let format = ChannelFormat::ALL[usize::from(choice) % 7];
    let order = if choice & 0x80 == 0 { ByteOrder::Little } else { ByteOrder::Big };
    samples(rest, format, 1 + usize::from(choice >> 3 & 7), order);
    let text = String::from_utf8_lossy(rest);
    let mut lines = text.lines().map(str::to_owned);
    let first = lines.next().unwrap_or_default();
    let head: Vec<String> = lines.collect();
    // An error is a fine answer; a panic or a runaway allocation is not.
    let _request = FeedRequest::parse(&first, &head);
    let _answer = FeedAnswer::parse(&first, &head);
    let info = StreamInfo::from_xml(&text);
    if let (Ok(info), Ok(query)) = (&info, Query::parse(&first)) {
        query.matches(info);
    }
    if let Ok(info) = info {
        let again = StreamInfo::from_xml(&info.to_full_xml()).expect("what was read can be written");
        assert_eq!(again.n_channels, info.n_channels);
    }
});

fn samples(bytes: &[u8], format: ChannelFormat, n_channels: usize, order: ByteOrder) {
    let decoder = Decoder::new(format, n_channels, order).expect("few channels");
    let mut values = Values::empty(format);
    let mut at = 0;
    while let Ok(Some((taken, _))) = decoder.take(&bytes[at..], &mut values) {
        at += taken;
        assert!(at <= bytes.len() && values.len() % n_channels == 0);
    }
}
