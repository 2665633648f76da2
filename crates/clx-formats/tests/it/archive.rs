//! Recordings inside ZIP archives.

use std::io::{Cursor, Write};

use clx_formats::{Format, FormatError, sniff};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::bytes::{recording, spec, try_recording, write};
use crate::hostile::survive;

pub(crate) fn archive(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const METHODS: [CompressionMethod; 2] = [CompressionMethod::Stored, CompressionMethod::Deflated];

#[test]
fn a_recording_in_an_archive_reads_like_the_file_itself() {
    let edf = write(&spec(Format::EdfPlusD));
    let expected = recording(edf.clone()).load().unwrap();
    for method in METHODS {
        let files: [(&str, &[u8]); 3] = [
            ("notes.txt", b"hello"),
            ("sub-01/eeg/night.edf", &edf),
            ("__MACOSX/._night.edf", &edf),
        ];
        let zip = archive(&files, method);
        assert_eq!(sniff(&zip), Some(Format::Zip));
        let mut reader = recording(zip);
        assert_eq!(reader.format(), Format::EdfPlusD);
        assert_eq!(reader.load().unwrap(), expected);
        let block = reader.read_block(&[1], 1.0, 2.0).unwrap();
        assert_eq!(block.samples[0], expected.channels[1].samples[4..12]);
    }
}

#[test]
fn an_archive_must_hold_exactly_one_recording() {
    let edf = write(&spec(Format::EdfPlusC));
    for (files, got) in [
        (&[("a.edf", &edf[..]), ("b.edf", &edf)][..], "2: a.edf, b.edf"),
        (&[("a.txt", b"text")], "got 0"),
        (&[], "got 0"),
    ] {
        let error = try_recording(archive(files, CompressionMethod::Stored)).unwrap_err();
        assert!(error.to_string().contains(got), "{error}");
    }
    let inner = archive(&[("a.edf", &edf)], CompressionMethod::Stored);
    let nested = archive(&[("inner.zip", &inner)], CompressionMethod::Stored);
    assert!(matches!(try_recording(nested), Err(FormatError::Invalid { .. })));
}

#[test]
fn what_inflates_beyond_the_limit_is_refused_with_advice() {
    let edf = write(&spec(Format::EdfPlusC));
    let mut zip = archive(&[("a.edf", &edf)], CompressionMethod::Deflated);
    let entry = zip.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    // The size of the member in the directory.
    zip[entry + 24..][..4].copy_from_slice(&((256_u32 << 20) + 1).to_le_bytes());
    let error = try_recording(zip).unwrap_err();
    assert!(error.to_string().contains("zip the files without compression"), "{error}");
}

#[test]
fn damaged_archives_are_survived() {
    let edf = write(&spec(Format::BdfPlusC));
    for method in METHODS {
        let zip = archive(&[("notes.txt", b"hello"), ("night.bdf", &edf)], method);
        // Inflating takes tables and a window, beside what a recording takes.
        survive(&format!("ZIP {method}"), &zip, 1 << 20);
    }
}
