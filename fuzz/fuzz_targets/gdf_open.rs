//! Any bytes as a GDF file; the first one chooses the version.
#![no_main]

mod read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((&version, rest)) = bytes.split_first() else { return };
    let mut file = if version & 1 == 0 { b"GDF 1.25" } else { b"GDF 2.20" }.to_vec();
    file.extend_from_slice(rest);
    let _outcome = read::everything(file, &());
});
