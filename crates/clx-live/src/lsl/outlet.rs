//! Sending a stream.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::now::now_s;
use super::responder::{self, Answers, Scope};
use super::{BASE_PORT, Discovery, MAX_TEXT_BYTES, PORT_RANGE, StreamInfo, Values};
use crate::LiveError;

mod backlog;
mod session;

use backlog::{Backlog, Piece};

/// Values that one push takes at most, bytes.
const MAX_PUSH_BYTES: usize = 16 << 20;
/// Memory of all samples kept for inlets that are late.
const MAX_BACKLOG_BYTES: usize = 256 << 20;

/// Settings of an [`Outlet`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutletParams {
    /// Address on which the stream is served. This machine only unless it says otherwise: LSL
    /// knows neither passwords nor encryption, so whoever reaches the address reads along.
    pub listen: Ipv4Addr,
    /// Groups in which the outlet can be found; of no use while it listens on this machine only.
    pub discovery: Discovery,
    /// Seconds of samples kept for inlets that are late (of an irregular stream a hundred samples
    /// for each), within 256 MiB. 0.001 to 3600.
    pub max_buffer_s: f64,
}

impl Default for OutletParams {
    fn default() -> Self {
        // liblsl keeps 360 s.
        let (listen, discovery) = (Ipv4Addr::LOCALHOST, Discovery::this_machine());
        Self { listen, discovery, max_buffer_s: 360.0 }
    }
}

impl OutletParams {
    /// Served on all addresses of the machine and to be found in its site.
    pub fn site() -> Self {
        let (listen, discovery) = (Ipv4Addr::UNSPECIFIED, Discovery::site());
        Self { listen, discovery, ..Self::default() }
    }
}

/// Figures of an [`Outlet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutletStats {
    pub n_samples: u64,
    /// Inlets now connected, at most 64.
    pub n_inlets: usize,
    /// Samples that some inlet was too late for, of all inlets.
    pub n_lost: u64,
}

/// What the outlet shares with the sessions of its inlets.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) info: StreamInfo,
    pub(crate) backlog: Backlog,
    pub(crate) n_inlets: AtomicUsize,
    pub(crate) n_lost: AtomicU64,
}

