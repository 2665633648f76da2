//! Analyses without a layout of their own: their pictures, then their sheet.

use clx_analysis::{Analysis, Cell as SheetCell, Measure, ResultEnvelope, Sheet};

use super::{figure, findings, limit_columns, limit_rows, measures, parse};
use crate::document::{Block, Cell, Column, Section, Table};
use crate::say::Say;

/// Rows of a table that fit on two pages; the spreadsheet has them all.
const ROWS_ON_PAPER: usize = 60;
/// Columns that stand beside each other on a page and can be read.
const COLUMNS_ON_PAPER: usize = 8;

pub(super) fn section(result: &ResultEnvelope, say: &Say) -> Section {
    let known = clx_analysis::find(&result.analysis);
    let mut blocks = Vec::new();
    if let Some(analysis) = known {
        blocks.extend(pictures(result, analysis, say));
    }
    let sheet = Sheet::of(&result.output, usize::MAX);
    if !sheet.measures.is_empty() {
        let rows = sheet.measures.iter().map(|measure| row(measure, say)).collect();
        blocks.push(measures("single-values", rows, say));
    }
    blocks.extend(sheet.tables.iter().map(|table| Block::Table(paper_table(table, say))));
    #[derive(serde::Deserialize)]
    struct Found {
        #[serde(default)]
        findings: Vec<clx_signal::Finding>,
    }
    if let Ok(found) = parse::<Found>(result) {
        blocks.extend(findings(&found.findings, say));
    }
    Section { title: super::title(&result.analysis, say), blocks }
}

fn pictures(result: &ResultEnvelope, analysis: &Analysis, say: &Say) -> Vec<Block> {
    let plots = analysis.plots(&result.output).unwrap_or_default();
    let drawn = plots.into_iter().filter_map(|plot| {
        let Block::Figure { svg, .. } = figure(result, plot.name, say)? else { return None };
        let caption = clx_analysis::plot_title(say.bundle(), analysis, plot);
        Some(Block::Figure { svg, caption })
    });
    drawn.collect()
}

fn row<'a>(measure: &'a Measure, say: &Say) -> (String, Cell, &'a str) {
    let label = clx_analysis::field_label(say.bundle(), &measure.path);
    let cell = match measure.value {
        SheetCell::Number(value) => say.with_interval(Some(value), measure.ci95),
        ref other => printed(other, say),
    };
    (label, cell, measure.unit.unwrap_or(""))
}

fn paper_table(table: &clx_analysis::Table, say: &Say) -> Table {
    let columns = table.columns.iter().enumerate().map(|(i, column)| {
        let name = clx_analysis::field_label(say.bundle(), &column.path);
        let label = match column.unit {
            Some(unit) => format!("{name} ({unit})"),
            None => name,
        };
        let numeric = table.rows.iter().any(|row| matches!(row[i], SheetCell::Number(_)));
        Column { label, numeric }
    });
    let caption = clx_analysis::field_label(say.bundle(), &table.path);
    let mut paper = Table::new(caption, columns.collect());
    for row in &table.rows {
        paper.rows.push(row.iter().map(|cell| printed(cell, say)).collect());
    }
    limit_rows(&mut paper, ROWS_ON_PAPER, say);
    limit_columns(&mut paper, COLUMNS_ON_PAPER, say);
    paper
}

fn printed(cell: &SheetCell, say: &Say) -> Cell {
    match cell {
        SheetCell::Absent => Cell::text("–"),
        SheetCell::Truth(true) => Cell::text(say.text("yes")),
        SheetCell::Truth(false) => Cell::text(say.text("no")),
        SheetCell::Text(text) => Cell::text(text),
        SheetCell::Number(value) => Cell { value: Some(*value), ..Cell::text(say.setting(*value)) },
    }
}
