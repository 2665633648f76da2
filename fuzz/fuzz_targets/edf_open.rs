//! Any bytes, opened as a recording and read in every way a reader offers.
#![no_main]

mod read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _outcome = read::everything(bytes.to_vec(), &());
});
