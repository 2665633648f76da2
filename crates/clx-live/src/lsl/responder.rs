//! Answers to datagrams: who is there, and what time is it.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::UdpSocket;

use super::now::now_s;
use super::{Element, Query, StreamInfo};

/// Longest datagram that is looked at. The longest query fits twice.
const MAX_DATAGRAM: usize = 8192;

/// What an outlet says about itself to those who ask.
#[derive(Debug)]
pub(crate) struct Answers {
    element: Element,
    short_xml: String,
}

/// To whom a socket answers what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Only questions from this machine, since others could not reach the stream.
    pub(crate) local_only: bool,
    /// The time as well as the description.
    pub(crate) time: bool,
}

impl Answers {
    pub(crate) fn new(info: &StreamInfo) -> Self {
        let element = info.to_element().with_child(info.description.clone());
        Self { element, short_xml: info.to_short_xml() }
    }

    /// The answer to a datagram and where it goes; `None` for one that asks nothing of us.
    fn answer(
        &self,
        datagram: &[u8],
        from: SocketAddr,
        received_s: f64,
        time: bool,
    ) -> Option<(SocketAddr, String)> {
        let text = std::str::from_utf8(datagram).ok()?;
        let mut lines = text.lines().map(str::trim);
        match lines.next()? {
            "LSL:shortinfo" => {
                let query = Query::parse(lines.next()?).ok()?;
                let (port, id) = lines.next()?.split_once(' ')?;
                // The answer goes where the question came from; only the port is the asker's choice.
                let to = SocketAddr::new(from.ip(), port.parse().ok().filter(|p| *p != 0)?);
                let matches = query.matches_element(&self.element);
                matches.then(|| (to, format!("{}\r\n{}", id.trim(), self.short_xml)))
            }
            "LSL:timedata" if time => {
                let (wave, asked) = lines.next()?.split_once(' ')?;
                let (wave, asked): (i64, f64) = (wave.parse().ok()?, asked.trim().parse().ok()?);
                Some((from, format!(" {wave} {asked} {received_s} {}", now_s())))
            }
            _ => None,
        }
    }
}

/// Answers until the task is aborted.
pub(crate) async fn serve(socket: UdpSocket, answers: Arc<Answers>, scope: Scope) {
    let mut datagram = vec![0; MAX_DATAGRAM];
    loop {
        let (n, from) = match socket.recv_from(&mut datagram).await {
            Ok(received) => received,
            Err(fault) => {
                tracing::debug!(error = %fault, "a question for streams could not be received");
                // Nothing says that the next attempt fails later than at once.
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
                continue;
            }
        };
        if scope.local_only && !from.ip().is_loopback() {
            continue;
        }
        let Some((to, text)) = answers.answer(&datagram[..n], from, now_s(), scope.time) else {
            continue;
        };
        if let Err(fault) = socket.send_to(text.as_bytes(), to).await {
            tracing::debug!(error = %fault, "an answer to a question for streams was not sent");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsl::ChannelFormat;

    fn answer(datagram: &str) -> Option<(SocketAddr, String)> {
        let info = StreamInfo::new("n", "EEG", 2, 100.0, ChannelFormat::Int16, "s").unwrap();
        let from = SocketAddr::from(([10, 0, 0, 7], 5000));
        Answers::new(&info).answer(datagram.as_bytes(), from, 3.5, true)
    }

    #[test]
    fn a_question_that_fits_is_answered_to_the_port_it_names() {
        let (to, text) = answer("LSL:shortinfo\r\ntype='EEG'\r\n6000 77\r\n").unwrap();
        assert_eq!(to, SocketAddr::from(([10, 0, 0, 7], 6000)));
        let (id, xml) = text.split_once("\r\n").unwrap();
        assert_eq!((id, StreamInfo::from_xml(xml).unwrap().name), ("77", "n".to_owned()));
    }

    #[test]
    fn the_time_is_told_with_the_question_s_own() {
        let (_, text) = answer("LSL:timedata\r\n12 1.5\r\n").unwrap();
        let words: Vec<f64> = text.split_whitespace().map(|w| w.parse().unwrap()).collect();
        assert_eq!(words[..3], [12.0, 1.5, 3.5]);
        assert_eq!(words.len(), 4);
    }

    #[test]
    fn anything_else_is_left_without_an_answer() {
        for text in [
            "",
            "\r\n",
            "LSL:shortinfo",
            "LSL:shortinfo\r\ntype='Other'\r\n6000 77",
            "LSL:shortinfo\r\ntype=\r\n6000 77",
            "LSL:shortinfo\r\n\r\n0 77",
            "LSL:shortinfo\r\n\r\n70000 77",
            "LSL:timedata\r\nx y",
            "LSL:fullinfo\r\n",
        ] {
            assert_eq!(answer(text), None, "{text}");
        }
    }
}
