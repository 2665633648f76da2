//! Blanking of what points to a person, in place, in every format of several fields.

use std::io::{Cursor, Read, Write};

use clx_formats::{Deidentified, Format, deidentify_file, sniff};
use zip::CompressionMethod;

use crate::archive::archive;
use crate::bytes::try_recording;
use crate::reference::zipped;

/// Blanks a copy of `bytes`, which must keep its length and its recording.
fn blanked(format: Format, bytes: &[u8]) -> Vec<u8> {
    assert_eq!(sniff(bytes), Some(format));
    let mut file = Cursor::new(bytes.to_vec());
    assert_eq!(deidentify_file(format, &mut file).unwrap(), Deidentified::Blank);
    let after = file.into_inner();
    assert_eq!(after.len(), bytes.len());
    let mut named = try_recording(bytes.to_vec()).unwrap();
    let mut blank = try_recording(after.clone()).unwrap();
    assert!(!named.identity().is_anonymous() && blank.identity().is_anonymous());
    assert_eq!(blank.header(), named.header());
    assert_eq!(blank.load().unwrap(), named.load().unwrap());
    after
}

fn left(format: Format, bytes: Vec<u8>) -> &'static str {
    match deidentify_file(format, &mut Cursor::new(bytes)).unwrap() {
        Deidentified::Left(reason) => reason,
        Deidentified::Blank => panic!("this cannot have been blanked"),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn has(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|w| w == word.as_bytes())
}

#[test]
fn sets_lose_their_names_and_keep_all_else() {
    let cases = [
        ("bv_int16_multiplexed_latin1", "vhdr"),
        ("fif_single_raw", "fif"),
        ("gdf_2_mixed", "gdf"),
        ("set_inline_v6", "set"),
        ("set_fields_v6", "set"),
    ];
    for (stem, ending) in cases {
        let zip = blanked(Format::Zip, &zipped(stem, CompressionMethod::Stored));
        // The checksums of the members were corrected: another reader accepts the archive.
        let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
        let mut member = archive.by_name(&format!("{stem}.{ending}")).unwrap();
        let mut alone = Vec::new();
        member.read_to_end(&mut alone).unwrap();
        assert!(!has(&alone, "Erika") && !has(&alone, "Beispiel"), "{stem}");
    }
}

#[test]
fn every_comment_of_a_wfdb_header_is_blanked() {
    // The header of MIT-BIH 100 with its comments (age, sex, medication), a sample long.
    let header = "# Name: Erika Beispiel\n100 2 360 1\r\n100.dat 212 200 11 1024 995 -22131 0 MLII\n\
        100.dat 212 200 11 1024 1011 20052 0 V5\n# 69 M 1085 1629 x1\r\n  # Aldomet, Inderal";
    let files: [(&str, &[u8]); 2] = [("100.hea", header.as_bytes()), ("100.dat", b"\xe3\x33\xf3")];
    let zip = blanked(Format::Zip, &archive(&files, CompressionMethod::Stored));
    for word in ["Erika", "69 M", "Aldomet"] {
        assert!(!has(&zip, word), "{word}");
    }
}

/// A file of one stream of two samples, `desc` in its header (XDF 1.0).
fn xdf(desc: &str) -> Vec<u8> {
    let mut out = b"XDF:".to_vec();
    let mut chunk = |tag: u16, content: &[u8]| {
        out.push(4);
        out.extend((content.len() as u32 + 2).to_le_bytes());
        out.extend(tag.to_le_bytes());
        out.extend(content);
    };
    chunk(1, b"<?xml version=\"1.0\"?><info><version>1.0</version></info>");
    let info = format!(
        "<info><name>amp</name><type>EEG</type><channel_count>1</channel_count>\
         <nominal_srate>100</nominal_srate><channel_format>int16</channel_format>{desc}</info>"
    );
    chunk(2, &[&1_u32.to_le_bytes(), info.as_bytes()].concat());
    let mut samples = [1_u32.to_le_bytes().as_slice(), &[1, 2]].concat();
    for (time_s, value) in [(5.0_f64, 3_i16), (5.01, 4)] {
        samples.push(8);
        samples.extend(time_s.to_le_bytes());
        samples.extend(value.to_le_bytes());
    }
    chunk(3, &samples);
    out
}

#[test]
fn elements_about_a_person_are_blanked_in_xdf() {
    let file = xdf("<desc><subject><id>S-007</id><name>Erika &amp; Co</name></subject>\
        <channels><channel><label>Cz</label></channel></channels></desc>");
    assert_eq!(try_recording(file.clone()).unwrap().identity().patient, "S-007 Erika & Co");
    let blank = blanked(Format::Xdf, &file);
    assert!(!has(&blank, "S-007") && !has(&blank, "Erika") && has(&blank, "<label>Cz"));
    // Without such elements nothing changes.
    let mut plain = Cursor::new(xdf("<desc/>"));
    assert_eq!(deidentify_file(Format::Xdf, &mut plain).unwrap(), Deidentified::Blank);
    assert_eq!(plain.into_inner(), xdf("<desc/>"));
}

const TABLE: &str = "% Sample Rate = 250 Hz\n# Subject: Erika Beispiel\r\n%% Name = Erika\n\
    time,Fp1\n0,1\n0.004,2\n0.008,3\n";

#[test]
fn comments_of_tables_that_name_a_person_are_blanked() {
    let blank = blanked(Format::Csv, TABLE.as_bytes());
    assert!(!has(&blank, "Erika") && has(&blank, "Sample Rate = 250 Hz") && has(&blank, "\r\n"));
}

#[test]
fn what_cannot_be_blanked_in_place_is_said() {
    for (stem, method, advice) in [
        ("set_inline_v7", CompressionMethod::Stored, "version 6"),
        ("set_inline_v6", CompressionMethod::Deflated, "without compression"),
        ("bv_int16_multiplexed_latin1", CompressionMethod::Deflated, "without compression"),
    ] {
        let reason = left(Format::Zip, zipped(stem, method));
        assert!(reason.contains(advice), "{stem}: {reason}");
    }
    let reason = left(Format::Csv, gzip(TABLE.as_bytes()));
    assert!(reason.contains("comments") && reason.contains("without compression"), "{reason}");
    let mut hdf5 = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".to_vec();
    hdf5.resize(1_024, b' ');
    assert!(left(Format::Eeglab, hdf5).contains("7.3"));
}

#[test]
fn compressed_files_that_name_nobody_pass() {
    let before = zipped("bv_float32_multiplexed", CompressionMethod::Deflated);
    let mut zip = Cursor::new(before.clone());
    assert_eq!(deidentify_file(Format::Zip, &mut zip).unwrap(), Deidentified::Blank);
    assert_eq!(zip.into_inner(), before);
    let before = gzip(TABLE.replace("Erika Beispiel", "").replace("Name = Erika", "").as_bytes());
    let mut table = Cursor::new(before.clone());
    assert_eq!(deidentify_file(Format::Csv, &mut table).unwrap(), Deidentified::Blank);
    assert_eq!(table.into_inner(), before);
}
