//! Containers with coded packets: FLAC, MP3, Ogg, MP4 and ADTS.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clx_signal::{Finding, Severity};
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia::core::errors::{Error, SeekErrorKind};
use symphonia::core::formats::probe::{Hint, Probe};
use symphonia::core::formats::{FormatReader, SeekMode, SeekTo, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::packet::Packet;
use symphonia::core::units::Timestamp;
use symphonia::default::{codecs, formats, meta};

use super::mp4_edit::{self, Mp4Edit};
use super::opus::{self, OpusHead, OpusStream};
use super::tracked::Tracked;
use super::{AudioInfo, check_layout};
use crate::{ByteSource, Format, FormatError};

/// Silence put in place of a damaged packet is never longer than this.
const MAX_PACKET_FRAMES: u64 = 65_536;

enum Decoder {
    Library(Box<dyn AudioDecoder>),
    Opus(Box<OpusStream>),
}

/// A demuxer, its decoder and the place in the sound.
pub(super) struct PacketStream {
    format: Format,
    reader: Box<dyn FormatReader>,
    decoder: Decoder,
    track_id: u32,
    n_channels: usize,
    rate_hz: u32,
    /// Frames per tick of the container's clock (1 except in odd MP4 files).
    frames_per_tick: f64,
    /// Decoded frames that precede frame 0 of the sound.
    lead: i64,
    n_frames: Option<u64>,
    /// Frame of the sound that the next packet begins with; `None` right after a seek.
    cursor: Option<i64>,
    /// First frame that is wanted.
    wanted: i64,
    n_damaged: u64,
    first_damage_s: Option<f64>,
    stopped: Option<&'static str>,
    /// A seek went behind the end.
    past_end: bool,
    scratch: Vec<Vec<f32>>,
    at: Arc<AtomicU64>,
}

impl std::fmt::Debug for PacketStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PacketStream")
            .field("format", &self.format)
            .field("lead", &self.lead)
            .field("n_frames", &self.n_frames)
            .field("cursor", &self.cursor)
            .finish_non_exhaustive()
    }
}

impl PacketStream {
    pub(super) fn open(
        mut source: Box<dyn ByteSource>,
        format: Format,
        findings: &mut Vec<Finding>,
    ) -> Result<(AudioInfo, Self), FormatError> {
        let edit = match format {
            Format::Mp4Aac => mp4_edit::read(source.as_mut())?,
            _ => Mp4Edit::default(),
        };
        let (tracked, at) = Tracked::new(source)?;
        let stream = MediaSourceStream::new(Box::new(tracked), Default::default());
        let fail = |e| library_error(format, &at, e);
        let reader = probe(format)
            .probe(&Hint::new(), stream, Default::default(), Default::default())
            .map_err(fail)?;
        let Some(track) = reader.default_track(TrackType::Audio).cloned() else {
            return Err(invalid(format, &at, "the file", "with an audio track", "none"));
        };
        let Some(CodecParameters::Audio(params)) = track.codec_params.clone() else {
            return Err(invalid(format, &at, "the audio track", "of a known codec", "unknown"));
        };
        let opened = if format == Format::OggOpus {
            open_opus(&params)?
        } else {
            open_library(format, params, findings).map_err(fail)?
        };
        let Opened { decoder, rate_hz, n_channels, pre_skip, codec, bits } = opened;
        let rate = check_layout(format, rate_hz, n_channels, 0)?;
        let (lead, n_frames) = trim(format, &track, pre_skip, &edit, rate_hz, findings);
        let frames_per_tick = track.time_base.map_or(1.0, |tb| {
            f64::from(tb.numer.get()) / f64::from(tb.denom.get()) * f64::from(rate_hz)
        });
        let info = AudioInfo { rate, n_channels, n_frames, codec, bits };
        let stream = Self {
            format,
            decoder,
            track_id: track.id,
            n_channels,
            rate_hz,
            frames_per_tick,
            lead,
            n_frames,
            cursor: Some(-first_frame(format, lead)),
            wanted: 0,
            n_damaged: 0,
            first_damage_s: None,
            stopped: None,
            past_end: false,
            scratch: vec![Vec::new(); n_channels],
            reader,
            at,
        };
        Ok((info, stream))
    }

