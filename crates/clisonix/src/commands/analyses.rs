use anyhow::Result;
use serde_json::json;

use crate::args::Listing;
use crate::out;

pub(crate) fn run(command: &Listing) -> Result<()> {
    for analysis in clx_analysis::catalogue() {
        if command.json {
            let entry = json!({
                "id": analysis.id,
                "title": analysis.title,
                "summary": analysis.summary,
                "input": analysis.input,
                "credits": analysis.credits,
                "params_schema": analysis.params_schema(),
                "example_params": analysis.example_params(),
            });
            out::line(format_args!("{entry}"))?;
        } else {
            out::line(format_args!("{:<20} {}", analysis.id, analysis.summary))?;
        }
    }
    Ok(())
}
