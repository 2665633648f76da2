//! What the report says, independent of the file format.

use serde::Serialize;

use crate::say::Say;
use crate::{ReportError, ReportInput, section};

#[derive(Debug, Serialize)]
pub(crate) struct Document {
    pub(crate) lang: &'static str,
    pub(crate) title: String,
    /// Above the title: what kind of paper this is.
    pub(crate) kind: String,
    /// Label and value, side by side on the cover.
    pub(crate) cover: Vec<(String, String)>,
    pub(crate) summary_title: String,
    pub(crate) summary: Vec<String>,
    pub(crate) sections: Vec<Section>,
    /// At the foot of every page.
    pub(crate) notice: String,
    /// `page` and `of` in the reader's language.
    pub(crate) page: String,
    pub(crate) of: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Section {
    pub(crate) title: String,
    pub(crate) blocks: Vec<Block>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Block {
    Heading { text: String },
    Text { text: String },
    List { items: Vec<String> },
    Table(Table),
    Figure { svg: String, caption: String },
}

#[derive(Debug, Serialize)]
pub(crate) struct Table {
    pub(crate) caption: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// The PDF shows this many rows at most and says so with `more`; the spreadsheet has all.
    pub(crate) most_rows: usize,
    /// The same for columns.
    pub(crate) most_columns: usize,
    pub(crate) more: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Column {
    pub(crate) label: String,
    /// Right-aligned, figures under figures.
    pub(crate) numeric: bool,
}

/// A cell prints `text`; the spreadsheet takes the number behind it.
#[derive(Debug, Serialize)]
pub(crate) struct Cell {
    pub(crate) text: String,
    #[serde(skip)]
    pub(crate) value: Option<f64>,
    /// Ends of the 95 % interval, which take columns of their own in the spreadsheet.
    #[serde(skip)]
    pub(crate) interval: Option<[f64; 2]>,
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), value: None, interval: None }
    }
}

impl Table {
    pub(crate) fn new(caption: String, columns: Vec<Column>) -> Self {
        Self {
            caption,
            columns,
            rows: Vec::new(),
            most_rows: usize::MAX,
            most_columns: usize::MAX,
            more: String::new(),
        }
    }
}

impl Column {
    pub(crate) fn words(label: String) -> Self {
        Self { label, numeric: false }
    }

    pub(crate) fn figures(label: String) -> Self {
        Self { label, numeric: true }
    }
}

impl Document {
    pub(crate) fn new(input: &ReportInput<'_>) -> Result<Self, ReportError> {
        let first = input.results.first().ok_or(ReportError::Empty)?;
        let say = Say::new(input.lang);
        let mut summary = Vec::new();
        let mut sections = Vec::new();
        for result in input.results {
            sections.push(section::of_result(result, &say, &mut summary)?);
        }
        sections.push(section::origin(input.results, &say));
        sections.push(section::limits(input.results, &say));
        if summary.is_empty() {
            summary.push(say.text("summary-none"));
        }
        let title = match input.title {
            Some(title) if !title.trim().is_empty() => title.to_owned(),
            _ => first.input.as_ref().map_or_else(|| say.text("title"), |file| file.name.clone()),
        };
        Ok(Self {
            lang: say.lang(),
            title,
            kind: say.text("title"),
            cover: section::cover(input, &say),
            summary_title: say.text("summary"),
            summary,
            sections,
            notice: say.text("notice"),
            page: say.text("page"),
            of: say.text("of"),
        })
    }

    /// All tables in order, with the title of their section.
    pub(crate) fn tables(&self) -> impl Iterator<Item = (&str, &Table)> {
        self.sections.iter().flat_map(|section| {
            section.blocks.iter().filter_map(|block| match block {
                Block::Table(table) => Some((section.title.as_str(), table)),
                _ => None,
            })
        })
    }
}
