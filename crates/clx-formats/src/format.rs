use std::fmt;

use crate::{brainvision, fif, gdf, mat, table, wfdb};

/// How many bytes of the beginning [`sniff`] wants to see (fewer when the file is shorter).
pub const SNIFF_BYTES: usize = 65_536;

/// A file format, told from the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Edf,
    EdfPlusC,
    EdfPlusD,
    Bdf,
    BdfPlusC,
    BdfPlusD,
    Wav,
    Flac,
    Mp3,
    OggVorbis,
    OggOpus,
    Mp4Aac,
    Adts,
    BrainVision,
    Eeglab,
    Fif,
    Gdf,
    /// Streams of the Lab Streaming Layer.
    Xdf,
    /// A record of the WFDB software (PhysioNet).
    Wfdb,
    /// Text of the OpenBCI GUI.
    OpenBci,
    /// Table of muse-lsl.
    MuseCsv,
    /// Table of the app Mind Monitor.
    MindMonitor,
    /// Any other table of numbers.
    Csv,
    /// An archive that holds one recording and its companions.
    Zip,
}

impl Format {
    pub const ALL: [Self; 24] = [
        Self::Edf,
        Self::EdfPlusC,
        Self::EdfPlusD,
        Self::Bdf,
        Self::BdfPlusC,
        Self::BdfPlusD,
        Self::Wav,
        Self::Flac,
        Self::Mp3,
        Self::OggVorbis,
        Self::OggOpus,
        Self::Mp4Aac,
        Self::Adts,
        Self::BrainVision,
        Self::Eeglab,
        Self::Fif,
        Self::Gdf,
        Self::Xdf,
        Self::Wfdb,
        Self::OpenBci,
        Self::MuseCsv,
        Self::MindMonitor,
        Self::Csv,
        Self::Zip,
    ];

