//! Any bytes as rows below a header that makes them a table; and as they are.
#![no_main]

use std::io::Cursor;

use clx_formats::{FormatError, Source, open};

const HEADS: [&[u8]; 4] = [
    b"",
    b"time,Fp1,marker\n0,1,\n0.004,2,a\n0.008,3,\n",
    b"%OpenBCI Raw EXG Data\n%Number of channels = 1\n%Sample Rate = 250 Hz\nSample Index, EXG Channel 0, Timestamp\n0,1,0\n1,2,4\n2,3,8\n",
    b"TimeStamp,RAW_TP9,Elements\n2024-01-01 10:00:00.000,1,\n2024-01-01 10:00:00.004,2,\n2024-01-01 10:00:00.008,3,\n",
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((&which, rows)) = bytes.split_first() else { return };
    let mut file = HEADS[usize::from(which) % HEADS.len()].to_vec();
    file.extend_from_slice(rows);
    // An error is a fine answer; a panic or a runaway allocation is not.
    let _outcome = read(file);
});

fn read(file: Vec<u8>) -> Result<(), FormatError> {
    let Source::Recording(mut reader) = open(Box::new(Cursor::new(file)))? else {
        return Ok(());
    };
    for annotation in reader.annotations()? {
        assert!(annotation.onset_s.is_finite());
    }
    let picks: Vec<usize> = (0..reader.header().channels.len()).collect();
    let block_s = (reader.header().duration_s / 3.0).max(1e-9);
    for block in reader.blocks(&picks, block_s).take(5) {
        assert!(block?.samples.iter().flatten().all(|x| !x.is_nan()));
    }
    Ok(())
}
