/// Why there is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    #[error("a report needs at least one result, got none")]
    Empty,
    #[error("the output of {analysis} cannot be read: {reason}")]
    Output { analysis: String, reason: String },
    #[error("typesetting failed: {0}")]
    Layout(String),
    #[error("the workbook cannot be written: {0}")]
    Sheet(#[from] rust_xlsxwriter::XlsxError),
}