    /// The name people use: `EDF+C`, `Ogg Vorbis`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Edf => "EDF",
            Self::EdfPlusC => "EDF+C",
            Self::EdfPlusD => "EDF+D",
            Self::Bdf => "BDF",
            Self::BdfPlusC => "BDF+C",
            Self::BdfPlusD => "BDF+D",
            Self::Wav => "WAV",
            Self::Flac => "FLAC",
            Self::Mp3 => "MP3",
            Self::OggVorbis => "Ogg Vorbis",
            Self::OggOpus => "Ogg Opus",
            Self::Mp4Aac => "M4A (AAC)",
            Self::Adts => "AAC (ADTS)",
            Self::BrainVision => "BrainVision",
            Self::Eeglab => "EEGLAB",
            Self::Fif => "FIF",
            Self::Gdf => "GDF",
            Self::Xdf => "XDF",
            Self::Wfdb => "WFDB",
            Self::OpenBci => "OpenBCI text",
            Self::MuseCsv => "Muse CSV",
            Self::MindMonitor => "Mind Monitor CSV",
            Self::Csv => "CSV",
            Self::Zip => "ZIP",
        }
    }

    /// Media type for HTTP. Formats of recordings have none registered.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Edf | Self::EdfPlusC | Self::EdfPlusD => "application/x-edf",
            Self::Bdf | Self::BdfPlusC | Self::BdfPlusD => "application/x-bdf",
            Self::Wav => "audio/wav",
            Self::Flac => "audio/flac",
            Self::Mp3 => "audio/mpeg",
            Self::OggVorbis | Self::OggOpus => "audio/ogg",
            Self::Mp4Aac => "audio/mp4",
            Self::Adts => "audio/aac",
            Self::BrainVision => "application/x-brainvision",
            Self::Eeglab => "application/x-matlab-data",
            Self::Fif => "application/x-fif",
            Self::Gdf => "application/x-gdf",
            Self::Xdf => "application/x-xdf",
            Self::Wfdb => "application/x-wfdb",
            Self::OpenBci => "text/plain",
            Self::MuseCsv | Self::MindMonitor | Self::Csv => "text/csv",
            Self::Zip => "application/zip",
        }
    }

    /// Usual file name ending, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Edf | Self::EdfPlusC | Self::EdfPlusD => "edf",
            Self::Bdf | Self::BdfPlusC | Self::BdfPlusD => "bdf",
            Self::Wav => "wav",
            Self::Flac => "flac",
            Self::Mp3 => "mp3",
            Self::OggVorbis => "ogg",
            Self::OggOpus => "opus",
            Self::Mp4Aac => "m4a",
            Self::Adts => "aac",
            Self::BrainVision => "vhdr",
            Self::Eeglab => "set",
            Self::Fif => "fif",
            Self::Gdf => "gdf",
            Self::Xdf => "xdf",
            Self::Wfdb => "hea",
            Self::OpenBci => "txt",
            Self::MuseCsv | Self::MindMonitor | Self::Csv => "csv",
            Self::Zip => "zip",
        }
    }

    pub const fn is_audio(self) -> bool {
        matches!(
            self,
            Self::Wav
                | Self::Flac
                | Self::Mp3
                | Self::OggVorbis
                | Self::OggOpus
                | Self::Mp4Aac
                | Self::Adts
        )
    }

    /// Whether a recording may lie in several files, or is an archive of them.
    pub const fn may_be_a_set(self) -> bool {
        matches!(self, Self::BrainVision | Self::Eeglab | Self::Wfdb | Self::Zip)
    }

    /// EDF, BDF and their successors, which share one header.
    pub const fn is_edf(self) -> bool {
        matches!(self, Self::Edf | Self::EdfPlusC | Self::EdfPlusD) || self.is_bdf()
    }

    /// 24-bit samples (the BDF family).
    pub const fn is_bdf(self) -> bool {
        matches!(self, Self::Bdf | Self::BdfPlusC | Self::BdfPlusD)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Tells the format from the first bytes; `head` should hold [`SNIFF_BYTES`] or the whole file.
///
/// Looks at content only. Formats without a magic number (MPEG audio, ADTS) need two consecutive
/// frame headers that agree, so that text or noise is not taken for sound.
///
/// ```
/// # use clx_formats::{Format, sniff};
/// assert_eq!(sniff(b"fLaC\x00\x00\x00\x22"), Some(Format::Flac));
/// assert_eq!(sniff(b"hello"), None);
/// ```
pub fn sniff(head: &[u8]) -> Option<Format> {
    biosignal(head).or_else(|| magic(head)).or_else(|| text(head)).or_else(|| framed(head))
}

fn biosignal(head: &[u8]) -> Option<Format> {
    if brainvision::is_header(head) {
        return Some(Format::BrainVision);
    }
    if mat::is_level_5(head) || mat::is_hdf5(head) {
        return Some(Format::Eeglab);
    }
    if fif::is_fif(head) {
        return Some(Format::Fif);
    }
    if gdf::is_gdf(head) {
        return Some(Format::Gdf);
    }
    // The first eight bytes are the version; the header size that follows at 184 keeps any other
    // text that begins with a zero out.
    let version = head.get(..8)?;
    let bdf = version == b"\xffBIOSEMI";
    let edf = version[0] == b'0' && version[1..].iter().all(|&b| b == b' ' || b == 0);
    if !bdf && !edf {
        return None;
    }
    if head.len() >= 192 && !looks_numeric(&head[184..192]) {
        return None;
    }
    let reserved = head.get(192..236).unwrap_or_default();
    Some(match (bdf, reserved.get(..5)) {
        (false, Some(b"EDF+C")) => Format::EdfPlusC,
        (false, Some(b"EDF+D")) => Format::EdfPlusD,
        (false, _) => Format::Edf,
        (true, Some(b"BDF+C")) => Format::BdfPlusC,
        (true, Some(b"BDF+D")) => Format::BdfPlusD,
        (true, _) => Format::Bdf,
    })
}

/// Formats that are text, plain or gzip-compressed.
fn text(head: &[u8]) -> Option<Format> {
    if wfdb::is_header(head) { Some(Format::Wfdb) } else { table::tell(head) }
}

fn looks_numeric(field: &[u8]) -> bool {
    field.iter().all(|b| b.is_ascii_digit() || matches!(b, b' ' | 0))
}

fn magic(head: &[u8]) -> Option<Format> {
    if head.len() >= 12 && matches!(&head[..4], b"RIFF" | b"RF64" | b"BW64") {
        return (&head[8..12] == b"WAVE").then_some(Format::Wav);
    }
    if head.starts_with(b"fLaC") {
        return Some(Format::Flac);
    }
    if head.starts_with(b"XDF:") {
        return Some(Format::Xdf);
    }
    if head.starts_with(b"OggS") {
        return ogg(head);
    }
    // An entry, or the end record of an archive without entries.
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(Format::Zip);
    }
    if head.len() >= 12 && &head[4..8] == b"ftyp" {
        return mp4(head);
    }
    None
}

/// The first packet of an Ogg stream names its codec.
fn ogg(head: &[u8]) -> Option<Format> {
    let n_segments = usize::from(*head.get(26)?);
    let packet = head.get(27 + n_segments..)?;
    if packet.starts_with(b"OpusHead") {
        Some(Format::OggOpus)
    } else if packet.starts_with(b"\x01vorbis") {
        Some(Format::OggVorbis)
    } else {
        None
    }
}