    pub(super) fn next_block(&mut self, out: &mut [Vec<f32>]) -> Result<usize, FormatError> {
        while let Some(packet) = self.next_packet()? {
            let n = self.decode(&packet)?;
            let first = match self.cursor {
                Some(frame) => frame,
                None if n == 0 => continue,
                None => self.frame_of(&packet),
            };
            self.cursor = Some(first.saturating_add(n as i64));
            let end = self.n_frames.map_or(i64::MAX, |n| i64::try_from(n).unwrap_or(i64::MAX));
            let from = (self.wanted - first).clamp(0, n as i64) as usize;
            let to = end.saturating_sub(first).clamp(from as i64, n as i64) as usize;
            if to > from {
                for (channel, samples) in out.iter_mut().zip(&self.scratch) {
                    channel.extend_from_slice(&samples[from..to]);
                }
                return Ok(to - from);
            }
            if first >= end {
                return Ok(0);
            }
        }
        Ok(0)
    }

    pub(super) fn seek(&mut self, frame: u64) -> Result<(), FormatError> {
        self.wanted = i64::try_from(frame).unwrap_or(i64::MAX);
        self.stopped = None;
        let decoded = self.wanted.saturating_add(self.lead);
        let target = decoded.saturating_sub(pre_roll(self.format)).max(0);
        let ticks = (target as f64 / self.frames_per_tick) as i64;
        let to = SeekTo::Timestamp { ts: Timestamp::new(ticks), track_id: self.track_id };
        self.past_end = false;
        match self.reader.seek(SeekMode::Accurate, to) {
            Ok(_) => {}
            Err(Error::SeekError(SeekErrorKind::OutOfRange)) => self.past_end = true,
            Err(e) => return Err(library_error(self.format, &self.at, e)),
        }
        match &mut self.decoder {
            // A new decoder, as `reset` keeps some state: what is read then would depend on what
            // was read before.
            Decoder::Library(decoder) => {
                let params = decoder.codec_params().clone();
                *decoder = new_decoder(self.format, &params)
                    .map_err(|e| library_error(self.format, &self.at, e))?;
            }
            Decoder::Opus(stream) => stream.reset()?,
        }
        self.cursor = None;
        Ok(())
    }

    /// Findings about packets that could not be decoded.
    pub(super) fn damage(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(at_s) = self.first_damage_s {
            findings.push(
                Finding::new(
                    "audio.damaged_packets",
                    Severity::Warning,
                    format!(
                        "{} packets are damaged and were replaced by silence, the first at {at_s:.3} s",
                        self.n_damaged
                    ),
                )
                .between(at_s, at_s),
            );
        }
        if let Some(reason) = self.stopped {
            findings.push(Finding::new("audio.stopped", Severity::Warning, reason));
        }
        findings
    }

