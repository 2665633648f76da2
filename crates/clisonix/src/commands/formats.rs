use anyhow::Result;
use clx_formats::Format;
use serde_json::json;

use crate::args::Listing;
use crate::out;

pub(crate) fn run(command: &Listing) -> Result<()> {
    for format in Format::ALL {
        let kind = if format.is_audio() { "audio" } else { "recording" };
        if command.json {
            out::line(format_args!(
                "{}",
                json!({"name": format.name(), "kind": kind, "media_type": format.media_type()})
            ))?;
        } else {
            out::line(format_args!("{:<12} {kind}", format.name()))?;
        }
    }
    Ok(())
}