/// An `ftyp` box whose file holds, or by its brand promises, AAC.
fn mp4(head: &[u8]) -> Option<Format> {
    const AUDIO_BRANDS: [&[u8]; 3] = [b"M4A ", b"M4B ", b"M4P "];
    let ftyp_len = u32::from_be_bytes(head[..4].try_into().ok()?) as usize;
    let brands = head.get(8..ftyp_len.clamp(8, head.len()))?;
    let by_brand = brands.chunks_exact(4).any(|brand| AUDIO_BRANDS.contains(&brand));
    // The sample description of a file written in one pass sits after the media data, out of
    // sight here; generic brands are accepted and the decoder says what it finds.
    const GENERIC: [&[u8]; 5] = [b"isom", b"iso2", b"mp41", b"mp42", b"dash"];
    let generic = brands.chunks_exact(4).any(|brand| GENERIC.contains(&brand));
    let described = head.windows(4).any(|w| w == b"mp4a");
    (by_brand || generic || described).then_some(Format::Mp4Aac)
}

/// MPEG audio and ADTS have frame headers instead of a magic number.
fn framed(head: &[u8]) -> Option<Format> {
    let start = id3_len(head);
    if start >= head.len() {
        // The tag (often with a picture) is longer than what we see; it belongs to MPEG audio
        // far more often than to ADTS.
        return (start > 0).then_some(Format::Mp3);
    }
    let body = &head[start..];
    if is_flac_after_tag(start, body) {
        return Some(Format::Flac);
    }
    // After a tag encoders pad with zeros; some cut files begin inside a frame.
    let limit = body.len().min(8_192);
    (0..limit).find_map(|at| frame_pair(&body[at..]))
}

fn is_flac_after_tag(start: usize, body: &[u8]) -> bool {
    start > 0 && body.starts_with(b"fLaC")
}

fn frame_pair(bytes: &[u8]) -> Option<Format> {
    let len = adts_frame_len(bytes);
    if len.is_some_and(|len| bytes.get(len..).is_some_and(|b| adts_frame_len(b).is_some())) {
        return Some(Format::Adts);
    }
    let len = mpeg_frame_len(bytes)?;
    let next = bytes.get(len..)?;
    // Same version, layer and sample rate in the next frame.
    let agrees = mpeg_frame_len(next).is_some()
        && next[1] & 0xfe == bytes[1] & 0xfe
        && next[2] & 0x0c == bytes[2] & 0x0c;
    agrees.then_some(Format::Mp3)
}

/// Bytes of the ID3v2 tag at the beginning, 0 without one.
fn id3_len(head: &[u8]) -> usize {
    if head.len() < 10 || !head.starts_with(b"ID3") || head[6..10].iter().any(|b| b & 0x80 != 0) {
        return 0;
    }
    let size = head[6..10].iter().fold(0_usize, |n, &b| n << 7 | usize::from(b));
    let footer = if head[5] & 0x10 != 0 { 10 } else { 0 };
    10 + size + footer
}

/// Length of the MPEG audio layer III frame that starts here (ISO 11172-3 and 13818-3 headers).
fn mpeg_frame_len(bytes: &[u8]) -> Option<usize> {
    // kbit/s by bitrate index, for version 1 and for versions 2 and 2.5.
    const V1: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const V2: [usize; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    const RATES: [usize; 3] = [44_100, 48_000, 32_000];
    let &[b0, b1, b2, _, ..] = bytes else { return None };
    let (version, layer) = (b1 >> 3 & 3, b1 >> 1 & 3);
    if b0 != 0xff || b1 & 0xe0 != 0xe0 || version == 1 || layer != 1 {
        return None;
    }
    let bitrate_index = usize::from(b2 >> 4);
    let rate = RATES.get(usize::from(b2 >> 2 & 3))?;
    let padding = usize::from(b2 >> 1 & 1);
    let (table, per_kbit, rate) = match version {
        3 => (&V1, 144_000, *rate),
        2 => (&V2, 72_000, rate / 2),
        _ => (&V2, 72_000, rate / 4),
    };
    let kbit = *table.get(bitrate_index)?;
    (kbit > 0).then(|| per_kbit * kbit / rate + padding)
}

/// Length of the ADTS frame that starts here (ISO 13818-7, 6.2).
fn adts_frame_len(bytes: &[u8]) -> Option<usize> {
    let &[b0, b1, b2, b3, b4, b5, _, ..] = bytes else { return None };
    let rate_index = b2 >> 2 & 0x0f;
    if b0 != 0xff || b1 & 0xf6 != 0xf0 || rate_index > 12 {
        return None;
    }
    let len = usize::from(b3 & 3) << 11 | usize::from(b4) << 3 | usize::from(b5 >> 5);
    (len > 7).then_some(len)
}
