//! Any bytes, opened as a recording and read in every way a reader offers.
#![no_main]

use std::io::Cursor;

use clx_formats::{FormatError, Source, open};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // An error is a fine answer; a panic or a runaway allocation is not.
    let _outcome = read(bytes);
});

fn read(bytes: &[u8]) -> Result<(), FormatError> {
    let Source::Recording(mut reader) = open(Box::new(Cursor::new(bytes.to_vec())))? else {
        return Ok(());
    };
    let n_channels = reader.header().channels.len();
    let picks: Vec<usize> = (0..n_channels).collect();
    for annotation in reader.annotations()? {
        assert!(annotation.onset_s.is_finite());
    }
    for channel in 0..n_channels {
        let n = reader.header().channels[channel].n_samples;
        reader.read_digital(channel, n / 2, (n - n / 2) as usize)?;
    }
    let block_s = (reader.header().duration_s / 3.0).max(1e-9);
    for block in reader.blocks(&picks, block_s).take(5) {
        block?;
    }
    Ok(())
}
