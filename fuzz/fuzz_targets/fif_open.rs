//! Any bytes as the tags of a FIF file.
#![no_main]

mod read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // The identity of the file, which every one begins with.
    let mut file = vec![0, 0, 0, 100, 0, 0, 0, 31, 0, 0, 0, 20];
    file.resize(36, 0);
    file.extend_from_slice(bytes);
    let _outcome = read::everything(file, &());
});