    /// The next packet of the track; `None` at the end or where the container breaks off.
    fn next_packet(&mut self) -> Result<Option<Packet>, FormatError> {
        while self.stopped.is_none() && !self.past_end {
            match self.reader.next_packet() {
                Ok(Some(packet)) if packet.track_id == self.track_id => return Ok(Some(packet)),
                Ok(Some(_)) => {}
                Ok(None) => return Ok(None),
                Err(Error::IoError(e)) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
                    return Ok(None);
                }
                Err(Error::IoError(e)) => return Err(FormatError::Io(e)),
                Err(Error::ResetRequired) => {
                    self.stopped = Some(
                        "a second stream is chained behind the first; only the first was read",
                    );
                }
                // The demuxer lost its way: before any sound that is an error, after it a finding.
                Err(e) if self.cursor.is_none_or(|c| c <= 0) => {
                    return Err(library_error(self.format, &self.at, e));
                }
                Err(_) => self.stopped = Some("the container is damaged; the rest was not read"),
            }
        }
        Ok(None)
    }

    /// Decodes into `scratch`; a damaged packet gives silence of its length.
    fn decode(&mut self, packet: &Packet) -> Result<usize, FormatError> {
        self.scratch.iter_mut().for_each(Vec::clear);
        let decoded = match &mut self.decoder {
            Decoder::Opus(stream) => stream.decode(&packet.data, &mut self.scratch),
            Decoder::Library(decoder) => match decoder.decode(packet) {
                Ok(buffer) => {
                    let spec = buffer.spec();
                    let same =
                        spec.channels().count() == self.n_channels && spec.rate() == self.rate_hz;
                    same.then(|| {
                        buffer.copy_to_vecs_planar(&mut self.scratch);
                        buffer.frames()
                    })
                }
                Err(Error::IoError(_) | Error::DecodeError(_) | Error::ResetRequired) => None,
                Err(Error::Unsupported(_)) if self.cursor.is_some_and(|c| c > 0) => None,
                Err(e) => return Err(library_error(self.format, &self.at, e)),
            },
        };
        Ok(decoded.unwrap_or_else(|| self.silence(packet)))
    }

    fn silence(&mut self, packet: &Packet) -> usize {
        let ticks = packet.dur.get().min(MAX_PACKET_FRAMES) as f64;
        let n = ((ticks * self.frames_per_tick).round() as u64).min(MAX_PACKET_FRAMES) as usize;
        self.scratch.iter_mut().for_each(|c| {
            c.clear();
            c.resize(n, 0.0);
        });
        self.n_damaged += 1;
        let frame = self.cursor.unwrap_or_else(|| self.frame_of(packet)).max(0);
        self.first_damage_s.get_or_insert(frame as f64 / f64::from(self.rate_hz));
        n
    }

    /// Frame of the sound that `packet` begins with, by the container's clock.
    fn frame_of(&self, packet: &Packet) -> i64 {
        let start = packet.pts.get().saturating_add(packet.trim_start.get() as i64);
        let frame = (start as f64 * self.frames_per_tick).round() as i64;
        match self.format {
            // This clock starts with frame 0 of the sound.
            Format::Mp3 => packet.pts.get(),
            Format::OggVorbis | Format::Flac => frame,
            _ => frame.saturating_sub(self.lead),
        }
    }
}

/// Decoded frames before frame 0 that the stream itself hands out.
fn first_frame(format: Format, lead: i64) -> i64 {
    // The Vorbis decoder drops its own first block.
    if format == Format::OggVorbis { 0 } else { lead }
}

/// Frames decoded before a seek target so that the decoder's memory is right again.
fn pre_roll(format: Format) -> i64 {
    match format {
        // The bit reservoir reaches back 511 bytes (9 frames at 32 kbit/s), then overlap and
        // the synthesis filter.
        Format::Mp3 => 12 * 1_152,
        // RFC 7845, 4.6 asks for 80 ms; a quarter of a second brings the difference below -60 dB.
        Format::OggOpus => 12_000,
        Format::OggVorbis => 3 * 8_192,
        Format::Flac => 0,
        _ => 3 * 1_024,
    }
}

struct Opened {
    decoder: Decoder,
    rate_hz: u32,
    n_channels: usize,
    pre_skip: u64,
    codec: String,
    bits: Option<u32>,
}

fn open_opus(params: &AudioCodecParameters) -> Result<Opened, FormatError> {
    let head = OpusHead::parse(params.extra_data.as_deref().unwrap_or_default())?;
    check_layout(Format::OggOpus, opus::RATE_HZ, head.n_channels, 28)?;
    Ok(Opened {
        rate_hz: opus::RATE_HZ,
        n_channels: head.n_channels,
        pre_skip: head.pre_skip,
        codec: "opus".to_owned(),
        bits: None,
        decoder: Decoder::Opus(Box::new(OpusStream::new(head)?)),
    })
}

