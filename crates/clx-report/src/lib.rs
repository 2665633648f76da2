//! Turns results into documents: PDF/A-2b for reading and signing, XLSX for calculating.
//!
//! Both are laid out from one [`document`] model, so they hold the same figures. Nothing is
//! computed here: every number comes from a result, and a missing one reads "not measured".
//! Invariant: equal [`ReportInput`] gives equal bytes; there is no clock, no random identifier and
//! no font but the embedded ones.

mod document;
mod error;
mod pdf;
mod say;
mod section;
mod xlsx;

use clx_analysis::ResultEnvelope;

pub use error::ReportError;

/// What a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct ReportInput<'a> {
    /// In the order in which they shall appear; at least one.
    pub results: &'a [ResultEnvelope],
    /// Language of the reader, such as `de`; English for languages that have no bundle.
    pub lang: &'a str,
    /// Absent for the name of the input file.
    pub title: Option<&'a str>,
    /// Printed on the cover and stored in the file; part of the input so that bytes repeat.
    pub created_at: jiff::Timestamp,
}

/// The report as PDF/A-2b with embedded fonts and tagged structure.
///
/// # Errors
/// [`ReportError::Empty`] without results, [`ReportError::Output`] if a result does not have the
/// shape of its analysis, [`ReportError::Layout`] if typesetting fails.
pub fn pdf(input: &ReportInput<'_>) -> Result<Vec<u8>, ReportError> {
    pdf::write(&document::Document::new(input)?, input)
}

/// The same figures as a spreadsheet, a sheet per table.
///
/// # Errors
/// As [`pdf`], and [`ReportError::Sheet`] if the workbook cannot be written.
pub fn xlsx(input: &ReportInput<'_>) -> Result<Vec<u8>, ReportError> {
    xlsx::write(&document::Document::new(input)?, input)
}
