//! Opus packets to samples, by the pure-Rust port of the reference decoder.

use ropus::OpusMSDecoder;

use crate::{Format, FormatError};

/// Opus always decodes at this rate here.
pub(super) const RATE_HZ: u32 = 48_000;
/// The longest packet, 120 ms (RFC 6716, 2.1.4).
const MAX_FRAMES: usize = 5_760;

/// The identification header of Ogg Opus (RFC 7845, 5.1).
#[derive(Clone, Debug)]
pub(super) struct OpusHead {
    pub(super) n_channels: usize,
    /// Frames to drop from the beginning.
    pub(super) pre_skip: u64,
    gain: f32,
    n_streams: u8,
    n_coupled: u8,
    mapping: Vec<u8>,
}

impl OpusHead {
    pub(super) fn parse(head: &[u8]) -> Result<Self, FormatError> {
        let invalid = |what: &str, expected, got: String| FormatError::Invalid {
            format: Format::OggOpus,
            what: what.to_owned(),
            offset: 28,
            expected,
            got,
        };
        if head.len() < 19 || !head.starts_with(b"OpusHead") {
            return Err(invalid("the header", "19 bytes OpusHead", format!("{}", head.len())));
        }
        let n_channels = usize::from(head[9]);
        let (n_streams, n_coupled, mapping) = match (head[18], n_channels) {
            (0, 1) => (1, 0, vec![0]),
            (0, 2) => (1, 1, vec![0, 1]),
            (0, n) => return Err(invalid("the channels of family 0", "1 or 2", n.to_string())),
            (_, n) => {
                let Some(mapping) = head.get(21..21 + n).filter(|m| !m.is_empty()) else {
                    return Err(invalid("the channel mapping", "complete", n.to_string()));
                };
                (head[19], head[20], mapping.to_vec())
            }
        };
        let gain_q8 = i16::from_le_bytes([head[16], head[17]]);
        Ok(Self {
            n_channels,
            pre_skip: u64::from(u16::from_le_bytes([head[10], head[11]])),
            gain: 10_f32.powf(f32::from(gain_q8) / (20.0 * 256.0)),
            n_streams,
            n_coupled,
            mapping,
        })
    }
}

/// State of one Opus stream.
pub(super) struct OpusStream {
    head: OpusHead,
    decoder: OpusMSDecoder,
    pcm: Vec<i16>,
}

impl OpusStream {
    pub(super) fn new(head: OpusHead) -> Result<Self, FormatError> {
        let decoder = new_decoder(&head)?;
        let pcm = vec![0; MAX_FRAMES * head.n_channels];
        Ok(Self { head, decoder, pcm })
    }

    /// Forgets the past; for use after a seek.
    pub(super) fn reset(&mut self) -> Result<(), FormatError> {
        self.decoder = new_decoder(&self.head)?;
        Ok(())
    }

    /// Appends the frames of `packet` to `out`; `None` when the packet is damaged.
    pub(super) fn decode(&mut self, packet: &[u8], out: &mut [Vec<f32>]) -> Option<usize> {
        let len = i32::try_from(packet.len()).ok().filter(|&len| len > 0)?;
        let n =
            self.decoder.decode(Some(packet), len, &mut self.pcm, MAX_FRAMES as i32, false).ok()?;
        let n = usize::try_from(n).ok()?.min(MAX_FRAMES);
        let scale = self.head.gain / 32_768.0;
        let n_channels = self.head.n_channels;
        for (c, channel) in out.iter_mut().enumerate() {
            let samples = self.pcm[..n * n_channels].iter().skip(c).step_by(n_channels);
            channel.extend(samples.map(|&x| f32::from(x) * scale));
        }
        Some(n)
    }
}

fn new_decoder(head: &OpusHead) -> Result<OpusMSDecoder, FormatError> {
    OpusMSDecoder::new(
        RATE_HZ as i32,
        head.n_channels as i32,
        i32::from(head.n_streams),
        i32::from(head.n_coupled),
        &head.mapping,
    )
    .map_err(|code| FormatError::Invalid {
        format: Format::OggOpus,
        what: "the channel mapping".to_owned(),
        offset: 28,
        expected: "consistent with its streams",
        got: format!(
            "{} channels in {} streams, {} coupled (error {code})",
            head.n_channels, head.n_streams, head.n_coupled
        ),
    })
}
