//! Lab Streaming Layer, protocol 1.10: finding streams, receiving and sending them.
//!
//! Our own implementation over tokio, interoperable with liblsl 1.13 and later over IPv4. Not spoken:
//! protocol 1.00 (liblsl before 2013), IPv6. What arrives from the network is untrusted: every
//! length is checked against a limit before memory is taken for it, and a fault of the other side is
//! an error, never a panic.
//!
//! The protocol in short: an outlet answers `LSL:shortinfo` and `LSL:timedata` datagrams on its
//! service port and on the multicast port 16571; over TCP on its data port it answers `LSL:fullinfo`
//! with its description and `LSL:streamfeed/110` with headers, two samples of a known pattern, and
//! then the samples of the stream.
//!
//! # Source
//! <https://labstreaminglayer.readthedocs.io/dev/>; the wire format as liblsl 1.16 (MIT) writes it,
//! recorded in `tests/fixtures/lsl_feed.json`.

mod codec;
mod discovery;
mod feed;
mod info;
mod inlet;
mod line;
mod now;
mod outlet;
mod pattern;
mod query;
mod responder;
mod timesync;
mod values;
mod xml;

pub use codec::{ByteOrder, Decoder, encode_sample};
pub use discovery::{Discovery, resolve};
pub use feed::{FeedAnswer, FeedRequest};
pub use info::{ChannelDescription, StreamInfo};
pub use inlet::{Chunk, Inlet, InletParams, describe};
pub use now::now_s;
pub use outlet::{Outlet, OutletParams, OutletStats};
pub use pattern::test_pattern;
pub use query::Query;
pub use values::{ChannelFormat, Values};
pub use xml::Element;

/// Port on which outlets listen for multicast questions. liblsl's `MulticastPort`.
pub const MULTICAST_PORT: u16 = 16571;
/// First of the ports that outlets take. liblsl's `BasePort`.
pub const BASE_PORT: u16 = 16572;
/// How many ports from [`BASE_PORT`] on. liblsl's `PortRange`.
pub const PORT_RANGE: u16 = 32;
/// The protocol's version times 100.
pub const PROTOCOL_VERSION: u32 = 110;

/// Most channels of a stream.
pub const MAX_CHANNELS: usize = 1 << 14;
/// Longest string of a marker stream, bytes.
pub const MAX_TEXT_BYTES: usize = 1 << 20;
/// Longest description of a stream, bytes.
pub const MAX_INFO_BYTES: usize = 4 << 20;
