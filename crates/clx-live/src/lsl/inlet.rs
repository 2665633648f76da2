//! Receiving a stream.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::line::Incoming;
use super::now::now_s;
use super::pattern::{PATTERN_OFFSETS, PATTERN_STAMP_S, test_pattern};
use super::{
    Decoder, Discovery, FeedAnswer, FeedRequest, MAX_INFO_BYTES, PROTOCOL_VERSION, Query,
    StreamInfo, Values, resolve, timesync,
};
use crate::{ClockOffset, LiveError, StampCorrection, StampParams};

/// Samples that one [`Chunk`] holds at most.
const MAX_CHUNK_SAMPLES: usize = 1 << 16;

/// Settings of an [`Inlet`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InletParams {
    /// Corrections of the time stamps.
    pub stamps: StampParams,
    /// Seconds of samples that the outlet keeps for us while we are busy (of an irregular stream a
    /// hundred samples for each); the oldest are lost beyond. 0.001 to 3600.
    pub max_buffer_s: f64,
    /// Seconds within which the outlet must accept and answer.
    pub connect_timeout_s: f64,
}

impl Default for InletParams {
    fn default() -> Self {
        // liblsl keeps 360 s.
        Self { stamps: StampParams::default(), max_buffer_s: 360.0, connect_timeout_s: 5.0 }
    }
}

impl InletParams {
    fn check(&self) -> Result<(), LiveError> {
        let fits = (1e-3..=3600.0).contains(&self.max_buffer_s)
            && self.connect_timeout_s > 0.0
            && self.connect_timeout_s <= 600.0;
        if fits {
            return Ok(());
        }
        Err(LiveError::Parameter {
            name: "inlet",
            expected: "a buffer of 0.001 to 3600 s and a time limit up to 600 s",
            got: format!("{} and {} s", self.max_buffer_s, self.connect_timeout_s),
        })
    }
}

/// Samples that arrived together.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunk {
    /// As the outlet sent them or as they follow from its rate, on its clock; one per sample.
    pub sent_s: Vec<f64>,
    /// The same after the corrections asked for.
    pub stamps_s: Vec<f64>,
    /// All channels of a sample, then the next sample.
    pub values: Values,
    /// When they were taken from the connection, on our clock.
    pub received_s: f64,
}

/// The receiving end of a stream.
///
/// Holds at most what one read takes; while nothing is pulled, samples wait at the outlet. Dropping
/// it ends the stream and the measuring of the clock.
#[derive(Debug)]
pub struct Inlet {
    info: StreamInfo,
    params: InletParams,
    incoming: Incoming<TcpStream>,
    decoder: Decoder,
    stamps: StampCorrection,
    last_sent_s: f64,
    offsets: watch::Receiver<Option<ClockOffset>>,
    timesync: JoinHandle<()>,
}

impl Drop for Inlet {
    fn drop(&mut self) {
        self.timesync.abort();
    }
}

impl Inlet {
    /// Connects to a stream that [`resolve`] found.
    ///
    /// # Errors
    /// [`LiveError::Refused`] if the stream is not there any more; [`LiveError::Protocol`] if both
    /// sides do not understand each other; [`LiveError::Timeout`], [`LiveError::Lost`],
    /// [`LiveError::Io`]; [`LiveError::Parameter`] for settings out of bounds.
    pub async fn connect(info: &StreamInfo, params: InletParams) -> Result<Self, LiveError> {
        params.check()?;
        let (incoming, decoder) = within(params, open_feed(info, params)).await?;
        let (sender, offsets) = watch::channel(None);
        let service = SocketAddr::from((address(info), info.service_port));
        Ok(Self {
            info: info.clone(),
            params,
            incoming,
            decoder,
            stamps: StampCorrection::new(params.stamps, info.rate),
            last_sent_s: 0.0,
            offsets,
            timesync: tokio::spawn(timesync::follow(service, sender)),
        })
    }

    pub fn info(&self) -> &StreamInfo {
        &self.info
    }

