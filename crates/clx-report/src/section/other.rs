//! Analyses without a layout of their own: every single value of the output in one table.

use clx_analysis::ResultEnvelope;

use super::{figure, flatten, limit_rows};
use crate::document::{Block, Cell, Column, Section, Table};
use crate::say::Say;

pub(super) fn section(result: &ResultEnvelope, say: &Say) -> Section {
    let known = clx_analysis::find(&result.analysis);
    let mut blocks = Vec::new();
    if let Some(analysis) = known {
        let plots = analysis.plots(&result.output).unwrap_or_default();
        blocks.extend(plots.iter().filter_map(|plot| {
            let figure = figure(result, plot.name, say)?;
            let Block::Figure { svg, .. } = figure else { return None };
            Some(Block::Figure { svg, caption: plot.title.to_owned() })
        }));
    }
    let columns = ["measure", "value"].map(|id| Column::words(say.text(id)));
    let mut table = Table::new(say.text("all-values-caption"), columns.into());
    let mut leaves = Vec::new();
    flatten(&result.output, String::new(), &mut leaves);
    for (name, value) in leaves {
        let number = value.parse::<f64>().ok();
        let cell = Cell { text: value, value: number, interval: None };
        table.rows.push(vec![Cell::text(name), cell]);
    }
    limit_rows(&mut table, 200, say);
    blocks.push(Block::Table(table));
    Section { title: known.map_or(result.analysis.clone(), |a| a.title.to_owned()), blocks }
}
