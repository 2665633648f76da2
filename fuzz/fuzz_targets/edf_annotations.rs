//! Any bytes as the annotation signal of a discontinuous file: lists, record times, gaps.
#![no_main]

use std::io::Cursor;

use clx_formats::{Source, open};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((&size, lists)) = bytes.split_first() else { return };
    // Small records, so that lists run over their ends.
    let n_per_record = 4 + usize::from(size) / 4;
    let mut file = header(n_per_record);
    file.extend_from_slice(lists);
    let opened = open(Box::new(Cursor::new(file))).expect("the header is valid");
    let Source::Recording(mut reader) = opened else { unreachable!("the version is EDF's") };
    let annotations = reader.annotations().expect("the annotations are all in memory");
    assert!(annotations.iter().all(|a| a.onset_s.is_finite()));
    assert!(reader.header().gaps.iter().all(|g| g.duration_s > 0.0));
});

/// An EDF+D file of one annotation signal, with records of 1 s.
fn header(n_per_record: usize) -> Vec<u8> {
    let mut out = format!(
        "{:<8}{:<80}{:<80}{:<8}{:<8}{:<8}{:<44}{:<8}{:<8}{:<4}",
        "0", "X X X X", "Startdate X X X X", "01.01.85", "00.00.00", 512, "EDF+D", -1, 1, 1
    );
    out += &format!(
        "{:<16}{:<80}{:<8}{:<8}{:<8}{:<8}{:<8}{:<80}{:<8}{:<32}",
        "EDF Annotations", "", "", -1, 1, -32768, 32767, "", n_per_record, ""
    );
    out.into_bytes()
}