    /// The outlet's clock against ours, from the newest wave; `None` before the first, which takes
    /// 0.7 s.
    pub fn clock_offset(&self) -> Option<ClockOffset> {
        *self.offsets.borrow()
    }

    /// Waits for the first measurement of the clock.
    ///
    /// # Errors
    /// [`LiveError::Timeout`] without one.
    pub async fn wait_for_clock(&mut self, seconds: f64) -> Result<ClockOffset, LiveError> {
        let limit = Duration::from_secs_f64(seconds.clamp(0.0, 3600.0));
        let missing = || LiveError::Timeout { what: "the outlet's clock", seconds };
        match timeout(limit, self.offsets.wait_for(Option::is_some)).await {
            Ok(Ok(offset)) => offset.ok_or_else(missing),
            _ => Err(missing()),
        }
    }

    /// Waits for samples and returns all that are there. May be dropped while it waits, as in
    /// `select!`, without losing any.
    ///
    /// # Errors
    /// [`LiveError::Lost`] at the end of the stream, after which [`Inlet::reconnect`] may help;
    /// [`LiveError::Protocol`] or [`LiveError::Limit`] for bytes that are no samples.
    pub async fn pull(&mut self) -> Result<Chunk, LiveError> {
        loop {
            let chunk = self.take_chunk()?;
            if !chunk.sent_s.is_empty() {
                return Ok(chunk);
            }
            self.incoming.fill().await?;
        }
    }

    /// All whole samples that came.
    fn take_chunk(&mut self) -> Result<Chunk, LiveError> {
        if let Some(offset) = self.clock_offset() {
            self.stamps.set_offset(offset.correction_s);
        }
        let mut chunk = Chunk {
            sent_s: Vec::new(),
            stamps_s: Vec::new(),
            values: Values::empty(self.info.format),
            received_s: now_s(),
        };
        while chunk.sent_s.len() < MAX_CHUNK_SAMPLES {
            let (n, sent) = match self.decoder.take(self.incoming.bytes(), &mut chunk.values) {
                Ok(Some(taken)) => taken,
                // The samples before a fault are good; it will be met again at the next pull.
                Err(fault) if chunk.sent_s.is_empty() => return Err(fault),
                Ok(None) | Err(_) => break,
            };
            self.incoming.take(n);
            let period_s = self.info.rate.map_or(0.0, |rate| 1.0 / rate.hz());
            let sent_s = sent.unwrap_or(self.last_sent_s + period_s);
            self.last_sent_s = sent_s;
            chunk.sent_s.push(sent_s);
            chunk.stamps_s.push(self.stamps.apply(sent_s));
        }
        Ok(chunk)
    }

    /// Looks for the same source again and connects to it: after a restart of the device's program
    /// the stream has another uid and other ports. Stamps start anew.
    ///
    /// # Errors
    /// [`LiveError::NotFound`] if it is not back in time, [`LiveError::Parameter`] for a stream
    /// without a source id, and those of [`Inlet::connect`].
    pub async fn reconnect(
        &mut self,
        discovery: &Discovery,
        seconds: f64,
    ) -> Result<(), LiveError> {
        if self.info.source_id.is_empty() {
            return Err(LiveError::Parameter {
                name: "source_id",
                expected: "set by the outlet, to find it again",
                got: "nothing".to_owned(),
            });
        }
        let query = Query::property("source_id", &self.info.source_id)?;
        let found = resolve(&query, discovery, 1, seconds).await?;
        let same = |info: &&StreamInfo| {
            info.name == self.info.name
                && info.format == self.info.format
                && info.n_channels == self.info.n_channels
        };
        let Some(info) = found.iter().find(same) else {
            return Err(LiveError::NotFound { query: query.as_str().to_owned(), seconds });
        };
        *self = Self::connect(info, self.params).await?;
        Ok(())
    }
}

