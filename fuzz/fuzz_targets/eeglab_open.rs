//! Any bytes as the elements of a MAT file; the first one says in which order of bytes.
#![no_main]

mod read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((&order, elements)) = bytes.split_first() else { return };
    let mut file = b"MATLAB 5.0 MAT-file, by a fuzzer".to_vec();
    file.resize(124, b' ');
    file.extend_from_slice(if order & 1 == 0 { b"\0\x01IM" } else { b"\x01\0MI" });
    file.extend_from_slice(elements);
    let _outcome = read::everything(file, &());
});
