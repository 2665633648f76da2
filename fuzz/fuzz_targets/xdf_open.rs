//! Any bytes behind the mark of XDF: chunks, stream headers, time stamps, samples.
#![no_main]

use std::io::Cursor;

use clx_formats::{FormatError, Source, open};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut file = b"XDF:".to_vec();
    file.extend_from_slice(bytes);
    // An error is a fine answer; a panic or a runaway allocation is not.
    let _outcome = read(file);
});

fn read(file: Vec<u8>) -> Result<(), FormatError> {
    let Source::Recording(mut reader) = open(Box::new(Cursor::new(file)))? else {
        unreachable!("the mark is that of XDF");
    };
    assert!(reader.header().gaps.iter().all(|g| g.duration_s > 0.0));
    for annotation in reader.annotations()? {
        assert!(annotation.onset_s.is_finite());
    }
    let picks: Vec<usize> = (0..reader.header().channels.len()).collect();
    let block_s = (reader.header().duration_s / 3.0).max(1e-9);
    for block in reader.blocks(&picks, block_s).take(5) {
        block?;
    }
    Ok(())
}
