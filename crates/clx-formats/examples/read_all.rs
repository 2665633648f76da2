//! Reads a recording whole, several times, for `benches/versus/eeg/read.py`.
//!
//! usage: read_all FILE TIMES
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use clx_formats::{ByteSource, Companions, Source, open_with};

/// The folder of the file.
struct Beside(PathBuf);

impl Companions for Beside {
    fn open(&self, name: &str) -> Option<Box<dyn ByteSource>> {
        let file = File::open(self.0.with_file_name(name)).ok()?;
        Some(Box::new(BufReader::with_capacity(1 << 20, file)))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args_os().skip(1);
    let path = PathBuf::from(args.next().ok_or("usage: read_all FILE TIMES")?);
    let times: usize = match args.next() {
        Some(n) => n.to_string_lossy().parse()?,
        None => 1,
    };
    let mut sum = 0.0;
    let mut n = 0;
    for _ in 0..times {
        let file = Box::new(BufReader::with_capacity(1 << 20, File::open(&path)?));
        let Source::Recording(mut reader) = open_with(file, &Beside(path.clone()))? else {
            return Err("not a recording".into());
        };
        let recording = reader.load()?;
        let samples = recording.channels.iter().flat_map(|c| &c.samples);
        sum = samples.map(|&x| f64::from(x)).sum::<f64>();
        n = recording.channels.iter().map(|c| c.samples.len()).sum();
    }
    println!("{n} samples, sum {sum:e}");
    Ok(())
}
