//! Formats are told by content.

use clx_formats::{Format, SNIFF_BYTES, sniff};
use clx_testkit::shared_data;
use proptest::prelude::*;

use crate::bytes::{patch, spec, write};

#[test]
fn the_edf_family_is_told_by_version_and_reserved_field() {
    for format in [Format::EdfPlusC, Format::EdfPlusD, Format::BdfPlusC, Format::BdfPlusD] {
        let mut bytes = write(&spec(format));
        assert_eq!(sniff(&bytes), Some(format));
        patch(&mut bytes, 192, 44, b"");
        let plain = if format.is_bdf() { Format::Bdf } else { Format::Edf };
        assert_eq!(sniff(&bytes), Some(plain));
    }
}

#[test]
fn real_files_are_told_apart() {
    for (name, format) in [
        ("eeg/edfio/short_psg.edf", Format::Edf),
        ("eeg/mne/test.edf", Format::EdfPlusC),
        ("eeg/eeglab/test.bdf", Format::Bdf),
        ("audio/vibe_ace.ogg", Format::OggVorbis),
    ] {
        let Some(path) = shared_data(name) else { continue };
        let bytes = std::fs::read(path).unwrap();
        assert_eq!(sniff(&bytes[..bytes.len().min(SNIFF_BYTES)]), Some(format), "{name}");
    }
}

#[test]
fn magic_numbers_of_sound_are_known() {
    let ogg = |packet: &[u8]| {
        let mut page = b"OggS\x00\x02".to_vec();
        page.extend([0; 20]);
        page.extend([1, packet.len() as u8]);
        page.extend(packet);
        page
    };
    // 417 bytes: MPEG-1 layer III, 128 kbit/s, 44.1 kHz (144000 * 128 / 44100).
    let mut mp3 = vec![0; 417 + 4];
    mp3[..4].copy_from_slice(b"\xff\xfb\x90\x00");
    mp3[417..].copy_from_slice(b"\xff\xfb\x90\x00");
    let mut tagged = b"ID3\x04\x00\x00\x00\x00\x00\x0a0123456789".to_vec();
    tagged.extend(&mp3);
    // ADTS frames of 16 bytes, AAC-LC at 44.1 kHz.
    let mut adts = [0xff, 0xf1, 0x50, 0x80, 0x02, 0x00, 0xfc, 0, 0, 0, 0, 0, 0, 0, 0, 0].repeat(2);
    adts.truncate(30);
    for (bytes, format) in [
        (&b"RIFF\x24\x00\x00\x00WAVEfmt "[..], Format::Wav),
        (b"RF64\xff\xff\xff\xffWAVEds64", Format::Wav),
        (b"fLaC\x00\x00\x00\x22", Format::Flac),
        (&ogg(b"OpusHead\x01\x02"), Format::OggOpus),
        (&ogg(b"\x01vorbis\x00"), Format::OggVorbis),
        (b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42", Format::Mp4Aac),
        (&mp3, Format::Mp3),
        (&tagged, Format::Mp3),
        (&adts, Format::Adts),
    ] {
        assert_eq!(sniff(bytes), Some(format), "{:?}", &bytes[..8]);
    }
}

#[test]
fn other_files_are_not_taken_for_signals() {
    for bytes in [
        &b""[..],
        b"0",
        b"0123456789 and more text",
        b"RIFF\x24\x00\x00\x00AVI LIST",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR",
        b"PK\x01\x02",
        b"%PDF-1.7",
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
        b"OggS\x00\x02",
    ] {
        assert_eq!(sniff(bytes), None, "{bytes:?}");
    }
}

proptest! {
    #[test]
    fn any_bytes_can_be_sniffed(bytes in prop::collection::vec(any::<u8>(), 0..4_096)) {
        let _format = sniff(&bytes);
    }
}