fn open_library(
    format: Format,
    mut params: AudioCodecParameters,
    findings: &mut Vec<Finding>,
) -> Result<Opened, Error> {
    if matches!(format, Format::Mp4Aac | Format::Adts) {
        note_he_aac(&mut params, findings);
    }
    let decoder = new_decoder(format, &params)?;
    let known = decoder.codec_params();
    let rate_hz = known.sample_rate.or(params.sample_rate).unwrap_or(0);
    let n_channels = known.channels.as_ref().or(params.channels.as_ref()).map_or(0, |c| c.count());
    Ok(Opened {
        rate_hz,
        n_channels,
        pre_skip: 0,
        codec: decoder.codec_info().short_name.to_owned(),
        bits: params.bits_per_sample,
        decoder: Decoder::Library(decoder),
    })
}

fn new_decoder(
    format: Format,
    params: &AudioCodecParameters,
) -> Result<Box<dyn AudioDecoder>, Error> {
    // MP3's end is cut here, not by the decoder: without a Xing header the demuxer only guesses
    // the length and would cut sound.
    let options = AudioDecoderOptions::default().gapless(format == Format::OggVorbis);
    registry(format).make_audio_decoder(params, &options)
}

/// Frames to cut from the beginning, and the length of the sound where it is certain.
fn trim(
    format: Format,
    track: &Track,
    pre_skip: u64,
    edit: &Mp4Edit,
    rate_hz: u32,
    findings: &mut Vec<Finding>,
) -> (i64, Option<u64>) {
    match format {
        Format::OggOpus => {
            let n = track.num_frames.map(|n| n.saturating_sub(pre_skip));
            (pre_skip as i64, n)
        }
        // Without a LAME tag the length is an estimate from the bit rate.
        Format::Mp3 => {
            let n = track.delay.and(track.num_frames);
            (i64::from(track.delay.unwrap_or(0)), n)
        }
        Format::Mp4Aac => {
            let (lead, n) = trim_mp4(track, edit, rate_hz);
            if edit.itunes.is_none() && !edit.listed {
                findings.push(unknown_delay());
            }
            (lead as i64, n)
        }
        Format::Adts => {
            findings.push(unknown_delay());
            (0, None)
        }
        _ => (0, track.num_frames.filter(|&n| n > 0)),
    }
}

fn trim_mp4(track: &Track, edit: &Mp4Edit, rate_hz: u32) -> (u64, Option<u64>) {
    let rate = f64::from(rate_hz);
    let decoded = track.duration.zip(track.time_base).map(|(ticks, base)| {
        let seconds_per_tick = f64::from(base.numer.get()) / f64::from(base.denom.get());
        (ticks.get() as f64 * seconds_per_tick * rate).round() as u64
    });
    if let Some((delay, n)) = edit.itunes.filter(|&(delay, _)| delay < 1 << 20) {
        return (delay, decoded.map(|d| n.min(d.saturating_sub(delay))));
    }
    if !edit.listed || edit.media_scale == 0 {
        return (0, decoded);
    }
    let lead = (edit.start as f64 / f64::from(edit.media_scale) * rate).round() as u64;
    let after = decoded.map(|d| d.saturating_sub(lead));
    // The edit's own length is exact only if the movie's clock ticks as fast as the samples.
    let fine = edit.movie_scale >= rate_hz && edit.duration > 0;
    let cut = (edit.duration as f64 / f64::from(edit.movie_scale.max(1)) * rate).round() as u64;
    (lead, after.map(|n| if fine { n.min(cut) } else { n }))
}

fn unknown_delay() -> Finding {
    Finding::new(
        "audio.encoder_delay_unknown",
        Severity::Info,
        "the file does not say how much silence the encoder put first (usually 1024 to 2112 \
         frames); times may be late by that much",
    )
}

