//! Typesets the document with typst.

mod world;

use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::document::Document;
use crate::{ReportError, ReportInput};
use world::Desk;

pub(crate) fn write(document: &Document, input: &ReportInput<'_>) -> Result<Vec<u8>, ReportError> {
    let desk = Desk::new(document)?;
    let Warned { output, .. } = typst::compile::<PagedDocument>(&desk);
    let pages = output.map_err(|errors| layout_error(&errors))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2b])
        .map_err(|e| ReportError::Layout(e.message().to_string()))?;
    let options = PdfOptions {
        // Named after its content, so that two different reports never share an identifier.
        ident: Smart::Custom(desk.identifier().to_owned()),
        creator: Smart::Custom(Some(format!("Clisonix {}", env!("CARGO_PKG_VERSION")))),
        timestamp: timestamp(input.created_at),
        standards,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&pages, &options).map_err(|errors| layout_error(&errors))?;
    // A server makes many reports: without this, typst's memo of earlier ones would only grow.
    typst::comemo::evict(2);
    Ok(bytes)
}

fn layout_error(errors: &[SourceDiagnostic]) -> ReportError {
    let messages: Vec<&str> = errors.iter().map(|e| e.message.as_str()).collect();
    ReportError::Layout(messages.join("; "))
}

fn timestamp(at: jiff::Timestamp) -> Option<Timestamp> {
    let civil = at.to_zoned(jiff::tz::TimeZone::UTC);
    let part = |value: i8| u8::try_from(value).ok();
    let moment = Datetime::from_ymd_hms(
        i32::from(civil.year()),
        part(civil.month())?,
        part(civil.day())?,
        part(civil.hour())?,
        part(civil.minute())?,
        part(civil.second())?,
    )?;
    Some(Timestamp::new_utc(moment))
}