/// Asks the outlet of `info` for its whole description; the address is kept.
///
/// # Errors
/// [`LiveError::Limit`] above 4 MiB, and those of [`Inlet::connect`].
pub async fn describe(info: &StreamInfo, params: InletParams) -> Result<StreamInfo, LiveError> {
    params.check()?;
    let text = within(params, async {
        let mut stream = connect(info).await?;
        stream
            .write_all(b"LSL:fullinfo\r\n")
            .await
            .map_err(LiveError::io("asking for a description"))?;
        let mut bytes = Vec::new();
        let mut limited = stream.take(MAX_INFO_BYTES as u64 + 1);
        limited.read_to_end(&mut bytes).await.map_err(LiveError::io("reading a description"))?;
        if bytes.len() > MAX_INFO_BYTES {
            let (what, limit) = ("a description", MAX_INFO_BYTES);
            return Err(LiveError::Limit { what, limit, got: bytes.len() as u64 });
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    })
    .await?;
    Ok(StreamInfo { address: info.address, ..StreamInfo::from_xml(&text)? })
}

async fn within<T>(
    params: InletParams,
    work: impl Future<Output = Result<T, LiveError>>,
) -> Result<T, LiveError> {
    let seconds = params.connect_timeout_s;
    match timeout(Duration::from_secs_f64(seconds), work).await {
        Ok(result) => result,
        Err(_elapsed) => Err(LiveError::Timeout { what: "the outlet", seconds }),
    }
}

fn address(info: &StreamInfo) -> Ipv4Addr {
    info.address.unwrap_or(Ipv4Addr::LOCALHOST)
}

async fn connect(info: &StreamInfo) -> Result<TcpStream, LiveError> {
    let stream = TcpStream::connect((address(info), info.data_port))
        .await
        .map_err(LiveError::io("connecting to the outlet"))?;
    stream.set_nodelay(true).map_err(LiveError::io("setting up the connection"))?;
    Ok(stream)
}

/// Negotiates a feed and checks the test pattern.
async fn open_feed(
    info: &StreamInfo,
    params: InletParams,
) -> Result<(Incoming<TcpStream>, Decoder), LiveError> {
    let per_second = info.rate.map_or(100.0, |rate| rate.hz());
    let max_buffer = (per_second * params.max_buffer_s).clamp(1.0, f64::from(i32::MAX)) as u64;
    let request = FeedRequest::for_stream(info, max_buffer);
    let mut stream = connect(info).await?;
    stream
        .write_all(request.to_text(info).as_bytes())
        .await
        .map_err(LiveError::io("asking for the feed"))?;
    let mut incoming = Incoming::new(stream);
    let first = incoming.line().await?;
    let head = incoming.head().await;
    let answer = FeedAnswer::parse(&first, head.as_deref().unwrap_or_default())?;
    if answer.status != 200 {
        return Err(LiveError::Refused(format!("{} {}", answer.status, answer.message)));
    }
    head?;
    if answer.data_version != PROTOCOL_VERSION || answer.uid != info.uid {
        let FeedAnswer { data_version, uid, .. } = answer;
        let fault = format!(
            "expected data of version 110 from {}, got {data_version} from {uid:.60}",
            info.uid
        );
        return Err(LiveError::Protocol(fault));
    }
    let decoder = Decoder::new(info.format, info.n_channels, answer.byte_order)?;
    for offset in PATTERN_OFFSETS {
        check_pattern(&mut incoming, decoder, info, offset).await?;
    }
    Ok((incoming, decoder))
}

async fn check_pattern(
    incoming: &mut Incoming<TcpStream>,
    decoder: Decoder,
    info: &StreamInfo,
    offset: u32,
) -> Result<(), LiveError> {
    let mut values = Values::empty(info.format);
    let (n, stamp) = loop {
        match decoder.take(incoming.bytes(), &mut values)? {
            Some(taken) => break taken,
            None => incoming.fill().await?,
        }
    };
    incoming.take(n);
    if stamp == Some(PATTERN_STAMP_S)
        && values == test_pattern(info.format, info.n_channels, offset)
    {
        return Ok(());
    }
    Err(LiveError::Protocol(format!(
        "the test pattern of {} channels of {} is not the one agreed upon",
        info.n_channels,
        info.format.as_str()
    )))
}
