//! Finding streams: a question to many, answers from those that match.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;
use tokio::time::{Instant, timeout_at};

use super::{BASE_PORT, MULTICAST_PORT, PORT_RANGE, Query, StreamInfo};
use crate::LiveError;

/// Streams that one search returns at most.
const MAX_STREAMS: usize = 1024;
/// Time from one round of questions to the next; liblsl's `MulticastMinRTT`.
const ROUND: Duration = Duration::from_millis(500);
/// Most peers and groups, each.
const MAX_TARGETS: usize = 64;

/// Where streams are looked for, and where an outlet can be found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Discovery {
    /// Multicast groups, and the broadcast address; at most 64.
    pub groups: Vec<Ipv4Addr>,
    /// Machines that are asked directly, on every port of the range; at most 64.
    pub peers: Vec<Ipv4Addr>,
    /// Address of the network interface for multicast; absent for the system's choice.
    pub interface: Option<Ipv4Addr>,
    /// Routers that multicast may pass, and one.
    pub ttl: u32,
}

impl Default for Discovery {
    fn default() -> Self {
        Self::this_machine()
    }
}

impl Discovery {
    /// Only this machine; nothing leaves it.
    pub fn this_machine() -> Self {
        Self { groups: Vec::new(), peers: vec![Ipv4Addr::LOCALHOST], interface: None, ttl: 0 }
    }

    /// This machine and its site: liblsl's groups of the scope `site`, with their reach.
    pub fn site() -> Self {
        let groups = [
            Ipv4Addr::BROADCAST,
            Ipv4Addr::new(224, 0, 0, 1),
            Ipv4Addr::new(224, 0, 0, 183),
            Ipv4Addr::new(239, 255, 172, 215),
        ];
        Self { groups: groups.to_vec(), ttl: 24, ..Self::this_machine() }
    }

    fn check(&self) -> Result<(), LiveError> {
        let is_group = |g: &Ipv4Addr| g.is_multicast() || g.is_broadcast();
        let short = self.groups.len() <= MAX_TARGETS && self.peers.len() <= MAX_TARGETS;
        if short && self.groups.iter().all(is_group) && self.ttl <= 255 {
            return Ok(());
        }
        Err(LiveError::Parameter {
            name: "discovery",
            expected: "up to 64 multicast groups and 64 peers, and a ttl up to 255",
            got: format!(
                "{} groups, {} peers, ttl {}",
                self.groups.len(),
                self.peers.len(),
                self.ttl
            ),
        })
    }

    fn targets(&self) -> impl Iterator<Item = SocketAddrV4> {
        let groups = self.groups.iter().map(|g| SocketAddrV4::new(*g, MULTICAST_PORT));
        let ports = || std::iter::once(MULTICAST_PORT).chain(BASE_PORT..BASE_PORT + PORT_RANGE);
        let peers =
            self.peers.iter().flat_map(move |p| ports().map(|port| SocketAddrV4::new(*p, port)));
        groups.chain(peers)
    }

    /// A socket to ask from.
    fn asking_socket(&self) -> Result<UdpSocket, LiveError> {
        let local_only = self.groups.is_empty() && self.peers.iter().all(|p| p.is_loopback());
        let from = if local_only { Ipv4Addr::LOCALHOST } else { Ipv4Addr::UNSPECIFIED };
        let context = "opening a socket to look for streams";
        let open = || -> std::io::Result<UdpSocket> {
            let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
            socket.set_nonblocking(true)?;
            socket.set_broadcast(true)?;
            socket.set_multicast_ttl_v4(self.ttl)?;
            if let Some(interface) = self.interface {
                socket.set_multicast_if_v4(&interface)?;
            }
            socket.bind(&SocketAddr::from((from, 0)).into())?;
            UdpSocket::from_std(socket.into())
        };
        open().map_err(LiveError::io(context))
    }

    /// A socket on the multicast port, in all groups that let themselves be joined. Others may
    /// share the port.
    pub(crate) fn answering_socket(&self) -> Result<UdpSocket, LiveError> {
        self.check()?;
        let context = "opening the multicast port";
        let open = || -> std::io::Result<UdpSocket> {
            let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
            socket.set_nonblocking(true)?;
            socket.set_reuse_address(true)?;
            socket.bind(&SocketAddr::from((Ipv4Addr::UNSPECIFIED, MULTICAST_PORT)).into())?;
            for group in self.groups.iter().filter(|g| g.is_multicast()) {
                let interface = self.interface.unwrap_or(Ipv4Addr::UNSPECIFIED);
                if let Err(fault) = socket.join_multicast_v4(group, &interface) {
                    tracing::info!(%group, error = %fault, "a multicast group could not be joined");
                }
            }
            UdpSocket::from_std(socket.into())
        };
        open().map_err(LiveError::io(context))
    }
}

