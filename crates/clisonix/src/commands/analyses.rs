use anyhow::Result;
use serde_json::json;

use crate::args::Listing;

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
            println!("{entry}");
        } else {
            println!("{:<20} {}", analysis.id, analysis.summary);
        }
    }
    Ok(())
}
