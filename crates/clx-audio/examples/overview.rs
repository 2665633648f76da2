//! Prints the overview of sound files as JSON, one line each: `overview FILE…`.

use std::io::Write;

use clx_audio::{AudioParams, OverviewBuilder};
use clx_formats::{Source, open};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let Source::Audio(mut reader) = open(Box::new(std::fs::File::open(&path)?))? else {
            return Err(format!("{path} is not a sound").into());
        };
        let info = reader.info();
        let mut builder = OverviewBuilder::new(info.rate, info.n_channels, AudioParams::default())?;
        let mut block = Vec::new();
        while reader.next_block(&mut block)? > 0 {
            builder.push(&block)?;
        }
        let overview = serde_json::to_string(&builder.finish()?)?;
        writeln!(std::io::stdout(), "{overview}")?;
    }
    Ok(())
}
