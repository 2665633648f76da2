//! Reads a recording in every way a reader offers.

use std::io::Cursor;

use clx_formats::{Companions, FormatError, Source, open_with};

/// An error is a fine answer; a panic or a runaway allocation is not.
pub fn everything(bytes: Vec<u8>, companions: &dyn Companions) -> Result<(), FormatError> {
    let Source::Recording(mut reader) = open_with(Box::new(Cursor::new(bytes)), companions)? else {
        return Ok(());
    };
    let n_channels = reader.header().channels.len();
    let picks: Vec<usize> = (0..n_channels).collect();
    for annotation in reader.annotations()? {
        assert!(annotation.onset_s.is_finite());
    }
    assert!(reader.header().gaps.iter().all(|gap| gap.duration_s >= 0.0));
    assert_eq!(reader.positions().len(), n_channels);
    for channel in 0..n_channels {
        let n = reader.header().channels[channel].n_samples;
        match reader.read_digital(channel, n / 2, (n - n / 2) as usize) {
            Ok(_) | Err(FormatError::Unsupported { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let block_s = (reader.header().duration_s / 3.0).max(1e-9);
    for block in reader.blocks(&picks, block_s).take(5) {
        block?;
    }
    Ok(())
}
