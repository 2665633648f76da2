//! One connection of an inlet to an outlet.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Shared;
use super::backlog::Piece;
use crate::LiveError;
use crate::lsl::line::Incoming;
use crate::lsl::pattern::{PATTERN_OFFSETS, PATTERN_STAMP_S, test_pattern};
use crate::lsl::{ByteOrder, FeedAnswer, FeedRequest, Query, encode_sample};

/// Inlets served at once; further ones are turned away.
const MAX_INLETS: usize = 64;
/// Time within which a request must be complete.
const REQUEST_TIME: Duration = Duration::from_secs(5);
/// Time within which an inlet must take what it is sent.
const WRITE_TIME: Duration = Duration::from_secs(30);

/// Accepts inlets until the task is aborted, which ends their sessions too.
pub(crate) async fn accept(listener: TcpListener, shared: Arc<Shared>, seen: watch::Receiver<u64>) {
    let places = Arc::new(Semaphore::new(MAX_INLETS));
    let mut sessions = JoinSet::new();
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(fault) => {
                tracing::warn!(error = %fault, "an inlet could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        while sessions.try_join_next().is_some() {}
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            tracing::warn!("an inlet was turned away, {MAX_INLETS} are served already");
            continue;
        };
        let (shared, seen) = (Arc::clone(&shared), seen.clone());
        sessions.spawn(async move {
            if let Err(fault) = serve(stream, &shared, seen).await {
                tracing::debug!(error = %fault, "an inlet is gone");
            }
            drop(place);
        });
    }
}

/// Counts an inlet as long as it lives.
struct Counted<'a>(&'a Shared);

impl<'a> Counted<'a> {
    fn new(shared: &'a Shared) -> Self {
        shared.n_inlets.fetch_add(1, Ordering::Relaxed);
        Self(shared)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.n_inlets.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn serve(
    stream: TcpStream,
    shared: &Shared,
    seen: watch::Receiver<u64>,
) -> Result<(), LiveError> {
    stream.set_nodelay(true).map_err(LiveError::io("setting up a connection"))?;
    let (reader, mut writer) = stream.into_split();
    let mut incoming = Incoming::new(reader);
    let request = timeout(REQUEST_TIME, read_request(&mut incoming));
    let seconds = REQUEST_TIME.as_secs_f64();
    let what = "an inlet's request";
    let request = request.await.map_err(|_elapsed| LiveError::Timeout { what, seconds })??;
    match request {
        Request::FullInfo => write(&mut writer, shared.info.to_full_xml().as_bytes()).await,
        Request::ShortInfo(query) if query.matches(&shared.info) => {
            write(&mut writer, shared.info.to_short_xml().as_bytes()).await
        }
        Request::ShortInfo(_) => Ok(()),
        Request::Feed(request) => feed(incoming, writer, shared, seen, &request).await,
    }
}

enum Request {
    FullInfo,
    ShortInfo(Query),
    Feed(FeedRequest),
}

async fn read_request<R: tokio::io::AsyncRead + Unpin>(
    incoming: &mut Incoming<R>,
) -> Result<Request, LiveError> {
    let first = incoming.line().await?;
    match first.as_str() {
        "LSL:fullinfo" => Ok(Request::FullInfo),
        "LSL:shortinfo" => Ok(Request::ShortInfo(Query::parse(&incoming.line().await?)?)),
        _ if first.starts_with("LSL:streamfeed/") => {
            Ok(Request::Feed(FeedRequest::parse(&first, &incoming.head().await?)?))
        }
        _ => Err(LiveError::Protocol(format!("`{first:.60}` is no request"))),
    }
}

/// Sends the answer, the test pattern, and samples as they come, until either side ends.
async fn feed<R: tokio::io::AsyncRead + Unpin>(
    mut incoming: Incoming<R>,
    mut writer: OwnedWriteHalf,
    shared: &Shared,
    mut seen: watch::Receiver<u64>,
    request: &FeedRequest,
) -> Result<(), LiveError> {
    let info = &shared.info;
    let answer = FeedAnswer::to_request(request, info);
    // Taken before the answer, so that an inlet that knows it is connected misses nothing.
    let mut next = shared.backlog.end();
    let mut bytes = answer.to_text().into_bytes();
    if answer.status == 200 {
        for offset in PATTERN_OFFSETS {
            let values = test_pattern(info.format, info.n_channels, offset);
            let n = values.len();
            encode_sample(&mut bytes, Some(PATTERN_STAMP_S), &values, 0..n, answer.byte_order);
        }
    }
    write(&mut writer, &bytes).await?;
    if answer.status != 200 || request.max_buffer == 0 {
        return Ok(());
    }
    let _counted = Counted::new(shared);
    loop {
        let due = shared.backlog.since(next, request.max_buffer);
        next = due.next;
        shared.n_lost.fetch_add(due.n_lost, Ordering::Relaxed);
        for piece in &due.pieces {
            bytes.clear();
            encode_piece(&mut bytes, piece, info.n_channels, answer.byte_order);
            write(&mut writer, &bytes).await?;
        }
        if !due.pieces.is_empty() {
            continue;
        }
        tokio::select! {
            changed = seen.changed() => {
                if changed.is_err() {
                    return Ok(());
                }
            }
            // An inlet has nothing more to say; what comes is its end.
            ended = incoming.fill() => {
                ended?;
                incoming.take(incoming.bytes().len());
            }
        }
    }
}

/// The first sample has its stamp, the others too if they were given.
fn encode_piece(out: &mut Vec<u8>, piece: &Piece, n_channels: usize, order: ByteOrder) {
    for i in 0..piece.n {
        let range = i * n_channels..(i + 1) * n_channels;
        encode_sample(out, piece.stamps_s.get(i).copied(), &piece.values, range, order);
    }
}

async fn write(writer: &mut OwnedWriteHalf, bytes: &[u8]) -> Result<(), LiveError> {
    let seconds = WRITE_TIME.as_secs_f64();
    match timeout(WRITE_TIME, writer.write_all(bytes)).await {
        Ok(result) => result.map_err(|fault| LiveError::Lost(fault.to_string())),
        Err(_elapsed) => {
            Err(LiveError::Timeout { what: "an inlet that takes no samples", seconds })
        }
    }
}
