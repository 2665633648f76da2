//! What typst may see while it typesets a report: one template, one data file, the figures and the
//! embedded fonts. No disk, no network, no clock.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::ReportError;
use crate::document::{Block, Document};

static LIBRARY: LazyLock<LazyHash<Library>> =
    LazyLock::new(|| LazyHash::new(Library::builder().build()));

static FONTS: LazyLock<(LazyHash<FontBook>, Vec<Font>)> = LazyLock::new(|| {
    let fonts: Vec<Font> =
        clx_render::FONTS.into_iter().flat_map(|font| Font::iter(Bytes::new(font))).collect();
    (LazyHash::new(FontBook::from_fonts(&fonts)), fonts)
});

pub(super) struct Desk {
    template: Source,
    files: HashMap<FileId, Bytes>,
    identifier: String,
}

impl Desk {
    pub(super) fn new(document: &Document) -> Result<Self, ReportError> {
        let mut data =
            serde_json::to_value(document).map_err(|e| ReportError::Layout(e.to_string()))?;
        make_printable(&mut data);
        let mut files = HashMap::new();
        let figures = document.sections.iter().flat_map(|section| &section.blocks);
        let figures = figures.filter_map(|block| match block {
            Block::Figure { svg, .. } => Some(svg),
            _ => None,
        });
        for (i, svg) in figures.enumerate() {
            files.insert(file_id(&format!("figure-{i}.svg"))?, Bytes::from_string(printable(svg)));
        }
        let text = data.to_string();
        let identifier = format!("{:032x}", typst::utils::hash128(&text));
        files.insert(file_id("report.json")?, Bytes::from_string(text));
        let template = include_str!("../../templates/report.typ").to_owned();
        Ok(Self { template: Source::new(file_id("main.typ")?, template), files, identifier })
    }

    pub(super) fn identifier(&self) -> &str {
        &self.identifier
    }
}

fn file_id(name: &str) -> Result<FileId, ReportError> {
    let path = VirtualPath::new(name).map_err(|e| ReportError::Layout(format!("{name}: {e:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// Replaces what the fonts cannot print: PDF/A forbids missing glyphs, and a file name or an
/// annotation in another script must not cost the reader the whole report.
fn printable(text: &str) -> String {
    let covered = |c: char| {
        let private = matches!(c, '\u{e000}'..='\u{f8ff}');
        matches!(c, '\n' | '\t')
            || (!private && FONTS.1.first().is_some_and(|f| f.info().coverage.contains(c as u32)))
    };
    text.chars().map(|c| if covered(c) { c } else { '?' }).collect()
}

fn make_printable(value: &mut Value) {
    match value {
        Value::String(text) => *text = printable(text),
        Value::Array(items) => items.iter_mut().for_each(make_printable),
        Value::Object(fields) => fields.values_mut().for_each(make_printable),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.0
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::NotSource) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = || std::path::PathBuf::from(id.get().vpath().get_without_slash());
        self.files.get(&id).cloned().ok_or_else(|| FileError::NotFound(path()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.1.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
