//! Any bytes as the three files of a BrainVision set, parted by two zeros.
#![no_main]

mod read;

use std::io::Cursor;

use clx_formats::{ByteSource, Companions};

struct Set {
    markers: Vec<u8>,
    samples: Vec<u8>,
}

impl Companions for Set {
    fn open(&self, name: &str) -> Option<Box<dyn ByteSource>> {
        let bytes = if name.ends_with("vmrk") { &self.markers } else { &self.samples };
        Some(Box::new(Cursor::new(bytes.clone())))
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut rest = bytes;
    let mut part = || {
        let end = rest.windows(2).position(|pair| pair == [0, 0]).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        rest = after.get(2..).unwrap_or_default();
        part.to_vec()
    };
    let mut header = b"BrainVision Data Exchange Header File Version 2.0\n".to_vec();
    header.extend(part());
    let set = Set { markers: part(), samples: part() };
    let _outcome = read::everything(header, &set);
});