/// The sending end of a stream. Dropping it ends the stream for all inlets.
#[derive(Debug)]
pub struct Outlet {
    shared: Arc<Shared>,
    /// Number of the sample that comes next; inlets wait for it to change.
    end: watch::Sender<u64>,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Outlet {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Outlet {
    /// Serves a stream; uid, host name, ports and time of creation of `info` are filled in.
    ///
    /// # Errors
    /// [`LiveError::Io`] without sockets; [`LiveError::Parameter`] for settings out of bounds.
    pub async fn serve(mut info: StreamInfo, params: &OutletParams) -> Result<Self, LiveError> {
        if !(1e-3..=3600.0).contains(&params.max_buffer_s) {
            return Err(LiveError::Parameter {
                name: "max_buffer_s",
                expected: "from 0.001 to 3600 s",
                got: params.max_buffer_s.to_string(),
            });
        }
        let (listener, service) = bind(params.listen).await?;
        let port = LiveError::io("reading a socket's port");
        info.data_port = listener.local_addr().map_err(port)?.port();
        let port = LiveError::io("reading a socket's port");
        info.service_port = service.local_addr().map_err(port)?.port();
        info.uid = uuid::Uuid::new_v4().to_string();
        info.created_at_s = now_s();
        if info.hostname.is_empty() {
            info.hostname = hostname();
        }
        let answers = Arc::new(Answers::new(&info));
        let local_only = params.listen.is_loopback();
        let mut tasks = Vec::new();
        match params.discovery.answering_socket() {
            Ok(socket) => {
                let scope = Scope { local_only, time: false };
                tasks.push(tokio::spawn(responder::serve(socket, Arc::clone(&answers), scope)));
            }
            // The service port answers those who ask it directly.
            Err(fault @ LiveError::Io { .. }) => {
                tracing::warn!(error = %fault, "the stream cannot be found by multicast");
            }
            Err(fault) => return Err(fault),
        }
        let scope = Scope { local_only, time: true };
        tasks.push(tokio::spawn(responder::serve(service, answers, scope)));
        let per_second = info.rate.map_or(100.0, |rate| rate.hz());
        let max_samples = (per_second * params.max_buffer_s).clamp(1.0, 1e12) as u64;
        let shared = Arc::new(Shared {
            info,
            backlog: Backlog::new(max_samples, MAX_BACKLOG_BYTES),
            n_inlets: AtomicUsize::new(0),
            n_lost: AtomicU64::new(0),
        });
        let (end, seen) = watch::channel(0);
        tasks.push(tokio::spawn(session::accept(listener, Arc::clone(&shared), seen)));
        Ok(Self { shared, end, tasks })
    }

    pub fn info(&self) -> &StreamInfo {
        &self.shared.info
    }

    /// Sends samples, the last of them taken at `stamp_s` (now if absent) and those before it one
    /// period apart. Never waits: what no inlet has fetched in time is overwritten.
    ///
    /// # Errors
    /// [`LiveError::Parameter`] for values of another format, an incomplete sample, a stamp that is
    /// no number, a string above 1 MiB or more than 16 MiB; nothing is sent then.
    pub fn push(&self, values: Values, stamp_s: Option<f64>) -> Result<(), LiveError> {
        let n = self.check(&values, &[stamp_s.unwrap_or(0.0)])?;
        let last_s = stamp_s.unwrap_or_else(now_s);
        let period_s = self.shared.info.rate.map_or(0.0, |rate| 1.0 / rate.hz());
        let first_s = last_s - n.saturating_sub(1) as f64 * period_s;
        self.send(Piece { first: 0, n, values, stamps_s: vec![first_s] });
        Ok(())
    }

    /// Sends samples with a stamp for each.
    ///
    /// # Errors
    /// As [`Outlet::push`], and for another number of stamps than samples.
    pub fn push_stamped(&self, values: Values, stamps_s: &[f64]) -> Result<(), LiveError> {
        let n = self.check(&values, stamps_s)?;
        if n != stamps_s.len() {
            let got = format!("{} for {n} samples", stamps_s.len());
            return Err(LiveError::Parameter { name: "stamps", expected: "one per sample", got });
        }
        self.send(Piece { first: 0, n, values, stamps_s: stamps_s.to_vec() });
        Ok(())
    }

    /// How many samples the values are.
    fn check(&self, values: &Values, stamps_s: &[f64]) -> Result<usize, LiveError> {
        let StreamInfo { format, n_channels, .. } = self.shared.info;
        let long_text =
            matches!(values, Values::Text(texts) if texts.iter().any(|t| t.len() > MAX_TEXT_BYTES));
        let fits = values.format() == format
            && values.len().is_multiple_of(n_channels)
            && values.size_bytes() <= MAX_PUSH_BYTES
            && !long_text;
        if !fits {
            return Err(LiveError::Parameter {
                name: "values",
                expected: "whole samples of the stream's format, up to 16 MiB, strings up to 1 MiB",
                got: format!("{} values of {}", values.len(), values.format().as_str()),
            });
        }
        match stamps_s.iter().find(|s| !s.is_finite()) {
            Some(stamp) => Err(LiveError::Parameter {
                name: "stamp",
                expected: "a number of seconds",
                got: stamp.to_string(),
            }),
            None => Ok(values.len() / n_channels),
        }
    }

    fn send(&self, piece: Piece) {
        if piece.n > 0 {
            self.end.send_replace(self.shared.backlog.push(piece));
        }
    }

    pub fn stats(&self) -> OutletStats {
        OutletStats {
            n_samples: self.shared.backlog.end(),
            n_inlets: self.shared.n_inlets.load(Ordering::Relaxed),
            n_lost: self.shared.n_lost.load(Ordering::Relaxed),
        }
    }

    /// Waits until an inlet is connected; from then on it misses nothing.
    ///
    /// # Errors
    /// [`LiveError::Timeout`] without one.
    pub async fn wait_for_inlet(&self, seconds: f64) -> Result<(), LiveError> {
        let end = tokio::time::Instant::now() + Duration::from_secs_f64(seconds.clamp(0.0, 3600.0));
        while self.shared.n_inlets.load(Ordering::Relaxed) == 0 {
            if tokio::time::Instant::now() >= end {
                return Err(LiveError::Timeout { what: "an inlet", seconds });
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }
}

/// A TCP and a UDP socket, each on the first free port of the range, or on any port when the range
/// is used up.
async fn bind(listen: Ipv4Addr) -> Result<(TcpListener, UdpSocket), LiveError> {
    let ports = || (BASE_PORT..BASE_PORT + PORT_RANGE).chain(std::iter::once(0));
    let mut listener = None;
    let mut service = None;
    for port in ports() {
        if listener.is_none() {
            listener = TcpListener::bind((listen, port)).await.ok();
        }
        if service.is_none() {
            service = UdpSocket::bind((listen, port)).await.ok();
        }
    }
    match (listener, service) {
        (Some(listener), Some(service)) => Ok((listener, service)),
        _ => {
            let source = std::io::Error::other(format!("{listen} has no free port"));
            Err(LiveError::Io { context: "opening the ports of a stream", source })
        }
    }
}

#[cfg(unix)]
fn hostname() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn hostname() -> String {
    "unknown".to_owned()
}