/// Looks for streams until `minimum` were found or the time is over; with `minimum` 0 for all of the
/// time. Returns at most 1024, ordered by their uid, each with the address that its answer came
/// from.
///
/// # Errors
/// [`LiveError::NotFound`] if fewer than `minimum` answered; [`LiveError::Parameter`] for a discovery
/// out of bounds; [`LiveError::Io`] without a socket.
pub async fn resolve(
    query: &Query,
    discovery: &Discovery,
    minimum: usize,
    seconds: f64,
) -> Result<Vec<StreamInfo>, LiveError> {
    discovery.check()?;
    let socket = discovery.asking_socket()?;
    let port = socket.local_addr().map_err(LiveError::io("reading the socket's port"))?.port();
    let id = uuid::Uuid::new_v4().simple().to_string();
    let question = format!("LSL:shortinfo\r\n{}\r\n{port} {id}\r\n", query.as_str());
    let end = Instant::now() + Duration::from_secs_f64(seconds.clamp(0.0, 3600.0));
    let mut found = BTreeMap::new();
    let mut datagram = vec![0; 1 << 16];
    loop {
        for target in discovery.targets() {
            // A group without a route is no reason to leave the others out.
            if let Err(fault) = socket.send_to(question.as_bytes(), target).await {
                tracing::debug!(%target, error = %fault, "a question for streams was not sent");
            }
        }
        let round = (Instant::now() + ROUND).min(end);
        while let Ok(received) = timeout_at(round, socket.recv_from(&mut datagram)).await {
            let Ok((n, from)) = received else { continue };
            if let Some(info) = read_answer(&datagram[..n], &id, from.ip(), query)
                && found.len() < MAX_STREAMS
            {
                found.entry(info.uid.clone()).or_insert(info);
            }
            if minimum > 0 && found.len() >= minimum {
                return Ok(found.into_values().collect());
            }
        }
        if Instant::now() >= end {
            break;
        }
    }
    if found.len() < minimum {
        return Err(LiveError::NotFound { query: query.as_str().to_owned(), seconds });
    }
    Ok(found.into_values().collect())
}

/// The stream in an answer; `None` for datagrams that are no answer to this question.
fn read_answer(datagram: &[u8], id: &str, from: IpAddr, query: &Query) -> Option<StreamInfo> {
    let text = std::str::from_utf8(datagram).ok()?;
    let (answered, xml) = text.split_once('\n')?;
    if answered.trim() != id {
        return None;
    }
    let mut info = StreamInfo::from_xml(xml)
        .inspect_err(
            |fault| tracing::debug!(%from, error = %fault, "a stream described itself badly"),
        )
        .ok()?;
    // Not what the answer claims: it could send us to another machine.
    info.address = match from {
        IpAddr::V4(address) => Some(address),
        IpAddr::V6(_) => None,
    };
    // Whoever answers what was not asked is left out; the free part of the description is not sent.
    let usable = !info.uid.is_empty() && info.data_port != 0;
    (usable && (query.as_str().contains("desc") || query.matches(&info))).then_some(info)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsl::ChannelFormat;

    fn answer(id: &str, address: &str) -> String {
        let mut info = StreamInfo::new("n", "EEG", 2, 100.0, ChannelFormat::Int16, "s").unwrap();
        (info.uid, info.data_port) = ("u".to_owned(), 16572);
        info.address = address.parse().ok();
        format!("{id}\r\n{}", info.to_short_xml())
    }

    #[test]
    fn the_address_is_the_sender_s_whatever_the_answer_says() {
        let query = Query::parse("type='EEG'").unwrap();
        let from = IpAddr::from([10, 0, 0, 7]);
        let info = read_answer(answer("7", "8.8.8.8").as_bytes(), "7", from, &query).unwrap();
        assert_eq!(info.address, Some(Ipv4Addr::new(10, 0, 0, 7)));
    }

    #[test]
    fn answers_to_other_questions_are_left_out() {
        let from = IpAddr::from([10, 0, 0, 7]);
        let read = |text: &str, query: &str| {
            read_answer(text.as_bytes(), "7", from, &Query::parse(query).unwrap())
        };
        assert!(read(&answer("8", ""), "").is_none());
        assert!(read(&answer("7", ""), "type='Other'").is_none());
        assert!(read("7\r\n<info>", "").is_none());
        assert!(read("7", "").is_none());
    }

    #[test]
    fn too_many_or_odd_targets_are_refused() {
        let many = Discovery { peers: vec![Ipv4Addr::LOCALHOST; 65], ..Discovery::site() };
        let odd = Discovery { groups: vec![Ipv4Addr::LOCALHOST], ..Discovery::site() };
        assert!(many.check().is_err() && odd.check().is_err());
        assert!(Discovery::site().check().is_ok());
    }
}
