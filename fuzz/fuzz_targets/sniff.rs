#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _format = clx_formats::sniff(bytes);
});
