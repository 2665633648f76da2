//! The tables of the document as a workbook, numbers as numbers.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::document::{Cell, Document, Table};
use crate::{ReportError, ReportInput};

pub(crate) fn write(document: &Document, input: &ReportInput<'_>) -> Result<Vec<u8>, ReportError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_timestamp(input.created_at.as_second())?;
    let properties = DocProperties::new()
        .set_title(&document.title)
        .set_subject(&document.kind)
        .set_comment(&document.notice)
        .set_author(format!("Clisonix {}", env!("CARGO_PKG_VERSION")))
        .set_creation_datetime(&created);
    workbook.set_properties(&properties);
    write_cover(workbook.add_worksheet(), document)?;
    let mut names = vec![sheet_name(&document.summary_title, &[])];
    for (_, table) in document.tables() {
        let name = sheet_name(&table.caption, &names);
        write_table(workbook.add_worksheet(), &name, table)?;
        names.push(name);
    }
    Ok(workbook.save_to_buffer()?)
}

fn write_cover(sheet: &mut Worksheet, document: &Document) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(&document.summary_title, &[]))?;
    sheet.set_column_width(0, 24)?.set_column_width(1, 90)?;
    let bold = Format::new().set_bold();
    let wrapped = Format::new().set_text_wrap();
    sheet.write_with_format(0, 0, &document.title, &Format::new().set_bold().set_font_size(16))?;
    let mut row = 2;
    for (label, value) in &document.cover {
        sheet.write_with_format(row, 0, label, &bold)?.write(row, 1, value)?;
        row += 1;
    }
    row += 1;
    for (i, line) in document.summary.iter().enumerate() {
        if i == 0 {
            sheet.write_with_format(row, 0, &document.summary_title, &bold)?;
        }
        sheet.write_with_format(row, 1, line, &wrapped)?;
        row += 1;
    }
    sheet.write_with_format(row + 1, 1, &document.notice, &wrapped)?;
    Ok(())
}

fn write_table(sheet: &mut Worksheet, name: &str, table: &Table) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    let bold = Format::new().set_bold();
    let head = Format::new().set_bold().set_text_wrap().set_border_bottom(FormatBorder::Thin);
    sheet.write_with_format(0, 0, &table.caption, &bold)?;
    let mut column = 0;
    for (i, heading) in table.columns.iter().enumerate() {
        let cells = || table.rows.iter().filter_map(|row| row.get(i));
        sheet.write_with_format(2, column, &heading.label, &head)?;
        sheet.set_column_width(column, width(cells(), &heading.label))?;
        for (row, cell) in (3..).zip(cells()) {
            write_cell(sheet, row, column, cell)?;
        }
        column += 1;
        if cells().any(|cell| cell.interval.is_some()) {
            for (end, label) in ["2.5 %", "97.5 %"].into_iter().enumerate() {
                sheet.write_with_format(2, column, label, &head)?;
                for (row, cell) in (3..).zip(cells()) {
                    if let Some(ends) = cell.interval {
                        sheet.write(row, column, ends[end])?;
                    }
                }
                column += 1;
            }
        }
    }
    sheet.set_freeze_panes(3, 1)?;
    Ok(())
}

fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    match cell.value {
        Some(value) => sheet.write(row, column, value)?,
        None => sheet.write(row, column, &cell.text)?,
    };
    Ok(())
}

/// Characters of the widest cell, within reason.
fn width<'a>(cells: impl Iterator<Item = &'a Cell>, label: &str) -> f64 {
    let widest =
        cells.map(|cell| if cell.value.is_some() { 12 } else { cell.text.chars().count() }).max();
    (widest.unwrap_or(0).max(label.chars().count().min(20)) as f64 + 2.0).clamp(10.0, 70.0)
}

/// A unique sheet name of at most 31 characters without the ones that Excel forbids.
fn sheet_name(caption: &str, taken: &[String]) -> String {
    let clean: String = caption.chars().filter(|c| !"[]:*?/\\'".contains(*c)).collect();
    let short = |length: usize| clean.chars().take(length).collect::<String>().trim().to_owned();
    let is_free = |name: &str| !taken.iter().any(|t| t.to_lowercase() == name.to_lowercase());
    let plain = short(31);
    if is_free(&plain) {
        return plain;
    }
    (2..).map(|i| format!("{} {i}", short(27))).find(|name| is_free(name)).unwrap_or(plain)
}
