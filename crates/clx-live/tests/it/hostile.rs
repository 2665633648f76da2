use std::net::Ipv4Addr;

use clx_live::LiveError;
use clx_live::lsl::{
    ChannelFormat, Inlet, InletParams, Outlet, OutletParams, StreamInfo, Values, describe,
    encode_sample, test_pattern,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};

const ANSWER: &str =
    "LSL/110 200 OK\r\nUID: u\r\nByte-Order: 1234\r\nData-Protocol-Version: 110\r\n\r\n";

/// A stream whose outlet sends `bytes` to whoever connects, and then closes.
async fn stream_of(bytes: Vec<u8>, format: ChannelFormat) -> StreamInfo {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let mut info = StreamInfo::new("hostile", "EEG", 2, 100.0, format, "s").unwrap();
    info.data_port = listener.local_addr().unwrap().port();
    (info.uid, info.address) = ("u".to_owned(), Some(Ipv4Addr::LOCALHOST));
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // The other side may hang up before all is written.
        if stream.write_all(&bytes).await.is_ok() {
            drop(stream.shutdown().await);
            let mut rest = Vec::new();
            drop(stream.read_to_end(&mut rest).await);
        }
    });
    info
}

fn head_and_pattern(format: ChannelFormat) -> Vec<u8> {
    let mut bytes = ANSWER.as_bytes().to_vec();
    for offset in [4, 2] {
        let values = test_pattern(format, 2, offset);
        let order = clx_live::lsl::ByteOrder::Little;
        encode_sample(&mut bytes, Some(123_456.789), &values, 0..2, order);
    }
    bytes
}

#[track_caller]
fn assert_protocol(result: Result<Inlet, LiveError>) {
    match result {
        Err(LiveError::Protocol(_) | LiveError::Limit { .. } | LiveError::Lost(_)) => {}
        other => panic!("{other:?}"),
    }
}

async fn connect(bytes: impl Into<Vec<u8>>) -> Result<Inlet, LiveError> {
    let info = stream_of(bytes.into(), ChannelFormat::Int16).await;
    Inlet::connect(&info, InletParams::default()).await
}

#[tokio::test]
async fn an_outlet_that_talks_nonsense_is_an_error() {
    assert_protocol(connect("").await);
    assert_protocol(connect("HTTP/1.1 200 OK\r\n\r\n").await);
    assert_protocol(connect(ANSWER).await);
    assert_protocol(connect(ANSWER.replace("UID: u", "UID: v")).await);
    assert_protocol(connect(ANSWER.replace("110\r\n\r\n", "100\r\n\r\n")).await);
    assert_protocol(connect(ANSWER.replace("1234", "3412")).await);
}

#[tokio::test]
async fn endless_heads_are_cut_off() {
    assert_protocol(connect(vec![b'x'; 1 << 20]).await);
    let lines = "Key: value\r\n".repeat(10_000);
    assert_protocol(connect(format!("LSL/110 200 OK\r\n{lines}")).await);
}

#[tokio::test]
async fn another_test_pattern_is_refused() {
    let mut bytes = head_and_pattern(ChannelFormat::Int16);
    *bytes.last_mut().unwrap() ^= 1;
    let refused = connect(bytes).await.unwrap_err();
    assert!(refused.to_string().contains("test pattern"), "{refused}");
}

#[tokio::test]
async fn a_feed_that_breaks_off_within_a_sample_is_lost() {
    let mut bytes = head_and_pattern(ChannelFormat::Int16);
    bytes.extend([1, 0, 0, 7, 0, 1, 0]);
    let mut inlet = connect(bytes).await.unwrap();
    assert_eq!(inlet.pull().await.unwrap().values, Values::Int16(vec![0, 7]));
    assert!(matches!(inlet.pull().await, Err(LiveError::Lost(_))));
}

#[tokio::test]
async fn a_string_longer_than_the_limit_is_refused_before_it_arrives() {
    let mut bytes = head_and_pattern(ChannelFormat::Text);
    bytes.extend([1, 8]);
    bytes.extend((1_u64 << 40).to_le_bytes());
    let info = stream_of(bytes, ChannelFormat::Text).await;
    let mut inlet = Inlet::connect(&info, InletParams::default()).await.unwrap();
    assert!(matches!(inlet.pull().await, Err(LiveError::Limit { .. })));
}

#[tokio::test]
async fn a_description_without_end_is_cut_off() {
    let info = stream_of(vec![b'<'; 5 << 20], ChannelFormat::Int16).await;
    let refused = describe(&info, InletParams::default()).await;
    assert!(matches!(refused, Err(LiveError::Limit { .. })), "{refused:?}");
}

#[tokio::test]
async fn an_outlet_that_never_answers_times_out() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let mut info = StreamInfo::new("mute", "EEG", 2, 100.0, ChannelFormat::Int16, "s").unwrap();
    info.data_port = listener.local_addr().unwrap().port();
    let params = InletParams { connect_timeout_s: 0.05, ..InletParams::default() };
    let refused = Inlet::connect(&info, params).await;
    assert!(matches!(refused, Err(LiveError::Timeout { .. })), "{refused:?}");
}

#[tokio::test]
async fn inlets_that_talk_nonsense_do_not_trouble_the_others() {
    let name = format!("steadfast {}", std::process::id());
    let info = StreamInfo::new(&name, "EEG", 2, 100.0, ChannelFormat::Int16, "s").unwrap();
    let outlet = Outlet::serve(info, &OutletParams::default()).await.unwrap();
    let port = outlet.info().data_port;
    for bytes in [
        &b""[..],
        b"\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"LSL:streamfeed/999 x\r\n\r\n",
        b"LSL:streamfeed/110\r\nNative-Byte-Order: x\r\n\r\n",
        b"LSL:shortinfo\r\n((((\r\n",
        &[0xff; 100_000],
    ] {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        // The outlet may hang up before all is written.
        drop(stream.write_all(bytes).await);
        drop(stream.shutdown().await);
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer).await);
    }
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    for datagram in [&b""[..], b"LSL:shortinfo", b"LSL:timedata\r\nx", &[0xff; 9000]] {
        socket.send_to(datagram, (Ipv4Addr::LOCALHOST, outlet.info().service_port)).await.unwrap();
    }
    let mut stream = outlet.info().clone();
    stream.address = Some(Ipv4Addr::LOCALHOST);
    let mut inlet = Inlet::connect(&stream, InletParams::default()).await.unwrap();
    inlet.wait_for_clock(20.0).await.unwrap();
    outlet.wait_for_inlet(20.0).await.unwrap();
    outlet.push(Values::Int16(vec![1, 2]), Some(3.0)).unwrap();
    assert_eq!(inlet.pull().await.unwrap().sent_s, [3.0]);
}
