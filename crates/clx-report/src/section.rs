//! Sections of a report: one file per analysis, and the parts that every report has.

mod audio;
mod brainsync;
mod eeg;
mod other;

use clx_analysis::{ResultEnvelope, Theme};
use clx_signal::{Finding, Severity};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::document::{Block, Cell, Column, Section, Table};
use crate::say::Say;
use crate::{ReportError, ReportInput};

/// The section of one result; statements that belong on the cover are added to `summary`.
pub(crate) fn of_result(
    result: &ResultEnvelope,
    say: &Say,
    summary: &mut Vec<String>,
) -> Result<Section, ReportError> {
    match result.analysis.as_str() {
        "eeg.overview" => Ok(eeg::section(result, &parse(result)?, say, summary)),
        "audio.overview" => Ok(audio::section(result, &parse(result)?, say, summary)),
        "brainsync.compose" => Ok(brainsync::section(result, &parse(result)?, say, summary)),
        _ => Ok(other::section(result, say)),
    }
}

fn parse<T: DeserializeOwned>(result: &ResultEnvelope) -> Result<T, ReportError> {
    T::deserialize(&result.output).map_err(|e| ReportError::Output {
        analysis: result.analysis.clone(),
        reason: e.to_string(),
    })
}

pub(crate) fn cover(input: &ReportInput<'_>, say: &Say) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let mut seen = Vec::new();
    for file in input.results.iter().filter_map(|r| r.input.as_ref()) {
        if seen.contains(&&file.sha256) {
            continue;
        }
        seen.push(&file.sha256);
        rows.push((say.text("file"), file.name.clone()));
        rows.push((
            say.text("format"),
            format!("{}, {}", file.format, bytes(file.size_bytes, say)),
        ));
        rows.push((say.text("sha256"), file.sha256.clone()));
    }
    let names: Vec<String> = input.results.iter().map(|r| title(&r.analysis, say)).collect();
    rows.push((say.text("analyses"), names.join(", ")));
    let mut versions: Vec<&str> = input.results.iter().map(|r| r.version.as_str()).collect();
    versions.dedup();
    rows.push((say.text("software"), format!("Clisonix {}", versions.join(", "))));
    let created = input.created_at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    rows.push((say.text("created"), created));
    rows
}

/// What an analysis is called in the reader's language.
fn title(analysis: &str, say: &Say) -> String {
    let known = clx_analysis::find(analysis);
    known.map_or(analysis.to_owned(), |known| clx_analysis::title(say.bundle(), known))
}

/// Message ids have no dots.
fn dashed(analysis: &str) -> String {
    analysis.replace('.', "-")
}

/// Exact number of bytes, in groups of three digits.
fn bytes(size: u64, say: &Say) -> String {
    let digits = size.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    say.with("bytes", &[("size", grouped)])
}

/// Where every figure comes from: inputs, versions and all parameters.
pub(crate) fn origin(results: &[ResultEnvelope], say: &Say) -> Section {
    let columns = ["analysis", "parameter", "value"].map(|id| Column::words(say.text(id)));
    let mut table = Table::new(say.text("parameters-caption"), columns.into());
    for result in results {
        let name = format!("{} ({})", result.analysis, result.version);
        let mut leaves = Vec::new();
        flatten(&result.params, String::new(), &mut leaves);
        if leaves.is_empty() {
            leaves.push(("–".to_owned(), say.text("defaults")));
        }
        for (parameter, value) in leaves {
            table.rows.push(vec![Cell::text(&name), Cell::text(parameter), Cell::text(value)]);
        }
    }
    Section {
        title: say.text("origin"),
        blocks: vec![
            Block::Text { text: say.text("origin-text") },
            Block::Table(table),
            Block::Heading { text: say.text("reproduce") },
            Block::List { items: results.iter().map(|r| reproduction(r, say)).collect() },
        ],
    }
}

/// The command of a result, and what identifies its inputs and settings as a whole.
fn reproduction(result: &ResultEnvelope, say: &Say) -> String {
    format!("{}  ({} {})", result.command(), say.text("provenance"), result.provenance())
}

