use std::io::Write;

use clx_analysis::ArtifactSink;
use clx_report::{ReportError, ReportInput};
use jiff::Timestamp;
use serde::Deserialize;

use super::analyze::envelopes;
use super::made::{Fault, Made};
use super::order::Order;
use super::sink::StagedSink;
use crate::ReportFormat;

#[derive(Deserialize)]
struct Params {
    format: ReportFormat,
    lang: String,
    title: Option<String>,
}

/// Makes a document of finished results.
pub(crate) fn create(order: &Order) -> Result<Made, Fault> {
    let params: Params = serde_json::from_value(order.params.clone())
        .map_err(|error| Fault::Final { code: "invalid_params", message: error.to_string() })?;
    let results = envelopes(order)?;
    order.signals.report(0.1, "writing");
    let title = params.title.or_else(|| order.recording.as_ref().map(|row| row.title.clone()));
    // The time the document was asked for: a second attempt makes the same bytes.
    let created_at = Timestamp::from_millisecond(order.created_at).unwrap_or_default();
    let input =
        ReportInput { results: &results, lang: &params.lang, title: title.as_deref(), created_at };
    let (name, media_type, bytes) = match params.format {
        ReportFormat::Pdf => ("report.pdf", "application/pdf", clx_report::pdf(&input)),
        ReportFormat::Xlsx => ("report.xlsx", XLSX, clx_report::xlsx(&input)),
    };
    let bytes = bytes.map_err(not_written)?;
    let sink = StagedSink::new(order.blobs.clone());
    let mut file = sink.create(name, media_type).map_err(Fault::passing)?;
    file.write_all(&bytes).map_err(Fault::passing)?;
    drop(file);
    Ok(Made { files: sink.seal(&order.org)?, ..Made::default() })
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn not_written(error: ReportError) -> Fault {
    Fault::Final { code: "report_not_written", message: error.to_string() }
}