/// HE-AAC is AAC-LC at half the rate plus a recipe for the upper half of the spectrum. Only the
/// core is decoded; this rewrites the configuration to it and says so.
fn note_he_aac(params: &mut AudioCodecParameters, findings: &mut Vec<Finding>) {
    const SBR: u32 = 5;
    const PS: u32 = 29;
    const SYNC_EXTENSION: u32 = 0x2b7;
    let Some(config) = params.extra_data.as_deref().filter(|c| c.len() >= 2) else {
        if params.sample_rate.is_some_and(|rate| rate <= 24_000) {
            findings.push(Finding::new(
                "audio.he_aac_possible",
                Severity::Info,
                "low-rate AAC may be the core of HE-AAC, whose upper half band is not decoded",
            ));
        }
        return;
    };
    let bits = config.iter().take(4).fold(0_u32, |n, &b| n << 8 | u32::from(b))
        << (8 * (4 - config.len().min(4)));
    let (object, rate_index, layout) = (bits >> 27, bits >> 23 & 15, bits >> 19 & 15);
    let explicit = matches!(object, SBR | PS);
    // Backward compatible signalling: an LC configuration followed by an extension.
    let appended = object == 2 && config.len() >= 4 && bits >> 5 & 0x7ff == SYNC_EXTENSION;
    if !(explicit || appended) || rate_index == 15 {
        return;
    }
    let lc = (2_u16 << 11) | (rate_index as u16) << 7 | (layout as u16) << 3;
    params.with_extra_data(Box::new(lc.to_be_bytes()));
    let name = if object == PS { "HE-AAC v2" } else { "HE-AAC" };
    findings.push(Finding::new(
        "audio.he_aac_core_only",
        Severity::Warning,
        format!(
            "the sound is {name}; only its AAC-LC core was decoded, so the upper half of the \
             spectrum{} is missing",
            if object == PS { " and the stereo image" } else { "" }
        ),
    ));
}

/// A probe that knows the one container that the content was recognised as.
fn probe(format: Format) -> Probe {
    let mut probe = Probe::new();
    match format {
        Format::Flac => probe.register_format::<formats::FlacReader<'_>>(),
        Format::Mp3 => probe.register_format::<formats::MpaReader<'_>>(),
        Format::Mp4Aac => probe.register_format::<formats::IsoMp4Reader<'_>>(),
        Format::Adts => probe.register_format::<formats::AdtsReader<'_>>(),
        _ => probe.register_format::<formats::OggReader<'_>>(),
    }
    probe.register_metadata::<meta::Id3v2Reader<'_>>();
    probe
}

fn registry(format: Format) -> CodecRegistry {
    let mut registry = CodecRegistry::new();
    match format {
        Format::Flac => registry.register_audio_decoder::<codecs::FlacDecoder>(),
        Format::Mp3 => registry.register_audio_decoder::<codecs::MpaDecoder>(),
        Format::OggVorbis => registry.register_audio_decoder::<codecs::VorbisDecoder>(),
        _ => registry.register_audio_decoder::<codecs::AacDecoder>(),
    }
    registry
}

fn library_error(format: Format, at: &AtomicU64, error: Error) -> FormatError {
    match error {
        Error::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            let len = at.load(Ordering::Relaxed);
            FormatError::Truncated { format, what: "the header", len, needed: len + 1 }
        }
        Error::IoError(e) => FormatError::Io(e),
        Error::Unsupported(feature) => FormatError::Unsupported {
            format,
            feature: format!("this stream ({feature})"),
            advice: "convert it to FLAC or WAV",
        },
        e => invalid(format, at, "the stream", "well formed", &e.to_string()),
    }
}

fn invalid(
    format: Format,
    at: &AtomicU64,
    what: &str,
    expected: &'static str,
    got: &str,
) -> FormatError {
    FormatError::Invalid {
        format,
        what: what.to_owned(),
        offset: at.load(Ordering::Relaxed),
        expected,
        got: got.to_owned(),
    }
}