/// Leaves of a JSON value with their dotted paths.
pub(crate) fn flatten(value: &Value, path: String, leaves: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(field, path, leaves);
            }
        }
        Value::Null => leaves.push((path, "–".to_owned())),
        Value::String(text) => leaves.push((path, text.clone())),
        other => leaves.push((path, other.to_string())),
    }
}

pub(crate) fn limits(results: &[ResultEnvelope], say: &Say) -> Section {
    let mut items = vec![say.text("limits-device"), say.text("limits-input")];
    let has = |id: &str| results.iter().any(|r| r.analysis == id);
    if has("eeg.overview") {
        items.extend(
            ["limits-eeg-norms", "limits-eeg-artefacts", "limits-eeg-interval"]
                .map(|id| say.text(id)),
        );
    }
    if has("audio.overview") {
        items.extend(["limits-audio-tempo", "limits-audio-key"].map(|id| say.text(id)));
    }
    if has("brainsync.compose") {
        items.push(say.text("limits-brainsync"));
    }
    items.push(say.text("limits-language"));
    Section { title: say.text("limits"), blocks: vec![Block::List { items }] }
}

/// The table of what a reader should know of the input, worst first.
pub(crate) fn findings(findings: &[Finding], say: &Say) -> Vec<Block> {
    let heading = Block::Heading { text: say.text("findings") };
    if findings.is_empty() {
        return vec![heading, Block::Text { text: say.text("findings-none") }];
    }
    let columns = ["severity", "where", "finding"].map(|id| Column::words(say.text(id)));
    let mut table = Table::new(say.text("findings-caption"), columns.into());
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    for finding in sorted {
        let severity = match finding.severity {
            Severity::Info => "severity-info",
            Severity::Warning => "severity-warning",
            Severity::Problem => "severity-problem",
        };
        let place = match (&finding.channel, finding.tmin_s) {
            (Some(channel), None) => channel.clone(),
            (Some(channel), Some(at_s)) => format!("{channel}, {} s", say.number(at_s, 1)),
            (None, Some(at_s)) => format!("{} s", say.number(at_s, 1)),
            (None, None) => say.text("whole-file"),
        };
        let cells = [say.text(severity), place, finding.message.clone()];
        table.rows.push(cells.into_iter().map(Cell::text).collect());
    }
    limit_rows(&mut table, 40, say);
    vec![heading, Block::Table(table)]
}

/// Keeps long tables to `most` rows on paper.
pub(crate) fn limit_rows(table: &mut Table, most: usize, say: &Say) {
    let hidden = table.rows.len().saturating_sub(most);
    if hidden > 0 {
        table.most_rows = most;
        add_sentence(&mut table.more, &say.with("more-rows", &[("count", hidden.to_string())]));
    }
}

/// Keeps wide tables to `most` columns on paper.
pub(crate) fn limit_columns(table: &mut Table, most: usize, say: &Say) {
    let hidden = table.columns.len().saturating_sub(most);
    if hidden > 0 {
        table.most_columns = most;
        add_sentence(&mut table.more, &say.with("more-columns", &[("count", hidden.to_string())]));
    }
}

fn add_sentence(text: &mut String, sentence: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(sentence);
}

/// The pictures of the catalogue, each with its caption `report-figure-<analysis>-<name>`.
pub(crate) fn figure(result: &ResultEnvelope, name: &str, say: &Say) -> Option<Block> {
    let analysis = clx_analysis::find(&result.analysis)?;
    let svg = analysis.plot(&result.output, name, Theme::Light, &say.words).ok()??;
    let caption = say.text(&format!("figure-{}-{name}", dashed(&result.analysis)));
    Some(Block::Figure { svg, caption })
}

/// A table of measures: name, value, 95 % interval in the value, unit.
pub(crate) fn measures(caption: &str, rows: Vec<(String, Cell, &str)>, say: &Say) -> Block {
    let columns = vec![
        Column::words(say.text("measure")),
        Column::figures(say.text("value-interval")),
        Column::words(say.text("unit")),
    ];
    let mut table = Table::new(say.text(caption), columns);
    for (name, cell, unit) in rows {
        table.rows.push(vec![Cell::text(name), cell, Cell::text(unit)]);
    }
    Block::Table(table)
}
