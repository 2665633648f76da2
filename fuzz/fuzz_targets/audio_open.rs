//! Any bytes, opened as sound, decoded and positioned.
#![no_main]

use std::io::Cursor;

use clx_formats::{FormatError, Source, open};

/// Enough blocks to leave the headers, few enough to keep the runs fast.
const MAX_BLOCKS: usize = 64;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // An error is a fine answer; a panic or a runaway allocation is not.
    let _outcome = read(bytes);
});

fn read(bytes: &[u8]) -> Result<(), FormatError> {
    let Source::Audio(mut reader) = open(Box::new(Cursor::new(bytes.to_vec())))? else {
        return Ok(());
    };
    let n_channels = reader.info().n_channels;
    let mut block = Vec::new();
    for _ in 0..MAX_BLOCKS {
        let n = reader.next_block(&mut block)?;
        assert!(n == 0 || block.len() == n_channels);
        assert!(block.iter().all(|channel| channel.len() == n || n == 0));
        assert!(block.iter().flatten().all(|x| x.is_finite()));
        if n == 0 {
            break;
        }
    }
    reader.seek(1_000)?;
    reader.next_block(&mut block)?;
    Ok(())
}
