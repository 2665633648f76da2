//! Asking an outlet for its time, again and again.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};

use super::now::now_s;
use crate::{ClockOffset, LiveError, OffsetFilter, Probe};

// A wave of eight probes, of which six must be answered, every two seconds: liblsl's defaults.
const PROBES: u32 = 8;
const MIN_PROBES: usize = 6;
const PROBE_INTERVAL: Duration = Duration::from_millis(64);
const MAX_ROUND_TRIP: Duration = Duration::from_millis(128);
const WAVE_INTERVAL: Duration = Duration::from_secs(2);

/// Measures the offset of the clock behind `service` and publishes it until the task is aborted.
pub(crate) async fn follow(service: SocketAddr, offsets: watch::Sender<Option<ClockOffset>>) {
    let mut wave = 0_u32;
    loop {
        let next = Instant::now() + WAVE_INTERVAL;
        wave = wave.wrapping_add(1) & 0x7fff_ffff;
        match measure(service, wave).await {
            Ok(Some(offset)) => {
                offsets.send_replace(Some(offset));
            }
            Ok(None) => tracing::debug!(%service, "the outlet's clock did not answer often enough"),
            Err(fault) => {
                tracing::debug!(%service, error = %fault, "the outlet's clock was not reached")
            }
        }
        tokio::time::sleep_until(next).await;
    }
}

/// One wave of probes.
async fn measure(service: SocketAddr, wave: u32) -> Result<Option<ClockOffset>, LiveError> {
    let any = SocketAddr::from(([0, 0, 0, 0], 0));
    let socket = UdpSocket::bind(any).await.map_err(LiveError::io("opening a clock socket"))?;
    // Connected, so that answers of others do not arrive.
    socket.connect(service).await.map_err(LiveError::io("reaching the outlet's clock"))?;
    let ask = async {
        for _ in 0..PROBES {
            let question = format!("LSL:timedata\r\n{wave} {}\r\n", now_s());
            if let Err(fault) = socket.send(question.as_bytes()).await {
                tracing::trace!(error = %fault, "a clock probe was not sent");
            }
            sleep(PROBE_INTERVAL).await;
        }
    };
    let end = Instant::now() + PROBE_INTERVAL * PROBES + MAX_ROUND_TRIP;
    let listen = async {
        let mut filter = OffsetFilter::new(MIN_PROBES);
        let mut datagram = [0; 512];
        while let Ok(received) = timeout_at(end, socket.recv(&mut datagram)).await {
            let answered_s = now_s();
            match received {
                Ok(n) => {
                    if let Some(probe) = read_answer(&datagram[..n], wave, answered_s) {
                        filter.push(probe);
                    }
                }
                // Refused by the other machine; the next probe may pass.
                Err(_) => sleep(PROBE_INTERVAL).await,
            }
        }
        filter.finish()
    };
    Ok(tokio::join!(ask, listen).1)
}

/// ` wave asked received sent`; `None` for anything else and for other waves.
pub(crate) fn read_answer(datagram: &[u8], wave: u32, answered_s: f64) -> Option<Probe> {
    let text = std::str::from_utf8(datagram).ok()?;
    let mut words = text.split_whitespace();
    let same_wave = words.next()?.parse::<u32>().ok()? == wave;
    let mut seconds = || words.next()?.parse::<f64>().ok();
    let (asked_s, received_s, sent_s) = (seconds()?, seconds()?, seconds()?);
    same_wave.then_some(Probe { asked_s, received_s, sent_s, answered_s })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_this_wave_are_read_and_others_not() {
        let probe = read_answer(b" 7 1.5 2.5 2.75\r\n", 7, 1.75).unwrap();
        assert_eq!((probe.asked_s, probe.received_s, probe.sent_s), (1.5, 2.5, 2.75));
        for text in ["8 1 2 3", "7 1 2", "x", "", "7 a b c"] {
            assert_eq!(read_answer(text.as_bytes(), 7, 0.0), None, "{text}");
        }
    }
}
