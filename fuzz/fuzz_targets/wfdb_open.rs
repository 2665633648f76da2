//! Any bytes as the three files of a WFDB record: header, samples, annotations.
#![no_main]

use std::io::Cursor;

use clx_formats::{ByteSource, Companions, FormatError, Source, open_with};

struct Files<'a> {
    samples: &'a [u8],
    annotations: &'a [u8],
}

impl Companions for Files<'_> {
    fn open(&self, name: &str) -> Option<Box<dyn ByteSource>> {
        let bytes = if name.ends_with(".atr") { self.annotations } else { self.samples };
        Some(Box::new(Cursor::new(bytes.to_vec())))
    }
}

libfuzzer_sys::fuzz_target!(|files: (&[u8], &[u8], &[u8])| {
    let (header, samples, annotations) = files;
    // An error is a fine answer; a panic or a runaway allocation is not.
    let _outcome = read(header, &Files { samples, annotations });
});

fn read(header: &[u8], files: &Files<'_>) -> Result<(), FormatError> {
    let Source::Recording(mut reader) = open_with(Box::new(Cursor::new(header.to_vec())), files)?
    else {
        return Ok(());
    };
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
